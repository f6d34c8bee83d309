// SPDX-License-Identifier: Apache-2.0
// Blocks of an incident about people: what helpers must know, and who is looked for. Drawn only for those who are sent them.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { personTitle, placeName } from "./names.js";
import { features, placeOf } from "./lexicon.js";
import { reason, redrawPane, said } from "./panel.js";
import { picked, picker, typed } from "./pick.js";
import { base } from "./live.js";
import { send } from "./outbox.js";
import { store } from "./store.js";
import { clock } from "./times.js";
import { word } from "./words.js";

const MEDICAL = new Set(["medical", "fall", "crowd_pressure", "fire", "smoke", "fight", "weapon", "structure", "pyrotechnics", "traffic"]);
const SOUGHT = new Set(["lost_child", "missing_person"]);
const TRIAGE = ["red", "yellow", "green", "black"];
const quietly = (promise) => promise.catch(() => {});

/** Medical detail: shown when the server sent it, or when the person may see it and the type asks for it. */
export function medical(incident, may) {
  const found = store.get("medical_detail", incident.id);
  if (!found && !(may && store.may("see_medical") && MEDICAL.has(incident.type))) return nothing;
  const set = (fields) => quietly(send("set_medical", { incident_id: incident.id, ...fields }));
  const text = (name) => html`<div class="wide"><label for="medical-${name}">${word(`medical.${name}`)}</label><input id="medical-${name}" maxlength="500" .defaultValue=${found?.[name] || ""} ?readonly=${!store.may("see_medical")}
    @change=${(event) => set({ [name]: event.target.value.trim() })}></div>`;
  const count = (event, make) => { if (event.target.value !== "" && event.target.validity.valid) set(make(Number(event.target.value))); };
  return html`<details class="block restricted" ?open=${Boolean(found)}><summary><h3>${word("medical.title")}</h3> <span class="chip">${word("pane.restricted")}</span></summary>
    <div class="fields five"><div><label for="medical-patients">${word("medical.patients")}</label><input id="medical-patients" type="number" min="0" max="100000" .defaultValue=${String(found?.patients ?? "")} @change=${(event) => count(event, (value) => ({ patients: value }))}></div>
      ${TRIAGE.map((name) => html`<div class="triage ${name}"><label for="triage-${name}">${word(`triage.${name}`)}</label><input id="triage-${name}" type="number" min="0" max="100000" .defaultValue=${String(found?.triage?.[name] ?? 0)}
        @change=${(event) => count(event, (value) => ({ triage: { red: 0, yellow: 0, green: 0, black: 0, ...plain(store.get("medical_detail", incident.id)?.triage), [name]: value } }))}></div>`)}
      ${text("condition")}${text("care")}${text("destination")}</div>
    ${found ? html`<p class="hint">${word("pane.changed_by", { time: clock(found.updated_at), name: personTitle(found.by) })}</p>` : nothing}</details>`;
}
const plain = (triage) => Object.fromEntries(Object.entries(triage || {}).filter(([name]) => TRIAGE.includes(name)));

// Name and phone as they were fetched: of one incident, in this window alone, until it is hidden or another is opened.
let named = null;

async function showNames(incident) {
  const answer = await fetch(`${base}missing?incident=${encodeURIComponent(incident.id)}`, { headers: { Accept: "application/json" }, cache: "no-store", redirect: "manual" }).catch(() => null);
  const found = answer?.ok ? await answer.json().catch(() => null) : null;
  named = { incident: incident.id, isReached: Boolean(found), details: found?.details };
  redrawPane();
}

function names(incident, found) {
  if (named?.incident !== incident.id) { named = null; return found.has_details && store.may("see_personal") ? html`<button type="button" class="button small" @click=${() => showNames(incident)}>${word("missing.show_names")}</button>` : nothing; }
  const told = ["name", "guardian", "phone"].filter((name) => named.details?.[name]);
  return html`<div class="names" role="status">${told.length ? html`<dl class="pairs">${told.map((name) => html`<dt>${word(`missing.${name}`)}</dt><dd>${named.details[name]}</dd>`)}</dl>` : html`<p class="hint">${word(named.isReached ? "missing.no_names" : "missing.not_reached")}</p>`}
    <button type="button" class="button small" @click=${() => { named = null; redrawPane(); }}>${word("missing.hide_names")}</button></div>`;
}

