/* An archive as office files are: entries that are packed already go in as they are, and new ones unpacked. */
/** @type {any} */
var Shudian = self.Shudian || (self.Shudian = {});
(function () {
  "use strict";
  const DAY = 0x5c21; // 2026-01-01, so that the same answer gives the same file
  const TEXT = 0x0800; // names are UTF-8
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let found = byte;
    for (let bit = 0; bit < 8; bit++) found = found & 1 ? (found >>> 1) ^ 0xedb88320 : found >>> 1;
    return found;
  });

  function checked(bytes) {
    let found = 0xffffffff;
    for (const byte of bytes) found = (found >>> 8) ^ table[(found ^ byte) & 255];
    return (found ^ 0xffffffff) >>> 0;
  }

  /* An entry of bytes or of a text. */
  function fresh(name, content) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    return { name, bytes, size: bytes.length, sum: checked(bytes), method: 0 };
  }

  /* An entry that was packed before: [name, CRC-32, size, deflated in base 64]. */
  const kept = ([name, sum, size, packed]) => ({ name, bytes: new Uint8Array(Shudian.statistics.decoded(packed)), size, sum, method: 8 });

  /* A head of the archive's: a signature, numbers of two or four bytes, and the entry's name. */
  function record(signature, { name = "" }, fields) {
    const all = [[4, signature], ...fields], length = all.reduce((sum, [size]) => sum + size, 0), letters = new TextEncoder().encode(name);
    const bytes = new Uint8Array(length + letters.length), view = new DataView(bytes.buffer);
    let at = 0;
    for (const [size, value] of all) {
      if (size === 4) view.setUint32(at, value, true);
      else view.setUint16(at, value, true);
      at += size;
    }
    bytes.set(letters, at);
    return bytes;
  }

  const common = ({ name, bytes, size, sum, method }) => [[2, TEXT], [2, method], [2, 0], [2, DAY], [4, sum], [4, bytes.length], [4, size], [2, new TextEncoder().encode(name).length]];

  /* The archive of these entries as a Blob of the given type. */
  function archive(entries, type) {
    const parts = [], directory = [];
    let at = 0, width = 0;
    for (const entry of entries) {
      const head = record(0x04034b50, entry, [[2, 20], ...common(entry), [2, 0]]);
      const listed = record(0x02014b50, entry, [[2, 20], [2, 20], ...common(entry), [2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, at]]);
      parts.push(head, entry.bytes);
      directory.push(listed);
      at += head.length + entry.bytes.length;
      width += listed.length;
    }
    const end = record(0x06054b50, {}, [[2, 0], [2, 0], [2, entries.length], [2, entries.length], [4, width], [4, at], [2, 0]]);
    return new Blob([...parts, ...directory, end], { type });
  }

  Shudian.zip = { fresh, kept, archive };
})();
