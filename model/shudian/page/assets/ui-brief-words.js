"use strict";
/* What the brief says of the live scenario, by the rules of report/brief/words.py, tables.py and content.py, from the same
   texts: question, conclusion, tables, how sure it is, advice, assumptions, sources. */
(function () {
  const { data, state } = Shudian;
  const { say, pick, short, within, percent, amount, rounded, number, monthOf, withUnit, unit, settings, inBoth } = Shudian.text;
  const { joined, sentences, colon, stop, written, span, added, points, measure, last, quoted, noise, isChanceTold } = Shudian.briefText;
  const reading = Shudian.reading.create(data);
  const market = state.marketTarget();
  const { small, named: most, made, mark } = data.brief.rules;
  const DIGITS = 16; // characters of a digest that are printed

  const label = (definition) => within(inBoth(() => short(data.definitions[definition])));
  const year = market.year;

  /* ---- one sentence each ---- */

  function question({ scenario, reference }) {
    const { question: asked } = state.presets.get(scenario.base);
    // from now on begins what stands against the record; how it differs year by year is told of such packages only
    const now = reference.name === data.record ? say("brief_now", { now: monthOf(data.now) }) : "";
    return say("brief_question_one", { question: pick(asked) + now, reference: pick(reference.title) });
  }

  function conclusion({ result, scenario, reference }) {
    const chances = Object.values(result.probability[market.id]).map(({ value }) => value);
    const [low, high] = [Math.min(...chances), Math.max(...chances)].map((value) => percent(value, result.worth));
    const amounts = Object.fromEntries(["output", "jobs", "cost"].map((name) => [name, spoken(measure(name), result.change.measures[name])]));
    return say("brief_conclusion", {
      package: pick(scenario.title), target: pick(market.label), year, reference: pick(reference.title), moves: moves(result),
      chances: say(low === high ? "brief_chance_one" : "brief_chance_span", { low, high }), ...amounts,
    });
  }

  function moves(result) {
    const every = Object.values(result.change.probability[market.id]);
    const found = every.filter((change) => isChanceTold(change, result.worth)).map(({ value }) => value);
    if (!found.length) return say("brief_moves_none");
    const [low, high] = [Math.min(...found), Math.max(...found)].map(points);
    const told = say(low === high ? "brief_moves_one" : "brief_moves", { low, high }), untold = every.length - found.length;
    return untold ? told + say("brief_moves_some", { count: untold, all: every.length }) : told;
  }

  /** Median and interval in running text. */
  function spoken(entry, band) {
    const [median, low, high] = [band.median, band.low, band.high].map((value) => amount(entry, value));
    return say(entry.name === "jobs" ? "brief_amount_band_people" : "brief_amount_band_money", { median, low, high });
  }

  /* ---- how sure it is ---- */

  function confidence(found) {
    const { result, scenario, reference } = found;
    const before = Math.max(...Object.keys(result.standing).map(Number).filter((one) => one < year));
    const standing = Object.entries(result.standing[before]).filter(([, { reached }]) => reached > made)
      .map(([definition, { reached }]) => say("brief_standing", { definition: label(definition), year: before, chance: percent(reached, result.worth) }));
    const counted = say("brief_definitions", { definitions: joined(Object.keys(market.definitions).map((name) => pick(data.definitions[name]))) });
    const between = settings.language === "zh" ? "" : " ";
    return [counted + between + joined(standing, "", " "), ...Shudian.strip.reasons(result, scenario, reference, false), structure(found), basis(found)]
      .map((sentence) => sentence.trim()).filter(Boolean);
  }

  const error = (result) => (50 / Math.sqrt(result.worth)).toFixed(1);
  const basis = ({ result, scenario }) => sentences([data.brief[settings.language].grounds,
    say("short_error", { draws: result.draws.toLocaleString("en-US"), error: error(result) }), ...Shudian.ownBeliefs.told(scenario).map(([, sentence]) => sentence)]);

  /* ---- by structure, as analysis/structures.py and report/words/structures.py have it ---- */

  const share = (flags) => {
    const value = flags.reduce((sum, flag) => sum + flag, 0) / flags.length;
    return { value, error: Math.sqrt((value * (1 - value)) / flags.length) };
  };

  function average(values) {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { value: mean, error: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) / Math.sqrt(values.length) };
  }

  /** Each form that the scenario leaves open: its two groups of draws, nil first. */
  function forms({ scenario, result, base, values }) {
    const open = data.brief.forms.all.filter((form) => !Object.hasOwn(scenario.fixed, form.parameter));
    const place = { turns: result.turns() }, other = { turns: base.turns() };
    const output = reading.readMeasure(place, measure("output")), without = reading.readMeasure(other, measure("output"));
    const hits = Object.keys(market.definitions).map((definition) => [definition, reading.reached(place, market, definition, year)]);
    return open.map((form) => {
      const nil = Array.from(values.get(form.parameter), (value) => value === 0);
      const ends = [true, false].map((side) => {
        const members = [...nil.keys()].filter((draw) => nil[draw] === side), of = (list) => members.map((draw) => list[draw]);
        const gains = members.map((draw) => output[draw] - without[draw]);
        return { side, draws: members.length, weight: members.length / nil.length, told: members.length >= data.brief.forms.least,
          chances: new Map(hits.map(([definition, list]) => [definition, share(of(list))])), gain: members.length ? Shudian.statistics.band(Float64Array.from(gains)) : null, mean: average(gains) };
      });
      return { form, ends, said: saying(form, ends[0], nil.length, open.length) };
    });
  }

  /** What the data say of a form: [what, the end that they favour]. */
  function saying({ prior_nil: prior }, nil, size, among) {
    if (!data.meta.calibrated) return ["unasked", null];
    const { levels, strong } = data.brief.forms;
    if (Math.abs(nil.weight - prior) <= levels[among - 1] * Math.sqrt((prior * (1 - prior)) / size)) return ["nothing", null];
    const held = Math.min(Math.max(nil.weight, 0.5 / size), 1 - 0.5 / size), odds = ((held / (1 - held)) * (1 - prior)) / Math.max(prior, 0.5 / size);
    return [Math.max(odds, 1 / odds) >= strong ? "favour" : "lean", odds > 1];
  }

  const endText = ({ form }, side) => pick(side ? form.when_nil : form.otherwise);
  const dataText = (found) => say("structures_data_" + found.said[0], found.said[1] === null ? {} : { form: endText(found, found.said[1]) });

  function structure(found) {
    const every = forms(found), told = every.filter(({ ends }) => ends.every((end) => end.told));
    if (!told.length) return "";
    const { matters, sure, notable } = data.brief.forms;
    const placed = (entry, low, high, more) => ({ form: pick(entry.form.label), low_if: endText(entry, low.side), high_if: endText(entry, high.side), data: dataText(entry), ...more });
    const ranges = told.map((entry) => {
      const all = Object.keys(market.definitions).map((definition) => {
        const [low, high] = entry.ends.slice().sort((one, two) => one.chances.get(definition).value - two.chances.get(definition).value);
        return { entry, definition, low, high, ends: [low, high].map((end) => end.chances.get(definition)) };
      }).filter(({ low, high, ends }) => ends[1].value - ends[0].value > Math.max(matters, noise((sure / 2) * Math.hypot(ends[0].error, ends[1].error), Math.min(low.draws, high.draws))));
      return all.sort((one, two) => gap(two) - gap(one))[0];
    }).filter(Boolean).sort((one, two) => gap(two) - gap(one));
    if (ranges.length) {
      const { entry, definition, low, high, ends } = ranges[0];
      const [least, greatest] = [[ends[0], low], [ends[1], high]].map(([chance, end]) => percent(chance.value, end.draws));
      return say("structures_range", placed(entry, low, high, { definition: label(definition), low: least, high: greatest }));
    }
    const effects = told.map((entry) => {
      const [low, high] = entry.ends.slice().sort((one, two) => one.gain.median - two.gain.median);
      return { entry, low, high };
    }).filter(({ low, high }) => Math.abs(high.mean.value - low.mean.value) > sure * Math.hypot(low.mean.error, high.mean.error)
      && high.gain.median - low.gain.median > notable * Math.max(Math.abs(low.gain.median), Math.abs(high.gain.median)))
      .sort((one, two) => two.high.gain.median - two.low.gain.median - (one.high.gain.median - one.low.gain.median));
    if (effects.length) {
      const { entry, low, high } = effects[0], output = measure("output");
      const [least, greatest] = [low, high].map(({ gain }) => (settings.language === "zh" ? amount(output, gain.median) + unit(output) : withUnit(amount(output, gain.median), unit(output))));
      return say("structures_effect_range", placed(entry, low, high, { reference: pick(found.reference.title), year, low: least, high: greatest }));
    }
    const few = every.length - told.length;
    return say(few ? "structures_no_range_few" : "structures_no_range", { count: told.length, few });
  }

  const gap = ({ ends }) => ends[1].value - ends[0].value;

  /* ---- advice ---- */

  function advice(found) {
    const said = [["definition", define(found)], ["collect", collect(found)], ["first", first(found)], ["leave", leave(found)]];
    if (state.outside(found.scenario).length) said.push(["test", say("brief_advice_test", { packages: quoted(found.scenario.title) })]);
    return said.filter(([, text]) => text).map(([name, text]) => [say("brief_advice_" + name + "_head"), text]);
  }

  function define({ result }) {
    const ends = Object.entries(result.probability[market.id]).sort((one, two) => one[1].value - two[1].value), [low, high] = [ends[0], ends[ends.length - 1]];
    const errors = Object.values(result.change.probability[market.id]).map((change) => change.error);
    if (high[1].value - low[1].value <= noise(Math.max(...errors), result.draws)) return "";
    const open = !market.official_definition || market.official_definition === "unstated";
    return say(open ? "brief_advice_definition_open" : "brief_advice_definition", {
      target: pick(market.label), low: label(low[0]), least: percent(low[1].value, result.worth), high: label(high[0]), most: percent(high[1].value, result.worth),
    });
  }

  function collect({ scenario, reference }) {
    const labels = [...new Set(Shudian.strip.movedLevers(scenario, reference).flatMap((lever) => data.strip.trials[lever.name] || []).map(within))];
    return labels.length ? say("brief_advice_collect", { statistics: joined(labels.slice(0, most), "、", ", ") }) : say("brief_advice_collect_none");
  }

  /** What each lever or instrument that moves brings of the output that is added, as a share. */
  function parts({ contributions, moving }) {
    const { total } = contributions;
    return Object.entries(contributions.levers).filter(([name]) => moving.has(name)).map(([name, values]) => ({ name, share: values.output.mean / total.output.mean, error: values.output.error }));
  }

  const leverLabel = (name) => within(Shudian.panels.leverTitle(name));
  const membersOf = (name) => data.lever_groups.find(([one]) => one === name) || [name];

  /** Whether the last amount of a lever of the scenario, or of one of an instrument's, is printed nowhere it cites. */
  function isAssumed(scenario, name) {
    const { levers } = scenario, set = membersOf(name).filter((member) => Object.hasOwn(levers, member));
    return set.some((member) => !isPrinted(scenario, member, levers[member][levers[member].length - 1].value));
  }

  function first(found) {
    const { result, contributions } = found, total = contributions.total.output.mean, every = parts(found);
    const [largest] = every.slice().sort((one, two) => two.share - one.share);
    if (every.length < 2 || total <= 2 * Math.hypot(...every.map((part) => part.error)) || largest.share > 1 || !Shudian.strip.isTold(measure("output"), result.change.measures.output)) return "";
    return say(isAssumed(found.scenario, largest.name) ? "brief_advice_first_assumed" : "brief_advice_first", { lever: leverLabel(largest.name), share: rounded(100 * largest.share, 0) + "%" });
  }

  function leave(found) {
    const said = Shudian.idleNotes.clauses().slice(), { total } = found.contributions;
    const little = total.output.mean <= 0 ? [] : parts(found).filter(({ share: part }) => part < small).sort((one, two) => one.share - two.share);
    if (little.length) said.push(say("brief_advice_leave", { levers: joined(little.slice(0, most).map(({ name }) => leverLabel(name)), "、", ", "), share: rounded(100 * small, 0) + "%" }));
    return said.length ? joined(said) + stop() : "";
  }

  /* ---- tables: {head, rows, below} ---- */

  const evidence = (scenario) => state.presets.get(scenario.base || scenario.name).evidence;

  /** Whether a figure that the scenario cites prints this amount of a lever; any other amount is assumed. */
  function isPrinted(scenario, name, value) {
    const { low, high } = state.parameters.get(name), cited = evidence(scenario);
    return data.brief.printed[name].some(([amount_, figure]) => cited.includes(figure) && Math.abs(amount_ - value) <= data.brief.same * (high - low));
  }

  function contents({ scenario }) {
    const rows = [...state.levers, ...state.assumptions].map((parameter) => {
      const lever = state.kinds.get(parameter.name) === "levers", value = Shudian.scenario.valueAt(scenario, parameter.name, last());
      if (value === parameter.default || !lever) return null;
      const { name, kind } = parameter, printed = kind === "date" || isPrinted(scenario, name, value);
      const shown = value === 0 ? "—" : kind === "switch" ? say("brief_switched_on") : written(parameter, value) + (printed ? "" : mark);
      return [pick(parameter.label), shown];
    }).filter(Boolean);
    return { head: [say("brief_column_lever"), pick(scenario.title)], rows: rows.length ? rows : [[say("brief_contents_none"), "—"]],
      below: [say("brief_contents_below", { year, mark })] };
  }

  function outcomes({ result, base, scenario, reference }) {
    const chances = data.targets.flatMap((target) => Object.keys(target.definitions).map((definition, _, all) => {
      const title = all.length > 1 ? say("brief_row_chance", { target: pick(target.label), definition: label(definition) }) : pick(target.label);
      const change = result.change.probability[target.id][definition], [before, after] = [base, result].map((one) => percent(one.probability[target.id][definition].value, one.worth));
      return [title, before, after + " (" + (isChanceTold(change, result.worth) ? points(change.value) : say("cell_no_difference")) + ")"];
    }));
    const amounts = data.brief.measures.map((name) => {
      const entry = measure(name), level = base.measures[name], median = amount(entry, level.median);
      return [data.brief[settings.language].heads[name], level.low === level.high ? median : median + "\n(" + span(entry, level) + ")",
        amount(entry, result.measures[name].median) + "\n" + added(entry, result.change.measures[name])];
    });
    return { head: [say("brief_column_quantity"), pick(reference.title), pick(scenario.title)], rows: [...chances, ...amounts, [say("brief_row_price", { year }), "—", price(result)]],
      below: [say("brief_outcomes_below", { reference: pick(reference.title) })] };
  }

  function price({ cost_per_job: found }) {
    if (found.saving || found.positive_share === 0) return "—";
    const scale = settings.language === "en" ? 10 : 1;
    const [median, low, high] = [found.median, found.low, found.high].map((value) => (value === null ? say("brief_unbounded") : number(value * scale, 1)));
    return median + "\n(" + low + "–" + high + ")";
  }

  /* ---- what is assumed, sources, how to repeat it ---- */

  function assumed({ scenario, reference }) {
    const rows = [reference, scenario], concerned = new Map();
    for (const row of rows) for (const note of state.presets.get(row.base || row.name).notes) {
      const text = pick(note);
      if (!concerned.has(text)) concerned.set(text, []);
      concerned.get(text).push(row);
    }
    const listed = [...concerned].map(([text, whose]) => [whose, (whose.length === rows.length ? say("note_all") : pick(whose[0].title)) + colon() + text]);
    const own = listed.filter(([whose]) => whose.length === 1 && whose[0] === scenario);
    return [...own, ...listed.filter((entry) => !own.includes(entry))].map(([, text]) => text);
  }

  function sources({ scenario, reference }) {
    const cited = [...new Set([...market.evidence, ...[scenario, reference].flatMap(evidence)])];
    const found = new Map();
    for (const item of cited) {
      const figure = data.figures[item], name = figure ? figure.source : item;
      if (!found.has(name)) found.set(name, { ...data.sources[name], figures: [] });
      if (figure) found.get(name).figures.push(item);
    }
    return [...found.values()];
  }

  function repeat({ result }, today) {
    const { meta } = data, ours = meta.calibrated ? meta.posterior_digest.slice(0, DIGITS) : say("brief_prior");
    const name = Shudian.share.fileName();
    return [
      [say("brief_repeat_command"), "shudian brief " + name + " -o brief --lang " + settings.language],
      [say("brief_repeat_digests_page"), meta.model_digest.slice(0, DIGITS) + " / " + ours],
      [say("brief_repeat_draws"), say("brief_draws_seed", { draws: result.draws.toLocaleString("en-US"), seed: 1 }) + " / shudian " + meta.version + " / " + today],
    ];
  }

  /** Everything that the brief says, in the language of the page. */
  function gather(found, today) {
    const { city } = data.brief[settings.language];
    return {
      kicker: say("brief_kicker", { city, date: today }), headline: say("brief_headline", { city }), question: question(found), conclusion: conclusion(found),
      contents: contents(found), outcomes: outcomes(found), confidence: confidence(found), advice: advice(found), assumed: assumed(found), sources: sources(found), repeat: repeat(found, today),
    };
  }

  Shudian.briefWords = { gather, isAssumed };
})();
