"use strict";
/* The charts of the page: what each says, draws, and holds as a table. */
(function () {
  const { data, state, charts } = Shudian;
  const { say, pick, short, h, amount, scaled, range, signed, signedRange, withUnit, monthOf, unit } = Shudian.text;
  const market = state.marketTarget();
  const YEAR = market.year;
  const threshold = market.threshold * market.factor;
  const measure = (name) => data.measures.find((entry) => entry.name === name);
  const seriesOf = (definition) => market.definitions[definition].replace(/^cumulative_/, "");
  const monthAt = (year) => 12 * (year + 1 - data.first_year);

  /** `432 (210 to 850)` and, draw by draw, what the changes and the package as a whole bring. */
  function headline(context, name) {
    const entry = measure(name);
    const band = context.result.measures[name];
    return [h("strong", {}, withUnit(amount(entry, band.median), unit(entry))), h("span", {}, say("page_interval", { range: range(band.low, band.high, entry) })), differences(context, name)];
  }

  function differences(context, name) {
    const { result } = context;
    const entry = measure(name);
    const change = result.change && result.change.measures[name];
    const more = result.additional && result.additional[name];
    const text = (what, band) => h("span", { class: "difference" }, say("page_than", { what, median: signed(band.median, entry), range: signedRange(band.low, band.high, entry) }));
    const { compared } = context;
    return [change && text(state.against(compared), change), change && more && compared.reference && text(state.briefly(compared.reference.title), more)];
  }

  /** A chart of levels, which with the switch on shows differences instead; `name` and `entry` tell of what. */
  function switched(figure, name, entry) {
    const { difference } = Shudian, what = () => charts.output(name());
    const either = (shown, level) => (context) => (difference.on() ? shown(context, what(), entry()) : level(context));
    return Object.assign({}, figure, {
      variable: name, keyed: () => !difference.on(), title: (context) => figure.title(context) + difference.suffix(context),
      option: either(difference.option, figure.option), numbers: either(difference.numbers, figure.numbers),
      table: either(difference.table, figure.table), csv: either(difference.csv, figure.csv),
      note: () => (difference.on() ? say("page_difference_note") : figure.note()), click: (event) => difference.on() || figure.click(event),
    });
  }

  function path(id, name, title, more) {
    const figure = Object.assign({
      id, name, reports: () => charts.reports(name).length > 0,
      title: () => say(title, { year: YEAR }),
      option: (context) => charts.paths(context, name),
      note: () => note(name),
      table: (context) => pathTable(context, name, (month) => month % 12 === 0 && month > 0),
      csv: (context) => Shudian.csv.path(context, name),
      click: (event) => event.seriesId && event.seriesName === say("page_reported") && Shudian.cards.report(charts.reports(name)[event.dataIndex]),
      mark: (context) => mark(context),
    }, more);
    return switched(figure, () => name, () => (more.measure ? measure(more.measure) : null));
  }

  /** What a reader of this chart alone must know. */
  function mark(context) {
    const found = [];
    if (data.meta.stale || !data.meta.calibrated) found.push(say("page_mark_uncalibrated"));
    if (state.outside(context.scenario).length) found.push(say("page_mark_outside"));
    if (Object.keys(state.history.now.levers).length) found.push(say("page_mark_prior"));
    return found.join(say("page_list_comma"));
  }

  function note(name) {
    const count = charts.reports(name).length;
    return count ? say("page_note_reported", { count }) : "";
  }

  function pathTable(context, name, wanted) {
    const what = charts.output(name), units = pick(what.unit_label);
    const live = context.result.series[name];
    const others = charts.beside(context);
    const months = Array.from(live.q50, (_, month) => month).filter(wanted);
    const head = [say("page_month"), say("page_median_of", { unit: units }), "5%", "25%", "75%", "95%", ...others.map((entry) => entry.mark || entry.title)];
    const rows = months.map((month) => [monthOf(month), ...[live.q50, live.q05, live.q25, live.q75, live.q95].map((values) => amount(what, values[month])), ...others.map((entry) => amount(what, entry.result.series[name].q50[month]))]);
    return { head, rows, below: reportedTable(charts.reports(name), what, units) };
  }

  function reportedTable(entries, what, units) {
    if (!entries.length) return null;
    return Shudian.text.table(say("page_reported"), [say("page_period"), say("page_in_unit", { what: say("page_reported_value"), unit: units }), say("page_printed"), say("page_source")],
      entries.map((entry) => [period(entry), entry.series_low === entry.series_high ? amount(what, entry.series_low) : range(entry.series_low, entry.series_high, what), "“" + entry.phrase + "”",
        h("button", { type: "button", class: "link", on: { click: () => Shudian.cards.report(entry) } }, charts.sourceName(entry.source))]));
  }

  const period = (entry) => {
    const last = monthOf(Math.max(Math.round(entry.start), Math.round(entry.end) - 1));
    return monthOf(entry.start) === last ? last : monthOf(entry.start) + Shudian.text.between() + last;
  };

  /** The market under the chosen definition; its amount in the target's year is that of the draws, read from the path. */
  const marketPath = switched({
    id: "market", reports: () => charts.reports(seriesOf(state.view.definition)).length > 0,
    title: () => say("page_market_title", { year: YEAR, definition: short(data.definitions[state.view.definition]) }),
    numbers: (context) => {
      const { result } = context;
      const definition = state.view.definition;
      const standing = result.standing && result.standing[YEAR] && result.standing[YEAR][definition];
      return seriesOf(definition) === "local_output" ? headline(context, "output")
        : standing && Number.isFinite(standing.median) ? [h("strong", {}, withUnit(amount(market, standing.median), unit(market)))] : [];
    },
    option: (context) => charts.paths(context, seriesOf(state.view.definition), { threshold: scaled(market, threshold), label: say("page_threshold", { year: YEAR, amount: pick(market.threshold_text) }) }),
    note: () => note(seriesOf(state.view.definition)),
    table: (context) => pathTable(context, seriesOf(state.view.definition), (month) => month % 12 === 0 && month > 0),
    csv: (context) => Shudian.csv.path(context, seriesOf(state.view.definition)),
    click: (event) => event.seriesName === say("page_reported") && Shudian.cards.report(charts.reports(seriesOf(state.view.definition))[event.dataIndex]),
    mark: (context) => [say("page_mark_unstated"), mark(context)].filter(Boolean).join(say("page_list_comma")),
  }, () => seriesOf(state.view.definition), () => (seriesOf(state.view.definition) === "local_output" ? measure("output") : null));

  const withNumbers = (name) => ({ measure: name, numbers: (context) => headline(context, name) });
  const atYearEnd = (name) => ({ numbers: (context) => {
    const what = charts.output(name), values = context.result.series[name];
    const month = monthAt(YEAR);
    return [h("strong", {}, withUnit(amount(what, values.q50[month]), unit(what))), h("span", {}, say("page_interval", { range: range(values.q05[month], values.q95[month], what) }))];
  } });

  const has = (name) => data.outputs.some((entry) => entry.name === name);
  const paths = [
    marketPath,
    path("jobs", "fte_jobs", "page_jobs_title", withNumbers("jobs")),
    path("firms", "active_firms", "page_firms_title", withNumbers("firms")),
    path("cost", "cumulative_fiscal_cost", "page_cost_title", withNumbers("cost")),
    path("titles", "city_titles", "page_titles_title", atYearEnd("city_titles")),
    path("heads", "head_count", "page_heads_title", withNumbers("heads")),
    path("registered", "registered_firms", "page_registered_title", atYearEnd("registered_firms")),
    path("entry", "firm_entry", "page_entry_title", atYearEnd("firm_entry")),
  ].filter((figure) => !figure.name || has(figure.name));

  Shudian.figures = { paths, mark, measure, period, YEAR };
})();
