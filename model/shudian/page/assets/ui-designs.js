"use strict";
/* What it would take to reach a target: answers that were found before the page was made, each with its command. */
(function () {
  const { data } = Shudian;
  const { say, pick, h, settings, rounded } = Shudian.text;

  function told(entry) {
    const asked = say("page_designs_asked", { target: pick(entry.question), chance: rounded(100 * entry.probability, 0) });
    const counted = (name) => entry[name].toLocaleString("en-US");
    const tried = { levers: entry.levers, runs: counted("runs"), searched: counted("searched"), fresh: counted("fresh") };
    return h("details", { "data-design": entry.target }, h("summary", {}, asked, " ", h("strong", {}, say("page_designs_kind_" + entry.outcome))),
      h("p", {}, pick(entry.answer)), h("p", {}, pick(entry.mix)), h("p", {}, say("page_designs_tried", tried)), entry.limits[settings.language].map((text) => h("p", { class: "hint" }, text)),
      h("p", {}, h("code", {}, entry.command)));
  }

  function show() {
    const { stale, answers } = data.designs;
    Shudian.cards.show(say("page_designs_title"), h("p", { class: "hint" }, say(stale ? "page_designs_stale" : "page_designs_hint")), answers.map(told));
  }

  Shudian.designs = { show };
})();
