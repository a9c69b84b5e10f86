"use strict";
/* Cards: what stands behind a lever, a parameter, a target, a report. One dialog at a time, closed by Escape. */
(function () {
  const { data, state, charts } = Shudian;
  const { say, pick, h, fill, number, amount, range, exact, withUnit, unit, leverValue, monthOf, table } = Shudian.text;

  const opened = { from: null };

  function show(title, ...body) {
    const dialog = document.getElementById("dialog");
    if (!dialog.open) opened.from = Shudian.text.placeOf(document.activeElement);
    fill(dialog, h("div", { class: "dialog-head" }, h("h2", { id: "dialog-title" }, title), h("button", { type: "button", class: "mini", "aria-label": say("page_close"), on: { click: () => dialog.close() } }, "×")), h("div", { id: "dialog-message", role: "alert" }), h("div", { class: "dialog-body" }, body));
    dialog.onclose = () => Shudian.text.focusAt(opened.from);
    dialog.classList.remove("large");
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
  }

  const part = (key, ...body) => {
    const kept = body.flat(2).filter((entry) => entry !== null && entry !== undefined && entry !== false && entry !== "");
    return kept.length ? h("section", {}, h("h3", {}, say(...[key].flat())), kept.map((entry) => (entry instanceof Node ? entry : h("p", {}, entry)))) : null;
  };

  /** Sources and figures by their identifiers, each with the printed words; no link is followed, the address is only text. */
  function cited(identifiers) {
    const found = [...new Set(identifiers || [])].map((id) => {
      const figure = data.figures[id];
      const source = data.sources[figure ? figure.source : id];
      if (!figure && !source) return null;
      return h("li", {}, figure && ["“" + figure.phrase + "” "], source && ["《" + pick(source.title) + "》", source.body && " " + source.body, source.published && " " + source.published], " ", h("span", { class: "grade" }, say("page_grade", { grade: (figure || source).grade })), source && source.address && h("div", { class: "address" }, source.address));
    }).filter(Boolean);
    return found.length ? h("ul", { class: "sources" }, found) : h("p", { class: "hint" }, say("page_no_source"));
  }

  function lever(entry) {
    const schedule = (Shudian.main.now()[state.kinds.get(entry.name)] || {})[entry.name] || [];
    const [low, high] = state.tried.get(entry.name) || [entry.low, entry.high];
    show(pick(entry.label),
      h("p", {}, pick(entry.meaning)),
      h("p", { class: "hint" }, say("page_lever_range", { low: leverValue(entry, entry.low), high: leverValue(entry, entry.high), basis: say("basis_" + entry.basis) }), state.tried.has(entry.name) ? say("page_lever_tried", { low: leverValue(entry, low), high: leverValue(entry, high) }) : ""),
      part("page_lever_now", [say("page_lever_default", { value: leverValue(entry, entry.default) }), ...schedule.map((segment) => say(segment.ramp ? "page_schedule_ramp" : "page_schedule_item", { from: monthOf(segment.start), value: leverValue(entry, segment.value), ramp: segment.ramp }))].join(say("page_list_comma"))),
      entry.response && part(["page_doses", { year: Shudian.figures.YEAR }], Shudian.doses.shown(entry)),
      part("page_lever_says", entry.says && pick(entry.says.text), entry.says && entry.says.sources.length ? cited(entry.says.sources) : null),
      part("page_lever_examples", (entry.examples || []).map((example) => h("div", {}, h("p", {}, h("strong", {}, pick(example.city)), say("page_colon"), pick(example.text)), cited(example.sources)))),
      part("page_lever_gains", entry.gains && pick(entry.gains)),
      part("page_lever_side", entry.side_effects && pick(entry.side_effects)),
      part("page_lever_note", pick(entry.note)),
      part("page_sources", cited(entry.evidence)));
  }

  function parameter(entry) {
    const scale = Shudian.text.factor(entry);
    const three = (q) => (q ? say("page_three", { median: number(q.q50 * scale), range: range(q.q05 * scale, q.q95 * scale), unit: unit(entry) }) : null);
    const field = h("input", { type: "text", inputmode: "decimal", autocomplete: "off", "aria-label": say("page_fix_value"), on: { keydown: (event) => { if (event.key === "Enter") fix(); } }, value: exact(Number(((entry.posterior || { q50: 0 }).q50 * scale).toPrecision(4))) });
    const fix = () => {
      let value;
      try {
        value = Shudian.amounts.measured(Shudian.amounts.beside(field.value, unit(entry)), entry);
      } catch (error) {
        if (!(error instanceof Shudian.toml.Mistake)) throw error;
        return Shudian.main.message(pick(error.text), "error", field);
      }
      const next = Object.assign({}, state.history.now, { fixed: Object.assign({}, state.history.now.fixed, { [entry.name]: value }) });
      const wrong = Shudian.ownBeliefs.complaint(state.scenarioOf(next));
      if (wrong) return Shudian.main.message(wrong, "error", field);
      document.getElementById("dialog").close();
      return Shudian.main.change(next, true);
    };
    show(pick(entry.label), h("p", {}, pick(entry.meaning)),
      part("page_prior", three(entry.prior), entry.prior && entry.prior.text && pick(entry.prior.text)), part("page_posterior", three(entry.posterior)),
      part("page_learned", entry.learned === null || entry.learned === undefined ? null : say(entry.learned < 0.1 ? "page_learned_nothing" : "page_learned_share", { share: Math.round(100 * entry.learned) })),
      part("page_importance", entry.importance && Object.entries(entry.importance).map(([key, value]) => say("page_importance_for", { what: data.definitions[key] ? pick(data.definitions[key]) : key, value: number(value) }))),
      part("page_basis", say("basis_" + entry.basis), entry.grade && say("page_grade", { grade: entry.grade })), part("page_lever_note", pick(entry.note)), part("page_sources", cited(entry.evidence)),
      entry.posterior && h("section", {}, h("h3", {}, say("page_fix")), h("p", { class: "hint" }, say(data.meta.calibrated ? "page_fix_hint" : "page_fix_hint_prior", data.beliefs)), h("p", {}, field, " ", unit(entry), " ", h("button", { type: "button", "data-fix": entry.name, on: { click: fix } }, say("page_fix_do")))),
      entry.posterior && data.meta.calibrated && h("section", {}, h("h3", {}, say("page_prior_title")), h("p", { class: "hint" }, say("page_prior_hint", { warned: data.beliefs.warned.toLocaleString("en-US"), refused: data.beliefs.refused })),
        h("p", {}, h("button", { type: "button", "data-believe": entry.name, on: { click: (event) => Shudian.ownBeliefs.begin(entry, event.target) } }, say("page_prior_do")))));
  }

  function target(entry) {
    const { result } = Shudian.main.context();
    show(pick(entry.label), h("p", {}, say("page_target_counts", { threshold: pick(entry.threshold_text), year: entry.year })),
      result && h("section", {}, h("h3", {}, Shudian.smallWorlds.title(entry)), Shudian.smallWorlds.shown(entry, result)),
      part("page_definition", Object.keys(entry.definitions).map((name) => pick(data.definitions[name]))),
      part("page_lever_note", pick(entry.note)), part("page_sources", cited(entry.evidence)));
  }

  function report(entry) {
    if (!entry) return;
    show(pick(entry.label), h("p", { class: "printed" }, "“" + entry.phrase + "”"),
      part("page_period", Shudian.figures.period(entry)),
      part("page_model", entry.model && say("page_three", { median: amount(entry, entry.model.median), range: range(entry.model.low, entry.model.high, entry), unit: unit(entry) })),
      part("page_source", pick(entry.source.title), charts.sourceName(entry.source), say("page_grade", { grade: entry.source.grade }), h("p", { class: "address" }, entry.source.address || "")));
  }

  function preset(entry) {
    show(pick(entry.title), h("p", {}, pick(entry.question)), part("page_package_assumes", h("ul", {}, entry.notes.map((note) => h("li", {}, pick(note))))));
  }

  function loop(entry) {
    const names = new Map(data.equations.map((equation) => [equation.name, equation]));
    show(entry.name + " " + pick(entry.label), h("p", {}, pick(entry.meaning)), part("page_loop_chain", entry.variables.map((name) => (names.has(name) ? pick(names.get(name).label) : name)).join(" → ")));
  }

  function equation(entry) {
    const names = new Map(data.equations.map((other) => [other.name, pick(other.label)]));
    const now = (Shudian.main.context().result.now || {})[entry.name];
    show(pick(entry.label), h("p", {}, pick(entry.meaning)), part(["page_equation_now", { year: Shudian.figures.YEAR }], now === undefined ? null : withUnit(amount(entry, now), unit(entry))),
      part("page_equation_causes", (entry.causes || []).map((name) => names.get(name) || labelOf(name)).filter(Boolean).join(say("page_list_comma"))), part("page_sources", entry.evidence && entry.evidence.length ? cited(entry.evidence) : null));
  }

  const labelOf = (name) => {
    const found = state.parameters.get(name) || data.parameters.find((entry) => entry.name === name);
    return found ? pick(found.label) : "";
  };

  function about() {
    const { meta } = data;
    const rows = (meta.subset.largest_deviations || []).map((entry) => {
      const value = (shown) => (entry.kind === "target" ? number(100 * shown, 1) + "%" : withUnit(amount(Shudian.figures.measure(entry.name), shown), unit(Shudian.figures.measure(entry.name))));
      const place = [state.presets.has(entry.package) ? pick(state.presets.get(entry.package).title) : "", say("page_statistic_" + entry.statistic), entry.kind === "additional" ? say("page_column_additional") : ""];
      return [pick(entry.what), place.filter(Boolean).join(say("page_list_comma")), value(entry.full), value(entry.subset)];
    });
    show(say("page_about"), h("p", {}, say("page_about_model", { few: meta.draws, draws: Shudian.verdict.worlds.toLocaleString("en-US") })), h("p", {}, say("page_about_probability", { draws: Shudian.verdict.worlds.toLocaleString("en-US"), error: number(50 / Math.sqrt(Shudian.verdict.worlds), 1) })), h("p", {}, say("page_about_policy")), h("p", {}, say("page_about_network")),
      part("page_about_subset", say("page_about_subset_text", { draws: meta.draws, of: meta.subset.of || "" }), rows.length ? table(null, ["page_quantity", "page_where", "page_full", "page_subset_short"].map((key) => say(key)), rows, "numbers words") : null),
      part("page_about_made", table(null, [say("page_quantity"), say("page_value")], [[say("page_model_digest"), meta.model_digest], [say("page_posterior_digest"), meta.posterior_digest], [say("page_data_until"), meta.data_until], [say("page_version"), meta.version], [say("page_command"), h("code", {}, meta.command || "")]].filter(([, value]) => value), "numbers words")),
      part("page_about_licence", say("page_about_licence_text")));
  }

  Shudian.cards = { show, part, cited, lever, parameter, target, report, preset, loop, equation, about };
})();
