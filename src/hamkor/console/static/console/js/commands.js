// SPDX-License-Identifier: Apache-2.0
// The command line: "/" goes to it, what is typed is read as it is typed, Enter does it. What is typed is kept.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { priorityMark } from "./names.js";
import { MINUTES } from "./forecast.js";
import * as grammar from "./grammar.js";
import * as lexicon from "./lexicon.js";
import { hint, openHelp, register } from "./keys.js";
import { draft, isOpen, keepDraft, panel, said, tell } from "./panel.js";
import { send } from "./outbox.js";
import { store } from "./store.js";
import { word } from "./words.js";

const DRAFT = "line";
const PAST_MAX = 50;
const past = [];
let input = null;
let draw = () => {};
let state = { line: "", read: null, hits: [], at: -1, isOpen: false, pastAt: -1, chosen: false };
const openers = {};

/** Lets a panel say what a verb without all its words opens (`dispatch`, `compose`, …). */
export const onVerb = (verb, open) => { openers[verb] = open; };

const names = (verb) => word(`line.names_${verb}`).split(/\s+/).map(grammar.fold);
const text = (isNeeded = true) => ({ name: "text", isText: true, isNeeded });

// What may follow each verb. `when` is the right it asks.
const VERBS = {
  h: { may: () => store.may("report_incident") || store.may("operate"), run: report, slots: () => [
    { name: "type", candidates: lexicon.types(), isNeeded: true, isLoose: true }, { name: "place", candidates: lexicon.features() }, text(false)] },
  m: { may: maySpeak, run: (found) => speak(found, "information"), slots: () => [
    { name: "to", candidates: lexicon.addressees(), isNeeded: true, isMany: true }, text()] },
  o: { may: maySpeak, run: (found) => speak(found, "order"), slots: () => [
    { name: "to", candidates: lexicon.addressees(), isNeeded: true, isMany: true }, text()] },
  l: { may: maySpeak, run: log, slots: () => [
    { name: "channel", candidates: lexicon.channels() }, { name: "from", candidates: [...lexicon.posts(), ...lexicon.units(), ...lexicon.agencies()] }, text()] },
  n: { may: maySpeak, run: note, slots: () => [{ name: "incident", candidates: lexicon.incidents(false) }, text()] },
  d: { may: maySpeak, run: dispatch, slots: () => [
    { name: "incident", candidates: lexicon.incidents() }, { name: "units", candidates: lexicon.units(), isMany: true }, text(false)] },
  u: { may: maySpeak, run: setUnit, slots: () => [
    { name: "unit", candidates: lexicon.units(), isNeeded: true }, { name: "state", candidates: lexicon.unitStates(), isNeeded: true, isLoose: true }] },
  p: { may: maySpeak, run: checkIn, slots: () => [{ name: "post", candidates: lexicon.posts(), isNeeded: true, isLoose: true }, text()] },
  a: { may: maySpeak, run: () => { openers.acknowledge?.(); return true; }, slots: () => [] },
  f: { may: () => true, run: lookAhead, slots: () => [{ name: "minutes", candidates: MINUTES.map((count) => grammar.candidate(count, String(count), { note: word("forecast.plus", { minutes: count }), kind: "minutes" })), isNeeded: true, isLoose: true }] },
  g: { may: () => true, run: goTo, slots: () => [{ name: "thing", candidates: lexicon.everything(), isNeeded: true, isLoose: true }] },
};

function maySpeak() { return store.may("operate") || store.may("operate_own"); }

function verbs() {
  const found = {};
  for (const [verb, entry] of Object.entries(VERBS)) if (entry.may()) found[verb] = { names: names(verb), slots: entry.slots() };
  return found;
}

function understand() {
  const isEmpty = !state.line.trim();
  const all = verbs();
  state.read = isEmpty ? null : grammar.read(state.line, all);
  state.hits = [];
  const active = state.read?.active;
  if (active) {
    const list = active.slot === "verb" ? verbList(all) : all[state.read.verb].slots.find((slot) => slot.name === active.slot)?.candidates || [];
    state.hits = grammar.find(active.typed, list, 8);
    if (active.slot === "verb" && !state.hits.length) state.hits = verbList(all).filter((one) => ["h", "l", "m"].includes(one.value));
  }
  state.at = -1;
}

const verbList = (all) => Object.keys(all).map((verb) => grammar.candidate(verb, verb, { labels: names(verb), note: word(`line.help_${verb}`), kind: "verb" }));

// What each verb does ----------------------------------------------------------------------------------------------
function selectedFeature() {
  const chosen = store.selection;
  if (!chosen || !["zone", "opening", "feature", "area", "place"].includes(chosen.kind)) return null;
  return lexicon.features().find((one) => one.value === chosen.id) || null;
}

