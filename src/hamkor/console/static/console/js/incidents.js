// SPDX-License-Identifier: Apache-2.0
// The list of incidents: what nobody has looked at first, then by priority; one look per incident, all by keyboard.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { guard } from "../../hamkor/vendor/lit/directives/guard.js";
import { repeat } from "../../hamkor/vendor/lit/directives/repeat.js";
import { agencyShort, placeName, priorityMark } from "./names.js";
import { advance, mount as mountDetail, nextStep, openIncident } from "./incident_detail.js";
import { openDispatch } from "./dispatch.js";
import { openNew } from "./incident_new.js";
import { hint, isTyping, register } from "./keys.js";
import { showSheet } from "./layout.js";
import { number, titleOf } from "./lexicon.js";
import { mayOperate, panel, since } from "./panel.js";
import { isWaiting } from "./outbox.js";
import { store } from "./store.js";
import { ms, span } from "./times.js";
import { number as figure, word } from "./words.js";

export const OPEN = new Set(["reported", "assessed", "dispatched", "on_scene"]);
const GONE = new Set(["merged", "struck"]);
const CLOSED_SHOWN = 200;
let filter = "all";
let draw = () => {};
let list = null;

const isMine = (incident) => [incident.agency, ...(incident.supporting || [])].includes(store.reference?.viewer?.agency);

/** The moment since which an incident is overdue as the server said it, by an alarm or a piece of work; null otherwise. */
export function overdueSince(incident) {
  const [alarms, jobs] = [store.all("alarm"), store.all("job")];
  // One look through alarms and work for all incidents, until one of them changes.
  if (late.alarms !== alarms || late.jobs !== jobs) {
    late = { alarms, jobs, since: new Map() };
    for (const job of jobs) if (job.incident && job.overdue_since) late.since.set(job.incident, job.overdue_since);
    for (const alarm of alarms) if (alarm.sort === "overdue" && alarm.state !== "cleared") late.since.set(alarm.subject, alarm.raised_at);
  }
  return late.since.get(incident.id) || null;
}
let late = { alarms: null, jobs: null, since: new Map() };

const FILTERS = {
  all: (incident) => OPEN.has(incident.state) || incident.state === "resolved",
  mine: (incident) => FILTERS.all(incident) && isMine(incident),
  overdue: (incident) => FILTERS.all(incident) && Boolean(overdueSince(incident)),
  closed: (incident) => incident.state === "closed" || GONE.has(incident.state),
};

const rank = (incident) => (incident.state === "reported" ? 0 : OPEN.has(incident.state) ? 1 : 2);
export function sorted(incidents) {
  return [...incidents].sort((one, other) =>
    rank(one) - rank(other) || one.priority - other.priority || ms(one.reported_at) - ms(other.reported_at));
}

function shown() {
  const found = store.all("incident").filter(FILTERS[filter]);
  if (filter !== "closed") return sorted(found);
  return found.sort((one, other) => other.number - one.number).slice(0, CLOSED_SHOWN);
}

// The view ---------------------------------------------------------------------------------------------------------
function chips() {
  const all = store.all("incident");
  return html`<div class="segments" role="group" aria-label=${word("incident.filter")}>${Object.keys(FILTERS).map((name) => {
    const count = all.filter(FILTERS[name]).length;
    return html`<button type="button" aria-pressed=${String(filter === name)} class=${name === "overdue" && count ? "amber" : ""}
      title=${word(`incident.filter_${name}`)} @click=${() => choose(name)}><span>${word(`incident.filter_${name}`)}</span> <b>${figure(count)}</b></button>`;
  })}</div>`;
}

function choose(name) { filter = name; draw(); }

// A row is made anew only when something it shows has changed.
const keptRow = (incident) => guard([incident, store.selection?.id === incident.id, overdueSince(incident), store.all("unit"), store.reference, store.isReplay, filter, isWaiting("advance_incident", incident.id)], () => row(incident));

function row(incident) {
  const isChosen = store.selection?.kind === "incident" && store.selection.id === incident.id;
  const overdue = overdueSince(incident);
  const place = placeName(incident.place);
  const label = [word("incident.priority", { number: incident.priority, name: word(`priority.${incident.priority}`) }), titleOf(incident), number(incident), place, word(`incident.state_${incident.state}`)].filter(Boolean).join(", ");
  return html`<li class="incident p${incident.priority} ${incident.state} ${isChosen ? "chosen" : ""} ${GONE.has(incident.state) ? "gone" : ""}">
    <button type="button" class="row-button" data-id=${incident.id} tabindex=${isChosen ? 0 : -1} aria-current=${String(isChosen)} aria-label=${label}
      @click=${() => store.select({ kind: "incident", id: incident.id })} @dblclick=${() => openIncident(incident.id)}>
      <span class="mark">${priorityMark(incident.priority)}</span><span class="title">${titleOf(incident)}</span>${since(incident.reported_at, "age")}
      <span class="second-line"><span class="under"><span class="number-word">${number(incident)}</span>${place ? html`<span>${place}</span>` : html`<span class="tone-amber">${word("incident.no_place")}</span>`}<span>${agencyShort(incident.agency)}</span></span>
      <span class="state">${overdue ? html`<span class="tone-amber nowrap">${word("incident.overdue")} <span data-since=${overdue}></span></span>` : stateOf(incident)}</span></span></button>
    ${isChosen && filter !== "closed" ? actions(incident) : nothing}</li>`;
}

