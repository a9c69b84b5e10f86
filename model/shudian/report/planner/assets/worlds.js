/* All possible worlds: the draws on which `shudian run` answers, too many for a slider in motion. One scenario at a time,
   in the idle time of the workers; whatever is asked newly goes first. Numbers are float32, which changes no digit that
   is printed, except for the few draws, which are the same in both. */
var Shudian = self.Shudian || (self.Shudian = {});
(function () {
  "use strict";
  const { LEVELS } = Shudian.statistics;
  const MOST_KEPT = 5; // runs: each is some eight megabytes
  const TASKS = ["worlds", "order"];

  function create(data, engine) {
    const { workers, ask, giveUp } = engine;
    const months = data.months, turns = months / 12 + 1;
    const draws = data.whole ? data.whole.draws : data.meta.draws;
    const bounds = workers.map((_, w) => [w, w + 1].map((n) => Math.round((draws * n) / workers.length)));
    const drawn = data.outputs.map((output) => data.kept.indexOf(output.name));
    const columns = drawn.length * (months + 1) + data.equations.length;
    const kept = new Map(); // what a scenario sets -> its run; the newest last
    let turn = Promise.resolve(), asked = 0, started = false;

    /* Give each worker its part of all draws, [draw][parameter]. */
    function start() {
      started = true;
      const { names, few, values } = data.whole || { names: [], few: null, values: "" };
      const many = new Float32Array(Shudian.statistics.decoded(values));
      const exact = new Float64Array(Shudian.statistics.decoded(data.fixed.values));
      const rows = data.fixed.names.map((name) => names.indexOf(name)), F = rows.length, count = data.meta.draws;
      const same = new Map((few || [...Array(draws).keys()]).map((draw, place) => [draw, place]));
      workers.forEach((worker, w) => {
        const [first, last] = bounds[w], fixed = new Float64Array((last - first) * F);
        for (let d = first; d < last; d++) {
          const place = same.has(d) ? same.get(d) : -1;
          // what does not vary is the same in every draw
          for (let p = 0; p < F; p++) {
            fixed[(d - first) * F + p] = place >= 0 ? exact[p * count + place] : rows[p] < 0 ? exact[p * count] : many[rows[p] * draws + d];
          }
        }
        worker.postMessage({ kind: "whole", draws: last - first, first, fixed }, [fixed.buffer]);
      });
    }

    /* The name of the draws that a task shall use, once the workers have them. */
    function ready(chosen) {
      if (chosen === "whole" && !started) start();
      return chosen;
    }

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
      ready("whole");
      const told = { schedule: engine.schedule(scenario), changes: engine.changesOf(scenario), drawn };
      const parts = await ask("worlds", () => told);
      const orders = parts && await ask("order", (w) => ({ columns: share(parts, w), height: draws, levels: LEVELS }));
      if (!orders) return null;
      const found = { draws, turns: yearly(parts), ...read(orders.map((order) => order.found)) };
      kept.set(key, found);
      if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
      return found;
    }

    /* The worker's share of the columns to be put in order, each with all draws. */
    function share(parts, w) {
      const [first, last] = [w, w + 1].map((n) => Math.round((columns * n) / workers.length));
      const found = new Float32Array((last - first) * draws), shown = drawn.length * (months + 1);
      for (let c = first; c < last; c++) parts.forEach((part, n) => {
        const [from, to] = bounds[n], size = to - from;
        const [source, column] = c < shown ? [part.monthly, c] : [part.now, c - shown];
        found.set(source.subarray(column * size, (column + 1) * size), (c - first) * draws + from);
      });
      return found;
    }

    function yearly(parts) {
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
      found.reduce((at, part) => (all.set(part, at), at + part.length), 0);
      const value = (column, level) => all[column * LEVELS.length + level];
      const shown = drawn.length * (months + 1), middle = LEVELS.indexOf(0.5);
      return {
        series: data.outputs.map((output, k) => LEVELS.map((_, l) => Float64Array.from({ length: months + 1 }, (_unused, m) => value(k * (months + 1) + m, l) * output.factor))),
        now: Float64Array.from(data.equations, (equation, e) => value(shown + e, middle) * equation.factor),
      };
    }

    /* Whatever runs or waits is given up. */
    function halt() {
      asked += 1;
      giveUp(TASKS);
    }

    return { carry, halt, ready, draws };
  }

  Shudian.worlds = { create };
})();
