"use strict";
/* What each lever brings and what a job costs by it: jobs along, cost upwards; hollow where no document prints an amount. */
(function () {
  const { data, state, charts } = Shudian;
  const { say, pick, number, short } = Shudian.text;
  const PER_JOB = 1e4; // 亿元 -> 万元

  /** Levers that bring jobs beyond twice the error of their contribution, each with its price. */
  function priced() {
    const found = Shudian.panels.contributions();
    if (!found) return [];
    return Object.entries(found.levers).map(([group, values]) => {
      const { jobs, cost } = values, members = data.lever_groups.find(([first]) => first === group) || [group];
      const printed = members.some((name) => state.parameters.get(name).printed);
      return { group, printed, jobs: jobs.mean, cost: cost.mean, price: (PER_JOB * cost.mean) / jobs.mean, told: jobs.mean > 2 * jobs.error && cost.mean > 0 };
    }).filter((entry) => entry.told).sort((one, other) => one.price - other.price);
  }

  const label = (entry) => short(Shudian.panels.leverTitle(entry.group));
  const head = () => ["page_lever", "page_price_jobs", "page_price_cost", "page_price_each", "page_price_basis"].map((key) => say(key));

  const figure = {
    id: "price", wide: true,
    title: () => say("page_price_title", { year: state.marketTarget().year }),
    numbers: () => {
      const [first] = priced();
      return [first ? say("page_price_finding", { lever: label(first), price: number(first.price) }) : Shudian.panels.contributions() ? say("page_price_none") : say("page_working")];
    },
    waits: () => !priced().length,
    height: () => 260,
    option: () => {
      const entries = priced();
      return {
        animation: false, textStyle: { fontFamily: charts.FONT }, grid: { left: 64, right: 40, top: 34, bottom: 42 },
        xAxis: { type: "value", min: 0, name: say("page_price_jobs"), nameLocation: "middle", nameGap: 26, nameTextStyle: charts.text(11), axisLabel: charts.text(11), splitLine: { show: false } },
        yAxis: { type: "value", min: 0, name: say("page_price_each"), nameTextStyle: Object.assign(charts.text(11), { align: "left", padding: [0, 0, 0, -50] }), axisLabel: charts.text(11), splitLine: { lineStyle: { color: "#ececec" } } },
        series: [{ type: "scatter", animation: false, symbolSize: 13, data: entries.map((entry) => ({ value: [entry.jobs, entry.price],
          itemStyle: { color: entry.printed ? charts.DARK : "#ffffff", borderColor: charts.DARK, borderWidth: 2 },
          label: Object.assign(charts.text(12, charts.INK), { show: true, position: "right", formatter: label(entry) }) })), labelLayout: { hideOverlap: true } }],
      };
    },
    note: () => say("page_price_note"),
    table: () => ({ head: head(), rows: priced().map((entry) => [label(entry), number(entry.jobs, 0), number(entry.cost), number(entry.price), say(entry.printed ? "page_price_printed" : "page_price_assumed")]), below: null }),
    csv: () => Shudian.csv.listed("lever", "page_lever", [Shudian.csv.named("jobs", "page_price_jobs"), Shudian.csv.named("cost", "page_price_cost"), Shudian.csv.named("cost_per_job", "page_price_each"), Shudian.csv.named("basis", "page_price_basis")],
      priced().map((entry) => [entry.group, ...Object.values(Shudian.text.inBoth(() => pick(Shudian.panels.leverTitle(entry.group)))), entry.jobs, entry.cost, entry.price, entry.printed ? "printed" : "assumed"])),
    mark: (context) => Shudian.figures.mark(context) || say("page_mark_prior"),
  };

  Shudian.price = { figure, priced };
})();
