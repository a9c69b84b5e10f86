/* The kernel in a worker: the very one that Python runs, as WebAssembly, for as many draws at once as a vector has lanes.
   It keeps nothing between two runs: whoever asks gives draws and schedules, and the stocks if it does not begin at 0. */
/** @type {any} */
var Shudian = self.Shudian || (self.Shudian = {});
(function () {
  "use strict";
  const NUMBER = 8, PAGE = 65536; // bytes
  const { code, lanes, slots, fixed, scheduled, months, steps, stocks, outputs } = Shudian.program;
  const rows = months + 1;

  const sizes = { slots: slots * lanes, fixed: fixed * lanes, schedule: months * steps * scheduled, wanted: outputs.length, out: outputs.length * rows * lanes };
  const places = {};
  let room = 0;
  for (const [name, size] of Object.entries(sizes)) {
    places[name] = room;
    room += Math.ceil((size * NUMBER) / 64) * 64; // so that each begins where a vector may be loaded
  }
  const memory = new WebAssembly.Memory({ initial: Math.ceil(room / PAGE) });
  const view = Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, new Float64Array(memory.buffer, places[name], size)]));
  const held = view.slots.subarray(stocks[0] * lanes, (stocks[0] + stocks.length) * lanes); // one beside the other
  new BigInt64Array(memory.buffer, places.wanted, outputs.length).set(outputs.map(BigInt));

  const bytes = Uint8Array.from(atob(code), (letter) => letter.charCodeAt(0));
  /** @type {any} */
  const exports = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { __linear_memory: memory } }).exports;
  const [all, width, horizon, each] = [outputs.length, lanes, months, steps].map(BigInt);

  /* Take up a block of draws, [parameter][lane]; `changes` are [parameter, value in every draw]. */
  function begin(draws, changes) {
    view.fixed.set(draws);
    for (const [parameter, value] of changes) view.fixed.fill(value, parameter * lanes, (parameter + 1) * lanes);
    exports.prepare_block(places.slots, places.fixed);
  }

  /* Run the block from the start of one month to that of another, at both of which all equations are known. */
  function follow(from, until) {
    exports.follow(places.schedule, places.wanted, all, places.out, width, BigInt(from), BigInt(until), horizon, each, places.slots);
  }

  Shudian.kernel = {
    /* Draws as the kernel takes them, [block][parameter][lane], from [draw][parameter]; the last draw fills its block. */
    blocks(values, draws) {
      const found = new Float64Array(Math.ceil(draws / lanes) * fixed * lanes);
      for (let d = 0; d < found.length / fixed; d++) {
        const own = Math.min(d, draws - 1) * fixed, block = Math.floor(d / lanes) * fixed * lanes + (d % lanes);
        for (let p = 0; p < fixed; p++) found[block + p * lanes] = values[own + p];
      }
      return found;
    },
    /* The schedules of what is run from now on, [step][parameter]. */
    schedule: (values) => view.schedule.set(values),
    begin, follow,
    stocks: held, // of the block, [stock][lane]: may be kept, and given back before it is followed
    out: view.out, // [output][month][lane]
    slots: view.slots, // [slot][lane]
    block: fixed * lanes, lanes,
  };
})();
