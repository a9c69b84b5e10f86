/* Scenarios in the address: a short text after the #, which holds what differs from the shipped packages, and nothing that
   could act. Whatever comes in is checked piece by piece and otherwise refused. */
(function () {
  "use strict";
  const FORM = 1, LARGEST = 100000, MOST_SCENARIOS = 6, MOST_VIEW = 60;
  const S = Shudian.scenario;
  const say = (zh, en) => ({ zh, en });
  const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const own = (object, key) => typeof key === "string" && Object.prototype.hasOwnProperty.call(object, key);
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  function encoded(text) {
    let bytes = "";
    for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
    return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  }

  function decoded(text) {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  }

  const packed = (schedule) => schedule.map(({ start, value, ramp }) => (ramp ? [start, value, ramp] : [start, value]));

  /* A scenario as what it has otherwise than its base; an empty schedule stands for a lever that the base has and it has not. */
  function difference(scenario) {
    const base = S.fromPreset(scenario.base), found = { b: scenario.base };
    if (!same(scenario.title, base.title)) found.t = [scenario.title.zh, scenario.title.en];
    for (const [key, table] of [["l", "levers"], ["a", "assumptions"]]) {
      const moved = {};
      for (const name of new Set([...Object.keys(base[table]), ...Object.keys(scenario[table])])) {
        if (!same(scenario[table][name], base[table][name])) moved[name] = packed(scenario[table][name] || []);
      }
      if (Object.keys(moved).length) found[key] = moved;
    }
    if (!same(scenario.fixed, base.fixed)) found.f = scenario.fixed;
    const priors = Object.entries(scenario.priors || {});
    if (priors.length) {
      found.p = Object.fromEntries(priors.map(([name, prior]) => [
        name, [prior.distribution, ...Shudian.priors.ARGUMENTS[prior.distribution].map((key) => prior.arguments[key])],
      ]));
    }
    if (scenario.shocks && scenario.shocks.length) found.s = scenario.shocks;
    return found;
  }

  function toFragment(scenarios, view) {
    return `#${encoded(JSON.stringify({ v: FORM, s: scenarios.map(difference), w: view || {} }))}`;
  }

  const BAD = say("地址里的方案无法识别，已忽略。", "The scenario in the address cannot be read and was ignored.");

  class Refused extends Error {}

  function refuse(condition) {
    if (condition) throw new Refused();
  }

  function onlyKeys(object, allowed) {
    refuse(!isObject(object) || !Object.keys(object).every((key) => allowed.includes(key)));
  }

  function unpacked(list) {
    refuse(!Array.isArray(list) || list.length > 96);
    return list.map((step) => {
      refuse(!Array.isArray(step) || step.length < 2 || step.length > 3 || !step.every((part) => typeof part === "number" && Number.isFinite(part)));
      return { start: step[0], value: step[1], ramp: step[2] || 0 };
    });
  }

  function priorOf(told) {
    refuse(!Array.isArray(told) || !own(Shudian.priors.ARGUMENTS, told[0]));
    const [distribution, ...values] = told, names = Shudian.priors.ARGUMENTS[distribution];
    refuse(values.length !== names.length);
    return { distribution, arguments: Object.fromEntries(names.map((name, place) => [name, values[place]])) };
  }

  function scenarioOf(found) {
    onlyKeys(found, ["b", "t", "l", "a", "f", "p", "s"]);
    const preset = typeof found.b === "string" ? S.preset(found.b) : null;
    refuse(!preset || preset.kind !== "package");
    const scenario = { ...S.fromPreset(found.b) };
    if ("t" in found) {
      refuse(!Array.isArray(found.t) || found.t.length !== 2 || !found.t.every((text) => typeof text === "string" && text.trim() && text.length <= 300 && !Shudian.plainText.acting(text)));
      const [zh, en] = found.t.map(Shudian.plainText.oneLine);
      scenario.title = { zh, en };
    }
    for (const [key, table, role] of [["l", "levers", "lever"], ["a", "assumptions", "assumption"]]) {
      if (!(key in found)) continue;
      refuse(!isObject(found[key]));
      const schedules = { ...scenario[table] };
      for (const name of Object.keys(found[key])) {
        const parameter = S.parameters().get(name);
        refuse(!parameter || parameter.role !== role);
        const steps = unpacked(found[key][name]);
        if (steps.length) schedules[name] = steps;
        else delete schedules[name];
      }
      scenario[table] = schedules;
    }
    if ("f" in found) {
      refuse(!isObject(found.f));
      scenario.fixed = { ...found.f };
    }
    if ("p" in found) {
      refuse(!isObject(found.p));
      scenario.priors = Object.fromEntries(Object.keys(found.p).map((name) => [name, priorOf(found.p[name])]));
    }
    if ("s" in found) {
      refuse(!Array.isArray(found.s) || !found.s.every((name) => typeof name === "string" && (S.preset(name) || {}).kind === "shock"));
      scenario.shocks = [...new Set(found.s)];
    }
    refuse(S.valid(scenario).length > 0);
    return scenario;
  }

  /* Settings of the view: names with a number, a short text, a truth value, or a list of these. */
  function viewOf(found) {
    refuse(!isObject(found) || Object.keys(found).length > MOST_VIEW);
    const plain = (value) => typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value)) || (typeof value === "string" && value.length <= 200);
    const view = {};
    for (const key of Object.keys(found)) {
      refuse(!/^[a-z][A-Za-z0-9_]{0,40}$/.test(key));
      const value = found[key];
      refuse(!(plain(value) || (Array.isArray(value) && value.length <= MOST_VIEW && value.every(plain))));
      view[key] = value;
    }
    return view;
  }

  function fromFragment(text) {
    if (typeof text !== "string" || text.length > LARGEST) {
      return { error: say("地址太长，不是本页的链接。", "The address is too long to come from this page.") };
    }
    try {
      const body = text.startsWith("#") ? text.slice(1) : text;
      refuse(!/^[A-Za-z0-9_-]+$/.test(body));
      const found = JSON.parse(decoded(body));
      onlyKeys(found, ["v", "s", "w"]);
      refuse(found.v !== FORM || !Array.isArray(found.s) || !found.s.length || found.s.length > MOST_SCENARIOS);
      return { scenarios: found.s.map(scenarioOf), view: viewOf(found.w) };
    } catch (error) {
      const foreign = [Refused, SyntaxError, TypeError, RangeError, DOMException].some((kind) => error instanceof kind);
      if (foreign) return { error: BAD };
      throw error;
    }
  }

  Object.assign(Shudian.scenario, { toFragment, fromFragment });
})();
