/* The engine of the page: it hands runs to the workers, which hold the draws, and reads from them what is shown. */
/** @type {any} */
var Shudian = self.Shudian || (self.Shudian = {});
(function () {
  "use strict";
  const MOST_WORKERS = 4;
  const YEAR = 12; // months
  const { LEVELS, Columns, quantile, band, mean, spread, least } = Shudian.statistics;

  function create(data, options = {}) {
    const workers = describe(data, options);
    const months = data.months, steps = data.steps_per_month, P = data.scheduled.length;
    const target = data.targets.find((candidate) => candidate.id === data.market);
    const until = (target.year + 1 - data.first_year) * 12;
    const rowsOf = (scenario) => Shudian.scenario.scheduleRows(scenario);
    const position = new Map(data.kept.map((name, index) => [name, index]));
    const limits = data.strip.limits.map(([, name]) => data.equations.findIndex((equation) => equation.name === name));
    const fixedIndex = new Map(data.fixed.names.map((name, index) => [name, index]));
    const { explain } = Shudian.idle.create(data);
    const { result, changeFrom } = Shudian.reading.create(data);
    const beliefs = Shudian.beliefs.of(data);
    const sets = Shudian.worldDraws.create(data, workers, beliefs);
    let jobs = 0;
    const open = new Map(); // job -> {kind, parts, left, resolve}

    workers.forEach((worker, number) => {
      worker.onmessage = (event) => {
        const job = open.get(event.data.job);
        if (!job) return;
        job.parts[number] = event.data;
        if (--job.left === 0) {
          open.delete(event.data.job);
          job.resolve(job.parts);
        }
      };
      worker.onerror = (event) => {
        for (const job of open.values()) job.reject(new Error(event.message || "worker"));
        open.clear();
      };
    });

    /* A job for every worker: `told(number)` is its message; the answers come in the order of the workers. */
    function ask(kind, told) {
      return new Promise((resolve, reject) => {
        const job = ++jobs;
        open.set(job, { kind, parts: [], left: workers.length, resolve, reject });
        workers.forEach((worker, number) => {
          const message = told(number);
          worker.postMessage({ ...message, kind, job }, message.columns ? [message.columns.buffer] : []);
        });
      });
    }

    /* Whoever waits for a job of these kinds gets null. */
    function giveUp(kinds) {
      for (const [job, entry] of open) {
        if (!kinds.includes(entry.kind)) continue;
        open.delete(job);
        entry.resolve(null);
      }
      for (const worker of workers) worker.postMessage({ kind: "drop", tasks: kinds });
    }

    /* ---- runs ---- */

    const lanes = new Map(); // slot -> what it ran last, and what was read from it

    function lane(slot, set) {
      if (!lanes.has(slot) || lanes.get(slot).name !== set.name) {
        lanes.set(slot, {
          ...set, rows: null, changes: "", turns: null, columns: null, series: null, now: null, nowColumns: null,
        });
      }
      return lanes.get(slot);
    }

    function table(rows) {
      const flat = new Float64Array(months * steps * P);
      for (let p = 0; p < P; p++) {
        const row = rows[p];
        for (let t = 0, at = p; t < row.length; t++, at += P) flat[at] = row[t];
      }
      return flat;
    }

    function firstDifference(rows, others) {
      let first = months * steps;
      rows.forEach((row, p) => {
        const other = others[p];
        if (row === other) return;
        let t = 0;
        while (t < first && row[t] === other[t]) t++;
        first = t;
      });
      return first;
    }

    /* Values that are written into every draw: none where there is a posterior, whose draws meet them already. */
    function changesOf(scenario) {
      return data.meta.calibrated ? [] : Object.keys(scenario.fixed).sort().map((name) => [fixedIndex.get(name), scenario.fixed[name]]);
    }

    /* Carry out a scenario in a slot; afterwards lane(slot).turns holds what measures and targets read. */
    async function carry(slot, scenario, shown) {
      const place = lane(slot, await sets.of(scenario, "few"));
      const rows = rowsOf(scenario), changes = changesOf(scenario), key = JSON.stringify(changes);
      const anew = !place.rows || place.changes !== key;
      const step = anew ? 0 : firstDifference(rows, place.rows);
      if (!anew && step === months * steps && (!shown || place.series)) return place;
      // the workers can begin anew at the turns of the years
      const from = anew || (shown && !place.series) ? 0 : Math.min(Math.floor(step / steps / YEAR) * YEAR, months - YEAR);
      const schedule = table(rows);
      place.rows = null; // if this fails, the next run begins anew
      const parts = await ask("run", () => ({ slot, schedule, from, changes, draws: place.name }));
      place.rows = rows;
      place.changes = key;
      const before = performance.now();
      keepTurns(place, parts, from);
      if (shown) keepSeries(place, parts, from);
      engine.lastReading = performance.now() - before;
      return place;
    }

    function gather({ sizes }, parts, offsetOf, into) {
      let d = 0;
      for (let w = 0; w < parts.length; w++) {
        const out = parts[w], size = sizes[w], offset = offsetOf(size);
        for (let i = 0; i < size; i++) into[d++] = out[offset + i];
      }
      return into;
    }

    /* [output][turn of the year] -> every draw's value */
    function keepTurns(place, parts, from) {
      // what was read from the run before stays as it was: it may be taken from another run, draw by draw
      place.turns = place.turns ? place.turns.map((years) => years.slice()) : data.kept.map(() => []);
      const outs = parts.map((part) => part.out), rows = months + 1 - from;
      for (let k = 0; k < data.kept.length; k++) {
        for (let year = Math.ceil(from / 12); year <= months / 12; year++) {
          place.turns[k][year] = gather(place, outs, (size) => (k * rows + year * 12 - from) * size, new Float64Array(place.draws));
        }
      }
    }

    function keepSeries(place, parts, from) {
      const { draws } = place, column = new Float64Array(draws), K = data.outputs.length, rows = months + 1 - from;
      if (!place.series) {
        place.series = data.outputs.map(() => LEVELS.map(() => new Float64Array(months + 1)));
        place.columns = new Columns(draws, K * (months + 1));
        place.nowColumns = new Columns(draws, data.equations.length);
        place.now = new Float64Array(data.equations.length);
      } else place.series = place.series.map((levels) => levels.map((values) => values.slice()));
      const outs = parts.map((part) => part.out);
      data.outputs.forEach((output, index) => {
        const k = position.get(output.name), levels = place.series[index];
        for (let m = from; m <= months; m++) {
          gather(place, outs, (size) => (k * rows + m - from) * size, column);
          const c = index * (months + 1) + m, sorted = place.columns.sort(c, m > 0 ? c - 1 : -1, column);
          for (let l = 0; l < LEVELS.length; l++) levels[l][m] = quantile(sorted, LEVELS[l]) * output.factor;
        }
      });
      if (parts[0].now) {
        const nows = parts.map((part) => part.now);
        for (let e = 0; e < place.now.length; e++) {
          gather(place, nows, (size) => e * size, column);
          place.now[e] = quantile(place.nowColumns.sort(e, -1, column), 0.5) * data.equations[e].factor;
        }
        place.scarcest = least(limits.map((e) => gather(place, nows, (size) => e * size, new Float64Array(draws))));
      }
    }

    /* Why one change of `scenario` against `before`, which is `scenario` without it, does nothing; null where it acts. */
    let turn = Promise.resolve();
    function unmoved(name, scenario, before) {
      const mine = turn.catch(() => null).then(async () => {
        const one = await carry("idle", scenario, false), other = await carry("idle/without", before, false);
        return explain(name, scenario, before, one.turns, other.turns);
      });
      turn = mine;
      return mine;
    }

    /* What a scenario is measured by: its own reference or, where packages stand side by side, one for all. */
    const referenceOf = (scenario, { reference = "" } = {}) => (reference ? Shudian.reference.inWorld(reference, scenario) : Shudian.reference.of(scenario));

    /* One run of a slot is under way at most, and is shown when it ends, so that a drag is seen to move; of those that
       wait only the newest is kept. */
    const wanted = new Map(); // slot -> {scenario, resolve, reject} that has not begun
    const busy = new Set();

    /* The newest scenario of a slot; with `options.against` the result says how it differs from that one. */
    function run(slot, scenario, options = {}) {
      const older = wanted.get(slot);
      if (older) older.resolve(null);
      return new Promise((resolve, reject) => {
        wanted.set(slot, { scenario, against: options.against, reference: options.reference, resolve, reject });
        if (!busy.has(slot)) next(slot);
      });
    }

    async function next(slot) {
      const asked = wanted.get(slot);
      if (!asked) return;
      wanted.delete(slot);
      busy.add(slot);
      try {
        const runs = [carry(slot, asked.scenario, true), carry(`${slot}/reference`, referenceOf(asked.scenario, asked), false)];
        if (asked.against) runs.push(carry(`${slot}/against`, asked.against, false));
        const [place, base, other] = await Promise.all(runs);
        const change = other ? changeFrom(place, other, asked.against.name) : null;
        asked.resolve({ ...result(asked.scenario, place, base), change, settled: place.draws === place.worlds });
      } catch (error) {
        lanes.delete(slot);
        asked.reject(error);
      } finally {
        busy.delete(slot);
        next(slot);
      }
    }

    /* ---- background: contributions and loops ---- */

    const DEFINITIONS = Object.keys(target.definitions);
    const contributed = data.contributed.map((name) => data.measures.find((m) => m.name === name));

    /* What the workers shall read of a single run: [output, month, month or -1, factor, threshold or null]. */
    const reads = [
      ...DEFINITIONS.map((d) => [
        position.get(target.definitions[d]), until, target.measure === "increase_over_year" ? until - 12 : -1, 1,
        target.threshold,
      ]),
      ...contributed.map((m) => [
        position.get(m.variable), (m.year + 1 - data.first_year) * 12,
        m.reading === "increase_over_year" ? (m.since - data.first_year) * 12 : -1, m.factor, null,
      ]),
    ];
    const readNames = [...DEFINITIONS, ...data.contributed];

    function groupsOf(rows, others) {
      const index = new Map(data.scheduled.map((name, p) => [name, p]));
      const grouped = new Set(data.lever_groups.flat());
      const all = [
        ...data.lever_groups.map((names) => ({ name: names[0], names })),
        ...data.levers.filter((l) => !grouped.has(l.name)).map((l) => ({ name: l.name, names: [l.name] })),
      ].map((group) => ({ name: group.name, rows: group.names.map((name) => index.get(name)) }));
      const moved = (p) => rows[p] !== others[p] && rows[p].some((value, t) => value !== others[p][t]);
      return all.map((group) => ({ ...group, moves: group.rows.some(moved) }));
    }

    /* A task for the idle time of the workers; null if a newer one of its kind has begun meanwhile. */
    const begun = { contributions: 0, cuts: 0, turns: 0 };
    async function background(kind, message, set) {
      const mine = (begun[kind] += 1);
      giveUp([kind]);
      const { name, draws, worth } = await set;
      if (mine !== begun[kind]) return null;
      const parts = await ask(kind, () => ({ ...message, draws: name }));
      return parts && { sums: parts.map((part) => part.sums), wider: Math.sqrt(draws / worth) };
    }

    /* `chosen`, here and in loops, are the draws: "few", which are quick, or "whole". */
    async function contributions(scenario, chosen = "few") {
      const base = referenceOf(scenario), rows = rowsOf(scenario), others = rowsOf(base);
      const groups = groupsOf(rows, others), moving = groups.filter((group) => group.moves);
      const from = Math.min(Math.floor(firstDifference(rows, others) / steps), until);
      const found = await background("contributions", {
        groups: moving.map((group) => group.rows), base: table(others), schedule: table(rows), from, until, reads,
        changes: changesOf(scenario), seed: 1,
      }, sets.of(scenario, chosen));
      if (!found) return null;
      const R = reads.length, width = (moving.length + 1) * R;
      const column_ = (group, r) => found.sums.flatMap((part) => {
        const list = [];
        for (let at = group * R + r; at < part.length; at += width) list.push(part[at]);
        return list;
      });
      const told = (group) => Object.fromEntries(readNames.map((name, r) => {
        // draws of a block are given several groups in the same order, and together tell it once
        const together = moving.length > 1 && group < moving.length ? data.lanes : 1;
        const { value, error } = group < 0 ? { value: 0, error: 0 } : spread(column_(group, r), together);
        return [name, { mean: value, error: error * found.wider }];
      }));
      return {
        levers: Object.fromEntries(groups.map((group) => [group.name, told(moving.indexOf(group))])),
        total: told(moving.length),
      };
    }

    async function loops(scenario, chosen = "few") {
      const rows = rowsOf(scenario);
      const switches = data.loops.map((loop) => fixedIndex.get(loop.switch));
      const asked = { switches, schedule: table(rows), until, reads, changes: changesOf(scenario) };
      const cut = await background("cuts", asked, sets.of(scenario, chosen));
      if (!cut) return null;
      const R = reads.length, width = switches.length * R;
      const told = (l, name, r) => {
        const found = cut.sums.flatMap((part) => {
          const list = [];
          for (let at = l * R + r; at < part.length; at += width) list.push(part[at]);
          return list;
        });
        // a probability changes by a mean, an amount by a median
        return r < DEFINITIONS.length ? mean(found) : band(found).median;
      };
      return Object.fromEntries(data.loops.map((loop, l) => [
        loop.name, Object.fromEntries(readNames.map((name, r) => [name, told(l, name, r)])),
      ]));
    }

    /* Any variables of a scenario at the turns of the years in every draw: {draws, worth, values}, with values as name ->
       [turn][draw] in the model's units; null if something newer was asked meanwhile. */
    async function turns(scenario, names, chosen = "few") {
      const mine = (begun.turns += 1);
      giveUp(["turns"]);
      const set = await sets.of(scenario, chosen), { draws, worth, bounds } = set, count = months / 12 + 1;
      if (mine !== begun.turns) return null;
      const wanted = names.map((name) => data.equations.findIndex((equation) => equation.name === name));
      const parts = await ask("turns", () => ({ schedule: table(rowsOf(scenario)), changes: changesOf(scenario), wanted, draws: set.name }));
      if (!parts) return null;
      const values = new Map(names.map((name, v) => [name, Array.from({ length: count }, (_unused, turn) => {
        const found = new Float64Array(draws);
        parts.forEach((part, w) => {
          const [first, last] = bounds[w], at = (v * count + turn) * (last - first);
          found.set(part.found.subarray(at, at + last - first), first);
        });
        return found;
      })]));
      return { draws, worth, values };
    }

    function forget(slot) {
      for (const name of [slot, `${slot}/reference`, `${slot}/against`]) {
        lanes.delete(name);
        for (const worker of workers) worker.postMessage({ kind: "forget", slot: name });
      }
    }

    /* ---- all possible worlds ---- */

    const worlds = Shudian.worlds.create(data, { workers, ask, giveUp, changesOf, draws: sets.of, own: (scenario) => beliefs.key(scenario) !== "", schedule: (scenario) => table(rowsOf(scenario)) });

    /* What `run` gives, in all draws; null if it was given up for something newer. */
    async function settle(scenario, options = {}) {
      const asked = [referenceOf(scenario, options), scenario, options.against].filter(Boolean);
      const [base, place, other] = await Promise.all(asked.map(worlds.carry));
      if (!base || !place || (options.against && !other)) return null;
      const change = other ? changeFrom(place, other, options.against.name) : null;
      return { ...result(scenario, place, base), change, settled: true };
    }

    /* What `settle` gives for priors of one's own, at once, where the scenario has been run in all draws without them: only
       the weights are new, and only paths differ from it by a hair. Null where it has not been run, or has a condition. */
    function reweigh(scenario, options = {}) {
      if (!Object.keys(scenario.priors || {}).length || Object.keys(scenario.fixed).length) return null;
      const told = beliefs.told(scenario), asked = [referenceOf(scenario, options), scenario, options.against].filter(Boolean);
      const places = told.refused ? [null] : asked.map((one) => worlds.again({ ...one, priors: {} }, told));
      if (places.some((place) => !place)) return null;
      const [base, place, other] = places, change = other ? changeFrom(place, other, options.against.name) : null;
      return { ...result(scenario, place, base), change, reweighed: true };
    }

    /* `reweigh`, or else `run`. */
    const quick = async (slot, scenario, options) => reweigh(scenario, options) || run(slot, scenario, options);

    /* Whatever is being computed of a scenario that no longer stands is given up. */
    function halt() {
      worlds.halt();
      giveUp(["contributions", "cuts", "turns"]);
    }

    const engine = { run, quick, reweigh, settle, halt, unmoved, contributions, loops, turns, forget, beliefs, lastReading: 0 };
    return engine;
  }

  /* Start the workers; they know the model, and get their draws later. */
  function describe(data, options) {
    const source = options.source || document.getElementById("engine").textContent;
    const count = Math.max(1, Math.min(options.workers || navigator.hardwareConcurrency || 2, MOST_WORKERS));
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const now = (data.targets.find((t) => t.id === data.market).year + 1 - data.first_year) * YEAR;
    return Array.from({ length: count }, () => {
      const worker = new Worker(address);
      worker.postMessage({ kind: "start", now });
      return worker;
    });
  }

  Shudian.engine = { create };
})();
