// A link from the list of errors opens the folded group that holds the field, and gives it the focus. Browsers do so by
// themselves for plain fields; not for fields hidden behind a control of their own, for rows and headings, or in old ones.
(() => {
  const list = document.querySelector("[data-problems]");

  // A field with suggestions is hidden behind a control of its own.
  function control(target) {
    const drawn = target.nextElementSibling;
    return drawn && drawn.matches(".select2-container") ? drawn.querySelector("[tabindex]") : target;
  }

  list.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    event.preventDefault();
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    const to = control(target);
    if (to.tabIndex < 0) to.tabIndex = -1; // a heading or a row, which could not take the focus
    to.focus();
    to.scrollIntoView({ block: "center" });
  });
  // The list asks for the focus itself, in vain where the address names a place in the page.
  addEventListener("load", () => { if (document.activeElement === document.body) list.focus(); });
})();
