"use strict";
/* What a planner believes of an uncertain parameter: a value, on which the draws are conditioned, or a prior, by which they
   are reweighted. Here it is told, refused with its reason, and a prior is moved like a lever. */
(function () {
  const { data, state } = Shudian;
  const { say, pick, h, fill, unit, factor, short, percent, withUnit } = Shudian.text;
  const beliefs = Shudian.beliefs.of(data);
  const rows = new Map();
  let root = null;

  const listed = (texts) => texts.join(say("page_idle_comma"));
  const quoted = (name) => pick(state.parameterOf(name).label);
  const any = (scenario) => beliefs.key(scenario) !== "";

  /** Why a scenario cannot be run, as a sentence; empty if it can. */
  function complaint(scenario) {
    const [wrong] = Shudian.scenario.valid(scenario);
    if (wrong) return pick(wrong);
    const { refused } = beliefs.told(scenario);
    if (!refused) return "";
    const { key, name, names, ends, ...about } = refused;
    const [low, high] = ends ? ends.map((end) => amount(state.parameterOf(name), end)) : [];
    return say(key, Object.assign({ name: name && quoted(name), names: names && listed(names.map(quoted)), low, high }, about));
  }

  /** To three digits, which are enough to choose a value inside a range. */
  const amount = (parameter, value) => withUnit(String(Number((value * factor(parameter)).toPrecision(3))), unit(parameter));

  /** What a reader must know of values and priors of one's own, as [class, sentence]. */
  function told(scenario, before) {
    if (!any(scenario)) return [];
    const found = beliefs.told(scenario), said = [];
    const priors = Object.entries(scenario.priors || {}), values = Object.entries(scenario.fixed);
    if (found.refused) return [];
    if (priors.length) said.push(["flag", say("belief_priors", { priors: listed(priors.map(([name, prior]) => state.priorText(name, prior))), effective: whole(found.reweighted) })]);
    if (found.few) said.push(["flag", say("belief_few", { least: data.beliefs.warned.toLocaleString("en-US") })]);
    if (values.length) said.push(["flag", say("belief_given", { values: listed(values.map(([name, value]) => state.valueText(name, value))), draws: whole(found.worth) })]);
    if (before) {
      const chances = Object.entries(before.probability[data.market]).map(([name, chance]) => say("belief_before_chance", { definition: short(data.definitions[name]), chance: percent(chance.value, before.worth) }));
      said.push(["note", say("belief_before", { chances: listed(chances) })]);
    }
    return said;
  }

  const whole = (draws) => Math.round(draws).toLocaleString("en-US");

  /** The scenario of a choice without values and priors of one's own; null where it has none. */
  function without(choice) {
    if (!any(state.scenarioOf(choice))) return null;
    return Object.assign({}, state.scenarioOf(Object.assign({}, choice, { fixed: {}, priors: {} })), { fixed: {} });
  }

  /* ---- priors ---- */

  /** The normal prior that is nearest to the shipped one, to begin with: three digits are enough. */
  function usual(parameter) {
    const { prior } = parameter, nil = prior.distribution === "nil_or_normal";
    const { mean = prior.q50, sd = (prior.q95 - prior.q05) / 3.29 } = prior.arguments;
    const three = (value) => Number(value.toPrecision(3));
    const about = { mean: Math.min(Math.max(three(mean), parameter.low), parameter.high), sd: three(sd) };
    return nil ? { distribution: "nil_or_normal", arguments: { nil_probability: prior.arguments.nil_probability, ...about } } : { distribution: "normal", arguments: about };
  }

  const withPrior = (name, prior) => {
    const priors = Object.assign({}, state.history.now.priors, { [name]: prior });
    if (!prior) delete priors[name];
    return Object.assign({}, state.history.now, { priors });
  };

  /** From a parameter's card to its row on the left side. */
  function begin(parameter, button) {
    const next = withPrior(parameter.name, state.history.now.priors[parameter.name] || usual(parameter));
    const wrong = complaint(state.scenarioOf(next));
    if (wrong) return Shudian.main.message(wrong, "error", button);
    // the focus goes to the row that is new, and not back to where the card was opened
    Object.assign(document.getElementById("dialog"), { onclose: null }).close();
    Shudian.main.change(next, true);
    const slider = rows.get(parameter.name).parts[0].slider;
    slider.focus();
    return slider.scrollIntoView({ block: "center" });
  }

  /** The numbers of a prior that can be moved, each with its ends in the unit that is shown. */
  function movable(parameter) {
    const { prior, posterior, low, high } = parameter, scale = factor(parameter);
    const least = Math.min(prior.q05, posterior.q05), most = Math.max(prior.q95, posterior.q95), width = most - least;
    const from = Math.max(low, least - width / 2), until = Math.min(high, most + width / 2);
    const own = { unit: unit(parameter), scale };
    return [
      ...(prior.distribution === "nil_or_normal" ? [{ key: "nil_probability", low: 0, high: 99, unit: "%", scale: 100 }] : []),
      { key: "mean", low: from * scale, high: until * scale, ...own },
      { key: "sd", low: (width * scale) / 100, high: width * scale, ...own },
    ];
  }

  /** A hundredth of a range, as 1, 2 or 5 times a power of ten. */
  function stepOf({ low, high }) {
    const raw = (high - low) / 100, power = Math.pow(10, Math.floor(Math.log10(raw) + 1e-9));
    return Number(([1, 2, 5, 10].find((digit) => digit * power >= raw * 0.7) * power).toPrecision(6));
  }

  function row(name) {
    const parameter = state.parameterOf(name);
    const parts = movable(parameter).map((part) => {
      const title = say("page_prior_part_" + part.key), label = say("page_prior_of", { part: title, parameter: pick(parameter.label) });
      const step = stepOf(part), set = (value, settled) => moved(name, part.key, value / part.scale, settled);
      const min = Number((Math.ceil(part.low / step - 1e-9) * step).toPrecision(12)), max = Number((Math.floor(part.high / step + 1e-9) * step).toPrecision(12));
      const slider = h("input", { type: "range", min, max, step, "aria-label": label, "data-prior-slider": part.key, on: {
        input: (event) => set(Number(event.target.value), false), change: (event) => set(Number(event.target.value), true) } });
      const field = h("input", { type: "text", inputmode: "decimal", autocomplete: "off", "aria-label": label, "data-prior-field": part.key, on: { change: (event) => typed(parameter, part, event.target) } });
      const node = h("div", { class: "prior-part" }, h("span", {}, title), h("span", { class: "lever-entry" }, field, h("span", { class: "unit", title: part.unit }, part.unit)), slider);
      return Object.assign({ slider, field, node }, part);
    });
    const worth = h("p", { class: "hint", role: "status" });
    const node = h("div", { class: "lever changed prior", "data-prior": name },
      h("div", { class: "lever-head" }, h("button", { type: "button", class: "lever-name", title: pick(parameter.meaning), on: { click: () => Shudian.cards.parameter(parameter) } }, pick(parameter.label)),
        h("button", { type: "button", class: "mini", "aria-label": say("page_prior_remove", { parameter: pick(parameter.label) }), on: { click: () => Shudian.main.change(withPrior(name, null), true) } }, "×")),
      parts.map((part) => part.node), worth);
    return { node, parts, worth };
  }

  function moved(name, key, value, settled) {
    const prior = state.history.now.priors[name];
    const next = { distribution: prior.distribution, arguments: Object.assign({}, prior.arguments, { [key]: Number(value.toPrecision(12)) }) };
    Shudian.main.change(withPrior(name, next), settled);
  }

  /** A number, with the parameter's unit or without. */
  function typed(parameter, part, field) {
    try {
      const text = Shudian.amounts.beside(field.value, part.unit);
      const value = part.key === "nil_probability" ? Shudian.amounts.measured(text, Object.assign({}, parameter, { unit: "1", unit_display: "%", into: 0.01 })) : Shudian.amounts.measured(text, parameter);
      moved(parameter.name, part.key, value, true);
    } catch (error) {
      if (!(error instanceof Shudian.toml.Mistake)) throw error;
      Shudian.main.message(pick(error.text), "error", field);
      update();
    }
  }

  function build(holder) {
    root = holder;
    rows.clear();
  }

  function update() {
    const { priors } = state.history.now, names = Object.keys(priors);
    if (names.join() !== [...rows.keys()].join()) {
      rows.clear();
      for (const name of names) rows.set(name, row(name));
      fill(root, names.length > 0 && h("fieldset", { class: "theme" }, h("legend", {}, say("page_priors")), [...rows.values()].map(({ node }) => node)));
    }
    const found = names.length ? beliefs.told(state.scenarioOf(state.history.now)) : null;
    for (const [name, { parts, worth }] of rows) {
      for (const { key, scale, slider, field, unit: shown } of parts) {
        const value = Number((priors[name].arguments[key] * scale).toPrecision(6));
        slider.value = value;
        slider.setAttribute("aria-valuetext", withUnit(String(value), shown));
        field.value = field.defaultValue = String(value);
      }
      fill(worth, say("page_prior_worth", { effective: whole(found.reweighted), draws: whole(found.drawn.length) }));
      worth.classList.toggle("idle", found.few);
    }
  }

  Shudian.ownBeliefs = { any, complaint, told, without, begin, build, update };
})();
