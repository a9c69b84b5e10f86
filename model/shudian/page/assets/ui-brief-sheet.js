"use strict";
/* A sheet of a workbook from blocks, as report/render/sheet.py writes one: numbers are numbers, and a table can be sorted. */
(function () {
  const { number } = Shudian.text;
  const { width } = Shudian.briefText;
  const HEAD_ROW = 4, NARROWEST = 10, WIDEST = 60, VALUE = 100, HEAD = 14, LINE = 15;

  const letter = (column) => String.fromCharCode(64 + column);
  const escaped = (text) => Shudian.plainText.visible(String(text)).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  /** A number that is counted, without fractions. */
  const count = (value) => ({ value, whole: true });
  const valueOf = (cell) => (cell && typeof cell === "object" ? cell.value : cell);

  function shown(cell) {
    if (cell === null) return "—";
    return typeof cell === "object" ? number(cell.value, 0) : typeof cell === "number" ? number(cell) : cell;
  }

  function widthsOf({ head, rows }) {
    const columns = (head.length ? head : rows[0]).map((_, place) => Math.max(head.length ? Math.min(HEAD, width(head[place])) : 0,
      ...rows.flatMap((row) => shown(row[place]).split("\n").map(width)), 0));
    const found = columns.map((letters) => Math.min(WIDEST, Math.max(NARROWEST, 2 + letters)));
    return head.length ? found : [...found.slice(0, -1), VALUE];
  }

  /** {xml, titles, filter}: the sheet, and which rows are repeated on paper and which area can be filtered. */
  function written(blocks, { frame, styles, drawing = false, fixed = null }) {
    const lines = [], heights = new Map();
    let row = 0, widths = [], pane = "", filter = "", titles = 0;
    const put = (at, cells) => lines.push([at, cells]);
    const wrapped = new Set([styles.text, styles.label, styles.value, styles.head, styles.head_first]);
    const styled = (cell, column, ruled) => {
      const value = valueOf(cell);
      if (!ruled) return column ? styles.value : styles.label;
      if (typeof value === "string") return styles.text;
      if (value === null || (typeof cell === "number" && Number.isInteger(cell) && ruled === "years" && column === 3)) return styles.bare;
      if (typeof cell === "object") return styles.count;
      return styles[Math.abs(value) >= 1000 ? "number2" : Math.abs(value) >= 100 ? "number1" : "number0"];
    };
    for (const [kind, what, mode] of blocks) {
      if (kind !== "table") {
        row += 1;
        if (kind === "heading" && row > 1) row += 1;
        put(row, [[what, styles[kind]]]);
        continue;
      }
      row = Math.max(row + 1, HEAD_ROW);
      const ruled = what.head.length > 0 && (mode || "plain"), first = row;
      widths = widthsOf(what);
      if (ruled) {
        put(row, what.head.map((text, column) => [text, column ? styles.head : styles.head_first]));
        titles = row;
        if (!filter) {
          const split = Math.min(3, what.head.length), top = letter(split) + (row + 1);
          filter = "A" + row + ":" + letter(what.head.length) + (row + what.rows.length);
          pane = '<pane xSplit="' + (split - 1) + '" ySplit="' + row + '" topLeftCell="' + top + '" activePane="bottomRight" state="frozen"/>';
        }
        row += 1;
      }
      for (const cells of what.rows) {
        put(row, cells.map((cell, column) => [valueOf(cell), styled(cell, column, ruled)]));
        row += 1;
      }
      row -= 1;
      for (const [at, cells] of lines) {
        if (at < first) continue;
        const needs = cells.map(([value, style], column) => (value !== null && value !== "" && wrapped.has(style) ? Math.ceil(width(String(value)) / (widths[column] - 2)) : 1));
        heights.set(at, LINE * Math.max(1, ...needs));
      }
    }
    const cell = ([value, style], column, at) => {
      const start = '<c r="' + letter(column + 1) + at + '"' + (style ? ' s="' + style + '"' : "");
      if (value === null || value === "" || (typeof value === "number" && !Number.isFinite(value))) return start + "/>";
      return typeof value === "number" ? start + "><v>" + value + "</v></c>" : start + ' t="inlineStr"><is><t xml:space="preserve">' + escaped(value) + "</t></is></c>";
    };
    const rows = lines.map(([at, cells]) => '<row r="' + at + '"' + (heights.has(at) ? ' ht="' + heights.get(at) + '" customHeight="1"' : "") + ">" + cells.map((one, column) => cell(one, column, at)).join("") + "</row>").join("");
    const columns = (fixed ? widths.map((_, place) => (place ? fixed.names : fixed.labels)) : widths).map((wide, place) => '<col min="' + (place + 1) + '" max="' + (place + 1) + '" width="' + wide + '" customWidth="1"/>').join("");
    const xml = frame[0] + '<sheetViews><sheetView showGridLines="0" workbookViewId="0">' + pane + "</sheetView></sheetViews><sheetFormatPr baseColWidth=\"8\" defaultRowHeight=\"15\"/><cols>" + columns + "</cols><sheetData>" + rows + "</sheetData>"
      + (filter ? '<autoFilter ref="' + filter + '"/>' : "") + frame[1] + (drawing ? '<drawing xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId1"/>' : "") + "</worksheet>";
    return { xml, titles, filter };
  }

  Shudian.briefSheet = { written, count, escaped };
})();
