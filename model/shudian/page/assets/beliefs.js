/* Values on which the draws are conditioned, and priors of one's own: what shudian/conditioning.py and own_priors.py make of
   the posterior's draws, from the draws that the page carries. An uncertain parameter cannot be chosen, so that a scenario's
   `fixed` asks for the worlds in which it has that value and which go on to fit the reports; its `priors` reweight them.
   Both give draws of equal weight, some of them several times, so that whatever reads them needs to know nothing of it. */
/** @type {any} */
var Shudian = self.Shudian || (self.Shudian = {});
(function () {
  "use strict";
  const MOST_KEPT = 40; // of what was found for values and priors; none is large
  const SLICE = 12; // milliseconds of work on draws between two looks at what is pressed

  function create(data) {
    const { nearest, fewest, reach, warned, refused, first, order } = data.beliefs;
    const { settled: draws, column } = Shudian.draws.of(data);
    const parameters = new Map(data.parameters.filter((p) => p.prior).map((p) => [p.name, p]));
    const shapes = new Map(), latents = new Map(), found = new Map();
    const mayBeNil = (name) => parameters.get(name).prior.distribution === "nil_or_normal";

    function shape(name) {
      if (!shapes.has(name)) {
        const { prior, low, high } = parameters.get(name);
        shapes.set(name, Shudian.priors.shape(prior, low, high));
      }
      return shapes.get(name);
    }

    function latent(name) {
      if (!latents.has(name)) latents.set(name, column(name).map(shape(name).latent));
      return latents.get(name);
    }

    /* ---- own priors ---- */

    /* What each draw counts under the priors, adding up to 1; null where none is possible. */
    function weights(priors) {
      const logarithm = new Float64Array(draws);
      for (const [name, prior] of Object.entries(priors)) {
        const { low, high } = parameters.get(name), old = shape(name), values = column(name);
        const own = Shudian.priors.shape(prior, low, high), nil = prior.arguments.nil_probability || 0;
        for (let d = 0; d < draws; d++) {
          const x = Math.min(Math.max(values[d], low), high);
          // beside a probability of exactly nil a density counts for nothing
          const after = mayBeNil(name) && x === 0 ? Math.log(nil) : own.logDensity(x), before = old.logDensity(x);
          logarithm[d] += Number.isFinite(after) && Number.isFinite(before) ? after - before : -Infinity;
        }
      }
      const most = logarithm.reduce((a, b) => Math.max(a, b), -Infinity);
      if (most === -Infinity) return null;
      const weight = logarithm.map((value) => Math.exp(value - most)), sum = weight.reduce((a, b) => a + b, 0);
      return weight.map((value) => value / sum);
    }

    const effective = (weight) => (weight ? 1 / weight.reduce((sum, w) => sum + w * w, 0) : 0);

    /* As many draws as there are, in the order in which they stand on file, each as often as its weight says. */
    function again(weight) {
      const file = Array.from(order.slice(0, draws), (place, draw) => [place, draw]).sort((a, b) => a[0] - b[0]);
      const chosen = new Int32Array(draws), reached = new Float64Array(draws);
      let sum = 0, at = 0;
      file.forEach(([, draw], place) => { reached[place] = sum += weight[draw]; });
      for (let n = 0; n < draws; n++) {
        while (at < draws - 1 && reached[at] / sum <= (n + first) / draws) at += 1;
        chosen[n] = file[at][1];
      }
      return chosen;
    }

    /* ---- conditions ---- */

    function askedFor(name, value, drawn) {
      const z = latent(name), values = column(name), nil = mayBeNil(name) && value === 0;
      const possible = Uint8Array.from(drawn, (d) => Number(!mayBeNil(name) || (values[d] === 0) === nil));
      let count = 0, sum = 0, squares = 0;
      drawn.forEach((d, place) => { if (possible[place]) { count += 1; sum += z[d]; } });
      drawn.forEach((d, place) => { if (possible[place]) squares += (z[d] - sum / count) ** 2; });
      const spread = (count && Math.sqrt(squares / count)) || 1, number = nil ? 0 : shape(name).latent(value);
      const far = Float64Array.from(drawn, (d, place) => (!possible[place] ? Infinity : nil ? 0 : Math.abs(z[d] - number) / spread));
      return { name, value, z, nil, number, possible, spread, far };
    }

    /* How many independent draws some of the drawn are, each of which is there so many times (Kish). */
    function worth(drawn, copies, which) {
      let count = 0, sum = 0;
      for (let n = 0; n < drawn.length; n++) if (which(n)) { count += 1; sum += copies[drawn[n]]; }
      return count && (count * count) / sum;
    }

    /* The values of one parameter on which can be conditioned beside the others, [low, high]; null where there are none. */
    function allowed(one, drawn, copies, others) {
      if (one.nil) return null;
      const members = [...drawn.keys()].filter((n) => one.possible[n] && others(n)).sort((a, b) => one.z[drawn[a]] - one.z[drawn[b]]);
      const z = members.map((n) => one.z[drawn[n]]), total = [0];
      for (const n of members) total.push(total[total.length - 1] + copies[drawn[n]]);
      let from = 0, until = 0;
      const open = z.filter((value, n) => {
        while (z[from] < z[n] - reach * one.spread) from += 1;
        while (until < z.length && z[until] <= z[n] + reach * one.spread) until += 1;
        return (until - from) ** 2 >= fewest * (total[until] - total[from]);
      });
      return open.length ? [open[0], open[open.length - 1]].map((end) => shape(one.name).value(end)) : null;
    }

    function refusal(asked, drawn, copies, carrying) {
      const about = { near: Math.round(carrying), draws: drawn.length, needed: fewest };
      for (const one of asked) {
        const others = (n) => asked.every((other) => other === one || other.far[n] <= reach);
        if (worth(drawn, copies, (n) => others(n) && one.far[n] <= reach) >= fewest) continue;
        const ends = allowed(one, drawn, copies, others);
        if (ends) return { key: "page_given_refused", name: one.name, ends, ...about };
      }
      return { key: "page_given_together", names: asked.map((one) => one.name), ...about };
    }

    /* ---- both ---- */

    const sorted = (table) => Object.keys(table || {}).sort().map((name) => [name, table[name]]);

    /* What of a scenario the draws depend on; empty where they are those of the posterior as it is. */
    function key({ fixed, priors }) {
      const told = [data.meta.calibrated ? sorted(fixed) : [], sorted(priors)];
      return told.some((list) => list.length) ? JSON.stringify(told) : "";
    }

    /* In which draws a scenario is run, in milliseconds: `refused` says why there are none; `drawn` are the draws, and `near`
       the places in it that carry the answer; `size` is how many these are, and `worth` to how many independent ones they
       come; `reweighted` is what the own priors alone leave. Values that are no condition, for want of a posterior, are none. */
    function told(scenario) {
      const name = key(scenario);
      if (!found.has(name)) {
        found.set(name, name ? select(data.meta.calibrated ? scenario.fixed : {}, scenario.priors || {}) : plain());
        if (found.size > MOST_KEPT) found.delete(found.keys().next().value);
      }
      return found.get(name);
    }

    function plain() {
      const drawn = Int32Array.from({ length: draws }, (_, draw) => draw);
      return { refused: null, drawn, near: drawn, asked: [], size: draws, worth: draws, reweighted: null, few: false };
    }

    function select(fixed, priors) {
      let { drawn } = plain(), reweighted = null;
      const copies = new Float64Array(draws).fill(1);
      const both = Object.keys(priors).find((name) => name in fixed);
      if (both) return { refused: { key: "page_value_and_prior", name: both } };
      if (Object.keys(priors).length) {
        if (!data.meta.calibrated) return { refused: { key: "page_prior_uncalibrated" } };
        const gained = Object.keys(priors).find((name) => priors[name].arguments.nil_probability > 0 && !mayBeNil(name));
        if (gained) return { refused: { key: "page_prior_gains_nil", name: gained } };
        const weight = weights(priors);
        reweighted = effective(weight);
        if (!(reweighted >= refused)) {
          return { refused: { key: "page_prior_refused", names: Object.keys(priors), effective: Math.round(reweighted), draws, needed: refused } };
        }
        drawn = again(weight);
        copies.fill(0);
        for (const d of drawn) copies[d] += 1;
      }
      const asked = sorted(fixed).map(([name, value]) => askedFor(name, value, drawn));
      let near = Int32Array.from(drawn.keys()), carrying = reweighted === null ? draws : reweighted;
      if (asked.length) {
        const far = Float64Array.from(drawn, (_, n) => Math.max(...asked.map((one) => one.far[n])));
        const limit = Math.min(reach, far.slice().sort()[Math.min(nearest, far.length) - 1]);
        carrying = worth(drawn, copies, (n) => far[n] <= limit);
        if (carrying < fewest) return { refused: refusal(asked, drawn, copies, carrying) };
        near = near.filter((n) => far[n] <= limit);
      }
      return {
        refused: null, drawn, near, asked, size: near.length, worth: Math.min(carrying, near.length), reweighted,
        few: reweighted !== null && reweighted < warned,
      };
    }

    /* By how much one latent number moves with each of those that are given a value: slopes over all possible draws, because
       those of a narrow strip are mostly noise. */
    function slopes({ drawn, asked }) {
      const leading = asked.filter((one) => !one.nil);
      const base = [...drawn.keys()].filter((n) => asked.every((one) => one.possible[n]));
      const causes = leading.map((one) => {
        const z = Float64Array.from(base, (n) => one.z[drawn[n]]), mean = z.reduce((a, b) => a + b, 0) / z.length;
        return z.map((value) => value - mean);
      });
      const inner = (a, b) => a.reduce((sum, value, n) => sum + value * b[n], 0);
      const products = causes.map((one) => causes.map((other) => inner(one, other)));
      const members = Int32Array.from(base, (n) => drawn[n]);
      return { leading, of: (z) => solved(products, causes.map((one) => one.reduce((sum, value, n) => sum + value * z[members[n]], 0))) };
    }

    /* The values of all parameters in the draws that carry a scenario's answer: name -> [draw]. Takes a second the first
       time, in slices. */
    async function values(scenario) {
      const { drawn, near, asked } = told(scenario), result = new Map();
      const given = new Map(asked.map((one) => [one.name, one.value]));
      const members = near.map((n) => drawn[n]), { leading, of } = slopes({ drawn, asked });
      const missing = leading.map((one) => Float64Array.from(members, (d) => one.number - one.z[d]));
      let until = performance.now() + SLICE;
      for (const name of data.fixed.names) {
        if (performance.now() > until) {
          await new Promise((done) => setTimeout(done, 0));
          until = performance.now() + SLICE;
        }
        const before = column(name);
        let after = Float64Array.from(members, (d) => before[d]);
        if (given.has(name)) after.fill(given.get(name));
        else if (leading.length && parameters.has(name) && !mayBeNil(name)) {
          const z = latent(name), slope = of(z), { value } = shape(name);
          after = after.map((x, n) => value(z[members[n]] + missing.reduce((sum, gap, k) => sum + slope[k] * gap[n], 0), x));
        }
        result.set(name, after);
      }
      return result;
    }

    return { key, told, values };
  }

  /* The solution of a few linear equations; an unknown that the others tell already is nil. */
  function solved(products, right) {
    const n = right.length, rows = products.map((line, k) => [...line, right[k]]), scale = products.map((line, k) => line[k]);
    for (let k = 0; k < n; k++) {
      if (!(Math.abs(rows[k][k]) > 1e-12 * scale[k])) {
        rows[k].fill(0);
        continue;
      }
      for (let other = 0; other < n; other++) {
        if (other === k) continue;
        const share = rows[other][k] / rows[k][k];
        if (share) rows[other] = rows[other].map((value, column) => value - share * rows[k][column]);
      }
    }
    return rows.map((line, k) => (line[k] ? line[n] / line[k] : 0));
  }

  const made = new WeakMap();

  /* One for all parts of a page, which share what it has found. */
  function of(data) {
    if (!made.has(data)) made.set(data, create(data));
    return made.get(data);
  }

  Shudian.beliefs = { of };
})();
