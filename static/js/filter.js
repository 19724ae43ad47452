// Refreshes a list in place when its filter changes, with the page that the form would have asked for.
(() => {
  const form = document.querySelector("form[data-filter]");
  const results = document.querySelector("[data-results]");
  if (!form || !results) return;

  const WAIT = 350; // milliseconds of quiet before typed words are looked up
  let shown = location.pathname + location.search;
  let asking = new AbortController();
  let typing;

  function address() {
    const query = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...query]) if (value === "") query.delete(name, value);
    return form.action.split("?")[0] + (query.size ? `?${query}` : "");
  }

  function refreshChoices(page, restore) {
    const fresh = page.querySelector("form[data-filter]");
    for (const input of form.elements) {
      if (!input.name) continue;
      const isChoice = input.type === "checkbox";
      const value = isChoice ? `[value="${CSS.escape(input.value)}"]` : "";
      const other = fresh.querySelector(`[name="${input.name}"]${value}`);
      if (!other) continue;
      if (restore && isChoice) input.checked = other.checked;
      else if (restore) input.value = other.value;
      if (!isChoice) continue;
      input.closest("label").className = other.closest("label").className;
      input.closest("label").querySelector(".count").textContent = other.closest("label").querySelector(".count").textContent;
    }
    const summaries = fresh.querySelectorAll(".facet > summary");
    form.querySelectorAll(".facet > summary").forEach((summary, n) => {
      if (summaries[n]) summary.replaceChildren(...summaries[n].childNodes);
    });
  }

  function refresh(page, restore) {
    if (!page.querySelector("form[data-filter] .facet")) throw new Error("not a list");
    refreshChoices(page, restore);
    for (const part of results.querySelectorAll("[data-part]")) {
      const fresh = page.querySelector(`[data-results] [data-part="${part.dataset.part}"]`);
      part.replaceChildren(...fresh.childNodes);
    }
    // The status stays the same node: a new one would not be read out.
    const count = "[data-results] [role=status]";
    document.querySelector(count).innerHTML = page.querySelector(count).innerHTML;
    document.title = page.title;
  }

  async function show(url, { restore = false, history: way = "pushState", focus = false } = {}) {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    results.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(url, { signal, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (signal.aborted) return;
      refresh(page, restore);
      if (way) history[way](null, "", url);
      shown = location.pathname + location.search;
      document.querySelector(".theme [name=next]").value = shown;
      results.removeAttribute("aria-busy");
      if (focus) results.focus({ preventScroll: focus !== "scroll" });
    } catch (error) {
      if (error.name !== "AbortError") location.assign(url);
    }
  }

  form.addEventListener("input", (event) => {
    if (event.target.type !== "search") return;
    clearTimeout(typing);
    typing = setTimeout(() => show(address(), { history: "replaceState" }), WAIT);
  });
  form.addEventListener("change", (event) => {
    if (event.target.type !== "search") show(address());
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(typing);
    show(address(), { focus: "scroll" });
  });
  results.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-filter-link]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    show(new URL(link.getAttribute("href"), location.href).href, { restore: true, focus: true });
  });
  addEventListener("popstate", () => {
    if (location.pathname + location.search !== shown) show(location.href, { restore: true, history: null });
  });
})();
