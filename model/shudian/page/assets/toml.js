/* TOML as far as shudian's scenario files use it, read strictly: a Map of Maps, whose entries are {value, line}. */
(function () {
  "use strict";
  const DEEPEST = 6, LONGEST_NUMBER = 60;
  const say = (zh, en) => ({ zh, en });

  class Mistake extends Error {
    constructor(text, line) {
      super(text.en);
      this.text = text;
      this.line = line;
    }
  }

  const short = (text) => {
    const plain = Shudian.plainText.visible(String(text).slice(0, 41)).replaceAll("\n", " ");
    return plain.length > 40 ? `${plain.slice(0, 37)}...` : plain;
  };

  class Reader {
    constructor(text) {
      this.text = text;
      this.at = 0;
      this.line = 1;
      this.depth = 0;
    }

    fail(zh, en) {
      throw new Mistake(say(zh, en), this.line);
    }

    peek() {
      return this.text[this.at];
    }

    next() {
      const character = this.text[this.at++];
      if (character === "\n") this.line++;
      return character;
    }

    space() {
      while (this.peek() === " " || this.peek() === "\t") this.at++;
    }

    /* Blank, comments and ends of lines. */
    blank() {
      for (;;) {
        this.space();
        if (this.peek() === "#") this.comment();
        else if (this.peek() === "\r" && this.text[this.at + 1] === "\n") this.at++;
        else if (this.peek() === "\n") this.next();
        else return;
      }
    }

    comment() {
      while (this.at < this.text.length && this.peek() !== "\n") {
        if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(this.next())) this.fail("注释里有控制字符。", "A comment holds a control character.");
      }
    }

    endOfLine() {
      this.space();
      if (this.peek() === "#") this.comment();
      if (this.peek() === "\r" && this.text[this.at + 1] === "\n") this.at++;
      if (this.at < this.text.length && this.peek() !== "\n") {
        this.fail("这一行不是TOML：值的后面还有别的内容。", "This line is not TOML: something stands after the value.");
      }
    }

    document() {
      const root = new Map();
      let table = root;
      const headers = new Set();
      for (this.blank(); this.at < this.text.length; this.blank()) {
        if (this.peek() === "[") {
          this.at++;
          if (this.peek() === "[") this.fail("[[ ]] 是评估（[[review]]）的写法，本页还不能计算评估，请用 shudian run。", "[[ ]] writes a review ([[review]]), which this page does not hold yet; use shudian run.");
          const line = this.line, keys = this.keys();
          if (this.next() !== "]") this.fail("表头缺少 ]。", "The table's header lacks its ].");
          const name = JSON.stringify(keys);
          if (headers.has(name)) this.fail("同一张表写了两次。", "The same table is written twice.");
          headers.add(name);
          table = this.descend(root, keys, line, true);
        } else this.entry(table);
        this.endOfLine();
      }
      return root;
    }

    entry(table) {
      const line = this.line, keys = this.keys();
      if (this.next() !== "=") {
        this.line = line;
        this.fail("这一行不是TOML，应写成 名称 = 值；中文名称要加英文引号。", "This line is not TOML; write name = value, with a Chinese name in straight quotes.");
      }
      this.space();
      const last = keys.pop(), inner = this.descend(table, keys, line, false);
      if (inner.has(last)) this.fail(`“${short(last)}”写了两次。`, `“${short(last)}” is written twice.`);
      inner.set(last, { value: this.value(), line });
    }

    descend(table, keys, line, header) {
      let inner = table;
      if (keys.length > DEEPEST) this.fail("文件嵌套太深。", "The file is nested too deeply.");
      for (const key of keys) {
        if (!inner.has(key)) inner.set(key, { value: new Map(), line, open: true });
        const found = inner.get(key);
        if (!(found.value instanceof Map) || !(found.open || header)) this.fail(`“${short(key)}”写了两次。`, `“${short(key)}” is written twice.`);
        inner = found.value;
      }
      return inner;
    }

    keys() {
      const keys = [];
      do {
        this.space();
        keys.push(this.key());
        this.space();
      } while (this.peek() === "." && this.at++ >= 0);
      return keys;
    }

    key() {
      if (this.peek() === '"' || this.peek() === "'") return this.string();
      const found = /[A-Za-z0-9_-]+/y;
      found.lastIndex = this.at;
      const match = found.exec(this.text);
      if (!match) this.fail("这一行不是TOML，应写成 名称 = 值；中文名称要加英文引号。", "This line is not TOML; write name = value, with a Chinese name in straight quotes.");
      this.at += match[0].length;
      return match[0];
    }

    value() {
      if (++this.depth > DEEPEST) this.fail("文件嵌套太深。", "The file is nested too deeply.");
      const first = this.peek();
      let value;
      if (first === '"' || first === "'") value = this.string();
      else if (first === "{") value = this.inline();
      else if (first === "[") value = this.array();
      else value = this.bare();
      this.depth--;
      return value;
    }

    inline() {
      const table = new Map();
      this.at++;
      this.space();
      if (this.peek() === "}") {
        this.at++;
        return table;
      }
      for (;;) {
        this.entry(table);
        this.space();
        const mark = this.next();
        if (mark === "}") return table;
        if (mark !== ",") this.fail("大括号里的各项用英文逗号分开，写在同一行。", "The entries between braces are separated by commas and stand on one line.");
      }
    }

    array() {
      const list = [];
      this.at++;
      for (this.blank(); this.peek() !== "]"; this.blank()) {
        list.push(this.value());
        this.blank();
        if (this.peek() === ",") this.at++;
        else if (this.peek() !== "]") this.fail("方括号里的各项用英文逗号分开。", "The entries between brackets are separated by commas.");
      }
      this.at++;
      return list;
    }

    bare() {
      const found = /[^\s,\]}#]+/y;
      found.lastIndex = this.at;
      const match = found.exec(this.text), word = match ? match[0] : "";
      if (word === "true" || word === "false") {
        this.at += word.length;
        return word === "true";
      }
      if (word.length <= LONGEST_NUMBER && /^[+-]?(0|[1-9](_?\d)*)(\.\d(_?\d)*)?([eE][+-]?\d(_?\d)*)?$/.test(word)) {
        this.at += word.length;
        return Number(word.replaceAll("_", ""));
      }
      this.fail(`“${short(word)}”不是数；文字要加英文引号。`, `“${short(word)}” is not a number; put a text in straight quotes.`);
    }

    string() {
      const quote = this.next();
      if (this.text.startsWith(quote + quote, this.at)) this.fail("方案文件不用三引号。", "A scenario file has no use for triple quotes.");
      let text = "";
      for (;;) {
        const character = this.next();
        if (character === undefined || character === "\n") {
          if (character) this.line--;
          this.fail("文字没有用英文引号结束。", "A text is not closed by a straight quote.");
        }
        if (character === quote) return text;
        if (character < " " && character !== "\t" || character === "\u007f") this.fail("文字里有控制字符。", "A text holds a control character.");
        text += character === "\\" && quote === '"' ? this.escape() : character;
      }
    }

    escape() {
      const mark = this.next();
      const simple = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", '"': '"', "\\": "\\" };
      if (Object.hasOwn(simple, mark)) return simple[mark];
      const size = mark === "u" ? 4 : mark === "U" ? 8 : 0;
      const digits = this.text.slice(this.at, this.at + size);
      const code = size && /^[0-9a-fA-F]+$/.test(digits) && digits.length === size ? parseInt(digits, 16) : -1;
      if (code < 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) this.fail("反斜杠后面的写法不成立。", "What stands after the backslash means nothing.");
      this.at += size;
      return String.fromCodePoint(code);
    }
  }

  Shudian.toml = { Mistake, short, read: (text) => new Reader(text).document() };
})();
