// SPDX-License-Identifier: Apache-2.0
// What the operator sends. Everything is written down in this browser first and stays there until the server
// has answered with a number: nothing is lost, and by its id nothing is done twice.
import { html, nothing, render } from "../../hamkor/vendor/lit/lit-html.js";
import { say } from "../../hamkor/js/toasts.js";
import { mayBeDead, patienceMs } from "./dead_links.js";
import { word } from "./words.js";
import { store } from "./store.js";
import { clock } from "./times.js";

const DATABASE = "hamkor-outbox";
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10000;
const SLOW_MS = 15000;
const LINK_MS = 3000;
const LOOK_MS = 15000;
const ON_ITS_WAY_MS = 1500;
// The same thing asked again within this time is a double click, not a second wish.
const DOUBLE_MS = 1500;
// Names and phones of people. They are kept here only until the server has answered, yes or no, because before that nobody
// else has them: then they are cleared from this browser, and neither shown in a list nor written anywhere else.
const PERSONAL = { describe_missing: ["details"] };
// A device that found no server for this long is no place for them any more: the command stays without them.
const PERSONAL_MS = 60 * 60 * 1000;
// Receipts give way to what people do.
const RECEIPTS = new Set(["mark_delivered", "mark_seen"]);
// The server is not there, or not for us yet: everything waits, in its order.
const LOST_WAYS = new Set([408, 425, 429, 502, 503, 504]);

const promises = new Map();
const asked = new Map();
const listeners = new Set();
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(DATABASE) : null;
let memory = null;
let known = [];
let running = false;
let again = false;
let waitMs = FIRST_WAIT_MS;
let timer = 0;
let opened = null;
let lastTime = 0;
let givenUp = 0;

/** A UUID of version 7: sorted by the moment it was made. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  // Never the same millisecond twice: what was sent later must sort later.
  let time = lastTime = Math.max(Date.now(), lastTime + 1);
  for (let index = 5; index >= 0; index--) { bytes[index] = time % 256; time = Math.floor(time / 256); }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** A refusal of the server, in the person's language. */
export class Refusal extends Error {
  constructor(problem) {
    super(problem.detail || problem.title || word("outbox.refused"));
    this.code = (problem.type || "").replace(/^urn:hamkor:/, "");
    this.problem = problem;
  }
}

/**
 * Sends one command; resolves with `{number, id}`, rejects with a Refusal. Quiet ones say nothing when refused; a refusal
 * whose code is `expected` is answered by whoever sent it, and neither told nor kept.
 */
export function send(verb, args = {}, { quiet = false, expected = [] } = {}) {
  if (isPast()) return refuse(new Refusal({ detail: word("outbox.past") }), quiet);
  const same = `${verb} ${JSON.stringify(args)}`;
  const earlier = asked.get(same);
  if (earlier && (promises.has(earlier.id) || Date.now() - earlier.at < DOUBLE_MS)) {
    if (!quiet && Date.now() - earlier.at >= DOUBLE_MS) say(word("outbox.already"));
    return earlier.promise;
  }
  const item = { command_id: newId(), owner: owner(), verb, args, at: Date.now(), tries: 0, next_at: 0, refused: null };
  const promise = new Promise((resolve, reject) => promises.set(item.command_id, { resolve, reject, quiet, expected }));
  promise.catch(() => {});
  for (const [key, entry] of asked) if (Date.now() - entry.at > DOUBLE_MS && !promises.has(entry.id)) asked.delete(key);
  asked.set(same, { id: item.command_id, at: Date.now(), promise, isPersonal: hasPersonal(item) });
  known.push(item);
  changed();
  // The other windows of this person count it, too, at once: their own look may have to wait for this one's way out.
  keep(item).then(() => { channel?.postMessage({ waits: item }); flush(); });
  return promise;
}

/** Commands not yet acknowledged, of this person at this event; refused ones stay until somebody looks at them. */
export const unsent = () => known.filter((item) => !item.refused && !RECEIPTS.has(item.verb));
export const refused = () => known.filter((item) => item.refused);
export const isWaiting = (verb, id = "") =>
  known.some((item) => !item.refused && item.verb === verb && (!id || JSON.stringify(item.args).includes(id)));
export function onOutbox(listen) { listeners.add(listen); return () => listeners.delete(listen); }

function refuse(refusal, quiet) {
  if (!quiet) say(refusal.message, "red");
  const promise = Promise.reject(refusal);
  promise.catch(() => {});
  return promise;
}

const isPast = () => store.freshness?.state === "replay";
const page = () => location.pathname.replace(/[^/]*$/, "");
const address = () => document.body.dataset.commands || `${page()}commands`;
const owner = () => `${address()} ${store.reference?.viewer?.person || document.body.dataset.person || ""}`;

function changed() { for (const listen of listeners) listen(); }

