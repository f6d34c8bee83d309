// SPDX-License-Identifier: Apache-2.0
// Alarms: those nobody has acknowledged blink slowly and sound, the others are steady; shelved ones and floods are folded.
import { html, nothing, svg } from "../../hamkor/vendor/lit/lit-html.js";
import { guard } from "../../hamkor/vendor/lit/directives/guard.js";
import { repeat } from "../../hamkor/vendor/lit/directives/repeat.js";
import { openContingency } from "./contingency.js";
import { agencyShort, featureName, personTitle, placeName, postTitle, priorityMark } from "./names.js";
import { onVerb } from "./commands.js";
import { hint, register } from "./keys.js";
import { openRaise } from "./alarm_raise.js";
import { openIncident } from "./incident_detail.js";
import { number } from "./lexicon.js";
import { mayOperate, panel, reason, said, since, tell } from "./panel.js";
import { isWaiting, send } from "./outbox.js";
import { runningStops } from "./show_stop.js";
import { store } from "./store.js";
import { clock, ms } from "./times.js";
import { number as figure, word } from "./words.js";

const SLOT_MS = 10 * 60 * 1000;
const SLOTS = 6;
// Above this rate an operator no longer reads what the alarms say (EEMUA 191: at most ten in ten minutes).
const FLOOD_RATE = 10;
const MINUTES = [10, 30, 60, 120, 240];
let draw = () => {};
let chosen = null;
let isFloodOpen = false;
let isShelfOpen = false;
const told = new Set();
let isFirst = true;

const NOW = new Set(["unacknowledged", "returned"]);
const stateRank = { unacknowledged: 0, returned: 1, acknowledged: 2 };
const open = () => store.all("alarm").filter((alarm) => alarm.state !== "cleared");
export function sorted(alarms) {
  return [...alarms].sort((one, other) => stateRank[one.state] - stateRank[other.state] || one.priority - other.priority || ms(other.raised_at) - ms(one.raised_at));
}
// Sorted once for all rows, until an alarm changes.
let order = { of: null, listed: [], first: null };
function ordered() {
  const of = store.all("alarm");
  if (order.of === of) return order;
  const found = sorted(open().filter((alarm) => alarm.state !== "shelved" && !(alarm.flooded && NOW.has(alarm.state))));
  const first = found.find((alarm) => NOW.has(alarm.state)) || open().find((alarm) => NOW.has(alarm.state)) || null;
  order = { of, listed: found, first };
  return order;
}
const listed = () => ordered().listed;
const mayAct = (alarm) => mayOperate(alarm.agency, ...(alarm.to || []));

const SHORT = 40;
const short = (text) => (text.length > SHORT ? `${text.slice(0, SHORT - 1).trimEnd()}…` : text);

// What an alarm says ------------------------------------------------------------------------------------------------
export function subjectName(alarm) {
  if (alarm.place) return placeName(alarm.place);
  const { subject_kind: kind, subject } = alarm;
  if (kind === "post") return postTitle(subject);
  if (kind === "unit") return store.get("unit", subject)?.call_sign || subject;
  if (kind === "incident") return store.get("incident", subject) ? number(store.get("incident", subject)) : "";
  if (kind === "message") { const message = store.get("message", subject); return message ? `${word("message.number", { number: message.number })}: ${short(String(message.text))}` : ""; }
  if (kind === "job") return store.get("job", subject)?.title || "";
  return ["event", "weather"].includes(kind) ? "" : featureName(subject);
}
const UNITS = { "people/m²": word("unit_of.density"), "people/m2": word("unit_of.density"), "people_per_m2": word("unit_of.density"), "m/s": word("unit_of.speed"), people: word("unit_of.people"), "people/min": word("unit_of.flow") };
const plain = (value) => figure(value, Math.abs(value) < 20 && value % 1 ? 1 : 0);
function amount(value, unit) {
  if (unit === "share") return `${figure(value * 100)} %`;
  if (unit === "min") return word("dispatch.minutes", { count: plain(value) });
  return unit === "reports" ? plain(value) : `${plain(value)} ${UNITS[unit] ?? unit}`;
}
function measured(alarm) {
  // A bare count says nothing that the title does not.
  if (alarm.value === null || alarm.value === undefined || !alarm.unit) return nothing;
  const limit = alarm.limit === null || alarm.limit === undefined ? "" : word("alarm.limit", { value: alarm.unit === "share" ? amount(alarm.limit, "share") : plain(alarm.limit) });
  return html` <b class="nowrap">${amount(alarm.value, alarm.unit)}</b>${limit ? html` <span class="soft nowrap">${limit}</span>` : nothing}`;
}

