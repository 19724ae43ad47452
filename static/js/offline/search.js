// Answers the search page of an edition: results, counts by kind, pages, and ways out of finding nothing.
(async () => {
  const place = document.querySelector("[data-found]");
  const { escaped, load, pager, words } = peaceops;
  const PAGE = 24;
  const SOME = 10;
  const WINDOW = 34; // words of a passage
  const query = new URLSearchParams(location.search);
  const text = (query.get("q") ?? "").trim();
  place.replaceChildren();
  for (const field of document.querySelectorAll("input[name=q]")) field.value = text;
  if (!text) return;
  const index = await words("");
  const wanted = index.wanted(text);
  const segments = index.kinds.map(([segment]) => segment);

  function addressWith(changes) {
    const data = new URLSearchParams(query);
    data.delete("page");
    for (const [name, value] of Object.entries(changes)) {
      data.delete(name);
      for (const one of [value].flat()) if (one !== null) data.append(name, one);
    }
    return `index.html?${escaped(data)}`;
  }

  const message = (html) => place.insertAdjacentHTML("beforeend", `<div class="message">${html}</div>`);

  const marked = (words) => words.map((w) => (index.isWanted(w, wanted) ? `<mark>${escaped(w)}</mark>` : escaped(w))).join(" ");

  // The stretch of a text in which most of the words stand.
  function passage(body) {
    const all = body.split(/\s+/).filter(Boolean);
    const hits = all.map((w) => index.isWanted(w, wanted));
    let best = [0, -1];
    for (let start = 0; start < all.length; start += 8) {
      const number = hits.slice(start, start + WINDOW).filter(Boolean).length;
      if (number > best[1]) best = [start, number];
    }
    const [start, number] = best;
    const cut = all.slice(start, start + WINDOW);
    return { number, html: `${start ? "…" : ""}${marked(cut)}${start + WINDOW < all.length ? "…" : ""}` };
  }

  function result(number) {
    const [kind, slug, label, acronym] = index.documents[number];
    const [names, lead, body] = peaceops.texts[Math.floor(number / index.part)][number % index.part];
    const found = names.split("\n").filter((n) => n !== label && n !== acronym && n.split(" ").some((w) => index.isWanted(w, wanted)));
    const [first, second] = [passage(lead), passage(body)];
    const shown = second.number > first.number ? second : first;
    const other = acronym && acronym !== label ? ` <span class="meta">${marked(acronym.split(" "))}</span>` : "";
    return `<li><p class="found-title"><a href="../${segments[kind]}/${escaped(slug)}/index.html">${marked(label.split(" "))}</a>${other} <span class="tag">${escaped(index.kinds[kind][1])}</span></p>
      ${found.length ? `<p class="meta">${found.slice(0, 3).map((n) => marked(n.split(" "))).join(" · ")}</p>` : ""}
      ${shown.html ? `<p class="passage">${shown.html}</p>` : ""}</li>`;
  }

  async function listed(numbers) {
    const parts = new Set(numbers.map((n) => Math.floor(n / index.part)));
    await Promise.all([...parts].map((n) => load(`texts-${n}.js`)));
    return `<ol class="found">${numbers.map(result).join("")}</ol>`;
  }

  const chosen = query.getAll("kind").filter(Boolean);
  const unknown = [...query.keys()].find((n) => !["q", "kind", "page"].includes(n));
  const strange = chosen.find((k) => !segments.includes(k));
  if (unknown || strange) {
    message(`<h2>The query cannot be answered</h2><p>${unknown ? `There is no parameter “${escaped(unknown)}” here.` : `“${escaped(strange)}” is not a kind. Use one of: ${segments.join(", ")}.`}</p>`);
    return;
  }
  const all = index.search(text);
  const hits = chosen.length ? all.filter((n) => chosen.includes(segments[index.documents[n][0]])) : all;
  const pages = Math.max(Math.ceil(hits.length / PAGE), 1);
  const page = Number(query.get("page") || 1);
  if (!(Number.isInteger(page) && page >= 1 && page <= pages)) {
    message(`<h2>The query cannot be answered</h2><p>The pages are 1 to ${pages}.</p>`);
    return;
  }
  document.title = document.title.replace(/^[^·]*/, `“${text.slice(0, 60)}”: ${hits.length} found `);
  place.insertAdjacentHTML("beforeend", `<p role="status" class="results-count"><strong>${hits.length}</strong> found for “${escaped(text)}”</p>`);
  if (all.length) {
    const kinds = index.kinds.map(([segment, , name], n) => {
      const number = all.filter((d) => index.documents[d][0] === n).length;
      const isChosen = chosen.includes(segment);
      const kept = isChosen ? chosen.filter((k) => k !== segment) : [...chosen, segment];
      if (!number && !isChosen) return "";
      return `<li><a href="${addressWith({ kind: kept })}"${isChosen ? ' aria-current="true"' : ""}>${escaped(name)} <span class="count">${number}</span>${isChosen ? '<span class="visually-hidden">, chosen, remove</span>' : ""}</a></li>`;
    });
    place.insertAdjacentHTML("beforeend", `<ul class="kinds" aria-label="Kinds"><li><a href="${addressWith({ kind: null })}"${chosen.length ? "" : ' aria-current="true"'}>All <span class="count">${all.length}</span></a></li>${kinds.join("")}</ul>`);
  }
  const meant = all.length ? "" : index.meant(text);
  if (meant) place.insertAdjacentHTML("beforeend", `<p class="meant">Did you mean <a href="index.html?q=${encodeURIComponent(meant)}">${escaped(meant)}</a>?</p>`);
  if (hits.length) {
    place.insertAdjacentHTML("beforeend", await listed(hits.slice((page - 1) * PAGE, page * PAGE)));
    place.insertAdjacentHTML("beforeend", pager(page, pages, (number) => addressWith({ page: number })));
    return;
  }
  message(`<h2>Nothing has all of these words</h2>${all.length ? `<p><a href="${addressWith({ kind: null })}">Look in every kind: ${all.length} found</a>.</p>` : ""}<p>Try fewer words or another spelling, <a href="../missions/index.html">browse the missions</a>, or look in the <a href="../glossary/index.html">glossary</a>.</p>`);
  const some = all.length ? [] : index.some(text, SOME);
  if (some.length) place.insertAdjacentHTML("beforeend", `<section aria-labelledby="some"><h2 id="some">With some of the words</h2>${await listed(some)}</section>`);
})();
