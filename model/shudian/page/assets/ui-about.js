"use strict";
/* The card of a chart and of its number: what it shows, how it is computed, what to look for, and where it comes from. */
(function () {
  const { data, state, charts } = Shudian;
  const { say, pick, h, monthOf, within, inBoth, leverValue, exact, number, short } = Shudian.text;
  const { part, cited } = Shudian.cards;
  const equations = new Map(data.equations.map((equation) => [equation.name, equation]));
  const market = state.marketTarget();
  const LOOKED = ["market", "jobs", "firms", "cost", "titles", "heads", "registered", "waterfall", "contributions", "price"];

  const labelOf = (name) => {
    const found = equations.get(name) || state.parameters.get(name) || state.parameterOf(name);
    return found ? within(found.label) : name;
  };

  function computed(equation) {
    const causes = [...new Set(equation.causes)].map(labelOf).join(say("page_pause"));
    return say(equation.kind === "stock" ? "page_about_stock" : "page_about_from", { variable: pick(equation.label), causes });
  }

  /** The three parameters on which the chance of the target under the chosen definition hangs most; only of the market. */
  function leading(variable) {
    const { definition } = state.view;
    if (market.definitions[definition].replace(/^cumulative_/, "") !== variable) return null;
    const weight = (entry) => (entry.importance && entry.importance[definition]) || 0;
    const found = data.parameters.filter((entry) => weight(entry) > 0).sort((one, other) => weight(other) - weight(one)).slice(0, 3);
    return found.length ? h("ul", {}, found.map((entry) => h("li", {}, h("button", { type: "button", class: "link", on: { click: () => Shudian.cards.parameter(entry) } }, pick(entry.label)), say("page_colon") + number(weight(entry))))) : null;
  }

  function printed(variable) {
    const found = new Map(charts.reports(variable).map((entry) => [entry.figure, entry]));
    return [...found.values()].map((entry) => h("p", {}, Shudian.figures.period(entry) + say("page_colon") + "“" + entry.phrase + "” ",
      h("button", { type: "button", class: "link", on: { click: () => Shudian.cards.report(entry) } }, charts.sourceName(entry.source))));
  }

  /** The command that answers what is set; a schedule of several steps, shocks or own beliefs need the scenario file. */
  function command(choice = state.history.now) {
    const settings = ["levers", "assumptions"].flatMap((kind) => Object.entries(choice[kind]).map(([name, steps]) => [state.parameters.get(name), steps]));
    const plain = settings.every(([, steps]) => steps.length === 1 && !steps[0].ramp) && !Object.keys(choice.fixed).length && !Object.keys(choice.priors).length;
    if (!plain) return "shudian run shudian-" + choice.base + "-own.toml";
    const written = (lever, value) => (lever.kind === "switch" ? exact(value) : inBoth(() => leverValue(lever, value)).zh);
    const set = settings.map(([lever, [step]]) => ' --set "' + lever.name + "=" + written(lever, step.value) + "@" + monthOf(step.start) + '"');
    return "shudian run " + choice.base + set.join("") + choice.shocks.map((shock) => " --with " + shock).join("");
  }

  /** `figure` has id and title, `variable` names what it shows, if that is one variable of the model. */
  function show(figure) {
    const context = Shudian.main.context(), variable = figure.variable ? figure.variable() : null, equation = equations.get(variable);
    const own = command(), filed = own.endsWith(".toml");
    Shudian.cards.show(figure.title(context),
      equation && h("p", {}, pick(equation.meaning)),
      figure.id === "market" && h("p", {}, say("page_about_definition", { definition: short(data.definitions[state.view.definition]) })),
      part("page_about_year", say(figure.yearly ? "page_about_turns" : "page_about_months", { year: market.year, draws: context.result ? context.result.draws.toLocaleString("en-US") : "" })),
      equation && part("page_about_computed", computed(equation)),
      part("page_about_look", say(LOOKED.includes(figure.id) ? "page_look_" + figure.id : "page_look_any")),
      variable && part("page_about_leading", leading(variable)),
      variable && part("page_about_reports", printed(variable)),
      equation && equation.evidence.length > 0 && part("page_sources", cited(equation.evidence)),
      part("page_about_command", h("p", {}, h("code", {}, own)), filed && say("page_about_filed")));
    document.getElementById("dialog").dataset.about = figure.id;
  }

  /** The chart alone, as large as the window lets it be. */
  function enlarge(figure) {
    const context = Shudian.main.context(), holder = h("div", { class: "large-drawing", role: "img", "aria-label": figure.title(context) });
    Shudian.cards.show(figure.title(context), h("p", { class: "finding" }, figure.numbers ? figure.numbers(context) : null), holder, h("p", { class: "hint" }, figure.note ? figure.note(context) : null));
    const dialog = document.getElementById("dialog");
    dialog.classList.add("large");
    const chart = echarts.init(holder, null, { renderer: "canvas", devicePixelRatio: Math.max(2, window.devicePixelRatio || 1) });
    chart.setOption(figure.option(context));
    const gone = () => {
      if (dialog.open && holder.isConnected) return; // that was another card's
      dialog.classList.remove("large");
      dialog.removeEventListener("close", gone);
      chart.dispose();
    };
    dialog.addEventListener("close", gone);
  }

  Shudian.about = { show, enlarge, command };
})();
