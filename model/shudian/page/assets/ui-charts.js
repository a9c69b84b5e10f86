"use strict";
/* How charts are drawn: paths with bands, rows with intervals. Colours are those of the figures of `shudian run`. */
(function () {
  const { data, state } = Shudian;
  const { say, pick, short, number, amount, scaled, range, monthOf, h, svg, withUnit } = Shudian.text;
  const FONT = '"Shudian Sans", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif';
  const INK = "#1a1a1a", QUIET = "#595959", HAIRLINE = "#bfbfbf";
  const DARK = "#08306b", MIDDLE = "#9ecae1", LIGHT = "#d9e7f5", SIGNAL = "#b8430a";
  /** Four that are told apart without colour too: by dashes, by a mark once a year and by a letter. */
  const PINS = [
    { letter: "A", colour: "#b8430a", dash: [8, 3], symbol: "circle", glyph: "●" },
    { letter: "B", colour: "#00695c", dash: [2, 2], symbol: "triangle", glyph: "▲" },
    { letter: "C", colour: "#7b3294", dash: [8, 3, 2, 3], symbol: "rect", glyph: "■" },
    { letter: "D", colour: "#8a6500", dash: [4, 4], symbol: "diamond", glyph: "◆" },
  ];
  const FIRST = data.first_year;
  const yearOf = (month) => FIRST + month / 12;

  const output = (name) => data.outputs.find((entry) => entry.name === name);

  /** A step of 1, 2 or 5 times a power of ten that cuts the range into at most five, and the end of the last. */
  function ceiling(value) {
    if (!(value > 0)) return { max: 1, interval: 0.5 };
    const raw = value / 4;
    const power = Math.pow(10, Math.floor(Math.log10(raw)));
    const interval = [1, 2, 5, 10].find((digit) => digit * power >= raw - 1e-12) * power;
    return { max: Math.ceil(value / interval - 1e-9) * interval, interval };
  }

  const plain = (value) => Number(value.toPrecision(6)).toLocaleString("en-US", { maximumFractionDigits: 6 });
  const text = (size, colour) => ({ fontFamily: FONT, fontSize: size, color: colour || QUIET });

  function axes(max, name, unitText, logarithmic, least) {
    const y = logarithmic
      ? { type: "log", min: least, max: Math.pow(10, Math.ceil(Math.log10(max))) }
      : Object.assign({ type: "value", min: 0 }, ceiling(max));
    return {
      xAxis: { type: "value", min: FIRST, max: FIRST + data.months / 12, interval: 1, axisLine: { lineStyle: { color: HAIRLINE } }, axisTick: { show: false }, splitLine: { show: false },
        axisLabel: Object.assign(text(11), { formatter: (value) => (value % 1 ? "" : String(value)), hideOverlap: true }), axisPointer: { show: true, snap: false, lineStyle: { color: QUIET, type: "dotted" }, label: { show: false } } },
      yAxis: Object.assign(y, { name: unitText, nameGap: 8, nameTextStyle: Object.assign(text(11), { align: "left", padding: [0, 0, 0, -34] }),
        axisLabel: Object.assign(text(11), { formatter: plain }), splitLine: { lineStyle: { color: "#ececec" } } }),
    };
  }

  /** The area between two bounds as one shape; `at` tells where on the axis of time each value stands. */
  function band(low, high, colour, floor, z, at = yearOf) {
    return {
      type: "custom", silent: true, clip: true, z, data: [[FIRST, 0]], tooltip: { show: false }, encode: { x: 0, y: [] },
      renderItem: (_parameters, api) => {
        const points = [];
        for (let month = 0; month < high.length; month++) points.push(api.coord([at(month), Math.max(high[month], floor)]));
        for (let month = low.length - 1; month >= 0; month--) points.push(api.coord([at(month), Math.max(low[month], floor)]));
        return { type: "polygon", shape: { points }, style: { fill: colour } };
      },
    };
  }

  function line(name, values, colour, dash, width, floor, z, at = yearOf) {
    return {
      name, type: "line", symbol: "none", silent: true, z, animation: false,
      lineStyle: { color: colour, width, type: dash || "solid" }, itemStyle: { color: colour },
      data: Array.from(values, (value, month) => [at(month), floor ? Math.max(value, floor) : value]),
    };
  }

  /** A pin's line with its mark once a year and its letter once, each pin's in other months. */
  function marked(series, entry) {
    if (!entry.mark) return series;
    const lettered = 62 + 9 * entry.place;
    series.data[lettered] = { value: series.data[lettered], label: Object.assign(text(12, entry.colour), { show: true, formatter: entry.mark, position: "top", distance: 3, fontWeight: "bold", backgroundColor: "rgba(255,255,255,0.8)" }) };
    return Object.assign(series, { symbol: entry.symbol, showAllSymbol: true, symbolSize: (_value, point) => (point.dataIndex % 12 === 2 + 3 * entry.place ? 7 : 0) });
  }

  /** Every run that a chart shows beside the live one: its reference, the package as it was, what is pinned. */
  function beside(context) {
    /** @type {any[]} */
    const found = [];
    const { compared } = context, apart = compared && (!compared.changed || compared.reference);
    if (context.reference && apart) found.push({ id: context.reference.scenario.name, label: context.reference.scenario.title, result: context.reference, colour: QUIET, dash: [3, 3], width: 1.5 });
    if (context.base) found.push({ id: "package", label: data.strings.page_as_it_was, result: context.base, colour: INK, dash: [10, 3], width: 1.2 });
    context.pins.forEach((pin, place) => pin.result && found.push(Object.assign({ id: "pin_" + PINS[place].letter.toLowerCase(), pin, mark: PINS[place].letter, place, result: pin.result, width: 2 }, PINS[place])));
    return found.map((entry) => Object.assign(entry, { title: entry.pin ? entry.pin.label : state.briefly(entry.label), both: entry.pin ? state.scenarioOf(entry.pin.choice).title : entry.label }));
  }

  /** Reported figures that count what `name` counts, those that are the same point drawn once. */
  function reports(name) {
    return data.reported.filter((entry) => entry.series === name && entry.series_low !== null && Number.isFinite(entry.series_low));
  }

  function points(entries, floor) {
    const middle = (entry) => yearOf((entry.start + entry.end) / 2);
    return {
      id: "reported", name: say("page_reported"), type: "custom", z: 20, clip: true, animation: false,
      data: entries.map((entry) => [middle(entry), Math.max(entry.series_low, floor), Math.max(entry.series_high, floor)]),
      encode: { x: 0, y: [1, 2] },
      renderItem: (_parameters, api) => {
        const low = api.coord([api.value(0), api.value(1)]);
        const high = api.coord([api.value(0), api.value(2)]);
        const style = { stroke: SIGNAL, lineWidth: 1.6, fill: "#ffffff" };
        const centre = (low[1] + high[1]) / 2;
        return { type: "group", children: [
          { type: "line", shape: { x1: low[0], y1: low[1], x2: high[0], y2: high[1] }, style },
          { type: "circle", shape: { cx: low[0], cy: centre, r: 3.6 }, style } ] };
      },
    };
  }

  /** A result's path in the reader's unit. */
  function pathOf(result, name) {
    const what = output(name);
    return Object.fromEntries(Object.entries(result.series[name]).map(([level, values]) => [level, values.map((value) => scaled(what, value))]));
  }

  /** A path to 2030 with its 50 % and 90 % bands. */
  function paths(context, name, more) {
    const what = output(name);
    const live = pathOf(context.result, name);
    const others = beside(context).map((entry) => Object.assign({}, entry, { median: pathOf(entry.result, name).q50 }));
    const entries = reports(name).map((entry) => Object.assign({}, entry, { series_low: scaled(what, entry.series_low), series_high: scaled(what, entry.series_high) }));
    const highest = (values) => values.reduce((most, value) => Math.max(most, value), 0);
    const logarithmic = state.view.logarithmic;
    let max = Math.max(highest(live.q95), ...others.map((entry) => highest(entry.median)), ...entries.map((entry) => entry.series_high), more && more.threshold ? more.threshold * 1.1 : 0);
    if (!(max > 0)) max = 1;
    const floor = logarithmic ? max / 1e5 : 0;
    const smallest = logarithmic ? Math.max(floor, Math.pow(10, Math.floor(Math.log10(Math.max(live.q05[18] || 0, max / 1e4))))) : 0;
    /** @type {any[]} */
    const marks = [{ xAxis: cut(), lineStyle: { color: HAIRLINE, type: "solid", width: 1 }, label: Object.assign(text(10), { formatter: say("page_data_until_mark"), position: "insideEndTop", rotate: 0, align: "left", padding: [0, 0, 0, 4] }) }];
    if (more && more.threshold) marks.push({ yAxis: more.threshold, lineStyle: { color: SIGNAL, type: "dashed", width: 1.2 }, label: Object.assign(text(11, SIGNAL), { formatter: more.label, position: "insideStartTop" }) });
    const median = line(say("page_live"), live.q50, DARK, null, 2.4, floor, 10);
    median.markLine = { silent: true, symbol: "none", animation: false, data: marks };
    return Object.assign({
      animation: false, textStyle: { fontFamily: FONT }, grid: { left: 52, right: 14, top: 26, bottom: 24 },
      tooltip: { trigger: "axis", confine: true, renderMode: "html", transitionDuration: 0, borderColor: HAIRLINE, textStyle: text(12, INK), formatter: (hovered) => hover(hovered, name, context, entries) },
      series: [band(live.q05, live.q95, LIGHT, floor, 1), band(live.q25, live.q75, MIDDLE, floor, 2),
        ...others.map((entry) => marked(line(entry.title, entry.median, entry.colour, entry.dash, entry.width, floor, 8), entry)), median, points(entries, floor)],
    }, axes(max, name, pick(what.unit_label), logarithmic, smallest));
  }

  /** Where the reports end: to the right of it is projection only. */
  function cut() {
    const month = Shudian.text.monthFrom(String(data.meta.data_until).slice(0, 7));
    return yearOf(month === null ? 36 : month + 1);
  }

  function hover(hovered, name, context, entries) {
    const first = Array.isArray(hovered) ? hovered[0] : hovered;
    if (!first) return "";
    const at = first.axisValue === undefined ? first.value[0] : first.axisValue;
    const month = Math.max(0, Math.min(data.months, Math.round((at - FIRST) * 12)));
    const what = output(name), units = pick(what.unit_label);
    const live = context.result.series[name];
    const near = entries.filter((entry) => Math.abs((entry.start + entry.end) / 2 - month) <= 3).slice(0, 4);
    return h("div", { class: "hover" }, h("strong", {}, monthOf(month)),
      h("div", {}, say("page_live") + say("page_colon") + withUnit(amount(what, live.q50[month]), units) + " (" + range(live.q05[month], live.q95[month], what) + ")"),
      beside(context).map((entry) => h("div", {}, entry.title + say("page_colon") + withUnit(amount(what, entry.result.series[name].q50[month]), units))),
      near.map((entry) => h("div", { class: "hover-report" }, say("page_hover_report", { phrase: entry.phrase, source: sourceName(entry.source) }))));
  }

  const sourceName = (source) => (source ? [source.body, source.published].filter(Boolean).join(" ") || pick(source.title) : "");

  /** Horizontal rows with an interval and a median each. */
  function rows(entries, unitText, options) {
    const settings = options || {};
    const most = Math.max(...entries.map((entry) => Math.max(entry.high, entry.median, 0)), 1e-9);
    const least = Math.min(...entries.map((entry) => Math.min(entry.low, entry.median, 0)), 0);
    return {
      animation: false, textStyle: { fontFamily: FONT }, grid: { left: settings.left || 190, right: 70, top: 20, bottom: 26 },
      xAxis: { type: "value", min: least < 0 ? -ceiling(-least * 1.12).max : 0, max: ceiling(most * 1.05).max, name: unitText, nameLocation: "end", nameGap: 6, nameTextStyle: text(11), axisLabel: Object.assign(text(11), { formatter: plain, hideOverlap: true }), splitLine: { lineStyle: { color: "#ececec" } } },
      yAxis: { type: "category", inverse: true, data: entries.map((entry) => entry.label), axisTick: { show: false }, axisLine: { lineStyle: { color: HAIRLINE } }, axisLabel: Object.assign(text(12, INK), { width: (settings.left || 190) - 14, overflow: "break", lineHeight: 14 }) },
      series: [{ type: "custom", animation: false, clip: false, encode: { x: [1, 2, 3], y: 0 }, data: entries.map((entry, place) => [place, entry.low, entry.median, entry.high]),
        renderItem: (_parameters, api) => {
          const place = api.value(0);
          const [x1, y] = api.coord([api.value(1), place]);
          const [x, ] = api.coord([api.value(2), place]);
          const [x2, ] = api.coord([api.value(3), place]);
          const [zero, ] = api.coord([0, place]);
          /** @type {any[]} */
          const children = settings.bars ? [{ type: "rect", shape: { x: Math.min(zero, x), y: y - 7, width: Math.max(Math.abs(x - zero), 1), height: 14 }, style: { fill: api.value(2) < 0 ? "#f3c9b0" : MIDDLE } }] : [];
          children.push({ type: "line", shape: { x1, y1: y, x2, y2: y }, style: { stroke: DARK, lineWidth: settings.bars ? 1.2 : 3 } });
          children.push({ type: "circle", shape: { cx: x, cy: y, r: 3.5 }, style: { fill: DARK } });
          const left = settings.bars && api.value(2) < 0;
          children.push({ type: "text", style: { text: entries[place].text, x: left ? Math.min(x, x1) - 6 : Math.max(x, x2) + 6, align: left ? "right" : "left", y: y - 7, fontFamily: FONT, fontSize: 12, fill: INK } });
          return { type: "group", children };
        } }],
    };
  }

  /** A line's dashes, colour and mark, for a legend. */
  function swatch({ colour, dash, width, glyph }) {
    const line_ = svg("line", { x1: 0, y1: 7, x2: 34, y2: 7, stroke: colour, "stroke-width": width, "stroke-dasharray": (dash || []).join(" ") });
    const mark = glyph ? [svg("text", { x: 17, y: 11.5, "text-anchor": "middle", "font-size": 12, fill: colour }, glyph)] : [];
    return svg("svg", { class: "swatch line", width: 34, height: 14, "aria-hidden": "true" }, line_, ...mark);
  }

  /** What each line is, in its own colour: for a picture that stands alone. */
  function key(context, reported, width) {
    const entries = [{ title: say("page_legend_live"), colour: DARK }, { title: say("page_legend_half"), colour: MIDDLE }, { title: say("page_legend_most"), colour: LIGHT }, ...beside(context), ...(reported ? [{ title: say("page_reported"), colour: SIGNAL }] : [])];
    const rich = Object.fromEntries(entries.map((entry, place) => ["k" + place, { color: entry.colour, fontWeight: "bold", fontSize: 13 }]));
    // no entry is broken: a letter takes some seven pixels, a Chinese one thirteen, a mark forty
    let used = 0;
    const lines = [];
    entries.forEach((entry, place) => {
      const title = entry.title.replace(/[{}|]/g, " ");
      const needs = 60 + [...title].reduce((sum, letter) => sum + (letter > "\u2e80" ? 13 : 7.5), 0);
      if (!lines.length || used + needs > width) {
        used = 0;
        lines.push([]);
      }
      used += needs;
      lines[lines.length - 1].push("{k" + place + "|" + (entry.glyph ? "┄" + entry.glyph + "┄" : entry.dash ? "┄┄" : "━━") + "} " + title);
    });
    return { lines: lines.map((line) => line.join("   ")), rich };
  }

  function footer(context) {
    const { meta } = data;
    return [
      say("page_footer_scenario", { package: pick(context.scenario.title) }),
      say("page_footer_basis", { definition: short(data.definitions[state.view.definition]), draws: context.result.draws, error: number(50 / Math.sqrt(context.result.worth), 1), until: meta.data_until, digest: String(meta.model_digest).slice(0, 12) }),
    ].join("\n");
  }

  Shudian.charts = { FONT, DARK, MIDDLE, LIGHT, INK, PINS, paths, rows, beside, reports, output, key, footer, sourceName, swatch, axes, band, line, cut, ceiling, text };
})();
