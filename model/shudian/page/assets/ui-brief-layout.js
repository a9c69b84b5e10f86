"use strict";
/* What fits on the brief's two pages, as report/brief/layout.py estimates it, and how wide the columns of its tables are, as
   report/render/word_table.py does. */
(function () {
  const { data } = Shudian;
  const { say, pick, settings } = Shudian.text;
  const { width, colon } = Shudian.briefText;
  const { layout, widths: rules } = data.brief;

  const lines = (text, share = 1) => Math.ceil(width(text) / (layout.columns[settings.language] * share));
  const sheet = (name) => say("brief_sheet_" + name);

  /** A cell's second line is smaller; the first column takes what the others leave it. */
  function rowLines(row, { head }) {
    const others = head.length - 1, own = others ? Math.max(0.16, 1 - others * 0.145) : 1;
    const shares = [own, ...Array.from({ length: others }, () => (1 - own) / others)];
    const counted = row.map((cell, place) => cell.split("\n").reduce((sum, line) => sum + lines(line, 0.93 * shares[place]), 0));
    return 0.12 + Math.max(1, Math.max(...counted) * 0.97);
  }

  const height = (table) => [table.head, ...table.rows].reduce((sum, row) => sum + rowLines(row, table), 0) + table.below.reduce((sum, line) => sum + 0.9 * lines(line, 1.03), 0);

  /** The first page's table of levers, without the rows for which there is no room. */
  function withRoom({ question, conclusion, contents, outcomes }) {
    const taken = layout.first_fixed + 1.25 * lines(question, 0.8) + 1.3 * lines(conclusion, 0.78) + height(outcomes) + height({ ...contents, rows: [] }) + 1;
    let room = layout.first_page - taken, kept = 0;
    for (const row of contents.rows) {
      room -= rowLines(row, contents);
      if (room < 0) break;
      kept += 1;
    }
    const left = contents.rows.length - kept;
    if (!left) return contents;
    return { ...contents, rows: contents.rows.slice(0, kept), below: [...contents.below, say("brief_more_levers", { count: left, sheet: sheet("inputs") })] };
  }

  /** The assumptions for which the second page has room, and how many more there are. */
  function assumed({ confidence, advice, assumed: notes }) {
    let room = layout.page - layout.fixed - layout.centimetre * layout.figures - layout.sources;
    for (const line of confidence) room -= lines(line);
    for (const [head, text] of advice) room -= 1.3 * lines(head + text, 0.8);
    let shown = 0;
    for (const note of notes) {
      room -= lines(note);
      if (room < 0 && shown >= layout.fewest) break;
      shown += 1;
    }
    const left = notes.length - shown;
    return left > 0 ? [...notes.slice(0, shown), say("brief_more_notes", { count: left, sheet: sheet("inputs") })] : notes.slice(0, shown);
  }

  /** The first sources with grade and address, and how many more there are. */
  function references({ sources }) {
    const [comma, open, close] = settings.language === "zh" ? ["，", "（", "）"] : [", ", " (", ")"], found = [];
    let room = layout.sources;
    for (const source of sources) {
      const what = [pick(source.title), source.body, source.published].filter(Boolean).join(comma) + open + source.grade + close;
      room -= lines(what + " " + source.address);
      if (room < 0) break;
      found.push({ what, address: source.address });
    }
    const left = sources.length - found.length;
    return left ? [...found, { what: say("brief_more_sources", { count: left, sheet: sheet("sources") }), address: "" }] : found;
  }

  /** What a head needs that is broken between its words, or after some Chinese letters. */
  function word(head) {
    const needs = (head.split(/\s+/).filter(Boolean)).map((part) => (width(part) > [...part].length ? Math.min(width(part), rules.head) : [...part].length));
    return Math.max(0, ...needs);
  }

  function room(text) {
    const [first, ...others] = text.split("\n").map(width);
    return Math.max(rules.letter * first, rules.small_letter * Math.max(0, ...others));
  }

  /** Centimetres: each column what it needs, and what is left for the one with the longest texts. */
  function columns({ head, rows }, wide) {
    const count = rows.length ? rows[0].length : head.length, free = head.length ? 0 : count - 1;
    const needs = Array.from({ length: count }, (_, place) => rules.edges + Math.max(rules.head_letter * word(head[place] || ""), ...rows.map((row) => room(row[place])), rules.letter));
    const others = needs.reduce((sum, need) => sum + need, 0) - needs[free];
    const least = Math.max(wide / (count + 1), Math.min(needs[free], rules.labels * wide)), shrunk = others ? Math.min(1, (wide - least) / others) : 1;
    return needs.map((need, place) => (place === free ? wide - others * shrunk : need * shrunk));
  }

  /** The pages of a brief as blocks: [kind, what], in the order of report/brief/document.py. */
  function pages(brief, picture) {
    const head = (name) => ["heading", say("brief_" + name + "_title")];
    const list = (texts) => texts.map((text) => ["list", text]);
    const first = [["title", brief.headline], head("question"), ["paragraph", brief.question], head("conclusion"), ["finding", brief.conclusion],
      head("contents"), ["table", withRoom(brief)], head("outcomes"), ["table", brief.outcomes]];
    const [, opening] = head("confidence");
    const second = [["page", opening], ...list(brief.confidence), ["figure", picture], head("advice"),
      ...brief.advice.map(([name, text], place) => ["steps", name + colon() + text, place + 1]), head("assumed"), ...list(assumed(brief)),
      head("sources"), ...references(brief).map((entry) => ["reference", entry]), head("repeat"), ["table", { head: [], rows: brief.repeat, below: [] }]];
    return [...first, ...second];
  }

  Shudian.briefLayout = { pages, columns };
})();
