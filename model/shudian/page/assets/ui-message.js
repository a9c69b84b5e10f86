"use strict";
/* What the page says of what was done or typed. */
(function () {
  const { say, h, fill } = Shudian.text;
  const byId = (id) => document.getElementById(id);

  const said = { box: null, field: null, acting: null, timer: 0 };

  /** Say something: beside a card that is open, or above everything. An error belongs to the field in which it was made,
      and stands until it is mended: by a change that is taken, by new words in its field, or by Escape. Other words go
      by themselves, after a time that begins when the numbers that they tell of stand still. */
  function message(text, kind, field) {
    quiet();
    const wrong = kind === "error";
    said.box = byId(byId("dialog").open ? "dialog-message" : "message");
    said.box.className = wrong ? "error" : "";
    said.box.setAttribute("role", wrong ? "alert" : "status");
    fill(said.box, h("span", {}, text), h("button", { type: "button", class: "mini", "aria-label": say("page_close"), on: { click: quiet } }, "×"));
    said.field = wrong ? field || said.acting : null;
    if (said.field) said.field.setAttribute("aria-describedby", said.box.id);
    if (!wrong) fade(6000 + 40 * text.length);
  }

  function fade(time) {
    const busy = document.documentElement.dataset.busy === "yes";
    said.timer = busy ? setTimeout(fade, 250, time) : setTimeout(quiet, time);
  }

  function quiet() {
    clearTimeout(said.timer);
    if (said.field) {
      said.field.removeAttribute("aria-describedby");
      fill(document.querySelector('[data-heard="' + said.field.dataset.field + '"]') || h("span"));
    }
    if (said.box) fill(said.box);
    said.field = said.box = null;
  }

  /** A message belongs to the field that is acted on, and goes when that is mended. */
  function listen() {
    document.addEventListener("change", (event) => { said.acting = event.target; }, true);
    document.addEventListener("change", () => { said.acting = null; });
    document.addEventListener("input", (event) => { if (said.field === event.target) quiet(); });
  }

  Shudian.messages = { said, message, quiet, listen };
})();
