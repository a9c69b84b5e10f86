"use strict";
/* Out and in again: link, scenario file, data, pictures, print. What comes in is only ever read by Shudian.scenario. */
(function () {
  const { state } = Shudian;
  const { say, pick, h, withUnit } = Shudian.text;
  const MOST_BYTES = 200000;

  function save(name, blob) {
    const address = URL.createObjectURL(blob);
    const link = h("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
    Shudian.main.message(say("page_saved", { name }));
  }

  async function copy(text, done) {
    let copied = false;
    try {
      await navigator.clipboard.writeText(text);
      copied = true;
    } catch {
      // a page opened from a file may not have the right; the old way needs none
      const field = h("textarea", { class: "off-screen", "aria-hidden": "true" });
      field.value = text;
      document.body.append(field);
      field.select();
      copied = document.execCommand("copy");
      field.remove();
    }
    if (copied) Shudian.main.message(done);
    else Shudian.cards.show(say("page_copy_by_hand"), h("textarea", { class: "copy-text", rows: "14", readonly: true, "aria-label": say("page_copy_by_hand"), value: text }));
  }

  const fragment = () => Shudian.scenario.toFragment([Shudian.main.now(), ...state.view.pins.map((pin) => state.scenarioOf(pin.choice))],
    { definition: state.view.definition, tab: state.view.tab, language: Shudian.text.settings.language });

  function link() {
    const address = location.href.split("#")[0] + fragment();
    history.replaceState(null, "", fragment());
    return copy(address, say("page_link_copied"));
  }

  const toml = () => Shudian.scenario.toToml(Shudian.main.now());
  const copyToml = () => copy(toml(), say("page_toml_copied"));
  const fileName = () => "shudian-" + state.history.now.base + "-own.toml";
  const saveToml = () => save(fileName(), new Blob([toml()], { type: "text/plain;charset=utf-8" }));

  async function open(file) {
    if (!file) return;
    if (file.size > MOST_BYTES) return Shudian.main.message(say("page_file_too_large", { name: file.name.slice(0, 60), most: MOST_BYTES / 1000 }), "error");
    take(await file.text(), file.name);
  }

  /** A scenario file's text; any mistake in it is said, and nothing changes. */
  function take(text, name) {
    let read;
    try {
      read = Shudian.scenario.fromToml(text);
    } catch (failure) {
      read = { error: { zh: String(failure.message), en: String(failure.message) } };
    }
    if (read.error) return Shudian.main.message(withUnit(say("page_file_wrong", { name: String(name).slice(0, 60), line: read.error.line ? say("page_line", { line: read.error.line }) : "" }) + pick(read.error), ""), "error");
    const wrong = Shudian.ownBeliefs.complaint(read.scenario);
    if (wrong) return Shudian.main.message(wrong, "error");
    Shudian.main.change(state.choiceOf(read.scenario), true);
    return Shudian.main.message(say("page_file_opened", { name: String(name).slice(0, 60) }));
  }

  /** What the address says; false if it says nothing or nothing sensible. */
  function fromAddress() {
    if (location.hash.length < 2) return false;
    let read;
    try {
      read = Shudian.scenario.fromFragment(location.hash);
    } catch {
      read = { error: { zh: say("page_link_unreadable"), en: say("page_link_unreadable") } };
    }
    const wrong = read.error ? pick(read.error) : read.scenarios.map(Shudian.ownBeliefs.complaint).find(Boolean);
    if (wrong || !read.scenarios.length) {
      Shudian.main.message(say("page_link_wrong") + (wrong || ""), "error");
      return false;
    }
    const [first, ...pinned] = read.scenarios;
    const view = read.view || {};
    if (Object.hasOwn(state.marketTarget().definitions, view.definition)) state.view.definition = view.definition;
    if (Shudian.main.TABS.includes(view.tab)) state.view.tab = view.tab;
    if (["zh", "en"].includes(view.language)) Shudian.text.settings.language = view.language;
    state.history.now = state.choiceOf(first);
    state.view.pins = pinned.slice(0, state.MOST_PINS).map((scenario) => ({ choice: state.choiceOf(scenario), result: null, few: null }));
    return true;
  }

  function listen() {
    const over = (event) => {
      if (![...(event.dataTransfer ? event.dataTransfer.types : [])].includes("Files")) return;
      event.preventDefault();
      document.body.classList.add("dropping");
    };
    document.addEventListener("dragenter", over);
    document.addEventListener("dragover", over);
    document.addEventListener("dragleave", (event) => event.relatedTarget || document.body.classList.remove("dropping"));
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      document.body.classList.remove("dropping");
      open(event.dataTransfer.files[0]);
    });
    window.addEventListener("hashchange", () => {
      if (fromAddress()) Shudian.main.restart();
    });
  }

  Shudian.share = { copy, save, link, fileName, copyToml, saveToml, open, take, fromAddress, listen, fragment };
})();
