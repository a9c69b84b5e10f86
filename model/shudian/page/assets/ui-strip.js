"use strict";
/* The answer in words: what a change brings, whether that can be told, why, and on what it rests. By the rules of
   report/run/strip.py, from the same texts. */
(function () {
  const { data, state } = Shudian;
  const { say, pick, short, h, fill, within, percent, rounded, amount, unit, withUnit, settings } = Shudian.text;
  const { fund, stages, half, named, answered, trials } = data.strip;
  const [measures, late] = [data.strip.measures, data.strip.late].map((names) => names.map((name) => data.measures.find((entry) => entry.name === name)));
  const equations = new Map(data.equations.map((entry) => [entry.name, entry]));
  const joined = (texts, zh = "；", en = "; ") => texts.join(settings.language === "zh" ? zh : en);

  function spoken(entry, value) {
    const text = amount(entry, value);
    return settings.language === "zh" ? text + unit(entry) : withUnit(text, unit(entry));
  }

  /** Whether the 90 % interval, as it is printed, lies on one side of nil. */
  function isTold(entry, band) {
    const near = band.low > 0 ? band.low : band.high;
    return (band.low > 0 || band.high < 0) && /[1-9]/.test(spoken(entry, near));
  }

  function signed(entry, value) {
    const text = spoken(entry, value);
    return value > 0 && /[1-9]/.test(text) ? "+" + text : text;
  }

  function effect(entry, band) {
    const [median, low, high] = [band.median, band.low, band.high].map((value) => signed(entry, value));
    return say("strip_effect", { measure: within(entry.label), median, low, high });
  }

  /** Targets whose chance moves by more than the sampling error, draw by draw, and by a point or more. */
  function movedTargets(result) {
    const found = [];
    for (const target of data.targets) {
      const moves = [], definitions = Object.keys(target.definitions);
      for (const definition of definitions) {
        const move = result.change.probability[target.id][definition];
        const noise = Math.min(1, Math.max(2 * move.error, 3 / result.worth));
        if (Math.abs(move.value) <= noise || !rounded(100 * move.value, 0)) continue;
        const after = result.probability[target.id][definition].value;
        const [first, last] = [after - move.value, after].map((value) => percent(value, result.worth));
        if (first === last) continue;
        const label = within({ [settings.language]: short(data.definitions[definition]) });
        moves.push(say(definitions.length > 1 ? "strip_move" : "strip_move_one", { definition: label, before: first, after: last }));
      }
      if (moves.length) found.push(say("strip_target", { target: pick(target.label), moves: joined(moves, "、", ", ") }));
    }
    return found;
  }

  /** Levers in which two scenarios differ at any time. */
  function movedLevers(one, other) {
    const [rows, others] = [one, other].map(Shudian.scenario.scheduleRows);
    return state.levers.filter((lever) => {
      const place = data.scheduled.indexOf(lever.name);
      return rows[place].some((value, step) => value !== others[place][step]);
    });
  }

  /** What is the scarcest of what a title needs, by share of the draws. */
  function why(result) {
    const ordered = result.limits.slice().sort((one, other) => other.share - one.share);
    const limits = ordered.map(({ name, share }) => say("strip_limit", { limit: say("limit_" + name), share: percent(share, result.worth) }));
    return say(ordered[0].share >= half ? "strip_limits_one" : "strip_limits_spread", { year: state.marketTarget().year, limits: joined(limits, "、", ", ") });
  }

  /** From the announcement of a fund to what firms have of it. */
  function raised(result) {
    const amounts = stages.map(([stage, name]) => [stage, spoken(equations.get(name), result.now[name])]);
    return say("strip_fund", { year: state.marketTarget().year, ...Object.fromEntries(amounts) });
  }

  /** Which amount, or which evidence, would tell a difference that cannot be told. */
  function needed(bands, levers) {
    const untold = measures.filter((entry) => !isTold(entry, bands[entry.name])), said = [];
    if (!untold.length || !levers.length) return said;
    const [lever] = levers;
    if (levers.length === 1 && lever.kind !== "date" && untold.some((entry) => entry.name === answered)) said.push(pick(lever.told));
    const found = [...new Set(levers.flatMap((one) => trials[one.name] || []).map(within))];
    said.push(say(found.length ? "strip_trials" : "strip_trials_none", { trials: joined(found, "、", ", ") }));
    return said;
  }

  function listed(levers) {
    const labels = levers.map((lever) => within(lever.label)), first = joined(labels.slice(0, named), "、", ", ");
    return labels.length > named ? say("strip_more", { listed: first, count: labels.length }) : first;
  }

  /** Why the answer is what it is, on which amounts it rests and, where it is `asked`, what would tell more. */
  function reasons(result, scenario, before, asked = true) {
    const said = [], clauses = Shudian.idleNotes.clauses();
    if (clauses.length) said.push(say("strip_idle", { clauses: joined(clauses) }));
    said.push(why(result));
    const levers = movedLevers(scenario, before);
    if (levers.some((lever) => lever.name === fund)) said.push(raised(result));
    if (asked) said.push(...needed(result.change.measures, levers));
    const counted = levers.filter((lever) => lever.evidence_range), assumed = counted.filter((lever) => !lever.printed);
    const printed = counted.length - assumed.length;
    const key = assumed.length && printed ? "some" : printed ? "all" : "none";
    if (counted.length) said.push(say("strip_printed_" + key, { count: counted.length, printed, assumed: listed(assumed) }));
    return said;
  }

  /** The sentences; one that says so where nothing was changed. */
  function sentences({ result, scenario, compared }) {
    if (!compared || !result || !result.change) return [say("strip_nothing")];
    const bands = result.change.measures, told = measures.filter((entry) => isTold(entry, bands[entry.name]));
    const untold = measures.filter((entry) => !told.includes(entry)).map((entry) => within(entry.label));
    const effects = joined(told.map((entry) => effect(entry, bands[entry.name])));
    const titles = { package: pick(scenario.title), other: pick(compared.scenario.title) };
    const said = [say(told.length ? "strip_told" : "strip_told_none", { effects, ...titles })];
    if (told.length && untold.length) said.push(say("strip_untold", { measures: joined(untold, "、", ", ") }));
    said.push(say("strip_later", { effects: joined(late.map((entry) => effect(entry, bands[entry.name]))) }));
    const targets = movedTargets(result);
    said.push(targets.length ? say("strip_moved", { targets: joined(targets) }) : say("strip_unmoved"));
    return [...said, ...reasons(result, scenario, compared.scenario)];
  }

  /** All of it, or its first lines; the button that turns one into the other stands where there is more. */
  function open(all) {
    const root = document.getElementById("strip"), [text] = root.getElementsByTagName("p"), [more] = root.querySelectorAll("[data-more]");
    root.classList.toggle("open", all);
    more.textContent = say(all ? "strip_less" : "strip_more_lines");
    more.setAttribute("aria-expanded", String(all));
    more.hidden = !all && text.scrollHeight <= text.clientHeight + 2;
  }

  /** Said anew where a change has settled; while a lever moves, what was said is grey. */
  function update(everything, settled) {
    const root = document.getElementById("strip");
    root.classList.toggle("old", !settled);
    if (!settled) return;
    const said = sentences(everything), text = said.join(settings.language === "zh" ? "" : " ");
    if (root.dataset.said === settings.language + text) return;
    root.dataset.said = settings.language + text;
    const text_ = h("p", { id: "strip-text" }, said.map((sentence) => h("span", {}, sentence + " ")));
    const more = h("button", { type: "button", class: "link", "data-more": "", "aria-controls": "strip-text", on: { click: () => open(!root.classList.contains("open")) } });
    fill(root, text_, more, everything.compared && h("button", { type: "button", class: "link", on: { click: () => Shudian.share.copy(text, say("strip_copied")) } }, say("strip_copy")));
    open(root.classList.contains("open"));
  }

  Shudian.strip = { update, sentences, reasons, isTold, movedLevers };
})();
