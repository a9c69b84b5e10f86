"use strict";
/* The three questions of the README as stories: each step sets levers, points at what moved and says it in a sentence of
   live values. Whoever wants to guesses first. */
(function () {
  const { data, state } = Shudian;
  const { say, pick, short, h, fill, amount, signed, signedRange, percent, points, withUnit, unit, within, monthOf } = Shudian.text;
  const market = state.marketTarget();
  const EFFECTS = ["entry", "output", "jobs", "cost"];
  const BASES = data.targets.find((target) => Object.values(target.definitions).includes("full_chain_bases"));

  const asked = () => state.fresh(data.asked);
  /** The announced package with a lever set as a planner would write it. */
  const set = (lever, written) => () => state.withSteps(asked(), lever, [{ start: state.FIRST_CHOICE, value: Shudian.levers.understood(state.parameters.get(lever), written).value, ramp: 0 }]);
  const copied = (base) => () => state.fresh(base);

  const figure = (name) => '[data-figure="' + name + '"]';
  const row = (lever) => '[data-lever="' + lever + '"]';
  const now = { choice: asked, point: ["#market"], say: sayNow };
  const sure = (choice) => ({ choice, point: ["#market"], say: saySure });
  const STORIES = [
    { id: "fund", steps: [now, { choice: set("fund_size", "2亿元"), point: [figure("jobs"), row("fund_size")], guess: true, say: (context) => sayChange("page_story_set_fund", context) },
      { choice: set("fund_size", "2亿元"), point: [figure("cost")], say: sayFund }, sure(set("fund_size", "2亿元"))] },
    { id: "parks", steps: [now, { choice: set("municipal_parks", "8"), point: [figure("jobs"), row("municipal_parks")], guess: true, say: (context) => sayChange("page_story_set_parks", context) },
      { choice: set("municipal_parks", "8"), point: [figure("cost"), '[data-target="' + (BASES || market).id + '"]'], say: sayParks }, sure(set("municipal_parks", "8"))] },
    { id: "copy", steps: [now, { choice: copied("shenzhen_from_now"), point: [figure("jobs"), "#preset"], guess: true, say: (context) => sayChange("page_story_set_shenzhen", context) },
      { choice: copied("hangzhou_from_now"), point: [figure("jobs"), "#preset"], pin: "shenzhen_from_now", say: (context) => sayChange("page_story_set_hangzhou", context) },
      { choice: copied("hangzhou_from_now"), point: ["#market", figure("market")], say: saySide }, sure(copied("hangzhou_from_now"))] },
  ];
  const told = { open: true, story: null, step: 0, guessing: false, guess: null, chances: new Map(), letter: null, drawn: "" };
  const root = () => document.getElementById("story");

  /* ---- sentences ---- */

  const measure = (name) => Shudian.figures.measure(name);
  const of = (result, name) => withUnit(amount(measure(name), result.measures[name].median), unit(measure(name)));
  const changed = (context, name) => withUnit(signed(context.result.change.measures[name].median, measure(name)), unit(measure(name)));
  const chance = (result, definition) => percent(result.probability[market.id][definition].value, result.worth);

  function sayNow({ result, scenario }) {
    const { definition } = state.view;
    return say("page_story_now", { package: pick(scenario.title), target: pick(market.label), definition: within(short_(definition)), chance: chance(result, definition), word: Shudian.verdict.word(result.probability[market.id][definition].value), year: market.year, output: of(result, "output"), jobs: of(result, "jobs") });
  }

  const short_ = (definition) => ({ [Shudian.text.settings.language]: short(data.definitions[definition]) });

  function effects({ result }) {
    return EFFECTS.map((name) => {
      const band = result.change.measures[name], entry = measure(name);
      return say("page_story_effect", { measure: within(entry.label), median: withUnit(signed(band.median, entry), unit(entry)), range: signedRange(band.low, band.high, entry) });
    }).join(say("page_list_comma"));
  }

  function sayChange(key, context) {
    const found = say(key, { from: monthOf(state.FIRST_CHOICE), effects: effects(context), other: pick(context.compared.scenario.title) });
    if (told.guess === null) return found;
    const band = context.result.change.measures.jobs, jobs = measure("jobs");
    const side = told.guess > band.high ? "above" : told.guess < band.low ? "below" : "inside";
    return found + " " + say("page_story_guessed_" + side, { guess: signed(told.guess, jobs), median: signed(band.median, jobs) });
  }

  function sayFund(context) {
    return say("page_story_why_fund", { year: market.year, fund: of(context.result, "fund"), more: changed(context, "fund") });
  }

  function sayParks(context) {
    const { result } = context, target = BASES || market, [definition] = Object.keys(target.definitions);
    const after = result.probability[target.id][definition].value, move = result.change.probability[target.id][definition].value;
    return say("page_story_why_parks", { parks: changed(context, "parks"), target: pick(target.label), before: percent(after - move, result.worth), after: percent(after, result.worth) });
  }

  function saySide({ compared }) {
    const { definition } = state.view;
    const chances = [data.asked, "shenzhen_from_now", "hangzhou_from_now"].filter((base) => told.chances.has(base))
      .map((base) => pick(state.presets.get(base).title) + " " + told.chances.get(base)[definition]);
    return say("page_story_side", { definition: within(short_(definition)), chances: chances.join(say("page_list_comma")), letter: told.letter || "", other: pick(compared.scenario.title) });
  }

  function saySure({ result }) {
    const moves = Object.values(result.change.probability[market.id]).map((change) => points(change, result.worth));
    return say("page_story_sure", { chances: Shudian.verdict.chances(result), points: moves.join(say("page_list_comma")) });
  }

  /* ---- steps ---- */

  const here = () => told.story.steps[told.step];

  function begin(story) {
    Object.assign(told, { story, guess: null, letter: null });
    told.chances.clear();
    go(0);
  }

  function go(step) {
    told.step = step;
    const { choice, guess, pin } = here();
    if (guess && told.guessing && told.guess === null) return draw();
    Shudian.main.select("paths");
    if (pin) told.letter = Shudian.pins.add(state.fresh(pin));
    Shudian.main.change(choice(), true);
    return draw();
  }

  function end() {
    told.story = null;
    draw();
    root().querySelector("button").focus();
  }

  function skip() {
    told.open = false;
    draw();
    document.getElementById("questions").focus();
  }

  function toggle() {
    told.open = told.story === null ? !told.open : true;
    draw();
    if (told.open) root().querySelector("button").focus();
  }

  function guessed(field) {
    const text = field.value.trim().replaceAll("−", "-").replace(/[,，]|人$/g, "");
    if (!/^[-+]?\d+(\.\d+)?$/.test(text)) return Shudian.main.message(say("page_story_guess_wrong"), "error", field);
    told.guess = Number(text);
    go(told.step);
    return root().querySelector("[data-next]").focus();
  }

  /* ---- what is seen ---- */

  const button = (key, act, more) => h("button", Object.assign({ type: "button", on: { click: act } }, more), say(key));

  function start() {
    return [h("strong", { class: "story-ask" }, say("page_story_ask")),
      STORIES.map((story) => button("page_story_" + story.id, () => begin(story), { "data-story": story.id })),
      button("page_designs_open", Shudian.designs.show, { id: "designs" }),
      h("label", { class: "story-guess" }, h("input", { type: "checkbox", id: "guess-first", checked: told.guessing, on: { change: (event) => { told.guessing = event.target.checked; } } }), say("page_story_guess")),
      button("page_story_skip", skip, { class: "link", "data-story-skip": "" })];
  }

  const waits = () => here().guess && told.guessing && told.guess === null;

  function running() {
    const { story, step } = told, last = step === story.steps.length - 1;
    const field = h("input", { type: "text", inputmode: "numeric", autocomplete: "off", id: "guess", "aria-label": say("page_story_guess_field"), on: { keydown: (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // or it would press the button that has the focus then
      guessed(field);
    } } });
    return [h("p", { class: "story-step" }, say("page_story_step", { title: say("page_story_" + story.id), step: step + 1, of: story.steps.length })),
      h("p", { class: "story-words", "aria-live": "polite" }),
      waits() && h("p", { class: "story-guessing" }, field, button("page_story_guess_do", () => guessed(field), { class: "primary" })),
      h("div", { class: "story-tools" },
        button("page_story_back", () => go(step - 1), { disabled: step === 0 }),
        !waits() && button(last ? "page_story_end" : "page_story_next", () => (last ? end() : go(step + 1)), { class: "primary", "data-next": "" }),
        !last && button("page_story_end", end, { class: "link", "data-story-end": "" }))];
  }

  /** Its frame is built anew only where the step, the language or what it waits for is another. */
  function draw() {
    const { open, story, step } = told, node = root();
    node.hidden = !open;
    node.classList.toggle("running", Boolean(story));
    document.getElementById("questions").setAttribute("aria-expanded", String(open));
    const drawn = JSON.stringify([open, story && story.id, step, story && waits(), Shudian.text.settings.language]);
    if (drawn !== told.drawn) {
      const within_ = node.contains(document.activeElement);
      told.drawn = drawn;
      fill(node, story ? running() : start());
      const next = node.querySelector("[data-next], #guess");
      if (within_ && story) next.focus();
      point(story && !waits() ? here().point : [], true);
    }
    words(Shudian.main.context());
  }

  function point(selectors, lead) {
    for (const node of document.querySelectorAll(".pointed")) if (!selectors.some((selector) => node.matches(selector))) node.classList.remove("pointed");
    const found = selectors.flatMap((selector) => [...document.querySelectorAll(selector)]);
    for (const node of found) node.classList.add("pointed");
    // the levers and the charts scroll by themselves; where all is one column, the first is the one in sight
    if (lead) for (const node of found.slice().reverse()) node.scrollIntoView({ block: "nearest" });
  }

  /** The sentence, once what it tells of is computed; before that what stood there is grey. */
  function words(context) {
    const node = root().querySelector(".story-words");
    if (!node) return;
    if (waits()) {
      fill(node, say("page_story_guess_ask", { year: market.year }));
      return;
    }
    const { choice } = here(), asItIs = state.same(state.history.now, choice());
    const ready = context.result && context.result.settled && state.same(context.result.scenario.levers, Shudian.main.now().levers);
    node.classList.toggle("old", asItIs && !ready);
    if (asItIs && !ready) return;
    if (asItIs) told.chances.set(context.scenario.base, Object.fromEntries(Object.keys(market.definitions).map((name) => [name, chance(context.result, name)])));
    const text = asItIs ? here().say(context) : say("page_story_own");
    if (node.textContent !== text) node.textContent = text;
  }

  /** After each drawing: what it says, and where it points, for parts of the page are built anew. */
  function update() {
    draw();
    if (told.story && !waits()) point(here().point, false);
  }

  function listen() {
    // whoever follows a link came for its scenario
    told.open = location.hash.length < 2;
    document.getElementById("questions").addEventListener("click", toggle);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && told.story && root().contains(event.target)) end();
    });
  }

  Shudian.story = { listen, update, begin, STORIES };
})();
