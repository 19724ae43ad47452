// Answers a list of an edition as the site does: the same parameters, rows, counts and orders, in cards, table, timeline, map
// and in the matrix of evidence. The data is made by missions/offline/lists.py; rows are named by their number in it.
(() => {
  const form = document.querySelector("form[data-filter]");
  const results = document.querySelector("[data-results]");
  const { list, escaped, go, pager, words } = self.peaceops ?? {};
  if (!form || !results || !list) return;

  const YEARS = ["active_in", "started_from", "started_to"];
  const OF_THE_PAGE = ["page", "view", "group", "kind", "entry", "mission"];
  const ALL = [...list.rows.keys()];
  const numberOf = new Map(list.rows.map((address, number) => [address, number]));
  const having = Object.fromEntries(
    Object.entries(list.facets).map(([name, values]) => [
      name,
      Object.fromEntries(Object.entries(values).map(([value, numbers]) => [value, new Set(numbers)])),
    ]),
  );
  const file = location.pathname.split("/").pop() || "index.html";
  const view = file.startsWith("table") ? "table" : "cards";
  const isMatrix = Boolean(document.querySelector(".matrix"));
  const isWhole = isMatrix || /^(map|timeline)/.test(file);
  const first = { title: document.title, take: results.querySelector(".take")?.innerHTML };
  const rowsPart = results.querySelector("[data-part=rows]");
  const summaries = [...form.querySelectorAll(".facet > summary")].map((s) => [s, s.firstChild.textContent.trim()]);
  const labelOf = (name, value) =>
    form.querySelector(`[name="${name}"][value="${CSS.escape(value)}"]`)?.parentNode.querySelector("span").textContent ?? value;
  const nameOf = (name) => {
    const field = form.querySelector(`[name="${name}"]`);
    return field?.type === "checkbox"
      ? field.closest(".facet").querySelector("summary").firstChild.textContent.trim()
      : (field?.closest(".field")?.querySelector("label").textContent ?? name);
  };

  // An address of another view leads to the file of that view, with the whole query.
  const asked = new URLSearchParams(location.search);
  const wanted = asked.get("view") ? `${asked.get("view")}${asked.get("group") ? `-${asked.get("group")}` : ""}.html` : "";
  const offered = [...results.querySelectorAll("[data-part=views] a")].map((a) => a.getAttribute("href").split("?")[0]);
  if (wanted && wanted !== file && offered.includes(`${asked.get("view")}.html`)) {
    location.replace(wanted + location.search);
    return;
  }

  function errorsOf(query) {
    const errors = [];
    for (const [name, value] of query) {
      if (having[name]) {
        if (!having[name][value] && !form.querySelector(`[name="${name}"][value="${CSS.escape(value)}"]`)) {
          errors.push(`“${value}” is not a known ${name}.`);
        }
      } else if (YEARS.includes(name) && list.years) {
        if (!/^\d{4}$/.test(value)) errors.push(`${nameOf(name)}: use a year, such as 1994.`);
      } else if (name === "ordering") {
        if (!list.orders[value]) errors.push(`“${value}” is no order of this list.`);
      } else if (name !== "q" && !OF_THE_PAGE.includes(name)) {
        errors.push(`There is no parameter “${name}” here.`);
      }
    }
    return errors;
  }

  const tests = {
    active_in: (year, [start, end]) => start !== null && start <= year && (end === null || end >= year),
    started_from: (year, [start]) => start !== null && start >= year,
    started_to: (year, [start]) => start !== null && start <= year,
  };

  async function outside(query) {
    let rows = ALL;
    for (const name of YEARS) {
      if (query.get(name)) rows = rows.filter((n) => tests[name](Number(query.get(name)), list.years[n]));
    }
    if (query.get("q")) {
      const index = await words("../search/");
      const slugs = index
        .search(query.get("q"))
        .map((d) => index.documents[d])
        .filter(([kind]) => index.kinds[kind][0] === list.segment)
        .map(([, slug]) => numberOf.get(slug));
      const left = new Set(rows);
      rows = slugs.filter((n) => left.has(n)); // best first
    }
    return rows;
  }

  function chosenOf(query) {
    const chosen = new Map();
    for (const name of Object.keys(having)) {
      const values = [...new Set(query.getAll(name))];
      if (values.length) chosen.set(name, values);
    }
    return chosen;
  }

  const isIn = (name, values, number) => values.some((v) => having[name][v]?.has(number));

  // The rows that the query selects, and {parameter: {value: how many rows it would give under all other facets}}.
  async function select(query) {
    const left = await outside(query);
    const chosen = chosenOf(query);
    const counts = {};
    for (const name of Object.keys(having)) {
      const others = [...chosen].filter(([other]) => other !== name);
      const under = left.filter((n) => others.every(([other, values]) => isIn(other, values, n)));
      counts[name] = {};
      for (const [value, rows] of Object.entries(having[name])) counts[name][value] = under.filter((n) => rows.has(n)).length;
    }
    let rows = left.filter((n) => [...chosen].every(([name, values]) => isIn(name, values, n)));
    if (query.get("ordering")) {
      const found = new Set(rows);
      rows = list.orders[query.get("ordering")].filter((n) => found.has(n));
    }
    return { rows, counts, chosen };
  }

  function fillForm(query, counts, chosen) {
    for (const field of form.elements) {
      if (!field.name) continue;
      if (field.type === "checkbox") {
        const number = counts[field.name]?.[field.value] ?? 0;
        field.checked = query.getAll(field.name).includes(field.value);
        const label = field.closest("label");
        label.querySelector(".count").textContent = number;
        label.classList.toggle("none", !number);
      } else if (field.type !== "hidden" && field !== document.activeElement) {
        field.value = query.get(field.name) ?? "";
      }
    }
    for (const [summary, name] of summaries) {
      const parameter = summary.parentNode.querySelector("input[type=checkbox]")?.name;
      const number = chosen.get(parameter)?.length;
      summary.innerHTML = `${escaped(name)}${number ? ` <span class="count-chosen">${number} chosen</span>` : ""}`;
      if (number) summary.parentNode.open = true;
    }
  }

  function withoutPair(query, name, value) {
    const kept = new URLSearchParams([...query].filter(([n, v]) => n !== "page" && !(n === name && v === value)));
    return `${file}${kept.size ? `?${kept}` : ""}`;
  }

  function pairs(query) {
    return [...query].filter(([name, value]) => value && !OF_THE_PAGE.includes(name) && name !== "ordering");
  }

  function showChips(query) {
    const part = results.querySelector("[data-part=chips]");
    if (!part) return;
    const chips = pairs(query).map(
      ([name, value]) =>
        `<li><a data-go href="${escaped(withoutPair(query, name, value))}"><span class="chip-name">${escaped(nameOf(name))}:</span> ${escaped(having[name] ? labelOf(name, value) : value)} <span aria-hidden="true">×</span><span class="visually-hidden">, remove this filter</span></a></li>`,
    );
    part.innerHTML = chips.length
      ? `<ul class="chips" aria-label="Chosen filters">${chips.join("")}<li><a class="plain" data-go href="${file}">Clear all</a></li></ul>`
      : "";
  }

  function showStatus(rows, isWrong) {
    const status = results.querySelector("[role=status]");
    if (isWrong) status.textContent = "No rows are shown";
    else status.querySelector("strong") ? (status.querySelector("strong").textContent = rows.length) : (status.innerHTML = `<strong>${rows.length}</strong> of ${ALL.length}`);
    document.title = first.title.replace(/^\d+/, rows.length);
  }

  function showViews(query) {
    for (const a of results.querySelectorAll("[data-part=views] a, .timeline-groups a")) {
      const to = a.getAttribute("href").split("?")[0];
      const [, name, group] = /^(table|map|timeline)?(?:-(\w+))?/.exec(to);
      const kept = new URLSearchParams([...query].filter(([n]) => !["page", "view", "group"].includes(n)));
      if (name) kept.set("view", name);
      if (name && group) kept.set("group", group);
      a.setAttribute("href", kept.size ? `${to}?${kept}` : to);
    }
  }

  function pageOf(query, number) {
    const data = new URLSearchParams(query);
    data.set("page", number);
    return `${file}?${escaped(data)}`;
  }

  function nothing(query) {
    const ways = pairs(query).map(
      ([name, value]) => `<li><a data-go href="${escaped(withoutPair(query, name, value))}">without ${escaped(nameOf(name))}: ${escaped(labelOf(name, value))}</a></li>`,
    );
    return `<div class="message" data-nothing><h2>Nothing matches</h2><p>Take one filter away:</p><ul>${ways.join("")}</ul><p>Or <a data-go href="${file}">see all ${ALL.length}</a>.</p></div>`;
  }

  // Cards and tables: the rows of one page, in the element that held them.
  function showRows(query, rows) {
    const held = rowsPart.querySelector("[data-row]");
    const holder = (showRows.holder ??= held.parentNode);
    const pages = Math.max(Math.ceil(rows.length / list.size), 1);
    const page = Number(query.get("page") ?? 1);
    if (!(Number.isInteger(page) && page >= 1 && page <= pages)) return [`The pages are 1 to ${pages}.`];
    for (const extra of rowsPart.querySelectorAll(".pages, [data-nothing]")) extra.remove();
    const letters = [...rowsPart.querySelectorAll(".letter")];
    const found = new Set(rows.map((n) => list.rows[n]));
    for (const letter of letters) {
      // The glossary stays from A to Z, as all of it is on one page.
      const terms = [...letter.querySelectorAll("[data-row]")];
      for (const term of terms) term.hidden = !found.has(term.dataset.row);
      letter.hidden = terms.every((t) => t.hidden);
      rowsPart.querySelector(`.letters a[href="#${letter.querySelector("h2").id}"]`).parentNode.hidden = letter.hidden;
    }
    if (!letters.length) holder.innerHTML = rows.slice((page - 1) * list.size, page * list.size).map((n) => list[view][n]).join("");
    const take = rowsPart.querySelector(".take");
    const below = (rows.length ? "" : nothing(query)) + pager(page, pages, (number) => pageOf(query, number), " data-go");
    take ? take.insertAdjacentHTML("beforebegin", below) : rowsPart.insertAdjacentHTML("beforeend", below);
    return [];
  }

  function showBars(rows) {
    const found = new Set(rows.map((n) => list.rows[n]));
    for (const body of rowsPart.querySelectorAll(".years-table tbody")) {
      const bars = [...body.querySelectorAll("[data-row]")];
      for (const bar of bars) bar.hidden = !found.has(bar.dataset.row);
      const number = bars.filter((b) => !b.hidden).length;
      body.hidden = !number;
      body.querySelector(".count").textContent = number;
    }
  }

  const { firsts, margin, least } = list.map ?? {}; // as missions/maps/drawing.py has them
  const base = {};

  // The part of the map that holds the marks.
  function boxOf(marks) {
    const { x: left, y: top, width, height } = base.box;
    if (!marks.length) return [left, top, width, height];
    const boxes = marks.map((m) => m.getBBox());
    const x0 = Math.min(...boxes.map((b) => b.x));
    const y0 = Math.min(...boxes.map((b) => b.y));
    const across = Math.max(...boxes.map((b) => b.x + b.width)) - x0;
    const down = Math.max(...boxes.map((b) => b.y + b.height)) - y0;
    const aspect = width / height;
    const pad = margin * Math.max(across, down);
    const wide = Math.min(Math.max(across + 2 * pad, (down + 2 * pad) * aspect, least), width);
    const high = wide / aspect;
    return [
      Math.min(Math.max(x0 + across / 2 - wide / 2, left), left + width - wide),
      Math.min(Math.max(y0 + down / 2 - high / 2, top), top + height - high),
      wide,
      high,
    ].map(Math.round);
  }

  function showMap(query, rows) {
    const picture = rowsPart.querySelector(".map-picture");
    const found = new Set(rows.map((n) => list.rows[n]));
    const counts = {};
    for (const place of rowsPart.querySelectorAll("[data-place]")) {
      const missions = [...place.querySelectorAll("[data-row]")];
      for (const one of missions) one.hidden = !found.has(one.dataset.row);
      const number = missions.filter((m) => !m.hidden).length;
      counts[place.dataset.place] = number;
      place.hidden = !number;
      place.querySelector(".number").textContent = number;
      place.querySelector("a").toggleAttribute("aria-current", query.getAll("country").includes(place.dataset.place));
    }
    const shown = [];
    for (const mark of picture.querySelectorAll("[data-mark]")) {
      const number = counts[mark.dataset.mark] ?? 0;
      mark.style.display = number ? "" : "none";
      if (mark.localName === "text") mark.textContent = number;
      else {
        const title = mark.querySelector("title");
        mark.setAttribute("class", `level-${firsts.filter((f) => number >= f).length}`);
        title.textContent = title.textContent.replace(/: \d+ missions?/, `: ${number} mission${number === 1 ? "" : "s"}`);
        if (number) shown.push(mark);
      }
    }
    for (const area of picture.querySelectorAll("[data-row]")) {
      area.style.display = found.has(area.dataset.row) ? "" : "none";
      if (found.has(area.dataset.row)) shown.push(area);
    }
    base.box ??= { ...Object.fromEntries(["x", "y", "width", "height"].map((n) => [n, picture.viewBox.baseVal[n]])) };
    base.size ??= Number(picture.querySelector(".map-numbers")?.getAttribute("font-size"));
    const box = rows.length < ALL.length ? boxOf(shown) : boxOf([]);
    const scale = box[2] / base.box.width;
    picture.setAttribute("viewBox", box.join(" "));
    picture.querySelector(".map-numbers")?.setAttribute("font-size", base.size * scale);
    for (const dot of picture.querySelectorAll("[data-mark] circle")) {
      dot.dataset.r ??= dot.getAttribute("r");
      dot.setAttribute("r", dot.dataset.r * scale);
    }
  }

  function showMatrix(rows) {
    const only = new URLSearchParams(location.search).get("mission");
    const found = new Set(rows.map((n) => list.rows[n]).filter((slug) => !only || slug === only));
    const table = rowsPart.querySelector(".matrix");
    const columns = [...table.querySelectorAll("thead th")];
    let items = 0;
    for (const row of table.rows) {
      columns.forEach((column, n) => {
        if (!n) return;
        row.cells[n].hidden = !found.has(column.dataset.row);
        const number = Number(row.cells[n].querySelector("a")?.lastChild.textContent);
        if (row.parentNode.localName === "tbody" && !row.cells[n].hidden && number) items += number;
      });
    }
    for (const item of rowsPart.querySelectorAll("li[data-row]")) item.hidden = !found.has(item.dataset.row);
    const missions = columns.filter((c, n) => n && !c.hidden).length;
    const chosen = rowsPart.querySelector("li[data-row]") ? rowsPart.querySelectorAll("li[data-row]:not([hidden])").length : items;
    results.querySelector("[role=status]").innerHTML = `<strong>${chosen}</strong> item${chosen === 1 ? "" : "s"} from ${missions} mission${missions === 1 ? "" : "s"}`;
  }

  // The rows of a filter as the same CSV that the site gives; all rows lie in files of their own.
  function showTake(query, rows) {
    const take = results.querySelector(".take");
    if (!take || isMatrix) return;
    if (!pairs(query).length && !query.get("ordering")) {
      take.innerHTML = first.take;
      return;
    }
    const lines = [list.csv[0], ...rows.map((n) => list.csv[n + 1])];
    const address = URL.createObjectURL(new Blob(["\ufeff", ...lines], { type: "text/csv" }));
    take.innerHTML = `<p>These rows as data: <a download="${list.segment}.csv" href="${address}">CSV</a> · <a href="../data/codebook/index.html">what the fields mean</a></p>`;
  }

  function wrong(errors) {
    const html = `<div class="message" role="alert" data-nothing><h2>The query cannot be answered</h2><ul>${errors.map((e) => `<li>${escaped(e)}</li>`).join("")}</ul><p><a href="${file}">See all ${ALL.length}</a>.</p></div>`;
    rowsPart.innerHTML = html;
    showStatus([], true);
  }

  async function show(query) {
    const errors = errorsOf(query);
    if (errors.length) return wrong(errors);
    const { rows, counts, chosen } = await select(query);
    fillForm(query, counts, chosen);
    showChips(query);
    showStatus(rows);
    showViews(query);
    if (isMatrix) showMatrix(rows);
    else if (file.startsWith("map")) showMap(query, rows);
    else if (file.startsWith("timeline")) showBars(rows);
    else {
      const late = showRows(query, rows);
      if (late.length) return wrong(late);
    }
    if (isWhole && !isMatrix) {
      rowsPart.querySelector("[data-nothing]")?.remove();
      if (!rows.length) rowsPart.insertAdjacentHTML("afterbegin", nothing(query));
    }
    showTake(query, rows);
  }

  function queryOfForm() {
    const query = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...query]) if (value === "") query.delete(name, value);
    return query;
  }

  function open(query, how) {
    if (go(query.size ? `?${query}` : "", how)) show(query);
  }

  let typing;
  form.addEventListener("input", ({ target }) => {
    if (target.type !== "search") return;
    clearTimeout(typing);
    typing = setTimeout(() => open(queryOfForm(), "replaceState"), 350);
  });
  form.addEventListener("change", ({ target }) => target.type !== "search" && open(queryOfForm()));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(typing);
    open(queryOfForm());
    results.focus();
  });
  results.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-go], a[data-filter-link]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.closest("[data-part=views], .timeline-groups")) return;
    event.preventDefault();
    const to = new URLSearchParams(link.getAttribute("href").split("?")[1] ?? "");
    if (link.matches("[data-go]")) return open(to);
    // A link of the page as it was written adds or takes away one value.
    const query = new URLSearchParams([...new URLSearchParams(location.search)].filter(([n]) => n !== "page"));
    for (const [name, value] of to) {
      if (OF_THE_PAGE.includes(name)) continue;
      if (query.getAll(name).includes(value)) query.delete(name, value);
      else query.append(name, value);
    }
    open(query);
    results.focus({ preventScroll: true });
  });
  addEventListener("popstate", () => show(new URLSearchParams(location.search)));
  if ([...asked.keys()].some((name) => !["view", "group", "kind", "entry"].includes(name))) {
    // The shapes of the map come with a later script.
    addEventListener("load", () => show(asked));
  }
})();
