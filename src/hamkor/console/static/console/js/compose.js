// SPDX-License-Identifier: Apache-2.0
// Writing a message: to whom, what is wanted, how soon, in which words, with which files. What is typed is kept.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { attachedIds, clearFiles, fileField, holdNone, isHeld, onDragLeave, onDragOver, onDrop, onPaste, whenUp } from "./files.js";
import { candidate } from "./grammar.js";
import { hint } from "./keys.js";
import { addressee, addresseeName, addressees, channels, number } from "./lexicon.js";
import { close, draft, keepDraft, open, reason, redrawPane, said } from "./panel.js";
import { clear, pick, picked, picker } from "./pick.js";
import { send } from "./outbox.js";
import { ANSWERED } from "./receipts.js";
import { store } from "./store.js";
import { word } from "./words.js";

const VIEW = "compose";
const LANGUAGES = ["uz", "uz-Cyrl", "ru", "en"];
const URGENCIES = ["flash", "immediate", "routine"];
const SORTS = ["order", "request", "question", "information"];
let sort = "order";
let urgency = "immediate";
let attached = {};
// Words of the plan in several languages, as long as nobody changes them.
let prepared = null;

const picks = (to) => pick("compose-to", to.map((one) => addressees().find((known) => known.kind === one.kind && known.value === one.id) || { value: one.id, kind: one.kind, label: addresseeName(one), folded: [] }));
const field = () => document.getElementById("compose-text");

/** Opens the form; `given` may hold `{to, text, incident, alarm, stop, contingency, template}`. */
export function openCompose(given = {}) {
  attached = Object.fromEntries(Object.entries(given).filter(([name, value]) => ["incident", "alarm", "stop", "template"].includes(name) && value));
  prepared = null;
  holdNone();
  clear("compose-template");
  if (!given.incident && store.selection?.kind === "incident") attached.incident = store.selection.id;
  if (given.to) picks(given.to);
  if (given.text) keepDraft(VIEW, given.text);
  const announced = given.text && announcements().find((one) => one.id === given.contingency);
  if (announced) prepared = announced.text;
  open({ name: VIEW, title: () => word("message.write"), view: compose }, { focus: "#compose-to" });
  if (field()) field().value = draft(VIEW);
}

// Prepared words -----------------------------------------------------------------------------------------------------
// Templates, then what the plan says to the public in a contingency, which is a template without a line of its own.
const announcements = () => (store.reference?.contingencies || []).map((one) => ({ id: one.id, title: one.title, text: byLanguage(one.message) })).filter((one) => Object.keys(one.text).length);
// A text that names no language is in the usual one.
export const byLanguage = (message) => Object.fromEntries(Object.entries(message || {}).filter(([, text]) => text).map(([language, text]) => [language || LANGUAGES[0], text]));
const inMine = (text) => text[document.documentElement.lang] || Object.values(text)[0] || "";

function ready() {
  const own = store.all("message_template").map((one) => candidate(one.id, one.title,
    { labels: [one.text], note: word(`message.sort_${one.sort}`), rank: 2, kind: "template" }));
  return [...own, ...announcements().map((one) => candidate(one.id, one.title, { labels: [inMine(one.text)], note: word("message.announcement"), rank: 1, kind: "contingency" }))];
}

function useTemplate([hit]) {
  delete attached.template;
  prepared = null;
  if (!hit) return;
  let words = "";
  if (hit.kind === "template") {
    const template = store.get("message_template", hit.value);
    if (!template) return;
    ({ sort, urgency } = template);
    attached.template = template.id;
    if (template.to?.length) picks(template.to);
    words = template.text;
    repeated(template.needs_read_back);
  } else {
    prepared = announcements().find((one) => one.id === hit.value)?.text || null;
    [sort, urgency] = ["information", "immediate"];
    words = prepared ? inMine(prepared) : "";
  }
  if (field()) field().value = words;
  keepDraft(VIEW, words);
  requestAnimationFrame(() => document.getElementById(picked("compose-to").length ? "compose-text" : "compose-to")?.focus());
}
// The box is drawn together with the sort that has it.
const repeated = (isNeeded) => requestAnimationFrame(() => { const box = document.querySelector("#compose input[name=read_back]"); if (box) box.checked = Boolean(isNeeded); });

const isUnchanged = () => Boolean(prepared) && (field()?.value ?? draft(VIEW)).trim() === inMine(prepared).trim();

