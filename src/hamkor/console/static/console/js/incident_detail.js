// SPDX-License-Identifier: Apache-2.0
// One incident as a whole: where it stands and the next step, what is still to be asked, who was sent, what was noted.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { repeat } from "../../hamkor/vendor/lit/directives/repeat.js";
import { agencyName, agencyShort, personTitle, placeName, pointOf, priorityMark } from "./names.js";
import { onVerb } from "./commands.js";
import { openContingency } from "./contingency.js";
import { openDispatch } from "./dispatch.js";
import { openNew, prompts } from "./incident_new.js";
import { medical, missingPerson } from "./incident_people.js";
import { jobsOf } from "./job_forms.js";
import { hint } from "./keys.js";
import { channelName, features, incidents, number, placeOf, titleOf, typeOf, types } from "./lexicon.js";
import { openCompose } from "./compose.js";
import { draft, keepDraft, keeping, isOpen, mayOperate, open, reason, redrawPane, said, since, submitOnEnter } from "./panel.js";
import { clear, picked, picker } from "./pick.js";
import { isWaiting, send } from "./outbox.js";
import { store } from "./store.js";
import { clock, ms } from "./times.js";
import { hasWord, word } from "./words.js";

const VIEW = "incident";
const STEPS = ["reported", "assessed", "dispatched", "on_scene", "resolved", "closed"];
const GONE = new Set(["merged", "struck"]);
const NEAR_M = 100;
const NEAR_MS = 30 * 60 * 1000;
let shown = null;
let editing = "";

/** The state that usually follows, null at the end. */
export const nextStep = (incident) => (GONE.has(incident.state) ? null : STEPS[STEPS.indexOf(incident.state) + 1] || null);

/** Brings an incident one step on; sending units and closing ask what is needed for it. */
export function advance(incident) {
  const next = nextStep(incident);
  if (!next || isWaiting("advance_incident", incident.id)) return;
  if (next === "dispatched") openDispatch(incident.id);
  else if (next === "resolved" || next === "closed") finish(incident, next);
  else step(incident, next);
}

function step(incident, state, given = {}) {
  const before = incident.state;
  return send("advance_incident", { incident_id: incident.id, state, ...given }, { expected: ["incident-unfinished"] }).then(() => {
    const isReversible = STEPS.indexOf(before) > 0 && state !== "closed";
    said(word("incident.now", { number: number(incident), state: word(`incident.state_${state}`) }), isReversible ? () => step(store.get("incident", incident.id), before).catch(() => {}) : null);
  });
}

async function finish(incident, state) {
  const outcome = incident.outcome && state === "closed" ? incident.outcome
    : await reason(word(`incident.ask_${state}`, { number: number(incident) }), { hintText: word("incident.outcome_hint"), choices: [word("incident.outcome_settled"), word("incident.outcome_false"), word("incident.outcome_hospital"), word("incident.outcome_police")] });
  if (!outcome) return;
  try { await step(incident, state, { outcome }); } catch (refusal) {
    if (refusal.code !== "incident-unfinished") return;
    const why = await reason(word("incident.close_anyway"), { hintText: refusal.message });
    if (why) step(incident, state, { outcome, reason: why }).catch(() => {});
  }
}

/** Opens an incident beside the list; `focus` is what to go to in it. */
export function openIncident(id, focus = "h2") {
  if (shown !== id) { editing = ""; clear("merge-with"); clear("incident-place"); }
  shown = id;
  store.select({ kind: "incident", id });
  open({ name: VIEW, title, aside, view, close: () => { editing = ""; } }, { focus, only: true });
}

const current = () => store.get("incident", shown);
function title() {
  const incident = current();
  return incident ? html`${priorityMark(incident.priority)} <span>${titleOf(incident)}</span>` : word("incident.gone");
}
const aside = () => (current() ? html`<span class="soft nowrap">${number(current())} · ${since(current().reported_at)}</span>` : nothing);

const change = (incident, fields) => send("change_incident", { incident_id: incident.id, fields });

