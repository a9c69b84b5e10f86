"use strict";
/* The brief's workbook, sheet by sheet as report/brief/book.py and comparison_sheet.py tell it, from the parts of one that
   they laid out. */
(function () {
  const { data, state } = Shudian;
  const { say, pick, short, settings, monthOf } = Shudian.text;
  const { written: amountText, measure, joined } = Shudian.briefText;
  const { written, count, escaped } = Shudian.briefSheet;
  const reading = Shudian.reading.create(data);
  const { LEVELS, quantile } = Shudian.statistics;
  const TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  const market = state.marketTarget();
  const year = market.year;

  const cells = () => data.brief[settings.language].cells;
  const years = () => Array.from({ length: data.months / 12 }, (_, place) => data.first_year + place);
  const ends = (band) => [band.median, band.low, band.high];
  const priced = (ratio) => [ratio.median, ratio.low, ratio.high].map((value) => (value === null ? say("brief_unbounded") : value));

  function comparison({ result, base, scenario, reference }, brief) {
    const names = [reference, scenario].map(({ title }) => pick(title));
    const titles = brief.outcomes.rows.map(([title]) => title), every = data.targets.flatMap((target) => Object.keys(target.definitions).map((definition) => [target.id, definition]));
    const chances = every.map(([target, definition], place) => [say("brief_row_chance_percent", { label: titles[place] }), ...[base, result].map((found) => 100 * found.probability[target][definition].value)]);
    const amounts = data.brief.measures.flatMap((name) => {
      const told = (value) => (cells().whole.includes(name) ? count(value) : value), change = result.change.measures[name];
      const row = (what, values) => [say("brief_row_" + what, { measure: cells().named[name] }), ...values];
      return [...[["level", "median"], ["low", "low"], ["high", "high"]].map(([what, end]) => row(what, [base, result].map((found) => told(found.measures[name][end])))),
        ...[["added", "median"], ["added_low", "low"], ["added_high", "high"]].map(([what, end]) => row(what, [null, told(change[end])]))];
    });
    const output = measure("output");
    const medians = (one) => [base, result].map((found) => quantile(reading.read({ turns: found.turns() }, output.variable, output.reading, one, one, output.factor).sort(), 0.5));
    return [["title", say("brief_sheet_comparison")], ["note", brief.conclusion], ["table", { head: [say("brief_column_quantity"), ...names], rows: [...chances, ...amounts] }],
      ["heading", say("brief_chart_years")], ["table", { head: [say("brief_column_year"), ...names], rows: years().map((one) => [String(one), ...medians(one)]) }],
      ["note", say("brief_comparison_below", { reference: names[0] })]];
  }

  function verdicts({ result, base, scenario, reference }, brief) {
    const { units } = cells(), rows = [];
    for (const [named, found] of [[reference, base], [scenario, result]]) {
      const start = [named.name, pick(named.title)], own = found === result;
      for (const [definition, { value, error }] of Object.entries(found.probability[market.id])) {
        const title = say("column_chance", { target: pick(market.label), definition: short(data.definitions[definition]) });
        rows.push([...start, title, "%", 100 * value, null, null, 100 * error]);
      }
      const amounts = [own && ["output", result.change.measures.output, units.money, false], own && ["jobs", result.change.measures.jobs, units.people, true], ["cost", found.measures.cost, units.money, false]].filter(Boolean);
      for (const [name, band, unit, whole] of amounts) rows.push([...start, say("brief_quantity_" + name, { year }), unit, ...ends(band).map((value) => (whole ? count(value) : value)), null]);
      if (!own) continue;
      for (const [name, ratio, unit] of [["per_job", result.cost_per_job, units.per_job], ["per_output", result.cost_per_output, ""]]) {
        rows.push([...start, say("brief_quantity_" + name, { year }), unit, ...(ratio.saving ? [null, null, null] : priced(ratio)), null]);
      }
      rows.push([...start, say("brief_quantity_without", { year }), "%", 100 * (1 - result.cost_per_job.positive_share), null, null, null]);
    }
    const head = ["column_name", "column_package", "brief_column_quantity", "column_unit", "column_value", "column_low", "column_high", "brief_column_error"].map((key) => say(key));
    return [["title", say("brief_sheet_verdicts")], ["note", brief.conclusion], ["table", { head, rows }]];
  }

  function inputs({ scenario, reference }, brief) {
    const rows = [reference, scenario].flatMap((one) => cells().inputs.map(([name, role, label, unit, otherwise, range, basis]) =>
      [pick(one.title), role, name, label, unit, schedule(Shudian.scenario.scheduleOf(one, name), state.parameters.get(name)), otherwise, range, basis]));
    const head = ["column_package", "brief_column_kind", "column_name", "column_label", "column_unit", "brief_column_schedule", "brief_column_default", "brief_column_range", "brief_column_basis"].map((key) => say(key));
    return [["title", say("brief_sheet_inputs")], ["table", { head, rows }], ["heading", say("brief_notes_title")], ...brief.assumed.map((text) => ["paragraph", text])];
  }

  function schedule(segments, parameter) {
    return joined(segments.map(({ start, value, ramp }) => say(ramp ? "brief_ramp" : "brief_from", { value: amountText(parameter, value), month: monthOf(start), ramp: Number(ramp.toPrecision(6)) }))) || say("brief_default");
  }

  function yearly({ result, base, scenario, reference }) {
    const read = (found, quantity, one) => reading.read({ turns: found.turns() }, quantity.variable, quantity.reading, one, one, quantity.factor);
    const told = (quantity, value) => (quantity.whole ? count(value) : value);
    const rows = [[reference, base], [scenario, result]].flatMap(([named, found]) => cells().years.filter(({ added }) => !added || found === result).flatMap((quantity) => years().map((one) => {
      const values = read(found, quantity, one), less = quantity.added ? read(base, quantity, one) : null;
      const sorted = (less ? values.map((value, draw) => value - less[draw]) : values).sort();
      return [pick(named.title), quantity.label, quantity.unit, one, ...LEVELS.map((level) => told(quantity, quantile(sorted, level)))];
    })));
    const head = [...["column_package", "brief_column_quantity", "column_unit", "brief_column_year"].map((key) => say(key)), ...LEVELS.map((level) => (level === 0.5 ? say("column_median") : 100 * level + "%"))];
    return [["title", say("brief_sheet_years")], ["table", { head, rows }, "years"]];
  }

  function sources(brief) {
    const rows = brief.sources.map((source) => [pick(source.title), source.body, source.published, source.grade, source.address, source.figures.join(", ")]);
    return [["title", say("brief_sheet_sources")], ["table", { head: ["title", "body", "date", "grade", "address", "figures"].map((key) => say("brief_column_" + key)), rows }]];
  }

  function method({ result }, brief) {
    const own = data.brief[settings.language], between = settings.language === "zh" ? "" : " ";
    const exact = say("basis_error", { draws: result.draws.toLocaleString("en-US"), error: (50 / Math.sqrt(result.worth)).toFixed(1), seed: 1 });
    // what the cautions say at length already
    const briefly = Object.values(data.unreported).flatMap((by) => Object.values(by).map((told) => pick(told)));
    const below = [[own.rests, exact, own.cells.leaning].filter(Boolean).join(between), ...say("brief_method_lines").trim().split("\n"), ...brief.confidence, ...own.cautions, ...Shudian.verdict.warnings(result.scenario).filter(([kind]) => kind === "flag").map(([, text]) => text).filter((text) => !briefly.includes(text))];
    return [["title", say("brief_sheet_method")], ["table", { head: [], rows: [...brief.repeat, ["", ""], ...below.map((line) => ["", line])] }]];
  }

  /** The file. */
  function book(found, brief) {
    const own = data.brief[settings.language].book, { frame, styles, widths } = own;
    const told = [comparison(found, brief), verdicts(found, brief), inputs(found, brief), yearly(found), sources(brief), method(found, brief)];
    const sheets = told.map((blocks, place) => written(blocks, { frame, styles, drawing: place === 0, fixed: place === 0 ? widths : null }));
    const places = { reference: pick(found.reference.title), package: pick(found.scenario.title) };
    const titles = ["comparison", "verdicts", "inputs", "years", "sources", "method"].map((name) => "'" + say("brief_sheet_" + name) + "'");
    const area = (text) => text.replace(/([A-Z]+)(\d+)/g, "$$$1$$$2");
    const names = sheets.flatMap(({ titles: repeated, filter }, place) => [
      repeated && '<definedName name="_xlnm.Print_Titles" localSheetId="' + place + '">' + titles[place] + "!$" + repeated + ":$" + repeated + "</definedName>",
      filter && '<definedName name="_xlnm._FilterDatabase" localSheetId="' + place + '" hidden="1">' + titles[place] + "!" + area(filter) + "</definedName>"]).filter(Boolean).join("");
    const parts = Object.entries(own.parts.filled).map(([name, xml]) => Shudian.zip.fresh(name,
      xml.replace(/⟦(\w+)⟧/g, (mark, key) => (key === "names" ? "<definedNames>" + names + "</definedNames>" : key in places ? escaped(places[key]) : mark))));
    const strings = Shudian.zip.fresh(own.strings, '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="0"/>');
    return Shudian.zip.archive([...own.parts.kept.map(Shudian.zip.kept), ...parts, strings, ...sheets.map(({ xml }, place) => Shudian.zip.fresh(own.sheets[place], xml))], TYPE);
  }

  Shudian.briefBook = { book };
})();
