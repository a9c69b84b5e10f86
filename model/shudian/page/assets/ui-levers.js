"use strict";
/* The left side: packages, the levers by theme, and, apart from them, what the city does not choose. */
(function () {
  const { data, state } = Shudian;
  const { say, pick, h, fill, unit, factor, exact, monthOf, monthFrom, leverValue, between } = Shudian.text;
  const { amounts } = Shudian;
  const THEMES = [
    ["money", ["annual_budget", "fund_size", "support_end"]],
    ["space", ["municipal_parks", "open_locations", "rent_relief_rate", "approval_days"]],
    ["production", ["production_subsidy_rate", "production_subsidy_cap", "production_subsidy_eligible_share", "script_incubation", "quality_award"]],
    ["talent", ["talent_training", "ai_support"]],
    ["outreach", ["overseas_support", "overseas_service_window", "plus_programme"]],
  ];
  const rows = new Map();
  const open = new Set();

  /** A step of the slider in the shown unit: 1, 2 or 5 times a power of ten, about a hundredth of the range. */
  function stepOf(lever) {
    if (lever.kind !== "number" || lever.whole) return 1;
    const raw = ((lever.high - lever.low) * factor(lever)) / 100;
    const power = Math.pow(10, Math.floor(Math.log10(raw) + 1e-9));
    const digit = raw / power >= 5 - 1e-9 ? 5 : raw / power >= 2 - 1e-9 ? 2 : 1;
    return Number((digit * power).toPrecision(6));
  }

  /** English money is too long for the narrow column; the whole unit is in the title and on the card. */
  const brief = (text) => text.replace("million yuan", "¥ million").replace("thousand yuan", "¥ thousand");

  const shown = (lever, value) => Number((value * factor(lever)).toPrecision(12));
  /** A number in the shown unit, read as if it were typed; the ends of a slider are the ends of the range to the last bit. */
  const internal = (lever, value) => (lever.kind !== "number" ? value : inside(lever, amounts.measured(amounts.beside(String(value), unit(lever)), lever)));

  /** A value at the end of the range may have lost its last bit in another unit. */
  function inside(lever, value) {
    const slack = 1e-12 * Math.max(Math.abs(lever.low), Math.abs(lever.high));
    return value < lever.low - slack || value > lever.high + slack ? value : Math.min(Math.max(value, lever.low), lever.high);
  }

  function build(root) {
    rows.clear();
    const placed = new Set(THEMES.flatMap(([, names]) => names));
    const themes = [...THEMES, ["other", state.levers.map((l) => l.name).filter((name) => !placed.has(name))]];
    fill(root,
      h("section", { class: "presets", "aria-label": say("page_packages") },
        h("label", { for: "preset", class: "field-label" }, say("page_packages")),
        h("select", { id: "preset", on: { change: (event) => start(event.target.value) } },
          data.presets.filter((preset) => preset.kind === "package").map((preset) => h("option", { value: preset.name }, pick(preset.title)))),
        h("p", { id: "preset-question", class: "hint" }),
        h("div", { id: "changes", class: "chips" })),
      themes.map(([theme, names]) => {
        const levers = Shudian.idleNotes.grouped(names, row);
        return levers.length > 0 && h("fieldset", { class: "theme" }, h("legend", {}, say("page_theme_" + theme)), levers);
      }),
      h("section", { class: "assumptions", "aria-labelledby": "assumptions-title" },
        h("h2", { id: "assumptions-title" }, say("page_assumptions")),
        h("p", { class: "hint" }, say("page_assumptions_hint")),
        h("fieldset", { class: "theme" }, h("legend", {}, say("page_shocks")),
          data.presets.filter((preset) => preset.kind === "shock").map(shock)),
        h("fieldset", { class: "theme" }, h("legend", {}, say("page_assumption_levers")), state.assumptions.map(row)),
        h("div", { id: "fixed" }), h("div", { id: "priors" })));
    Shudian.ownBeliefs.build(document.getElementById("priors"));
    update();
  }

  function start(name) {
    meant.clear();
    const now = state.history.now;
    Shudian.main.change(Object.assign({}, now, { base: name, levers: {} }), true);
  }

  function shock(preset) {
    return h("label", { class: "shock", title: pick(preset.question) },
      h("input", { type: "checkbox", "data-shock": preset.name, on: { change: (event) => {
        const now = state.history.now;
        const others = now.shocks.filter((name) => name !== preset.name);
        Shudian.main.change(Object.assign({}, now, { shocks: event.target.checked ? [...others, preset.name] : others }), true);
      } } }),
      h("span", {}, pick(preset.title)), h("small", {}, pick(preset.notes[0])));
  }

  function row(lever) {
    const name = lever.name;
    const id = "lever-" + name;
    const bounds = { min: shown(lever, lever.low), max: shown(lever, lever.high), step: stepOf(lever) };
    const parts = { lever };
    parts.slider = lever.kind === "switch" ? null : h("input", Object.assign({ type: "range", id: id + "-slider", "data-slider": name, "aria-label": pick(lever.label), on: {
      input: (event) => slide(lever, internal(lever, Number(event.target.value)), false),
      change: (event) => slide(lever, internal(lever, Number(event.target.value)), true),
    } }, bounds));
    parts.toggle = lever.kind === "switch" && h("input", { type: "checkbox", id: id + "-slider", "data-slider": name, "aria-label": pick(lever.label), on: {
      change: (event) => slide(lever, event.target.checked ? lever.high : lever.low, true) } });
    parts.field = lever.kind !== "switch" && h("input", { type: "text", inputmode: "decimal", autocomplete: "off", id, "data-field": name, "aria-label": say("page_value_of", { lever: pick(lever.label) }), on: {
      input: (event) => hear(parts, event.target.value, ""), change: (event) => typed(lever, event.target) } });
    parts.heard = h("span", { class: "was", "data-heard": name, role: "status" });
    parts.from = h("input", { type: "text", class: "month", autocomplete: "off", "data-from": name, "aria-label": say("page_from_of", { lever: pick(lever.label) }), on: {
      change: (event) => dated(lever, event.target) } });
    parts.was = h("span", { class: "was" });
    parts.back = h("button", { type: "button", class: "mini", "data-back": name, title: say("page_back_to_package"), "aria-label": say("page_back_of", { lever: pick(lever.label) }), on: {
      click: () => {
        meant.delete(name);
        Shudian.main.change(state.withSteps(state.history.now, name, null), true);
      } } }, say("page_back"));
    parts.editor = h("div", { class: "steps", hidden: true });
    parts.expand = h("button", { type: "button", class: "mini", "data-steps": name, "aria-expanded": "false", on: { click: () => {
      if (!open.delete(name)) open.add(name);
      update();
    } } }, say("page_schedule"));
    parts.node = h("div", { class: "lever", "data-lever": name },
      h("div", { class: "lever-head" },
        h("button", { type: "button", class: "lever-name", title: pick(lever.meaning), on: { click: () => Shudian.cards.lever(lever) } }, pick(lever.label)),
        h("span", { class: "lever-entry" }, parts.field || parts.toggle, lever.kind === "number" && h("span", { class: "unit", title: unit(lever) }, brief(unit(lever))))),
      parts.slider,
      h("div", { class: "lever-foot" },
        h("span", { class: "bounds" }, lever.kind === "switch" ? "" : lever.kind === "date"
          ? monthOf(lever.low) + between() + monthOf(lever.high)
          : exact(bounds.min) + between() + exact(bounds.max) + (unit(lever) === "%" ? "%" : "")),
        h("label", {}, say("page_from"), parts.from), parts.expand, parts.back),
      parts.heard, parts.was, Shudian.idleNotes.note(name), parts.editor);
    rows.set(name, parts);
    return parts.node;
  }

  /** What a field says is what is chosen; what is typed into it differs from that until it is taken. */
  function put(field, text) {
    field.defaultValue = text;
    field.value = text;
  }

  /** Months that were written before a value: a choice that says what the package says anyhow is none, yet is meant. */
  const meant = new Map();

  /** Forget months that wait for their value; false if none does. */
  function withdraw() {
    const waited = [...meant.keys()].some((name) => !ownSteps(state.parameters.get(name)));
    meant.clear();
    if (waited) update();
    return waited;
  }

  const ownSteps = (lever) => state.history.now[state.kinds.get(lever.name)][lever.name];

  function stepsNow(lever) {
    const steps = state.stepsOf(state.history.now, lever.name);
    return ownSteps(lever) || !meant.has(lever.name) ? steps : [Object.assign({}, steps[0], { start: meant.get(lever.name) })];
  }

  /** The first month of what the value beside it says: of the last step in force or, without any, of the first year. */
  function since(lever) {
    if (!ownSteps(lever) && meant.has(lever.name)) return meant.get(lever.name);
    const steps = ownSteps(lever) || state.scheduleBefore(state.history.now, lever.name);
    return steps.length ? steps[steps.length - 1].start : 0;
  }

  /** The slider moves the last step. */
  function slide(lever, value, settled) {
    fill(rows.get(lever.name).heard);
    const steps = stepsNow(lever);
    const moved = [...steps.slice(0, -1), Object.assign({}, steps[steps.length - 1], { value })];
    set(lever, moved, settled);
  }

  function set(lever, steps, settled) {
    const before = state.scheduleBefore(state.history.now, lever.name);
    const last = before[before.length - 1];
    const idle = steps.length === 1 && !steps[0].ramp && before.every((segment) => segment.start + (segment.ramp || 0) <= steps[0].start)
      && (last ? last.value : lever.default) === steps[0].value;
    Shudian.main.change(state.withSteps(state.history.now, lever.name, idle ? null : steps), settled);
  }

  /** What was meant by a text for the lever, or what is wrong with it. */
  function understood(lever, written) {
    const places = { lever: pick(lever.label), text: written.slice(0, 40), low: leverValue(lever, lever.low), high: leverValue(lever, lever.high) };
    const refuse = (key, more) => ({ wrong: say(key, Object.assign(places, more)) });
    let value = null;
    try {
      value = lever.kind === "date" ? amounts.month(written) : inside(lever, amounts.measured(amounts.beside(written, unit(lever)), lever));
    } catch (error) {
      if (!(error instanceof Shudian.toml.Mistake)) throw error;
      return refuse("page_not_understood", { why: pick(error.text) });
    }
    if (value < lever.low || value > lever.high) return refuse("page_outside_range");
    if (lever.whole && !Number.isInteger(value)) return refuse("page_not_whole");
    return { value };
  }

  function read(lever, written) {
    const { value, wrong } = understood(lever, written);
    if (wrong) Shudian.main.message(wrong, "error");
    return wrong ? null : value;
  }

  /** Beside the field, how a text is understood where it is more than the number that the field will show. */
  function hear(parts, written, before) {
    const { lever } = parts;
    const { value, wrong } = understood(lever, written);
    const plain = !wrong && written.trim() === (lever.kind === "date" ? monthOf(value) : exact(shown(lever, value)));
    fill(parts.heard, plain || !written.trim() ? "" : wrong || before + "= " + leverValue(lever, value));
  }

  function typed(lever, field) {
    const written = field.value;
    const value = read(lever, written);
    if (value === null) update();
    else slide(lever, value, true);
    hear(rows.get(lever.name), written, written.slice(0, 40) + " ");
  }

  /** Months from `6`, `6个月` or `半年`; null if it is no length of time. */
  function lengthOf(written) {
    try {
      return amounts.months(amounts.beside(written, "月"));
    } catch (error) {
      if (!(error instanceof Shudian.toml.Mistake)) throw error;
      return null;
    }
  }

  function month(written, after, until) {
    const value = monthFrom(written);
    if (value === null || value < after || value > until) {
      Shudian.main.message(say("page_not_a_start", { text: written.slice(0, 40), from: monthOf(Math.max(after, 0)), until: monthOf(until) }), "error");
      return null;
    }
    return value;
  }

  function dated(lever, field) {
    // the date beside the value is that of the step which has it, the last one
    const steps = stepsNow(lever);
    const last = steps[steps.length - 1], before = steps[steps.length - 2];
    const value = month(field.value, before ? before.start + Math.max(1, before.ramp || 0) : 0, data.months - 1);
    if (value === null) return update();
    if (!before) meant.set(lever.name, value);
    set(lever, [...steps.slice(0, -1), Object.assign({}, last, { start: value, ramp: fits(last.ramp || 0, value) })], true);
  }

  const fits = (ramp, start, next) => (start === 0 ? 0 : Math.min(ramp, (next ? next.start : data.months) - start));

  function update() {
    const choice = state.history.now;
    const preset = state.presets.get(choice.base);
    document.getElementById("preset").value = choice.base;
    fill(document.getElementById("preset-question"), pick(preset.question));
    const changed = state.changes(choice);
    fill(document.getElementById("changes"), changed.map((text) => h("span", { class: "chip" }, text)),
      h("button", { type: "button", class: "link", on: { click: () => Shudian.cards.preset(preset) } }, say("page_package_notes", { count: preset.notes.length })));
    for (const box of document.querySelectorAll("[data-shock]")) box.checked = choice.shocks.includes(box.dataset.shock);
    for (const [name, parts] of rows) updateRow(name, parts, choice);
    Shudian.idleNotes.update();
    fill(document.getElementById("fixed"), Object.entries(choice.fixed).map(([name, value]) => fixedChip(name, value)));
    Shudian.ownBeliefs.update();
  }

  function fixedChip(name, value) {
    const removed = Object.assign({}, state.history.now.fixed);
    delete removed[name];
    return h("p", { class: "chip" }, state.fixedText(name, value),
      h("button", { type: "button", class: "mini", "aria-label": say("page_fixed_remove"), on: {
        click: () => Shudian.main.change(Object.assign({}, state.history.now, { fixed: removed }), true) } }, "×"));
  }

  function updateRow(name, parts, choice) {
    const { lever } = parts;
    const own = choice[state.kinds.get(name)][name];
    const steps = state.stepsOf(choice, name);
    const last = steps[steps.length - 1];
    if (parts.slider && Number(parts.slider.value) !== shown(lever, last.value)) parts.slider.value = shown(lever, last.value);
    if (parts.slider) parts.slider.setAttribute("aria-valuetext", leverValue(lever, last.value));
    if (parts.toggle) parts.toggle.checked = last.value >= 0.5;
    if (parts.field) put(parts.field, lever.kind === "date" ? monthOf(last.value) : exact(shown(lever, last.value)));
    put(parts.from, monthOf(since(lever)));
    fill(parts.heard);
    parts.node.classList.toggle("changed", Boolean(own));
    parts.back.hidden = !own;
    const before = own ? state.scheduleBefore(choice, name) : [];
    const was = before.length ? before[before.length - 1].value : lever.default;
    fill(parts.was, own ? say("page_was", { value: leverValue(lever, was) }) : meant.has(name) ? say("page_meant", { from: monthOf(meant.get(name)) }) : null);
    const expanded = open.has(name);
    parts.expand.setAttribute("aria-expanded", String(expanded));
    parts.editor.hidden = !expanded;
    if (expanded) Shudian.steps.show(lever, parts, { set, read, month, lengthOf, fits, put, shown, update });
  }

  Shudian.levers = { build, update, withdraw, shown, internal, understood, stepOf };
})();
