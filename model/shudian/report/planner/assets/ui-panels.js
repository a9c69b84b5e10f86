"use strict";
/* The other tabs: scenarios side by side, packages under every definition, cost and contributions, what the reports say. */
(function () {
  const { data, state, charts, figures } = Shudian;
  const { say, pick, short, h, fill, number, range, signed, signedRange, percent, points, withUnit, unit, table } = Shudian.text;
  const market = state.marketTarget();
  const definitions = Object.keys(market.definitions);
  const RATIOS = ["per_job", "per_output"];
  const packages = { key: null, results: new Map(), running: 0 };
  const parts = { contributions: null, contributionsFor: null };

  /** The live scenario and all that is compared with it: rows are quantities, columns are scenarios. */
  function compareTable(context) {
    const { result } = context;
    const columns = [[say("page_live"), result], ...charts.beside(context).map((entry) => [entry.mark ? say("page_pinned", { letter: entry.mark }) : entry.title, entry.result])];
    const paired = [result.change && [say("page_column_change", { what: say(context.compared.what) }), "change"], state.history.now.base !== data.reference && [say("page_column_additional"), "additional"]].filter(Boolean);
    const head = [say("page_quantity"), ...columns.map(([title]) => title), ...paired.map(([title]) => title)];
    const chances = data.targets.flatMap((target) => Object.keys(target.definitions).map((definition) => [
      pick(target.label) + (target.id === data.market ? say("page_colon") + short(data.definitions[definition]) : ""),
      ...columns.map(([, entry]) => percent(entry.probability[target.id][definition].value, entry.draws)),
      ...paired.map(([, key]) => {
        const found = key === "change" ? result.change.probability[target.id][definition] : target.id === data.market && result.probability_gain ? result.probability_gain[definition] : null;
        return found ? say("page_points", { points: points(found, result.draws) }) : "—";
      })]));
    const amounts = data.measures.map((entry) => [
      withUnit(pick(entry.label), unit(entry) && "(" + unit(entry) + ")"),
      ...columns.map(([, found]) => bandCell(found.measures[entry.name], number, range)),
      ...paired.map(([, key]) => bandCell((result[key].measures || result[key])[entry.name], signed, signedRange))]);
    const ratios = RATIOS.map((key) => [
      say("page_cost_" + key), ...columns.map(([, found]) => ratioCell(found["cost_" + key])), ...paired.map(() => "—")]);
    return { head, rows: [...chances, ...amounts, ...ratios] };
  }

  function bandCell(band, one, both) {
    if (!band) return "—";
    return [one(band.median), h("small", {}, both(band.low, band.high))];
  }

  function ratioCell(ratio) {
    if (!ratio || ratio.saving || ratio.positive_share === 0) return "—";
    if (ratio.median === null) return say("page_no_gain");
    return [number(ratio.median), h("small", {}, range(ratio.low, ratio.high))];
  }

  function compare(root, context) {
    const found = compareTable(context);
    fill(root,
      h("section", { class: "card wide" },
        h("div", { class: "card-head" }, h("h3", {}, say("page_compare_title")), h("div", { class: "tools" },
          h("button", { type: "button", class: "mini", on: { click: () => Shudian.share.saveCsv("shudian-compare.csv", found.head, found.rows.map((row) => row.map(flat))) } }, say("page_tool_csv")))),
        h("p", { class: "chart-warning" }, figures.mark(context)),
        h("div", { class: "scroll" }, table(null, found.head, found.rows, "numbers compare")),
        h("p", { class: "hint" }, say("page_compare_note"))),
      h("section", { class: "card wide" }, h("h3", {}, say("page_packages_title")), h("div", { id: "packages" })));
    showPackages(context);
    runPackages(context);
  }

  const flat = (cell) => (typeof cell === "string" ? cell : cell.map((part) => (part instanceof Node ? " (" + part.textContent + ")" : part)).join(""));

  /** Every shipped package in the same world, one after the other, so that a slider in motion goes first. */
  async function runPackages(context) {
    const world = { shocks: state.history.now.shocks, assumptions: state.history.now.assumptions, fixed: state.history.now.fixed };
    const key = JSON.stringify(world);
    if (packages.key === key) return;
    packages.key = key;
    packages.results = new Map();
    const number_ = ++packages.running;
    const asked = state.scenarioOf(Object.assign(state.fresh(data.asked), world));
    for (const preset of data.presets.filter((entry) => entry.kind === "package")) {
      const scenario = state.scenarioOf(Object.assign(state.fresh(preset.name), world));
      const result = await context.engine.run("package", scenario, preset.name === data.asked ? {} : { against: asked });
      if (number_ !== packages.running) return;
      if (result) packages.results.set(preset.name, result);
      showPackages(context);
    }
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
      return [h("span", { class: flipped ? "flipped-cell" : "", title: flipped ? say("page_flip") : null }, percent(chance(preset, definition).value, found.draws), flipped ? " ≠" : "")];
    };
    const against = (preset) => {
      const change = packages.results.get(preset.name).change;
      if (!change) return preset.name === data.asked ? say("page_is_reference") : "—";
      return say("page_points", { points: points(change.probability[market.id][chosen], packages.results.get(preset.name).draws) });
    };
    const of = (preset, name) => bandCell(packages.results.get(preset.name).measures[name], number, range);
    fill(root,
      h("p", { class: "finding" }, complete ? rankFinding(rows, chance, chosen, ranks) : say("page_packages_running", { done: rows.length, all: all.length })),
      h("div", { class: "scroll" }, table(null,
        [say("page_package"), ...definitions.map((definition) => short(data.definitions[definition]) + (definition === chosen ? say("page_chosen") : "")), ...(paired ? [say("page_against_asked", { package: pick(state.presets.get(data.asked).title) })] : []), ...["jobs", "firms", "cost"].map((name) => withUnit(pick(figures.measure(name).label), "(" + unit(figures.measure(name)) + ")")), say("page_cost_per_job")],
        rows.map((preset) => ({ properties: preset.name === state.history.now.base ? { class: "chosen" } : {}, cells: [
          h("button", { type: "button", class: "link", on: { click: () => Shudian.main.change(Object.assign({}, state.history.now, { base: preset.name, levers: {} }), true) } }, pick(preset.title)),
          ...definitions.map((definition) => cell(preset, definition)), ...(paired ? [against(preset)] : []), of(preset, "jobs"), of(preset, "firms"), of(preset, "cost"),
          preset.name === data.reference ? "—" : ratioCell(packages.results.get(preset.name).cost_per_job)] })), "numbers compare")),
      h("p", { class: "hint" }, say("page_packages_note")));
  }

  /** Which package leads under each definition, and whether the draws can tell it from the package asked for. */
  function rankFinding(rows, chance, chosen, ranks) {
    const leader = (definition) => rows.find((preset) => ranks.get(definition).get(preset.name) === 1);
    // two packages' draws are the same, so that two errors of one probability are more than the difference needs
    const ahead = (one, other, definition) => chance(one, definition).value - chance(other, definition).value
      > 2 * Math.max(chance(one, definition).error, 3 / packages.results.get(one.name).draws);
    const flips = definitions.some((one) => definitions.some((other) =>
      ahead(leader(one), leader(other), one) && ahead(leader(other), leader(one), other)));
    const tell = rows.some((preset) => {
      const change = packages.results.get(preset.name).change;
      const found = change && change.probability[market.id][chosen];
      return found && preset.name !== data.reference && Math.abs(found.value) >= Math.max(2 * found.error, 3 / packages.results.get(preset.name).draws);
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
      return sum === null || sum === undefined ? [] : [say("page_contributions_total", { total: contributionText(typeof sum === "number" ? sum : sum.mean) })];
    },
    height: () => 70 + 30 * Math.max(1, contributionRows().length),
    option: () => charts.rows(contributionRows(), isChance() ? say("page_unit_points") : unit(figures.measure(measureKey())), { bars: true, left: 210 }),
    note: () => say(parts.contributions ? "page_contributions_note" : "page_working"),
    table: () => ({ head: [say("page_lever"), say("page_contribution"), say("page_error")], rows: contributionRows().map((row) => [row.label, row.text, "± " + number((row.high - row.low) / 2)]) }),
    mark: (context) => figures.mark(context) || say("page_mark_prior"),
  };

  const measureKey = () => (state.view.measure === "chance" ? state.view.definition : state.view.measure);
  const isChance = () => state.view.measure === "chance";
  const contributionLabel = () => (isChance() ? say("page_chance_under", { definition: short(data.definitions[state.view.definition]) }) : pick(figures.measure(state.view.measure).label));
  const contributionText = (value) => (isChance() ? say("page_points", { points: signed(value * 100) }) : withUnit(signed(value), unit(figures.measure(measureKey()))));

  function contributionRows() {
    const found = parts.contributions;
    if (!found) return [];
    const scale = isChance() ? 100 : 1;
    return Object.entries(found.levers).map(([group, values]) => {
      const entry = values[measureKey()];
      if (!entry) return null;
      const lever = state.parameters.get(group);
      const mean = entry.mean * scale;
      return { label: lever ? pick(lever.label) : say("page_group_" + group), median: mean, low: mean - 2 * entry.error * scale, high: mean + 2 * entry.error * scale, text: signed(mean) };
    }).filter((row) => row && (row.median !== 0 || row.high !== row.low)).sort((one, other) => Math.abs(other.median) - Math.abs(one.median));
  }

  function cost(root, context) {
    const { result } = context;
    const ratios = RATIOS.map((key) => {
      const ratio = result["cost_" + key];
      return h("section", { class: "card" },
        h("h3", {}, say("page_cost_" + key)),
        state.history.now.base === data.reference ? h("p", {}, say("page_no_cost")) : [
          h("p", { class: "finding" }, h("strong", {}, ratio.median === null ? say("page_no_gain") : withUnit(number(ratio.median), say("page_unit_cost_" + key))), h("span", {}, say("page_interval", { range: range(ratio.low, ratio.high) }))),
          h("p", { class: "chart-warning" }, ratio.positive_share < 0.95 ? say("page_positive_share", { share: percent(ratio.positive_share, result.draws) }) : ""),
        ],
        h("p", { class: "hint" }, say("page_cost_" + key + "_note")));
    });
    const choices = [["chance", say("page_chance_of_target")], ...["jobs", "firms", "output", "cost"].map((name) => [name, pick(figures.measure(name).label)])];
    const holder = h("div", { class: "contribution" });
    fill(root, h("div", { class: "grid" }, ratios),
      h("p", { class: "controls" }, h("label", {}, say("page_contribution_to"), h("select", { id: "contribution-measure", value: state.view.measure, on: { change: (event) => {
        state.view.measure = event.target.value;
        Shudian.chartCards.update(Shudian.main.context());
      } } }, choices.map(([value, label]) => h("option", { value, selected: value === state.view.measure }, label))))), holder);
    if (!cost.card || cost.language !== Shudian.text.settings.language) {
      cost.card = Shudian.chartCards.card(contribution);
      cost.language = Shudian.text.settings.language;
    }
    fill(holder, cost.card);
    runContributions(context);
  }

  async function runContributions(context) {
    const key = JSON.stringify([context.scenario.levers, context.scenario.assumptions, context.scenario.fixed]);
    if (parts.contributionsFor === key || !context.engine.contributions) return;
    parts.contributionsFor = key;
    const found = await context.engine.contributions(context.scenario);
    if (!found || parts.contributionsFor !== key) {
      if (!found && parts.contributionsFor === key) parts.contributionsFor = null;
      return;
    }
    parts.contributions = found;
    Shudian.chartCards.update(Shudian.main.context());
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
          pick(entry.label), figures.period(entry), withUnit(Number.isFinite(entry.high) ? range(entry.low, entry.high) : "≥ " + number(entry.low), entry.unit === "1" ? "" : entry.unit), "“" + entry.phrase + "”",
          entry.model ? [number(entry.model.median), h("small", {}, range(entry.model.low, entry.model.high))] : "—",
          h("button", { type: "button", class: "link", on: { click: () => Shudian.cards.report(entry) } }, charts.sourceName(entry.source))]), "numbers words"))),
      h("section", { class: "card wide" }, h("h3", {}, say("page_parameters_title", { count: learned.length })), h("p", { class: "hint" }, say("page_parameters_note")),
        h("div", { class: "scroll tall" }, table(null, ["page_parameter", "page_unit", "page_prior", "page_posterior", "page_learned", "page_importance"].map((key) => say(key)), learned.map((entry) => [
          h("button", { type: "button", class: "link", on: { click: () => Shudian.cards.parameter(entry) } }, pick(entry.label)), unit(entry) || "—", three(scaled(entry.prior, entry.factor)), three(scaled(entry.posterior, entry.factor)), entry.learned === null ? "—" : Math.round(100 * entry.learned) + "%",
          entry.importance ? number(importance(entry)) : "—"]), "numbers words"))));
  }

  Shudian.panels = { compare, cost, evidence };
})();
