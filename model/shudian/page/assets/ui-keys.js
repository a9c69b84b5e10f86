"use strict";
/* What is done with keys and in fields: undo, Escape, arrows among the tabs, the links past the levers. */
(function () {
  const { state } = Shudian;
  const { quiet } = Shudian.messages;
  const byId = (id) => document.getElementById(id);

  /** A field of the left side in which something was typed that is not taken yet. */
  const begun = (node) => node.matches('#levers input[type="text"]') && node.value !== node.defaultValue;

  /** What was typed and not taken is dropped, so that the field says again what is chosen. */
  function dropTyped(field) {
    field.value = field.defaultValue;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Undo and redo are the page's everywhere but in a card: a field's own would bring back a text that is not chosen. */
  function keys(event) {
    if (byId("dialog").open) return;
    const key = (event.ctrlKey || event.metaKey) && !event.altKey ? event.key.toLowerCase() : "";
    if (key === "z" || key === "y") {
      event.preventDefault();
      travel(event.target, key === "y" || event.shiftKey);
    } else if (event.key === "Escape") {
      quiet();
      if (begun(event.target)) dropTyped(event.target);
      if (byId("share").open) {
        byId("share").open = false;
        byId("share").firstElementChild.focus();
      }
    }
  }

  function travel(node, again) {
    if (begun(node)) {
      if (!again) dropTyped(node);
    } else if (again || !Shudian.levers.withdraw()) Shudian.main.step(again ? "redo" : "undo");
  }

  /** Fields and messages: undo from a menu, words that never reached the model, and errors that are being mended. */
  function listenToFields() {
    const levers = byId("levers");
    levers.addEventListener("beforeinput", (event) => {
      if (!event.inputType?.startsWith("history")) return;
      event.preventDefault();
      travel(event.target, event.inputType === "historyRedo");
    });
    levers.addEventListener("focusout", (event) => { if (begun(event.target)) event.target.dispatchEvent(new Event("change", { bubbles: true })); });
    Shudian.messages.listen();
    // a slider that comes back to where it was taken up tells of no change, and yet it rests; what loses the focus to a
    // slider does not end its pull
    const pulled = (event) => event.type !== "focusout" || event.target.matches('input[type="range"]');
    const rest = (event) => Shudian.main.moving() && pulled(event) && setTimeout(Shudian.main.rest);
    for (const name of ["pointerup", "pointercancel", "keyup", "focusout"]) document.addEventListener(name, rest);
  }

  /** The links past the levers; an address with a # would be taken for a scenario. */
  function skip(event) {
    const { goal: name } = event.target.dataset;
    const goal = byId(name === "tabs" ? "tab-" + state.view.tab : name);
    event.preventDefault();
    goal.focus();
    goal.scrollIntoView({ block: "nearest" });
  }

  function arrows(event) {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!move) return;
    const { TABS } = Shudian.main;
    const next = TABS[(TABS.indexOf(state.view.tab) + move + TABS.length) % TABS.length];
    Shudian.main.select(next);
    byId("tab-" + next).focus();
  }

  function listen() {
    byId("tabs").addEventListener("keydown", arrows);
    document.addEventListener("keydown", keys);
    listenToFields();
    for (const link of document.querySelectorAll("#skips a")) {
      link.href = "#" + link.dataset.goal;
      link.addEventListener("click", skip);
    }
    document.addEventListener("click", ({ target }) => {
      const done = target instanceof Element && target.closest(".files button");
      for (const menu of document.querySelectorAll("#share[open], .files[open]")) if (done || !menu.contains(target)) menu.open = false;
    });
    byId("dialog").addEventListener("click", (event) => { if (event.target === byId("dialog")) byId("dialog").close(); });
  }

  Shudian.keys = { listen };
})();
