/* What was changed and yet does nothing, and why: what compare/idle.py finds, from the same data and by the same
   rule, but for `zero`, which is `unmoved` here: the page keeps no variables but those that it shows and judges by. */
/** @type {any} */
var Shudian = self.Shudian || (self.Shudian = {});
(function () {
  "use strict";

  function create(data) {
    const { mostly, least, rounding, after, late } = data.idle;
    const position = new Map(data.kept.map((name, index) => [name, index]));
    const judged = new Set([
      ...data.measures.map((m) => m.variable), ...data.targets.flatMap((t) => Object.values(t.definitions)),
    ]);
    const parameters = new Map([...data.levers, ...data.assumptions].map((p) => [p.name, p]));
    const steps = data.steps_per_month;

    const parted = (a, b, share) => Math.abs(a - b) > share * Math.max(Math.abs(a), Math.abs(b));
    const row = (scenario, name) => Shudian.scenario.scheduleRows(scenario)[data.scheduled.indexOf(name)];

    /* The month in which the two begin to differ in a lever; null if they never do. */
    function startOf(lever, scenario, before) {
      const one = row(scenario, lever.name), other = row(before, lever.name);
      const first = one.findIndex((value, t) => parted(value, other[t], rounding));
      if (first < 0) return null;
      const start = Math.floor(first / steps);
      if (lever.kind !== "date") return start;
      // nothing happens before the earlier of the two dates
      const earlier = (found, value, t) => (!parted(value, other[t], rounding) ? found : Math.min(found, value, other[t]));
      return Math.max(start, one.reduce(earlier, Infinity));
    }

    /* Whether a lever is 0 from a month on, or a date lies behind it. */
    function atRest(name, scenario, since) {
      const limit = parameters.get(name).kind === "date" ? since : 0;
      return row(scenario, name).subarray(Math.floor(since) * steps).every((value) => value <= limit);
    }

    /* Shares of the draws with the same outcomes, exactly or nearly: until the end of the target's year, to the end. */
    function shares(one, other) {
      const draws = one[0][0].length, until = after / 12;
      const counts = { exact: 0, nearly: 0, exactWhole: 0, nearlyWhole: 0 };
      for (let d = 0; d < draws; d++) {
        const found = { exact: true, nearly: true, exactWhole: true, nearlyWhole: true };
        for (const name of judged) {
          const k = position.get(name);
          for (let year = 0; year < one[k].length; year++) {
            const a = one[k][year][d], b = other[k][year][d];
            if (!parted(a, b, rounding)) continue;
            const far = parted(a, b, least);
            found.exactWhole = false;
            if (far) found.nearlyWhole = false;
            if (year <= until) {
              found.exact = false;
              if (far) found.nearly = false;
            }
          }
        }
        for (const key of Object.keys(counts)) counts[key] += found[key] / draws;
      }
      return counts;
    }

    /* Why taking one change back changes nothing: null where it does. `one` and `other` hold [kept][year][draw]. */
    function explain(name, scenario, before, one, other) {
      const lever = parameters.get(name), start = startOf(lever, scenario, before);
      if (start === null) return { name, reason: "same", start: 0, share: 1, whole: 1, needs: [] };
      const found = shares(one, other);
      const close = (share) => share > 1 - 1e-9;
      if (found.nearly < mostly) return null;
      const told = (reason, exact, needs) => ({
        name, reason, start, needs: needs || [],
        share: exact ? found.exact : found.nearly, whole: exact ? found.exactWhole : found.nearlyWhole,
      });
      const missing = (lever.needs || []).filter((needed) => atRest(needed, scenario, start));
      if (start >= data.months) return told("late");
      if (close(found.exactWhole) && missing.length) {
        const ended = missing.some((needed) => parameters.get(needed).kind === "date");
        return told(ended ? "ended" : atRest(name, scenario, start) ? "off" : "needs", false, missing);
      }
      if (lever.limit && (start >= after ? found.exactWhole : found.exact) >= mostly) return told("limit", true);
      if (found.nearlyWhole < mostly) return told("after");
      if (start >= late) return told("late");
      if (lever.limit) return told("limit");
      return told(close(found.exactWhole) ? "unmoved" : "small");
    }

    return { explain };
  }

  Shudian.idle = { create };
})();
