/* What is read from many draws: order, quantiles, shares and their errors. */
(function () {
  "use strict";
  const LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95];

  /* Sorted columns of draws: each remembers its last order, which hardly changes while a slider moves. */
  class Columns {
    constructor(draws, columns) {
      this.draws = draws;
      this.order = new Uint16Array(draws * columns);
      this.filled = new Uint8Array(columns);
      this.sorted = new Float64Array(draws);
    }

    /* Sort `values` [draw] into this.sorted; a column sorted for the first time begins with the order of `like`. */
    sort(column, like, values) {
      const n = this.draws, order = this.order, sorted = this.sorted, o = column * n;
      if (!this.filled[column]) {
        this.filled[column] = 1;
        const from = like >= 0 && this.filled[like] ? like * n : -1;
        for (let i = 0; i < n; i++) order[o + i] = from < 0 ? i : order[from + i];
      }
      for (let i = 0; i < n; i++) {
        const index = order[o + i], value = values[index];
        let j = i - 1;
        while (j >= 0 && sorted[j] > value) {
          sorted[j + 1] = sorted[j];
          order[o + j + 1] = order[o + j];
          j--;
        }
        sorted[j + 1] = value;
        order[o + j + 1] = index;
      }
      return sorted;
    }
  }

  function quantile(sorted, level) {
    const place = level * (sorted.length - 1), below = Math.floor(place), above = Math.min(below + 1, sorted.length - 1);
    const low = sorted[below];
    return above === below || low === sorted[above] ? low : low + (place - below) * (sorted[above] - low);
  }

  function band(values, factor = 1) {
    const sorted = Float64Array.from(values).sort();
    return { median: quantile(sorted, 0.5) * factor, low: quantile(sorted, 0.05) * factor, high: quantile(sorted, 0.95) * factor };
  }

  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

  function share(flags) {
    const value = mean(flags);
    return { value, error: Math.sqrt((value * (1 - value)) / flags.length) };
  }

  function spread(values) {
    const centre = mean(values);
    const variance = mean(Array.from(values, (value) => (value - centre) ** 2));
    return { value: centre, error: Math.sqrt(variance / values.length) };
  }

  /* The bytes of a text in base64, of numbers little-endian, as every browser's machine is. */
  function decoded(text) {
    const letters = atob(text), bytes = new Uint8Array(letters.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
    return bytes.buffer;
  }

  /* Of several columns [draw] the place of the one that is least in each draw. */
  function least(columns) {
    return Uint8Array.from(columns[0], (_, d) => columns.reduce((best, column, k) => (column[d] < columns[best][d] ? k : best), 0));
  }

  Shudian.statistics = { LEVELS, Columns, decoded, quantile, band, mean, share, spread, least };
})();
