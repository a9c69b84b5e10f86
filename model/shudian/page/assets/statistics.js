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

  /* Where a level lies between two of `count` numbers in order: [the place of the lower, that of the upper, the part]. */
  function place(count, level) {
    const at = level * (count - 1), below = Math.floor(at);
    return [below, Math.min(below + 1, count - 1), at - below];
  }

  /* Rounded as analysis/results.py rounds the paths. */
  function quantile(sorted, level) {
    const [below, above, part] = place(sorted.length, level);
    return sorted[below] + part * (sorted[above] - sorted[below]);
  }

  /* Rounded as NumPy rounds the bounds of an interval: from the nearer of the two numbers. */
  function bound(sorted, level) {
    const [below, above, part] = place(sorted.length, level), gap = sorted[above] - sorted[below];
    return part < 0.5 ? sorted[below] + gap * part : sorted[above] - gap * (1 - part);
  }

  function band(values, factor = 1) {
    const sorted = Float64Array.from(values).sort();
    return { median: bound(sorted, 0.5) * factor, low: bound(sorted, 0.05) * factor, high: bound(sorted, 0.95) * factor };
  }

  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

  function share(flags) {
    const value = mean(flags);
    return { value, error: Math.sqrt((value * (1 - value)) / flags.length) };
  }

  /* A mean and its error; of `together` neighbours, which are not independent, the means count. */
  function spread(values, together = 1) {
    const centre = mean(values), parts = [];
    for (let n = 0; n < values.length; n += together) parts.push(mean(Array.from(values.slice(n, n + together))));
    const variance = mean(parts.map((value) => (value - centre) ** 2));
    return { value: centre, error: Math.sqrt(variance / parts.length) };
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