function stateOf(incident) {
  if (isWaiting("advance_incident", incident.id)) return html`<i>${word("pane.sending")}</i>`;
  const busy = (incident.units || []).map((id) => store.get("unit", id)).filter(Boolean);
  if (incident.state === "dispatched" && busy.length) return word("incident.units_under_way", { count: busy.length });
  if (incident.state === "on_scene" && busy.length === 1) return word("incident.unit_on_scene", { unit: busy[0].call_sign });
  return word(`incident.state_${incident.state}`);
}

function actions(incident) {
  if (!mayOperate(incident.agency, ...(incident.supporting || []))) return nothing;
  const next = nextStep(incident);
  return html`<div class="row-actions">
    ${next ? html`<button type="button" class="button small ${incident.state === "reported" ? "primary" : ""}" aria-keyshortcuts="e" @click=${() => advance(incident)}>${word(`incident.do_${next}`)} ${hint("e")}</button>` : nothing}
    ${next === "dispatched" ? nothing : html`<button type="button" class="button small" aria-keyshortcuts="d" @click=${() => openDispatch(incident.id)}>${word("incident.send_units")} ${hint("d")}</button>`}
    <button type="button" class="button small" aria-keyshortcuts="Enter" @click=${() => openIncident(incident.id)}>${word("incident.open")} ${hint("enter")}</button></div>`;
}

// Median times are those of this event so far; nothing is shown before there is one.
function foot() {
  const all = store.all("incident");
  const answered = all.map((one) => ms(one.moments?.assessed || one.moments?.dispatched) - ms(one.reported_at)).filter((value) => value >= 0).sort((a, b) => a - b);
  const closed = all.filter((one) => one.state === "closed").length;
  return html`<footer class="panel-foot">${answered.length ? html`<span>${word("incident.median")} <b>${span(answered[Math.floor(answered.length / 2)])}</b></span>` : nothing}
    <span>${word("incident.filter_closed")} <b>${figure(closed)}</b></span></footer>`;
}

function view() {
  const incidents = shown();
  const open = store.all("incident").filter((incident) => OPEN.has(incident.state));
  const fresh = open.filter((incident) => incident.state === "reported").length;
  return html`<header class="panel-head"><h2>${word("incident.many")}</h2><p class="soft"><span class="nowrap">${word("incident.open_count", { count: open.length })}</span>
      ${fresh ? html`<b class="nowrap tone-red">${word("incident.fresh_count", { count: fresh })}</b>` : nothing}</p>
      ${store.may("report_incident") || store.may("operate") ? html`<button type="button" class="button small" aria-keyshortcuts="n" @click=${() => openNew()}>${word("incident.new_short")} ${hint("n")}</button>` : nothing}</header>
    ${chips()}
    <ul class="incident-list" aria-label=${word("incident.many")} @keydown=${onKey}>${incidents.length
      ? repeat(incidents, (incident) => incident.id, keptRow) : html`<li class="empty-line">${word(`incident.none_${filter}`)}</li>`}</ul>
    ${foot()}`;
}

// Keys -------------------------------------------------------------------------------------------------------------
function onKey(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Enter" && event.target.closest(".row-button") && store.selection?.kind === "incident") { event.preventDefault(); openIncident(store.selection.id); return; }
  if (!step) return;
  event.preventDefault();
  move(step);
}

function move(step) {
  const incidents = shown();
  if (!incidents.length) return;
  const at = incidents.findIndex((incident) => store.selection?.kind === "incident" && incident.id === store.selection.id);
  const next = incidents[Math.max(0, Math.min(incidents.length - 1, at < 0 ? 0 : at + step))];
  store.select({ kind: "incident", id: next.id });
  draw();
  const button = list.querySelector(`[data-id="${CSS.escape(next.id)}"]`);
  button?.focus({ preventScroll: true });
  button?.scrollIntoView({ block: "nearest" });
}

const chosen = () => (store.selection?.kind === "incident" ? store.get("incident", store.selection.id) : null);
const withChosen = (run) => () => { const incident = chosen(); if (!incident) return false; run(incident); return true; };

export function mount(element) {
  mountDetail();
  list = element;
  element.classList.add("incidents-panel");
  element.setAttribute("aria-label", word("incident.many"));
  draw = panel(element, ["incident", "unit", "job", "alarm"], view);
  // The first row can always be reached by Tab.
  const reachable = () => { if (!element.querySelector('.row-button[tabindex="0"]')) element.querySelector(".row-button")?.setAttribute("tabindex", "0"); };
  new MutationObserver(reachable).observe(element, { childList: true, subtree: true });
  reachable();
  register({ key: "i", label: "keys.incidents", group: "incidents", run: () => { showSheet("left", "incidents"); move(0); } });
  register({ key: "j", label: "keys.next", group: "incidents", repeats: true, run: () => move(1) });
  register({ key: "k", label: "keys.previous", group: "incidents", repeats: true, run: () => move(-1) });
  register({ key: "enter", label: "keys.open", group: "incidents", when: (event) => !isTyping(event.target) && event.target === document.body, run: withChosen((incident) => openIncident(incident.id)) });
  register({ key: "e", label: "keys.advance", group: "incidents", run: withChosen(advance) });
  register({ key: "d", label: "keys.dispatch", group: "incidents", run: withChosen((incident) => openDispatch(incident.id)) });
  register({ key: "b", label: "keys.note", group: "incidents", run: withChosen((incident) => openIncident(incident.id, "#incident-note")) });
  register({ key: "f", label: "keys.filter", group: "incidents", run: () => { const names = Object.keys(FILTERS); choose(names[(names.indexOf(filter) + 1) % names.length]); } });
}
