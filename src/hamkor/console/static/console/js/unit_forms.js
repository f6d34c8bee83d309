// SPDX-License-Identifier: Apache-2.0
// One unit: what it is changed to, where it is moved to, and that it is in service no more.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { hint } from "./keys.js";
import { agencyShort, placeName, postTitle } from "./names.js";
import { agencies, features, incidents, number, placeOf, posts, titleOf } from "./lexicon.js";
import { back, close, isOpen, mayOperate, open, reason, said } from "./panel.js";
import { clear, picked, picker } from "./pick.js";
import { isWaiting, send } from "./outbox.js";
import { store } from "./store.js";
import { word } from "./words.js";

const VIEW = "unit";
export const CAPABILITIES = ["patrol", "crowd", "medic", "ambulance", "fire", "rescue", "traffic", "technical", "search", "transport", "evacuation", "dog", "drone"];
// Who is busy or off duty is first set free.
const MOVABLE = new Set(["free", "assigned", "en_route", "on_scene"]);
const OVER = new Set(["resolved", "closed", "merged", "struck"]);
let shown = null;

/** Opens what can be changed of a unit. */
export function openUnit(id) {
  shown = id;
  for (const field of ["unit-home", "unit-post", "unit-incident"]) clear(field);
  open({ name: VIEW, title: () => store.get("unit", id)?.call_sign || word("unit.one"), view }, { focus: "#change-sign" });
}

/** Sends a unit that works for one incident to another, in one step. */
export function move(unit, incidentId) {
  const incident = store.get("incident", incidentId);
  if (!incident || isWaiting("reassign_unit", unit.id)) return;
  const before = unit.incident;
  send("reassign_unit", { unit_id: unit.id, incident_id: incidentId })
    .then(() => said(word("unit.moved", { unit: unit.call_sign, number: number(incident) }), before ? () => send("reassign_unit", { unit_id: unit.id, incident_id: before }).catch(() => {}) : null)).catch(() => {});
}

async function retire(unit) {
  const why = await reason(word("unit.ask_retire", { unit: unit.call_sign }), { hintText: word("unit.retire_hint") });
  if (!why) return;
  send("retire_unit", { unit_id: unit.id, reason: why }).then(() => { said(word("unit.retired", { unit: unit.call_sign })); if (isOpen(VIEW)) back(); }).catch(() => {});
}

// Only what differs is sent, so that two people who change different things do not undo each other.
function differing(unit, fields) {
  const wanted = {
    call_sign: fields.call_sign.value.trim(), agency: fields.agency.value, travels: fields.travels.value, size: Number(fields.size.value),
    capabilities: CAPABILITIES.filter((name) => fields[name].checked),
  };
  const home = placeOf(picked("unit-home")[0]);
  const post = picked("unit-post")[0]?.value;
  if (home) wanted.home = home;
  if (post) wanted.post = post;
  const now = { ...unit, travels: unit.travels || "foot", size: unit.size ?? 1, capabilities: CAPABILITIES.filter((name) => (unit.capabilities || []).includes(name)) };
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(now[name])));
}

function save(event) {
  event.preventDefault();
  const unit = store.get("unit", shown);
  const form = event.target;
  if (!unit || !form.elements.call_sign.value.trim()) return;
  const fields = differing(unit, form.elements);
  if (!Object.keys(fields).length) { close(VIEW); return; }
  send("change_unit", { unit_id: unit.id, fields }).then(() => said(word("unit.changed", { unit: fields.call_sign || unit.call_sign }))).catch(() => {});
  close(VIEW);
}

function view(draw) {
  const unit = store.get("unit", shown);
  if (!unit || unit.retired_at) return html`<p class="empty-line">${word("unit.gone")}</p>`;
  if (!mayOperate(unit.agency)) return html`<p class="empty-line">${agencyShort(unit.agency)}</p>`;
  return html`${form(unit, draw)}${moving(unit, draw)}
    <section class="block"><h3>${word("unit.end")}</h3><p class="hint">${word("unit.retire_hint")}</p>
      <button type="button" class="button small danger" ?disabled=${isWaiting("retire_unit", unit.id)} @click=${() => retire(unit)}>${word("unit.retire")}</button></section>`;
}

function form(unit, draw) {
  const parties = agencies().filter((one) => store.operates(one.value) || one.value === unit.agency);
  return html`<form class="fields two" @submit=${save}>
    <div><label for="change-sign">${word("unit.call_sign")}</label><input id="change-sign" name="call_sign" maxlength="40" required .defaultValue=${unit.call_sign}></div>
    <div><label for="change-agency">${word("incident.owner")}</label><select id="change-agency" name="agency">${parties.map((one) => html`<option value=${one.value} ?selected=${one.value === unit.agency}>${one.label}</option>`)}</select></div>
    <div><label for="change-travels">${word("unit.travels")}</label><select id="change-travels" name="travels">${["foot", "vehicle"].map((name) => html`<option value=${name} ?selected=${(unit.travels || "foot") === name}>${word(`unit.by_${name}`)}</option>`)}</select></div>
    <div><label for="change-size">${word("unit.size")}</label><input id="change-size" name="size" type="number" min="1" max="500" required .defaultValue=${String(unit.size ?? 1)}></div>
    <div>${picker({ id: "unit-home", label: word("unit.home"), candidates: features, draw, hintText: placeName(unit.home) })}</div>
    <div>${picker({ id: "unit-post", label: word("job.post"), candidates: posts, draw, hintText: unit.post ? postTitle(unit.post) : "" })}
      ${unit.post ? html`<button type="button" class="tool" @click=${() => send("change_unit", { unit_id: unit.id, fields: { post: null } }).catch(() => {})}>${word("unit.leave_post")}</button>` : nothing}</div>
    <fieldset class="wide"><legend>${word("unit.can")}</legend><div class="checks">${CAPABILITIES.map((name) => html`<label class="check"><input type="checkbox" name=${name} ?checked=${(unit.capabilities || []).includes(name)}> <span>${word(`capability.${name}`)}</span></label>`)}</div></fieldset>
    <div class="actions wide"><button class="button primary" ?disabled=${isWaiting("change_unit", unit.id)}>${word("pane.save")} ${hint("enter")}</button></div></form>`;
}

function moving(unit, draw) {
  if (!MOVABLE.has(unit.state)) return nothing;
  const now = unit.incident ? store.get("incident", unit.incident) : null;
  const others = () => incidents().filter((one) => one.value !== unit.incident && !OVER.has(store.get("incident", one.value)?.state));
  const submit = (event) => {
    event.preventDefault();
    const [found] = picked("unit-incident");
    if (!found) return;
    move(unit, found.value);
    clear("unit-incident");
    draw();
  };
  return html`<form class="block" @submit=${submit}><h3>${word(now ? "unit.move" : "incident.send_units")}</h3>
    ${now ? html`<p>${word("unit.works_for")} <b>${number(now)}</b> ${titleOf(now)}</p>` : nothing}
    ${picker({ id: "unit-incident", label: word("unit.move_to"), candidates: others, draw })}
    <div class="actions"><button class="button" ?disabled=${isWaiting("reassign_unit", unit.id) || !picked("unit-incident").length}>${word("unit.do_move")}</button></div></form>`;
}
