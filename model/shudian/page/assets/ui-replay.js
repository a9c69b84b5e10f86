"use strict";
/* The last change once more: from what was set before it to what is set now, in the few draws of a slider in motion. */
(function () {
  const { state } = Shudian;
  const { say } = Shudian.text;
  const STEPS = 10, PAUSE = 700, PACE = 160; // milliseconds before the first step, and between two
  const playing = { timer: 0, goal: null };
  const wait = (time) => new Promise((resolve) => { playing.timer = setTimeout(resolve, time); });

  /** What lies between two choices, `share` of the way: amounts move, anything else changes at the end. */
  function between(before, after, share) {
    if (before.base !== after.base || !state.same(before.shocks, after.shocks)) return share < 1 ? before : after;
    return ["levers", "assumptions"].reduce((choice, kind) => Object.keys(after[kind]).reduce((next, name) => {
      const lever = state.parameters.get(name), goal = after[kind][name], from = before[kind][name] || state.stepsOf(before, name);
      if (from.length !== goal.length || lever.kind === "switch") return next;
      const steps = goal.map((step, place) => {
        const value = from[place].value + share * (step.value - from[place].value);
        return Object.assign({}, step, { value: lever.whole || lever.kind === "date" ? Math.round(value) : value });
      });
      return state.withSteps(next, name, steps);
    }, choice), share < 1 ? before : after);
  }

  /** Show the last change again; whatever is done meanwhile ends it. */
  async function play() {
    stop();
    const { past, now } = state.history;
    const before = past[past.length - 1];
    if (!before) return;
    playing.goal = now;
    const mine = playing.goal;
    // who wants no motion sees the two ends
    const steps = matchMedia("(prefers-reduced-motion: reduce)").matches ? 1 : STEPS;
    Shudian.main.message(say("page_replay_before"));
    Shudian.main.preview(before);
    await wait(PAUSE);
    for (let step = 1; step < steps; step++) {
      Shudian.main.preview(between(before, now, step / steps));
      await wait(PACE);
    }
    if (playing.goal !== mine) return;
    stop();
    Shudian.main.message(say("page_replay_after"));
  }

  /** End it: what was set stands again. */
  function stop() {
    clearTimeout(playing.timer);
    const { goal } = playing;
    playing.goal = null;
    if (goal) Shudian.main.preview(goal, true);
  }

  function listen() {
    document.getElementById("replay").addEventListener("click", play);
    // what is done next begins with what stands, and not with a picture on the way
    for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, stop, true);
  }

  Shudian.replay = { listen, stop, between, playing: () => playing.goal !== null };
})();
