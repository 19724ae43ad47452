// What all pages of an edition without a server share: the theme, kept by the browser, and files loaded when needed.
(() => {
  const edition = (self.peaceops ??= {});
  const root = document.documentElement;

  function kept() {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // where a browser keeps nothing for files
    }
  }

  function choose(theme) {
    root.dataset.theme = theme;
    for (const button of document.querySelectorAll("[data-themes] button")) {
      button.setAttribute("aria-pressed", button.value === theme);
    }
  }

  root.dataset.theme = kept() ?? "auto";
  document.addEventListener("DOMContentLoaded", () => {
    const themes = document.querySelector("[data-themes]");
    if (!themes) return;
    themes.hidden = false;
    choose(root.dataset.theme);
    themes.addEventListener("click", ({ target }) => {
      if (!target.matches("button")) return;
      choose(target.value);
      try {
        localStorage.setItem("theme", target.value);
      } catch {
        // the choice holds for this page
      }
    });
  });

  const loaded = new Map();
  // A script can be loaded from a disk, where a browser fetches nothing.
  edition.load = (address) => {
    if (!loaded.has(address)) {
      loaded.set(address, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = address;
        script.addEventListener("load", resolve);
        script.addEventListener("error", () => reject(new Error(`${address} is missing from this edition.`)));
        document.head.append(script);
      }));
    }
    return loaded.get(address);
  };

  edition.escaped = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

  // The way from page to page of results; `to` gives the address of a page, `marks` stands in each link.
  edition.pager = (number, pages, to, marks = "") => {
    if (pages < 2) return "";
    const link = (rel, page, words) => `<a${marks} rel="${rel}" href="${to(page)}">${words}</a>`;
    const before = number > 1 ? link("prev", number - 1, "Previous") : "";
    const after = number < pages ? link("next", number + 1, "Next") : "";
    return `<nav class="pages" aria-label="Pages">${before}<span>Page ${number} of ${pages}</span>${after}</nav>`;
  };

  // Keeps the query in the address; browsers that forbid that for files load the page anew.
  edition.go = (query, how = "pushState") => {
    try {
      history[how](null, "", location.pathname + query);
      return true;
    } catch {
      location.search = query;
      return false;
    }
  };
})();
