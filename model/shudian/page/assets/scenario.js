/* Scenarios in the page: what is chosen, month by month, under the same rules as shudian/scenarios.py and schedules.py.
   A scenario is a plain object that nobody changes; each function gives a new one. Values are in internal units. */
/** @type {any} */
var Shudian = self.Shudian || (self.Shudian = {});
(function () {
  "use strict";
  const data = () => Shudian.data;
  const own = (object, key) => Object.prototype.hasOwnProperty.call(object, key);
  const say = (zh, en) => ({ zh, en });
  let known = null, knownOf = null;

  /* name -> lever or assumption or uncertain parameter, each with its role */
  function parameters() {
    if (knownOf !== data()) {
      knownOf = data();
      known = new Map();
      for (const p of knownOf.levers) known.set(p.name, { ...p, role: "lever" });
      for (const p of knownOf.assumptions) known.set(p.name, { ...p, role: "assumption" });
      for (const p of knownOf.parameters) if (!known.has(p.name)) known.set(p.name, p);
    }
    return known;
  }

  function preset(name) {
    return data().presets.find((candidate) => candidate.name === name);
  }

  function fromPreset(name) {
    const found = preset(name);
    if (!found || found.kind !== "package") throw new RangeError("no such package");
    const { title, levers, assumptions, fixed } = found;
    return { name, title, base: name, levers, assumptions, fixed, priors: {}, shocks: [] };
  }

  /* The one merge rule: `before` until the first segment of `after`, then `after`. */
  function replaceFrom(before, after) {
    if (!after.length) return before;
    return [...before.filter((segment) => segment.start < after[0].start), ...after];
  }

  function merged(base, added) {
    const all = { ...base };
    for (const name of Object.keys(added)) {
      all[name] = replaceFrom(own(base, name) ? base[name] : [], added[name]);
    }
    return all;
  }

  function withLever(scenario, name, segments) {
    const parameter = parameters().get(name);
    if (!parameter || !("default" in parameter)) throw new RangeError("no such lever");
    const table = parameter.role === "lever" ? "levers" : "assumptions";
    return { ...scenario, [table]: merged(scenario[table], { [name]: segments }) };
  }

  function withShock(scenario, name) {
    const shock = preset(name);
    if (!shock || shock.kind !== "shock") throw new RangeError("no such shock");
    const shocks = scenario.shocks || [];
    if (shocks.includes(name)) return scenario;
    return {
      ...scenario,
      assumptions: merged(scenario.assumptions, shock.assumptions),
      fixed: { ...scenario.fixed, ...shock.fixed },
      shocks: [...shocks, name],
    };
  }

  /* The scenario without one of its shocks: what the shock moved is again what the base has, and the others strike anew. */
  function withoutShock(scenario, name) {
    const shock = preset(name), base = preset(scenario.base);
    if (!(scenario.shocks || []).includes(name)) return scenario;
    const assumptions = { ...scenario.assumptions }, fixed = { ...scenario.fixed };
    const back = (table, from, key) => {
      if (from && own(from, key)) table[key] = from[key];
      else delete table[key];
    };
    for (const key of Object.keys(shock.assumptions)) back(assumptions, base && base.assumptions, key);
    for (const key of Object.keys(shock.fixed)) back(fixed, base && base.fixed, key);
    const others = scenario.shocks.filter((other) => other !== name);
    let bare = { ...scenario, assumptions, fixed, shocks: [] };
    for (const other of others) bare = withShock(bare, other);
    return bare;
  }

  /* What a schedule is at `time` (months); a ramp that the next segment interrupts ends at the value it has reached. */
  function valueOf(schedule, time, otherwise) {
    for (let n = schedule.length - 1; n >= 0; n--) {
      const { start, value, ramp } = schedule[n];
      if (time < start) continue;
      if (time >= start + ramp) return value;
      const before = valueOf(schedule.slice(0, n), start, otherwise);
      return before + ((value - before) * (time - start)) / ramp;
    }
    return otherwise;
  }

  function scheduleOf(scenario, name) {
    for (const table of [scenario.levers, scenario.assumptions]) if (own(table, name)) return table[name];
    return [];
  }

  function valueAt(scenario, name, month) {
    const parameter = parameters().get(name);
    if (!parameter) throw new RangeError("no such lever");
    if (!("default" in parameter)) return own(scenario.fixed, name) ? scenario.fixed[name] : parameter.value;
    return valueOf(scheduleOf(scenario, name), month, parameter.default);
  }

  const rows = new WeakMap(), defaults = new Map();
  const NOTHING = [];

  /* One lever's value at the start of every time step; the same array for the same schedule. */
  function row(scenario, parameter) {
    const schedule = scheduleOf(scenario, parameter.name);
    const store = schedule.length ? rows : defaults;
    const key = schedule.length ? schedule : parameter.name;
    const found = store.get(key);
    if (found && found.name === parameter.name) return found.values;
    const steps = data().steps_per_month, values = new Float64Array(data().months * steps);
    for (let t = 0; t < values.length; t++) values[t] = valueOf(schedule.length ? schedule : NOTHING, t / steps, parameter.default);
    store.set(key, { name: parameter.name, values });
    return values;
  }

  /* Every scheduled parameter's row, in the order of data.scheduled. */
  function scheduleRows(scenario) {
    return data().scheduled.map((name) => row(scenario, parameters().get(name)));
  }

  function nameOf(parameter) {
    return say(`“${parameter.label.zh}”`, `“${parameter.label.en}”`);
  }

  /* What is wrong with one number for `parameter`, or null. */
  function complaint(parameter, value) {
    const name = nameOf(parameter);
    if (typeof value !== "number" || !Number.isFinite(value)) return say(`${name.zh}的值不是有限的数。`, `The value of ${name.en} is not a finite number.`);
    const slack = 1e-12 * Math.max(Math.abs(parameter.low), Math.abs(parameter.high));
    if (!(value >= parameter.low - slack && value <= parameter.high + slack)) {
      const ends = [parameter.low, parameter.high].map((end) => shown(parameter, end));
      return say(`${name.zh}的值超出范围：应在${ends[0]}与${ends[1]}之间。`, `The value of ${name.en} lies outside its range, ${ends[0]} to ${ends[1]}.`);
    }
    if (parameter.whole && value !== Math.round(value)) return say(`${name.zh}须取整数。`, `${name.en} is counted in whole numbers.`);
    return null;
  }

  function shown(parameter, value) {
    if (parameter.kind === "date") return Shudian.scenario.writeMonth(value);
    return `${Number((value * parameter.factor).toPrecision(6))}${parameter.unit_label.zh ? " " + parameter.unit_label.zh : ""}`;
  }

  function scheduleComplaints(parameter, schedule) {
    const name = nameOf(parameter), found = [];
    const months = data().months;
    if (!Array.isArray(schedule) || schedule.length > months) return [say(`${name.zh}的安排无法识别。`, `The schedule of ${name.en} cannot be read.`)];
    let last = -1;
    for (const segment of schedule) {
      const { start, value, ramp } = segment || {};
      if (!Number.isInteger(start) || start < 0 || start >= months || start <= last) {
        found.push(say(`${name.zh}的时间须在规划期内、按先后排列、各写一次。`, `The dates of ${name.en} must lie inside the horizon, in the order of time, each once.`));
        return found;
      }
      last = start;
      if (typeof ramp !== "number" || !(ramp >= 0 && ramp <= months - start) || (ramp > 0 && (start === 0 || parameter.kind === "date"))) {
        found.push(say(`${name.zh}的过渡期不成立。`, `The ramp of ${name.en} is not possible.`));
      }
      const wrong = complaint(parameter, value);
      if (wrong) found.push(wrong);
    }
    if (parameter.whole && !found.length) {
      // half a park cannot stand where a ramp is broken off, neither here nor in a scenario file
      schedule.forEach(({ start, ramp }, n) => {
        const end = n + 1 < schedule.length ? schedule[n + 1].start : Infinity;
        const reached = start + ramp > end ? valueOf(schedule.slice(0, n + 1), end, parameter.default) : 0;
        if (!Number.isInteger(reached)) found.push(say(`${name.zh}的过渡期没有结束，下一步就开始了。`, `A ramp of ${name.en} is not over when the next step begins.`));
      });
    }
    return found;
  }

  /* Everything that is wrong with a scenario, as sentences; an empty list if it can be run. */
  function valid(scenario) {
    const found = [];
    for (const [table, role] of [["levers", "lever"], ["assumptions", "assumption"]]) {
      for (const name of Object.keys(scenario[table])) {
        const parameter = parameters().get(name);
        if (!parameter || parameter.role !== role) found.push(say(`模型中没有“${name}”。`, `The model has no “${name}”.`));
        else found.push(...scheduleComplaints(parameter, scenario[table][name]));
      }
    }
    for (const name of Object.keys(scenario.fixed)) {
      const parameter = parameters().get(name);
      if (!parameter || parameter.role !== "uncertain") found.push(say(`模型中没有参数“${name}”。`, `The model has no parameter “${name}”.`));
      else {
        const wrong = complaint(parameter, scenario.fixed[name]);
        if (wrong) found.push(wrong);
      }
    }
    for (const [name, prior] of Object.entries(scenario.priors || {})) {
      const parameter = parameters().get(name);
      if (!parameter || !parameter.prior) found.push(say(`模型中没有参数“${name}”。`, `The model has no parameter “${name}”.`));
      else {
        const wrong = Shudian.priors.complaint(prior, parameter.low, parameter.high);
        if (wrong) found.push(data().strings[wrong]);
      }
    }
    const base = preset(scenario.base);
    if (!base || base.kind !== "package") found.push(say("基础方案不在本页之中。", "The base is not one of the packages of this page."));
    return found;
  }

  function writeMonth(months) {
    const whole = Math.floor(months);
    return `${data().first_year + Math.floor(whole / 12)}-${String((whole % 12) + 1).padStart(2, "0")}`;
  }

  /* What a run of a scenario depends on. */
  const keyOf = ({ levers, assumptions, fixed, priors }) => JSON.stringify([levers, assumptions, fixed, priors || {}]);

  Shudian.scenario = {
    parameters, preset, fromPreset, withLever, withShock, withoutShock, valueAt, valueOf, scheduleOf, scheduleRows, valid,
    complaint, scheduleComplaints, replaceFrom, writeMonth, keyOf,
  };
})();
