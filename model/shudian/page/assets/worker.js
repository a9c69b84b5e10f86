/* One of several workers: it holds a part of the draws and runs scenarios in them.
   A message {kind: "run"} is carried out at once in the few draws that a moving slider needs; the tasks "worlds",
   "order", "turns", "contributions" and "cuts" wait until nothing else is asked, work in short slices and give way to a newer
   task of their kind. */
(function () {
  "use strict";
  const model = self.Shudian.model;
  const SLICE = 4; // milliseconds of background work between two looks at the messages
  let months = 0, now = 0;
  // name -> draws in which can be run, {draws, first, fixed}, with fixed as [draw][parameter]; `first` counts those of other
  // workers, so that what is drawn by lot does not depend on how many workers there are
  const sets = new Map();
  const slots = new Map();
  const scratch = new Float64Array(model.equations.length);

  function start(message) {
    months = message.months;
    now = message.now;
    sets.set("few", message);
  }

  function room(set) {
    const { draws } = set;
    return {
      set,
      block: new Float64Array(draws * model.block),
      state: new Float64Array(draws * (months + 1) * model.stocks),
    };
  }

  function prepare(place, draw, changes) {
    let values = place.set.fixed, first = draw * model.fixed;
    if (changes.length) {
      values = values.slice(first, first + model.fixed);
      first = 0;
      for (const [index, value] of changes) values[index] = value;
    }
    model.prepare(values, first, place.block, draw * model.block, place.state, draw * (months + 1) * model.stocks);
  }

  /* All draws of a set from month `from` on, where the schedules may differ from the slot's last run; what came before is
     kept as long as the draws are the same.
     The outputs come back as [output][month from `from` on][draw], the equations at month `now` as [equation][draw]. */
  function run(message) {
    const { slot, schedule, from, changes } = message, set = setOf(message), { draws } = set;
    if (!slots.has(slot) || slots.get(slot).set !== set) slots.set(slot, room(set));
    const place = slots.get(slot);
    const rows = months + 1 - from, width = rows * draws;
    const out = new Float64Array(model.outputs.length * width);
    const seen = from <= now ? new Float64Array(model.equations.length * draws) : null;
    const last = months * model.steps - 1;
    for (let draw = 0; draw < draws; draw++) {
      if (message.prepare) prepare(place, draw, changes);
      const b = draw * model.block, s = draw * (months + 1) * model.stocks;
      for (let m = from; m < months; m++) {
        model.month(place.block, b, schedule, m, place.state, s + m * model.stocks, out, (m - from) * draws + draw, width);
      }
      if (seen) {
        model.observe(place.block, b, schedule, now, now * model.steps, place.state, s + now * model.stocks, scratch, 0);
        for (let e = 0; e < scratch.length; e++) seen[e * draws + draw] = scratch[e];
      }
      model.observe(place.block, b, schedule, months, last, place.state, s + months * model.stocks, scratch, 0);
      for (let k = 0; k < model.outputs.length; k++) {
        out[k * width + (rows - 1) * draws + draw] = scratch[model.shown[k]];
      }
    }
    const reply = { job: message.job, out, now: seen };
    self.postMessage(reply, seen ? [out.buffer, seen.buffer] : [out.buffer]);
  }

  const setOf = (message) => sets.get(message.draws || "few");

  /* ---- background tasks ---- */

  const waiting = new Map(); // kind -> generator
  const channel = new MessageChannel();
  let awake = false;

  function wake() {
    if (!awake) {
      awake = true;
      channel.port2.postMessage(0);
    }
  }

  channel.port1.onmessage = function () {
    awake = false;
    const until = performance.now() + SLICE;
    for (const kind of Object.keys(tasks).filter((name) => waiting.has(name))) {
      const task = waiting.get(kind);
      while (performance.now() < until) {
        if (task.next().done) {
          waiting.delete(kind);
          break;
        }
      }
    }
    if (waiting.size) wake();
  };

  /* One run of one draw to the months that `reads` name: [[output, month, month or -1, factor], ...], and what it reads:
     the output at the first month less that at the second. Months before `from` are taken from `state` as they are. */
  function single(place, schedule, from, until, reads, values, outs) {
    path(place, schedule, from, until, outs);
    reads.forEach(([output, end, begin, factor, threshold], index) => {
      const K = model.outputs.length;
      const value = (outs[end * K + output] - (begin < 0 ? 0 : outs[begin * K + output])) * factor;
      values[index] = threshold === null ? value : Number(value >= threshold);
    });
  }

  /* The outputs of one draw at the start of each month from `from` to `until`, [month][output]. */
  function path(place, schedule, from, until, outs) {
    const K = model.outputs.length;
    for (let m = from; m < until; m++) {
      model.month(place.block, 0, schedule, m, place.state, m * model.stocks, outs, m * K, 1);
    }
    model.observe(place.block, 0, schedule, until, Math.min(until * model.steps, months * model.steps - 1), place.state, until * model.stocks, scratch, 0);
    for (let k = 0; k < K; k++) outs[until * K + k] = scratch[model.shown[k]];
  }

  function shuffled(count, seed) {
    const order = Array.from({ length: count }, (_, index) => index);
    let x = seed >>> 0;
    for (let i = count - 1; i > 0; i--) {
      // a multiplicative congruential generator; the high bits choose
      x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
      const j = Math.floor((x / 4294967296) * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }

  /* What each group of levers adds, by Shapley's rule: averaged over one random order of the groups and its reverse. */
  function* contributions(message) {
    const { groups, base, schedule, from, until, reads, changes } = message;
    const { set } = message, { draws } = set;
    const R = reads.length, G = groups.length, K = model.outputs.length, P = model.scheduled;
    const sums = new Float64Array(draws * (G + 1) * R); // [draw][group, total][read]
    const place = lone();
    const outs = new Float64Array((months + 1) * K), mixed = base.slice();
    const before = new Float64Array(R), after = new Float64Array(R), none = new Float64Array(R), all = new Float64Array(R);
    const put = (rows, source) => {
      for (const row of rows) for (let t = row; t < mixed.length; t += P) mixed[t] = source[t];
    };
    const kept = place.state;
    for (let draw = 0; draw < draws; draw++) {
      prepareAt(place, set, draw, changes);
      mixed.set(base);
      single(place, mixed, 0, until, reads, none, outs);
      const first = kept.slice(from * model.stocks, (from + 1) * model.stocks);
      const again = (into) => {
        kept.set(first, from * model.stocks);
        single(place, mixed, from, until, reads, into, outs);
      };
      mixed.set(schedule);
      again(all);
      yield;
      const order = shuffled(G, message.seed + (set.first + draw) * 2654435761);
      for (const way of G > 1 ? [order, order.slice().reverse()] : [order]) {
        mixed.set(base);
        before.set(none);
        for (let place_ = 0; place_ < G; place_++) {
          const group = way[place_];
          put(groups[group], schedule);
          if (place_ === G - 1) after.set(all);
          else again(after);
          for (let r = 0; r < R; r++) {
            sums[(draw * (G + 1) + group) * R + r] += (after[r] - before[r]) / (G > 1 ? 2 : 1);
          }
          before.set(after);
          yield;
        }
      }
      for (let r = 0; r < R; r++) sums[(draw * (G + 1) + G) * R + r] = all[r] - none[r];
    }
    self.postMessage({ job: message.job, sums }, [sums.buffer]);
  }

  /* Room for one draw at a time. */
  const lone = () => ({ block: new Float64Array(model.block), state: new Float64Array((months + 1) * model.stocks) });

  function prepareAt(place, set, draw, changes) {
    const values = set.fixed.slice(draw * model.fixed, (draw + 1) * model.fixed);
    for (const [index, value] of changes) values[index] = value;
    model.prepare(values, 0, place.block, 0, place.state, 0);
  }

  /* What each loop makes of the outcomes: the run as it is less the run with the loop's switch at 0, [draw][loop][read]. */
  function* cuts(message) {
    const { switches, schedule, until, reads, changes } = message;
    const { set } = message, { draws } = set;
    const R = reads.length, L = switches.length, K = model.outputs.length;
    const sums = new Float64Array(draws * L * R);
    const place = lone();
    const outs = new Float64Array((months + 1) * K), whole = new Float64Array(R), cut = new Float64Array(R);
    for (let draw = 0; draw < draws; draw++) {
      prepareAt(place, set, draw, changes);
      single(place, schedule, 0, until, reads, whole, outs);
      yield;
      for (let loop = 0; loop < L; loop++) {
        prepareAt(place, set, draw, [...changes, [switches[loop], 0]]);
        single(place, schedule, 0, until, reads, cut, outs);
        for (let r = 0; r < R; r++) sums[(draw * L + loop) * R + r] = whole[r] - cut[r];
        yield;
      }
    }
    self.postMessage({ job: message.job, sums }, [sums.buffer]);
  }

  /* One scenario in a set of draws: the outputs at the turn of each year as [output][turn][draw], those that are drawn in
     every month as [drawn][month][draw], the equations at month `now` as [equation][draw]. */
  function* worlds(message) {
    const { schedule, changes, drawn } = message;
    const { set } = message, { draws } = set, K = model.outputs.length, E = model.equations.length, turns = months / 12 + 1;
    const yearly = new Float64Array(K * turns * draws);
    // these are only drawn and counted, and half as many bytes go to the page
    const monthly = new Float32Array(drawn.length * (months + 1) * draws), seen = new Float32Array(E * draws);
    const place = lone(), outs = new Float64Array((months + 1) * K);
    for (let draw = 0; draw < draws; draw++) {
      prepareAt(place, set, draw, changes);
      path(place, schedule, 0, months, outs);
      for (let k = 0; k < K; k++) {
        for (let turn = 0; turn < turns; turn++) yearly[(k * turns + turn) * draws + draw] = outs[12 * turn * K + k];
      }
      drawn.forEach((k, column) => {
        for (let m = 0; m <= months; m++) monthly[(column * (months + 1) + m) * draws + draw] = outs[m * K + k];
      });
      model.observe(place.block, 0, schedule, now, now * model.steps, place.state, now * model.stocks, scratch, 0);
      for (let e = 0; e < E; e++) seen[e * draws + draw] = scratch[e];
      yield;
    }
    self.postMessage({ job: message.job, yearly, monthly, now: seen }, [yearly.buffer, monthly.buffer, seen.buffer]);
  }

  /* Any variables, `wanted` by their places among the equations, at the turns of the years: [variable][turn][draw]. */
  function* turns(message) {
    const { schedule, changes, wanted, set } = message, { draws } = set, count = months / 12 + 1;
    const found = new Float64Array(wanted.length * count * draws);
    const place = lone(), outs = new Float64Array((months + 1) * model.outputs.length);
    for (let draw = 0; draw < draws; draw++) {
      prepareAt(place, set, draw, changes);
      for (let turn = 0; turn < count; turn++) {
        path(place, schedule, Math.max(turn - 1, 0) * 12, turn * 12, outs); // which leaves in `scratch` every equation
        wanted.forEach((e, v) => { found[(v * count + turn) * draws + draw] = scratch[e]; });
      }
      yield;
    }
    self.postMessage({ job: message.job, found }, [found.buffer]);
  }

  /* Each column of `columns` [column][draw] in order, read at `levels`: [column][level]. With `strips`, so many strips with
     as many draws each are told too: their edges, [column][edge], and in which one each draw lies, [column][draw]. */
  function* order(message) {
    const { columns, height, levels, strips } = message, count = columns.length / height;
    const found = new Float64Array(count * levels.length);
    const edges = new Float32Array(strips ? count * (strips + 1) : 0), member = new Uint8Array(strips ? columns.length : 0);
    const read = (sorted, level) => {
      const place = level * (height - 1), below = Math.floor(place), above = Math.min(below + 1, height - 1);
      return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    };
    for (let c = 0, into = 0; c < count; c++) {
      const values = columns.subarray(c * height, (c + 1) * height), sorted = values.slice().sort();
      for (const level of levels) found[into++] = read(sorted, level);
      if (strips) {
        const own = edges.subarray(c * (strips + 1), (c + 1) * (strips + 1));
        for (let e = 0; e <= strips; e++) own[e] = read(sorted, e / strips);
        for (let d = 0; d < height; d++) {
          let low = 0, high = strips - 1; // the first strip whose upper edge is not below the value
          while (low < high) {
            const middle = (low + high) >> 1;
            if (own[middle + 1] < values[d]) low = middle + 1;
            else high = middle;
          }
          member[c * height + d] = low;
        }
      }
      yield;
    }
    self.postMessage({ job: message.job, found, edges, member }, [found.buffer, edges.buffer, member.buffer]);
  }

  const tasks = { worlds, order, turns, contributions, cuts }; // the first ones first
  self.onmessage = function (event) {
    const message = event.data;
    if (message.kind === "start") start(message);
    else if (message.kind === "run") run(message);
    else if (message.kind === "draws") sets.set(message.name, message);
    else if (message.kind === "lose") sets.delete(message.name);
    else if (message.kind === "forget") slots.delete(message.slot);
    else if (message.kind === "drop") for (const kind of message.tasks) waiting.delete(kind);
    else {
      // whatever becomes of the set meanwhile, a task keeps its own
      waiting.set(message.kind, tasks[message.kind]({ ...message, set: setOf(message) }));
      wake();
    }
  };
  model.shown = model.outputs.map((name) => model.equations.indexOf(name));
})();
