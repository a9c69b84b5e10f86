/* One of several workers: it holds a part of the draws and runs scenarios in them.
   A message {kind: "run"} is carried out at once in the few draws that a moving slider needs; the tasks "worlds",
   "order", "turns", "contributions" and "cuts" wait until nothing else is asked, work in short slices and give way to a newer
   task of their kind. */
(function () {
  "use strict";
  const { kernel, program } = Shudian, { quantile } = Shudian.statistics;
  const { lanes } = kernel, K = program.outputs.length, E = program.equations.length, { months } = program, rows = months + 1;
  const SLICE = 4; // milliseconds of background work between two looks at the messages
  const YEAR = 12; // months
  const STOCKS = kernel.stocks.length;
  let now = 0;
  // name -> draws in which can be run, {draws, first, fixed}, with fixed as the kernel takes it; `first` counts those of other
  // workers, so that what is drawn by lot does not depend on how many workers there are
  const sets = new Map();
  const slots = new Map(); // name -> the set and its stocks at the turns of the years, [block][turn][stock][lane]

  function take(message) {
    const { name, draws, first, fixed } = message;
    sets.set(name, { draws, first, fixed: kernel.blocks(fixed, draws), blocks: Math.ceil(draws / lanes) });
  }

  const block = (set, b) => set.fixed.subarray(b * kernel.block, (b + 1) * kernel.block);

  /* All draws of a set from month `from` on, the start of a year, where the schedules may differ from the slot's last run;
     what came before is kept as long as the draws are the same.
     The outputs come back as [output][month from `from` on][draw], the equations at month `now` as [equation][draw]. */
  function run(message) {
    const { slot, schedule, from, changes } = message, set = setOf(message), { draws } = set, turns = months / YEAR + 1;
    if (!slots.has(slot) || slots.get(slot).set !== set) slots.set(slot, { set, stocks: new Float64Array(set.blocks * turns * STOCKS) });
    const { stocks } = slots.get(slot), width = (rows - from) * draws;
    const out = new Float64Array(K * width), seen = from <= now ? new Float64Array(E * draws) : null;
    kernel.schedule(schedule);
    for (let b = 0; b < set.blocks; b++) {
      const first = b * lanes, size = Math.min(lanes, draws - first);
      kernel.begin(block(set, b), changes);
      for (let month = from; month <= months; month += YEAR) {
        const at = (b * turns + month / YEAR) * STOCKS;
        if (month === from && from > 0) kernel.stocks.set(stocks.subarray(at, at + STOCKS));
        if (month === from) kernel.follow(from, from);
        else kernel.follow(month - YEAR, month);
        stocks.set(kernel.stocks, at);
        if (seen && month === now) keepEquations(seen, draws, first, size);
      }
      for (let k = 0; k < K; k++) for (let m = from; m <= months; m++) for (let l = 0; l < size; l++) {
        out[k * width + (m - from) * draws + first + l] = kernel.out[(k * rows + m) * lanes + l];
      }
    }
    const reply = { job: message.job, out, now: seen };
    self.postMessage(reply, seen ? [out.buffer, seen.buffer] : [out.buffer]);
  }

  function keepEquations(into, draws, first, size) {
    for (let e = 0; e < E; e++) {
      for (let l = 0; l < size; l++) into[e * draws + first + l] = kernel.slots[program.equations[e] * lanes + l];
    }
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

  /* One run of block `b` of a set to the start of month `until`, from that of month `from` with these stocks, or from the
     beginning. What it leaves holds until the next message is looked at. */
  function single(set, b, changes, schedule, until, from = 0, stocks = null) {
    kernel.schedule(schedule);
    kernel.begin(block(set, b), changes);
    if (stocks) kernel.stocks.set(stocks);
    kernel.follow(from, until);
  }

  /* What `reads` names of the last run: [[output, month, month or -1, factor, threshold or null], ...], the output at the
     first month less that at the second, [read][lane]. */
  function read(reads, values) {
    const at = (output, month, l) => kernel.out[(output * rows + month) * lanes + l];
    reads.forEach(([output, end, begin, factor, threshold], r) => {
      for (let l = 0; l < lanes; l++) {
        const value = (at(output, end, l) - (begin < 0 ? 0 : at(output, begin, l))) * factor;
        values[r * lanes + l] = threshold === null ? value : Number(value >= threshold);
      }
    });
    return values;
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

  /* What each group of levers adds, by Shapley's rule: averaged over one random order of the groups and its reverse, the
     same for all draws of a block. */
  function* contributions(message) {
    const { groups, base, schedule, from, until, reads, changes, set } = message, { draws } = set;
    const R = reads.length, G = groups.length, P = program.scheduled, width = (G + 1) * R;
    const sums = new Float64Array(draws * width); // [draw][group, total][read]
    const mixed = base.slice();
    const [before, after, none, all] = Array.from({ length: 4 }, () => new Float64Array(R * lanes));
    const put = (rowsOf, source) => {
      for (const row of rowsOf) for (let t = row; t < mixed.length; t += P) mixed[t] = source[t];
    };
    for (let b = 0; b < set.blocks; b++) {
      const first = b * lanes, size = Math.min(lanes, draws - first);
      const add = (group, more, less, parts) => {
        for (let l = 0; l < size; l++) for (let r = 0; r < R; r++) {
          sums[(first + l) * width + group * R + r] += (more[r * lanes + l] - less[r * lanes + l]) / parts;
        }
      };
      single(set, b, changes, base, from);
      const stocks = kernel.stocks.slice();
      kernel.follow(from, until);
      read(reads, none);
      // months before `from` are the same in all of them, and those of `base` may be asked for
      const early = kernel.out.slice();
      const again = (values) => {
        kernel.out.set(early);
        single(set, b, changes, mixed, until, from, stocks);
        read(reads, values);
      };
      mixed.set(schedule);
      again(all);
      yield;
      const order = shuffled(G, message.seed + (set.first / lanes + b) * 2654435761);
      for (const way of G > 1 ? [order, order.slice().reverse()] : [order]) {
        mixed.set(base);
        before.set(none);
        for (let place = 0; place < G; place++) {
          put(groups[way[place]], schedule);
          if (place === G - 1) after.set(all);
          else again(after);
          add(way[place], after, before, G > 1 ? 2 : 1);
          before.set(after);
          yield;
        }
      }
      add(G, all, none, 1);
    }
    self.postMessage({ job: message.job, sums }, [sums.buffer]);
  }

  /* What each loop makes of the outcomes: the run as it is less the run with the loop's switch at 0, [draw][loop][read]. */
  function* cuts(message) {
    const { switches, schedule, until, reads, changes, set } = message, { draws } = set;
    const R = reads.length, L = switches.length;
    const sums = new Float64Array(draws * L * R), whole = new Float64Array(R * lanes), cut = new Float64Array(R * lanes);
    for (let b = 0; b < set.blocks; b++) {
      const first = b * lanes, size = Math.min(lanes, draws - first);
      single(set, b, changes, schedule, until);
      read(reads, whole);
      yield;
      for (let loop = 0; loop < L; loop++) {
        single(set, b, [...changes, [switches[loop], 0]], schedule, until);
        read(reads, cut);
        for (let l = 0; l < size; l++) for (let r = 0; r < R; r++) {
          sums[((first + l) * L + loop) * R + r] = whole[r * lanes + l] - cut[r * lanes + l];
        }
        yield;
      }
    }
    self.postMessage({ job: message.job, sums }, [sums.buffer]);
  }

  /* One scenario in a set of draws: the outputs at the turn of each year as [output][turn][draw], those that are drawn in
     every month as [drawn][month][draw], the equations at month `now` as [equation][draw]. */
  function* worlds(message) {
    const { schedule, changes, drawn, set } = message, { draws } = set, turns = months / YEAR + 1;
    const yearly = new Float64Array(K * turns * draws), seen = new Float64Array(E * draws);
    const monthly = new Float64Array(drawn.length * rows * draws);
    for (let b = 0; b < set.blocks; b++) {
      const first = b * lanes, size = Math.min(lanes, draws - first);
      single(set, b, changes, schedule, now);
      keepEquations(seen, draws, first, size);
      kernel.follow(now, months);
      for (let l = 0; l < size; l++) {
        for (let k = 0; k < K; k++) for (let turn = 0; turn < turns; turn++) {
          yearly[(k * turns + turn) * draws + first + l] = kernel.out[(k * rows + turn * YEAR) * lanes + l];
        }
        drawn.forEach((k, column) => {
          for (let m = 0; m < rows; m++) monthly[(column * rows + m) * draws + first + l] = kernel.out[(k * rows + m) * lanes + l];
        });
      }
      yield;
    }
    self.postMessage({ job: message.job, yearly, monthly, now: seen }, [yearly.buffer, monthly.buffer, seen.buffer]);
  }

  /* Any variables, `wanted` by their places among the equations, at the turns of the years: [variable][turn][draw]. */
  function* turns(message) {
    const { schedule, changes, wanted, set } = message, { draws } = set, count = months / YEAR + 1;
    const found = new Float64Array(wanted.length * count * draws);
    for (let b = 0; b < set.blocks; b++) {
      const first = b * lanes, size = Math.min(lanes, draws - first);
      single(set, b, changes, schedule, 0);
      for (let turn = 0; turn < count; turn++) {
        if (turn > 0) kernel.follow((turn - 1) * YEAR, turn * YEAR);
        wanted.forEach((e, v) => {
          for (let l = 0; l < size; l++) found[(v * count + turn) * draws + first + l] = kernel.slots[program.equations[e] * lanes + l];
        });
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
    for (let c = 0, into = 0; c < count; c++) {
      const values = columns.subarray(c * height, (c + 1) * height), sorted = values.slice().sort();
      for (const level of levels) found[into++] = quantile(sorted, level);
      if (strips) {
        const own = edges.subarray(c * (strips + 1), (c + 1) * (strips + 1));
        for (let e = 0; e <= strips; e++) own[e] = quantile(sorted, e / strips);
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
    if (message.kind === "start") now = message.now;
    else if (message.kind === "run") run(message);
    else if (message.kind === "draws") take(message);
    else if (message.kind === "lose") sets.delete(message.name);
    else if (message.kind === "forget") slots.delete(message.slot);
    else if (message.kind === "drop") for (const kind of message.tasks) waiting.delete(kind);
    else {
      // whatever becomes of the set meanwhile, a task keeps its own
      waiting.set(message.kind, tasks[message.kind]({ ...message, set: setOf(message) }));
      wake();
    }
  };
})();
