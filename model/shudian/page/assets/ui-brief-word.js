"use strict";
/* A Word file from the pieces of one that `shudian brief` wrote: the pieces say how it looks, and here they are filled. */
(function () {
  const { data } = Shudian;
  const { settings } = Shudian.text;
  const { width } = Shudian.briefText;
  const TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
  const LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink";
  const CENTIMETRE = 360000, TWIP = 635; // in the format's smallest unit
  const LONGEST_TITLE = 255;

  const escaped = (text) => Shudian.plainText.visible(String(text)).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
  const spaced = (xml) => xml.replaceAll("<w:t>", '<w:t xml:space="preserve">');
  /** A piece with its marks replaced by texts; none of them is looked at again. */
  const filled = (xml, places) => spaced(xml).replace(/⟦(\w+)⟧/g, (mark, name) => (name in places ? escaped(places[name]) : mark));

  function table({ head, rows, below }, pieces) {
    const widths = Shudian.briefLayout.columns({ head, rows }, pieces.width).map((wide) => Math.round(Math.trunc(wide * CENTIMETRE) / TWIP));
    const cell = (kind, text, place) => {
      const { properties, first, further } = pieces.cells[kind];
      return "<w:tc>" + filled(properties, { wide: widths[place] }) + text.split("\n").map((line, number) => filled(number ? further : first, { text: line })).join("") + "</w:tc>";
    };
    const row = (kind, cells) => "<w:tr>" + pieces.rows[kind] + cells.join("") + "</w:tr>";
    const headed = head.length > 0;
    const kindOf = (text, place) => (headed ? (place && width(text) <= data.brief.widths.long ? "cell" : "first") : place ? "first" : "label");
    return "<w:tbl>" + pieces.table + "<w:tblGrid>" + widths.map((wide) => '<w:gridCol w:w="' + wide + '"/>').join("") + "</w:tblGrid>"
      + (headed ? row("head", head.map((text, place) => cell(place ? "head" : "head_first", text, place))) : "")
      + rows.map((cells) => row("row", cells.map((text, place) => cell(kindOf(text, place), text, place)))).join("")
      + "</w:tbl>" + below.map((line) => filled(pieces.blocks.note, { text: line })).join("");
  }

  /** The file with these blocks. */
  function written(blocks, { left, right, title }) {
    const pieces = data.brief[settings.language].word, links = [];
    let picture = null;
    const body = blocks.map(([kind, what, number]) => {
      if (kind === "table") return table(what, pieces);
      if (kind === "steps") return filled(pieces.blocks.steps, { text: what }).replace("1. ", number + ". ");
      if (kind === "figure") {
        picture = what.bytes;
        return filled(pieces.blocks.caption, { text: what.caption }) + filled(pieces.blocks.figure, { alt: what.caption, wide: Math.trunc(what.width * CENTIMETRE), high: Math.round(what.height * CENTIMETRE) });
      }
      if (kind === "reference") {
        if (!/^https?:\/\//.test(what.address)) return filled(what.address ? pieces.blocks.named : pieces.blocks.only, { text: what.what, link: what.address });
        links.push(what.address);
        return filled(pieces.blocks.reference, { text: what.what, link: what.address, id: "link" + links.length });
      }
      return filled(pieces.blocks[kind], { text: what });
    }).join("");
    const related = links.map((address, place) => '<Relationship Id="link' + (place + 1) + '" Type="' + LINK + '" Target="' + escaped(address) + '" TargetMode="External"/>').join("");
    const places = { left, right, title: [...title].slice(0, LONGEST_TITLE).join("") };
    const parts = Object.entries(pieces.parts.filled).map(([name, xml]) =>
      Shudian.zip.fresh(name, filled(xml, places).replace("⟦body⟧", () => body).replace("⟦links⟧", () => related)));
    return Shudian.zip.archive([...pieces.parts.kept.map(Shudian.zip.kept), ...parts, Shudian.zip.fresh(pieces.picture, picture)], TYPE);
  }

  Shudian.briefWord = { written };
})();