// The view ---------------------------------------------------------------------------------------------------------
function view(draw) {
  const incident = current();
  if (!incident) return html`<p class="empty-line">${word("incident.gone_hint")}</p>`;
  const may = mayOperate(incident.agency, ...(incident.supporting || [])) && !GONE.has(incident.state);
  return html`${standing(incident)}${may ? steps(incident) : plainSteps(incident)}
    ${facts(incident, { may, draw })}${questions(incident, may)}${similar(incident, may)}
    ${sent(incident, may)}${cards(incident, may)}${jobsOf(incident, may)}${medical(incident, may)}${missingPerson(incident, may)}
    ${affected(incident, may)}${family(incident)}${reports(incident, may)}${notes(incident, may)}${messages(incident)}${history(incident)}
    ${may ? last(incident, draw) : nothing}`;
}

function standing(incident) {
  if (incident.state === "merged") return html`<p class="notice">${word("incident.merged_into")} ${linkTo(incident.merged_into)}</p>`;
  if (incident.state === "struck") return html`<p class="notice amber">${word("incident.was_struck", { reason: incident.strike?.reason || "" })}</p>`;
  return nothing;
}

const linkTo = (id) => {
  const other = store.get("incident", id);
  return html`<button type="button" class="link" @click=${() => openIncident(id)}>${other ? `${number(other)} ${titleOf(other)}` : word("incident.gone")}</button>`;
};

const stepList = (incident) => html`<ol class="steps" aria-label=${word("incident.steps")}>${STEPS.map((name) => {
  const at = incident.moments?.[name] || (name === "reported" ? incident.reported_at : null);
  const isNow = incident.state === name;
  const isDone = STEPS.indexOf(name) < STEPS.indexOf(incident.state);
  return html`<li class=${isNow ? "now" : isDone ? "done" : ""} aria-current=${isNow ? "step" : nothing}><span>${word(`incident.state_${name}`)}</span><small>${at && (isNow || isDone) ? clock(at, { seconds: false }) : ""}</small></li>`;
})}</ol>`;
const plainSteps = (incident) => (GONE.has(incident.state) ? nothing : stepList(incident));

function steps(incident) {
  const next = nextStep(incident);
  const isSending = isWaiting("advance_incident", incident.id);
  return html`${stepList(incident)}<div class="row tight">
    ${next ? html`<button type="button" class="button primary" aria-keyshortcuts="e" ?disabled=${isSending} @click=${() => advance(incident)}>${isSending ? word("pane.sending") : word(`incident.do_${next}`)} ${hint("e")}</button>` : nothing}
    ${next === "dispatched" ? nothing : html`<button type="button" class="button" aria-keyshortcuts="d" @click=${() => openDispatch(incident.id)}>${word("incident.send_units")} ${hint("d")}</button>`}
    <button type="button" class="button" @click=${() => openCompose({ incident: incident.id })}>${word("message.write_short")} ${hint("w")}</button>
    <details class="jump"><summary class="button">${word("incident.other_step")} …</summary><div class="jump-menu">${STEPS.filter((name) => name !== incident.state && name !== "reported").map((name) => html`
      <button type="button" @click=${(event) => { event.target.closest("details").open = false; jump(incident, name); }}>${word(`incident.state_${name}`)}</button>`)}</div></details></div>`;
}

async function jump(incident, state) {
  if (state === "resolved" || state === "closed") { finish(incident, state); return; }
  const why = incident.state === "closed" ? await reason(word("incident.ask_reopen", { number: number(incident) })) : "";
  if (why === null) return;
  step(incident, state, why ? { reason: why } : {}).catch(() => {});
}

function facts(incident, { may, draw }) {
  const line = (label, value) => (value ? html`<dt>${label}</dt><dd>${value}</dd>` : nothing);
  const isEdited = may && editing === "facts";
  return html`<section class="block"><div class="block-head"><h3>${word("incident.facts")}</h3>
      ${may ? html`<button type="button" class="tool" @click=${() => { editing = isEdited ? "" : "facts"; draw(); }}>${word(isEdited ? "pane.done" : "pane.change")}</button>` : nothing}</div>
    ${isEdited ? factFields(incident, draw) : html`<dl class="pairs">
      ${line(word("incident.place"), placeName(incident.place) || html`<span class="tone-amber">${word("incident.no_place")}</span>`)}
      ${line(word("incident.owner"), html`${agencyName(incident.agency)}${incident.supporting?.length ? html` <span class="soft">+ ${incident.supporting.map(agencyShort).join(", ")}</span>` : nothing}`)}
      ${line(word("incident.text"), incident.text)}
      ${line(word("incident.source"), html`${word(`source.${incident.source}`)}${incident.reporter ? `, ${incident.reporter}` : ""} · ${clock(incident.reported_at)}`)}
      ${line(word("incident.card_112"), incident.card_112)}${line(word("incident.outcome"), incident.outcome)}</dl>`}</section>`;
}

