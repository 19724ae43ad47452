// Reveals the buttons that copy what the element named in data-copy holds, and says so in the status beside them.
(() => {
  const put = async (source) => {
    const text = "value" in source ? source.value : source.textContent;
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    // Without HTTPS there is no clipboard to write to; what is selected can still be copied.
    getSelection().selectAllChildren(source);
    if ("value" in source) source.select();
    if (!document.execCommand("copy")) throw new Error("not copied");
  };
  for (const button of document.querySelectorAll("[data-copy]")) {
    const source = document.getElementById(button.dataset.copy);
    const status = button.closest("section").querySelector("[data-copied]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      status.textContent = "";
      try {
        await put(source);
        status.textContent = status.dataset.done;
      } catch {
        status.textContent = status.dataset.failed;
      }
    });
  }
})();
