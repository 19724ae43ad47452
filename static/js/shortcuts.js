// Keys for the forms of the admin. A control names its key in `data-key`, and Ctrl (on a Mac ⌘) with the key presses it;
// of alike controls the one of the field that is being written in. A dialog lists them.
//
// Chosen so that no browser keeps them for itself: Ctrl+Shift+P is a private window in Firefox, Alt opens menus or types
// characters. None is a lone character, which would surprise those who speak to their computer.
(() => {
  const form = document.querySelector("#content-main form[method=post][id$=_form]");
  if (!form) return;
  const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform);
  const SHOWN = { enter: "Enter", "shift+.": "Shift+.", "/": "/" };
  const save = form.querySelector("[name=_continue]") || form.querySelector("[name=_save]");
  if (save) save.dataset.key = "s";

  // Keyboards of other scripts and layouts have the same keys in the same places.
  function pressed({ key, code, shiftKey }) {
    const letter = /^[a-z]$/i.test(key) ? key : /^Key[A-Z]$/.test(code) ? code.slice(3) : "";
    if (letter) return (shiftKey ? "shift+" : "") + letter.toLowerCase();
    if (key === "/" || key === "?") return "/";
    if (key === "." || code === "Period") return shiftKey ? "shift+." : ".";
    return key.toLowerCase();
  }

  const nameOf = (key) => SHOWN[key] || key.toUpperCase();

  function written(key) {
    return IS_MAC ? `⌘${nameOf(key).replace("Shift+", "⇧")}` : `Ctrl+${nameOf(key)}`;
  }

  function controlFor(key) {
    const near = document.activeElement.closest(".prose-field");
    const alike = [...document.querySelectorAll("[data-key]")].filter((control) => control.dataset.key === key);
    return alike.find((control) => near && near.contains(control)) || alike.find((control) => !control.closest(".prose-field"));
  }

  document.addEventListener("keydown", (event) => {
    if (!(IS_MAC ? event.metaKey : event.ctrlKey) || event.altKey || event.isComposing) return;
    const control = controlFor(pressed(event));
    if (!control) return;
    event.preventDefault();
    control.click();
  });

  function make(tag, text, attributes = {}) {
    const element = document.createElement(tag);
    element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  const help = make("dialog", "", { class: "keys", "aria-labelledby": "keys-title" });
  const rows = make("dl", "");
  const close = make("button", "Close", { type: "button", class: "button" });
  const opener = make("button", "Keyboard shortcuts", { type: "button", "data-key": "/" });
  const hint = make("p", "", { class: "key-hint" });
  close.addEventListener("click", () => help.close());
  opener.addEventListener("click", () => (help.open ? help.close() : help.showModal()));
  help.append(make("h2", "Keyboard shortcuts", { id: "keys-title" }), rows, close);
  if (save) hint.append(make("kbd", written("s")), " saves and stays here. ");
  hint.append(opener);

  function list(key, what) {
    const name = make("dt", "");
    name.append(make("kbd", key));
    rows.append(name, make("dd", what));
  }

  const listed = new Set();
  form.after(help);
  const last = [...form.querySelectorAll(".submit-row")].at(-1);
  (last || form).after(hint);
  for (const control of [...(save ? [save] : []), ...document.querySelectorAll("[data-key]")]) {
    const { key, does } = control.dataset;
    const name = control.getAttribute("aria-label") || control.value || control.textContent.trim();
    if (!control.hasAttribute("aria-keyshortcuts")) {
      control.title = `${control.title || name} (${written(key)})`;
      control.setAttribute("aria-keyshortcuts", `${IS_MAC ? "Meta" : "Control"}+${nameOf(key)}`);
    }
    if (!listed.has(key)) list(written(key), does || name);
    listed.add(key);
  }
  if (document.querySelector("textarea[data-cite]")) list("[@", "Cite a source: type it in a text and go on with its symbol, title or author");
})();
