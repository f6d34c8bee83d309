// SPDX-License-Identifier: Apache-2.0
// A new incident by form: type, place and words by type-ahead, its questions at once; Ctrl+Enter reports. All is kept.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { priorityMark } from "./names.js";
import { hint, register } from "./keys.js";
import * as lexicon from "./lexicon.js";
import { close, draft, keepDraft, keeping, open, redrawPane, said } from "./panel.js";
import { clear, pick, picked, picker, typed } from "./pick.js";
import { send } from "./outbox.js";
import { forgetSame, samePerhaps } from "./same.js";
import { store } from "./store.js";
import { word } from "./words.js";

const VIEW = "incident-new";
const SOURCES = ["radio", "phone", "112", "field", "citizen", "camera", "console"];
const FIELDS = ["text", "reporter", "card_112"];
// Questions with a number or a yes for an answer; of the others only that nobody knows can be said by one press.
const COUNTED = new Set(["hurt", "people", "patients"]);
const YES_OR_NO = new Set(["can_move", "signs", "blocks", "conscious", "breathing", "smell", "burning", "weapons", "inside"]);
function quickAnswers(prompt) {
  if (COUNTED.has(prompt.key)) return [word("answer.nobody"), "1", "2", "3+"];
  return YES_OR_NO.has(prompt.key) ? [word("answer.yes"), word("answer.no"), word("answer.unknown")] : [word("answer.unknown")];
}
let answers = {};
let priority = null;
let linked = null;

/** Opens the form; `given` may hold `{text, place, source, message, parent}` of what it is made from. */
export function openNew(given = {}) {
  linked = given.parent || null;
  if (given.text) keepDraft(`${VIEW}:text`, given.text);
  if (given.place) pick("new-place", [given.place]);
  else presetPlace();
  open({ name: VIEW, title: () => word("incident.new"), view }, { focus: "#new-type" });
  for (const field of FIELDS) { const input = document.getElementById(`new-${field}`); if (input) input.value = draft(`${VIEW}:${field}`); }
  if (given.source) document.getElementById("new-source").value = given.source;
}

function presetPlace() {
  const chosen = store.selection;
  if (picked("new-place").length || !chosen || chosen.kind === "incident") return;
  const found = lexicon.features().find((one) => one.value === chosen.id);
  if (found) pick("new-place", [found]);
}

const answer = (key, value) => { answers = { ...answers, [key]: value }; redrawPane(); };

/** The questions of a type with quick answers; `known` are answers so far. */
export function prompts(type, known, onAnswer) {
  if (!type?.prompts?.length) return nothing;
  return html`<div class="prompts">${type.prompts.map((prompt) => {
    const value = known[prompt.key];
    const isAsked = prompt.is_needed ?? prompt.needed;
    const quick = quickAnswers(prompt);
    const say = (text) => { if (text.trim() !== (value || "")) onAnswer(prompt.key, text.trim()); };
    return html`<div class="prompt ${value ? "known" : isAsked ? "asked" : ""}"><label for="prompt-${prompt.key}">${prompt.question}
        ${isAsked && !value ? html`<span class="needed">${word("pane.needed")}</span>` : nothing}</label>
      <div class="prompt-row"><input id="prompt-${prompt.key}" type="text" maxlength="500" .value=${value || ""} @change=${(event) => say(event.target.value)}>
        ${quick.map((text) => html`<button type="button" class="chip-button" aria-pressed=${String(value === text)} @click=${() => say(text)}>${text}</button>`)}</div></div>`;
  })}</div>`;
}