function factFields(incident, draw) {
  const set = (name, isEmptyNull = true) => (event) => { const value = event.target.value.trim(); change(incident, { [name]: value || (isEmptyNull ? null : "") }).catch(() => {}); };
  const agencies = store.reference?.agencies || [];
  return html`<div class="fields two">
    <div><label for="i-type">${word("incident.type")}</label><select id="i-type" @change=${set("type")}><option value="" ?selected=${!incident.type}>${word("incident.no_type")}</option>
      ${types().map((type) => html`<option value=${type.value} ?selected=${incident.type === type.value}>${type.label}</option>`)}</select></div>
    <div><label for="i-priority">${word("incident.priority_word")}</label><select id="i-priority" @change=${(event) => change(incident, { priority: Number(event.target.value) }).catch(() => {})}>
      ${[1, 2, 3, 4].map((value) => html`<option value=${value} ?selected=${incident.priority === value}>${value} ${word(`priority.${value}`)}</option>`)}</select></div>
    <div><label for="i-agency">${word("incident.owner")}</label><select id="i-agency" @change=${set("agency")}>${agencies.map((one) => html`<option value=${one.code} ?selected=${incident.agency === one.code}>${one.short || one.name}</option>`)}</select></div>
    <div><label for="i-card">${word("incident.card_112")}</label><input id="i-card" maxlength="60" .defaultValue=${incident.card_112 || ""} @change=${set("card_112")}></div>
    <div class="wide"><label for="i-title">${word("incident.title")}</label><input id="i-title" maxlength="120" .defaultValue=${incident.title || ""} @change=${set("title", false)}></div>
    <div class="wide">${picker({ id: "incident-place", label: word("incident.place"), candidates: features, draw, hintText: placeName(incident.place),
      onPick: ([found]) => { if (found) change(incident, { place: placeOf(found) }).catch(() => {}); } })}</div>
    <div class="wide"><label for="i-place-words">${word("incident.place_words")}</label><input id="i-place-words" maxlength="500" .defaultValue=${incident.place?.words || ""}
      @change=${(event) => change(incident, { place: withWords(incident.place, event.target.value.trim()) }).catch(() => {})}></div>
    <fieldset class="wide"><legend>${word("incident.supporting")}</legend><div class="checks">${agencies.filter((one) => one.code !== incident.agency).map((one) => html`<label class="check"><input type="checkbox" .checked=${(incident.supporting || []).includes(one.code)}
      @change=${(event) => change(incident, { [event.target.checked ? "supporting_added" : "supporting_removed"]: [one.code] }).catch(() => {})}> <span>${one.short || one.name}</span></label>`)}</div></fieldset></div>`;
}

function withWords(place, words) {
  const { feature, point } = place || {};
  const made = { ...(feature ? { feature } : {}), ...(point ? { point } : {}), ...(words ? { words } : {}) };
  return Object.keys(made).length ? made : null;
}

function questions(incident, may) {
  const type = typeOf(incident.type);
  const lacking = incident.missing_facts || [];
  if (!type?.prompts?.length && !lacking.length) return nothing;
  const known = incident.known || {};
  const answered = (type?.prompts || []).filter((prompt) => known[prompt.key]);
  const asked = (type?.prompts || []).filter((prompt) => !known[prompt.key]);
  const answer = (key, text) => change(incident, { known: { [key]: text || null } }).catch(() => {});
  return html`<section class="block"><div class="block-head"><h3>${word("incident.questions")}</h3>
      ${lacking.length ? html`<span class="tone-amber">${word("incident.lacking", { count: lacking.length })}</span>` : html`<span class="soft">${word("incident.all_known")}</span>`}</div>
    ${answered.length ? html`<dl class="pairs">${answered.map((prompt) => html`<dt>${prompt.question}</dt><dd>${known[prompt.key]}
      ${may ? html`<button type="button" class="tool" aria-label=${word("incident.answer_again", { question: prompt.question })} @click=${() => answer(prompt.key, "")}>${word("pane.change")}</button>` : nothing}</dd>`)}</dl>` : nothing}
    ${may && incident.state !== "closed" ? prompts({ prompts: asked }, known, answer) : nothing}</section>`;
}