function report(found) {
  const place = lexicon.placeOf(found.values.place || selectedFeature());
  const args = { type: found.values.type.value, text: found.text, place, source: "console" };
  if (found.priority) args.priority = found.priority;
  send("report_incident", args).then(({ id }) => {
    said(word("incident.reported_done", { title: found.values.type.label }), () => openers.strike?.(id));
    store.select({ kind: "incident", id });
  }).catch(() => restore());
  return true;
}

// What is said while an incident stands open beside the list is about it.
const attachedTo = () => (isOpen("incident") && store.selection?.kind === "incident" ? store.selection.id : null);

function speak(found, sort) {
  const urgency = { 1: "flash", 2: "immediate", 3: "routine", 4: "routine" }[found.priority] || (sort === "order" ? "immediate" : "routine");
  const args = { sort, urgency, to: found.values.to.map(lexicon.addressee), text: found.text };
  if (attachedTo()) args.incident = attachedTo();
  send("send_message", { message: args }).then(({ id }) => said(word("message.sent_done"), () => openers.strikeMessage?.(id))).catch(() => restore());
  return true;
}

function log(found) {
  const args = { text: found.text, via: found.values.channel?.value || lexicon.channels()[0]?.value || "radio" };
  if (found.values.from) args.from_words = found.values.from.label;
  if (attachedTo()) args.incident = attachedTo();
  send("log_message", args).catch(() => restore());
  return true;
}

const incidentOf = (found) => found.values.incident?.value || (store.selection?.kind === "incident" ? store.selection.id : null);

function note(found) {
  const incident = incidentOf(found);
  if (!incident) return missing("incident");
  send("add_note", { incident_id: incident, text: found.text }).catch(() => restore());
  return true;
}

function dispatch(found) {
  const incident = incidentOf(found);
  if (!incident) return missing("incident");
  if (!found.values.units?.length) { store.select({ kind: "incident", id: incident }); openers.dispatch?.(incident); return true; }
  const args = { incident_id: incident, unit_ids: found.values.units.map((unit) => unit.value) };
  if (found.text) args.task = found.text;
  send("dispatch_units", args).catch(() => restore());
  return true;
}

function setUnit(found) {
  send("set_unit_state", { unit_id: found.values.unit.value, state: found.values.state.value }).catch(() => restore());
  return true;
}

function checkIn(found) {
  const [count, ...words] = found.text.split(/\s+/);
  if (!/^\d{1,5}$/.test(count)) return missing("count");
  send("check_in", { post_id: found.values.post.value, present: Number(count), note: words.join(" ") || null }).catch(() => restore());
  return true;
}

function goTo(found) {
  const thing = found.values.thing;
  store.select({ kind: thing.kind === "place" ? "feature" : thing.kind, id: thing.value });
  return true;
}

function lookAhead(found) {
  openers.forecast?.(found.values.minutes.value);
  return true;
}

function missing(slot) { sayMissing(slot); return false; }
function sayMissing(slot) { state.fault = word("line.missing", { what: word(`line.slot_${slot}`) }); tell(state.fault, true); }

// A refused line comes back unless something else is being typed already.
let lastLine = "";
function restore() { if (input && !input.value) set(lastLine, false); }

function run() {
  const found = state.read;
  if (!found) return;
  if (!found.verb) { choose(state.hits[Math.max(state.at, 0)]); return; }
  if (found.missing.length) { sayMissing(found.missing[0]); state.isOpen = true; draw(); return; }
  state.fault = "";
  lastLine = state.line;
  if (VERBS[found.verb].run(found) === false) { draw(); return; }
  past.unshift(state.line);
  past.splice(PAST_MAX);
  set("", false);
}

function set(line, isOpen = true) {
  Object.assign(state, { line, isOpen, pastAt: -1, fault: "" });
  if (input.value !== line) input.value = line;
  keepDraft(DRAFT, line);
  understand();
  draw();
}

function choose(hit) {
  if (!hit) return;
  const active = state.read?.active;
  if (hit.kind === "verb") {
    // Words begun without a verb stay, behind the verb that was chosen.
    const words = state.read?.verb ? [] : (state.read?.text || "").split(" ").filter(Boolean);
    const isBegun = words.length && names(hit.value).some((name) => name.startsWith(grammar.fold(words[0])));
    set(`/${hit.value} ${(isBegun ? words.slice(1) : words).join(" ")}`);
  } else set(grammar.complete(state.line, active, hit.label));
  input.focus();
}