function view(draw) {
  const type = lexicon.typeOf(picked("new-type")[0]?.value);
  const level = priority || type?.priority || null;
  return html`<form class="form" id="new-incident" @submit=${report} @keydown=${(event) => { if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); event.currentTarget.requestSubmit(); } }}>
    <p class="hint">${word("incident.new_hint")} <kbd>/h</kbd> ${example()}</p>
    ${picker({ id: "new-type", label: word("incident.type"), candidates: lexicon.types, draw, isNeeded: true, onPick: () => { priority = null; draw(); focusSoon("new-place"); } })}
    ${picker({ id: "new-place", label: word("incident.place"), candidates: lexicon.features, draw, hintText: word("incident.place_hint"), onPick: () => focusSoon("new-text") })}
    <label for="new-text">${word("incident.text")}</label>
    <textarea id="new-text" name="text" rows="3" maxlength="4000" @input=${keeping(`${VIEW}:text`)}></textarea>
    <fieldset class="segments priorities"><legend>${word("incident.priority_word")}</legend>${[1, 2, 3, 4].map((value) => html`<label class=${level === value ? "on" : ""}>
      <input type="radio" name="priority" value=${value} .checked=${level === value} @change=${() => { priority = value; draw(); }}>${priorityMark(value)}<span>${word(`priority.${value}`)}</span></label>`)}</fieldset>
    ${samePerhaps({ type: type?.code, place: place(), card: draft(`${VIEW}:card_112`).trim() }, { draw, add: addTo })}
    ${prompts(type, answers, answer)}
    <div class="fields two"><div><label for="new-source">${word("incident.source")}</label><select id="new-source" name="source">${SOURCES.map((source) => html`<option value=${source} ?selected=${source === "radio"}>${word(`source.${source}`)}</option>`)}</select></div>
      <div><label for="new-reporter">${word("incident.reporter")}</label><input id="new-reporter" name="reporter" maxlength="120" placeholder=${word("incident.reporter_hint")} @input=${keeping(`${VIEW}:reporter`)}></div>
      <div><label for="new-card_112">${word("incident.card_112")}</label><input id="new-card_112" name="card_112" maxlength="60" @input=${(event) => { keepDraft(`${VIEW}:card_112`, event.target.value); draw(); }}></div></div>
    <div class="actions sticky"><button class="button primary" aria-keyshortcuts="Control+Enter">${word("incident.report")} ${hint("ctrl+enter")}</button>
      <button type="button" class="button" @click=${forget}>${word("incident.empty_form")}</button></div></form>`;
}

const example = () => html`<q>${[lexicon.types()[0]?.label, lexicon.features().find((one) => one.rank === 2)?.label].filter(Boolean).join(" ").toLowerCase()} …</q>`;
const place = () => lexicon.placeOf(picked("new-place")[0], typed("new-place"));

// The same thing told again is a further report, not another incident.
function addTo(incident) {
  const text = document.getElementById("new-text");
  const words = text.value.trim();
  if (!words) { text.focus(); return; }
  const args = { incident_id: incident.id, text: words, source: document.getElementById("new-source").value };
  if (place()) args.place = place();
  send("link_report", args).then(() => said(word("message.linked", { number: lexicon.number(incident) }))).catch(() => keepDraft(`${VIEW}:text`, words));
  forget();
  close(VIEW);
  store.select({ kind: "incident", id: incident.id });
}
const focusSoon = (id) => requestAnimationFrame(() => document.getElementById(id)?.focus());

function report(event) {
  event.preventDefault();
  const form = event.target;
  const type = picked("new-type")[0];
  if (!type) { document.getElementById("new-type").focus(); return; }
  const value = (name) => form.elements[name].value.trim();
  const args = { type: type.value, text: value("text"), place: place(), source: value("source") };
  if (priority) args.priority = priority;
  if (value("reporter")) args.reporter = value("reporter");
  if (value("card_112")) args.card_112 = value("card_112");
  if (Object.keys(answers).length) args.known = answers;
  if (linked) args.parent = linked;
  // From here on the outbox keeps it: it is on its disk before this form is emptied.
  send("report_incident", args).then(({ id }) => { store.select({ kind: "incident", id }); said(word("incident.reported_done", { title: type.label })); })
    .catch(() => { for (const field of FIELDS) if (args[field]) keepDraft(`${VIEW}:${field}`, args[field]); });
  forget();
  close(VIEW);
}

function forget() {
  for (const field of FIELDS) { keepDraft(`${VIEW}:${field}`, ""); const input = document.getElementById(`new-${field}`); if (input) input.value = ""; }
  clear("new-type");
  clear("new-place");
  forgetSame();
  answers = {};
  priority = null;
  redrawPane();
}

export function mount() {
  register({ key: "n", label: "keys.new", group: "incidents", when: () => store.may("report_incident") || store.may("operate"), run: () => openNew() });
}
