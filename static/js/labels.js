// Names what Django's scripts draw without a name: the controls of fields with suggestions and the filters of two-sided
// lists. They are drawn after the page has loaded and anew with each row, so the page is watched.
(() => {
  const DRAWN = ".select2-container, .select2-dropdown, .select2-selection__clear, .search-label-icon";

  function labelOf(field) {
    const label = field.labels && field.labels[0];
    if (!label) return null;
    label.id ||= `${field.id}_label`;
    return label;
  }

  function nameControl(container) {
    const field = container.previousElementSibling;
    const label = field && field.matches("select") && labelOf(field);
    if (!label) return; // the list that opens lies elsewhere
    const control = container.querySelector(".select2-selection");
    const value = container.querySelector(".select2-selection__rendered");
    const search = container.querySelector(".select2-search__field");
    if (value.id) value.setAttribute("aria-labelledby", label.id);
    control.setAttribute("aria-labelledby", value.id ? `${label.id} ${value.id}` : label.id);
    if (search) search.setAttribute("aria-labelledby", label.id);
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (field.hasAttribute(name)) control.setAttribute(name, field.getAttribute(name));
    }
  }

  function nameList(dropdown) {
    const search = dropdown.querySelector(".select2-search__field");
    const results = dropdown.querySelector("[role=listbox]");
    if (search) search.setAttribute("aria-label", "Search");
    results.setAttribute("aria-label", "Suggestions");
    document.querySelector(".select2-container--open [role=combobox]").setAttribute("aria-controls", results.id);
  }

  function name(drawn) {
    if (drawn.matches(".select2-dropdown")) nameList(drawn);
    else if (drawn.matches(".search-label-icon")) drawn.setAttribute("role", "img");
    else if (drawn.matches(".select2-container")) nameControl(drawn);
    // A cross for the mouse that stands among the items of a list; the keyboard takes them away one by one.
    else drawn.setAttribute("aria-hidden", "true");
  }

  function look(root) {
    if (root.matches(DRAWN)) name(root);
    root.querySelectorAll(DRAWN).forEach(name);
  }

  // A list that opens belongs to the main part of the page; by itself it would lie outside of all parts.
  for (const field of document.querySelectorAll("select.admin-autocomplete")) field.dataset.dropdownParent = "main";
  look(document.body);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) look(node);
    }
  }).observe(document.body, { childList: true, subtree: true });
})();
