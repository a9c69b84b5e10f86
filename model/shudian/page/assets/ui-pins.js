"use strict";
/* Scenarios that are pinned: each stands on the charts beside the live one, with a letter of its own. */
(function () {
  const { state } = Shudian;
  const { say, pick, h, fill } = Shudian.text;
  const { message, quiet } = Shudian.messages;
  const titleOf = (entry) => pick(state.scenarioOf(entry.choice).title);

  /** Pin a choice, by default the present one; its letter, or null if there is no room. One that is pinned already stays as it is. */
  function add(choice = state.history.now) {
    const { pins } = state.view, known = pins.findIndex((entry) => state.same(entry.choice, choice));
    if (known >= 0 && choice !== state.history.now) return Shudian.charts.PINS[known].letter;
    if (pins.length >= state.MOST_PINS) {
      message(say("page_pins_full", { most: state.MOST_PINS }), "error");
      return null;
    }
    pins.push({ choice, result: null, few: null });
    show();
    run();
    return Shudian.charts.PINS[pins.length - 1].letter;
  }

  function remove(place) {
    quiet();
    state.view.pins.splice(place, 1);
    show();
    Shudian.main.draw();
  }

  function show() {
    const { pins } = state.view;
    pins.forEach((entry, place) => { entry.label = say("page_pin_label", { letter: Shudian.charts.PINS[place].letter, title: titleOf(entry) }); });
    fill(document.getElementById("pins"), pins.map((entry, place) => {
      const { letter, colour } = Shudian.charts.PINS[place];
      const mark = h("span", { class: "pin-mark", "aria-hidden": "true" }, letter);
      mark.style.background = colour;
      return h("span", { class: "chip pin" }, mark,
        h("button", { type: "button", class: "link", title: say("page_pin_take"), on: { click: () => Shudian.main.change(entry.choice, true) } }, titleOf(entry)),
        h("button", { type: "button", class: "mini", "aria-label": say("page_pin_remove", { letter }), on: { click: () => remove(place) } }, "×"));
    }));
    Shudian.main.buttons();
  }

  const run = () => Shudian.main.work(runAll(Shudian.main.context().engine));

  async function runAll(engine) {
    for (const [place, entry] of state.view.pins.entries())
      if (!entry.result) {
        const found = await engine.run("pin" + (place + 1), state.scenarioOf(entry.choice));
        if (found) entry.result = entry.few = found;
      }
  }

  Shudian.pins = { add, show, run };
})();
