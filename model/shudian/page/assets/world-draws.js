/* Which draws the workers hold: those of the posterior as it is, and those of values and priors of one's own, each as a few
   for a slider in motion and all of them for a change that has settled. */
/** @type {any} */
var Shudian = self.Shudian || (self.Shudian = {});
(function () {
  "use strict";
  const MOST_HELD = 6; // sets of draws besides the posterior's own: a few are a megabyte, all of them up to ten

  function create(data, workers, beliefs) {
    const { names } = data.fixed, { lanes } = data, F = names.length, { few, column } = Shudian.draws.of(data);
    const held = new Map([["few", "few"]]), made = new Map(); // which draws -> their name at the workers; the newest last
    let count = 0;

    // each has whole blocks, so that which draws are run together does not depend on how many workers there are
    const bound = (size, w) => Math.min(Math.round((size * w) / workers.length / lanes) * lanes, size);
    const bounds = (size) => workers.map((_, w) => [bound(size, w), w + 1 < workers.length ? bound(size, w + 1) : size]);

    /* Give each worker its part of `size` draws, [draw][parameter]. */
    function give(name, size, valueOf) {
      bounds(size).forEach(([start, end], w) => {
        const fixed = new Float64Array((end - start) * F);
        names.forEach((parameter, p) => {
          const value = valueOf(parameter);
          for (let d = start; d < end; d++) fixed[(d - start) * F + p] = value(d);
        });
        workers[w].postMessage({ kind: "draws", name, draws: end - start, first: start, fixed }, [fixed.buffer]);
      });
    }

    function keep(which, name) {
      held.delete(which);
      held.set(which, name);
      const own = [...held.keys()].filter((other) => other !== "few" && other !== "whole");
      for (const old of own.slice(0, Math.max(own.length - MOST_HELD, 0))) {
        for (const worker of workers) worker.postMessage({ kind: "lose", name: held.get(old) });
        held.delete(old);
      }
    }

    /* The draws in which a scenario is run, `chosen` as "few" or "whole", once the workers have them: the name by which a
       task asks for them, how many they are (`sizes`: of each worker), how many independent ones they come to, and how many
       all are. Throws where the draws do not carry an answer. */
    async function of(scenario, chosen) {
      const told = beliefs.told(scenario), key = beliefs.key(scenario), which = chosen + key;
      if (told.refused) throw new RangeError(told.refused.key);
      const draws = chosen === "whole" ? told.size : Math.min(few.length, told.size);
      const values = held.has(which) ? null : await (key ? own(scenario, key) : beliefs.values(scenario));
      if (!held.has(which)) {
        // draws that were lost and are given again have another name, because what was run in them is lost too
        held.set(which, key ? `${chosen}${++count}` : chosen);
        // the few are spread evenly over all
        const place = (d) => (draws === told.size ? d : Math.floor(((d + 0.5) * told.size) / draws));
        give(held.get(which), draws, (parameter) => {
          const column = values.get(parameter);
          return (d) => column[place(d)];
        });
      }
      keep(which, held.get(which));
      const parts = bounds(draws), sizes = parts.map(([start, end]) => end - start);
      return { name: held.get(which), draws, sizes, bounds: parts, worth: Math.min(draws, told.worth), worlds: told.size };
    }

    /* The values of the newest of one's own worlds are asked for twice, for the few and for all. */
    function own(scenario, key) {
      if (!made.has(key)) {
        made.clear();
        made.set(key, beliefs.values(scenario));
      }
      return made.get(key);
    }

    give("few", few.length, (parameter) => {
      const values = column(parameter);
      return (d) => values[few[d]];
    });
    return { of };
  }

  Shudian.worldDraws = { create };
})();
