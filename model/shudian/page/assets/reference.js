/* With what a scenario is compared where nobody says, by the rules of answers/chosen.py (natural_reference) and
   scenario_past.py (departure): what would be, had nobody decided what is asked about. */
/** @type {any} */
var Shudian = self.Shudian || (self.Shudian = {});
(function () {
  "use strict";
  const SAME = 1e-9; // share of a lever's range
  const STEPS = 8; // looks a month, so that a ramp that ends within one is seen
  const NOTHING = [];
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const lever = (levers, name) => (Object.hasOwn(levers, name) ? levers[name] : NOTHING);

  /* The first month from which two tables of levers are at different amounts; the end of the horizon if none is. */
  function departure(levers, others) {
    const { months } = Shudian.data;
    let first = months;
    for (const name of new Set([...Object.keys(levers), ...Object.keys(others)])) {
      const pair = [lever(levers, name), lever(others, name)];
      if (same(pair[0], pair[1])) continue;
      const rows = pair.map((schedule) => Float64Array.from({ length: months * STEPS }, (_, look) => Shudian.scenario.valueOf(schedule, look / STEPS, 0)));
      const slack = SAME * rows.reduce((most, row) => row.reduce((highest, value) => Math.max(highest, Math.abs(value)), most), 0);
      const isSet = (schedule, look) => schedule.length > 0 && look / STEPS >= schedule[0].start;
      for (let look = 0; look < first * STEPS; look++) {
        if (isSet(pair[0], look) === isSet(pair[1], look) && Math.abs(rows[0][look] - rows[1][look]) <= slack) continue;
        first = Math.floor(look / STEPS);
      }
    }
    return first;
  }

  const known = new Map(); // levers as a text -> name
  const MOST = 500;

  /* The name of the package with which one that chooses these levers is compared. */
  function nameOf({ levers }) {
    const key = JSON.stringify(levers);
    if (!known.has(key)) {
      const { data } = Shudian, from = departure(levers, Shudian.scenario.preset(data.record).levers);
      if (known.size >= MOST) known.clear();
      known.set(key, from >= data.months ? data.root : from >= data.now ? data.record : data.reference);
    }
    return known.get(key);
  }

  /* What the package called `name` chooses, in the world of `scenario`. */
  function inWorld(name, { assumptions, fixed, priors }) {
    return { ...Shudian.scenario.fromPreset(name), assumptions, fixed, priors };
  }

  /* Whether a package makes assumptions of its own, so that what it is measured by is not the reference as it is. */
  function isElsewhere(scenario, base) {
    const { scheduled, assumptions } = Shudian.data, [rows, others] = [scenario, base].map(Shudian.scenario.scheduleRows);
    const same_ = (row, other) => row === other || row.every((value, step) => value === other[step]);
    return JSON.stringify(scenario.fixed) !== JSON.stringify(base.fixed)
      || assumptions.some(({ name }) => { const place = scheduled.indexOf(name); return !same_(rows[place], others[place]); });
  }

  /* What a scenario is measured by; its title says so where it is in the world of that scenario. */
  function of(scenario) {
    const name = nameOf(scenario), base = Shudian.scenario.fromPreset(name), found = inWorld(name, scenario);
    if (!isElsewhere(scenario, base)) return found;
    const title = (language) => Shudian.data.strings.title_beside[language].replace(/\{(\w+)\}/g, (_, place) => ({ reference: base.title, package: scenario.title })[place][language]);
    return { ...found, title: { zh: title("zh"), en: title("en") } };
  }
  /* Whether two scenarios of one world choose the same. */
  const alike = (scenario, other) => departure(scenario.levers, other.levers) >= Shudian.data.months;
  const isItself = (scenario) => alike(scenario, of(scenario));

  Shudian.reference = { departure, nameOf, of, inWorld, alike, isItself };
})();
