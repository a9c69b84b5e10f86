"use strict";
/* What the planner has chosen: a package, what was changed in it, shocks. Each change is a new object, so that undo is a list. */
(function () {
  const { data, text } = Shudian;
  const FIRST_CHOICE = data.now; // as `shudian run --set`: a choice without a date holds from now on
  const MOST_PINS = 4;
  const MOST_STEPS = 200;
  const MOST_TITLE = 280; // a link holds titles of up to 300 letters
  // Shares of a cost or of all titles are read as per cent; the engine's own entries stay as they are.
  const asShown = (entry) => (entry.unit_display === "1" && /_(rate|share)$/.test(entry.name)
    ? Object.assign({}, entry, { factor: entry.factor * 100, factor_en: entry.factor_en * 100, unit_label: { zh: "%", en: "%" } }) : entry);
  const levers = data.levers.map(asShown);
  const assumptions = data.assumptions.map(asShown);
  const parameters = new Map([...levers, ...assumptions].map((entry) => [entry.name, entry]));
  const kinds = new Map([...levers.map((e) => [e.name, "levers"]), ...assumptions.map((e) => [e.name, "assumptions"])]);
  const presets = new Map(data.presets.map((preset) => [preset.name, preset]));

  const fresh = (base) => ({ base, shocks: [], levers: {}, assumptions: {}, fixed: {}, priors: {} });
  const history = { past: [], now: fresh(data.asked), future: [] };
  const view = {
    definition: Object.keys(marketTarget().definitions)[0], tab: "paths", logarithmic: false,
    sector: null, tables: {}, pins: [], measure: "jobs", against: "level", graphs: [],
  };

  function marketTarget() {
    return data.targets.find((target) => target.id === data.market);
  }

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  /** Replace the present choice; with `settled`, the one before can be had back by undo. */
  function choose(next, settled) {
    if (settled && !same(next, history.settled || history.now)) {
      history.past.push(history.settled || history.now);
      history.past.splice(0, history.past.length - MOST_STEPS);
      history.future = [];
    }
    if (!settled && !history.settled) history.settled = history.now;
    if (settled) history.settled = null;
    history.now = next;
  }

  function undo() {
    if (!history.past.length) return false;
    history.future.push(history.now);
    history.now = history.past.pop();
    history.settled = null;
    return true;
  }

  function redo() {
    if (!history.future.length) return false;
    history.past.push(history.now);
    history.now = history.future.pop();
    history.settled = null;
    return true;
  }

  /** What was chosen before the last change; null if there was none. */
  const previous = () => history.settled || history.past[history.past.length - 1] || null;

  /** The scenario that a choice stands for: the package, the shocks, and from their first dates on what was changed. */
  function scenarioOf(choice) {
    let scenario = Shudian.scenario.fromPreset(choice.base);
    for (const shock of choice.shocks) scenario = Shudian.scenario.withShock(scenario, shock);
    for (const kind of ["levers", "assumptions"])
      for (const [name, segments] of Object.entries(choice[kind]))
        scenario = Shudian.scenario.withLever(scenario, name, segments);
    const changed = changes(choice).length > 0;
    const title = text.inBoth(() => titleOf(choice));
    return Object.assign({}, scenario, {
      name: changed ? choice.base + "_set" : choice.base, base: choice.base, title,
      fixed: Object.assign({}, scenario.fixed, choice.fixed), priors: choice.priors,
    });
  }

  /** What everything called additional is measured against. */
  const referenceOf = (choice) => Shudian.reference.of(scenarioOf(choice));
  /** The package as it was, in the same world. */
  const asItWas = (choice) => scenarioOf(Object.assign({}, choice, { levers: {} }));

  /** That with which a choice is compared draw by draw, as `shudian run` does: its package as it was or, if nothing was
      changed in it, its reference; null where it is that itself. `reference` tells the reference that is another one still. */
  function comparedWith(choice) {
    const scenario = scenarioOf(choice), reference = Shudian.reference.of(scenario);
    const changed = Object.keys(choice.levers).length > 0, other = changed ? asItWas(choice) : reference;
    if (!changed && Shudian.reference.alike(scenario, reference)) return null;
    return { scenario: other, changed, reference: changed && !Shudian.reference.alike(other, reference) && !Shudian.reference.alike(scenario, reference) ? reference : null };
  }

  /** What a choice is compared with, in few words. */
  const briefly = (title) => text.pick(title).split(/（| \(/)[0];
  const against = (compared) => (compared.changed ? text.say("page_against_package") : briefly(compared.scenario.title));

  function titleOf(choice) {
    const parts = changes(choice);
    const named = text.pick(presets.get(choice.base).title);
    let title = parts.length ? text.say("page_changed_title", { base: named, changes: parts.join(text.say("page_list_comma")) }) : named;
    if (choice.named && choice.namedFor === contentOf(choice)) title = text.pick(choice.named);
    return title.length > MOST_TITLE ? title.slice(0, MOST_TITLE - 1) + "…" : title;
  }

  const contentOf = (choice) => JSON.stringify([choice.base, choice.shocks, choice.levers, choice.assumptions, choice.fixed, choice.priors]);

  /** What was changed, each in a few words. */
  function changes(choice) {
    const found = choice.shocks.map((name) => text.pick(presets.get(name).title));
    for (const kind of ["levers", "assumptions"])
      for (const [name, segments] of Object.entries(choice[kind])) {
        const lever = parameters.get(name);
        const last = segments[segments.length - 1];
        found.push(text.say(segments.length > 1 ? "page_change_steps" : "page_change", {
          lever: text.pick(lever.label), value: text.leverValue(lever, last.value), from: text.monthOf(segments[0].start),
        }));
      }
    return [...found, ...Object.entries(choice.fixed).map(([name, value]) => fixedText(name, value)), ...Object.entries(choice.priors).map(([name, prior]) => text.say("page_prior_own", { prior: priorText(name, prior) }))];
  }

  const parameterOf = (name) => data.parameters.find((entry) => entry.name === name);
  /** A parameter's value as a planner writes it, to six digits. */
  const amountOf = (name, value) => {
    const parameter = parameterOf(name);
    return text.withUnit(String(Number((value * text.factor(parameter)).toPrecision(6))), text.unit(parameter));
  };

  const valueText = (name, value) => text.say("belief_value", { label: text.pick(parameterOf(name).label), value: amountOf(name, value) });
  const fixedText = (name, value) => text.say(data.meta.calibrated ? "page_fixed" : "page_fixed_set", { value: valueText(name, value) });

  function priorText(name, { distribution, arguments: { nil_probability: nil, mean, sd } }) {
    return text.say("page_prior_" + distribution, {
      parameter: text.pick(parameterOf(name).label), mean: amountOf(name, mean), sd: amountOf(name, sd), nil: text.percent(nil, Infinity),
    });
  }

  /** The choice that a complete scenario (from a file or a link) stands for: what differs from its base. */
  function choiceOf(scenario) {
    const choice = fresh(presets.has(scenario.base) ? scenario.base : data.asked);
    let base = Shudian.scenario.fromPreset(choice.base);
    choice.shocks = (scenario.shocks || []).filter((name) => presets.has(name) && presets.get(name).kind === "shock");
    for (const shock of choice.shocks) base = Shudian.scenario.withShock(base, shock);
    for (const kind of ["levers", "assumptions"])
      for (const name of new Set([...Object.keys(base[kind]), ...Object.keys(scenario[kind])])) {
        const before = base[kind][name] || [];
        // a lever that its base has and it has not is as if nobody had set it
        const segments = scenario[kind][name] || [{ start: 0, value: parameters.get(name).default, ramp: 0 }];
        let common = 0;
        while (common < before.length && common < segments.length && same(clean(before[common]), clean(segments[common]))) common += 1;
        if (common === segments.length && common === before.length) continue;
        choice[kind][name] = common === segments.length ? segments.slice(-1) : segments.slice(common);
      }
    choice.fixed = Object.assign({}, scenario.fixed);
    choice.priors = Object.assign({}, scenario.priors);
    // a file does not say which shocks it was made with: one whose schedules stand in it whole is one
    for (const shock of data.presets.filter((preset) => preset.kind === "shock" && !choice.shocks.includes(preset.name))) {
      const names = Object.keys(shock.assumptions);
      if (!names.length || !names.every((name) => choice.assumptions[name] && same(choice.assumptions[name].map(clean), shock.assumptions[name].map(clean)))) continue;
      for (const name of names) delete choice.assumptions[name];
      choice.shocks.push(shock.name);
    }
    if (scenario.title) return Object.assign(choice, { named: scenario.title, namedFor: contentOf(choice) });
    return choice;
  }

  const clean = (segment) => [segment.start, segment.value, segment.ramp || 0];

  /** The schedule of a lever before the planner's own steps. */
  function scheduleBefore(choice, name) {
    const kind = kinds.get(name);
    const without = Object.assign({}, choice[kind]);
    delete without[name];
    return scenarioOf(Object.assign({}, choice, { [kind]: without }))[kind][name] || [];
  }

  /** The planner's own steps of a lever; without any, one from now on with what holds at the end of the package. */
  function stepsOf(choice, name) {
    const own = choice[kinds.get(name)][name];
    if (own) return own;
    const before = scheduleBefore(choice, name);
    const value = before.length ? before[before.length - 1].value : parameters.get(name).default;
    return [{ start: FIRST_CHOICE, value, ramp: 0 }];
  }

  function withSteps(choice, name, steps) {
    const kind = kinds.get(name);
    const changed = Object.assign({}, choice[kind]);
    if (steps) changed[name] = steps;
    else delete changed[name];
    return Object.assign({}, choice, { [kind]: changed });
  }

  /** Least and greatest value of each lever that the evidence holds; an amount only, and no date. */
  const tried = new Map(levers.filter((lever) => lever.evidence_range).map((lever) => [lever.name, lever.evidence_range]));

  /** Levers that leave the range of their evidence at any time. */
  function outside(scenario) {
    return levers.filter((lever) => tried.has(lever.name)).filter((lever) => {
      const [low, high] = tried.get(lever.name);
      const slack = 1e-9 * Math.max(Math.abs(low), Math.abs(high), 1);
      return (scenario.levers[lever.name] || []).some((segment) => segment.value < low - slack || segment.value > high + slack);
    });
  }

  Shudian.state = {
    history, view, FIRST_CHOICE, levers, assumptions, parameters, presets, kinds, MOST_PINS, fresh, choose, undo, redo, previous, scenarioOf, referenceOf, asItWas, comparedWith, briefly, against,
    changes, fixedText, priorText, valueText, parameterOf, choiceOf, scheduleBefore, stepsOf, withSteps, outside, marketTarget, same, tried,
  };
})();