// The store of this browser. Without one (a private window) commands are kept in memory, and the page says so.
function database() {
  opened ??= new Promise((resolve) => {
    let request;
    try { request = indexedDB.open(DATABASE, 1); } catch { resolve(null); return; }
    request.onupgradeneeded = () => request.result.createObjectStore("commands", { keyPath: "command_id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  });
  return opened;
}

async function within(mode, work) {
  const found = await database();
  if (!found) return null;
  return new Promise((resolve, reject) => {
    const turn = found.transaction("commands", mode, { durability: "strict" });
    const request = work(turn.objectStore("commands"));
    turn.oncomplete = () => resolve(request.result ?? true);
    turn.onerror = turn.onabort = () => reject(turn.error);
  });
}

const hasPersonal = (item) => (PERSONAL[item.verb] || []).some((name) => item.args[name]);
function withoutPersonal(item) {
  const args = { ...item.args };
  for (const name of PERSONAL[item.verb] || []) delete args[name];
  return args;
}
// Clears names and phones from a command that stays, and says that they must be written again.
function clearPersonal(item) {
  if (!hasPersonal(item)) return;
  item.args = withoutPersonal(item);
  say(word("missing.not_kept"), "red");
}

async function keep(item) {
  try {
    if (!(await within("readwrite", (commands) => commands.put(item)))) inMemory().set(item.command_id, item);
  } catch { inMemory().set(item.command_id, item); }
}

async function forget(id) {
  memory?.delete(id);
  await within("readwrite", (commands) => commands.delete(id)).catch(() => null);
}

// Also of who used this browser before and did not come back.
async function clearOld(item) {
  if (item.owner === owner()) clearPersonal(item); else item.args = withoutPersonal(item);
  await keep(item);
}

function inMemory() {
  if (!memory) { memory = new Map(); say(word("outbox.memory"), "red"); }
  return memory;
}

async function kept() {
  const stored = await within("readonly", (commands) => commands.getAll()).catch(() => null);
  const all = [...(Array.isArray(stored) ? stored : []), ...(memory?.values() ?? [])];
  for (const item of all) if (hasPersonal(item) && Date.now() - item.at > PERSONAL_MS) await clearOld(item);
  return all.filter((item) => item.owner === owner()).sort((one, other) => (one.command_id < other.command_id ? -1 : 1));
}

/** Tries everything that is due, oldest first; one window at a time where the browser can tell. */
export async function flush() {
  if (running) { again = true; return; }
  running = true;
  try {
    do {
      again = false;
      await (navigator.locks ? navigator.locks.request(DATABASE, empty) : empty());
    } while (again);
  } finally { running = false; }
}

async function empty() {
  for (;;) {
    const items = await kept();
    const written = new Set(items.map((item) => item.command_id));
    known = [...items, ...known.filter((item) => promises.has(item.command_id) && !written.has(item.command_id) && !item.settled)];
    const item = nextOf(items.filter((one) => !one.refused));
    if (!item) { later(items); return; }
    if (!(await post(item))) {
      changed();
      wait(waitMs);
      // Another link is tried at once.
      if (givenUp === 0 || !mayBeDead(givenUp)) waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
      return;
    }
    waitMs = FIRST_WAIT_MS;
  }
}

function nextOf(items) {
  const now = Date.now();
  const held = items.filter((item) => item.next_at > now);
  // What names a thing that is still being made waits for it.
  const free = items.filter((item) => item.next_at <= now && !held.some((other) => JSON.stringify(item.args).includes(other.command_id)));
  return free.find((item) => !RECEIPTS.has(item.verb)) || free[0];
}

function later(items) {
  const moments = items.filter((item) => !item.refused).map((item) => item.next_at);
  changed();
  if (moments.length) wait(Math.max(Math.min(...moments) - Date.now(), FIRST_WAIT_MS));
}

function wait(ms) {
  clearTimeout(timer);
  timer = setTimeout(flush, ms / 2 + (Math.random() * ms) / 2);
}

// False when the way to the server is lost and everything must wait.
async function post(item) {
  let answer;
  const body = JSON.stringify({ command_id: item.command_id, verb: item.verb, ...item.args });
  const stop = new AbortController();
  const slow = setTimeout(() => stop.abort(), patienceMs(givenUp, LINK_MS, SLOW_MS));
  try {
    answer = await fetch(address(), {
      method: "POST", body, signal: stop.signal, redirect: "manual", credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": document.body.dataset.csrf || "" },
    });
    givenUp = 0;
  } catch { givenUp = stop.signal.aborted ? givenUp + 1 : 0; return false; } finally { clearTimeout(slow); }
  if (answer.type === "opaqueredirect" || answer.status === 401) { say(word("outbox.sign_in"), "red"); return false; }
  if (LOST_WAYS.has(answer.status)) return false;
  if (answer.status >= 500) return setAside(item);
  const details = await answer.json().catch(() => ({}));
  if (answer.ok) await settle(item, details); else await turnedDown(item, details);
  return true;
}

// A command the server stumbles over must not keep those behind it waiting.
async function setAside(item) {
  item.tries += 1;
  item.next_at = Date.now() + Math.min(FIRST_WAIT_MS * 2 ** item.tries, LONGEST_WAIT_MS);
  await keep(item);
  return item.tries > 1;
}

async function settle(item, details) {
  await forget(item.command_id);
  done(item.command_id, details, null);
  channel?.postMessage({ id: item.command_id, details });
}

async function turnedDown(item, problem) {
  item.refused = problem.detail || problem.title || word("outbox.refused");
  const { quiet: isQuiet = RECEIPTS.has(item.verb), expected = [] } = promises.get(item.command_id) || {};
  const isExpected = expected.includes(new Refusal(problem).code);
  clearPersonal(item);
  const hasText = !isExpected && textOf(item) !== "";
  if (hasText) await keep(item); else await forget(item.command_id);
  if (!isQuiet && !isExpected) say(item.refused, "red", hasText ? { label: word("outbox.show_text"), run: openList } : null);
  done(item.command_id, null, new Refusal(problem), hasText);
  channel?.postMessage({ id: item.command_id, problem, hasText });
}

function done(id, details, refusal, stays = false) {
  const promise = promises.get(id);
  promises.delete(id);
  // What was asked is remembered against double clicks by its words; names among them go at once.
  for (const [key, entry] of asked) if (entry.id === id && entry.isPersonal) asked.delete(key);
  if (!stays) known = known.filter((item) => item.command_id !== id);
  if (refusal) promise?.reject(refusal); else promise?.resolve(details);
  changed();
}

channel?.addEventListener("message", ({ data }) => {
  if (!data.waits) { done(data.id, data.details, data.problem ? new Refusal(data.problem) : null, data.hasText); return; }
  if (data.waits.owner !== owner() || known.some((item) => item.command_id === data.waits.command_id)) return;
  known.push(data.waits);
  changed();
});

/** Tells what waits and what was refused; press it to read and mend. */
export function mount(element) {
  let again = 0;
  const draw = () => {
    // What is just on its way is not unsent yet.
    const waiting = unsent().filter((item) => Date.now() - item.at > ON_ITS_WAY_MS).length;
    clearTimeout(again);
    if (unsent().length > waiting) again = setTimeout(draw, ON_ITS_WAY_MS);
    const no = refused().length;
    render(html`<button type="button" class="outbox ${waiting ? "waiting" : ""} ${no ? "refused" : ""}" @click=${openList}
        ?hidden=${!waiting && !no} aria-live="polite">
      ${waiting ? html`<span>${word("outbox.unsent", { count: waiting })}</span>` : nothing}
      ${no ? html`<span>${word("outbox.refused_count", { count: no })}</span>` : nothing}</button>`, element);
  };
  onOutbox(draw);
  draw();
  start();
}

let isStarted = false;
/** Takes up what an earlier page left behind. */
export function start() {
  if (isStarted) return;
  isStarted = true;
  const atOnce = () => { waitMs = FIRST_WAIT_MS; flush(); };
  addEventListener("online", atOnce);
  // As soon as the server is heard again it gets what waits.
  store.on(["freshness"], () => { if (known.length && store.freshness.state === "live") atOnce(); });
  addEventListener("focus", () => { if (known.length) flush(); });
  addEventListener("beforeunload", (event) => { if (memory?.size) event.preventDefault(); });
  setInterval(flush, LOOK_MS);
  flush();
}

// What a person typed: the texts in the arguments, as told from codes and ids.
const texts = (value) => (typeof value === "string" ? (/\s/.test(value) ? [value] : []) : value && typeof value === "object" ? Object.values(value).flatMap(texts) : []);
const textOf = (item) => texts(withoutPersonal(item)).join(" · ");

function openList() {
  let dialog = document.getElementById("outbox-list");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.id = "outbox-list";
    dialog.className = "pane-dialog";
    document.body.append(dialog);
    onOutbox(() => { if (dialog.open) drawList(dialog); });
  }
  drawList(dialog);
  if (!dialog.open) dialog.showModal();
}

function drawList(dialog) {
  const row = (item) => html`<li><b>${word(`verb.${item.verb}`)}</b> <span class="soft">${clock(item.at)}</span>
    ${textOf(item) ? html`<p class="typed">${textOf(item)}</p>` : nothing}
    ${item.refused ? html`<p class="fault">${item.refused}</p><div class="row">
      <button type="button" class="button small" @click=${() => retry(item)}>${word("outbox.again")}</button>
      <button type="button" class="button small" @click=${() => discard(item)}>${word("outbox.discard")}</button></div>` : nothing}</li>`;
  const list = [...refused(), ...unsent()];
  render(html`<h2 tabindex="-1">${word("outbox.title")}</h2>
    ${list.length ? html`<ul class="outbox-items">${list.map(row)}</ul>` : html`<p class="soft">${word("outbox.empty")}</p>`}
    <div class="actions"><button type="button" class="button" @click=${() => dialog.close()}>${word("pane.close")}</button></div>`, dialog);
}

async function discard(item) { await forget(item.command_id); known = known.filter((one) => one !== item); changed(); }

// A refused command gets a new id: the old one was answered for good.
async function retry(item) { await discard(item); send(item.verb, item.args).catch(() => {}); }
