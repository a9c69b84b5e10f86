"use strict";
/* On a phone: the answer in one line at the foot of the screen while the answer itself is out of sight, so that it can be
   seen to move with a lever. For the eye only; what is read aloud stands in the answer. */
(function () {
  const { data, state } = Shudian;
  const { say, short, h, fill, percent, amount, unit, withUnit } = Shudian.text;
  const market = state.marketTarget();
  const root = () => document.getElementById("compact");
  const seen = { verdict: true };

  function update({ result }) {
    const node = root();
    node.hidden = seen.verdict;
    if (seen.verdict || !result) return;
    const jobs = Shudian.figures.measure("jobs");
    fill(node, h("span", { class: "compact-title" }, say("page_compact", { year: market.year })),
      Object.entries(result.probability[market.id]).map(([name, chance]) => h("span", { class: name === state.view.definition ? "chosen" : "" }, short(data.definitions[name]).replace(/口径$/, "") + " ", h("strong", {}, percent(chance.value, result.worth)))),
      h("span", {}, say("page_compact_jobs") + " ", h("strong", {}, withUnit(amount(jobs, result.measures.jobs.median), unit(jobs)))));
  }

  function listen() {
    new IntersectionObserver(([entry]) => {
      seen.verdict = entry.isIntersecting;
      update(Shudian.main.context());
    }).observe(document.getElementById("market"));
  }

  Shudian.compact = { update, listen };
})();
