"use strict";
/* Texts, numbers and elements: everything that the other parts write goes through here. */
(function () {
  /** @type {any} */
  const Shudian = (globalThis.Shudian = globalThis.Shudian || {});
  Shudian.data = JSON.parse(document.getElementById("data").textContent);
  const settings = { language: "zh" };

  const pick = (label) => (label ? label[settings.language] || label.zh || "" : "");

  /** The text of `key`, its {places} filled in. A key that does not exist is shown as such: the tests look for it. */
  function say(key, places) {
    const entry = Shudian.data.strings[key];
    const text = entry ? pick(entry) : "⟦" + key + "⟧";
    return text.replace(/\{(\w+)\}/g, (whole, name) => (places && name in places ? String(places[name]) : whole));
  }

  /** A text in both languages. */
  function inBoth(text) {
    const before = settings.language;
    const [zh, en] = ["zh", "en"].map((language) => {
      settings.language = language;
      return text();
    });
    settings.language = before;
    return { zh, en };
  }

  /** A label inside a sentence: in English without its capital, unless it begins with an abbreviation. */
  function within(label) {
    const text = pick(label);
    return settings.language === "zh" || /^.[A-Z]/.test(text) ? text : text.slice(0, 1).toLowerCase() + text.slice(1);
  }

  /** A label up to the bracket that explains it. */
  const short = (label) => pick(label).split(/（| \(/)[0];

  /** To `kept` digits after the point (before it, if negative); a half goes to the even side, as Python rounds. */
  function rounded(value, kept) {
    const scale = Math.pow(10, Math.abs(kept));
    const scaled = kept < 0 ? value / scale : value * scale;
    const half = Math.abs(scaled % 1) === 0.5 && (kept < 0 || Number.isInteger(value * Math.pow(2, kept + 1)));
    if (half) return (2 * Math.round(scaled / 2)) * (kept < 0 ? scale : 1 / scale);
    return kept < 0 ? Math.round(scaled) * scale : Number(value.toFixed(kept));
  }

  /** Three significant digits and at most `places` after the point, as in the tables of `shudian run`. */
  function number(value, places) {
    if (value === null || value === undefined || !Number.isFinite(value)) return "—";
    if (value === 0) return "0";
    const kept = Math.min(2 - Math.floor(Math.log10(Math.abs(value))), places === undefined ? 2 : places);
    const found = rounded(value, kept);
    if (found === 0) return "0";
    const shown = Math.max(kept, 0);
    const text = Math.abs(found).toLocaleString("en-US", { minimumFractionDigits: shown, maximumFractionDigits: shown });
    return (found < 0 ? "−" : "") + text;
  }

  /** A value of `thing` as a reader of this language counts it: people whole, money in 亿元 or in millions of yuan. */
  const scaled = (thing, value) => (value === null || value === undefined ? value : thing.scale ? value * thing.scale[settings.language] : value);
  const amount = (thing, value) => number(scaled(thing, value), thing.places && thing.places[settings.language]);

  const plus = (text) => (text === "0" || text === "—" || text.startsWith("−") ? text : "+" + text);
  const signed = (value, thing) => plus(amount(thing || {}, value));
  const whole = (value) => plus(number(value, 0));
  const between = () => (settings.language === "zh" ? "～" : "–");
  /** Two bounds; one number where they are written alike, no limit where the upper one is not finite. */
  function range(low, high, thing) {
    const [one, other] = [low, high].map((value) => amount(thing || {}, value));
    if (one === other && one !== "—") return one;
    return one + between() + (high === null ? say("page_unlimited") : other);
  }
  const signedRange = (low, high, thing) => signed(low, thing) + between() + signed(high, thing);

  /** A number as it was set: no digits lost, none added. */
  function exact(value) {
    return Number(value.toPrecision(12)).toString();
  }

  /** A probability in whole per cent; `<2%` where the draws cannot say more (rule of three). */
  function percent(value, draws) {
    if (!Number.isFinite(value)) return "—";
    const limit = Math.max(1, Math.ceil(300 / draws));
    if (value * 100 < limit) return "<" + limit + "%";
    if (value * 100 > 100 - limit) return ">" + (100 - limit) + "%";
    return rounded(value * 100, 0) + "%";
  }

  /** A difference of probabilities in points with twice its error, `≈0` below the noise. */
  function points(change, draws) {
    const noise = Math.min(1, Math.max(2 * change.error, 3 / draws));
    if (Math.abs(change.value) <= noise || !rounded(change.value * 100, 0)) return say("page_no_difference");
    return whole(change.value * 100) + " ± " + Math.ceil(200 * change.error);
  }

  const monthOf = (value) => {
    const month = Math.round(value);
    return Math.floor(month / 12) + Shudian.data.first_year + "-" + String((((month % 12) + 12) % 12) + 1).padStart(2, "0");
  };

  /** Months after January of the first year to a month in which something begins; null if it is none. */
  function monthFrom(text) {
    try {
      return Shudian.amounts.month(text, true);
    } catch (error) {
      if (!(error instanceof Shudian.toml.Mistake)) throw error;
      return null;
    }
  }

  const unit = (thing) => {
    const text = pick(thing.unit_label);
    return text === "1" ? "" : text;
  };
  /** From an internal value to what is shown: English counts money in millions, Chinese in 亿. */
  const factor = (thing) => (settings.language === "en" && thing.factor_en) || thing.factor;

  /** `2 亿元`, `30%`, `2 × 100 million yuan`, `40 firms`: a number and its unit as a reader expects them. */
  function withUnit(text, unitText) {
    if (!unitText) return text;
    if (unitText === "%") return text + "%";
    if (/^\d/.test(unitText)) return text + " × " + unitText;
    return text + " " + (text === "1" ? unitText.replace(/^[a-z]+/, (many) => Shudian.data.units.words.singulars[many] || many) : unitText);
  }

  /** The value of a lever as a planner writes it. */
  function leverValue(lever, value) {
    if (lever.kind === "date") return monthOf(value);
    if (lever.kind === "switch") return say(value >= 0.5 ? "page_on" : "page_off");
    return withUnit(exact(value * factor(lever)), unit(lever));
  }

  /** An element; texts only as text, listeners in `on`, everything else as attributes. */
  function h(tag, properties, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(properties || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
      else if (name === "value") node.value = value;
      else node.setAttribute(name, value === true ? "" : value);
    }
    add(node, children);
    return node;
  }

  function add(node, children) {
    for (const child of children.flat(3)) {
      if (child === null || child === undefined || child === false) continue;
      node.append(child instanceof Node ? child : String(child));
    }
  }

  /** An element of a drawing. */
  function svg(tag, properties, ...children) {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(properties)) node.setAttribute(name, String(value));
    node.append(...children.flat());
    return node;
  }

  /** New content for an element; what had the focus in it has it again, if there is one like it in its place. */
  function fill(node, ...children) {
    const held = node.contains(document.activeElement) ? placeOf(document.activeElement) : null;
    node.replaceChildren();
    add(node, children);
    if (held) focusAt(held);
    return node;
  }

  /** Where an element stands, for when it has been built anew: the nearest one that has a name of its own, and the way from there. */
  function placeOf(node) {
    const way = [];
    let at = node;
    while (at.parentElement && !at.id) {
      way.unshift([...at.parentElement.children].indexOf(at));
      at = at.parentElement;
    }
    return { node, root: at, id: at.id, way };
  }

  function focusAt({ node, root, id, way }) {
    const from = id ? document.getElementById(id) : root;
    const found = node.isConnected ? node : way.reduce((at, index) => at && at.children[index], from);
    if (found && found.tagName === node.tagName) found.focus({ preventScroll: true });
  }

  /** A table from rows of texts; the first cell of each row is its header. */
  function table(caption, head, rows, className) {
    return h("table", { class: className || "numbers" },
      caption && h("caption", {}, caption),
      h("thead", {}, h("tr", {}, head.map((text) => h("th", { scope: "col" }, text)))),
      h("tbody", {}, rows.map((row) => h("tr", row.properties || {},
        (row.cells || row).map((cell, place) => h(place ? "td" : "th", place ? {} : { scope: "row" }, cell))))));
  }

  Shudian.text = {
    settings, say, pick, inBoth, within, short, rounded, number, scaled, amount, plus, signed, range, signedRange, exact, percent, points,
    monthOf, monthFrom, between, unit, factor, withUnit, leverValue, h, svg, fill, placeOf, focusAt, table,
  };
})();