// Keys in the line -------------------------------------------------------------------------------------------------
function onKey(event) {
  if (event.isComposing) return;
  const { key } = event;
  const isListed = state.isOpen && state.hits.length > 0;
  if (key === "ArrowDown" && isListed) state.at = (state.at + 1) % state.hits.length;
  else if (key === "ArrowUp" && isListed && state.at >= 0) state.at -= 1;
  else if (key === "ArrowUp" && (!state.line || state.pastAt >= 0) && past.length) recall(1);
  else if (key === "ArrowDown" && state.pastAt >= 0) recall(-1);
  else if (key === "Tab" && !event.shiftKey && isListed) choose(state.hits[Math.max(state.at, 0)]);
  else if (key === "Enter" && isListed && state.at >= 0) choose(state.hits[state.at]);
  else if (key === "Enter" && !event.repeat) run();
  else if (key === "Escape") { if (state.isOpen && state.hits.length) state.isOpen = false; else input.blur(); }
  else return;
  event.preventDefault();
  event.stopPropagation();
  draw();
}

function recall(step) {
  const at = state.pastAt + step;
  const line = at < 0 ? "" : past[Math.min(at, past.length - 1)];
  set(line, false);
  state.pastAt = Math.min(at, past.length - 1);
}

// The view ---------------------------------------------------------------------------------------------------------
const chip = (name, content) => html`<span class="slot ${name}">${content}</span>`;

function reading() {
  const found = state.read;
  if (!found?.verb) return found ? html`<span class="soft">${word("line.choose_verb")}</span>` : html`<span class="soft">${word("line.hint")}</span>`;
  const values = Object.entries(found.values).flatMap(([name, value]) => [value].flat().map((one) => chip(name, one.label)));
  const type = found.values.type && lexicon.typeOf(found.values.type.value);
  const standing = found.verb === "h" && !found.values.place ? selectedFeature() : null;
  const about = ["n", "d"].includes(found.verb) ? !found.values.incident && incidentOf(found) : ["m", "o", "l"].includes(found.verb) && attachedTo();
  const attached = about ? store.get("incident", about) : null;
  return html`${type ? priorityMark(found.priority || type.priority) : nothing}<b>${word(`line.does_${found.verb}`)}</b> ${values}
    ${standing ? chip("place", standing.label) : nothing}${attached ? chip("incident", lexicon.number(attached)) : nothing}
    ${found.text ? html`<q>${found.text}</q>` : nothing}
    ${found.missing.map((slot) => html`<span class="slot missing">${word(`line.slot_${slot}`)} ?</span>`)}
    ${found.missing.length ? nothing : html`<span class="go">${hint("enter")}</span>`}`;
}

function view() {
  const isListed = state.isOpen && state.hits.length > 0;
  return html`<form class="line" @submit=${(event) => { event.preventDefault(); run(); }}>
    ${isListed ? html`<ul class="choices-list" id="line-list" role="listbox" aria-label=${word("line.choices")}>${state.hits.map((hit, index) => html`
      <li role="option" id="line-hit-${index}" class=${index === state.at ? "chosen" : ""} aria-selected=${String(index === state.at)}
        @mousedown=${(event) => { event.preventDefault(); choose(hit); }}><b>${hit.kind === "verb" ? `/${hit.label}` : hit.label}</b><span>${hit.note}</span>
        ${index === Math.max(state.at, 0) ? html`<kbd aria-hidden="true">⇥</kbd>` : nothing}</li>`)}</ul>` : nothing}
    <p class="reading" id="line-reading">${state.fault ? html`<span class="fault">${state.fault}</span>` : reading()}</p>
    <div class="line-row"><input id="command-line" type="text" autocomplete="off" autocapitalize="off" spellcheck="false" role="combobox" maxlength="1000"
      aria-label=${word("line.label")} aria-describedby="line-reading" aria-expanded=${String(isListed)} aria-controls="line-list" aria-autocomplete="list"
      aria-keyshortcuts="/" aria-activedescendant=${isListed && state.at >= 0 ? `line-hit-${state.at}` : nothing} placeholder=${word("line.placeholder")}
      @input=${(event) => set(event.target.value)} @keydown=${onKey} @focus=${() => { state.isOpen = true; draw(); }} @blur=${() => { state.isOpen = false; draw(); }}>
      <button class="button">${word("line.do")} ${hint("enter")}</button>
      <button type="button" class="tool" aria-label=${word("keys.help")} @click=${openHelp}>${hint("?")}</button></div></form>`;
}

/** Goes to the line, with the beginning of a command if one is given. */
export function type(line = "") {
  if (!input) return;
  input.focus();
  if (line || !state.line) set(line || "/");
  input.setSelectionRange(input.value.length, input.value.length);
}

export function mount(element) {
  element.classList.add("command-line");
  draw = panel(element, ["unit", "incident"], view);
  input = element.querySelector("input");
  set(draft(DRAFT), false);
  register({ key: "/", label: "keys.line", group: "everywhere", run: () => type() });
  const begin = (key, line, label) => register({ key, label, group: "line", run: () => type(line), when: maySpeak });
  begin("m", "/m ", "keys.message");
  begin("o", "/o ", "keys.order");
  begin("l", "/l ", "keys.log");
}
