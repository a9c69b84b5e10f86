"use strict";
/* The left side: packages, the levers by theme, and, apart from them, what the city does not choose. */
(function () {
  const { data, state } = Shudian;
  const { say, pick, h, fill, unit, exact, monthOf, monthFrom, leverValue, between } = Shudian.text;
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
    const raw = ((lever.high - lever.low) * lever.factor) / 100;
    const power = Math.pow(10, Math.floor(Math.log10(raw) + 1e-9));
    const digit = raw / power >= 5 - 1e-9 ? 5 : raw / power >= 2 - 1e-9 ? 2 : 1;
    return Number((digit * power).toPrecision(6));
  }

  /** English money is too long for the narrow column; the whole unit is in the title and on the card. */
  const brief = (text) => text.replace("100 million yuan", "¥100m").replace("10 thousand yuan", "¥10k");

  const shown = (lever, value) => Number((value * lever.factor).toPrecision(12));
  const internal = (lever, value) => Number((value / lever.factor).toPrecision(12));

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
        const levers = names.map((name) => state.parameters.get(name)).filter(Boolean);
        return levers.length > 0 && h("fieldset", { class: "theme" }, h("legend", {}, say("page_theme_" + theme)), levers.map(row));
      }),
      h("section", { class: "assumptions", "aria-labelledby": "assumptions-title" },
        h("h2", { id: "assumptions-title" }, say("page_assumptions")),
        h("p", { class: "hint" }, say("page_assumptions_hint")),
        h("fieldset", { class: "theme" }, h("legend", {}, say("page_shocks")),
          data.presets.filter((preset) => preset.kind === "shock").map(shock)),
        h("fieldset", { class: "theme" }, h("legend", {}, say("page_assumption_levers")), state.assumptions.map(row)),
        h("div", { id: "fixed" })));
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
      change: (event) => typed(lever, event.target) } });
    parts.from = h("input", { type: "text", class: "month", autocomplete: "off", "data-from": name, "aria-label": say("page_from_of", { lever: pick(lever.label) }), on: {
      change: (event) => dated(lever, event.target) } });
    parts.was = h("span", { class: "was" });
    parts.back = h("button", { type: "button", class: "mini", "data-back": name, title: say("page_back_to_package"), "aria-label": say("page_back_of", { lever: pick(lever.label) }), on: {
      click: () => Shudian.main.change(state.withSteps(state.history.now, name, null), true) } }, say("page_back"));
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
      parts.was, parts.editor);
    rows.set(name, parts);
    return parts.node;
  }

  /** Months that were written before a value: a choice that says what the package says anyhow is none, yet is meant. */
  const meant = new Map();

  function stepsNow(lever) {
    const steps = state.stepsOf(state.history.now, lever.name);
    const own = state.history.now[state.kinds.get(lever.name)][lever.name];
    return own || !meant.has(lever.name) ? steps : [Object.assign({}, steps[0], { start: meant.get(lever.name) })];
  }

  /** The slider moves the last step. */
  function slide(lever, value, settled) {
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

  function read(lever, written) {
    const refuse = (key, places) => {
      Shudian.main.message(say(key, Object.assign({ lever: pick(lever.label), text: written.slice(0, 40) }, places)), "error");
      return null;
    };
    const allowed = { low: leverValue(lever, lever.low), high: leverValue(lever, lever.high) };
    let value = null;
    if (lever.kind === "date") value = monthFrom(written);
    else {
      const plain = written.normalize("NFKC").replace(/[,\s]/g, "").replace(/[^\d.eE+-].*$/, "");
      value = plain !== "" && Number.isFinite(Number(plain)) ? internal(lever, Number(plain)) : null;
    }
    if (value === null) return refuse(lever.kind === "date" ? "page_not_a_month" : "page_not_a_number", allowed);
    if (value < lever.low || value > lever.high) return refuse("page_outside_range", allowed);
    if (lever.whole && !Number.isInteger(shown(lever, value))) return refuse("page_not_whole", allowed);
    return value;
  }

  function typed(lever, field) {
    const value = read(lever, field.value);
    if (value === null) update();
    else slide(lever, value, true);
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
    const steps = stepsNow(lever);
    const latest = steps.length > 1 ? steps[1].start - 1 : data.months - 1;
    const value = month(field.value, 0, latest);
    if (value === null) return update();
    meant.set(lever.name, value);
    set(lever, [Object.assign({}, steps[0], { start: value, ramp: fits(steps[0].ramp || 0, value, steps[1]) }), ...steps.slice(1)], true);
  }

  const fits = (ramp, start, next) => (start === 0 ? 0 : Math.min(ramp, (next ? next.start : data.months) - start));

  /** From, until, value and ramp of each step. Until is where the next step begins. */
  function editor(lever, parts) {
    const steps = state.stepsOf(state.history.now, lever.name);
    const before = state.scheduleBefore(state.history.now, lever.name);
    const replace = (place, part) => set(lever, steps.map((step, i) => (i === place ? Object.assign({}, step, part) : step)), true);
    const cell = (value, label, listener) => h("input", { type: "text", value, "aria-label": label, on: { change: (event) => listener(event.target.value) } });
    const line = (step, place) => {
      const next = steps[place + 1];
      return [
        cell(monthOf(step.start), say("page_step_from"), (written) => {
          const value = month(written, place ? steps[place - 1].start + Math.max(1, steps[place - 1].ramp || 0) : 0, next ? next.start - 1 : data.months - 1);
          if (value === null) update();
          else replace(place, { start: value, ramp: fits(step.ramp || 0, value, next) });
        }),
        cell(next ? monthOf(next.start) : "", say("page_step_until"), (written) => {
          if (!written.trim()) return set(lever, steps.slice(0, place + 1), true);
          const value = month(written, step.start + Math.max(1, step.ramp || 0), (steps[place + 2] || { start: data.months }).start - 1);
          if (value === null) return update();
          if (next) return replace(place + 1, { start: value, ramp: fits(next.ramp || 0, value, steps[place + 2]) });
          const back = before.filter((segment) => segment.start <= value).pop();
          return set(lever, [...steps, { start: value, value: back ? back.value : lever.default, ramp: 0 }], true);
        }),
        cell(lever.kind === "date" ? monthOf(step.value) : exact(shown(lever, step.value)), say("page_step_value"), (written) => {
          const value = read(lever, written);
          if (value === null) update();
          else replace(place, { value });
        }),
        cell(String(step.ramp || 0), say("page_step_ramp"), (written) => {
          const most = lever.kind === "date" || step.start === 0 ? 0 : (next ? next.start : data.months) - step.start;
          const value = Number(written.normalize("NFKC").replace(/[^\d.-].*$/, ""));
          if (!Number.isFinite(value) || value < 0 || value > most) {
            Shudian.main.message(say("page_not_a_ramp", { most }), "error");
            update();
          } else replace(place, { ramp: value });
        }),
        h("button", { type: "button", class: "mini", "aria-label": say("page_step_remove"), on: {
          click: () => Shudian.main.change(state.withSteps(state.history.now, lever.name, steps.length > 1 ? steps.filter((_, i) => i !== place) : null), true) } }, "×"),
      ];
    };
    fill(parts.editor,
      before.length ? h("p", { class: "hint" }, say("page_schedule_before"), before.map((segment) => say("page_schedule_item", { from: monthOf(segment.start), value: leverValue(lever, segment.value) })).join(say("page_list_comma"))) : null,
      Shudian.text.table(null, ["page_step_from", "page_step_until", "page_step_value", "page_step_ramp"].map((key) => say(key)).concat(""), steps.map(line), "step-table"),
      h("p", { class: "hint" }, say("page_schedule_rule")));
  }

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
    fill(document.getElementById("fixed"), Object.entries(choice.fixed).map(([name, value]) => fixedChip(name, value)));
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
    if (parts.field) parts.field.value = lever.kind === "date" ? monthOf(last.value) : exact(shown(lever, last.value));
    parts.from.value = monthOf(stepsNow(lever)[0].start);
    parts.node.classList.toggle("changed", Boolean(own));
    parts.back.hidden = !own;
    const before = own ? state.scheduleBefore(choice, name) : [];
    const was = before.length ? before[before.length - 1].value : lever.default;
    fill(parts.was, own && say("page_was", { value: leverValue(lever, was) }));
    const expanded = open.has(name);
    parts.expand.setAttribute("aria-expanded", String(expanded));
    parts.editor.hidden = !expanded;
    if (expanded) editor(lever, parts);
  }

  Shudian.levers = { build, update };
})();
