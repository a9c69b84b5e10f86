/* What people write: numbers, units and dates, by the tables and patterns of shudian/numerals.py, unit_words.py, dates.py and
   quantities.py, which come with the data. Numbers are whole numbers and a denominator until the last step, so that the
   page reads the same to the last bit. */
(function () {
  "use strict";
  const { Mistake, short } = Shudian.toml;
  const tables = () => Shudian.data.units;

  /** Refuse by the text page_amount_`key`, in both languages.
   * @returns {never} */
  function refuse(key, places) {
    const text = Shudian.data.strings["page_amount_" + key];
    const filled = (template) => template.replace(/\{(\w+)\}/g, (_, name) => places[name]);
    throw new Mistake({ zh: filled(text.zh), en: filled(text.en) }, 1);
  }

  /* ---- characters ---- */

  function narrowed(text) {
    const { spaces, minus, traditional, patterns } = tables().numerals;
    const plain = Array.from(text, (c) => {
      const code = c.codePointAt(0);
      if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0);
      return spaces.includes(c) ? " " : minus.includes(c) ? "-" : Object.hasOwn(traditional, c) ? traditional[c] : c;
    }).join("");
    return plain.replaceAll("\uffe5", "¥").trim().replace(new RegExp(patterns.edges, "g"), "").trim();
  }

  function checkCharacters(text) {
    const hidden = new RegExp(tables().numerals.patterns.hidden).exec(text);
    if (hidden) refuse("hidden", { code: Shudian.plainText.code(hidden[0]) });
    for (const character of text) {
      if (/\p{N}/u.test(character) && !/[0-9〇]/.test(character)) refuse("digit", { character });
    }
  }

  /* ---- exact numbers: [numerator, denominator] ---- */

  /** @typedef {[bigint, bigint]} Fraction whole numbers: what is above and what is below */
  /** @type {(one: Fraction, other: Fraction) => Fraction} */
  const times = ([a, b], [c, d]) => [a * c, b * d];
  /** @type {(one: Fraction, other: Fraction) => Fraction} */
  const over = ([a, b], [c, d]) => [a * d, b * c];
  /** @type {(one: Fraction, other: Fraction) => Fraction} */
  const plus = ([a, b], [c, d]) => [a * d + c * b, b * d];
  /** @type {(one: Fraction, other: Fraction) => boolean} */
  const less = ([a, b], [c, d]) => a * d < c * b;
  /** @type {(one: Fraction, other: Fraction) => boolean} */
  const same = ([a, b], [c, d]) => a * d === c * b;
  /** @type {(number: any) => Fraction} */
  const whole = (number) => [BigInt(number), 1n];

  /** @returns {Fraction} */
  function decimal(text) {
    const [digits, places] = text.split(".");
    return [BigInt(digits + (places || "")), 10n ** BigInt((places || "").length)];
  }

  /* The nearest number in floating point: 30 digits and whether anything follows them are enough to round rightly. */
  function float([a, b]) {
    if (a === 0n) return 0;
    const sign = (a < 0n) !== (b < 0n) ? "-" : "", top = a < 0n ? -a : a, bottom = b < 0n ? -b : b;
    const places = 30 - (String(top).length - String(bottom).length);
    const scaled = places >= 0 ? [top * 10n ** BigInt(places), bottom] : [top, bottom * 10n ** BigInt(-places)];
    const quotient = scaled[0] / scaled[1];
    return Number(`${sign}${quotient}${quotient * scaled[1] === scaled[0] ? "0" : "1"}e${-places - 1}`);
  }

  /* ---- numerals ---- */

  function match(name, text) {
    const found = new RegExp(`^(?:${tables().numerals.patterns[name]})`).exec(text);
    return found && Object.assign(found, { rest: text.slice(found[0].length) });
  }

  function twice(text) {
    refuse("twice", { text: short(text) });
  }

  function numeral(text) {
    const negative = text.startsWith("-");
    let unsigned = /^[-+]/.test(text) ? text.slice(1).trimStart() : text;
    const share = match("share", unsigned);
    if (share) unsigned = share.rest;
    const found = spoken(unsigned) || digits(unsigned);
    if (!found) return null;
    if (match("again", found.rest)) twice(text);
    const value = share ? over(found.value, whole(tables().numerals.powers[share[1]])) : found.value;
    return { ...found, value: negative ? [-value[0], value[1]] : value };
  }

  function digits(text) {
    const found = match("digits", text);
    if (!found) return null;
    if (match("thousands", text)) twice(text);
    const exponent = Number(found[2] || 0), power = 10n ** BigInt(Math.abs(exponent));
    const first = times(decimal(found[1].replaceAll(",", "")), exponent < 0 ? [1n, power] : [power, 1n]);
    let value = first, total = whole(0), scale = "", rest = found.rest, last = 0;
    for (let size = powerOf(rest); size; size = powerOf(rest)) {
      const amount = times(value, whole(size.size));
      if (last && (size.size >= last || !less(amount, whole(last)))) twice(text);
      total = plus(total, amount);
      [last, scale, rest] = [size.size, size.scale, size.rest];
      const following = value[0] % value[1] === 0n ? match("next", rest) : null;
      value = following ? whole(following[0]) : whole(0);
      if (!following) break;
      rest = following.rest;
      if (!powerOf(rest) && following[0].length !== String(last).length - 1) twice(text);
    }
    total = plus(total, value);
    for (let word = match("word", rest); word; word = match("word", rest)) {
      total = times(total, whole(tables().numerals.words[word[1]]));
      [scale, rest] = [word[1], word.rest];
    }
    const multiplied = match("times", rest);
    if (multiplied) {
      const factor = digits(multiplied.rest);
      return { value: times(total, factor.value), rest: factor.rest, scale: factor.scale, size: factor.value };
    }
    return { value: total, rest, scale, size: first[0] === 0n ? whole(1) : over(total, first) };
  }

  function powerOf(text) {
    const found = match("power", text);
    if (!found || !found[1]) return null;
    const { powers } = tables().numerals;
    return { size: Array.from(found[1], (c) => powers[c]).reduce((a, b) => a * b, 1), scale: found[1].slice(-1), rest: found.rest };
  }

  function spoken(text) {
    const { formal, digits: names } = tables().numerals;
    const plain = Array.from(text, (c) => (Object.hasOwn(formal, c) ? formal[c] : c)).join("");
    if (plain.startsWith("半")) return { value: [1n, 2n], rest: text.slice(1), scale: "", size: whole(1) };
    const found = match("chinese", plain);
    if (!found || "百千万亿".includes(found[1][0])) return null;
    const value = comesTo(found[1]);
    if (characters(value).replaceAll("一十", "十") !== found[1].replaceAll("一十", "十")) twice(text);
    if (!found[2]) return { value: whole(value), rest: found.rest, scale: found[1].slice(-1), size: whole(1) };
    const decimals = Array.from(found[2], (c) => names.indexOf(c)).join("");
    const sum = plus(whole(value), [BigInt(decimals), 10n ** BigInt(decimals.length)]), size = powerOf(found.rest);
    return size ? { value: times(sum, whole(size.size)), rest: size.rest, scale: size.scale, size: whole(1) }
      : { value: sum, rest: found.rest, scale: "", size: whole(1) };
  }

  function comesTo(text) {
    const { powers, digits: names } = tables().numerals;
    let total = 0, section = 0, digit = 0;
    for (const character of text) {
      const power = powers[character] || 0;
      if (!power) digit = 10 * digit + names.indexOf(character);
      else if (power < 10000) [section, digit] = [section + (digit || 1) * power, 0];
      else {
        const part = section + digit;
        total = power === 100000000 ? (total + part) * power : total + part * power;
        section = digit = 0;
      }
    }
    return total + section + digit;
  }

  function characters(number) {
    const { powers, digits: names } = tables().numerals;
    for (const [character, size] of Object.entries(powers).sort((a, b) => b[1] - a[1])) {
      if (number < size) continue;
      const high = Math.floor(number / size), low = number % size;
      return characters(high) + character + (low > 0 && low < Math.floor(size / 10) ? "零" : "") + (low ? characters(low) : "");
    }
    return names[number] || "";
  }

  /* ---- units ---- */

  function wordMatch(name, text) {
    const found = new RegExp(`^(?:${tables().words.patterns[name]})`).exec(text);
    return found ? found[0].length : 0;
  }

  /* [[unit, power], ...]; null for a unit that is not known. */
  function factorsOf(text) {
    const { names, patterns } = tables().words;
    let rest = narrowed(text).toLowerCase();
    const yearly = new RegExp(patterns.yearly).exec(rest);
    if (yearly) rest = `${rest.slice(0, yearly.index)}/${yearly[1] === "monthly" ? "month" : "year"}`;
    if (rest === "" || rest === "1") return [];
    let sign = 1;
    const found = [], nothing = wordMatch("word", rest) ? null : new RegExp(`^${patterns.nothing}`).exec(rest);
    if (nothing) {
      sign = -1;
      rest = rest.slice(nothing[0].length);
      rest = rest.slice(wordMatch("rate", rest));
    }
    for (let length = wordMatch("word", rest); length; length = wordMatch("word", rest)) {
      const name = names[rest.slice(0, length)];
      let power = 1;
      rest = rest.slice(length);
      const raised = new RegExp(`^${patterns.power}`).exec(rest);
      if (raised) [power, rest] = [Number(raised[1]), rest.slice(raised[0].length)];
      found.push([name, sign * power]);
      if (!rest) return found;
      length = wordMatch("product", rest);
      sign = length ? 1 : -1;
      length = length || wordMatch("rate", rest);
      if (!length) return null;
      rest = rest.slice(length);
    }
    return null;
  }

  /* What one of a product of units is in internal ones, exactly, and its dimension as a text. */
  function sizeOf(factors) {
    let one = whole(1);
    const powers = new Map();
    for (const [name, power] of factors) {
      const [top, bottom, dimensions] = tables().sizes[name] || [1, 1, [name]];
      /** @type {Fraction} */
      const size = power > 0 ? [BigInt(top), BigInt(bottom)] : [BigInt(bottom), BigInt(top)];
      for (let n = 0; n < Math.abs(power); n++) one = times(one, size);
      for (const dimension of dimensions) powers.set(dimension, (powers.get(dimension) || 0) + power);
    }
    return { one, dimension: [...powers].filter(([, power]) => power).map(([name, power]) => `${name}^${power}`).sort().join(" ") };
  }

  /* ---- quantities ---- */

  function quantity(value) {
    if (typeof value === "number") {
      if (!Number.isFinite(value)) refuse("infinite", { value });
      const [, sign, digits_, exponent] = /^(-?)([\d.]+)(?:e([+-]\d+))?$/.exec(String(value));
      const number = times(decimal(digits_), Number(exponent || 0) < 0 ? [1n, 10n ** BigInt(-exponent)] : [10n ** BigInt(exponent || 0), 1n]);
      return { number: sign ? [-number[0], number[1]] : number, factors: [], scale: "", size: whole(1), unit: "" };
    }
    if (typeof value !== "string") return refuse("no_number", { value: short(value) });
    const { currency, tenths, longest } = tables().rules, { before } = tables().words.patterns;
    let plain = narrowed(value.slice(0, longest + 1)).toLowerCase(), rate = "";
    checkCharacters(plain);
    const rated = new RegExp(`^${before}`).exec(plain);
    if (rated) [plain, rate] = [plain.slice(rated[0].length).trimStart(), `/${rated[1]}`];
    const paid = new RegExp(`^${currency}`).exec(plain);
    if (paid) plain = paid[1] + plain.slice(paid[0].length);
    const read = plain.length <= longest ? numeral(plain) : null;
    if (!read) return refuse("no_quantity", { value: short(value) });
    let number = read.value, unit = read.rest.trim();
    const tenth = new RegExp(`^${tenths}`).exec(unit);
    if (tenth) [number, unit] = [plus(number, [BigInt(tenth[1] === "半" ? 5 : tables().numerals.digits.indexOf(tenth[1])), 10n]), "成"];
    let factors = factorsOf(unit + rate);
    if (!factors) return refuse("unknown_unit", { unit: short(unit) });
    const counted = factors.some(([, power]) => power > 0);
    if (tables().numerals.open.includes(read.scale) && !paid && !factors.some(([name, power]) => name.endsWith("yuan") && power > 0)) {
      refuse("open", { value: short(value) });
    }
    if (paid && !counted) factors = [["yuan", 1], ...factors];
    if (!Number.isFinite(float(number))) refuse("infinite", { value: short(value) });
    return { number, factors, scale: read.scale, size: read.size, unit: unit + rate };
  }

  /* The units of a quantity, and those that go without saying where `due` is meant; null where too much is left open. */
  function completed({ factors: given, scale }, due) {
    const { counts, of, times: spans, money_scales: scales } = tables().rules;
    let factors = given;
    const above = due.filter(([, power]) => power > 0), below = due.filter(([, power]) => power < 0);
    for (const [sign, parts] of [[1, above], [-1, below]]) {
      if (parts.length === 1 && of.includes(parts[0][0])) factors = factors.map(([name, power]) => (name === "count" && power === sign ? parts[0] : [name, power]));
    }
    const isMoney = above.length === 1 && above[0][0] === "wanyuan" && above[0][1] === 1;
    if (!factors.some(([, power]) => power > 0) && isMoney && scales.includes(scale)) factors = [["yuan", 1], ...factors];
    if (!factors.length && due.length) {
      if (due.length > 1 || !counts.includes(due[0][0]) || due[0][1] !== 1) return null;
      factors = [due[0]];
    }
    const bare = factors.every(([, power]) => power > 0) && sizeOf(factors).dimension === sizeOf(above).dimension;
    return bare && !below.some(([name]) => spans.includes(name)) ? [...factors, ...below] : factors;
  }

  /* A value for `parameter` in internal units, not yet compared with its range. */
  function measured(value, parameter) {
    const found = quantity(value), due = factorsOf(parameter.unit);
    const factors = completed(found, due);
    const { name } = parameter, written = short(value);
    if (!factors) return refuse("no_unit", { name, value: written, unit: parameter.unit_display });
    const given = sizeOf(factors), wanted = sizeOf(due), shown = sizeOf(factorsOf(parameter.unit_display === "date" ? "month" : parameter.unit_display));
    if (given.dimension !== wanted.dimension) refuse("wrong_unit", { name, unit: short(found.unit) || written, due: parameter.unit_display });
    if (same(times(given.one, found.size), wanted.one)) return float(over(times(found.number, given.one), wanted.one));
    return float(over(times(found.number, given.one), shown.one)) * parameter.into;
  }

  /* A text with what it leaves open taken from the unit that stands beside it: 5万 beside 亿元/年 is 5万元/年. */
  function beside(text, unit) {
    const found = quantity(text), { patterns } = tables().words;
    const rate = new RegExp(patterns.rate).exec(unit);
    const above = rate ? unit.slice(0, rate.index) : unit, below = rate ? unit.slice(rate.index) : "";
    if (found.factors.some(([, power]) => power < 0)) return text;
    if (found.factors.length || text.includes("分之")) return text + below;
    return `${text} ${found.scale ? above.replace(new RegExp(patterns.scale), "") : above}${below}`.trimEnd();
  }

  /* ---- dates ---- */

  /* [year, month, day], month or day 0 where they are left open; null if it is no date. */
  function date(text) {
    const { patterns, months } = tables().dates, plain = withDigits(narrowed(text).toLowerCase());
    checkCharacters(plain);
    for (const [order, forms] of Object.entries(patterns)) {
      if (order === "serial") continue;
      for (const form of forms) {
        const found = new RegExp(`^(?:${form})$`).exec(plain);
        if (!found) continue;
        const named = Object.fromEntries([...order].map((part, n) => [part, found[n + 1]]));
        const year = Number(named.y), day = Number(named.d || 0);
        const month = named.m === undefined ? 0 : /^\d+$/.test(named.m) ? Number(named.m) : months.indexOf(named.m.slice(0, 3)) + 1;
        const right = year > 0 && (named.m === undefined || (month >= 1 && month <= 12))
          && (named.d === undefined || (day >= 1 && day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()));
        return right ? [year, month, day] : null;
      }
    }
    return null;
  }

  function withDigits(text) {
    const { chinese, spoken: form } = tables().dates;
    const found = new RegExp(`^(?:${form})$`).exec(text);
    if (!found) return text;
    const year = Array.from(found[1], (c) => chinese[c]).join("");
    if (!found[2]) return `${year}年`;
    const month = found[2].replace("十", found[2].length > 1 ? "1" : "10");
    return `${year}年${Array.from(month, (c) => chinese[c] || c).join("")}月`;
  }

  /* Months after January of the first year; with `first` a year alone is its January. */
  function month(text, first = false) {
    const found = typeof text === "string" && text.length <= tables().rules.longest ? date(text) : null;
    if (!found) return refuse("no_month", { value: short(text) });
    const [year, number, day] = found;
    if (!number && !first) refuse("year", { value: short(text), year });
    if (day > 1) refuse("day", { value: short(text), month: `${year}-${String(number).padStart(2, "0")}` });
    return (year - Shudian.data.first_year) * 12 + Math.max(number, 1) - 1;
  }

  /* A length of time in months; a bare number is none. */
  function months(value) {
    const found = quantity(value), size = sizeOf(found.factors);
    if (size.dimension !== "month^1") refuse("no_ramp", { value: short(value) });
    return float(times(found.number, size.one));
  }

  Shudian.amounts = { measured, beside, month, months };
})();
