"use strict";
/* The steps of a lever: from, until, value and ramp of each. Until is where the next step begins. */
(function () {
  const { data, state } = Shudian;
  const { say, h, fill, exact, monthOf, leverValue } = Shudian.text;
  const HEADS = ["page_step_from", "page_step_until", "page_step_value", "page_step_ramp"];

  /** The table in `parts.editor`; built anew only if it has another number of rows, so that no cell goes while one is in it. */
  function show(lever, parts, tools) {
    const steps = state.stepsOf(state.history.now, lever.name);
    const before = state.scheduleBefore(state.history.now, lever.name);
    const shape = JSON.stringify([steps.length, before, Shudian.text.settings.language]);
    if (parts.shape !== shape) {
      parts.shape = shape;
      parts.cells = steps.map((_, place) => HEADS.map((head, column) => h("input", { type: "text", autocomplete: "off", "aria-label": say(head),
        on: { change: (event) => take(lever, place, column, event.target.value, tools) } })));
      fill(parts.editor,
        before.length ? h("p", { class: "hint" }, say("page_schedule_before"), before.map((segment) => say("page_schedule_item", { from: monthOf(segment.start), value: leverValue(lever, segment.value) })).join(say("page_list_comma"))) : null,
        Shudian.text.table(null, [...HEADS.map((key) => say(key)), ""], parts.cells.map((row, place) => [...row, removal(lever, place)]), "step-table"),
        h("p", { class: "hint" }, say("page_schedule_rule")));
    }
    parts.cells.forEach((row, place) => texts(lever, steps, place, tools).forEach((text, column) => tools.put(row[column], text)));
  }

  function texts(lever, steps, place, tools) {
    const step = steps[place], next = steps[place + 1];
    return [monthOf(step.start), next ? monthOf(next.start) : "", lever.kind === "date" ? monthOf(step.value) : exact(tools.shown(lever, step.value)), String(step.ramp || 0)];
  }

  function removal(lever, place) {
    return h("button", { type: "button", class: "mini", "aria-label": say("page_step_remove"), on: { click: () => {
      const steps = state.stepsOf(state.history.now, lever.name);
      Shudian.main.change(state.withSteps(state.history.now, lever.name, steps.length > 1 ? steps.filter((_, i) => i !== place) : null), true);
    } } }, "×");
  }

  /** What was written into a cell; what cannot be is said, and the cell says again what is chosen. */
  function take(lever, place, column, written, tools) {
    const steps = state.stepsOf(state.history.now, lever.name);
    const step = steps[place], next = steps[place + 1], latest = next ? next.start : data.months;
    const replace = (at, part) => tools.set(lever, steps.map((one, i) => (i === at ? Object.assign({}, one, part) : one)), true);
    if (column === 0) {
      const value = tools.month(written, place ? steps[place - 1].start + Math.max(1, steps[place - 1].ramp || 0) : 0, latest - 1);
      return value === null ? tools.update() : replace(place, { start: value, ramp: tools.fits(step.ramp || 0, value, next) });
    }
    if (column === 1) return until(lever, steps, place, written, tools, replace);
    if (column === 2) {
      const value = tools.read(lever, written);
      return value === null ? tools.update() : replace(place, { value });
    }
    const most = lever.kind === "date" || step.start === 0 ? 0 : latest - step.start;
    const value = tools.lengthOf(written);
    if (value !== null && value >= 0 && value <= most) return replace(place, { ramp: value });
    Shudian.main.message(say("page_not_a_ramp", { most }), "error");
    return tools.update();
  }

  function until(lever, steps, place, written, tools, replace) {
    const step = steps[place], next = steps[place + 1], after = steps[place + 2];
    if (!written.trim()) return tools.set(lever, steps.slice(0, place + 1), true);
    const value = tools.month(written, step.start + Math.max(1, step.ramp || 0), (after || { start: data.months }).start - 1);
    if (value === null) return tools.update();
    if (next) return replace(place + 1, { start: value, ramp: tools.fits(next.ramp || 0, value, after) });
    const back = state.scheduleBefore(state.history.now, lever.name).filter((segment) => segment.start <= value).pop();
    return tools.set(lever, [...steps, { start: value, value: back ? back.value : lever.default, ramp: 0 }], true);
  }

  Shudian.steps = { show };
})();
