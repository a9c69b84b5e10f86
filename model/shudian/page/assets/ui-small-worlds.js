"use strict";
/* A chance as a hundred small worlds, of which so many reach the target: counted more easily than a percentage is read. */
(function () {
  const { data } = Shudian;
  const { say, pick, h, svg, short, percent } = Shudian.text;
  const STEP = 12, SIDE = 9, ROW = 20; // of a dot and of a row of dots

  /** The hundred, those that reach first. */
  function dots(chance) {
    const reached = Math.round(100 * chance);
    return svg("svg", { class: "small-worlds", width: ROW * STEP, height: (100 / ROW) * STEP, "aria-hidden": "true" },
      Array.from({ length: 100 }, (_, place) => svg("rect", { x: (place % ROW) * STEP, y: Math.floor(place / ROW) * STEP, width: SIDE, height: SIDE, rx: 2, class: place < reached ? "reached" : "" })));
  }

  /** A target under each of its definitions. */
  function shown(target, result) {
    return Object.entries(result.probability[target.id]).map(([definition, { value }]) => h("figure", { class: "small-world" },
      h("figcaption", {}, h("strong", {}, short(data.definitions[definition])), say("page_colon") + say("page_small_worlds_of", { reached: Math.round(100 * value), chance: percent(value, result.worth) })), dots(value)));
  }

  Shudian.smallWorlds = { shown, dots, title: (target) => say("page_small_worlds", { target: pick(target.label) }) };
})();
