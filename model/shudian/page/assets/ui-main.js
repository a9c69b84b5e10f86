"use strict";
/* The page as a whole: every change runs the model, the newest result is drawn in the next frame. */
(function () {
  const { data, state } = Shudian;
  const { say, h, fill } = Shudian.text;
  const { said, message, quiet } = Shudian.messages;
  const TABS = ["paths", "compare", "money", "cost", "mechanism", "evidence"];
  const current = { scenario: null, result: null, reference: null, base: null, before: null, last: null, lastChoice: null, compared: null, few: {}, engine: null };
  const shown = { frame: 0, referenceKey: null, baseKey: null, tab: null, settled: true, busy: 0, turn: 0, settling: Promise.resolve() };
  const byId = (id) => document.getElementById(id);

  const now = () => current.scenario || state.scenarioOf(state.history.now);
  const context = () => Object.assign({}, current, { scenario: now(), pins: state.view.pins });

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
    Shudian.replay.stop();
    state.choose(next, settled);
    run(settled);
  }

  /** Show a choice without taking it: undo knows nothing of it. With `settled`, it is the one that stands. */
  function preview(choice, settled = false) {
    state.history.now = choice;
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
      current.result = current.few.result = result;
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
      [current, "reference", state.referenceOf(choice)],
      [current, "last", current.lastChoice && state.scenarioOf(current.lastChoice)],
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

  /** What shall be run besides, first in the few draws and then in all possible worlds. */
  function work(quick) {
    track(quick);
    settle(Promise.all([shown.settling, quick]));
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
    const reference = state.referenceOf(choice), ownKey = key + reference.name;
    if (shown.referenceKey !== ownKey) {
      shown.referenceKey = ownKey;
      const found = await current.engine.quick("reference", reference);
      if (found && shown.referenceKey === ownKey) current.reference = current.few.reference = found;
    }
    const baseKey = asItWas ? key + choice.base : null;
    if (shown.baseKey !== baseKey) {
      shown.baseKey = baseKey;
      current.base = null;
      const found = asItWas ? await current.engine.quick("base", asItWas) : null;
      if (found && shown.baseKey === baseKey) current.base = found;
    }
    await lastOne();
  }

  /** What stood before the last change is run only where something is compared with it. */
  async function lastOne() {
    const choice = state.view.against === "last" ? state.previous() : null;
    if (choice === current.lastChoice) return;
    Object.assign(current, { lastChoice: choice, last: null });
    const found = choice && await current.engine.quick("last", state.scenarioOf(choice));
    if (found && choice === current.lastChoice) current.last = current.few.last = found;
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
    Shudian.story.update();
    Shudian.compact.update(everything);
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
      fill(root, h("div", { class: "controls" }, legend(), Shudian.difference.control(), h("label", {}, h("input", { type: "checkbox", id: "logarithmic", checked: state.view.logarithmic, on: { change: (event) => {
        state.view.logarithmic = event.target.checked;
        Shudian.chartCards.update(context());
      } } }), say("page_logarithmic"))), h("div", { class: "grid" }, Shudian.figures.paths.map(Shudian.chartCards.card)), Shudian.graphs.build());
    }
    if (tab === "paths") {
      fill(byId("legend"), legendEntries(everything));
      Shudian.graphs.show();
      byId("logarithmic").disabled = Shudian.difference.on();
    }
    if (tab === "compare") Shudian.panels.compare(root, everything);
    if (tab === "money") Shudian.money.show(root, everything);
    if (tab === "cost" && (fresh || shown.settled)) Shudian.panels.cost(root, everything);
    if (tab === "mechanism") {
      if (fresh || !root.firstChild || shown.settled) Shudian.mechanism.show(root, everything);
      else Shudian.mechanism.live(everything);
    }
    if (tab === "evidence" && !root.firstChild) Shudian.panels.evidence(root);
    Shudian.chartCards.update(everything, Shudian.print.printing());
  }

  const legend = () => h("div", { id: "legend", class: "legend" });

  function legendEntries(everything) {
    const { swatch } = Shudian.charts;
    const box = (className) => h("span", { class: "swatch " + className, "aria-hidden": "true" });
    if (Shudian.difference.on()) return [h("span", {}, swatch({ colour: Shudian.charts.DARK, width: 3 }), say("page_difference_median")), h("span", {}, box("half"), say("page_legend_half")), h("span", {}, box("most"), say("page_legend_most"))];
    return [h("span", {}, swatch({ colour: Shudian.charts.DARK, width: 3 }), say("page_legend_live")), h("span", {}, box("half"), say("page_legend_half")), h("span", {}, box("most"), say("page_legend_most")),
      Shudian.charts.beside(everything).map((entry) => h("span", {}, swatch(entry), h("span", { class: "legend-name", title: entry.title }, entry.title))), h("span", {}, box("point"), say("page_reported"))];
  }

  function define(name) {
    state.view.definition = name;
    draw();
  }

  function buttons() {
    byId("undo").disabled = !state.history.past.length;
    byId("redo").disabled = !state.history.future.length;
    byId("replay").disabled = !state.history.past.length;
    byId("pin").disabled = state.view.pins.length >= state.MOST_PINS;
  }

  /** `undo` or `redo`. */
  function step(way) {
    Shudian.replay.stop();
    if (!state[way]()) return;
    quiet();
    Shudian.levers.withdraw();
    run(true);
  }

  /** A change that nobody has ended is taken as it stands. */
  function rest() {
    if (moving()) change(state.history.now, true);
  }

  const moving = () => !shown.settled && !Shudian.replay.playing();

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
    byId("replay").title = say("page_replay_hint");
    byId("language").textContent = Shudian.text.settings.language === "zh" ? "English" : "中文";
    Shudian.levers.build(byId("levers"));
    Shudian.pins.show();
    run(true);
    Shudian.pins.run();
  }

  function listen() {
    const on = (id, listener) => byId(id).addEventListener("click", listener);
    on("undo", () => step("undo"));
    on("redo", () => step("redo"));
    on("reset", reset);
    on("pin", () => Shudian.pins.add());
    on("language", () => language(Shudian.text.settings.language === "zh" ? "en" : "zh"));
    Shudian.print.listen();
    on("brief", Shudian.brief.word);
    on("brief-book", Shudian.brief.book);
    on("copy-link", Shudian.share.link);
    on("copy-toml", Shudian.share.copyToml);
    on("save-toml", Shudian.share.saveToml);
    on("open-file", () => byId("file").click());
    byId("file").addEventListener("change", (event) => { Shudian.share.open(event.target.files[0]); event.target.value = ""; });
    for (const tab of TABS) on("tab-" + tab, () => select(tab));
    Shudian.keys.listen();
    Shudian.story.listen();
    Shudian.replay.listen();
    Shudian.compact.listen();
    let resizing = 0;
    window.addEventListener("resize", () => { cancelAnimationFrame(resizing); resizing = requestAnimationFrame(() => Shudian.print.printing() || Shudian.chartCards.resize()); });
    Shudian.share.listen();
  }

  Shudian.main = { TABS, change, define, message, now, context, restart, select, language, settled, paint, draw, rest, moving, step, preview, work, buttons, lastOne: () => work(lastOne()) };

  async function start() {
    try {
      await Shudian.draws.of(data).unpack();
      current.engine = Shudian.engine.create(data);
      listen();
      Shudian.share.fromAddress();
      restart();
    } catch (error) {
      byId("loading").textContent = String(error && error.message ? error.message : error);
      throw error;
    }
  }

  if (Shudian.able) start();
})();
