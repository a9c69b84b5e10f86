/* All possible worlds: the draws on which `shudian run` answers, too many for a slider in motion. One scenario at a time,
   in the idle time of the workers; whatever is asked newly goes first. */
/** @type {any} */
var Shudian = self.Shudian || (self.Shudian = {});
(function () {
  "use strict";
  const { LEVELS, least } = Shudian.statistics;
  const MOST_KEPT = 6; // runs: each is some eight megabytes, and twice that where it can be reweighted
  const STRIPS = 256; // of draws in order, to which a reweighted path is known at once
  const TASKS = ["worlds", "order"];

  function create(data, engine) {
    const { workers, ask, giveUp } = engine;
    const months = data.months, turns = months / 12 + 1;
    const drawn = data.outputs.map((output) => data.kept.indexOf(output.name));
    const limits = data.strip.limits.map(([, name]) => data.equations.findIndex((equation) => equation.name === name));
    const columns = drawn.length * (months + 1) + data.equations.length;
    const kept = new Map(); // what a scenario sets -> its run; the newest last
    let turn = Promise.resolve(), asked = 0;

    /* A scenario's run, or null if it was given up. */
    function carry(scenario) {
      const mine = asked, key = Shudian.scenario.keyOf(scenario);
      turn = turn.catch(() => null).then(() => (mine === asked ? known(key) || compute(scenario, key) : null));
      return turn;
    }

    function known(key) {
      const found = kept.get(key);
      if (found) {
        kept.delete(key);
        kept.set(key, found);
      }
      return found;
    }

    async function compute(scenario, key) {
      const mine = asked, set = await engine.draws(scenario, "whole");
      if (mine !== asked) return null;
      const told = { schedule: engine.schedule(scenario), changes: engine.changesOf(scenario), drawn, draws: set.name };
      const parts = await ask("worlds", () => told);
      const orders = parts && await ask("order", (w) => ({ columns: share(parts, set, w), height: set.draws, levels: LEVELS, strips: engine.own(scenario) ? 0 : STRIPS }));
      if (!orders) return null;
      const found = { ...set, turns: yearly(parts, set), scarcest: scarcest(parts, set), orders, ...read(orders.map((order) => order.found)) };
      kept.set(key, found);
      if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
      return found;
    }

    /* The worker's share of the columns to be put in order, each with all draws. */
    function share(parts, { draws, bounds }, w) {
      const [first, last] = [w, w + 1].map((n) => Math.round((columns * n) / workers.length));
      const found = new Float64Array((last - first) * draws), shown = drawn.length * (months + 1);
      for (let c = first; c < last; c++) parts.forEach((part, n) => {
        const [from, to] = bounds[n], size = to - from;
        const [source, column] = c < shown ? [part.monthly, c] : [part.now, c - shown];
        found.set(source.subarray(column * size, (column + 1) * size), (c - first) * draws + from);
      });
      return found;
    }

    /* What is the scarcest of what a title needs, in each draw. */
    function scarcest(parts, { draws, bounds }) {
      return least(limits.map((e) => {
        const found = new Float64Array(draws);
        parts.forEach((part, n) => {
          const [from, to] = bounds[n], size = to - from;
          found.set(part.now.subarray(e * size, (e + 1) * size), from);
        });
        return found;
      }));
    }

    function yearly(parts, { draws, bounds }) {
      return data.kept.map((_, k) => Array.from({ length: turns }, (_unused, year) => {
        const found = new Float64Array(draws);
        parts.forEach((part, n) => {
          const [from, to] = bounds[n], at = (k * turns + year) * (to - from);
          found.set(part.yearly.subarray(at, at + to - from), from);
        });
        return found;
      }));
    }

    function read(found) {
      const all = new Float64Array(columns * LEVELS.length);
      found.reduce((at, part) => {
        all.set(part, at);
        return at + part.length;
      }, 0);
      const value = (column, level) => all[column * LEVELS.length + level];
      const shown = drawn.length * (months + 1), middle = LEVELS.indexOf(0.5);
      return {
        series: data.outputs.map((output, k) => LEVELS.map((_, l) => Float64Array.from({ length: months + 1 }, (_unused, m) => value(k * (months + 1) + m, l) * output.factor))),
        now: Float64Array.from(data.equations, (equation, e) => value(shown + e, middle) * equation.factor),
      };
    }

    /* The run of a scenario in the draws `drawn` of those in which it has been run, some several times: at once, with paths
       that are read from strips of draws. Null where it has not been run. */
    function again(scenario, { drawn, size, worth }) {
      const run = kept.get(Shudian.scenario.keyOf(scenario));
      if (!run) return null;
      const turns = run.turns.map((years) => years.map((values) => Float64Array.from(drawn, (d) => values[d])));
      const counts = new Uint16Array(run.draws);
      for (const d of drawn) counts[d] += 1;
      return { ...run, turns, scarcest: Uint8Array.from(drawn, (d) => run.scarcest[d]), draws: size, worth, worlds: size, ...read(run.orders.map((order) => levelled(order, counts, size))) };
    }

    /* Each column read at the levels, with each draw as often as `counts` says. */
    function levelled({ edges, member }, counts, size) {
      const height = counts.length, count = member.length / height, sums = new Float64Array(STRIPS);
      const found = new Float64Array(count * LEVELS.length);
      for (let c = 0; c < count; c++) {
        sums.fill(0);
        for (let d = 0, at = c * height; d < height; d++, at++) sums[member[at]] += counts[d];
        let strip = 0, before = 0;
        for (let l = 0; l < LEVELS.length; l++) {
          const wanted = LEVELS[l] * size, e = c * (STRIPS + 1);
          while (strip < STRIPS - 1 && before + sums[strip] < wanted) before += sums[strip++];
          const part = sums[strip] ? (wanted - before) / sums[strip] : 0;
          found[c * LEVELS.length + l] = edges[e + strip] + part * (edges[e + strip + 1] - edges[e + strip]);
        }
      }
      return found;
    }

    /* Whatever runs or waits is given up. */
    function halt() {
      asked += 1;
      giveUp(TASKS);
    }

    return { carry, again, halt };
  }

  Shudian.worlds = { create };
})();
