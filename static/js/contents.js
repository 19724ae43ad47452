// Marks in the list of contents the part that is being read, and on a phone keeps the list within reach.
(() => {
  const links = new Map([...document.querySelectorAll("[data-contents] a[href^='#']")].map((a) => [a.hash.slice(1), a]));
  // Sections are measured, not their headings: those of a section not yet laid out would have to be.
  const heads = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  const top = (head) => (head.closest("section") || head).getBoundingClientRect().top;
  if (!heads.length) return;
  const contents = document.querySelector("[data-contents]");
  const name = contents.querySelector(".contents-here");
  let waiting = false;

  function mark() {
    waiting = false;
    const line = innerHeight / 3;
    const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    const above = heads.filter((h) => top(h) <= line);
    const here = atEnd ? heads.at(-1) : above.at(-1);
    for (const head of heads) {
      const link = links.get(head.id);
      if (head === here) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
    name.textContent = here ? links.get(here.id).textContent : "";
  }

  addEventListener("scroll", () => {
    if (!waiting) requestAnimationFrame(mark);
    waiting = true;
  }, { passive: true });
  contents.addEventListener("click", (event) => {
    const box = event.target.closest("a") && contents.querySelector("details");
    if (box) box.open = false;
  });
  contents.dataset.following = "";
  mark();
})();
