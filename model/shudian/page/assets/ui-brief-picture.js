"use strict";
/* The brief's figure: the market in the target's year under each definition, as report/run/figures.py draws it. */
(function () {
  const { data, state, charts } = Shudian;
  const { say, pick, short, within, inBoth, scaled, unit, settings } = Shudian.text;
  const reading = Shudian.reading.create(data);
  const { LEVELS, quantile } = Shudian.statistics;
  const market = state.marketTarget();
  const INCH = 180, WIDE = 7.1; // points of the picture in an inch, and inches
  const LEFT = 1.9, GAP = 0.3, ROW = 0.42, TOP = 0.78, BOTTOM = 0.78;
  const SIGNAL = "#b8430a", QUIET = "#595959", INK = "#1a1a1a", HAIR = "#bfbfbf", FAINT = "#ececec";

  const lower = (definition) => within(inBoth(() => short(data.definitions[definition])));

  /** Under which definitions the median of the scenario reaches the target. */
  function headline(scenario, medians) {
    const [reached, missed] = [true, false].map((side) => Object.keys(medians).filter((name) => medians[name] >= market.threshold === side).map(lower));
    const key = reached.length && missed.length ? "some" : reached.length ? "all" : "none", zh = settings.language === "zh";
    return say("figure_market_" + key, { package: pick(scenario.title), year: market.year, threshold: pick(market.threshold_text),
      reached: reached.join(zh ? "、" : " and "), missed: missed.join(zh ? "、" : " or ") });
  }

  /** Lines of at most so many points, broken between Chinese letters or English words. */
  function wrapped(paper, text, room) {
    const pieces = settings.language === "zh" ? [...text] : text.split(/(?<= )/), found = [""];
    for (const piece of pieces) {
      const line = found[found.length - 1];
      if (line && paper.measureText(line + piece.trimEnd()).width > room && !/^[，。；：、）”%]/.test(piece)) found.push(piece);
      else found[found.length - 1] = line + piece;
    }
    return found.map((line) => line.trim());
  }

  /** Round numbers between two ends, on a scale of logarithms or not. */
  function ticks(low, high, logarithmic) {
    if (!logarithmic) {
      const step = [1, 2, 5, 10].map((one) => one * 10 ** Math.floor(Math.log10(high / 4))).find((one) => high / one <= 4);
      return Array.from({ length: Math.floor(high / step) + 1 }, (_, place) => place * step);
    }
    const all = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) for (const one of [1, 3]) all.push(one * 10 ** power);
    return all.filter((value) => value >= low && value <= high);
  }

  /** {bytes, width, height, caption}: a PNG and its centimetres where the page's text is `room` wide and `most` may be high. */
  async function drawn({ scenario, reference, result, base }, room, most) {
    const caption = say("brief_figure_market", { year: market.year }), definitions = Object.keys(market.definitions);
    const rows = [[reference, base], [scenario, result]].map(([named, found]) => ({ title: pick(named.title), turns: { turns: found.turns() } }));
    const bands = definitions.map((definition) => rows.map(({ turns }) => {
      const sorted = Float64Array.from(reading.amounts(turns, market, definition, market.year, market.factor)).sort();
      return LEVELS.map((level) => scaled(market, quantile(sorted, level)));
    }));
    const threshold = scaled(market, market.threshold * market.factor), all = bands.flat(2);
    const least = Math.min(...all, threshold), greatest = Math.max(...all, threshold), logarithmic = least > 0 && greatest / least > 10;
    const [from, to] = logarithmic ? [least / 1.15, greatest * 1.15] : [Math.min(least, 0), greatest * 1.06];
    const medians = Object.fromEntries(definitions.map((definition, place) => [definition, bands[place][1][2] / scaled(market, market.factor)]));
    await document.fonts.ready;
    const canvas = document.createElement("canvas"), paper = canvas.getContext("2d");
    const font = (size, bold) => { paper.font = (bold ? "bold " : "") + (size * INCH) / 72 + "px " + charts.FONT; };
    font(11, true);
    const heads = wrapped(paper, headline(scenario, medians), (WIDE - 0.2) * INCH);
    const top = TOP + 0.2 * heads.length, high = top + ROW * rows.length + BOTTOM;
    Object.assign(canvas, { width: WIDE * INCH, height: Math.round(high * INCH) });
    paper.scale(INCH, INCH);
    const write = (text, x, y, size, colour, { align = "left", bold = false } = {}) => {
      paper.save();
      paper.scale(1 / INCH, 1 / INCH);
      font(size, bold);
      Object.assign(paper, { fillStyle: colour, textAlign: align, textBaseline: "middle" });
      paper.fillText(text, x * INCH, y * INCH);
      paper.restore();
    };
    const line = (x, y, x2, y2, colour, width, dash = []) => {
      paper.setLineDash(dash);
      Object.assign(paper, { strokeStyle: colour, lineWidth: width });
      paper.beginPath();
      paper.moveTo(x, y);
      paper.lineTo(x2, y2);
      paper.stroke();
    };
    paper.fillStyle = "#ffffff";
    paper.fillRect(0, 0, WIDE, high);
    heads.forEach((text, number) => write(text, 0.1, 0.16 + 0.2 * number, 11, INK, { bold: true }));
    write(say("figure_market_title", { year: market.year }), 0.1, top - 0.55, 9, QUIET);
    const span = (WIDE - LEFT - 0.15) / definitions.length, at = (value) => (logarithmic ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from));
    rows.forEach(({ title }, row) => {
      font(8.5);
      const lines = wrapped(paper, title, (LEFT - 0.25) * INCH);
      const shown = lines.slice(0, 2).map((text, number) => (number === 1 && lines.length > 2 ? text.slice(0, -1) + "…" : text));
      shown.forEach((text, number) => write(text, LEFT - 0.1, top + ROW * (row + 0.5) + 0.16 * (number - (shown.length - 1) / 2), 8.5, INK, { align: "right" }));
    });
    definitions.forEach((definition, column) => {
      const left = LEFT + column * span, wide = span - GAP, x = (value) => left + wide * at(value), bottom = top + ROW * rows.length;
      write(short(data.definitions[definition]), left, top - 0.2, 9.5, INK);
      for (const tick of ticks(from, to, logarithmic)) {
        line(x(tick), top, x(tick), bottom, FAINT, 0.008);
        write(tick.toLocaleString("en-US"), x(tick), bottom + 0.13, 8, QUIET, { align: "center" });
      }
      bands[column].forEach(([q05, q25, q50, q75, q95], row) => {
        const y = top + ROW * (row + 0.5);
        line(x(q05), y, x(q95), y, charts.LIGHT, 0.125);
        line(x(q25), y, x(q75), y, charts.MIDDLE, 0.125);
        paper.fillStyle = charts.DARK;
        paper.beginPath();
        paper.arc(x(q50), y, 0.036, 0, 2 * Math.PI);
        paper.fill();
      });
      line(x(threshold), top, x(threshold), bottom, SIGNAL, 0.017, [0.06, 0.03]);
      line(left, bottom, left + wide, bottom, HAIR, 0.01);
    });
    const low = top + ROW * rows.length + 0.36;
    write(say(logarithmic ? "figure_market_axis" : "figure_market_axis_linear", { year: market.year, unit: unit(market) }), LEFT, low, 8.5, QUIET);
    write(say("figure_market_line", { threshold: pick(market.threshold_text) }), WIDE - GAP - 0.15, low, 8.5, SIGNAL, { align: "right" });
    write(say("figure_bands"), 0.1, high - 0.14, 8, QUIET);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    const share = Math.min(1, most / ((canvas.height / canvas.width) * room));
    return { bytes: new Uint8Array(await blob.arrayBuffer()), width: room * share, height: (room * share * canvas.height) / canvas.width, caption };
  }

  Shudian.briefPicture = { drawn };
})();
