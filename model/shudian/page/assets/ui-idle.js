"use strict";
/* Beside a lever whose change does nothing: why, and with what it acts. Levers that act only together are one instrument. */
(function () {
  const { data, state } = Shudian;
  const { say, pick, h, fill, monthOf, leverValue, within } = Shudian.text;
  const notes = new Map(); // lever -> where its note stands
  const boxes = new Map(); // instrument -> its switch
  let asked = 0;
  let found = []; // what does nothing in the choice on the page

  const lever = (name) => state.parameters.get(name);
  const listed = (texts, between = "page_idle_and") => texts.join(say(between));

  function note(name) {
    notes.set(name, h("p", { class: "idle", role: "status", "data-idle": name, hidden: true }));
    return notes.get(name);
  }

  const whole = (share) => Math.floor(100 * share + 1e-9) + "%"; // what is not all is not called 100 %

  function clause(found) {
    const { name, reason } = found, { limit } = lever(name);
    return say("idle_" + reason + (reason === "limit" && found.whole < 1 - 1e-9 ? "_mostly" : ""), {
      lever: pick(lever(name).label), limit: limit ? pick(limit) : "", month: monthOf(Math.min(found.start, data.months)),
      needs: listed(found.needs.filter((needed) => lever(needed).kind !== "date").map((needed) => within(lever(needed).label))),
      through: listed(data.equations.filter((equation) => equation.causes.includes(name)).map((equation) => within(equation.label))),
      year: state.marketTarget().year, last: data.first_year + data.months / 12 - 1,
      share: whole(found.share), whole: whole(found.whole), least: 100 * data.idle.least + "%",
    });
  }

  const amounts = (names) => listed(names.map((name) => within(lever(name).label) + " " + leverValue(lever(name), lever(name).example)), "page_idle_comma");

  /** `choice` with what a lever lacks put to work from month `start` on. */
  function supplied(choice, names, start) {
    return names.reduce((next, name) => {
      const before = (next.levers[name] || []).filter((step) => step.start < start);
      return state.withSteps(next, name, [...before, { start, value: lever(name).example, ramp: 0 }]);
    }, choice);
  }

  function help({ name, reason, needs, start }) {
    if (reason !== "needs" && reason !== "ended") return null;
    return h("button", { type: "button", class: "mini", "data-supply": name, on: { click: () => {
      Shudian.main.change(supplied(state.history.now, needs, start), true);
      Shudian.main.message(say("page_idle_supplied", { amounts: amounts(needs) }));
    } } }, say("page_idle_supply", { amounts: amounts(needs) }));
  }

  function clear() {
    asked += 1;
    found = [];
    for (const node of notes.values()) node.hidden = true;
  }

  /** Take every change back by itself, and say beside its lever where that makes no difference. */
  async function check(choice, engine) {
    clear();
    const mine = asked, scenario = state.scenarioOf(choice);
    for (const name of [...Object.keys(choice.levers), ...Object.keys(choice.assumptions)]) {
      const idle = await engine.unmoved(name, scenario, state.scenarioOf(state.withSteps(choice, name, null)));
      if (mine !== asked) return;
      const node = notes.get(name);
      if (!idle || !node) continue;
      found.push(idle);
      fill(node, clause(idle) + say("page_full_stop"), help(idle));
      node.hidden = false;
    }
  }

  /* ---- levers that are one instrument ---- */

  const lastOf = (name) => state.stepsOf(state.history.now, name).slice(-1)[0].value;

  function flip(instrument, on) {
    const now = state.history.now, resting = instrument.levers.filter((name) => !lastOf(name));
    const off = () => instrument.levers.reduce((next, name) => {
      const before = state.scheduleBefore(now, name), idle = before.every((step) => !step.value);
      return state.withSteps(next, name, idle ? null : [{ start: state.FIRST_CHOICE, value: 0, ramp: 0 }]);
    }, now);
    Shudian.main.change(on ? supplied(now, resting, state.FIRST_CHOICE) : off(), true);
    Shudian.main.message(on
      ? say("page_instrument_on", { instrument: pick(instrument.label), amounts: amounts(resting), package: pick(instrument.package) })
      : say("page_instrument_off", { instrument: pick(instrument.label) }));
  }

  /** The rows of `names`, those of an instrument together under one switch. */
  function grouped(names, row) {
    const done = new Set();
    return names.filter((name) => lever(name)).map((name) => {
      if (done.has(name)) return null;
      const instrument = data.instruments.find((entry) => entry.levers.includes(name));
      if (!instrument) return row(lever(name));
      instrument.levers.forEach((part) => done.add(part));
      const box = h("input", { type: "checkbox", "data-instrument": instrument.name, on: { change: (event) => flip(instrument, event.target.checked) } });
      boxes.set(instrument, box);
      return h("div", { class: "instrument", role: "group", "aria-label": pick(instrument.label) },
        h("label", { class: "instrument-head" }, box, pick(instrument.label)),
        h("p", { class: "hint" }, say("page_instrument_hint", { amounts: amounts(instrument.levers), package: pick(instrument.package) })),
        instrument.levers.map((part) => row(lever(part))));
    });
  }

  function update() {
    for (const [instrument, box] of boxes) box.checked = instrument.levers.every((name) => lastOf(name) > 0);
  }

  Shudian.idleNotes = { note, check, clear, grouped, update, clauses: () => found.map(clause) };
})();