// What can be done ---------------------------------------------------------------------------------------------------
export function acknowledge(alarms) {
  const ids = alarms.filter((alarm) => NOW.has(alarm.state) && !isWaiting("acknowledge", alarm.id)).map((alarm) => alarm.id);
  if (ids.length) send("acknowledge", { alarm_ids: ids }).catch(() => {});
}

// The server says how long an alarm of a priority may be out of sight; nothing longer is offered.
function shelfTimes({ priority }) {
  const most = store.reference?.limits?.shelf_minutes?.[priority] ?? MINUTES[0];
  const fitting = MINUTES.filter((count) => count <= most);
  return fitting.length ? fitting : [most];
}

async function shelve(alarm) {
  const why = await reason(word("alarm.ask_shelve", { title: alarm.title }), { minutes: shelfTimes(alarm), hintText: word("alarm.shelve_hint"), choices: [word("alarm.shelve_repair"), word("alarm.shelve_known"), word("alarm.shelve_faulty")] });
  if (!why) return;
  send("shelve", { alarm_ids: [alarm.id], minutes: why.minutes, reason: why.text })
    .then(() => said(word("alarm.shelved_done", { count: why.minutes }), () => send("unshelve", { alarm_ids: [alarm.id] }).catch(() => {}))).catch(() => {});
}

async function clear(alarm) {
  const why = await reason(word("alarm.ask_clear", { title: alarm.title }), { choices: [word("alarm.clear_checked"), word("alarm.clear_false")] });
  if (why) send("clear_alarm", { alarm_id: alarm.id, reason: why }).catch(() => {});
}

function act(alarm) {
  if (!alarm) return false;
  if (alarm.contingency) openContingency(alarm.contingency, { cause: alarm.id });
  else if (alarm.subject_kind === "incident") openIncident(alarm.subject);
  else choose(alarm.id, true);
  return true;
}

function choose(id, isOpen = false) {
  chosen = chosen === id && !isOpen ? null : id;
  const alarm = store.get("alarm", id);
  if (alarm?.place?.feature) store.select({ kind: "feature", id: alarm.place.feature });
  else if (alarm && ["zone", "opening", "post", "unit", "device"].includes(alarm.subject_kind)) store.select({ kind: alarm.subject_kind, id: alarm.subject });
  draw();
}

/** The alarm that keys act on: the chosen one, else the first nobody has acknowledged. */
const target = () => store.get("alarm", chosen) || listed().find((alarm) => NOW.has(alarm.state)) || null;
const first = () => ordered().first;

// The view ------------------------------------------------------------------------------------------------------------
// A row is made anew only when something it shows has changed.
const keptRow = (alarm) => guard([alarm, chosen === alarm.id, first()?.id === alarm.id, isWaiting("acknowledge", alarm.id), subjectName(alarm), store.reference, store.isReplay], () => row(alarm));

function row(alarm) {
  const isNew = alarm.state === "unacknowledged";
  const isFirstNew = first()?.id === alarm.id;
  const isSending = isWaiting("acknowledge", alarm.id);
  const where = subjectName(alarm);
  return html`<li class="alarm p${alarm.priority} ${alarm.state} ${chosen === alarm.id ? "chosen" : ""}">
    <button type="button" class="row-button" data-id=${alarm.id} aria-expanded=${String(chosen === alarm.id)} @click=${() => choose(alarm.id)}>
      <span class="mark">${priorityMark(alarm.priority)}</span><span class="title">${alarm.title}${measured(alarm)}</span>
      <span class="under">${where ? html`<span>${where}</span>` : nothing}<span class="nowrap">${since(alarm.raised_at)}</span>${alarm.repeats ? html`<span>${word("alarm.repeats", { count: alarm.repeats })}</span>` : nothing}
        ${alarm.state === "returned" ? html`<b>${word("alarm.returned")}</b>` : nothing}
        ${alarm.state === "acknowledged" ? html`<span>${clock(alarm.acknowledged_at, { seconds: false })} ${personTitle(alarm.acknowledged_by)}</span>` : nothing}</span></button>
    ${NOW.has(alarm.state) && mayAct(alarm) ? html`<button type="button" class="button small ${isNew ? "primary" : ""}" aria-keyshortcuts=${isFirstNew ? "a" : nothing} ?disabled=${isSending}
      aria-label=${word("alarm.acknowledge_this", { title: alarm.title })} @click=${() => acknowledge([alarm])}>${isSending ? word("pane.sending") : word("alarm.acknowledge")} ${isFirstNew ? hint("a") : nothing}</button>` : nothing}
    ${chosen === alarm.id ? more(alarm) : action(alarm)}</li>`;
}

