"use strict";
/* Texts, numbers and elements: everything that the other parts write goes through here. */
(function () {
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

  /** A label up to the bracket that explains it. */
  const short = (label) => pick(label).split(/（| \(/)[0];

  /** Three significant digits and at most two after the point, as in the tables of `shudian run`. */
  function number(value, places) {
    if (value === null || value === undefined || !Number.isFinite(value)) return "—";
    if (value === 0) return "0";
    const kept = Math.min(2 - Math.floor(Math.log10(Math.abs(value))), places === undefined ? 2 : places);
    const scale = Math.pow(10, kept);
    const rounded = Math.round(value * scale) / scale;
    if (rounded === 0) return "0";
    const shown = Math.max(kept, 0);
    const text = Math.abs(rounded).toLocaleString("en-US", { minimumFractionDigits: shown, maximumFractionDigits: shown });
    return (rounded < 0 ? "−" : "") + text;
  }

  const signed = (value) => (number(value) === "0" ? "0" : (value > 0 ? "+" : "") + number(value));
  const whole = (value) => (Math.round(value) > 0 ? "+" : Math.round(value) < 0 ? "−" : "") + Math.abs(Math.round(value));
  const between = () => (settings.language === "zh" ? "～" : "–");
  /** Two bounds; one number where they are written alike, no limit where the upper one is not finite. */
  function range(low, high) {
    if (number(low) === number(high) && number(low) !== "—") return number(low);
    return (low === null ? "—" : number(low)) + between() + (high === null ? say("page_unlimited") : number(high));
  }
  const signedRange = (low, high) => signed(low) + between() + signed(high);

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
    return Math.round(value * 100) + "%";
  }

  /** A difference of probabilities in points with twice its error, `≈0` below the noise. */
  function points(change, draws) {
    const noise = Math.max(2 * change.error, 3 / draws);
    if (Math.abs(change.value) < noise) return say("page_no_difference");
    return whole(change.value * 100) + " ± " + Math.ceil(200 * change.error);
  }

  const monthOf = (value) => {
    const month = Math.round(value);
    return Math.floor(month / 12) + Shudian.data.first_year + "-" + String((((month % 12) + 12) % 12) + 1).padStart(2, "0");
  };

  /** Months after January of the first year from `2026-01`, `2026年1月` or `2026.1`; null if it is no month. */
  function monthFrom(text) {
    const found = /^\s*(\d{4})\s*(?:[-./年])\s*(\d{1,2})\s*月?\s*$/.exec(text.normalize("NFKC"));
    if (!found || Number(found[2]) < 1 || Number(found[2]) > 12) return null;
    return (Number(found[1]) - Shudian.data.first_year) * 12 + Number(found[2]) - 1;
  }

  const unit = (thing) => {
    const text = pick(thing.unit_label);
    return text === "1" ? "" : text;
  };
  const PLURALS = [[/^firm\b/, "firms"], [/^person\b/, "people"], [/^park\b/, "parks"], [/^title\b/, "titles"], [/^day\b/, "days"], [/^location\b/, "locations"], [/^month\b/, "months"]];

  /** `2 亿元`, `30%`, `2 × 100 million yuan`, `40 firms`: a number and its unit as a reader expects them. */
  function withUnit(text, unitText) {
    if (!unitText) return text;
    if (unitText === "%") return text + "%";
    if (/^\d/.test(unitText)) return text + " × " + unitText;
    return text + " " + (text === "1" ? unitText : PLURALS.reduce((found, [one, many]) => found.replace(one, many), unitText));
  }

  /** The value of a lever as a planner writes it. */
  function leverValue(lever, value) {
    if (lever.kind === "date") return monthOf(value);
    if (lever.kind === "switch") return say(value >= 0.5 ? "page_on" : "page_off");
    return withUnit(exact(value * lever.factor), unit(lever));
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

  function fill(node, ...children) {
    node.replaceChildren();
    add(node, children);
    return node;
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
    settings, say, pick, short, number, signed, range, signedRange, exact, percent, points,
    monthOf, monthFrom, between, unit, withUnit, leverValue, h, fill, table,
  };
})();
