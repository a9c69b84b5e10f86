"use strict";
/* Any variable of the model as a chart, chosen by sector: its levels, or its differences, at the turns of the years. */
(function () {
  const { data, state } = Shudian;
  const { say, pick, h, fill, amount, scaled, range, signed, signedRange, withUnit, unit, monthOf } = Shudian.text;
  const { equations, levels } = Shudian.turns;
  const MOST = 6, YEAR = state.marketTarget().year, TURN = YEAR + 1 - data.first_year;
  const drawn = new Set(data.outputs.map((output) => output.name));
  const sectors = [...new Set(data.equations.map((equation) => equation.sector))];
  const offered = (sector) => data.equations.filter((equation) => equation.sector === sector && !drawn.has(equation.name) && !equation.name.startsWith("initial_"));
  const cards = new Map(); // name -> its card, in the language in which it was made

  const known = (context) => Shudian.turns.of(context, state.view.graphs);

  /** At each turn of the year the five quantiles, in the unit that is shown: [level][turn]; null while it is computed. */
  function fan(context, what) {
    const found = known(context);
    if (!found || (Shudian.difference.on() && !found.other)) return null;
    const live = found.live.values.get(what.name), other = found.other && found.other.values.get(what.name);
    const all = live.map((values, turn) => levels(Shudian.difference.on() ? values.map((value, draw) => value - other[turn][draw]) : values, what.factor));
    return all[0].map((_, level) => all.map((found_) => found_[level]));
  }

  function figure(name) {
    const what = equations.get(name), { difference } = Shudian;
    const written = (low, median, high) => (difference.on()
      ? [h("strong", {}, withUnit(signed(median, what), unit(what))), h("span", {}, say("page_interval", { range: signedRange(low, high, what) }))]
      : [h("strong", {}, withUnit(amount(what, median), unit(what))), h("span", {}, say("page_interval", { range: range(low, high, what) }))]);
    const table = (context) => {
      const found = fan(context, what) || [[], [], [], [], []], [q05, q25, q50, q75, q95] = found;
      return { head: [say("page_month"), say("page_median_of", { unit: unit(what) }), "5%", "25%", "75%", "95%"],
        rows: q50.map((_, turn) => [monthOf(12 * turn), ...[q50, q05, q25, q75, q95].map((values) => (difference.on() ? signed : (value, thing) => amount(thing, value))(values[turn], what))]), below: null };
    };
    return {
      id: "graph-" + name, yearly: true, variable: () => name, keyed: () => false,
      title: (context) => say("page_graph_title", { year: YEAR, variable: pick(what.label) }) + difference.suffix(context),
      numbers: (context) => {
        const found = fan(context, what);
        return found ? written(found[0][TURN], found[2][TURN], found[4][TURN]) : [say("page_working")];
      },
      waits: () => !fan(Shudian.main.context(), what),
      option: (context) => difference.yearly(what, (fan(context, what) || difference.nothing).map((values) => values.map((value) => scaled(what, value))), difference.on()),
      note: () => pick(what.meaning), table,
      csv: (context) => ({ columns: [Shudian.csv.named("month", "page_month"), ...["q05", "q25", "q50", "q75", "q95"].map((level) => Shudian.csv.column(name + (difference.on() ? "_difference_" : "_") + level, Shudian.text.inBoth(() => pick(what.label) + difference.suffix(context)), what))],
        rows: ((found) => found[0].map((_, turn) => [monthOf(12 * turn), ...found.map((values) => values[turn])]))(fan(context, what) || [[]]) }),
      mark: (context) => Shudian.figures.mark(context), remove: () => change(state.view.graphs.filter((other) => other !== name)),
    };
  }

  function change(names) {
    state.view.graphs = names.slice(-MOST);
    show();
    Shudian.main.draw();
  }

  function chooser() {
    return h("label", { class: "graph-chooser" }, say("page_graph_more"), h("select", { id: "more-graphs", on: { change: (event) => {
      const { value } = event.target;
      event.target.value = "";
      if (value) change([...state.view.graphs.filter((name) => name !== value), value]);
    } } }, h("option", { value: "" }, say("page_graph_choose", { count: sectors.reduce((sum, sector) => sum + offered(sector).length, 0) })),
    sectors.map((sector) => h("optgroup", { label: pick(data.strings["sector_" + sector]) || sector }, offered(sector).map((equation) => h("option", { value: equation.name }, pick(equation.label)))))));
  }

  /** The place below the charts; cards that are there already stay. */
  function build() {
    cards.clear();
    return [h("p", { class: "controls" }, chooser()), h("div", { class: "grid", id: "graphs" })];
  }

  function show() {
    const root = document.getElementById("graphs");
    if (!root) return;
    for (const name of state.view.graphs) if (!cards.has(name)) cards.set(name, Shudian.chartCards.card(figure(name)));
    for (const [name, node] of cards) if (!state.view.graphs.includes(name)) {
      Shudian.chartCards.drop(node);
      cards.delete(name);
    }
    const nodes = state.view.graphs.map((name) => cards.get(name));
    if (nodes.length !== root.children.length || nodes.some((node, place) => root.children[place] !== node)) fill(root, nodes);
  }

  Shudian.graphs = { build, show, offered, sectors };
})();
