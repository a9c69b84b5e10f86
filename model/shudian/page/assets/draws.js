/* The draws that the page carries: small in the file, and every number the one that Python has. */
/** @type {any} */
var Shudian = self.Shudian || (self.Shudian = {});
(function () {
  "use strict";
  const made = new WeakMap(); // data of a page -> its draws

  function create(data) {
    const { count, varying, few, bytes, values } = data.draws, size = varying.length * count;
    const rows = new Map(), columns = new Map();

    /* Resolves once `column` can be asked. */
    async function unpack() {
      const packed = new Blob([Shudian.statistics.decoded(values)]).stream().pipeThrough(new DecompressionStream("deflate"));
      const planes = new Uint8Array(await new Response(packed).arrayBuffer()), whole = new Uint8Array(planes.length);
      for (let byte = 0, at = 0; byte < bytes; byte++) for (let i = byte; i < whole.length; i += bytes) whole[i] = planes[at++];
      const numbers = bytes === 4 ? new Float32Array(whole.buffer, 0, size) : new Float64Array(whole.buffer, 0, size);
      varying.forEach((name, place) => rows.set(name, numbers.subarray(place * count, (place + 1) * count)));
    }

    /* A parameter's value in every draw. */
    function column(name) {
      if (!columns.has(name)) columns.set(name, rows.has(name) ? Float64Array.from(rows.get(name)) : new Float64Array(count).fill(data.fixed.constants[name]));
      return columns.get(name);
    }

    // those for a slider in motion by their places among all, and how many of all, the first ones, are run once it rests
    return { unpack, column, few: Int32Array.from(few), settled: data.whole ? data.whole.draws : count };
  }

  /* One for all parts of a page. */
  function of(data) {
    if (!made.has(data)) made.set(data, create(data));
    return made.get(data);
  }

  Shudian.draws = { of };
})();
