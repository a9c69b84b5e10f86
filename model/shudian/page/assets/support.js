/* The first script: what a browser must have, in words that an older one understands. It says so itself, because none of the
   other scripts may run there. */
/** @type {any} */
var Shudian = self.Shudian || (self.Shudian = {});
(function () {
  "use strict";
  // a module of one function with two instructions on vectors, the last that came to browsers
  var SMALLEST = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];

  function able() {
    try {
      return typeof DecompressionStream === "function" && typeof BigInt64Array === "function" && Boolean(new WebAssembly.Module(new Uint8Array(SMALLEST)));
    } catch {
      return false;
    }
  }

  Shudian.able = able();
  if (!Shudian.able) {
    document.getElementById("loading").hidden = true;
    document.getElementById("old-browser").hidden = false;
  }
})();