// Not kept longer than needed: who may erase does so when the family has been found.
function eraser(incident, found) {
  return found.has_details && store.may("erase_personal") ? html`<button type="button" class="button small danger" @click=${() => erase(incident)}>${word("missing.erase")}</button>` : nothing;
}
async function erase(incident) {
  const why = await reason(word("missing.ask_erase"), { hintText: word("missing.erase_hint") });
  if (why) send("erase_missing", { incident_id: incident.id, reason: why }).then(() => { named = null; said(word("missing.erased")); redrawPane(); }).catch(() => {});
}

/** Who is looked for; without names, which stand in the vault until somebody asks for them. */
export function missingPerson(incident, may) {
  const found = store.get("missing_person", incident.id);
  if (!found && !(may && SOUGHT.has(incident.type))) return nothing;
  return html`<section class="block restricted"><div class="block-head"><h3>${word("missing.title")}</h3>
      ${found ? html`<b class=${found.state === "sought" ? "tone-amber" : "ok"}>${word(`missing.${found.state}`)}</b>` : nothing}</div>
    ${found ? html`<dl class="pairs">${[["age", found.age], ["sex", found.sex && word(`missing.${found.sex}`)], ["clothes", found.clothes], ["last_seen", [placeName(found.last_seen), found.last_seen_at && clock(found.last_seen_at)].filter(Boolean).join(", ")], ["guardian_waits", placeName(found.guardian_waits)]]
      .filter(([, value]) => value).map(([name, value]) => html`<dt>${word(`missing.${name}`)}</dt><dd>${value}</dd>`)}</dl>${names(incident, found)}${eraser(incident, found)}
      ${may ? found.state === "sought" ? html`<button type="button" class="button primary small" @click=${() => find(incident, "found")}>${word("missing.do_found")}</button>`
        : found.state === "found" ? html`<button type="button" class="button primary small" @click=${() => find(incident, "handed_over")}>${word("missing.do_handed_over")}</button>` : nothing : nothing}` : nothing}
    ${may ? html`<details class="adder" ?open=${!found}><summary>${word(found ? "pane.change" : "missing.describe")}</summary>${form(incident, found || {})}</details>` : nothing}</section>`;
}

const find = (incident, state) => send("find_missing", { incident_id: incident.id, state }).then(() => said(word(`missing.${state}`))).catch(() => {});

function form(incident, found) {
  const submit = (event) => {
    event.preventDefault();
    const fields = event.target.elements;
    const args = { incident_id: incident.id };
    for (const name of ["age", "clothes", "sex"]) if (fields[name].value.trim()) args[name] = fields[name].value.trim();
    const seen = placeOf(picked("last-seen")[0], typed("last-seen"));
    const waits = placeOf(picked("guardian-waits")[0], typed("guardian-waits"));
    if (seen) args.last_seen = seen;
    if (waits) args.guardian_waits = waits;
    quietly(send("describe_missing", args));
    event.target.closest("details").open = false;
  };
  return html`<form class="fields two" @submit=${submit}>
    <div><label for="missing-age">${word("missing.age")}</label><input id="missing-age" name="age" maxlength="60" .defaultValue=${found.age || ""}></div>
    <div><label for="missing-sex">${word("missing.sex")}</label><select id="missing-sex" name="sex"><option value="">–</option>${["female", "male"].map((name) => html`<option value=${name} ?selected=${found.sex === name}>${word(`missing.${name}`)}</option>`)}</select></div>
    <div class="wide"><label for="missing-clothes">${word("missing.clothes")}</label><input id="missing-clothes" name="clothes" maxlength="500" .defaultValue=${found.clothes || ""}></div>
    <div>${picker({ id: "last-seen", label: word("missing.last_seen"), candidates: features, draw: redrawPane, hintText: placeName(found.last_seen) })}</div>
    <div>${picker({ id: "guardian-waits", label: word("missing.guardian_waits"), candidates: features, draw: redrawPane, hintText: placeName(found.guardian_waits) })}</div>
    <button class="button small">${word("pane.save")}</button></form>`;
}
