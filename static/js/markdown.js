// Gives text areas for Markdown a toolbar, a preview beside the text and a count of words. What a button writes can be
// taken back with Ctrl+Z. Other scripts write through `area.write`, and keys press buttons through `data-key`.
(() => {
  const CITATION = /\[@[a-z0-9][^[\]]*\]/g;
  const BLOCK = /^(#{1,6} |[-*] |\d+\. |> )/;
  const WAIT = 400; // milliseconds of quiet before a preview is made anew

  // The old command is the only way to write into a field that keeps what the browser can undo.
  function write(area, start, end, text, from, to = from) {
    area.focus();
    area.setSelectionRange(start, end);
    if (!document.execCommand(text ? "insertText" : "delete", false, text)) {
      area.setRangeText(text, start, end);
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    area.setSelectionRange(from, to);
  }

  // Puts a mark of emphasis around what is selected, without the spaces at its ends, or takes it away.
  function emphasize(area, mark) {
    const { value } = area;
    let { selectionStart: start, selectionEnd: end } = area;
    while (start < end && /\s/.test(value[start])) start += 1;
    while (end > start && /\s/.test(value[end - 1])) end -= 1;
    const chosen = value.slice(start, end);
    const stars = Math.min(/\**$/.exec(value.slice(0, start))[0].length, /^\**/.exec(value.slice(end))[0].length);
    const n = mark.length;
    if (n === 2 ? stars >= 2 : stars % 2) area.write(start - n, end + n, chosen, start - n, end - n);
    else area.write(start, end, mark + chosen + mark, start + n, end + n);
  }

  // Makes each selected line begin with a mark of its own, or takes the marks away if all have them.
  function begin(area, pattern, mark) {
    const { value, selectionStart, selectionEnd } = area;
    const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const after = value.indexOf("\n", Math.max(selectionEnd - 1, selectionStart));
    const end = after < 0 ? value.length : after;
    const lines = value.slice(start, end).split("\n");
    const marked = lines.every((line) => pattern.test(line));
    const text = lines.map((line, n) => (marked ? "" : mark(n)) + line.replace(BLOCK, "")).join("\n");
    const last = start + text.length;
    area.write(start, end, text, selectionStart === selectionEnd ? last : start, last);
  }

  function link(area) {
    const { value, selectionStart: start, selectionEnd: end } = area;
    const chosen = value.slice(start, end);
    const isAddress = /^(https?:\/|)\/\S+$/.test(chosen);
    if (isAddress) area.write(start, end, `[](${chosen})`, start + 1);
    else {
      const at = start + chosen.length + 3;
      area.write(start, end, `[${chosen}](https://)`, chosen ? at : start + 1, chosen ? at + 8 : start + 1);
    }
  }

  function cite(area) {
    const end = area.selectionEnd;
    const text = /\S$/.test(area.value.slice(0, end)) ? " [@" : "[@";
    area.write(end, end, text, end + text.length);
  }

  const ACTIONS = [
    { label: "Bold", shown: "B", key: "b", act: (area) => emphasize(area, "**") },
    { label: "Italic", shown: "I", key: "i", act: (area) => emphasize(area, "*") },
    { label: "Link", key: "k", act: link },
    { label: "Heading", act: (area) => begin(area, /^### /, () => "### ") }, // larger ones are those of the page
    { label: "List", act: (area) => begin(area, /^- /, () => "- ") },
    { label: "Numbered list", shown: "Numbered", act: (area) => begin(area, /^\d+\. /, (n) => `${n + 1}. `) },
    { label: "Quote", act: (area) => begin(area, /^> /, () => "> ") },
    { label: "Cite a source", title: "Cite a source: or type [@", act: cite },
  ];

  function make(tag, className, attributes = {}) {
    const element = document.createElement(tag);
    element.className = className;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  function button(label, key, act) {
    const made = make("button", "", { type: "button", title: label, tabindex: "-1" });
    made.textContent = label;
    if (key) made.dataset.key = key;
    made.addEventListener("mousedown", (event) => event.preventDefault()); // the text keeps its focus and selection
    if (act) made.addEventListener("click", act);
    return made;
  }

  // One stop of the Tab key for the whole toolbar, and arrows within it.
  function rove(bar) {
    const buttons = [...bar.children];
    const stop = (one) => buttons.forEach((b) => { b.tabIndex = b === one ? 0 : -1; });
    stop(buttons[0]);
    bar.addEventListener("focusin", (event) => stop(event.target));
    bar.addEventListener("keydown", (event) => {
      const at = buttons.indexOf(document.activeElement);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      buttons.at(to % buttons.length).focus();
    });
  }

  function toolbar(area, name, toggle) {
    const bar = make("div", "prose-bar", { role: "toolbar", "aria-label": `Format: ${name}`, "aria-controls": area.id });
    for (const { label, shown, key, title, act } of ACTIONS) {
      const made = button(title || label, key, () => act(area));
      made.setAttribute("aria-label", label);
      made.textContent = shown || label;
      bar.append(made);
    }
    bar.append(toggle);
    rove(bar);
    return bar;
  }

  async function rendered(area, signal) {
    const { csrfmiddlewaretoken: token, title } = area.form.elements;
    const body = new URLSearchParams({ text: area.value, title: title ? title.value : "" });
    const answer = await fetch(area.dataset.prose, {
      method: "POST", body, signal, headers: { "X-CSRFToken": token.value },
    });
    const type = answer.headers.get("Content-Type") || "";
    if (answer.redirected) throw new Error("Your session has ended. Log in again in another tab; your text stays here.");
    if (answer.ok) return answer.text();
    throw new Error(type.startsWith("text/plain") ? await answer.text() : "There is no preview now: the server refused it.");
  }

  // Several previews may be open in one page, and what they lead to must not take the form away.
  function settle(pane, area) {
    for (const one of pane.querySelectorAll("[id]")) one.id = `${area.id}-${one.id}`;
    for (const one of pane.querySelectorAll("a[href]")) {
      const address = one.getAttribute("href");
      if (address.startsWith("#")) one.setAttribute("href", `#${area.id}-${address.slice(1)}`);
      else one.target = "_blank";
    }
  }

  function preview(area, pane, toggle) {
    const kept = `preview:${location.pathname}:${area.name}`;
    let asking = new AbortController();
    let waiting;

    async function refresh() {
      asking.abort();
      asking = new AbortController();
      const { signal } = asking;
      pane.setAttribute("aria-busy", "true");
      try {
        const html = await rendered(area, signal);
        // Safe: the server's Markdown lets no HTML through and cleans what it makes (missions/prose.py); all else in the
        // fragment is escaped by its template, and the policy of the page runs no script that stands in a page.
        pane.innerHTML = html;
        settle(pane, area);
      } catch (error) {
        if (signal.aborted) return;
        const offline = error instanceof TypeError;
        pane.textContent = offline ? "There is no preview now: the server cannot be reached." : error.message;
      }
      pane.removeAttribute("aria-busy");
    }

    function show(open) {
      pane.hidden = !open;
      pane.parentElement.classList.toggle("beside", open);
      toggle.setAttribute("aria-expanded", String(open));
      if (open) refresh();
      else asking.abort();
      if (open) sessionStorage.setItem(kept, "open");
      else sessionStorage.removeItem(kept);
    }

    toggle.addEventListener("click", () => show(pane.hidden));
    area.addEventListener("prose", () => {
      clearTimeout(waiting);
      if (!pane.hidden) waiting = setTimeout(refresh, WAIT);
    });
    show(sessionStorage.getItem(kept) === "open");
  }

  function counted(number, one, many) {
    return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
  }

  // Words are counted as `prose.reading_minutes` counts them: marks that stand alone are none.
  function count(text) {
    const words = text.replace(CITATION, "").split(/\s+/).filter((word) => /[^.,;:\-–—#*>]/.test(word));
    const cited = (text.match(CITATION) || []).reduce((sum, group) => sum + group.split(";").length, 0);
    return `${counted(words.length, "word", "words")}, ${counted(cited, "citation", "citations")}`;
  }

  function dress(area) {
    const name = area.labels.length ? area.labels[0].textContent.replace(/:\s*$/, "") : area.name;
    const field = make("div", "prose-field");
    const body = make("div", "prose-body");
    const text = make("div", "prose-text");
    const pane = make("section", "prose-preview", { id: `${area.id}_preview`, "aria-label": `Preview: ${name}`, tabindex: "0" });
    const counter = make("p", "prose-count");
    const toggle = button("Preview", "shift+.");
    toggle.dataset.does = "Preview of the text that you are writing";
    toggle.setAttribute("aria-controls", pane.id);
    area.write = (...place) => write(area, ...place);
    area.before(field);
    text.append(area);
    body.append(text, pane);
    field.append(toolbar(area, name, toggle), body, counter);
    const tell = () => { counter.textContent = count(area.value); };
    for (const kind of ["input", "change"]) {
      area.addEventListener(kind, () => {
        tell();
        area.dispatchEvent(new Event("prose"));
      });
    }
    tell();
    preview(area, pane, toggle);
  }

  document.querySelectorAll("textarea[data-prose]").forEach(dress);
})();
