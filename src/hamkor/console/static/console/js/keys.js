// SPDX-License-Identifier: Apache-2.0
// Hot keys of the console. Every key is registered with what it does, so that hints and the help cannot differ from it.
import { html, nothing, render } from "../../hamkor/vendor/lit/lit-html.js";
import { word } from "./words.js";

const OFF = "hamkor-keys-off";
const registered = [];

/** Registers a key: `{key, label, group, run, when}`; `label` and `group` are names of words. Returns how to take it back. */
export function register(entry) {
  registered.push(entry);
  return () => { const index = registered.indexOf(entry); if (index >= 0) registered.splice(index, 1); };
}

/** The hint beside an action: its key, hidden from screen readers, which hear it through aria-keyshortcuts. */
export const hint = (key) => (areOff() ? nothing : html`<kbd aria-hidden="true">${shown(key)}</kbd>`);

const shown = (key) => key.replace("shift+", "⇧").replace("ctrl+", "Ctrl+").replace("enter", "⏎").replace("escape", "Esc").replace(/(^|\+|⇧)[a-z]$/, (last) => last.toUpperCase());
const areOff = () => localStorage.getItem(OFF) === "yes";

export const isTyping = (target) =>
  Boolean(target?.closest?.("input:not([type=checkbox], [type=radio], [type=range], [type=button]), textarea, select, [contenteditable]"));

// On a Cyrillic keyboard the same key is meant: the letter is taken from its place when it is not a Latin one.
export function nameOf(event) {
  let key = event.key.length === 1 ? event.key.toLowerCase() : event.key.toLowerCase().replace("arrow", "");
  const isPlain = /^[\x20-\x7e]$/.test(key) || event.key.length > 1;
  if (!isPlain && /^Key[A-Z]$/.test(event.code)) key = event.code[3].toLowerCase();
  if (!isPlain && event.code === "Slash") key = event.shiftKey ? "?" : "/";
  if (document.documentElement.lang !== "en" && event.code === "Slash" && key === "." ) key = "/";
  if (document.documentElement.lang !== "en" && event.code === "Slash" && key === ",") key = "?";
  const isLetter = /^[a-z]$/.test(key) || key.length > 1;
  return `${event.ctrlKey ? "ctrl+" : ""}${event.shiftKey && isLetter ? "shift+" : ""}${key}`;
}

function onKey(event) {
  if (event.defaultPrevented || event.metaKey || event.altKey || event.isComposing) return;
  const name = nameOf(event);
  const isModal = document.querySelector("dialog[open]:modal");
  for (const entry of [...registered].reverse()) {
    if (entry.key !== name || (entry.when && !entry.when(event))) continue;
    if (isTyping(event.target) && !entry.evenTyping) continue;
    if (isModal && !entry.evenModal) continue;
    if (areOff() && entry.key.length === 1 && entry.key !== "/" && entry.key !== "?") continue;
    // A key held down asks once.
    if (event.repeat && !entry.repeats) { event.preventDefault(); return; }
    if (entry.run(event) === false) continue;
    event.preventDefault();
    event.stopPropagation();
    return;
  }
}

function openHelp() {
  let dialog = document.getElementById("console-keys");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.id = "console-keys";
    dialog.className = "pane-dialog wide";
    dialog.setAttribute("aria-labelledby", "console-keys-title");
    document.body.append(dialog);
  }
  drawHelp(dialog);
  if (!dialog.open) dialog.showModal();
}

function drawHelp(dialog) {
  const groups = Map.groupBy ? Map.groupBy(listed(), (entry) => entry.group) : grouped(listed());
  render(html`<h2 id="console-keys-title">${word("keys.title")}</h2>
    <div class="key-groups">${[...groups].map(([group, entries]) => html`<section><h3>${word(`keys.${group}_group`)}</h3><dl class="keys">
      ${entries.map((entry) => html`<dt><kbd>${shown(entry.key)}</kbd></dt><dd>${word(entry.label)}</dd>`)}</dl></section>`)}
      <section class="grammar"><h3>${word("keys.line_title")}</h3>
        <dl class="keys">${["h", "m", "o", "l", "n", "d", "u", "p", "a", "g", "f"].map((verb) => html`<dt><kbd>/${verb}</kbd></dt><dd>${word(`line.help_${verb}`)}</dd>`)}</dl></section></div>
    <label class="check"><input type="checkbox" .checked=${!areOff()} @change=${(event) => { localStorage.setItem(OFF, event.target.checked ? "no" : "yes"); drawHelp(dialog); }}>
      <span>${word("keys.single")}</span></label>
    <div class="actions"><button type="button" class="button" @click=${() => dialog.close()}>${word("pane.close")}</button></div>`, dialog);
}

function listed() {
  const seen = new Set();
  return registered.filter((entry) => entry.label && !seen.has(entry.key + entry.label) && seen.add(entry.key + entry.label));
}

function grouped(entries) {
  const groups = new Map();
  for (const entry of entries) groups.set(entry.group, [...(groups.get(entry.group) || []), entry]);
  return groups;
}

let isStarted = false;
export function mount() {
  if (isStarted) return;
  isStarted = true;
  document.addEventListener("keydown", onKey);
  register({ key: "?", label: "keys.help", group: "everywhere", run: openHelp });
}
export { openHelp };
