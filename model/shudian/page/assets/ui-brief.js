"use strict";
/* The button that writes a brief: everything is run in all possible worlds against the scenario's own reference, then told. */
(function () {
  const { data, state } = Shudian;
  const { say, pick, settings } = Shudian.text;

  /** All that a brief tells of; null where something newer was asked meanwhile. */
  async function found() {
    await Shudian.main.settled();
    const { engine } = Shudian.main.context(), scenario = Shudian.main.now(), reference = Shudian.reference.of(scenario);
    const result = await engine.settle(scenario, { against: reference }), base = result && await engine.settle(reference);
    const contributions = base && await engine.contributions(scenario);
    if (!contributions || scenario !== Shudian.main.now()) return null;
    const moved = new Set(Shudian.strip.movedLevers(scenario, reference).map((lever) => lever.name));
    const moving = new Set(Object.keys(contributions.levers).filter((name) => (data.lever_groups.find(([one]) => one === name) || [name]).some((member) => moved.has(member))));
    return { scenario, reference, result, base, contributions, moving, values: await engine.beliefs.values(scenario) };
  }

  const today = () => {
    const now = new Date();
    return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  };

  /** `made` of all that a brief tells, saved; whatever stands in its way is said. */
  async function write(ending, made) {
    const scenario = Shudian.main.now();
    if (Shudian.reference.isItself(scenario)) return Shudian.main.message(say("page_brief_itself", { reference: pick(scenario.title) }), "error");
    Shudian.main.message(say("page_brief_working"));
    let told = null, file = null;
    try {
      told = await found();
      file = told && await made(told, Shudian.briefWords.gather(told, today()));
    } catch (error) {
      Shudian.main.message(say("page_failed", { error: String(error && error.message ? error.message : error) }), "error");
      throw error;
    }
    if (!file) return Shudian.main.message(say("page_brief_again"), "error");
    return Shudian.share.save("shudian-" + state.history.now.base + "-brief-" + settings.language + ending, file);
  }

  async function document_(told, brief) {
    const picture = await Shudian.briefPicture.drawn(told, data.brief[settings.language].word.width, data.brief.layout.figures);
    return Shudian.briefWord.written(Shudian.briefLayout.pages(brief, picture), { left: brief.kicker, right: say("brief_kind"), title: brief.headline });
  }

  const word = () => write(".docx", document_);
  // one file for each click: browsers ask before a page saves several
  const book = () => write(".xlsx", Shudian.briefBook.book);

  Shudian.brief = { word, book };
})();
