"use strict";
// Finds entries of the book by what stands in them: their names first, then their text.
(() => {
  const MOST = 40;
  const input = document.querySelector("#search");
  const found = document.querySelector("#found");
  if (!(input instanceof HTMLInputElement) || !(found instanceof HTMLElement)) return;
  /** @type {{ id: string, name: string, text: string, shown: string }[]} */
  let index = [];

  const read = () => {
    index = [...document.querySelectorAll(".entry[id], .chapter, .sector")].map((element) => {
      const head = element.querySelector("h1, h2, h3, h4") ?? element;
      const shown = (head.textContent ?? "").replace(/\s+/g, " ").trim();
      const whole = element.matches(".entry") ? (element.textContent ?? "") : shown;
      return { id: element.id, name: shown.toLowerCase(), text: whole.toLowerCase(), shown: shown.slice(0, 90) };
    });
  };

  const search = () => {
    if (!index.length) read();
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    found.replaceChildren();
    found.hidden = !words.length;
    if (!words.length) return;
    /** @param {"name" | "text"} where */
    const within = (where) => index.filter((entry) => words.every((word) => entry[where].includes(word)));
    const hits = [...new Set([...within("name"), ...within("text")])];
    for (const hit of hits.slice(0, MOST)) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#${hit.id}`;
      link.textContent = hit.shown;
      item.append(link);
      found.append(item);
    }
    if (!hits.length || hits.length > MOST) {
      const item = document.createElement("li");
      item.className = "quiet";
      const told = (hits.length ? input.dataset.more : input.dataset.none) ?? "";
      item.textContent = told.replace("#", String(hits.length - MOST));
      found.append(item);
    }
  };

  input.addEventListener("input", search);
  input.addEventListener("focus", search);
  found.addEventListener("click", () => { found.hidden = true; });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") found.hidden = true;
    if (event.key === "/" && document.activeElement !== input) { event.preventDefault(); input.focus(); }
    if (event.key === "Enter" && document.activeElement === input) found.querySelector("a")?.click();
  });
})();
