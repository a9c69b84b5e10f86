"use strict";
/* The print: one page whatever tab is open. */
(function () {
  const { state } = Shudian;
  const { say, h, fill } = Shudian.text;
  const PAPER = { width: 224, height: 104 }; // a chart, of which three stand side by side on a page
  const shown = { printing: false, view: null };
  const byId = (id) => document.getElementById(id);

  /** A print is one page whatever tab is open: the verdicts, six charts, what is set, and what it rests on. */
  function before() {
    const { scenario, result } = Shudian.main.context();
    if (!result) return;
    shown.view = { tab: state.view.tab, tables: state.view.tables };
    Object.assign(state.view, { tab: "paths", tables: {} });
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
    Shudian.main.paint();
    Shudian.chartCards.resize(PAPER);
  }

  function after() {
    byId("strip").hidden = false;
    shown.printing = false;
    Object.assign(state.view, shown.view);
    Shudian.chartCards.resize();
    Shudian.main.paint();
  }

  function listen() {
    byId("print").addEventListener("click", async () => {
      await Shudian.main.settled();
      window.print();
    });
    window.addEventListener("beforeprint", before);
    window.addEventListener("afterprint", after);
  }

  Shudian.print = { listen, printing: () => shown.printing };
})();
