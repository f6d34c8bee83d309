// SPDX-License-Identifier: Apache-2.0
// Keys: an element with data-key is pressed by it; "/" goes to the search field, "?" tells all keys of the page.
export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key.toLowerCase() === "z" && !isTyping(event.target)) return press("undo", event);
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return undefined;
    if (event.key === "/") return focusOn("[data-search]", event);
    if (event.key === "?") return openHelp(event);
    return press(event.key.toLowerCase(), event);
  });
  document.addEventListener("input", (event) => { if (event.target.matches("[data-search]")) filterRows(event.target); });
}

const isTyping = (target) => target.matches?.("input, textarea, select, [contenteditable], dialog *:not(button)");

function press(key, event) {
  const element = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (element) { event.preventDefault(); element.click(); }
}

function focusOn(selector, event) {
  const element = document.querySelector(selector);
  if (element) { event.preventDefault(); element.focus(); element.select?.(); }
}

function openHelp(event) {
  const help = document.getElementById("keys");
  if (!help) return;
  event.preventDefault();
  const list = help.querySelector("dl");
  list.replaceChildren(...[...document.querySelectorAll("[data-key]")].flatMap((element) => {
    const term = document.createElement("dt");
    const key = document.createElement("kbd");
    key.textContent = element.dataset.key === "undo" ? "Ctrl+Z" : element.dataset.key.toUpperCase();
    term.append(key);
    const meaning = document.createElement("dd");
    meaning.textContent = element.dataset.keyLabel || element.textContent.trim();
    return [term, meaning];
  }));
  help.showModal();
}

// Rows of tables marked data-filtered stay when every word typed is in them.
function filterRows(field) {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of document.querySelectorAll("[data-filtered] tbody tr:not(.group), [data-filtered] > li")) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
}