// The form -------------------------------------------------------------------------------------------------------------
const radios = (name, values, current, choose) => html`<fieldset class="segments"><legend>${word(`message.${name}`)}</legend>${values.map((value) => html`<label class=${current === value ? "on" : ""}><input type="radio" name=${name} .checked=${current === value} @change=${() => choose(value)}><span>${word(name === "sort" ? `message.sort_${value}` : `urgency.${value}`)}</span></label>`)}</fieldset>`;
const onType = (draw) => (event) => { keepDraft(VIEW, event.target.value); if (prepared) draw(); };
const onKey = (event) => { if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); event.currentTarget.requestSubmit(); } };

function compose(draw) {
  const incident = attached.incident ? store.get("incident", attached.incident) : null;
  const mayPrepare = store.may("operate") || store.may("edit_plan");
  return html`<form class="form" id="compose" @submit=${submit} @keydown=${onKey} @dragover=${onDragOver} @dragleave=${onDragLeave} @drop=${onDrop} @paste=${onPaste}>
    ${ready().length ? picker({ id: "compose-template", label: word("message.template"), candidates: ready, draw, hintText: word("message.template_hint"), onPick: useTemplate }) : nothing}
    ${mayPrepare ? html`<p class="hint"><a href="templates" target="_blank" rel="noopener">${word("message.template_change")}</a></p>` : nothing}
    ${picker({ id: "compose-to", label: word("message.to"), candidates: addressees, draw, isMany: true, isNeeded: true, hintText: word("message.to_hint") })}
    ${radios("sort", SORTS, sort, (value) => { sort = value; draw(); })}${radios("urgency", URGENCIES, urgency, (value) => { urgency = value; draw(); })}
    <label for="compose-text">${word("message.text")}</label><textarea id="compose-text" name="text" rows="4" maxlength="4000" required @input=${onType(draw)}></textarea>
    ${isUnchanged() && Object.keys(prepared).length > 1 ? html`<p class="hint">${word("message.all_languages", { languages: Object.keys(prepared).map((language) => word(`language.${language}`)).join(", ") })}</p>` : nothing}
    ${fileField(draw)}
    <label for="compose-via">${word("message.via")}</label><select id="compose-via" name="via"><option value="">Hamkor</option>${channels().map((one) => html`<option value=${one.value}>${one.label}</option>`)}</select>
    ${ANSWERED.has(sort) ? html`<label class="check"><input type="checkbox" name="read_back"> <span>${word("message.needs_read_back")}</span></label>` : nothing}
    ${incident ? html`<p class="row tight"><span class="slot incident">${number(incident)}</span><button type="button" class="tool" @click=${() => { delete attached.incident; draw(); }}>${word("message.detach")}</button></p>` : nothing}
    <div class="actions sticky"><button class="button primary" aria-keyshortcuts="Control+Enter" ?disabled=${isHeld()}>${isHeld() ? word("message.send_after") : word("message.send", { count: picked("compose-to").length })} ${hint("ctrl+enter")}</button></div></form>`;
}

function submit(event) {
  event.preventDefault();
  const { text } = event.target.elements;
  if (!picked("compose-to").length) { document.getElementById("compose-to").focus(); return; }
  if (!text.value.trim()) { text.focus(); return; }
  // The files first: a message must not say that it has files which never came up.
  whenUp(() => sendNow(event.target));
  redrawPane();
}

function sendNow(form) {
  const { text, via, read_back: isRepeated } = form.elements;
  const words = text.value.trim();
  const to = picked("compose-to").map(addressee);
  // While it waited for its files the form may have been changed.
  if (!words || !to.length) return;
  const message = { to, text: isUnchanged() ? prepared : words, sort, urgency, ...attached };
  if (via.value) message.via = via.value;
  if (isRepeated?.checked) message.needs_read_back = true;
  const files = attachedIds();
  if (files.length) message.attachments = files;
  send("send_message", { message }).then(({ id }) => said(word("message.sent_done"), () => strikeMessage(id))).catch(() => keepDraft(VIEW, words));
  keepDraft(VIEW, "");
  clear("compose-to");
  clear("compose-template");
  clearFiles();
  prepared = null;
  form.reset();
  close(VIEW);
}

/** Strikes a message with a reason: it stays readable and awaits nothing more. */
export async function strikeMessage(id) {
  const why = await reason(word("message.ask_strike"), { choices: [word("reason.mistyped"), word("reason.wrong_addressee")] });
  if (why) send("strike_message", { message_id: id, reason: why }).catch(() => {});
}
