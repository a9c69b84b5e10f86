"use strict";
/* What the brief's parts share: amounts as `shudian.amounts` writes them, the width of texts, numbers in cells. */
(function () {
  const { data, state } = Shudian;
  const { settings, pick, amount, plus, rounded } = Shudian.text;
  const WIDE = new RegExp("[" + data.brief.wide + "]", "u");

  /** Columns that a text takes; a Chinese character, or a sign that a Chinese font draws as wide, takes two. */
  const width = (text) => [...text].reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0);

  const joined = (texts, zh = "；", en = "; ") => texts.join(settings.language === "zh" ? zh : en);
  const sentences = (texts) => joined(texts.filter(Boolean), "", " ");
  const colon = () => (settings.language === "zh" ? "：" : ": ");
  const stop = () => (settings.language === "zh" ? "。" : ".");

  /** To four digits, never with an exponent. */
  function plain(value) {
    if (value === 0) return "0";
    const places = 3 - Math.floor(Math.log10(Math.abs(value))), shown = Math.max(places, 0);
    const text = rounded(value, places).toLocaleString("en-US", { minimumFractionDigits: shown, maximumFractionDigits: shown });
    return text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
  }

  /** A value of a parameter in its own unit, as a person reads and types it. */
  function written(parameter, value) {
    if (parameter.kind === "date") return Shudian.text.monthOf(value);
    const { into, scales } = data.brief.amounts[parameter.name][settings.language];
    const size = Number((Math.abs(value) * into).toPrecision(12));
    const scale = scales.find(({ least }) => size >= least), text = plain(value * scale.factor);
    return text + (text === "1" || text === "-1" ? scale.one : scale.many);
  }

  /** The ends of an interval; a minus does not stand beside a dash. */
  function span(entry, band) {
    const low = amount(entry, band.low), high = amount(entry, band.high);
    return low + (settings.language === "zh" ? "～" : high.startsWith("−") ? " to " : "–") + high;
  }

  /** A difference with its sign and interval. */
  const added = (entry, band) => plus(amount(entry, band.median)) + " (" + span(entry, band) + ")";

  /** Points with their sign. */
  const points = (value) => (value < 0 ? "−" : "+") + Math.abs(rounded(100 * value, 0));

  const measure = (name) => data.measures.find((entry) => entry.name === name);
  const last = () => 12 * (state.marketTarget().year + 1 - data.first_year) - 1;
  const quoted = (title) => (settings.language === "zh" ? "“" + pick(title) + "”" : '"' + pick(title) + '"');
  const noise = (error, draws) => Math.min(1, Math.max(2 * error, 3 / draws));
  /** Whether a difference of two chances can be told from nil, as analysis/told.py has it. */
  const isChanceTold = ({ value, error }, draws) => Math.abs(value) > noise(error, draws) && rounded(100 * value, 0) !== 0;

  Shudian.briefText = { width, joined, sentences, colon, stop, written, span, added, points, measure, last, quoted, noise, isChanceTold };
})();
