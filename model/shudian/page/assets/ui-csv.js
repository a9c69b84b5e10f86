"use strict";
/* What is shown as a file of data: heads that are the same in every language, numbers as they are, and below them what
   each head means. Amounts are in the unit that is named, whatever the language of the page. */
(function () {
  const { data, state, charts } = Shudian;
  const { say, pick, inBoth, monthOf } = Shudian.text;
  const market = state.marketTarget();

  const column = (name, label, thing) => ({ name, label, unit: thing && thing.unit_display !== "1" ? thing.unit_display : "" });
  const named = (name, key, places, thing) => column(name, inBoth(() => say(key, places && places())), thing);

  /** A cell: no formula, nothing that cannot be seen, no number that is none. */
  function quoted(cell) {
    if (cell === null || cell === undefined) return "";
    if (typeof cell === "number") return Number.isFinite(cell) ? String(Number(cell.toPrecision(8))) : "";
    const safe = Shudian.plainText.cell(String(cell));
    return /[",\n]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe;
  }

  /** Excel opens it with its Chinese intact. */
  function written({ columns, rows }) {
    const { meta } = data, { scenario, result } = Shudian.main.context();
    const below = [["column", "label_zh", "label_en", "unit"], ...columns.map(({ name, label, unit }) => [name, label.zh, label.en, unit]), [],
      ["scenario", scenario.title.zh, scenario.title.en], ["draws", result.draws], ["independent_draws", result.worth], ["data_until", meta.data_until], ["model_digest", meta.model_digest]];
    return "\ufeff" + [columns.map(({ name }) => name), ...rows, [], ...below].map((row) => row.map(quoted).join(",")).join("\r\n") + "\r\n";
  }

  /** A path month by month, and the medians of what stands beside it. */
  function path(context, name) {
    const what = charts.output(name), live = context.result.series[name], others = charts.beside(context);
    const of = (end, key) => column(name + "_" + end, { zh: what.label.zh + "：" + inBoth(() => say(key)).zh, en: what.label.en + ": " + inBoth(() => say(key)).en }, what);
    const levels = ["q05", "q25", "q50", "q75", "q95"];
    const columns = [named("month", "page_month"), ...levels.map((level) => of(level, "page_statistic_" + level)),
      ...others.map((entry) => column(name + "_q50_" + entry.id, inBoth(() => pick(entry.both) + say("page_colon") + say("page_statistic_q50")), what))];
    const rows = Array.from(live.q50, (_, month) => [monthOf(month), ...levels.map((level) => live[level][month]), ...others.map((entry) => entry.result.series[name].q50[month])]);
    return { columns, rows };
  }

  /** Every quantity of every scenario: one row each. */
  function compare(context) {
    const { result } = context;
    const runs = [{ id: "live", both: inBoth(() => say("page_live")), result }, ...charts.beside(context)];
    const pairs = [result.change && ["change", inBoth(() => say("page_column_change", { what: state.against(context.compared) })), result.change],
      context.compared && context.compared.reference && ["additional", inBoth(() => say("page_column_change", { what: state.briefly(context.compared.reference.title) })), { measures: result.additional, probability: { [market.id]: result.probability_gain } }]].filter(Boolean);
    const all = [...runs.map((run) => [run.id, run.both, run.result]), ...pairs];
    const chances = data.targets.flatMap((target) => Object.keys(target.definitions).flatMap((definition) => all.map(([id, title, found]) => {
      const chance = found.probability[target.id] && found.probability[target.id][definition];
      return chance && [target.id, definition, target.label.zh, target.label.en, "1", id, title.zh, title.en, chance.value, null, null];
    })));
    const amounts = data.measures.flatMap((entry) => all.map(([id, title, found]) => {
      const band = found.measures[entry.name];
      return band && [entry.name, "", entry.label.zh, entry.label.en, entry.unit_display, id, title.zh, title.en, band.median, band.low, band.high];
    }));
    const heads = [["quantity", "page_quantity"], ["definition", "page_definition"], ["quantity_zh", "page_quantity"], ["quantity_en", "page_quantity"], ["unit", "page_unit"],
      ["scenario", "page_now"], ["scenario_zh", "page_now"], ["scenario_en", "page_now"], ["value", "page_value_or_median"], ["low", "page_statistic_q05"], ["high", "page_statistic_q95"]];
    return { columns: heads.map(([name, key]) => named(name, key)), rows: [...chances, ...amounts].filter(Boolean) };
  }

  /** Rows that have a name and numbers. */
  function listed(name, key, numbers, rows) {
    return { columns: [named(name, key), named(name + "_zh", key), named(name + "_en", key), ...numbers], rows };
  }

  /** What stands on the page once everything is run in all possible worlds. */
  async function save(name, made) {
    await Shudian.main.settled();
    Shudian.share.save(name, new Blob([written(made(Shudian.main.context()))], { type: "text/csv;charset=utf-8" }));
  }

  Shudian.csv = { save, path, compare, listed, column, named };
})();
