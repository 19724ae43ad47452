// Finds the source while a citation is typed: after `[@` a list opens at the text, and choosing from it writes `[@slug]`
// with the cursor where “, para. 5” goes. Needs `area.write` of markdown.js.
(() => {
  const WAIT = 120; // milliseconds of quiet before the server is asked
  const REACH = 300; // characters before the cursor in which a citation may begin
  const CITING = /\[(?:[^[\]\n]*;\s*)?@([^[\],;\n]*)$/;

  // What is being typed after an `@`: what it says, where it begins, whether its bracket is closed, and up to where choosing
  // would replace it; without a closing bracket, what follows is the next word of the text.
  function typed(area) {
    const { selectionStart: caret, selectionEnd, value } = area;
    const found = CITING.exec(value.slice(Math.max(0, caret - REACH), caret));
    if (!found || caret !== selectionEnd) return null;
    const rest = value.slice(caret);
    const isClosed = /^[^[\]\n]*\]/.test(rest);
    const end = isClosed ? caret + /^[\w-]*/.exec(rest)[0].length : caret;
    return { text: found[1], start: caret - found[1].length, end, isClosed };
  }

  // Where the cursor stands in the text area, found by a copy of it that can be measured.
  function place(area, position) {
    const copy = document.createElement("div");
    const here = document.createElement("span");
    const look = getComputedStyle(area);
    for (const name of ["font", "lineHeight", "letterSpacing", "padding", "border", "boxSizing", "wordSpacing"]) {
      copy.style[name] = look[name];
    }
    Object.assign(copy.style, {
      position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap", overflowWrap: "break-word", top: "0", left: "0",
      width: `${area.clientWidth + 2 * parseFloat(look.borderLeftWidth)}px`,
    });
    here.textContent = "\u200b";
    copy.append(area.value.slice(0, position), here);
    area.after(copy);
    const found = { top: here.offsetTop + here.offsetHeight - area.scrollTop, left: here.offsetLeft };
    copy.remove();
    return found;
  }

  function make(tag, className, attributes = {}) {
    const element = document.createElement(tag);
    element.className = className;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  function dress(area) {
    const popup = make("div", "cite-popup");
    const list = make("ul", "", { role: "listbox", id: `${area.id}_sources`, "aria-label": "Sources", tabindex: "0" });
    const none = make("p", "");
    const said = make("span", "visually-hidden", { role: "status" });
    let asking = new AbortController();
    let waiting;
    let shown = [];
    let active = -1;
    let left = -1; // where a citation begins for which the list was closed by hand
    popup.hidden = true;
    popup.append(list, none);
    area.after(popup, said);
    for (const [name, value] of Object.entries({ autocomplete: "list", haspopup: "listbox", controls: list.id })) {
      area.setAttribute(`aria-${name}`, value);
    }

    function close() {
      clearTimeout(waiting);
      asking.abort();
      popup.hidden = true;
      active = -1;
      shown = [];
      area.removeAttribute("aria-activedescendant");
      said.textContent = "";
    }

    function mark(number) {
      active = number;
      [...list.children].forEach((one, n) => one.setAttribute("aria-selected", String(n === number)));
      if (number < 0) area.removeAttribute("aria-activedescendant");
      else {
        area.setAttribute("aria-activedescendant", list.children[number].id);
        list.children[number].scrollIntoView({ block: "nearest" });
      }
    }

    function choose(source) {
      const { start, end, isClosed } = typed(area);
      left = start;
      close();
      area.write(start, end, source.slug + (isClosed ? "" : "]"), start + source.slug.length);
    }

    function option(source, number) {
      const one = make("li", "", { role: "option", id: `${list.id}-${number}`, "aria-selected": "false" });
      const name = make("strong", "");
      const title = make("span", "");
      const slug = make("code", "");
      name.textContent = source.name;
      title.textContent = `${source.title} · ${source.kind}`;
      slug.textContent = source.slug;
      one.append(name, " ", slug, " ", title);
      one.addEventListener("mousedown", (event) => event.preventDefault()); // the text keeps the focus
      one.addEventListener("click", () => choose(source));
      return one;
    }

    function explain(...parts) {
      none.replaceChildren(...parts);
      none.hidden = !parts.length;
    }

    // A new tab, because the form would be left with what was typed into it.
    function wayToAdd(address) {
      const link = make("a", "", { href: address, target: "_blank", rel: "noopener" });
      link.textContent = "Add it as a new source (opens in a new tab)";
      return link;
    }

    function show({ results, add }, text) {
      shown = results;
      list.replaceChildren(...results.map(option));
      list.hidden = !results.length;
      if (results.length) explain();
      else explain(`No source has “${text}” in its symbol, title, authors or address. `, ...(add ? [wayToAdd(add)] : []));
      popup.hidden = false;
      const at = place(area, area.selectionStart);
      popup.style.top = `${Math.max(0, Math.min(at.top, area.offsetHeight))}px`;
      popup.style.left = `${Math.max(0, Math.min(at.left, area.offsetWidth - popup.offsetWidth))}px`;
      popup.scrollIntoView({ block: "nearest" });
      mark(results.length && text ? 0 : -1);
      const number = `${results.length} ${results.length === 1 ? "source" : "sources"}`;
      said.textContent = results.length ? `${number}. Arrows choose, Enter cites.` : none.textContent;
    }

    async function ask() {
      const now = typed(area);
      asking.abort();
      if (!now || now.start === left) {
        close();
        return;
      }
      asking = new AbortController();
      const { signal } = asking;
      try {
        const answer = await fetch(`${area.dataset.cite}?q=${encodeURIComponent(now.text.trim())}`, { signal });
        if (answer.ok && !answer.redirected) show(await answer.json(), now.text.trim());
        else close();
      } catch (error) {
        if (error.name !== "AbortError") close();
      }
    }

    // Another window or tab may hold the focus for a while.
    function ended(event) {
      if (document.hasFocus() && !popup.contains(event.relatedTarget) && event.relatedTarget !== area) close();
    }

    area.addEventListener("input", () => {
      clearTimeout(waiting);
      const now = typed(area);
      if (!now) {
        left = -1;
        close();
      } else waiting = setTimeout(ask, WAIT);
    });
    area.addEventListener("keydown", (event) => {
      if (popup.hidden || event.ctrlKey || event.metaKey || event.altKey) return;
      const last = shown.length - 1;
      if (event.key === "ArrowDown" && shown.length) mark(active === last ? 0 : active + 1);
      else if (event.key === "ArrowUp" && shown.length) mark(active <= 0 ? last : active - 1);
      else if ((event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) && active >= 0) choose(shown[active]);
      else if (event.key === "Escape") {
        left = typed(area).start;
        close();
      } else return;
      event.preventDefault();
    });
    // The cursor may leave the citation without a letter being typed.
    document.addEventListener("selectionchange", () => {
      if (!popup.hidden && document.activeElement === area && !typed(area)) close();
    });
    // It can be reached because it scrolls, but it is worked from the text.
    list.addEventListener("focus", () => {
      area.focus();
      mark(0);
    });
    area.addEventListener("focusout", ended);
    popup.addEventListener("focusout", ended);
    // Back from the tab in which a source was added.
    addEventListener("focus", () => {
      if (popup.hidden) return;
      area.focus();
      ask();
    });
  }

  for (const area of document.querySelectorAll("textarea[data-cite]")) if (area.write) dress(area);
})();
