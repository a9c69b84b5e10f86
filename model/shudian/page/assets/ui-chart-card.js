"use strict";
/* A chart as a card: its finding in numbers, the drawing, its table, and its files. */
(function () {
  const { state } = Shudian;
  const { say, h, fill, table } = Shudian.text;
  const cards = new Map();

  /** `figure` has id, kind, title(), numbers(context), option(context), table(context) -> {head, rows}, csv(context). */
  function card(figure) {
    const parts = { figure, chart: null };
    const tool = (key, listener) => h("button", { type: "button", class: "mini", "data-tool": key, on: { click: listener } }, say("page_tool_" + key));
    parts.title = h("h3", { id: "title-" + figure.id });
    parts.numbers = h("p", { class: "finding", id: "finding-" + figure.id });
    parts.warn = h("span", { class: "chart-warning" });
    parts.drawing = h("div", { class: "drawing", role: "img", "aria-labelledby": "title-" + figure.id, "aria-describedby": "finding-" + figure.id + " about-" + figure.id });
    parts.twin = h("div", { class: "twin", hidden: true, tabindex: "0", "aria-label": say("page_tool_table") });
    parts.note = h("p", { class: "hint", id: "about-" + figure.id });
    parts.toggle = tool("table", () => {
      state.view.tables[figure.id] = !state.view.tables[figure.id];
      draw(parts, Shudian.main.context());
    });
    parts.node = h("section", { class: "card " + (figure.wide ? "wide" : ""), "data-figure": figure.id },
      h("div", { class: "card-head" }, parts.title, h("div", { class: "tools" }, tool("about", () => Shudian.about.show(figure)), parts.toggle, tool("full", () => Shudian.about.enlarge(figure)),
        h("details", { class: "files" }, h("summary", {}, say("page_tool_files")), h("div", { class: "menu" }, tool("png", () => image(parts, "png")), tool("svg", () => image(parts, "svg")), tool("csv", () => csv(parts)))),
        figure.remove && tool("remove", figure.remove))),
      h("div", { class: "finding-row" }, parts.numbers, parts.warn), parts.drawing, parts.twin, parts.note);
    cards.set(figure.id, parts);
    parts.seen = true;
    watch.observe(parts.node);
    return parts.node;
  }

  function words({ figure, ...parts }, context) {
    fill(parts.title, figure.title(context));
    fill(parts.numbers, figure.numbers ? figure.numbers(context).map((node) => pressed(figure, node)) : null);
    fill(parts.note, figure.note ? figure.note(context) : null);
    fill(parts.warn, figure.mark ? figure.mark(context) : null);
  }

  /** The large number opens where it comes from. */
  function pressed(figure, node) {
    if (!(node instanceof Element) || node.tagName !== "STRONG") return node;
    const text = node.textContent;
    return h("strong", {}, h("button", { type: "button", class: "number", "aria-label": say("page_number_about", { number: text }), on: { click: () => Shudian.about.show(figure) } }, text));
  }

  function draw(parts, context) {
    const { figure } = parts;
    const tabled = Boolean(state.view.tables[figure.id]);
    words(parts, context);
    parts.toggle.setAttribute("aria-pressed", String(tabled));
    parts.toggle.textContent = say(tabled ? "page_tool_chart" : "page_tool_table");
    parts.drawing.hidden = tabled || Boolean(figure.waits && figure.waits());
    parts.twin.hidden = !tabled;
    if (tabled) {
      const twin = figure.table(context);
      fill(parts.twin, table(null, twin.head, twin.rows), twin.below);
      return;
    }
    const height = figure.height ? figure.height(context) + "px" : "";
    const taller = parts.drawing.style.height !== height;
    parts.drawing.style.height = height;
    if (!parts.drawing.clientWidth) return;
    // the window may have changed while another tab was in sight
    if (parts.chart && (taller || parts.chart.getWidth() !== parts.drawing.clientWidth)) parts.chart.resize();
    if (!parts.chart) {
      // twice as fine as the screen, so that a print is sharp
      parts.chart = echarts.init(parts.drawing, null, { renderer: "canvas", devicePixelRatio: Math.max(2, window.devicePixelRatio || 1) });
      parts.chart.on("click", (event) => figure.click && figure.click(event));
    }
    const option = figure.option(context);
    // the same lines with other numbers are cheaper to change than to build anew
    const shape = JSON.stringify([option.series.map((series) => [series.type, series.name]), option.yAxis.type, Shudian.text.settings.language]);
    parts.chart.setOption(option, { notMerge: parts.shape !== shape, silent: true });
    parts.shape = shape;
  }

  /** Draw again every card in sight; the others follow when they come into sight, or all at once for a print. */
  function update(context, all) {
    for (const parts of cards.values()) {
      parts.late = !(parts.node.isConnected && parts.node.offsetParent !== null && (all || parts.seen));
      if (!parts.late) draw(parts, context);
      else if (parts.node.isConnected) words(parts, context);
    }
  }

  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const parts = [...cards.values()].find((candidate) => candidate.node === entry.target);
      if (!parts) continue;
      parts.seen = entry.isIntersecting;
      const context = Shudian.main.context();
      if (parts.seen && parts.late && context.result) {
        parts.late = false;
        draw(parts, context);
      }
    }
  }, { rootMargin: "120px" });

  /** A card that goes for good. */
  function drop(node) {
    for (const [id, parts] of cards) {
      if (parts.node !== node) continue;
      if (parts.chart) parts.chart.dispose();
      watch.unobserve(node);
      cards.delete(id);
    }
    node.remove();
  }

  function forget() {
    for (const parts of cards.values()) if (parts.chart) parts.chart.dispose();
    watch.disconnect();
    cards.clear();
  }

  /** Fit every chart to its place, on paper to `size` in pixels. */
  function resize(size) {
    for (const { drawing } of cards.values()) Object.assign(drawing.style, { width: size ? size.width + "px" : "", ...(size ? { height: size.height + "px" } : {}) });
    for (const parts of cards.values()) {
      if (!parts.chart || !parts.node.isConnected || !parts.drawing.clientWidth) continue;
      parts.chart.resize();
      // a print is taken before the next frame
      if (size) parts.chart.getZr().refreshImmediately();
    }
  }

  /** The chart with the texts that it needs to stand alone: title, package, definition, basis. */
  async function image(parts, format) {
    await Shudian.main.settled();
    const context = Shudian.main.context();
    const { figure } = parts;
    const width = 960;
    const high = (figure.height ? figure.height(context) : 340) + 210;
    const holder = h("div", {});
    const chart = echarts.init(holder, null, { renderer: format === "svg" ? "svg" : "canvas", width, height: high, devicePixelRatio: 2, ssr: format === "svg" });
    const option = figure.option(context);
    const legend = figure.keyed && figure.keyed() ? Shudian.charts.key(context, figure.reports(context), width - 24) : null;
    const grid = Object.assign({}, option.grid, { top: legend ? 98 + 18 * legend.lines.length : 92, bottom: 104 });
    const small = { fontSize: 12, color: "#595959", lineHeight: 17, fontFamily: Shudian.charts.FONT };
    /** @type {any[]} */
    const titles = [
      { text: figure.title(context), left: 12, top: 10, textStyle: { fontSize: 18, color: "#1a1a1a", fontFamily: Shudian.charts.FONT, width: width - 24, overflow: "break" },
        subtext: textOf(figure.numbers && figure.numbers(context)), subtextStyle: Object.assign({ width: width - 24, overflow: "break" }, small) },
      { text: [figure.mark ? figure.mark(context) : "", figure.note ? textOf(figure.note(context)) : "", Shudian.charts.footer(context)].filter(Boolean).join("\n"), left: 12, bottom: 6, textStyle: Object.assign({ fontWeight: "normal", width: width - 24, overflow: "break" }, small, { fontSize: 11, lineHeight: 15 }) },
    ];
    if (legend) legend.lines.forEach((text, place) => titles.push({ text, left: 12, top: 62 + 18 * place, textStyle: Object.assign({ fontWeight: "normal", rich: legend.rich }, small) }));
    chart.setOption(Object.assign({}, option, { title: titles, grid, backgroundColor: "#ffffff", animation: false }));
    const name = fileName(figure.id, format);
    if (format === "svg") Shudian.share.save(name, new Blob([chart.renderToSVGString()], { type: "image/svg+xml" }));
    else {
      const [, code] = chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: "#ffffff" }).split(",");
      const bytes = Uint8Array.from(atob(code), (letter) => letter.charCodeAt(0));
      Shudian.share.save(name, new Blob([bytes], { type: "image/png" }));
    }
    chart.dispose();
  }

  const textOf = (parts) => {
    const holder = h("div", {});
    fill(holder, parts);
    return [...holder.childNodes].map((node) => node.textContent).join("  ");
  };

  const fileName = (id, ending) => "shudian-" + id + "-" + state.history.now.base + "." + ending;

  const csv = (parts) => Shudian.csv.save(fileName(parts.figure.id, "csv"), parts.figure.csv);

  Shudian.chartCards = { card, drop, update, forget, resize };
})();
