// Opens a note beside its mark; without it the mark leads to the note at the end of the page.
(() => {
  const notes = document.querySelector("[data-notes]");
  if (!notes || !HTMLElement.prototype.showPopover) return;
  const box = document.createElement("div");
  box.className = "note-box";
  box.popover = "auto";
  box.tabIndex = -1;
  box.setAttribute("role", "dialog");
  document.body.append(box);
  let opener;

  function fill(mark, note) {
    const close = document.createElement("button");
    close.type = "button";
    close.className = "note-close";
    close.textContent = notes.dataset.close;
    close.addEventListener("click", () => box.hidePopover());
    const text = note.cloneNode(true);
    text.querySelector(".backs")?.remove();
    const paragraph = document.createElement("p");
    paragraph.append(`${mark.textContent}. `, ...text.childNodes);
    const locator = mark.getAttribute("aria-label").split(", ").slice(1).join(", ");
    if (locator) paragraph.append(`, ${locator}`);
    const more = document.createElement("a");
    more.href = mark.hash;
    more.textContent = notes.dataset.all;
    more.addEventListener("click", () => box.hidePopover());
    box.replaceChildren(paragraph, more, " ", close);
    box.setAttribute("aria-label", mark.getAttribute("aria-label"));
  }

  function place(mark) {
    const at = mark.getBoundingClientRect();
    const left = Math.max(16, Math.min(at.left - 24, innerWidth - box.offsetWidth - 16));
    const below = at.bottom + 6;
    const top = below + box.offsetHeight > innerHeight ? at.top - box.offsetHeight - 6 : below;
    box.style.left = `${left}px`;
    box.style.top = `${Math.max(8, top)}px`;
  }

  document.addEventListener("click", (event) => {
    const mark = event.target.closest(".mark a");
    if (!mark || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const note = document.getElementById(mark.hash.slice(1));
    if (!note) return;
    event.preventDefault();
    fill(mark, note);
    box.showPopover();
    place(mark);
    opener = mark;
    box.focus({ preventScroll: true });
  });
  box.addEventListener("toggle", (event) => {
    if (event.newState === "closed" && (box.contains(document.activeElement) || document.activeElement === document.body)) {
      opener?.focus({ preventScroll: true });
    }
  });
  addEventListener("scroll", () => box.matches(":popover-open") && place(opener), { passive: true });
})();