const actionWords = (alarm) => (alarm.contingency ? store.reference?.contingencies?.find((one) => one.id === alarm.contingency)?.title : null) || alarm.action;
function action(alarm) {
  if (alarm.state !== "unacknowledged" || !actionWords(alarm)) return nothing;
  return html`<p class="agreed">${alarm.contingency && mayAct(alarm) ? html`<button type="button" class="link" @click=${() => act(alarm)}>${actionWords(alarm)}</button> ${first()?.id === alarm.id ? hint("c") : nothing}` : actionWords(alarm)}</p>`;
}

function more(alarm) {
  const may = mayAct(alarm);
  return html`<div class="alarm-more"><dl class="pairs">
      ${actionWords(alarm) ? html`<dt>${word("alarm.action")}</dt><dd>${actionWords(alarm)}</dd>` : nothing}
      ${alarm.agency ? html`<dt>${word("alarm.agency")}</dt><dd>${agencyShort(alarm.agency)}</dd>` : nothing}
      <dt>${word("alarm.raised")}</dt><dd>${clock(alarm.raised_at)}${alarm.last_at && alarm.last_at !== alarm.raised_at ? ` · ${word("alarm.last", { time: clock(alarm.last_at) })}` : ""}</dd>
      ${alarm.acknowledged_at ? html`<dt>${word("alarm.acknowledged")}</dt><dd>${clock(alarm.acknowledged_at)}, ${personTitle(alarm.acknowledged_by)}</dd>` : nothing}</dl>
    ${may ? html`<div class="row tight">
      ${alarm.contingency ? html`<button type="button" class="button small primary" aria-keyshortcuts="c" @click=${() => act(alarm)}>${word("alarm.open_card")} ${hint("c")}</button>` : nothing}
      ${alarm.subject_kind === "incident" ? html`<button type="button" class="button small" @click=${() => openIncident(alarm.subject)}>${word("incident.open")}</button>` : nothing}
      <button type="button" class="button small" aria-keyshortcuts="z" @click=${() => shelve(alarm)}>${word("alarm.shelve")} ${hint("z")}</button>
      <button type="button" class="button small" @click=${() => clear(alarm)}>${word("alarm.clear")}</button></div>` : nothing}</div>`;
}

function flood() {
  const found = sorted(open().filter((alarm) => alarm.flooded && NOW.has(alarm.state)));
  if (!found.length) return nothing;
  const worst = Math.min(...found.map((alarm) => alarm.priority));
  return html`<li class="alarm group"><button type="button" class="row-button" aria-expanded=${String(isFloodOpen)} @click=${() => { isFloodOpen = !isFloodOpen; draw(); }}>
      <span class="mark">${priorityMark(worst)}</span><span class="title">${word("alarm.flood", { count: found.length })}</span><span class="under"><span>${word("alarm.flood_hint")}</span></span></button>
    ${found.some(mayAct) ? html`<button type="button" class="button small" @click=${() => acknowledge(found.filter(mayAct))}>${word("alarm.acknowledge_all", { count: found.length })}</button>` : nothing}</li>
    ${isFloodOpen ? repeat(found, (alarm) => alarm.id, keptRow) : nothing}`;
}

function shelf() {
  const found = open().filter((alarm) => alarm.state === "shelved").sort((a, b) => ms(a.shelved_until) - ms(b.shelved_until));
  if (!found.length) return nothing;
  return html`<li class="alarm group"><button type="button" class="row-button" aria-expanded=${String(isShelfOpen)} @click=${() => { isShelfOpen = !isShelfOpen; draw(); }}>
      <span class="mark"></span><span class="title">${word("alarm.shelved_count", { count: found.length })}</span><span class="under"><span>${word("alarm.first_returns", { time: clock(found[0].shelved_until, { seconds: false }) })}</span></span></button></li>
    ${isShelfOpen ? found.map((alarm) => html`<li class="alarm shelved"><div class="row-button"><span class="mark">${priorityMark(alarm.priority)}</span><span class="title">${alarm.title}</span>
      <span class="under"><span>${word("alarm.returns", { time: clock(alarm.shelved_until, { seconds: false }) })}</span><span>${alarm.shelf_reason}</span><span>${personTitle(alarm.shelved_by)}</span></span></div>
      ${mayAct(alarm) ? html`<button type="button" class="button small" @click=${() => send("unshelve", { alarm_ids: [alarm.id] }).catch(() => {})}>${word("alarm.unshelve")}</button>` : nothing}</li>`) : nothing}`;
}

