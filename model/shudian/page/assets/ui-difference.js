"use strict";
/* One switch for all charts: levels, or what the live scenario has more than another one in the same worlds, world by world.
   Two fans of levels overlap where a difference can be told; its own fan says so. */
(function () {
  const { data, state } = Shudian;
  const { say, pick, h, number, scaled, signed, signedRange, percent, withUnit, unit } = Shudian.text;
  const reading = Shudian.reading.create(data);
  const KINDS = ["level", "reference", "last", "pin"];
  const known = new WeakMap(); // result -> the other result -> what was read from both
  const nothing = [0, 1, 2, 3, 4].map(() => Array.from({ length: data.months / 12 + 1 }, () => 0)); // a fan before it is computed
  const on = () => state.view.against !== "level";

  /** With what is compared: its title, its result, and its run in the few draws; null where there is none. */
  function other(context) {
    const [pin] = context.pins;
    if (state.view.against === "reference") return context.reference && { title: state.briefly(context.reference.scenario.title), result: context.reference, few: context.few.reference };
    if (state.view.against === "last") return context.lastChoice && { title: pick(state.scenarioOf(context.lastChoice).title), result: context.last, few: context.few.last };
    return pin ? { title: pin.label, result: pin.result, few: pin.few } : null;
  }

  /** Two results of the same draws: all of them if they are there, or else the few; null where neither is. */
  function pair(context, against) {
    if (!against) return null;
    const found = [[context.result, against.result], [context.few.result, against.few]];
    return found.find(([one, two]) => one && two && reading.alike(one, two)) || null;
  }

  /** What `read` makes of a pair, once. */
  function once([one, two], key, read) {
    if (!known.has(one)) known.set(one, new WeakMap());
    const others = known.get(one);
    if (!others.has(two)) others.set(two, new Map());
    const kept = others.get(two);
    if (!kept.has(key)) kept.set(key, read(one, two));
    return kept.get(key);
  }

  const fan = (found, what) => once(found, "fan " + what.name, (one, two) => reading.differences(one, two, what.name, what.factor));
  const measured = (found, entry) => once(found, "measure " + entry.name, (one, two) => reading.ahead(one, two, entry));
  const changes = (found) => once(found, "change", reading.change);

  const turnAt = (year) => year + 1 - data.first_year;
  const atTurn = (turn) => data.first_year + turn;

  /** Why there is no difference to show. */
  function lacking(context) {
    const against = other(context);
    return against ? say(against.result ? "page_difference_unpaired" : "page_working") : say("page_difference_none_" + state.view.against);
  }

  /** The fan of the differences of a variable at each turn of the year, on an axis of its own. */
  function option(context, what) {
    const found = pair(context, other(context));
    return yearly(what, (found ? fan(found, what) : nothing).map((values) => values.map((value) => scaled(what, value))), true);
  }

  /** A fan from its quantiles at the turns of the years, [level][turn] in the reader's unit; of differences, or of levels. */
  function yearly(what, levels, differs) {
    const { charts } = Shudian, [q05, q25, q50, q75, q95] = levels;
    const high = Math.max(...q95, 0), low = Math.min(...q05, 0), { interval } = charts.ceiling(high - low);
    const axes = charts.axes(1, what.name, pick(what.unit_label), false, 0);
    const median = charts.line(say(differs ? "page_difference_median" : "page_legend_live"), q50, charts.DARK, null, 2.4, 0, 10, atTurn);
    const plain = charts.text(10);
    median.markLine = { silent: true, symbol: "none", animation: false, data: [
      ...(differs ? [{ yAxis: 0, lineStyle: { color: charts.INK, type: "solid", width: 1 }, label: Object.assign({}, plain, { formatter: say("page_difference_nil"), position: "insideStartTop" }) }] : []),
      { xAxis: charts.cut(), lineStyle: { color: "#bfbfbf", type: "solid", width: 1 }, label: Object.assign({}, plain, { formatter: say("page_data_until_mark"), position: "insideEndTop", rotate: 0, align: "left", padding: [0, 0, 0, 4] }) }] };
    return Object.assign({
      animation: false, textStyle: { fontFamily: charts.FONT }, grid: { left: 56, right: 14, top: 26, bottom: 24 },
      tooltip: { trigger: "axis", confine: true, renderMode: "html", transitionDuration: 0, textStyle: charts.text(12, charts.INK), formatter: (hovered) => hover(hovered, what, levels, differs) },
      series: [charts.band(q05, q95, charts.LIGHT, -Infinity, 1, atTurn), charts.band(q25, q75, charts.MIDDLE, -Infinity, 2, atTurn), median],
    }, axes, { yAxis: Object.assign(axes.yAxis, { min: Math.floor(low / interval + 1e-9) * interval, max: Math.ceil(high / interval - 1e-9) * interval || interval, interval }) });
  }

  function hover(hovered, what, levels, differs) {
    const [first] = [hovered].flat();
    if (!first) return "";
    const at = first.axisValue === undefined ? first.value[0] : first.axisValue;
    const turn = Math.max(0, Math.min(data.months / 12, Math.round(at - data.first_year)));
    const sign = differs ? Shudian.text.plus : (text) => text, written = (value) => sign(number(value, what.places && what.places[Shudian.text.settings.language]));
    const [q05, , q50, , q95] = levels.map((values) => values[turn]);
    return h("div", { class: "hover" }, h("strong", {}, Shudian.text.monthOf(12 * turn)), h("div", {}, withUnit(written(q50), unit(what)) + " (" + written(q05) + Shudian.text.between() + written(q95) + ")"));
  }

  /** `+1,440 (+224 to +6,950), more in 97 % of the worlds`: of a measure or, without one, of a variable at the end of the target's year. */
  function numbers(context, what, entry) {
    const against = other(context), found = pair(context, against);
    if (!found) return [h("span", {}, lacking(context))];
    const more = entry ? measured(found, entry) : null;
    const [low, , median, , high] = more ? [more.low, 0, more.median, 0, more.high] : fan(found, what).map((values) => values[turnAt(state.marketTarget().year)]);
    const thing = entry || what;
    return [h("strong", {}, withUnit(signed(median, thing), unit(thing))), h("span", {}, say("page_interval", { range: signedRange(low, high, thing) })),
      more && h("span", { class: "difference" }, say("page_difference_ahead", { share: percent(more.ahead, found[0].worth), other: against.title }))];
  }

  function table(context, what) {
    const found = pair(context, other(context)), head = [say("page_month"), say("page_median_of", { unit: pick(what.unit_label) }), "5%", "25%", "75%", "95%"];
    if (!found) return { head, rows: [], below: null };
    const [q05, q25, q50, q75, q95] = fan(found, what);
    return { head, rows: q50.map((_, turn) => [Shudian.text.monthOf(12 * turn), ...[q50, q05, q25, q75, q95].map((values) => signed(values[turn], what))]).slice(1), below: null };
  }

  /** For a spreadsheet: month by month of each turn of the year. */
  function csv(context, what) {
    const found = pair(context, other(context)), { column, named } = Shudian.csv;
    const levels = ["q05", "q25", "q50", "q75", "q95"];
    const title = Shudian.text.inBoth(() => pick(what.label) + say("page_colon") + say("page_difference_from", { other: (other(context) || { title: "" }).title }));
    const columns = [named("month", "page_month"), ...levels.map((level) => column(what.name + "_difference_" + level, title, what))];
    const values = found ? fan(found, what) : [];
    return { columns, rows: found ? values[0].map((_, turn) => [Shudian.text.monthOf(12 * turn), ...values.map((row) => row[turn])]) : [] };
  }

  /** ` - against no policy`, for the title of a chart. */
  const suffix = (context) => (on() ? say("page_difference_title", { other: (other(context) || { title: say("page_against_" + state.view.against) }).title }) : "");

  /** The switch; what cannot be chosen yet says why once it is chosen. */
  function control(id = "against") {
    return h("label", { class: "against" }, say("page_against_switch"), h("select", { id, on: { change: (event) => choose(event.target.value) } },
      KINDS.map((kind) => h("option", { value: kind, selected: kind === state.view.against }, say("page_against_" + kind)))));
  }

  function choose(kind) {
    state.view.against = kind;
    for (const select of document.querySelectorAll(".against select")) select.value = kind;
    Shudian.main.lastOne();
  }

  /** The columns of the comparison that are taken world by world: one for each pin. */
  function pinned(context) {
    return context.pins.map((entry, place) => [Shudian.charts.PINS[place].letter, pair(context, entry)]).filter(([, found]) => found)
      .map(([letter, found]) => ({ title: say("page_difference_from", { other: say("page_pinned", { letter }) }), measures: changes(found).measures, probability: changes(found).probability,
        ahead: (name) => say("page_difference_more", { share: percent(measured(found, Shudian.figures.measure(name)).ahead, found[0].worth) }) }));
  }

  Shudian.difference = { on, option, yearly, nothing, numbers, table, csv, suffix, control, pinned, pair, other, lacking, fan, measured, turnAt, reading };
})();
