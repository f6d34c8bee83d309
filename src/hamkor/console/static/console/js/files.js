// SPDX-License-Identifier: Apache-2.0
// Files of a message being written: each goes up as soon as it is chosen, the message follows when all are there.
// They are not kept in this browser: they need the link, and the page says so; what was typed is kept all the same.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { say } from "../../hamkor/js/toasts.js";
import { onOutbox, newId } from "./outbox.js";
import { store } from "./store.js";
import { number as figure, word } from "./words.js";

const MEGABYTE = 1000000;
const SLOW_MS = 120000;
const AGAIN_MS = 8000;
const LOST = new Set([0, 408, 425, 429, 502, 503, 504]);
let chosen = [];
let redraw = () => {};
let isFollowing = null;
let timer = 0;

/** The size of a file as people say it: 340 kB, 2.1 MB. */
export const size = (bytes) => (bytes < MEGABYTE ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${figure(bytes / MEGABYTE, bytes % MEGABYTE ? 1 : 0)} MB`);
const address = (id = "") => `${location.pathname.replace(/[^/]*$/, "")}files${id ? `/${encodeURIComponent(id)}` : ""}`;
const limits = () => store.reference?.limits || {};
const endingOf = (name) => (/\.([^.]+)$/.exec(name)?.[1] || "").toLowerCase();

/** Ids of the files that are up. */
export const attachedIds = () => chosen.filter((file) => file.id).map((file) => file.id);
const waiting = () => chosen.filter((file) => !file.id && !file.fault);
const faulty = () => chosen.filter((file) => file.fault);
/** True while a message waits for its files. */
export const isHeld = () => Boolean(isFollowing);

/** A message that was to follow its files does not any more: another one is being written. */
export function holdNone() { isFollowing = null; }
export function clearFiles() { for (const file of chosen) file.request?.abort(); chosen = []; isFollowing = null; }

/** Calls `go` when every file is up: at once when all are. Files that were refused are taken away by the person first. */
export function whenUp(go) {
  if (faulty().length) { isFollowing = null; return false; }
  if (waiting().length) { isFollowing = go; redraw(); return false; }
  isFollowing = null;
  go();
  return true;
}

// What the server would refuse anyway is told before a single byte is sent.
function faultOf(file) {
  const { files, file_bytes: most, file_text_bytes: mostText, file_endings: endings = [], file_text_endings: texts = [] } = limits();
  const ending = endingOf(file.name);
  if (files && chosen.length >= files) return word("file.too_many", { count: files });
  if (endings.length && !endings.includes(ending)) return word("file.kind_unknown");
  if (!file.size) return word("file.empty");
  const own = texts.includes(ending) ? mostText : most;
  return own && file.size > own ? word("file.too_large", { size: size(file.size), most: size(own) }) : "";
}

function take(list) {
  for (const content of list) {
    const file = { key: newId(), name: content.name, size_bytes: content.size, content, sent: 0, id: null, fault: faultOf(content), isLost: false, request: null };
    if (file.fault) file.content = null;
    chosen.push(file);
  }
  next();
  redraw();
}

// One after the other: on a narrow line two files at once would both be late.
function next() {
  if (chosen.some((file) => file.request)) return;
  const file = waiting().find((one) => !one.isLost);
  if (file) send(file);
}

function send(file) {
  const body = new FormData();
  // The id stays that of the file: sent again after a lost link, it is attached once.
  body.append("command_id", file.key);
  body.append("file", file.content, file.name);
  const request = file.request = new XMLHttpRequest();
  request.open("POST", address());
  request.timeout = SLOW_MS;
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRFToken", document.body.dataset.csrf || "");
  request.upload.onprogress = (event) => { if (event.lengthComputable) { file.sent = event.loaded / event.total; redraw(); } };
  request.onloadend = () => { file.request = null; answered(file, request); next(); follow(); redraw(); };
  request.send(body);
}

function answered(file, request) {
  let told = {};
  try { told = JSON.parse(request.responseText); } catch { told = {}; }
  if (request.status === 200 && told.id) { Object.assign(file, { id: told.id, name: told.name || file.name, size_bytes: told.size_bytes || file.size_bytes, content: null }); return; }
  // Whoever was signed out is shown the page to sign in, which is no answer to a file.
  const isSignedOut = request.status === 401 || (request.status === 200 && request.responseURL && !request.responseURL.endsWith(address()));
  if (isSignedOut) say(word("outbox.sign_in"), "red");
  if (isSignedOut || LOST.has(request.status)) {
    clearTimeout(timer);
    // The stream may be alive while this was lost: nobody would tell when it is worth trying again.
    if (!isSignedOut) timer = setTimeout(again, AGAIN_MS / 2 + (Math.random() * AGAIN_MS) / 2);
    Object.assign(file, { isLost: true, sent: 0 });
    return;
  }
  Object.assign(file, { fault: told.detail || word("outbox.refused"), content: null });
}

function follow() { if (isFollowing && !waiting().length) { const go = isFollowing; whenUp(go); } }
function again() { for (const file of chosen) file.isLost = false; next(); redraw(); }
function drop(file) { file.request?.abort(); chosen = chosen.filter((one) => one !== file); next(); follow(); redraw(); }

addEventListener("online", again);
// What is not up yet exists in this page alone.
addEventListener("beforeunload", (event) => { if (waiting().length) event.preventDefault(); });
store.on(["freshness"], () => { if (chosen.some((file) => file.isLost) && store.freshness.state === "live") again(); });
onOutbox(() => { if (chosen.length) redraw(); });

function state(file) {
  if (file.fault) return html`<span class="fault">${file.fault}</span>`;
  if (file.id) return html`<span class="ok">✓ ${word("file.done")}</span>`;
  if (file.isLost) return html`<b class="tone-amber">${word("file.waiting")}</b> <button type="button" class="tool" @click=${again}>${word("file.again")}</button>`;
  if (!file.request) return html`<span class="soft">…</span>`;
  const percent = Math.round(file.sent * 100);
  return html`<progress max="100" value=${percent} aria-label=${word("file.progress", { name: file.name, percent })}></progress> <span class="soft">${percent < 100 ? word("file.sending", { percent }) : word("file.checking")}</span>`;
}

/** The part of the form where files are chosen or dropped. */
export function fileField(draw) {
  redraw = draw;
  const { files, file_bytes: most, file_text_bytes: mostText, file_endings: endings = [] } = limits();
  const isLost = chosen.some((file) => file.isLost);
  return html`<div class="files"><div class="row tight"><label class="button small" for="compose-files">${word("file.attach")}</label>
      <input id="compose-files" class="visually-hidden" type="file" multiple accept=${endings.map((ending) => `.${ending}`).join(",")} aria-describedby="files-limits" @change=${(event) => { take(event.target.files); event.target.value = ""; }}>
      ${most ? html`<span id="files-limits" class="hint" title=${word("file.kinds", { endings: endings.join(", ") })}>${word("file.limits", { count: files, size: size(most), text_size: size(mostText) })}</span>` : nothing}</div>
    ${chosen.length ? html`<ul class="lines" aria-label=${word("file.many")} aria-live="polite">${chosen.map((file) => html`<li><span class="grow"><b class="file-name">${file.name}</b> <span class="soft nowrap">${size(file.size_bytes)}</span></span>${state(file)}
      <button type="button" class="tool" aria-label=${word("pane.take_away", { name: file.name })} @click=${() => drop(file)}>×</button></li>`)}</ul>` : nothing}
    ${isLost ? html`<p class="notice amber" role="alert">${word("file.no_link")}</p>` : nothing}
    ${faulty().length ? html`<p class="hint">${word("file.refused_first")}</p>` : nothing}</div>`;
}

/** Listeners of a form into which files are dropped or pasted. */
const hasFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
export const onDragOver = (event) => { if (!hasFiles(event)) return; event.preventDefault(); event.dataTransfer.dropEffect = "copy"; event.currentTarget.classList.add("dropping"); };
export const onDragLeave = (event) => { if (!event.currentTarget.contains(event.relatedTarget)) event.currentTarget.classList.remove("dropping"); };
export const onDrop = (event) => { if (!hasFiles(event)) return; event.preventDefault(); event.currentTarget.classList.remove("dropping"); take(event.dataTransfer.files); };
export const onPaste = (event) => { if (event.clipboardData?.files.length) { event.preventDefault(); take(event.clipboardData.files); } };

/** Files of a message that was sent: name, size, a download. */
export const fileLinks = (message) => (message.files?.length ? html`<ul class="file-links">${message.files.map((file) => html`<li><a href=${address(file.id)} target="_blank" rel="noopener"
  aria-label=${word("file.open", { name: file.name, size: size(file.size_bytes) })}><span aria-hidden="true">⤓</span> ${file.name} <span class="soft nowrap">${size(file.size_bytes)}</span></a></li>`)}</ul>` : nothing);
