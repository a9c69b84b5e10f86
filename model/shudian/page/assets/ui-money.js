"use strict";
/* Definitions and gains: the way from what viewers pay to what the city's firms book, the products behind output and jobs,
   and who has more of what than without the change. */
(function () {
  const { data, state, charts } = Shudian;
  const { say, pick, h, fill, number, amount, scaled, range, signed, signedRange, withUnit, unit, table, short } = Shudian.text;
  const { equations, levels, each, typical, average } = Shudian.turns;
  const market = state.marketTarget(), YEAR = market.year, TURN = YEAR + 1 - data.first_year;
  const BOOKED = ["live_output", "ai_output", "own_ip_income"], ADDED = ["overseas_income", "plus_income"];
  /** @type {[string, string[]][]} */
  const GAINS = [
    ["firms", ["startups", "established", "lead_firms"]], ["output", [...BOOKED, ...ADDED]],
    ["jobs", ["live_jobs", "ai_workers", "other_workers", "visiting_crew_jobs"]], ["purse", ["city_fiscal_cost", "district_fiscal_cost", "province_fiscal_cost"]],
  ];
  /** What is not a variable of the model itself: jobs of live action, and what viewers pay that no firm of the city books. */
  const DERIVED = {
    live_jobs: { like: "fte_jobs", read: (v) => v("fte_jobs") - v("ai_workers") - v("other_workers") },
    unbooked: { like: "content_market", read: (v) => v("content_market") - BOOKED.reduce((sum, name) => sum + v(name), 0) },
  };
  const NEEDED = [...new Set(["content_market", "local_output", "allocated_market", "fte_jobs", "title_completions", "ai_title_completions", "city_titles",
    ...GAINS.flatMap(([, names]) => names.filter((name) => equations.has(name)))])];

  const thing = (name) => equations.get(DERIVED[name] ? DERIVED[name].like : name);
  const label = (name) => (DERIVED[name] ? say("page_money_" + name) : pick(equations.get(name).label));
  const reader = (name) => (DERIVED[name] ? DERIVED[name].read : (v) => v(name));
  const drawn = (found, name) => each(found, TURN, reader(name));
  const five = (found, name) => levels(drawn(found, name), thing(name).factor);
  const more = (known, name) => levels(drawn(known.live, name).map((value, draw) => value - drawn2(known, name)[draw]), thing(name).factor);
  /** The comparator's values, read once for each drawing. */
  const kept = { known: null, values: new Map() };
  function drawn2(known, name) {
    if (kept.known !== known.other) Object.assign(kept, { known: known.other, values: new Map() });
    if (!kept.values.has(name)) kept.values.set(name, drawn(known.other, name));
    return kept.values.get(name);
  }

  const now = (context) => Shudian.turns.of(context, NEEDED);

  /* ---- from what viewers pay to what firms book ---- */

  /** The bars in typical worlds, where sums are sums: [name, from, to], in the unit that is shown. */
  /** @returns {[string, number, number][]} */
  function falls(known) {
    const { live } = known, draws = typical(live, "local_output", TURN), factor = scaled(thing("local_output"), thing("local_output").factor);
    const of = (name) => average(live, draws, TURN, reader(name)) * factor;
    let at = 0;
    /** @type {[string, number, number][]} */
    const pieces = [...BOOKED, ...ADDED].map((name) => {
      const from = at;
      at += of(name);
      return [name, from, at];
    });
    const booked = pieces[BOOKED.length - 1][2], content = of("content_market");
    return [["content_market", 0, content], ["unbooked", booked, content], ...pieces, ["local_output", 0, at], ["allocated_market", 0, of("allocated_market")]];
  }

  const definitionOf = { content_market: "content_market", local_output: "local_output", allocated_market: "allocated_market" };
  const barLabel = (name) => (definitionOf[name] ? short(data.definitions[definitionOf[name]]) : label(name));

  const waterfall = {
    id: "waterfall", wide: true,
    title: () => say("page_money_waterfall", { year: YEAR }),
    numbers: (context) => {
      const known = now(context);
      if (!known) return [say("page_working")];
      const [low, , median, , high] = five(known.live, "unbooked");
      return [say("page_money_finding", { amount: withUnit(amount(thing("unbooked"), median), unit(thing("unbooked"))), range: range(low, high, thing("unbooked")) })];
    },
    waits: () => !now(Shudian.main.context()),
    height: () => 330,
    option: (context) => bars(now(context)),
    note: () => say("page_money_note", { year: YEAR }),
    table: (context) => {
      const known = now(context);
      return { head: [say("page_quantity"), say("page_money_typical"), say("page_median_of", { unit: unit(thing("local_output")) }), say("page_legend_most")],
        rows: known ? falls(known).map(([name, from, to]) => [barLabel(name), number(to - from), amount(thing(name), five(known.live, name)[2]), range(five(known.live, name)[0], five(known.live, name)[4], thing(name))]) : [] };
    },
    csv: (context) => {
      const known = now(context), levelsOf = ["q05", "q25", "q50", "q75", "q95"];
      return Shudian.csv.listed("part", "page_quantity", levelsOf.map((level) => Shudian.csv.named(level, "page_statistic_" + level, null, thing("local_output"))),
        known ? falls(known).map(([name]) => [name, ...Object.values(Shudian.text.inBoth(() => barLabel(name))), ...five(known.live, name)]) : []);
    },
    mark: (context) => Shudian.figures.mark(context),
  };

  function bars(known) {
    const entries = known ? falls(known) : [], plain = charts.text(12, charts.INK);
    const most = Math.max(1e-9, ...entries.map(([, from, to]) => Math.max(from, to))), narrow = document.getElementById("panel-money").clientWidth < 500;
    return {
      animation: false, textStyle: { fontFamily: charts.FONT }, grid: { left: narrow ? 112 : 190, right: narrow ? 64 : 90, top: 16, bottom: 26 },
      xAxis: { type: "value", min: 0, max: charts.ceiling(most * 1.05).max, name: unit(thing("local_output")), nameTextStyle: charts.text(11), axisLabel: Object.assign(charts.text(11), { hideOverlap: true }), splitLine: { lineStyle: { color: "#ececec" } } },
      yAxis: { type: "category", inverse: true, data: entries.map(([name]) => barLabel(name)), axisTick: { show: false }, axisLabel: Object.assign({}, plain, { width: narrow ? 104 : 178, overflow: "break", lineHeight: 14 }) },
      series: [{ type: "custom", animation: false, clip: false, encode: { x: [1, 2], y: 0 }, data: entries.map(([, from, to], place) => [place, from, to]),
        renderItem: (_parameters, api) => {
          const place = api.value(0), [name, from, to] = entries[place];
          const [x1, y] = api.coord([Math.min(from, to), place]), [x2] = api.coord([Math.max(from, to), place]);
          const fill_ = definitionOf[name] ? (name === data.targets.find((target) => target.id === data.market).definitions[state.view.definition].replace(/^cumulative_/, "") ? charts.DARK : "#4f7fb0") : name === "unbooked" ? "#d0d0d0" : charts.MIDDLE;
          return { type: "group", children: [
            { type: "rect", shape: { x: x1, y: y - 9, width: Math.max(x2 - x1, 1), height: 18 }, style: { fill: fill_ } },
            { type: "text", style: { text: (name === "unbooked" ? "−" : "") + number(Math.abs(to - from)), x: x2 + 6, y: y - 7, fontFamily: charts.FONT, fontSize: 12, fill: charts.INK } }] };
        } }],
    };
  }

  /* ---- products ---- */

  /** Titles times what one brings or takes, in typical worlds, so that the product is the amount. */
  function identities(known) {
    const { live } = known, draws = typical(live, "local_output", TURN), of = (name) => average(live, draws, TURN, reader(name));
    const days = data.parameters.find((entry) => entry.name === "working_days_per_month");
    const row = (titles, result, each_) => {
      const count = of(titles), whole = of(result);
      return [say("page_money_titles_" + titles), withUnit(amount(thing(titles), count * thing(titles).factor), unit(thing(titles))), each_(whole / count), withUnit(amount(thing(result), whole * thing(result).factor), unit(thing(result)))];
    };
    const value = (each_) => say("page_money_each", { value: number(each_) });
    const work = (each_) => say("page_money_work", { days: number(each_ * days.value, 0) });
    return [row("title_completions", "live_output", value), row("ai_title_completions", "ai_output", value), row("title_completions", "live_jobs", work), row("ai_title_completions", "ai_workers", work)];
  }

  function identityCard(known) {
    const head = ["page_quantity", "page_money_count", "page_money_per", "page_money_product"].map((key) => say(key));
    return h("section", { class: "card wide", "data-money": "identities" }, h("h3", {}, say("page_money_identities", { year: YEAR })),
      h("div", { class: "scroll" }, table(null, head, identities(known).map(([what, count, each_, product]) => [what, count, "× " + each_, "= " + product]), "numbers")),
      h("p", { class: "hint" }, say("page_money_identities_note")));
  }

  /* ---- who gains ---- */

  function gainRows(known, names) {
    const most = known.other ? Math.max(...names.map((name) => Math.abs(more(known, name)[2])), 1e-12) : 1;
    return names.map((name) => {
      const own = five(known.live, name), what = thing(name), change = known.other ? more(known, name) : null;
      const bar = h("span", { class: "gain-bar" + (change && change[2] < 0 ? " less" : "") });
      if (change) bar.style.width = Math.round((60 * Math.abs(change[2])) / most) + "px";
      return [label(name), [withUnit(amount(what, own[2]), unit(what)), h("small", {}, range(own[0], own[4], what))],
        change ? [bar, signed(change[2], what), h("small", {}, signedRange(change[0], change[4], what))] : "—"];
    });
  }

  function gainCard(known) {
    return h("section", { class: "card wide", "data-money": "gains" }, h("h3", {}, say("page_money_gains", { year: YEAR })),
      h("p", { class: "hint" }, say("page_money_gains_note", { other: known.title })),
      h("div", { class: "scroll" }, GAINS.map(([group, names]) => table(say("page_money_group_" + group), [say("page_money_who"), say("page_now"), say("page_difference_from", { other: known.title })], gainRows(known, names), "numbers gains"))));
  }

  /* ---- the panel ---- */

  const shown = { card: null, live: null, other: null, language: "" };

  function show(root, context) {
    const { language } = Shudian.text.settings;
    if (!root.firstChild || shown.language !== language) {
      Object.assign(shown, { language, live: null, card: Shudian.chartCards.card(waterfall) });
      fill(root, h("p", { class: "controls" }, Shudian.difference.control("against-money")), shown.card, h("div", { id: "money-tables" }));
    }
    const known = now(context), tables = document.getElementById("money-tables");
    tables.classList.toggle("old", Boolean(known && known.old));
    if (!known || (shown.live === known.live && shown.other === known.other && tables.firstChild)) return;
    Object.assign(shown, { live: known.live, other: known.other });
    fill(tables, gainCard(known), identityCard(known));
  }

  Shudian.money = { show, falls, identities, NEEDED, TURN };
})();