// How many alarms came in each ten minutes of the last hour.
export function rates(alarms, now) {
  const counts = new Array(SLOTS).fill(0);
  for (const alarm of alarms) { const slot = SLOTS - 1 - Math.floor((now - ms(alarm.raised_at)) / SLOT_MS); if (slot >= 0 && slot < SLOTS) counts[slot] += 1; }
  return counts;
}

function sparkline(counts) {
  const top = Math.max(FLOOD_RATE, ...counts);
  const bars = counts.map((count, index) => { const height = count ? Math.max(2, (count / top) * 16) : 1; return svg`<rect x=${index * 7} y=${17 - height} width="5" height=${height} class=${count >= FLOOD_RATE ? "many" : index === SLOTS - 1 ? "last" : ""}></rect>`; });
  return html`<svg class="spark" viewBox="0 0 42 18" role="img" aria-label=${word("alarm.rates", { counts: counts.join(", ") })}>${bars}</svg>`;
}

function view() {
  const counts = rates(store.all("alarm"), store.now());
  const now = counts.at(-1);
  const alarms = listed();
  const fresh = open().filter((alarm) => alarm.state === "unacknowledged").length;
  return html`<header class="panel-head"><h2>${word("alarm.many")}</h2>${sparkline(counts)}<p class="soft"><span class="nowrap ${now >= FLOOD_RATE ? "tone-amber" : ""}">${word("alarm.rate", { count: now })}</span>
      ${fresh ? html`<b class="nowrap tone-red">${word("alarm.fresh_count", { count: fresh })}</b>` : nothing}</p>
      ${mayOperate(store.reference?.viewer?.agency) ? html`<button type="button" class="tool" @click=${() => openRaise()} title=${word("alarm.raise")}>${word("alarm.raise_short")} ${hint("t")}</button>` : nothing}</header>
    <div class="stops">${runningStops()}</div>
    <ul class="alarm-list" aria-label=${word("alarm.many")} @keydown=${onKey}>${repeat(alarms, (alarm) => alarm.id, keptRow)}${flood()}${shelf()}
      ${alarms.length ? nothing : html`<li class="empty-line">${word("alarm.none")}</li>`}</ul>`;
}

function onKey(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const buttons = [...event.currentTarget.querySelectorAll(".row-button[data-id]")];
  const at = buttons.indexOf(document.activeElement.closest("li")?.querySelector(".row-button[data-id]"));
  buttons[Math.max(0, Math.min(buttons.length - 1, at + step))]?.focus();
  event.preventDefault();
}

// New alarms are said aloud: critical ones at once, the others when there is a pause.
function announce() {
  const fresh = open().filter((alarm) => alarm.state === "unacknowledged" && !alarm.flooded && !told.has(`${alarm.id} ${alarm.repeats ?? 0}`));
  for (const alarm of fresh) told.add(`${alarm.id} ${alarm.repeats ?? 0}`);
  if (isFirst) { isFirst = !store.reference; if (fresh.length) tell(word("alarm.fresh_count", { count: fresh.length })); return; }
  for (const alarm of fresh.slice(0, 3)) tell(word("alarm.spoken", { priority: word(`priority.${alarm.priority}`), title: alarm.title, place: subjectName(alarm) }), alarm.priority === 1);
}

export function mount(element) {
  element.classList.add("alarms-panel");
  element.setAttribute("aria-label", word("alarm.many"));
  draw = panel(element, ["alarm", "show_stop", "unit", "incident", "message", "job"], view);
  store.on(["alarm"], announce);
  announce();
  onVerb("acknowledge", () => { const alarm = first(); if (alarm) acknowledge([alarm]); });
  const withTarget = (run) => () => { const alarm = target(); if (!alarm || !mayAct(alarm)) return false; run(alarm); return true; };
  register({ key: "a", label: "keys.acknowledge", group: "alarms", run: () => { const alarm = first(); if (!alarm || !mayAct(alarm)) return false; acknowledge([alarm]); return true; } });
  register({ key: "c", label: "keys.card", group: "alarms", run: withTarget(act) });
  register({ key: "z", label: "keys.shelve", group: "alarms", run: withTarget(shelve) });
  register({ key: "t", label: "keys.raise", group: "alarms", run: () => { openRaise(); } });
  register({ key: "s", label: "keys.alarms", group: "alarms", run: () => { (element.querySelector(".row-button[data-id]") || element).focus(); } });
}