// What may be the same thing: near, soon after, and of a kind. The operator decides.
function metres(one, other) {
  const [a, b] = [pointOf(one), pointOf(other)];
  if (!a || !b) return one?.feature && one.feature === other?.feature ? 0 : Infinity;
  const toRad = Math.PI / 180;
  return 6371009 * Math.hypot((a[0] - b[0]) * toRad * Math.cos(a[1] * toRad), (a[1] - b[1]) * toRad);
}
export function duplicates(incident) {
  return store.all("incident").filter((other) => other.id !== incident.id && !GONE.has(other.state) && other.state !== "closed"
    && other.parent !== incident.id && incident.parent !== other.id
    && Math.abs(ms(other.reported_at) - ms(incident.reported_at)) <= NEAR_MS
    && ((incident.card_112 && incident.card_112 === other.card_112) || ((other.type === incident.type || !other.type || !incident.type) && metres(incident.place, other.place) <= NEAR_M)));
}

function similar(incident, may) {
  const found = may ? duplicates(incident) : [];
  if (!found.length) return nothing;
  return html`<section class="block suggestion"><h3>${word("incident.same_perhaps")}</h3>${found.slice(0, 3).map((other) => html`<div class="row tight">${linkTo(other.id)} <span class="soft">${since(other.reported_at)}</span>
    <button type="button" class="button small" @click=${() => merge(...[incident, other].sort((a, b) => a.number - b.number))}>${word("incident.merge_into", { number: number([incident, other].sort((a, b) => a.number - b.number)[0]) })}</button></div>`)}</section>`;
}

function merge(into, from) {
  send("merge_incidents", { into_id: into.id, from_id: from.id }).then(() => { said(word("incident.merged_done", { from: number(from), into: number(into) })); openIncident(into.id); }).catch(() => {});
}

function sent(incident, may) {
  const units = (incident.units || []).map((id) => store.get("unit", id)).filter(Boolean);
  if (!units.length) return nothing;
  return html`<section class="block"><h3>${word("unit.many")}</h3><ul class="lines">${units.map((unit) => html`<li><b>${unit.call_sign}</b> <span class="soft">${agencyShort(unit.agency)}</span>
    <span class="push">${word(`unit.${unit.state}`)} ${since(unit.since, "soft")}</span>
    ${may ? html`<select aria-label=${word("unit.state_of", { unit: unit.call_sign })} @change=${(event) => send("set_unit_state", { unit_id: unit.id, state: event.target.value }).catch(() => {})}>
      ${["assigned", "en_route", "on_scene", "busy", "free"].map((state) => html`<option value=${state} ?selected=${unit.state === state}>${word(`unit.${state}`)}</option>`)}</select>` : nothing}</li>`)}</ul></section>`;
}

function cards(incident, may) {
  const ids = typeOf(incident.type)?.contingencies || [];
  const found = (store.reference?.contingencies || []).filter((one) => ids.includes(one.id));
  const runs = store.all("contingency_run").filter((run) => run.cause === incident.id || run.incident === incident.id);
  if (!found.length && !runs.length) return nothing;
  return html`<section class="block"><h3>${word("contingency.agreed")}</h3><div class="row tight">${found.map((one) => html`<button type="button" class="button small" ?disabled=${!may} @click=${() => openContingency(one.id, { incident: incident.id, cause: incident.id })}>
    ${one.title}${runs.some((run) => run.contingency === one.id && !run.ended_at) ? html` <i>${word("contingency.running")}</i>` : nothing}</button>`)}</div></section>`;
}

