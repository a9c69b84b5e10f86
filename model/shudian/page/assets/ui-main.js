"use strict";
/* The page as a whole: every change runs the model, the newest result is drawn in the next frame. */
(function () {
  const { data, state } = Shudian;
  const { say, h, fill } = Shudian.text;
  const { said, message, quiet } = Shudian.messages;
  const PAPER = { width: 224, height: 104 }; // a chart, of which three stand side by side on a page
  const TABS = ["paths", "compare", "cost", "mechanism", "evidence"];
  const current = { scenario: null, result: null, reference: null, base: null, before: null, compared: null, engine: null };
  const shown = { frame: 0, referenceKey: null, baseKey: null, tab: null, settled: true, busy: 0, turn: 0, settling: Promise.resolve(), view: null };
  const byId = (id) => document.getElementById(id);

  const now = () => current.scenario || state.scenarioOf(state.history.now);
  const context = () => ({ scenario: now(), result: current.result, reference: current.reference, base: current.base, before: current.before, compared: current.compared, pins: state.view.pins, engine: current.engine });

  /** Take a new choice: run it, and once it is settled keep it for undo. A choice that the model refuses changes nothing. */
  function change(next, settled) {
    const scenario = state.scenarioOf(next);
    const wrong = Shudian.ownBeliefs.complaint(scenario);
    if (wrong) {
      message(wrong, "error");
      Shudian.levers.update();
      return;
    }
    quiet();
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
    current.engine.halt();
    current.before = null;
    shown.turn += 1;
    const live = current.engine.quick("live", asked, compared ? { against: compared.scenario } : {}).then((result) => {
      if (!result) return;
      if (asked === current.scenario && !changed) current.base = null;
      current.result = result;
      current.compared = compared;
      if (said.failed) quiet();
      said.failed = false;
      draw();
    });
    const others = besides(choice, asItWas);
    track(live);
    track(others);
    if (settled) {
      track(Shudian.idleNotes.check(choice, current.engine));
      settle(Promise.all([live, others]));
    } else Shudian.idleNotes.clear();
  }

  /** Run everything on the page again in all possible worlds, after the `quick` answers. */
  function settle(quick) {
    const mine = shown.turn;
    shown.settling = quick.then(() => all(mine));
    track(shown.settling);
  }

  async function all(mine) {
    const choice = state.history.now;
    const { compared } = current;
    const places = [
      [current, "result", current.scenario, compared ? { against: compared.scenario } : {}],
      ...state.view.pins.map((entry) => [entry, "result", state.scenarioOf(entry.choice)]),
      [current, "base", state.asItWas(choice)],
      [current, "reference", state.withoutPolicy(choice)],
      [current, "before", Shudian.ownBeliefs.without(choice)],
    ];
    for (const [holder, key, scenario, options] of places) {
      if (mine !== shown.turn) return;
      if (!scenario || (key !== "before" && !holder[key]) || (holder[key] && holder[key].settled)) continue;
      const found = await current.engine.settle(scenario, options);
      if (!found || mine !== shown.turn) return;
      holder[key] = found;
      draw();
    }
  }

  /** Until what stands on the page is run in all possible worlds: what leaves the page waits for it. */
  async function settled() {
    let seen = null;
    while (seen !== shown.settling) {
      seen = shown.settling;
      await seen.catch(() => null);
    }
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
    const key = JSON.stringify([choice.assumptions, choice.shocks, choice.fixed, choice.priors]);
    if (shown.referenceKey !== key) {
      shown.referenceKey = key;
      const found = await current.engine.quick("reference", state.withoutPolicy(choice));
      if (found && shown.referenceKey === key) current.reference = found;
    }
    const baseKey = asItWas ? key + choice.base : null;
    if (shown.baseKey !== baseKey) {
      shown.baseKey = baseKey;
      current.base = null;
      const found = asItWas ? await current.engine.quick("base", asItWas) : null;
      if (found && shown.baseKey === baseKey) current.base = found;
    }
  }

  function failed(error) {
    message(say("page_failed", { error: String(error && error.message ? error.message : error) }), "error");
    said.failed = true;
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
    if (tab === "mechanism") {
      if (fresh || !root.firstChild || shown.settled) Shudian.mechanism.show(root, everything);
      else Shudian.mechanism.live(everything);
    }
    if (tab === "evidence" && !root.firstChild) Shudian.panels.evidence(root);
    Shudian.chartCards.update(everything, shown.printing);
  }

  const legend = () => h("div", { id: "legend", class: "legend" });

  function legendEntries(everything) {
    const { swatch } = Shudian.charts;
    const box = (className) => h("span", { class: "swatch " + className, "aria-hidden": "true" });
    return [h("span", {}, swatch({ colour: Shudian.charts.DARK, width: 3 }), say("page_legend_live")), h("span", {}, box("half"), say("page_legend_half")), h("span", {}, box("most"), say("page_legend_most")),
      Shudian.charts.beside(everything).map((entry) => h("span", {}, swatch(entry), h("span", { class: "legend-name", title: entry.title }, entry.title))), h("span", {}, box("point"), say("page_reported"))];
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
    state.view.pins.forEach((entry, place) => { entry.label = say("page_pin_label", { letter: Shudian.charts.PINS[place].letter, title: Shudian.text.pick(state.scenarioOf(entry.choice).title) }); });
    fill(byId("pins"), state.view.pins.map((entry, place) => {
      const { letter, colour } = Shudian.charts.PINS[place];
      const mark = h("span", { class: "pin-mark", "aria-hidden": "true" }, letter);
      mark.style.background = colour;
      return h("span", { class: "chip pin" }, mark,
        h("button", { type: "button", class: "link", title: say("page_pin_take"), on: { click: () => change(entry.choice, true) } }, Shudian.text.pick(state.scenarioOf(entry.choice).title)),
        h("button", { type: "button", class: "mini", "aria-label": say("page_pin_remove", { letter }), on: { click: () => {
          quiet();
          state.view.pins.splice(place, 1);
          showPins();
          buttons();
          draw();
        } } }, "×"));
    }));
    buttons();
  }

  function runPins() {
    const work = pinned();
    track(work);
    settle(Promise.all([shown.settling, work]));
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

  function step(moved) {
    if (!moved) return;
    quiet();
    Shudian.levers.withdraw();
    run(true);
  }

  function reset() {
    Shudian.levers.withdraw();
    change(state.fresh(state.history.now.base), true);
  }

  function select(tab) {
    state.view.tab = tab;
    shown.settled = true;
    draw();
  }

  /** Everything that has a text is built anew in the other language. */
  function language(name) {
    quiet();
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
    shown.view = { tab: state.view.tab, tables: state.view.tables };
    Object.assign(state.view, { tab: "paths", tables: {} });
    const { scenario } = context();
    const set = state.levers.filter((lever) => (scenario.levers[lever.name] || []).length).map((lever) => {
      const segments = scenario.levers[lever.name];
      const last = segments[segments.length - 1];
      return say("page_change", { lever: Shudian.text.pick(lever.label), value: Shudian.text.leverValue(lever, last.value), from: Shudian.text.monthOf(last.start) });
    });
    const pinned = state.view.pins.filter((entry) => entry.result).map((entry) => h("p", {}, entry.label + say("page_colon") + Shudian.verdict.chances(entry.result)));
    const about = say("page_print_pins", { target: Shudian.text.pick(state.marketTarget().label) });
    fill(byId("print-summary"), h("p", {}, say("page_print_levers"), set.join(say("page_list_comma"))), pinned.length > 0 && h("p", {}, about), h("div", { class: "print-pins" }, pinned), h("p", {}, say("page_print_basis")));
    byId("strip").hidden = pinned.length > 2; // the pins and a page leave it no room
    shown.printing = true;
    paint();
    Shudian.chartCards.resize(PAPER);
  }

  function afterPrint() {
    byId("strip").hidden = false;
    shown.printing = false;
    Object.assign(state.view, shown.view);
    Shudian.chartCards.resize();
    paint();
  }

  /** A field of the left side in which something was typed that is not taken yet. */
  const begun = (node) => node.matches('#levers input[type="text"]') && node.value !== node.defaultValue;

  /** What was typed and not taken is dropped, so that the field says again what is chosen. */
  function dropTyped(field) {
    field.value = field.defaultValue;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Undo and redo are the page's everywhere but in a card: a field's own would bring back a text that is not chosen. */
  function keys(event) {
    if (byId("dialog").open) return;
    const key = (event.ctrlKey || event.metaKey) && !event.altKey ? event.key.toLowerCase() : "";
    if (key === "z" || key === "y") {
      event.preventDefault();
      travel(event.target, key === "y" || event.shiftKey);
    } else if (event.key === "Escape") {
      quiet();
      if (begun(event.target)) dropTyped(event.target);
      if (byId("share").open) {
        byId("share").open = false;
        byId("share").firstElementChild.focus();
      }
    }
  }

  function travel(node, again) {
    if (begun(node)) {
      if (!again) dropTyped(node);
    } else if (again || !Shudian.levers.withdraw()) step(again ? state.redo() : state.undo());
  }

  /** Fields and messages: undo from a menu, words that never reached the model, and errors that are being mended. */
  function listenToFields() {
    const levers = byId("levers");
    levers.addEventListener("beforeinput", (event) => {
      if (!event.inputType?.startsWith("history")) return;
      event.preventDefault();
      travel(event.target, event.inputType === "historyRedo");
    });
    levers.addEventListener("focusout", (event) => { if (begun(event.target)) event.target.dispatchEvent(new Event("change", { bubbles: true })); });
    Shudian.messages.listen();
    // a slider that comes back to where it was taken up tells of no change, and yet it rests
    const rest = () => setTimeout(() => { if (!shown.settled) change(state.history.now, true); });
    for (const name of ["pointerup", "pointercancel", "keyup", "focusout"]) document.addEventListener(name, rest);
  }

  /** The links past the levers; an address with a # would be taken for a scenario. */
  function skip(event) {
    const { goal: name } = event.target.dataset;
    const goal = byId(name === "tabs" ? "tab-" + state.view.tab : name);
    event.preventDefault();
    goal.focus();
    goal.scrollIntoView({ block: "nearest" });
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
    on("print", async () => {
      await settled();
      window.print();
    });
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
    listenToFields();
    for (const link of document.querySelectorAll("#skips a")) {
      link.href = "#" + link.dataset.goal;
      link.addEventListener("click", skip);
    }
    document.addEventListener("click", (event) => { if (!byId("share").contains(event.target)) byId("share").open = false; });
    let resizing = 0;
    window.addEventListener("resize", () => { cancelAnimationFrame(resizing); resizing = requestAnimationFrame(() => shown.printing || Shudian.chartCards.resize()); });
    byId("dialog").addEventListener("click", (event) => { if (event.target === byId("dialog")) byId("dialog").close(); });
    Shudian.share.listen();
  }

  Shudian.main = { change, define, message, now, context, restart, select, language, settled };

  try {
    current.engine = Shudian.engine.create(data);
    listen();
    Shudian.share.fromAddress();
    restart();
  } catch (error) {
    byId("loading").textContent = String(error && error.message ? error.message : error);
    throw error;
  }
})();
