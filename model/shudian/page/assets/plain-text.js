/* Text that a stranger's file wrote, made fit to be shown: the rules of shudian/plain_text.py, whose characters and
   patterns come with the data. */
/** @type {any} */
var Shudian = self.Shudian || (self.Shudian = {});
(function () {
  "use strict";
  const found = new Map();

  function pattern(name, flags) {
    const key = name + flags;
    if (!found.has(key)) found.set(key, new RegExp(Shudian.data.characters[name], flags));
    return found.get(key);
  }

  function joins(text, at) {
    const joiner = pattern("joiner", "uy");
    joiner.lastIndex = at;
    return joiner.test(text);
  }

  const hexadecimal = (character, digits) => character.codePointAt(0).toString(16).padStart(digits, "0");
  const spelt = (character) => (character.length > 1 ? "\\U" + hexadecimal(character, 8) : "\\u" + hexadecimal(character, 4));
  const code = (character) => "U+" + hexadecimal(character, 4).toUpperCase();

  /* Every character that acts or hides is spelt; a tab becomes a space. */
  function visible(text) {
    return text.replaceAll("\r\n", "\n").replace(pattern("hides", "gu"), (character, at, whole) =>
      (character === "\t" ? " " : joins(whole, at) ? character : spelt(character)));
  }

  /* Spaces for line breaks and tabs, and nothing that hides and does nothing. */
  function oneLine(text) {
    return text.replace(/ *[\n\r\t][ \n\r\t]*/g, " ").replace(pattern("hides", "gu"), (character, at, whole) =>
      (pattern("acts", "u").test(character) || joins(whole, at) ? character : ""));
  }

  /* The name of the first character that acts instead of being shown; empty without one. */
  function acting(text) {
    const first = text.replace(/[\r\t]/g, "").match(pattern("acts", "u"));
    return first ? code(first[0]) : "";
  }

  const unlikeFormula = (text) => (pattern("formula", "u").test(text) ? "'" + text : text);

  /* A text as a cell of a table in a file: what csv_tables.py writes. */
  const cell = (text) => unlikeFormula(visible(text));

  Shudian.plainText = { visible, oneLine, acting, code, cell };
})();
