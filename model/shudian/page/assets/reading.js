/* What is read from the runs of a scenario, as compare/results.py and compare/verdicts.py read it. A `place` is a run: its
   draws, `worth` as many independent ones, out of `worlds`, `turns` as [output][turn of the year][draw], `series` as [drawn output][level][month], `now` as [equation], `scarcest` as [draw]. */
/** @type {any} */
var Shudian = self.Shudian || (self.Shudian = {});
(function () {
  "use strict";
  const { LEVELS, band, mean, quantile, share, spread } = Shudian.statistics;

  function create(data) {
    const target = data.targets.find((candidate) => candidate.id === data.market);
    const position = new Map(data.kept.map((name, index) => [name, index]));

    function reading(place, variable, kind, since, year, factor) {
      const turns = place.turns[position.get(variable)];
      const end = turns[year + 1 - data.first_year];
      const begin = kind === "increase_over_year" ? turns[since - data.first_year] : null;
      return Float64Array.from(end, (value, d) => (value - (begin ? begin[d] : 0)) * factor);
    }

    const readMeasure = (place, m) => reading(place, m.variable, m.reading, m.since, m.year, m.factor);
    const amounts = (place, t, definition, year, factor) =>
      reading(place, t.definitions[definition], t.measure, year, year, factor);
    const reached = (place, t, definition, year) =>
      Float64Array.from(amounts(place, t, definition, year, 1), (value) => Number(value >= t.threshold));

    function each(names, value) {
      return Object.fromEntries(names.map((name) => [name, value(name)]));
    }

    /* compare/cost.py: cost by gain, draw by draw. Where nothing is gained a unit of it costs without end, and a bound
       is then null; where a package does not cost more there is no price. */
    function ratio(costs, gains) {
      const found = Array.from(costs, (cost, d) => (gains[d] > 0 ? cost / gains[d] : Infinity)).sort((a, b) => a - b);
      // no interpolation, which would make an infinite price of a finite one
      const at = (level) => found[Math.max(Math.ceil(level * found.length) - 1, 0)];
      const finite = (value) => (Number.isFinite(value) ? value : null);
      return {
        median: finite(at(0.5)), low: finite(at(0.05)), high: finite(at(0.95)),
        saving: mean(Array.from(costs, (cost) => Number(cost <= 0))) > data.saving,
        positive_share: mean(Array.from(gains, (gain) => Number(gain > 0))),
      };
    }

    /* Draws that were drawn again by weight are worth fewer, and the errors of chances are those of what they are worth. */
    const widened = ({ value, error }, { draws, worth }) => ({ value, error: error * Math.sqrt(draws / worth) });

    /* What a change brings, draw by draw on the same draws: medians of two runs do not subtract. */
    function changeFrom(place, other, name) {
      const paired = (one, two) => one.map((value, d) => value - two[d]);
      return {
        against: name,
        measures: Object.fromEntries(data.measures.map((m) => [m.name, band(paired(readMeasure(place, m), readMeasure(other, m)))])),
        probability: Object.fromEntries(data.targets.map((t) => [
          t.id,
          each(Object.keys(t.definitions), (d) => widened(spread(paired(reached(place, t, d, t.year), reached(other, t, d, t.year))), place)),
        ])),
      };
    }

    function result(scenario, place, base) {
      const { turns } = place; // a function, so that whoever copies a result does not copy every draw
      const definitions = Object.keys(target.definitions);
      const values = Object.fromEntries(data.measures.map((m) => [m.name, readMeasure(place, m)]));
      const others = Object.fromEntries(data.measures.map((m) => [m.name, readMeasure(base, m)]));
      const less = (name) => Float64Array.from(values[name], (value, d) => value - others[name][d]);
      const gains = Object.fromEntries(data.additional.map((name) => [name, less(name)]));
      const costs = less("cost");
      const total = { ...data.measures.find((m) => m.name === "output"), reading: "level_at_year_end" };
      const made = readMeasure(place, total), otherwise = readMeasure(base, total);
      return {
        scenario,
        draws: place.draws, worth: place.worth, worlds: place.worlds, turns: () => turns,
        probability: Object.fromEntries(data.targets.map((t) => [
          t.id, each(Object.keys(t.definitions), (d) => widened(share(reached(place, t, d, t.year)), place)),
        ])),
        standing: Object.fromEntries(data.standing_years.map((year) => [year, each(definitions, (d) => ({
          median: band(amounts(place, target, d, year, target.factor)).median,
          reached: share(reached(place, target, d, year)).value,
        }))])),
        measures: each(Object.keys(values), (name) => band(values[name])),
        additional: each(data.additional, (name) => band(gains[name])),
        cost_per_job: ratio(costs.map((cost) => cost * 1e4), gains.jobs), // 亿元 -> 万元 a job
        cost_per_output: ratio(costs, made.map((value, d) => value - otherwise[d])), // both until the end of that year
        probability_gain: each(definitions, (d) => {
          const before = reached(base, target, d, target.year);
          return widened(spread(reached(place, target, d, target.year).map((flag, draw) => flag - before[draw])), place);
        }),
        series: Object.fromEntries(data.outputs.map((output, index) => [output.name, {
          q05: place.series[index][0], q25: place.series[index][1], q50: place.series[index][2],
          q75: place.series[index][3], q95: place.series[index][4],
        }])),
        limits: data.strip.limits.map(([name], k) => ({ name, share: mean(Array.from(place.scarcest, (least) => Number(least === k))) })),
        now: Object.fromEntries(data.equations.map((equation, e) => [equation.name, place.now[e]])),
        finite: Object.values(values).every((list) => list.every(Number.isFinite)),
      };
    }

    /* Whether two results are of the same draws, so that they can be taken from each other draw by draw. */
    const alike = (one, other) => one.draws === other.draws && one.worlds === other.worlds
      && Shudian.scenario.keyOf({ ...one.scenario, levers: {}, assumptions: {} }) === Shudian.scenario.keyOf({ ...other.scenario, levers: {}, assumptions: {} });

    /* What one result has more of a variable than another at each turn of the year, as quantiles of the draws' differences:
       [level][turn], in the unit to which `factor` converts. */
    function differences(one, other, variable, factor) {
      const [ours, theirs] = [one, other].map((found) => found.turns()[position.get(variable)]);
      const found = ours.map((values, turn) => {
        const sorted = Float64Array.from(values, (value, d) => (value - theirs[turn][d]) * factor).sort();
        return LEVELS.map((level) => quantile(sorted, level));
      });
      return LEVELS.map((_, l) => found.map((levels) => levels[l]));
    }

    /* Of a measure: the difference draw by draw, and the probability that the first has more, as compare/ranking.py has it:
       a tie counts half. */
    function ahead(one, other, m) {
      const [ours, theirs] = [one, other].map((found) => readMeasure({ turns: found.turns() }, m));
      const more = ours.map((value, d) => value - theirs[d]);
      return { ...band(more), ahead: mean(Array.from(more, (value) => (Math.sign(value) + 1) / 2)) };
    }

    /* What one result has more than another, as `change` of a result against the scenario that it was run with. */
    const change = (one, other) => changeFrom({ ...one, turns: one.turns() }, { ...other, turns: other.turns() }, other.scenario.name);

    return { result, changeFrom, alike, differences, ahead, change, read: reading, readMeasure, reached, amounts };
  }

  Shudian.reading = { create };
})();