function affected(incident, may) {
  const counts = incident.affected || {};
  return html`<section class="block"><h3>${word("incident.affected")}</h3><div class="fields four">${["injured", "dead", "missing", "evacuated"].map((name) => html`<div><label for="affected-${name}">${word(`affected.${name}`)}</label>
    <input id="affected-${name}" type="number" min="0" max="1000000" inputmode="numeric" .value=${String(counts[name] ?? 0)} ?readonly=${!may}
      @change=${(event) => { if (event.target.validity.valid) change(incident, { affected: { [name]: Number(event.target.value) } }).catch(() => {}); }}></div>`)}</div></section>`;
}

function family(incident) {
  const children = store.all("incident").filter((other) => other.parent === incident.id);
  if (!incident.parent && !children.length) return nothing;
  return html`<section class="block"><h3>${word("incident.family")}</h3>${incident.parent ? html`<p>${word("incident.part_of")} ${linkTo(incident.parent)}</p>` : nothing}
    ${children.length ? html`<ul class="lines">${children.map((child) => html`<li>${priorityMark(child.priority)} ${linkTo(child.id)} <span class="push soft">${word(`incident.state_${child.state}`)}</span></li>`)}</ul>` : nothing}</section>`;
}

function reports(incident, may) {
  const name = `report:${incident.id}`;
  const add = (event) => {
    event.preventDefault();
    const field = event.target.elements.report;
    const text = field.value.trim();
    if (!text) return;
    send("link_report", { incident_id: incident.id, text, source: event.target.elements.source.value }).catch(() => keepDraft(name, text));
    field.value = "";
    keepDraft(name, "");
  };
  return html`<section class="block"><h3>${word("incident.reports")} ${incident.reports?.length ? html`<span class="soft">${incident.reports.length}</span>` : nothing}</h3>
    <ul class="lines">${(incident.reports || []).map((report) => html`<li class="wrapped"><time class="soft">${clock(report.at)}</time> <span>${report.text}${report.place ? html` <span class="soft">${placeName(report.place)}</span>` : nothing}</span> <span class="push soft">${word(`source.${report.source}`)}${report.number ? ` · ${number(report)}` : ""}</span></li>`)}</ul>
    ${may ? html`<details class="adder"><summary>${word("incident.add_report")}</summary><form class="row tight" @submit=${add}>
      <select name="source" aria-label=${word("incident.source")}>${["radio", "phone", "112", "field", "citizen", "camera"].map((source) => html`<option value=${source}>${word(`source.${source}`)}</option>`)}</select>
      <input class="grow" name="report" maxlength="4000" aria-label=${word("incident.text")} .defaultValue=${draft(name)} @input=${keeping(name)}><button class="button small">${word("pane.add")}</button></form></details>` : nothing}</section>`;
}

function notes(incident, may) {
  const name = `note:${incident.id}`;
  const add = (event) => {
    event.preventDefault();
    const { note, hand_over: over } = event.target.elements;
    const text = note.value.trim();
    if (!text) return;
    send("add_note", { incident_id: incident.id, text, hand_over: over.checked }).catch(() => keepDraft(name, text));
    note.value = "";
    over.checked = false;
    keepDraft(name, "");
  };
  const all = [...(incident.notes || [])].reverse();
  return html`<section class="block"><h3>${word("incident.notes")}</h3>
    ${may ? html`<form class="note-form" @submit=${add}><textarea id="incident-note" name="note" rows="2" maxlength="4000" aria-label=${word("incident.note")} placeholder=${word("incident.note_hint")}
      .defaultValue=${draft(name)} @input=${keeping(name)} @keydown=${submitOnEnter}></textarea>
      <div class="row tight"><label class="check"><input type="checkbox" name="hand_over"> <span>${word("incident.hand_over")}</span></label><button class="button small push">${word("incident.add_note")} ${hint("enter")}</button></div></form>` : nothing}
    <ul class="notes">${repeat(all, (note) => note.id, (note) => html`<li class=${note.strike ? "struck" : ""}><p><time class="soft">${clock(note.at)}</time> <b>${personTitle(note.by)}</b>
      <span class="soft">${agencyShort(note.agency)}</span>${note.hand_over ? html` <span class="chip amber">${word("incident.hand_over_short")}</span>` : nothing}
      ${may && !note.strike ? html`<button type="button" class="tool push" aria-label=${word("incident.strike_note", { text: note.text.slice(0, 60) })} @click=${() => strikeNote(incident, note)}>${word("pane.strike")}</button>` : nothing}</p>
      ${note.strike ? html`<p><del>${note.text}</del></p><p class="soft">${word("incident.note_struck", { time: clock(note.strike.at), reason: note.strike.reason })}</p>` : html`<p class="words">${note.text}</p>`}</li>`)}</ul></section>`;
}

