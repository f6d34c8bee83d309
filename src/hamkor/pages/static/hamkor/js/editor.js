// SPDX-License-Identifier: Apache-2.0
// Fields that keep themselves. What is typed stays in this browser until the server has given it a number.
import { say } from "./toasts.js";
import { refreshSoon } from "./live.js";
import { rowsOf } from "./rows.js";

const KEY = "hamkor-unsent";
const DONE_MS = 5000;
let sending = false;
let waitMs = 1000;

const unsent = () => JSON.parse(localStorage.getItem(KEY) || "[]");
const keep = (list) => { localStorage.setItem(KEY, JSON.stringify(list)); showCount(list.length); };

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  for (let index = 5; index >= 0; index--) { bytes[index] = time % 256; time = Math.floor(time / 256); }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export function startEditor() {
  document.addEventListener("change", (event) => {
    const field = event.target.closest("[data-path]");
    const form = field?.closest("[data-edit]");
    if (form && !field.readOnly) send(form, field);
  });
  document.addEventListener("input", (event) => {
    const field = event.target.closest("[data-edit] [data-path]");
    if (field) field.dataset.dirty = "yes";
  });
  addEventListener("online", flush);
  addEventListener("beforeunload", (event) => { if (document.querySelector("[data-dirty]")) event.preventDefault(); });
  showCount(unsent().length);
  flush();
}

export function valueOf(field) {
  const type = field.dataset.type || "text";
  if (type === "list") {
    if (field.tagName === "SELECT") return [...field.selectedOptions].map((option) => option.value);
    return [...field.querySelectorAll("input:checked")].map((box) => box.value);
  }
  if (type === "rows") return rowsOf(field);
  if (type === "boolean") return field.value === "" ? null : field.value === "true";
  const text = field.value.trim();
  return text === "" ? null : text;
}

export function submitEdits(address, edits, field = null) {
  const item = { address, body: { command_id: newId(), language: document.documentElement.lang, edits } };
  keep([...unsent(), item]);
  field?.setAttribute("data-command", item.body.command_id);
  return flush();
}

function send(form, field) {
  const value = valueOf(field);
  const edit = { op: "set", part: form.dataset.part, id: form.dataset.id || null, fields: { [field.dataset.path]: value } };
  if ("seen" in field.dataset) edit.seen = { [field.dataset.path]: JSON.parse(field.dataset.seen) };
  field.dataset.dirty = "yes";
  show(field, "sending", document.body.dataset.textSending);
  submitEdits(form.dataset.edit, [edit], field);
}

async function flush() {
  if (sending) return;
  sending = true;
  try {
    for (let list = unsent(); list.length; list = unsent()) {
      const item = list[0];
      let answer;
      try {
        answer = await fetch(item.address, {
          method: "POST",
          headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": document.body.dataset.csrf },
          body: JSON.stringify(item.body),
        });
      } catch { answer = null; }
      if (!answer || answer.status >= 500 || answer.status === 429) {
        mark(item, "kept", document.body.dataset.textKept);
        setTimeout(flush, waitMs = Math.min(waitMs * 2, 20000));
        return;
      }
      waitMs = 1000;
      keep(unsent().filter((other) => other.body.command_id !== item.body.command_id));
      await settle(item, answer);
    }
  } finally { sending = false; }
}

async function settle(item, answer) {
  const details = await answer.json().catch(() => ({}));
  const field = fieldOf(item);
  if (!answer.ok) {
    if (field) { show(field, "wrong", details.detail); field.setAttribute("aria-invalid", "true"); } else say(details.detail, "red");
    return;
  }
  if (field) {
    delete field.dataset.dirty;
    field.removeAttribute("aria-invalid");
    if (details.shown && field.dataset.path in details.shown) field.dataset.seen = JSON.stringify(details.shown[field.dataset.path]);
    show(field, "done", document.body.dataset.textDone);
  }
  for (const text of details.conflicts || []) say(text, "", null);
  document.dispatchEvent(new CustomEvent("hamkor:edited", { detail: { item, details } }));
  refreshSoon();
}

const fieldOf = (item) => document.querySelector(`[data-command="${item.body.command_id}"]`);
const mark = (item, state, text) => { const field = fieldOf(item); if (field) show(field, state, text); };

function show(field, state, text) {
  const place = field.closest(".field")?.querySelector(".state");
  if (!place) { if (state === "wrong") say(text, "red"); return; }
  place.dataset.state = state;
  place.className = state === "wrong" ? "state fault" : "state";
  place.textContent = text || "";
  // What is said beside a field outlives the refresh that follows every change; that all went well is said for a while.
  place.dataset.keep = "yes";
  clearTimeout(Number(place.dataset.timer));
  if (state === "done") place.dataset.timer = setTimeout(() => { place.textContent = ""; delete place.dataset.keep; }, DONE_MS);
  field.closest(".field").classList.toggle("wrong", state === "wrong");
}

function showCount(count) {
  const place = document.getElementById("unsent");
  if (!place) return;
  place.hidden = count === 0;
  place.textContent = (place.dataset.text || "{count}").replace("{count}", count);
}
