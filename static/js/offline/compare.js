// Puts missions of an edition side by side, row by row, as the site does; the cells come from a file for each mission,
// made by missions/offline/comparing.py. A cell is [key, HTML]: equal keys say the same, below zero nothing is recorded.
(async () => {
  const place = document.querySelector("[data-compared]");
  const notes = document.querySelector("[data-notes]");
  const { comparable, escaped, load } = self.peaceops ?? {};
  if (!place || !comparable) return;
  const FEWEST = 2;
  const MOST = 4;
  const NOT_RECORDED = -1;
  const query = new URLSearchParams(location.search);
  const known = new Map(comparable.missions.map(([slug, ...names]) => [slug, names]));
  const slugs = query.getAll("m").filter(Boolean);
  const rowNames = new Set(comparable.choices.flatMap(([group, , rows]) => [group, ...rows.map(([name]) => name)]));

  function addressWith(change) {
    const data = new URLSearchParams(query);
    change(data);
    return `index.html${data.size ? `?${escaped(data)}` : ""}`;
  }

  function errors() {
    const found = [];
    for (const name of new Set(query.keys())) {
      if (!["m", "rows", "differences", "align"].includes(name)) found.push(`There is no parameter “${name}” here.`);
    }
    for (const slug of new Set(slugs)) {
      if (!known.has(slug)) found.push(`There is no mission “${slug}” here: leave it out.`);
      else if (slugs.indexOf(slug) !== slugs.lastIndexOf(slug)) found.push(`“${slug}” is named more than once: name it once.`);
    }
    if (slugs.length > MOST) found.push(`At most ${MOST} missions can stand side by side, and this names ${slugs.length}: leave some out.`);
    const strange = query.getAll("rows").find((name) => !rowNames.has(name));
    if (strange) found.push(`“${strange}” is no row. Use some of: ${[...rowNames].sort().join(", ")}.`);
    return found;
  }

  // The form of the page offers two to begin with; with some chosen it offers one more.
  function offer() {
    const form = document.querySelector(".compare-add");
    if (!form) return;
    for (const field of form.querySelectorAll("select[name=m]")) {
      for (const option of [...field.options]) if (slugs.includes(option.value)) option.remove();
    }
    form.querySelector("#add-2")?.closest(".field").remove();
    form.querySelector("label[for=add-1]").textContent = "Another mission";
    form.querySelector("button").textContent = "Add";
    for (const [name, value] of query) form.insertAdjacentHTML("afterbegin", `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`);
    const chips = slugs.map((slug) => `<li><a href="${addressWith((d) => d.delete("m", slug))}">${escaped(known.get(slug)[0])} <span aria-hidden="true">×</span><span class="visually-hidden">, remove</span></a></li>`);
    form.insertAdjacentHTML("beforebegin", `<ul class="chips" aria-label="Compared">${chips.join("")}</ul>`);
    if (slugs.length >= MOST) form.remove();
  }

  function verdictOf(keys) {
    const told = keys.filter((key) => key !== NOT_RECORDED);
    if (!told.length) return "none recorded";
    if (told.some((key) => key !== told[0])) return "differs";
    return told.length === keys.length ? "same" : "not all recorded";
  }

  const wrong = errors();
  if (wrong.length) {
    place.innerHTML = `<div class="message" role="alert"><h2>The comparison cannot be made</h2><ul>${wrong.map((w) => `<li>${escaped(w)}</li>`).join("")}</ul></div>`;
    return;
  }
  if (!slugs.length) return;
  offer();
  if (slugs.length < FEWEST) return;
  await Promise.all(slugs.map((slug) => load(`${slug}.js`)));
  const columns = slugs.map((slug) => peaceops.columns[slug]);
  const asked = query.getAll("rows");
  const onlyDifferences = query.get("differences") === "1";
  const isAsked = (group, row) => !asked.length || asked.includes(group) || asked.includes(row.split("/")[0]);
  const verdicts = {};
  let number = 0;

  const cellOf = (column, slug, group) => {
    const cell = column.cells[slug];
    if (cell) return cell;
    return [NOT_RECORDED, `<span class="meta">${comparable.words[NOT_RECORDED]}</span>`];
  };

  const bodies = comparable.groups.map(([group, label, isList, rows]) => {
    const lines = [];
    for (const [slug, name, link] of rows) {
      if (!isAsked(group, slug)) continue;
      const cells = columns.map((column) => cellOf(column, slug, group));
      if (isList && cells.every(([key]) => key < 0)) continue;
      const verdict = verdictOf(cells.map(([key]) => key));
      verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
      number += 1;
      if (onlyDifferences && verdict !== "differs") continue;
      const head = link ? `<a href="${escaped(link)}">${escaped(name)}</a>` : escaped(name);
      const told = cells.map(([, html], n) => `<td data-column="${n}">${html}</td>`).join("");
      lines.push(`<tr${verdict === "differs" ? ' class="differs"' : ""}><th scope="row">${head}</th>${told}<td class="verdict">${verdict}</td></tr>`);
    }
    return lines.length ? `<tbody><tr class="group"><th scope="rowgroup" colspan="${slugs.length + 2}">${escaped(label)}</th></tr>${lines.join("")}</tbody>` : "";
  });

  const heads = slugs.map((slug) => {
    const [short, title] = known.get(slug);
    return `<th scope="col"><a href="../${escaped(slug)}/index.html">${escaped(short)}</a>${short === title ? "" : `<br><span class="meta">${escaped(title)}</span>`}</th>`;
  });
  const differ = verdicts.differs ?? 0;
  const showing = onlyDifferences
    ? `Only the rows that differ are shown: ${differ}. <a href="${addressWith((d) => d.delete("differences"))}">Show all ${number}</a>`
    : `Of ${number} rows, ${differ} differ. <a href="${addressWith((d) => d.set("differences", "1"))}">Show only those</a>`;
  const facts = addressWith((d) => {
    d.delete("rows");
    for (const name of ["dates", "authority", "place", "strength", "cost"]) d.append("rows", name);
  });
  const groups = comparable.choices.map(([group, label, rows]) => {
    const boxes = rows.map(([name, text]) => `<label class="choice"><input type="checkbox" name="rows" value="${escaped(name)}"${isAsked(group, name) ? " checked" : ""}> <span>${escaped(text)}</span></label>`);
    return `<fieldset><legend>${escaped(label)}</legend>${boxes.join("")}</fieldset>`;
  });
  const held = slugs.map((slug) => `<input type="hidden" name="m" value="${escaped(slug)}">`).join("");
  place.innerHTML = `
    <details class="compare-rows"><summary>Choose rows</summary><form aria-label="Rows" action="index.html">${held}<div class="row-groups">${groups.join("")}</div>
      <label class="choice"><input type="checkbox" name="differences" value="1"${onlyDifferences ? " checked" : ""}> <span>Only rows that differ</span></label> <button>Show these rows</button></form></details>
    <p class="compare-count">${showing}. <a href="${facts}">Key facts only</a>.</p>
    <div class="scroll compare-scroll" tabindex="0" role="region" aria-label="Comparison"><table class="compare across-${slugs.length}">
      <thead><tr><th scope="col">Row</th>${heads.join("")}<th scope="col" class="verdict">Alike?</th></tr></thead>${bodies.join("")}</table></div>`;

  // Each mission counts its notes from one; here all are numbered anew, in the order in which they are met.
  const numbered = new Map();
  for (const mark of place.querySelectorAll(".mark a")) {
    const [source, html] = columns[mark.closest("td").dataset.column].notes[Number(mark.textContent) - 1];
    if (!numbered.has(source)) numbered.set(source, { number: numbered.size + 1, html, marks: [] });
    const note = numbered.get(source);
    const locator = mark.getAttribute("aria-label").split(", ").slice(1).join(", ");
    mark.id = `ref-${note.number}-${note.marks.length + 1}`;
    mark.href = `#note-${note.number}`;
    mark.textContent = note.number;
    mark.setAttribute("aria-label", `Note ${note.number}${locator ? `, ${locator}` : ""}`);
    note.marks.push([mark.id, locator]);
  }
  notes.querySelector("ol").innerHTML = [...numbered.values()]
    .map(({ number: n, html, marks }) => {
      const backs = marks.map(([id, locator], m) => `<a href="#${id}"><span aria-hidden="true">↩${marks.length > 1 ? m + 1 : ""}</span><span class="visually-hidden">Back to place ${m + 1} of note ${n}</span>${locator ? ` ${escaped(locator)}` : ""}</a>`);
      return `<li id="note-${n}">${html} <span class="backs">${backs.join(" ")}</span></li>`;
    })
    .join("");
  notes.hidden = false;
  const names = slugs.map((slug) => known.get(slug)[0]);
  const together = `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  document.querySelector("h1").textContent = together;
  document.querySelector(".lede")?.remove();
  document.title = document.title.replace(/^[^·]*/, `${together} compared `);
})();