async function strikeNote(incident, note) {
  const why = await reason(word("incident.ask_strike_note"), { hintText: note.text, choices: [word("reason.mistyped"), word("reason.wrong_incident"), word("reason.not_true")] });
  if (why) send("strike_note", { incident_id: incident.id, note_id: note.id, reason: why }).catch(() => {});
}

function messages(incident) {
  const found = store.all("message").filter((message) => message.incident === incident.id).sort((a, b) => ms(b.sent_at) - ms(a.sent_at)).slice(0, 20);
  if (!found.length) return nothing;
  return html`<section class="block"><h3>${word("message.about")}</h3><ul class="lines">${found.map((message) => html`<li class="wrapped"><time class="soft">${clock(message.sent_at)}</time> <span>${message.text}</span> <span class="push soft">${message.sort === "log" ? channelName(message.via) : word(`message.state_${message.state}`)}</span></li>`)}</ul></section>`;
}

function history(incident) {
  const moments = Object.entries(incident.moments || {}).map(([state, at]) => ({ at, text: word(`incident.state_${state}`) }));
  const former = (incident.former || []).map((one) => ({ at: one.at, text: word("incident.was_before", { field: hasWord(`incident.${one.field}`) ? word(`incident.${one.field}`) : one.field, value: plain(one.value) }), by: one.by }));
  const all = [...moments, ...former].sort((a, b) => ms(b.at) - ms(a.at));
  return all.length ? html`<details class="block"><summary><h3>${word("incident.history")}</h3></summary><ul class="lines">${all.map((one) => html`<li><time class="soft">${clock(one.at)}</time> <span>${one.text}</span>${one.by ? html`<span class="push soft">${personTitle(one.by)}</span>` : nothing}</li>`)}</ul></details>` : nothing;
}
const plain = (value) => (value === null ? "–" : typeof value === "object" ? placeName(value) || Object.values(value).join(", ") : String(value));

function last(incident, draw) {
  return html`<details class="block"><summary><h3>${word("incident.more")}</h3></summary>
    ${picker({ id: "merge-with", label: word("incident.merge_with"), candidates: () => incidents().filter((one) => one.value !== incident.id), draw })}
    <div class="row tight"><button type="button" class="button small" @click=${() => { const [into] = picked("merge-with"); if (into) { merge(store.get("incident", into.value), incident); clear("merge-with"); } }}>${word("incident.merge")}</button>
      <button type="button" class="button small" @click=${() => { const [parent] = picked("merge-with"); if (parent) { change(incident, { parent: parent.value }).catch(() => {}); clear("merge-with"); draw(); } }}>${word("incident.make_part")}</button>
      ${incident.parent ? html`<button type="button" class="button small" @click=${() => change(incident, { parent: null }).catch(() => {})}>${word("incident.take_out")}</button>` : nothing}
      <button type="button" class="button small" @click=${() => openNew({ parent: incident.id, place: features().find((one) => one.value === incident.place?.feature) })}>${word("incident.new_part")}</button>
      <button type="button" class="button small danger" @click=${() => strikeIncident(incident.id)}>${word("incident.strike")}</button></div></details>`;
}

/** Strikes an incident with a reason: it stays readable. */
export async function strikeIncident(id) {
  const incident = store.get("incident", id);
  const why = await reason(word("incident.ask_strike", { number: incident ? number(incident) : "" }), { choices: [word("reason.mistyped"), word("reason.twice"), word("reason.not_true")] });
  if (why) send("strike_incident", { incident_id: id, reason: why }).catch(() => {});
}

/** Keeps the open incident that of the selection. */
export function mount() {
  onVerb("strike", strikeIncident);
  store.on(["selection"], () => {
    const chosen = store.selection;
    if (chosen?.kind === "incident" && isOpen(VIEW) && chosen.id !== shown) { shown = chosen.id; editing = ""; clear("merge-with"); clear("incident-place"); redrawPane(); }
  });
}
