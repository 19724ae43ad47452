// Suggests entries while a search is typed: an ARIA combobox over the ordinary field, which works without it.
(() => {
  const WAIT = 120; // milliseconds of quiet before the server is asked
  document.querySelectorAll("[data-suggest]").forEach((row, number) => {
    const input = row.querySelector("input[type=search]");
    const list = document.createElement("ul");
    const said = document.createElement("span");
    let asking = new AbortController();
    let typing;
    let active = -1;
    let shown = [];

    list.className = "suggestions";
    list.id = `suggestions-${number}`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", row.dataset.label);
    list.hidden = true;
    said.className = "visually-hidden";
    said.setAttribute("role", "status");
    row.append(list, said);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    input.autocomplete = "off";

    function close() {
      clearTimeout(typing);
      asking.abort();
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      said.textContent = "";
    }

    function choose(place) {
      const options = [...list.children];
      options.forEach((o, n) => o.setAttribute("aria-selected", String(n === place)));
      active = place;
      if (place < 0) input.removeAttribute("aria-activedescendant");
      else {
        input.setAttribute("aria-activedescendant", options[place].id);
        options[place].scrollIntoView({ block: "nearest" });
      }
    }

    function option(entry, n) {
      const item = document.createElement("li");
      const kind = document.createElement("span");
      item.id = `${list.id}-${n}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      const named = entry.acronym && entry.acronym !== entry.title;
      item.append(named ? `${entry.acronym}: ${entry.title}` : entry.title, " ");
      kind.className = "meta";
      kind.textContent = entry.kind_name;
      item.append(kind);
      item.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
      item.addEventListener("click", () => location.assign(entry.url));
      return item;
    }

    function show(results) {
      shown = results;
      if (!results.length) {
        close();
        return;
      }
      list.replaceChildren(...results.map(option));
      list.hidden = false;
      active = -1;
      input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-expanded", "true");
      said.textContent = results.length === 1 ? row.dataset.one : row.dataset.other.replace("%n", results.length);
    }

    async function ask() {
      const text = input.value.trim();
      asking.abort();
      asking = new AbortController();
      const { signal } = asking;
      if (text.length < 2) {
        close();
        return;
      }
      try {
        const answer = await fetch(`${row.dataset.suggest}?q=${encodeURIComponent(text)}`, { signal });
        const found = answer.ok ? (await answer.json()).results : [];
        if (!signal.aborted) show(found);
      } catch (error) {
        if (error.name !== "AbortError") close();
      }
    }

    input.addEventListener("input", () => {
      clearTimeout(typing);
      typing = setTimeout(ask, WAIT);
    });
    input.addEventListener("keydown", (event) => {
      const last = list.children.length - 1;
      if (list.hidden) {
        if (event.key === "ArrowDown" && input.value.trim()) ask();
        return;
      }
      if (event.key === "ArrowDown") choose(active === last ? -1 : active + 1);
      else if (event.key === "ArrowUp") choose(active < 0 ? last : active - 1);
      else if (event.key === "Escape") close();
      else if (event.key === "Enter" && active >= 0) location.assign(shown[active].url);
      else return;
      event.preventDefault();
    });
    input.addEventListener("blur", close);
  });
})();
