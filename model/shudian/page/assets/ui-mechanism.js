"use strict";
/* The loops at work, and stocks and flows with the values that they have at the end of the target's year. */
(function () {
  const { data, state, charts } = Shudian;
  const { say, pick, h, svg, fill, amount, scaled, signed, withUnit, unit } = Shudian.text;
  const equations = new Map(data.equations.map((entry) => [entry.name, entry]));
  const parts = { loops: null, loopsFor: null, values: new Map() };

  const loopMeasures = () => ["jobs", "output", "firms", "cost"].filter((name) => Shudian.figures.measure(name));

  const loops = {
    id: "loops", wide: true,
    title: () => say("page_loops_title", { what: pick(Shudian.figures.measure(loopMeasure()).label) }),
    waits: () => !parts.loops,
    height: () => 70 + 34 * Math.max(1, loopRows().length),
    option: () => charts.rows(loopRows(), unit(Shudian.figures.measure(loopMeasure())), { bars: true, left: 250 }),
    note: () => (parts.loops ? say("page_loops_note") + Shudian.verdict.told(parts.draws) : say("page_working")),
    table: () => ({ head: [say("page_loop"), say("page_loop_meaning"), say("page_loop_effect")], rows: loopRows().map((row) => [row.label, row.meaning, row.text]) }),
    csv: () => Shudian.csv.listed("loop", "page_loop", [Shudian.csv.named("effect", "page_loop_effect", null, Shudian.figures.measure(loopMeasure()))],
      data.loops.map((loop) => [loop.name, loop.label.zh, loop.label.en, parts.loops ? parts.loops[loop.name][loopMeasure()] : null])),
    click: (event) => Shudian.cards.loop(loopRows()[event.dataIndex].loop),
  };

  const loopMeasure = () => (loopMeasures().includes(state.view.measure) ? state.view.measure : "jobs");

  function loopRows() {
    if (!parts.loops) return [];
    const measure = Shudian.figures.measure(loopMeasure());
    return data.loops.map((loop) => {
      const found = parts.loops[loop.name] && parts.loops[loop.name][loopMeasure()];
      if (found === undefined || found === null) return null;
      const value = scaled(measure, found);
      return { loop, label: loop.name + " " + pick(loop.label), meaning: pick(loop.meaning), median: value, low: value, high: value, text: signed(found, measure) };
    }).filter(Boolean).sort((one, other) => Math.abs(other.median) - Math.abs(one.median));
  }

  async function runLoops(context) {
    const key = Shudian.scenario.keyOf(context.scenario);
    if (parts.loopsFor === key || !context.engine.loops) return;
    parts.loopsFor = key;
    // the few draws at once, all of them when the workers come to it
    for (const draws of Shudian.verdict.turns) {
      const found = await context.engine.loops(context.scenario, draws);
      if (!found || parts.loopsFor !== key) {
        if (!found && parts.loopsFor === key) parts.loopsFor = null;
        return;
      }
      Object.assign(parts, { loops: found, draws });
      Shudian.chartCards.update(Shudian.main.context());
    }
  }

  const loopCard = { card: null, language: "" };

  function show(root, context) {
    const sectors = Object.keys(data.diagram);
    if (!sectors.includes(state.view.sector)) state.view.sector = sectors.includes("firms") ? "firms" : sectors[0];
    const loopHolder = h("div", {});
    if (!loopCard.card || loopCard.language !== Shudian.text.settings.language) {
      loopCard.card = Shudian.chartCards.card(loops);
      loopCard.language = Shudian.text.settings.language;
    }
    fill(root,
      h("section", { class: "card wide" },
        h("div", { class: "card-head" }, h("h3", {}, say("page_diagram_title", { year: Shudian.figures.YEAR })),
          h("button", { type: "button", class: "mini", id: "diagram-twin", on: { click: () => {
            state.view.tables.diagram = !state.view.tables.diagram;
            diagram(document.getElementById("diagram"), Shudian.main.context());
          } } }),
          h("label", { class: "controls" }, say("page_sector"), h("select", { id: "sector", on: { change: (event) => {
            state.view.sector = event.target.value;
            diagram(document.getElementById("diagram"), Shudian.main.context());
          } } }, sectors.map((sector) => h("option", { value: sector, selected: sector === state.view.sector }, say("sector_" + sector)))))),
        h("div", { id: "diagram", class: "scroll", tabindex: "0", role: "group", "aria-label": say("page_diagram_title", { year: Shudian.figures.YEAR }) }),
        h("p", { class: "hint" }, say("page_diagram_note"))),
      h("p", { class: "controls" }, h("label", {}, say("page_loops_on"), h("select", { on: { change: (event) => {
        state.view.measure = event.target.value;
        Shudian.chartCards.update(Shudian.main.context());
      } } }, loopMeasures().map((name) => h("option", { value: name, selected: name === loopMeasure() }, pick(Shudian.figures.measure(name).label)))))),
      loopHolder);
    fill(loopHolder, loopCard.card);
    diagram(document.getElementById("diagram"), context);
    runLoops(context);
  }

  function diagram(root, context) {
    const view = data.diagram[state.view.sector];
    const language = Shudian.text.settings.language;
    parts.values.clear();
    const tabled = Boolean(state.view.tables.diagram);
    const toggle = document.getElementById("diagram-twin");
    toggle.textContent = say(tabled ? "page_tool_chart" : "page_tool_table");
    toggle.setAttribute("aria-pressed", String(tabled));
    fill(root, tabled ? listed(view) : picture(view, language));
    live(context);
  }

  const valued = (node) => equations.has(node.name) && !node.ghost && ["stock", "flow", "auxiliary"].includes(node.kind);

  /** What the picture shows, as a table. */
  function listed(view) {
    const shown = view.nodes.filter((node, place) => valued(node) && view.nodes.findIndex((other) => other.name === node.name) === place);
    return Shudian.text.table(null, [say("page_variable"), say("page_kind"), say("page_median")], shown.map((node) => {
      const value = h("span", {});
      parts.values.set(node.name, value);
      const entry = equations.get(node.name);
      return [h("button", { type: "button", class: "link", on: { click: () => Shudian.cards.equation(entry) } }, pick(entry.label)), say("kind_" + node.kind), value];
    }), "numbers words");
  }

  function picture(view, language) {
    const drawing = svg("svg", { viewBox: "0 0 " + (view.width + 20) + " " + (view.height + 20), class: "stock-flow", width: view.width + 20, height: view.height + 20 });
    for (const link of view.links) {
      const [[x1, y1], [cx, cy], [x2, y2]] = link.curve;
      const angle = Math.atan2(y2 - cy, x2 - cx);
      const head = [[0, 0], [-6, 2.6], [-6, -2.6]].map(([dx, dy]) => [x2 + dx * Math.cos(angle) - dy * Math.sin(angle), y2 + dx * Math.sin(angle) + dy * Math.cos(angle)].map((v) => v.toFixed(1)).join(",")).join(" ");
      drawing.append(svg("path", { d: "M" + x1 + " " + y1 + " Q" + cx + " " + cy + " " + x2 + " " + y2, class: "link-line" }), svg("polygon", { points: head, class: "link-head" }));
    }
    for (const pipe of view.pipes) {
      const [[x1, y1], [x2, y2]] = pipe.points;
      const back = x2 > x1 ? -9 : 9;
      drawing.append(svg("line", { x1, y1, x2: x2 + back, y2, class: "pipe-outer" }), svg("line", { x1, y1, x2: x2 + back, y2, class: "pipe-inner" }), svg("polygon", { points: [[x2, y2], [x2 + back, y2 - 6], [x2 + back, y2 + 6]].map((p) => p.join(",")).join(" "), class: "pipe-head" }));
      const valve = view.nodes[pipe.flow].body;
      drawing.append(svg("path", { d: "M" + (valve[0] - 6) + " " + (valve[1] - 7) + "h12l-12 14h12z", class: view.nodes[pipe.flow].ghost ? "valve ghost" : "valve" }));
    }
    for (const node of view.nodes) drawing.append(...drawn(node, language));
    return drawing;
  }

  function drawn(node, language) {
    const found = [];
    const [x, y, width, height] = node.body;
    const lever = state.parameters.get(node.name);
    if (node.kind === "stock") found.push(svg("rect", { x: x - width / 2, y: y - height / 2, width, height, class: node.ghost ? "stock-box ghost" : "stock-box" }));
    if (node.kind === "cloud") found.push(svg("ellipse", { cx: x, cy: y, rx: 11, ry: 8, class: "cloud" }));
    const lines = (node.lines[language] || []).slice();
    if (!lines.length) return found;
    const [lx, ly, lw, lh] = node.label;
    if (lever && node.kind === "parameter") found.push(svg("rect", { x: lx - lw / 2 - 3, y: ly - lh / 2 - 2, width: lw + 6, height: lh + 4, class: state.kinds.get(node.name) === "levers" ? "lever-box" : "assumption-box" }));
    const high = 12.5;
    const top = ly - (lines.length * high) / 2 + 10 - (node.kind === "stock" && valued(node) ? 6 : 0);
    const text = svg("text", { class: "label" + (node.ghost ? " ghost" : ""), "text-anchor": "middle" },
      lines.map((line, place) => { const part = svg("tspan", { x: lx, y: top + place * high }); part.textContent = line; return part; }));
    if (valued(node)) {
      const value = svg("tspan", { x: lx, y: top + lines.length * high, class: "live-value" });
      text.append(value);
      parts.values.set(node.name, value);
    }
    if (equations.has(node.name)) {
      const entry = equations.get(node.name);
      const title = svg("title", {});
      title.textContent = pick(entry.label) + "\n" + pick(entry.meaning);
      text.append(title);
      opens(text, entry, () => Shudian.cards.equation(entry));
    } else if (lever) opens(text, lever, () => Shudian.cards.lever(lever));
    found.push(text);
    return found;
  }

  /** A name in the picture opens its card, with the mouse and with the keyboard. */
  function opens(text, entry, card) {
    text.setAttribute("role", "button");
    text.setAttribute("tabindex", "0");
    text.setAttribute("aria-label", pick(entry.label));
    text.addEventListener("click", card);
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      card();
    });
  }

  /** Only the numbers change while a slider moves. */
  function live(context) {
    for (const [name, node] of parts.values) {
      const value = context.result.now && context.result.now[name];
      node.textContent = value === undefined || value === null ? "" : withUnit(amount(equations.get(name), value), unit(equations.get(name)));
    }
  }

  Shudian.mechanism = { show, live };
})();
