"use strict";
/* The page as a whole: every change runs the model, the newest result is drawn in the next frame. */
(function () {
  const { data, state } = Shudian;
  const { say, h, fill } = Shudian.text;
  const TABS = ["paths", "compare", "cost", "mechanism", "evidence"];
  const current = { scenario: null, result: null, reference: null, base: null, compared: null, engine: null };
  const shown = { frame: 0, referenceKey: null, baseKey: null, tab: null, settled: true, busy: 0 };
  const byId = (id) => document.getElementById(id);

  const now = () => current.scenario || state.scenarioOf(state.history.now);
  const context = () => ({ scenario: now(), result: current.result, reference: current.reference, base: current.base, compared: current.compared, pins: state.view.pins, engine: current.engine });

  function message(text, kind) {
    const box = byId("message");
    box.className = kind === "error" ? "error" : "";
    box.setAttribute("role", kind === "error" ? "alert" : "status");
    fill(box, h("span", {}, text), h("button", { type: "button", class: "mini", "aria-label": say("page_close"), on: { click: () => fill(box) } }, "×"));
    clearTimeout(message.timer);
    if (kind !== "error") message.timer = setTimeout(() => fill(box), 6000);
  }

  /** Take a new choice: run it, and once it is settled keep it for undo. A choice that the model refuses changes nothing. */
  function change(next, settled) {
    const scenario = state.scenarioOf(next);
    const wrong = Shudian.scenario.valid(scenario);
    if (wrong.length) {
      message(Shudian.text.pick(wrong[0]), "error");
      Shudian.levers.update();
      return;
    }
    state.choose(next, settled);
    run(settled);
  }

  function run(settled) {
    const choice = state.history.now;
    current.scenario = state.scenarioOf(choice);
    shown.settled = settled;
    Shudian.levers.update();
    buttons();
    const changed = Object.keys(choice.levers).length > 0;
    const asItWas = changed ? state.asItWas(choice) : null;
    const asked = current.scenario;
    const compared = state.comparedWith(choice);
    track(current.engine.run("live", asked, compared ? { against: compared.scenario } : {}).then((result) => {
      if (!result) return;
      if (asked === current.scenario && !changed) current.base = null;
      current.result = result;
      current.compared = compared;
      draw();
    }));
    track(besides(choice, asItWas));
  }

  /** The page says of itself when nothing is being computed or waits to be drawn. */
  function track(work) {
    shown.busy += 1;
    document.documentElement.dataset.busy = "yes";
    work.catch(failed).finally(() => {
      shown.busy -= 1;
      draw();
    });
  }

  /** The runs that stand beside the live one are renewed only where the world or the package has changed. */
  async function besides(choice, asItWas) {
    const key = JSON.stringify([choice.assumptions, choice.shocks, choice.fixed]);
    if (shown.referenceKey !== key) {
      shown.referenceKey = key;
      const found = await current.engine.run("reference", state.withoutPolicy(choice));
      if (found && shown.referenceKey === key) current.reference = found;
    }
    const baseKey = asItWas ? key + choice.base : null;
    if (shown.baseKey !== baseKey) {
      shown.baseKey = baseKey;
      current.base = null;
      const found = asItWas ? await current.engine.run("base", asItWas) : null;
      if (found && shown.baseKey === baseKey) current.base = found;
    }
  }

  function failed(error) {
    message(say("page_failed", { error: String(error && error.message ? error.message : error) }), "error");
  }

  /** At most one drawing for each frame, always of the newest result. */
  function draw() {
    if (shown.frame) return;
    document.documentElement.dataset.busy = "yes";
    shown.frame = requestAnimationFrame(() => {
      shown.frame = 0;
      if (current.result) paint();
      if (!shown.busy) document.documentElement.dataset.busy = "no";
    });
  }

  function paint() {
    const everything = context();
    Shudian.verdict.update(current.result, shown.settled);
    Shudian.verdict.showWarnings(everything.scenario);
    byId("now-title").textContent = Shudian.text.pick(everything.scenario.title);
    byId("loading").hidden = true;
    byId("page").hidden = false;
    panel(everything);
    document.documentElement.dataset.painted = String(Number(document.documentElement.dataset.painted || 0) + 1);
  }

  /** The tab in sight. Tables and cards are built anew once a change is settled; charts and live values in each frame. */
  function panel(everything) {
    const { tab } = state.view;
    const root = byId("panel-" + tab);
    const fresh = shown.tab !== tab;
    shown.tab = tab;
    for (const name of TABS) {
      byId("panel-" + name).hidden = name !== tab;
      byId("tab-" + name).setAttribute("aria-selected", String(name === tab));
      byId("tab-" + name).tabIndex = name === tab ? 0 : -1;
    }
    if (tab === "paths" && !root.firstChild) {
      fill(root, h("div", { class: "controls" }, legend(), h("label", {}, h("input", { type: "checkbox", id: "logarithmic", checked: state.view.logarithmic, on: { change: (event) => {
        state.view.logarithmic = event.target.checked;
        Shudian.chartCards.update(context());
      } } }), say("page_logarithmic"))), h("div", { class: "grid" }, Shudian.figures.paths.map(Shudian.chartCards.card)));
    }
    if (tab === "paths") fill(byId("legend"), legendEntries(everything));
    if (tab === "compare") Shudian.panels.compare(root, everything);
    if (tab === "cost" && (fresh || shown.settled)) Shudian.panels.cost(root, everything);
    if (tab === "mechanism") fresh || !root.firstChild ? Shudian.mechanism.show(root, everything) : shown.settled ? Shudian.mechanism.show(root, everything) : Shudian.mechanism.live(everything);
    if (tab === "evidence" && !root.firstChild) Shudian.panels.evidence(root);
    Shudian.chartCards.update(everything, shown.printing);
  }

  const legend = () => h("div", { id: "legend", class: "legend" });

  function legendEntries(everything) {
    const swatch = (colour, dash, width) => {
      const mark = h("span", { class: "swatch", "aria-hidden": "true" });
      mark.style.borderTop = width + "px " + (dash ? "dashed" : "solid") + " " + colour;
      return mark;
    };
    const box = (className) => h("span", { class: "swatch " + className, "aria-hidden": "true" });
    return [h("span", {}, swatch(Shudian.charts.DARK, null, 3), say("page_legend_live")), h("span", {}, box("half"), say("page_legend_half")), h("span", {}, box("most"), say("page_legend_most")),
      Shudian.charts.beside(everything).map((entry) => h("span", {}, swatch(entry.colour, entry.dash, 2), h("span", { class: "legend-name", title: entry.title }, entry.title))), h("span", {}, box("point"), say("page_reported"))];
  }

  function define(name) {
    state.view.definition = name;
    draw();
  }

  function pin() {
    const { pins } = state.view;
    if (pins.length >= state.MOST_PINS) return message(say("page_pins_full", { most: state.MOST_PINS }), "error");
    pins.push({ choice: state.history.now, result: null });
    showPins();
    runPins();
    return undefined;
  }

  function showPins() {
    state.view.pins.forEach((entry, place) => { entry.label = say("page_pin_label", { letter: "ABCD"[place], title: Shudian.text.pick(state.scenarioOf(entry.choice).title) }); });
    fill(byId("pins"), state.view.pins.map((entry, place) => {
      const mark = h("span", { class: "pin-mark", "aria-hidden": "true" }, "ABCD"[place]);
      const [colour] = Shudian.charts.PINS[place];
      mark.style.background = colour;
      return h("span", { class: "chip pin" }, mark,
        h("button", { type: "button", class: "link", title: say("page_pin_take"), on: { click: () => change(entry.choice, true) } }, Shudian.text.pick(state.scenarioOf(entry.choice).title)),
        h("button", { type: "button", class: "mini", "aria-label": say("page_pin_remove", { letter: "ABCD"[place] }), on: { click: () => {
          state.view.pins.splice(place, 1);
          showPins();
          buttons();
          draw();
        } } }, "×"));
    }));
    buttons();
  }

  function runPins() {
    track(pinned());
  }

  async function pinned() {
    for (const [place, entry] of state.view.pins.entries())
      if (!entry.result) {
        const found = await current.engine.run("pin" + (place + 1), state.scenarioOf(entry.choice));
        if (found) entry.result = found;
      }
  }

  function buttons() {
    byId("undo").disabled = !state.history.past.length;
    byId("redo").disabled = !state.history.future.length;
    byId("pin").disabled = state.view.pins.length >= state.MOST_PINS;
  }

  const step = (moved) => moved && run(true);
  const reset = () => change(state.fresh(state.history.now.base), true);

  function select(tab) {
    state.view.tab = tab;
    shown.settled = true;
    draw();
  }

  /** Everything that has a text is built anew in the other language. */
  function language(name) {
    Shudian.text.settings.language = name;
    restart();
  }

  function restart() {
    document.documentElement.lang = Shudian.text.settings.language === "zh" ? "zh-CN" : "en";
    document.title = say("page_title");
    Shudian.chartCards.forget();
    for (const tab of TABS) fill(byId("panel-" + tab));
    shown.tab = null;
    for (const node of document.querySelectorAll("[data-say]")) node.textContent = say(node.dataset.say);
    for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", say(node.dataset.label));
    byId("language").textContent = Shudian.text.settings.language === "zh" ? "English" : "中文";
    Shudian.levers.build(byId("levers"));
    showPins();
    run(true);
    runPins();
  }

  /** A print is one page whatever tab is open: the verdicts, six charts, what is set, and what it rests on. */
  function beforePrint() {
    if (!current.result) return;
    beforePrint.view = { tab: state.view.tab, tables: state.view.tables };
    Object.assign(state.view, { tab: "paths", tables: {} });
    const { scenario } = context();
    const set = state.levers.filter((lever) => (scenario.levers[lever.name] || []).length).map((lever) => {
      const segments = scenario.levers[lever.name];
      const last = segments[segments.length - 1];
      return Shudian.text.pick(lever.label) + " " + Shudian.text.leverValue(lever, last.value);
    });
    const pinned = state.view.pins.filter((entry) => entry.result).map((entry) => h("p", {}, entry.label + say("page_colon") + Shudian.verdict.chances(entry.result)));
    fill(byId("print-summary"), h("p", {}, say("page_print_levers"), set.join(say("page_list_comma"))), h("div", { class: "print-pins" }, pinned), h("p", {}, say("page_print_basis")));
    shown.printing = true;
    paint();
  }

  function afterPrint() {
    shown.printing = false;
    Object.assign(state.view, beforePrint.view);
    paint();
  }

  function keys(event) {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "range" && event.target.type !== "checkbox" && event.target.type !== "radio";
    if ((event.ctrlKey || event.metaKey) && !typing && event.key.toLowerCase() === "z") {
      event.preventDefault();
      step(event.shiftKey ? state.redo() : state.undo());
    } else if ((event.ctrlKey || event.metaKey) && !typing && event.key.toLowerCase() === "y") {
      event.preventDefault();
      step(state.redo());
    }
  }

  function arrows(event) {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!move) return;
    const next = TABS[(TABS.indexOf(state.view.tab) + move + TABS.length) % TABS.length];
    select(next);
    byId("tab-" + next).focus();
  }

  function listen() {
    const on = (id, listener) => byId(id).addEventListener("click", listener);
    on("undo", () => step(state.undo()));
    on("redo", () => step(state.redo()));
    on("reset", reset);
    on("pin", pin);
    on("language", () => language(Shudian.text.settings.language === "zh" ? "en" : "zh"));
    on("print", () => window.print());
    window.addEventListener("beforeprint", beforePrint);
    window.addEventListener("afterprint", afterPrint);
    on("copy-link", Shudian.share.link);
    on("copy-toml", Shudian.share.copyToml);
    on("save-toml", Shudian.share.saveToml);
    on("open-file", () => byId("file").click());
    byId("file").addEventListener("change", (event) => { Shudian.share.open(event.target.files[0]); event.target.value = ""; });
    for (const tab of TABS) on("tab-" + tab, () => select(tab));
    byId("tabs").addEventListener("keydown", arrows);
    document.addEventListener("keydown", keys);
    document.addEventListener("click", (event) => { if (!byId("share").contains(event.target)) byId("share").open = false; });
    let resizing = 0;
    window.addEventListener("resize", () => { cancelAnimationFrame(resizing); resizing = requestAnimationFrame(() => shown.printing || Shudian.chartCards.resize()); });
    byId("dialog").addEventListener("click", (event) => { if (event.target === byId("dialog")) byId("dialog").close(); });
    Shudian.share.listen();
  }

  Shudian.main = { change, define, message, now, context, restart, select, language };

  try {
    current.engine = Shudian.engine.create(data, { workers: Math.max(1, Math.min(4, (navigator.hardwareConcurrency || 2))) });
    listen();
    Shudian.share.fromAddress();
    restart();
  } catch (error) {
    byId("loading").textContent = String(error && error.message ? error.message : error);
    throw error;
  }
})();
