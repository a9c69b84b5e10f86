"use strict";
/* The other tabs: scenarios side by side, packages under every definition, cost and contributions, what the reports say. */
(function () {
  const { data, state, charts, figures } = Shudian;
  const { say, pick, short, h, fill, number, amount, scaled, range, signed, signedRange, percent, points, withUnit, unit, table } = Shudian.text;
  const market = state.marketTarget();
  const definitions = Object.keys(market.definitions);
  const PRICES = { per_job: { scale: { zh: 1, en: 10 }, places: { zh: 2, en: 1 } }, per_output: {} };
  const RATIOS = Object.keys(PRICES);
  const packages = { key: null, results: new Map(), running: 0, settling: null };
  const parts = { contributions: null, contributionsFor: null };

  /** The live scenario and all that is compared with it: rows are quantities, columns are scenarios. */
  function compareTable(context) {
    const { result } = context;
    const columns = [[say("page_live"), result], ...charts.beside(context).map((entry) => [entry.mark ? say("page_pinned", { letter: entry.mark }) : entry.title, entry.result])];
    const { compared } = context, column = (what) => say("page_column_change", { what });
    const paired = [result.change && [column(state.against(compared)), "change"], compared && compared.reference && [column(state.briefly(compared.reference.title)), "additional"]].filter(Boolean);
    const pinned = Shudian.difference.pinned(context);
    const head = [say("page_quantity"), ...columns.map(([title]) => title), ...paired.map(([title]) => title), ...pinned.map(({ title }) => title)];
    const chances = data.targets.flatMap((target) => Object.keys(target.definitions).map((definition) => [
      pick(target.label) + (target.id === data.market ? say("page_colon") + short(data.definitions[definition]) : ""),
      ...columns.map(([, entry]) => percent(entry.probability[target.id][definition].value, entry.worth)),
      ...paired.map(([, key]) => {
        const found = key === "change" ? result.change.probability[target.id][definition] : target.id === data.market && result.probability_gain ? result.probability_gain[definition] : null;
        return found ? say("page_points", { points: points(found, result.worth) }) : "—";
      }),
      ...pinned.map(({ probability }) => say("page_points", { points: points(probability[target.id][definition], result.worth) }))]));
    const amounts = data.measures.map((entry) => [
      inUnit(entry),
      ...columns.map(([, found]) => bandCell(entry, found.measures[entry.name])),
      ...paired.map(([, key]) => differenceCell(entry, (result[key].measures || result[key])[entry.name])),
      ...pinned.map(({ measures, ahead }) => [differenceCell(entry, measures[entry.name]), h("small", {}, ahead(entry.name))])]);
    const ratios = RATIOS.map((key) => [
      say("page_cost_" + key, { year: figures.YEAR }), ...columns.map(([, found]) => ratioCell(key, found)), ...[...paired, ...pinned].map(() => "—")]);
    return { head, rows: [...chances, ...amounts, ...ratios] };
  }

  const inUnit = (entry) => say("page_in_unit", { what: pick(entry.label), unit: unit(entry) });
  const bandCell = (entry, band) => [amount(entry, band.median), h("small", {}, range(band.low, band.high, entry))];
  const differenceCell = (entry, band) => (band ? [signed(band.median, entry), h("small", {}, signedRange(band.low, band.high, entry))] : "—");

  function ratioCell(key, result) {
    const ratio = result["cost_" + key];
    if (!ratio || ratio.saving || ratio.positive_share === 0) return "—";
    if (ratio.median === null) return say("page_no_gain");
    return [amount(PRICES[key], ratio.median), h("small", {}, range(ratio.low, ratio.high, PRICES[key]))];
  }

  function compare(root, context) {
    const found = compareTable(context);
    fill(root,
      h("section", { class: "card wide" },
        h("div", { class: "card-head" }, h("h3", {}, say("page_compare_title")), h("div", { class: "tools" },
          h("button", { type: "button", class: "mini", on: { click: () => Shudian.csv.save("shudian-compare.csv", Shudian.csv.compare) } }, say("page_tool_csv")))),
        h("p", { class: "chart-warning" }, figures.mark(context)),
        h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("page_compare_title") }, table(null, found.head, found.rows, "numbers compare")),
        h("p", { class: "hint" }, say("page_compare_note"))),
      h("section", { class: "card wide" }, h("h3", {}, say("page_packages_title", { target: pick(market.label) })), h("div", { id: "packages" })));
    showPackages();
    runPackages(context).then(() => settlePackages(context));
  }

  /** Every shipped package in the same world, one after the other, so that a slider in motion goes first. */
  async function runPackages(context) {
    const world = { shocks: state.history.now.shocks, assumptions: state.history.now.assumptions, fixed: state.history.now.fixed, priors: state.history.now.priors };
    const key = JSON.stringify(world);
    if (packages.key === key) return;
    packages.key = key;
    packages.results = new Map();
    const number_ = ++packages.running;
    const asked = state.scenarioOf(Object.assign(state.fresh(data.asked), world));
    for (const preset of data.presets.filter((entry) => entry.kind === "package")) {
      const scenario = state.scenarioOf(Object.assign(state.fresh(preset.name), world));
      const result = await context.engine.run("package", scenario, beside(preset.name, asked));
      if (number_ !== packages.running) return;
      if (result) packages.results.set(preset.name, result);
      showPackages();
    }
  }

  /** Packages side by side are all measured by no policy, as `shudian run` measures them, and differ from the one asked about. */
  const beside = (name, asked) => ({ reference: data.reference, against: name === data.asked ? null : asked });

  /** The packages again in all possible worlds, once the live scenario is; given up when something is changed. */
  async function settlePackages(context) {
    const { key, running } = packages;
    if (packages.settling === key || !context.result.settled) return;
    packages.settling = key;
    const world = JSON.parse(key);
    const asked = state.scenarioOf(Object.assign(state.fresh(data.asked), world));
    for (const [name, before] of packages.results) {
      if (before.settled) continue;
      const scenario = state.scenarioOf(Object.assign(state.fresh(name), world));
      const found = await context.engine.settle(scenario, beside(name, asked));
      if (!found || running !== packages.running) break;
      packages.results.set(name, found);
      showPackages();
    }
    packages.settling = null;
  }

  function showPackages() {
    const root = document.getElementById("packages");
    if (!root) return;
    const all = data.presets.filter((preset) => preset.kind === "package");
    const rows = all.filter((preset) => packages.results.has(preset.name));
    const chosen = state.view.definition;
    const chance = (preset, definition) => packages.results.get(preset.name).probability[market.id][definition];
    const rank = (definition) => {
      const ordered = rows.slice().sort((one, other) => chance(other, definition).value - chance(one, definition).value);
      return new Map(ordered.map((preset) => [preset.name, 1 + ordered.findIndex((entry) => chance(entry, definition).value === chance(preset, definition).value)]));
    };
    const ranks = new Map(definitions.map((definition) => [definition, rank(definition)]));
    rows.sort((one, other) => ranks.get(chosen).get(one.name) - ranks.get(chosen).get(other.name));
    const paired = rows.some((preset) => packages.results.get(preset.name).change);
    const complete = rows.length === all.length;
    const cell = (preset, definition) => {
      const found = packages.results.get(preset.name);
      const flipped = Shudian.verdict.side(chance(preset, definition).value) !== Shudian.verdict.side(chance(preset, chosen).value);
      return [h("span", { class: flipped ? "flipped-cell" : "", title: flipped ? say("page_flip") : null }, percent(chance(preset, definition).value, found.worth), flipped ? " ≠" : "")];
    };
    const against = (preset) => {
      const change = packages.results.get(preset.name).change;
      if (!change) return preset.name === data.asked ? say("page_is_reference") : "—";
      return say("page_points", { points: points(change.probability[market.id][chosen], packages.results.get(preset.name).worth) });
    };
    const of = (preset, name) => bandCell(figures.measure(name), packages.results.get(preset.name).measures[name]);
    fill(root,
      h("p", { class: "finding" }, complete ? rankFinding(rows, chance, chosen, ranks) : say("page_packages_running", { done: rows.length, all: all.length })),
      h("div", { class: "scroll" }, table(null,
        [say("page_package"), ...definitions.map((definition) => short(data.definitions[definition]) + (definition === chosen ? say("page_chosen") : "")), ...(paired ? [say("page_against_asked", { package: pick(state.presets.get(data.asked).title) })] : []), ...["jobs", "firms", "cost"].map((name) => inUnit(figures.measure(name))), say("page_cost_per_job", { year: figures.YEAR })],
        rows.map((preset) => ({ properties: preset.name === state.history.now.base ? { class: "chosen" } : {}, cells: [
          h("button", { type: "button", class: "link", on: { click: () => Shudian.main.change(Object.assign({}, state.history.now, { base: preset.name, levers: {} }), true) } }, pick(preset.title)),
          ...definitions.map((definition) => cell(preset, definition)), ...(paired ? [against(preset)] : []), of(preset, "jobs"), of(preset, "firms"), of(preset, "cost"),
          preset.name === data.reference ? "—" : ratioCell("per_job", packages.results.get(preset.name))] })), "numbers compare")),
      h("p", { class: "hint" }, say("page_packages_note")));
  }

  /** Which package leads under each definition, and whether the draws can tell it from the package asked for. */
  function rankFinding(rows, chance, chosen, ranks) {
    const leader = (definition) => rows.find((preset) => ranks.get(definition).get(preset.name) === 1);
    // two packages' draws are the same, so that two errors of one probability are more than the difference needs
    const ahead = (one, other, definition) => chance(one, definition).value - chance(other, definition).value
      > 2 * Math.max(chance(one, definition).error, 3 / packages.results.get(one.name).worth);
    const flips = definitions.some((one) => definitions.some((other) =>
      ahead(leader(one), leader(other), one) && ahead(leader(other), leader(one), other)));
    const tell = rows.some((preset) => {
      const change = packages.results.get(preset.name).change;
      const found = change && change.probability[market.id][chosen];
      return found && preset.name !== data.reference && Math.abs(found.value) >= Math.max(2 * found.error, 3 / packages.results.get(preset.name).worth);
    });
    const first = say(flips ? "page_ranking_flips" : "page_ranking_stays");
    return first + say(tell ? "page_ranking_told" : "page_ranking_untold");
  }

  /** What a job costs, and what each lever contributes. */
  const contribution = {
    id: "contributions", wide: true,
    title: () => say("page_contributions_title", { what: contributionLabel() }),
    numbers: () => {
      const total = parts.contributions && parts.contributions.total;
      const sum = total && (total[measureKey()] !== undefined ? total[measureKey()] : null);
      return sum === null || sum === undefined ? [] : [say("page_contributions_total", { reference: pick(Shudian.reference.of(Shudian.main.now()).title), total: contributionText(typeof sum === "number" ? sum : sum.mean) })];
    },
    waits: () => !parts.contributions,
    height: () => 70 + 30 * Math.max(1, contributionRows().length),
    option: () => charts.rows(contributionRows(), isChance() ? say("page_unit_points") : unit(figures.measure(measureKey())), { bars: true, left: 210 }),
    note: () => (parts.contributions ? say("page_contributions_note") + Shudian.verdict.told(parts.draws) : say("page_working")),
    table: () => ({ head: [say("page_lever"), say("page_contribution"), say("page_error")], rows: contributionRows().map((row) => [row.label, row.text, "± " + number((row.high - row.low) / 2)]) }),
    csv: () => Shudian.csv.listed("lever", "page_lever", [
      Shudian.csv.named("contribution", "page_contribution", null, isChance() ? { unit_display: "1" } : figures.measure(measureKey())),
      Shudian.csv.named("standard_error", "page_standard_error", null, isChance() ? { unit_display: "1" } : figures.measure(measureKey()))],
    Object.entries((parts.contributions || { levers: {} }).levers).map(([group, values]) => [group, ...Object.values(leverTitle(group)), values[measureKey()].mean, values[measureKey()].error])),
    mark: (context) => figures.mark(context) || say("page_mark_prior"),
  };

  const measureKey = () => (state.view.measure === "chance" ? state.view.definition : state.view.measure);
  const isChance = () => state.view.measure === "chance";
  const contributionLabel = () => (isChance() ? say("page_chance_under", { target: pick(market.label), definition: short(data.definitions[state.view.definition]) }) : pick(figures.measure(state.view.measure).label));
  const contributionText = (value) => (isChance() ? say("page_points", { points: signed(value * 100) }) : withUnit(signed(value, figures.measure(measureKey())), unit(figures.measure(measureKey()))));

  function leverTitle(group) {
    const grouped = data.lever_groups.some(([first]) => first === group);
    return grouped ? data.strings["page_group_" + group] : state.parameters.get(group).label;
  }

  function contributionRows() {
    const found = parts.contributions;
    if (!found) return [];
    const scale = isChance() ? 100 : scaled(figures.measure(measureKey()), 1);
    const places = isChance() ? {} : { places: figures.measure(measureKey()).places };
    return Object.entries(found.levers).map(([group, values]) => {
      const entry = values[measureKey()];
      if (!entry) return null;
      const mean = entry.mean * scale;
      return { label: pick(leverTitle(group)), median: mean, low: mean - 2 * entry.error * scale, high: mean + 2 * entry.error * scale, text: signed(mean, places) };
    }).filter((row) => row && (row.median !== 0 || row.high !== row.low)).sort((one, other) => Math.abs(other.median) - Math.abs(one.median));
  }

  const contributionCard = { card: null, price: null, language: "" };

  function cost(root, context) {
    const { result } = context;
    const ratios = RATIOS.map((key) => {
      const ratio = result["cost_" + key];
      return h("section", { class: "card" },
        h("h3", {}, say("page_cost_" + key, { year: figures.YEAR })),
        !context.compared ? h("p", {}, say("page_no_cost", { reference: pick(context.scenario.title) })) : [
          h("p", { class: "finding" }, h("strong", {}, ratio.median === null ? say("page_no_gain") : withUnit(amount(PRICES[key], ratio.median), say("page_unit_cost_" + key))), h("span", {}, say("page_interval", { range: range(ratio.low, ratio.high, PRICES[key]) }))),
          h("p", { class: "chart-warning" }, ratio.positive_share < 0.95 ? say("page_positive_share", { share: percent(ratio.positive_share, result.worth) }) : ""),
        ],
        h("p", { class: "hint" }, say("page_cost_" + key + "_note", { year: figures.YEAR, reference: pick(Shudian.reference.of(context.scenario).title) })));
    });
    const choices = [["chance", say("page_chance_of_target", { target: pick(market.label) })], ...["jobs", "firms", "output", "cost"].map((name) => [name, pick(figures.measure(name).label)])];
    const holder = h("div", { class: "contribution" });
    fill(root, h("div", { class: "grid" }, ratios),
      h("p", { class: "controls" }, h("label", {}, say("page_contribution_to"), h("select", { id: "contribution-measure", value: state.view.measure, on: { change: (event) => {
        state.view.measure = event.target.value;
        Shudian.chartCards.update(Shudian.main.context());
      } } }, choices.map(([value, label]) => h("option", { value, selected: value === state.view.measure }, label))))), holder);
    if (!contributionCard.card || contributionCard.language !== Shudian.text.settings.language) {
      contributionCard.card = Shudian.chartCards.card(contribution);
      contributionCard.price = Shudian.chartCards.card(Shudian.price.figure);
      contributionCard.language = Shudian.text.settings.language;
    }
    fill(holder, contributionCard.card, contributionCard.price);
    runContributions(context);
  }

  async function runContributions(context) {
    const key = Shudian.scenario.keyOf(context.scenario);
    if (parts.contributionsFor === key || !context.engine.contributions) return;
    parts.contributionsFor = key;
    // the few draws at once, all of them when the workers come to it
    for (const draws of Shudian.verdict.turns) {
      const found = await context.engine.contributions(context.scenario, draws);
      if (!found || parts.contributionsFor !== key) {
        if (!found && parts.contributionsFor === key) parts.contributionsFor = null;
        return;
      }
      Object.assign(parts, { contributions: found, draws });
      Shudian.chartCards.update(Shudian.main.context());
    }
  }

  /** The reports, the parameters and the targets, each with its card. */
  function evidence(root) {
    const learned = data.parameters.filter((entry) => entry.posterior);
    const importance = (entry) => (entry.importance ? Math.max(...Object.values(entry.importance)) : 0);
    learned.sort((one, other) => importance(other) - importance(one));
    const three = (q) => (q ? [number(q.q50), h("small", {}, range(q.q05, q.q95))] : "—");
    const scaled = (q, factor) => q && { q05: q.q05 * factor, q50: q.q50 * factor, q95: q.q95 * factor };
    fill(root,
      h("section", { class: "card wide" }, h("h3", {}, say("page_reports_title", { count: new Set(data.reported.map((entry) => entry.figure)).size })), h("p", { class: "hint" }, say("page_reports_note")),
        h("div", { class: "scroll tall" }, table(null, ["page_reported_what", "page_period", "page_reported_value", "page_printed", "page_model", "page_source"].map((key) => say(key)), data.reported.map((entry) => [
          pick(entry.label), figures.period(entry), withUnit(Number.isFinite(entry.high) ? range(entry.low, entry.high, entry) : "≥ " + amount(entry, entry.low), unit(entry)), "“" + entry.phrase + "”",
          entry.model ? [amount(entry, entry.model.median), h("small", {}, range(entry.model.low, entry.model.high, entry))] : "—",
          h("button", { type: "button", class: "link", on: { click: () => Shudian.cards.report(entry) } }, charts.sourceName(entry.source))]), "numbers words"))),
      h("section", { class: "card wide" }, h("h3", {}, say("page_parameters_title", { count: learned.length })), h("p", { class: "hint" }, say("page_parameters_note")),
        h("div", { class: "scroll tall" }, table(null, ["page_parameter", "page_unit", "page_prior", "page_posterior", "page_learned", "page_importance"].map((key) => say(key)), learned.map((entry) => [
          h("button", { type: "button", class: "link", on: { click: () => Shudian.cards.parameter(entry) } }, pick(entry.label)), unit(entry) || "—", three(scaled(entry.prior, Shudian.text.factor(entry))), three(scaled(entry.posterior, Shudian.text.factor(entry))), entry.learned === null ? "—" : Math.round(100 * entry.learned) + "%",
          entry.importance ? number(importance(entry)) : "—"]), "numbers words"))));
  }

  Shudian.panels = { compare, cost, evidence, leverTitle, contributions: () => parts.contributions };
})();
