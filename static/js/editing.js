// Keeps what an editor has typed: through a session that ended, against leaving by mistake and saving twice.
(() => {
  const form = document.querySelector("#content-main form[method=post][id$=_form]");
  if (!form) return;
  const query = new URLSearchParams(location.search);
  // Which rows are in the form depends on these.
  const key = `form:${location.pathname}?${query.getAll("rows")}&${query.get("only") || ""}`;
  const KEPT_OUT = ["csrfmiddlewaretoken", "opened", "lock_over", "theirs", "rows", "same_source"];
  const lock = form.elements.lock_seen ? form.elements.lock_seen.value : "";
  let leaving = false;
  let dirty = false;

  function state() {
    const fields = [];
    for (const field of form.elements) {
      if (!field.name || KEPT_OUT.includes(field.name) || field.type === "submit" || field.type === "file") continue;
      const isBox = field.type === "checkbox" || field.type === "radio";
      if (field.tagName === "SELECT") {
        fields.push([field.name, [...field.selectedOptions].map((o) => [o.value, o.text])]);
      } else if (isBox) {
        fields.push([field.name, field.checked]);
      } else {
        fields.push([field.name, field.value]);
      }
    }
    return fields;
  }

  function keep(sent = false) {
    try {
      sessionStorage.setItem(key, JSON.stringify({ lock, sent, fields: state() }));
    } catch {
      // A full storage keeps nothing; the page itself still asks before leaving.
    }
  }

  // The rows' own script may be ready only after the page has loaded; until then there is nothing to add rows with.
  function rowsReady() {
    const until = performance.now() + 5000;
    return new Promise((resolve) => {
      const look = () => {
        const ready = !document.querySelector(".inline-group") || document.querySelector(".inline-group .add-row a");
        if (ready || performance.now() > until) resolve();
        else setTimeout(look, 20);
      };
      look();
    });
  }

  function addRows(fields) {
    for (const [name, value] of fields) {
      if (!name.endsWith("-TOTAL_FORMS")) continue;
      const prefix = name.slice(0, -"-TOTAL_FORMS".length);
      const add = document.querySelector(`#${CSS.escape(prefix)}-group .add-row a`);
      for (let n = Number(form.elements[name].value); add && n < Number(value); n += 1) add.click();
    }
  }

  function fill(fields) {
    addRows(fields);
    for (const [name, value] of fields) {
      const field = form.elements[name];
      if (!field || name.endsWith("_FORMS") || name === "lock_seen") continue;
      if (typeof value === "boolean") field.checked = value;
      else if (Array.isArray(value)) {
        for (const option of field.options) option.selected = false;
        for (const [id, text] of value) {
          const option = [...field.options].find((o) => o.value === id) || new Option(text, id);
          option.selected = true;
          field.add(option);
        }
      } else field.value = value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  function say(text, action) {
    const note = document.createElement("p");
    note.className = "kept";
    note.setAttribute("role", "status");
    note.append(text, " ");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Discard it";
    button.addEventListener("click", action);
    note.append(button);
    form.prepend(note);
  }

  const kept = JSON.parse(sessionStorage.getItem(key) || "null");
  const wasSaved = document.querySelector(".messagelist .success") || (kept && kept.lock !== lock);
  if (kept && (wasSaved || document.querySelector(".errornote"))) sessionStorage.removeItem(key);
  else if (kept) {
    addEventListener("load", async () => {
      await rowsReady();
      fill(kept.fields);
      dirty = true;
      say("What you had typed was not saved and is back in the form. Save it now.", () => {
        leaving = true;
        sessionStorage.removeItem(key);
        location.reload();
      });
    });
  }

  let waiting;
  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(waiting);
    waiting = setTimeout(keep, 500);
  });
  form.addEventListener("change", () => { dirty = true; });
  form.addEventListener("submit", (event) => {
    if (leaving) {
      event.preventDefault();
      return;
    }
    leaving = true;
    clearTimeout(waiting);
    keep(true);
  });
  addEventListener("pageshow", (event) => { if (event.persisted) leaving = false; });
  addEventListener("beforeunload", (event) => {
    if (dirty && !leaving) event.preventDefault();
  });
})();
