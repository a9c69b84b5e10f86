"use strict";
/* Any variable of the model at the turns of the years, in every draw: of the live scenario and of the one that it is compared
   with. Asked of the workers once a change has settled, for what is in sight; first in the few draws, then in all. */
(function () {
  const { data, state } = Shudian;
  const { pick } = Shudian.text;
  const { quantile, mean } = Shudian.statistics;
  const equations = new Map(data.equations.map((equation) => [equation.name, equation]));
  const held = { key: null, live: null, other: null, names: [] };

  /** The scenario with which the live one is compared here: that of the switch or, while it shows levels, its reference. */
  function against(context) {
    const [pin] = context.pins;
    if (state.view.against === "last" && context.lastChoice) return state.scenarioOf(context.lastChoice);
    if (state.view.against === "pin" && pin) return state.scenarioOf(pin.choice);
    return state.referenceOf(state.history.now);
  }

  /** What is known of `names`: {live, other, title} with values as name -> [turn][draw], or null while it is computed. */
  function of(context, names) {
    const other = against(context), { keyOf } = Shudian.scenario;
    const key = JSON.stringify([names, keyOf(context.scenario), keyOf(other)]);
    if (held.key !== key && context.result && context.result.settled) {
      Object.assign(held, { key });
      run(key, context, other, names);
    }
    const known = held.live && names.every((name) => held.live.values.has(name));
    return known ? { live: held.live, other: held.other, title: pick(other.title), old: held.done !== key } : null;
  }

  async function run(key, { engine, scenario }, other, names) {
    for (const draws of Shudian.verdict.turns) {
      const live = await engine.turns(scenario, names, draws);
      const beside = live && held.key === key && await engine.turns(other, names, draws);
      if (held.key !== key) return;
      if (!beside) {
        held.key = null; // given up for something newer: asked again with the next drawing of what is settled
        Shudian.main.draw();
        return;
      }
      Object.assign(held, { live, other: beside.draws === live.draws ? beside : null, done: key });
      Shudian.main.draw();
    }
  }

  /** The five quantiles of values of every draw, in the unit that is shown. */
  function levels(values, factor) {
    const sorted = Float64Array.from(values, (value) => value * factor).sort();
    return Shudian.statistics.LEVELS.map((level) => quantile(sorted, level));
  }

  /** In each draw, what `read` makes of it: [draw]. */
  const each = (found, turn, read) => Float64Array.from({ length: found.draws }, (_, draw) => read((name) => found.values.get(name)[turn][draw]));

  /** The draws in the middle tenth of a variable: typical worlds, over which sums stay sums. */
  function typical(found, name, turn) {
    const values = found.values.get(name)[turn];
    const order = Array.from(values.keys()).sort((one, two) => values[one] - values[two]);
    const reach = Math.max(1, Math.round(found.draws / 20)), middle = Math.floor(found.draws / 2);
    return order.slice(Math.max(middle - reach, 0), middle + reach);
  }

  const average = (found, draws, turn, read) => mean(draws.map((draw) => read((name) => found.values.get(name)[turn][draw])));

  Shudian.turns = { of, levels, each, typical, average, equations };
})();
