"use strict";
/* How likely each target is, always in sight: every definition side by side, the chosen one leading. */
(function () {
  const { data, state } = Shudian;
  const { say, pick, short, h, fill, percent, points, number } = Shudian.text;
  const market = state.marketTarget();
  /** How many possible worlds stand on the page once a change has settled. */
  const worlds = data.whole ? data.whole.draws : data.meta.draws;

  /** In words, on the scale that climate reports use. */
  function word(value) {
    const bounds = [[0.1, "very_unlikely"], [0.33, "unlikely"], [0.66, "open"], [0.9, "likely"], [2, "very_likely"]];
    return say("page_word_" + bounds.find(([limit]) => value < limit)[1]);
  }

  const side = (value) => value >= 0.5;

  function update(result, settled) {
    const chances = result.probability[market.id];
    const names = Object.keys(market.definitions);
    const flips = new Set(names.map((name) => side(chances[name].value))).size > 1;
    marketCard(result, chances, names, flips);
    others(result);
    basis(result);
    if (settled) fill(document.getElementById("spoken"), sentence(result));
    Shudian.strip.update(Shudian.main.context(), settled);
  }

  function marketCard(result, chances, names, flips) {
    const chosen = state.view.definition;
    const root = document.getElementById("market");
    if (root.dataset.language !== Shudian.text.settings.language) {
      root.dataset.language = Shudian.text.settings.language;
      fill(root,
        h("div", { class: "target-head" }, h("button", { type: "button", class: "target-name", on: { click: () => Shudian.cards.target(market) } }, pick(market.label)),
          h("span", { id: "flip", class: "flag" })),
        h("div", { role: "radiogroup", "aria-label": say("page_definition"), class: "definitions" }, names.map((name) => {
          const input = h("input", { type: "radio", name: "definition", value: name, id: "definition-" + name, on: { change: () => Shudian.main.define(name) } });
          return h("label", { class: "definition", "data-definition": name, title: pick(data.definitions[name]) }, input,
            h("span", { class: "definition-name" }, short(data.definitions[name])),
            h("span", { class: "bar", "aria-hidden": "true" }, h("span", { class: "bar-fill" }), h("span", { class: "bar-half" })),
            h("span", { class: "chance" }), h("span", { class: "chance-word" }), h("span", { class: "gain" }));
        })),
        h("p", { class: "hint" }, say(market.official_definition === "unstated" || !market.official_definition ? "page_unstated" : "page_stated")));
    }
    for (const name of names) {
      const row = root.querySelector('[data-definition="' + name + '"]');
      const chance = chances[name];
      row.classList.toggle("chosen", name === chosen);
      row.classList.toggle("flipped", flips && side(chance.value) !== side(chances[chosen].value));
      row.querySelector("input").checked = name === chosen;
      row.querySelector(".bar-fill").style.width = 100 * chance.value + "%";
      row.querySelector(".chance").textContent = percent(chance.value, result.worth);
      row.querySelector(".chance-word").textContent = word(chance.value);
      fill(row.querySelector(".gain"), gains(result, name));
    }
    const flag = root.querySelector("#flip");
    flag.textContent = flips ? say("page_flip") : "";
    flag.hidden = !flips;
  }

  /** Against the package as it was, where something was changed, and against the reference: draw by draw, in points. */
  function gains(result, definition) {
    const parts = [];
    let standing = "";
    const before = result.standing && Math.max(...Object.keys(result.standing).map(Number).filter((year) => year < market.year));
    if (before) standing = say("page_standing", { year: before, share: percent(result.standing[before][definition].reached, result.worth) });
    const { compared } = Shudian.main.context(), gain = result.probability_gain && result.probability_gain[definition];
    if (gain && compared && compared.reference) parts.push(say("page_gain_change", { what: state.briefly(compared.reference.title), points: points(gain, result.worth) }));
    const change = result.change && result.change.probability[market.id][definition];
    if (change) parts.push(say("page_gain_change", { what: state.against(compared), points: points(change, result.worth) }));
    return [standing, ...parts].map((part) => h("span", {}, part));
  }

  function others(result) {
    fill(document.getElementById("others"), data.targets.filter((target) => target.id !== data.market).map((target) => {
      const [definition, chance] = Object.entries(result.probability[target.id])[0];
      const counted = say("page_counted_as", { definition: pick(data.definitions[definition]) });
      return h("div", { class: "target row", "data-target": target.id },
        h("div", {}, h("button", { type: "button", class: "target-name", on: { click: () => Shudian.cards.target(target) } }, pick(target.label)), h("p", { class: "hint", title: counted }, counted)),
        h("span", { class: "bar", "aria-hidden": "true" }, wide(chance.value), h("span", { class: "bar-half" })),
        h("strong", { class: "chance" }, percent(chance.value, result.worth)), h("span", { class: "chance-word" }, word(chance.value)));
    }));
  }

  /** The draws that a long computation runs, one after the other, and in how many a finished one has run. */
  const turns = data.whole ? ["few", "whole"] : ["few"];
  const told = (draws) => {
    const { result } = Shudian.main.context(), all = result ? result.worlds : worlds;
    return say("page_in_worlds", { draws: Math.min(draws === "few" ? data.meta.draws : all, all).toLocaleString("en-US") });
  };

  function wide(value) {
    const bar = h("span", { class: "bar-fill" });
    bar.style.width = 100 * value + "%";
    return bar;
  }

  function basis(result) {
    const { meta } = data;
    const error = number(50 / Math.sqrt(result.worth), 1);
    const own = Shudian.ownBeliefs.any(result.scenario);
    const [whole, few] = own ? ["page_worlds_own", "page_worlds_few_own"] : ["page_worlds", "page_worlds_few"];
    fill(document.getElementById("basis"),
      h("span", { class: meta.calibrated && !meta.stale ? "" : "flag" }, meta.calibrated && !meta.stale
        ? say("page_calibrated", { evidence: pick(meta.evidence), until: meta.data_until }) : say("page_uncalibrated")),
      h("span", { id: "worlds", "data-draws": result.draws }, say(result.settled || result.reweighed ? whole : few, { few: result.draws, draws: result.worlds.toLocaleString("en-US"), error })),
      !result.settled && !own && h("span", {}, subset()),
      data.past && h("span", { id: "past", title: pick(data.past) }, pick(data.past)),
      h("span", {}, say("page_digest", { digest: String(meta.model_digest).slice(0, 12) })));
  }

  /** How far the draws that the page carries are from all draws, at worst: chances in points, amounts in per cent. */
  function subset() {
    const found = data.meta.subset.largest_deviations || [];
    const worst = (wanted) => found.filter(wanted).reduce((most, entry) => Math.max(most, 100 * Math.abs(entry.relative)), 0);
    return say("page_subset", {
      of: data.meta.subset.of, chance: number(worst((entry) => entry.kind === "target"), 1),
      median: number(worst((entry) => entry.kind !== "target" && entry.statistic === "q50"), 1), bound: number(worst((entry) => entry.kind !== "target" && entry.statistic !== "q50"), 0),
    });
  }

  /** The chance of the market target under each definition, in one line. */
  const chances = (result) => Object.entries(result.probability[market.id])
    .map(([name, chance]) => short(data.definitions[name]) + " " + percent(chance.value, result.worth)).join(say("page_list_comma"));

  /** The answer in one sentence, for a screen reader, for the print and for the clipboard. */
  function sentence(result) {
    const definition = state.view.definition;
    const chance = result.probability[market.id][definition];
    const now = Shudian.main.now();
    return say("page_sentence", {
      package: pick(now.title), definition: short(data.definitions[definition]), target: pick(market.label),
      chance: percent(chance.value, result.worth), error: number(200 * chance.error, 0) === "0" ? "1" : number(200 * chance.error, 0), draws: result.draws,
    });
  }

  /** Warnings that belong on the charts themselves. */
  function warnings(scenario) {
    const found = Shudian.ownBeliefs.told(scenario, Shudian.main.context().before);
    if (data.meta.stale || !data.meta.calibrated) found.push(["flag", say("page_uncalibrated_long")]);
    const far = state.outside(scenario);
    if (far.length) found.push(["flag", say("page_outside_documents", { levers: far.map((lever) => pick(lever.label)).join(say("page_list_comma")) })]);
    const unreported = (data.unreported[market.id] || {})[state.view.definition];
    if (unreported) found.push(["flag", pick(unreported)]);
    found.push(["note", say("page_mostly_prior")]);
    if (early(state.history.now)) found.push(["flag", say("page_early", { until: data.meta.data_until })]);
    return found;
  }

  function early(choice) {
    const until = Shudian.text.monthFrom(String(data.meta.data_until).slice(0, 7));
    return until !== null && Object.entries(choice.levers).some(([, steps]) => steps[0].start < until - 1);
  }

  function showWarnings(scenario) {
    fill(document.getElementById("warnings"), warnings(scenario).map(([kind, text]) => h("span", { class: kind }, text)),
      h("button", { type: "button", class: "link", on: { click: () => Shudian.cards.about() } }, say("page_about")));
  }

  Shudian.verdict = { update, warnings, showWarnings, word, side, chances, worlds, turns, told };
})();
