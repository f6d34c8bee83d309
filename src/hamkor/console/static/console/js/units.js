// SPDX-License-Identifier: Apache-2.0
// Units: who is free, under way, on scene; their state by one choice; a list beside the map.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { repeat } from "../../hamkor/vendor/lit/directives/repeat.js";
import { agencyShort, placeName, postTitle } from "./names.js";
import { openIncident } from "./incident_detail.js";
import { find } from "./grammar.js";
import { register } from "./keys.js";
import { showSheet } from "./layout.js";
import { number, UNIT_STATES, units as candidates } from "./lexicon.js";
import { mayOperate, panel, said, since } from "./panel.js";
import { isWaiting, send } from "./outbox.js";
import { store } from "./store.js";
import { ago, ms } from "./times.js";
import { CAPABILITIES, openUnit } from "./unit_forms.js";
import { number as figure, word } from "./words.js";

// Older than this, a position says where a unit was, not where it is.
const OLD_MS = 120_000;
let wanted = "";
let state = "all";
const GROUPS = {
  all: () => true,
  free: (unit) => unit.state === "free",
  sent: (unit) => unit.state === "assigned" || unit.state === "en_route",
  there: (unit) => unit.state === "on_scene" || unit.state === "busy",
  off: (unit) => unit.state === "off_duty",
};

const SIGNS = new Intl.Collator(undefined, { numeric: true });
export const present = () => store.all("unit").filter((unit) => !unit.retired_at && !unit.retired);
export function openUnits() { showSheet("left", "units"); document.getElementById("unit-filter")?.focus(); }

function shown() {
  const order = new Map(UNIT_STATES.map((name, index) => [name, index]));
  const fits = wanted ? new Set(find(wanted, candidates(), 500).map((one) => one.value)) : null;
  return present().filter((unit) => (!fits || fits.has(unit.id) || agencyShort(unit.agency).toLowerCase().includes(wanted.toLowerCase())) && GROUPS[state](unit))
    .sort((one, other) => order.get(one.state) - order.get(other.state) || SIGNS.compare(one.call_sign, other.call_sign));
}

/** Changes the state of a unit; the change can be taken back. */
export function setState(unit, next) {
  const before = unit.state;
  if (next === before) return;
  const verb = next === "free" && unit.incident ? ["release_unit", { unit_id: unit.id }] : ["set_unit_state", { unit_id: unit.id, state: next }];
  send(...verb).then(() => said(word("unit.now", { unit: unit.call_sign, state: word(`unit.${next}`) }), verb[0] === "set_unit_state" ? () => send("set_unit_state", { unit_id: unit.id, state: before }).catch(() => {}) : null)).catch(() => {});
}

function position(unit) {
  const signal = store.signal("unit", unit.id);
  if (signal) { const isOld = store.now() - ms(signal.at) > OLD_MS; return html`<span class="nowrap"><span class=${isOld ? "stale" : "soft"}>${word("unit.position")} ${ago(signal.at)}</span>${signal.body.battery !== undefined && signal.body.battery !== null && signal.body.battery < 0.2 ? html` · <b class="tone-amber">${word("unit.battery", { percent: figure(signal.body.battery * 100) })}</b>` : nothing}</span>`; }
  return html`<span class="soft">${placeName(unit.last_place || unit.home) || (unit.post ? postTitle(unit.post) : "")}</span>`;
}

function line(unit) {
  const incident = unit.incident ? store.get("incident", unit.incident) : null;
  const isSending = isWaiting("set_unit_state", unit.id) || isWaiting("release_unit", unit.id);
  const isChosen = store.selection?.kind === "unit" && store.selection.id === unit.id;
  return html`<li class="unit-row ${unit.state} ${isChosen ? "chosen" : ""}"><span class="name"><button type="button" class="link" @click=${() => store.select({ kind: "unit", id: unit.id })}>${unit.call_sign}</button>
      <span class="soft">${agencyShort(unit.agency)}${unit.size > 1 ? ` · ${unit.size}` : ""}</span>${incident ? html` <button type="button" class="link nowrap" @click=${() => openIncident(incident.id)}>${number(incident)}</button>` : nothing}</span>
    <span class="state">${mayOperate(unit.agency) ? html`<select aria-label=${word("unit.state_of", { unit: unit.call_sign })} ?disabled=${isSending} .value=${unit.state} @change=${(event) => setState(unit, event.target.value)}>
      ${UNIT_STATES.map((name) => html`<option value=${name} ?selected=${unit.state === name}>${word(`unit.${name}`)}</option>`)}</select>` : word(`unit.${unit.state}`)}</span>
    <span class="under">${(unit.capabilities || []).map((one) => word(`capability.${one}`)).join(", ")} · ${position(unit)}${isChosen && mayOperate(unit.agency) ? html` <button type="button" class="tool" aria-label=${word("unit.change_that", { unit: unit.call_sign })} @click=${() => openUnit(unit.id)}>${word("pane.change")}</button>` : nothing}</span>
    <span class="age">${isSending ? html`<i>${word("pane.sending")}</i>` : since(unit.since)}</span></li>`;
}

function view(draw) {
  const all = present();
  const found = shown();
  return html`<header class="panel-head"><h2>${word("unit.many")}</h2><p class="soft">${word("unit.free_of", { free: all.filter((unit) => unit.state === "free").length, all: all.length })}</p></header>
    <div class="row tight filter"><input id="unit-filter" class="grow" type="search" aria-label=${word("unit.filter")} placeholder=${word("unit.filter")} .value=${wanted} @input=${(event) => { wanted = event.target.value; draw(); }}></div>
    <div class="segments" role="group" aria-label=${word("unit.filter_state")}>${Object.keys(GROUPS).map((name) => { const count = all.filter(GROUPS[name]).length;
      return html`<button type="button" aria-pressed=${String(state === name)} @click=${() => { state = name; draw(); }}><span>${word(`unit.group_${name}`)}</span> <b>${figure(count)}</b></button>`; })}</div>
    ${found.length ? html`<ul class="unit-list">${repeat(found, (unit) => unit.id, line)}</ul>` : all.length ? html`<p class="empty-line">${word("pane.nothing_fits")}</p>` : noneYet()}
    ${mayOperate(store.reference?.viewer?.agency) ? html`${all.length && planned() ? html`<p class="adder">${takeButton(word("unit.take"))}</p>` : nothing}${addUnit(draw)}` : nothing}`;
}

// Units the plan speaks of, of the parties the person acts for.
const planned = () => Object.entries(store.reference?.planned_units || {}).reduce((sum, [agency, count]) => sum + (mayOperate(agency) ? count : 0), 0);
const take = () => send("register_planned_units").then(() => said(word("unit.taken"))).catch(() => {});
const takeButton = (text, name = "small") => html`<button type="button" class="button ${name}" ?disabled=${isWaiting("register_planned_units")} @click=${take}>${text}</button>`;

function noneYet() {
  const count = planned();
  return html`<div class="empty"><p>${word("unit.none")}</p>${count ? html`<p class="soft">${word("unit.of_plan", { count })}</p>${takeButton(word("unit.take_all", { count }), "primary")}` : nothing}</div>`;
}

function addUnit() {
  const submit = (event) => {
    event.preventDefault();
    const fields = event.target.elements;
    const capabilities = CAPABILITIES.filter((name) => fields[name].checked);
    const args = { call_sign: fields.call_sign.value.trim(), agency: fields.agency.value, capabilities, travels: fields.travels.value, size: Number(fields.size.value) || 1 };
    if (!args.call_sign) return;
    send("register_unit", args).then(() => event.target.reset()).catch(() => {});
  };
  const agencies = (store.reference?.agencies || []).filter((one) => store.operates(one.code));
  return html`<details class="adder"><summary>${word("unit.add")}</summary><form class="fields two" @submit=${submit}>
    <div><label for="unit-sign">${word("unit.call_sign")}</label><input id="unit-sign" name="call_sign" maxlength="40" required></div>
    <div><label for="unit-agency">${word("incident.owner")}</label><select id="unit-agency" name="agency">${agencies.map((one) => html`<option value=${one.code} ?selected=${one.code === store.reference?.viewer?.agency}>${one.short || one.name}</option>`)}</select></div>
    <div><label for="unit-travels">${word("unit.travels")}</label><select id="unit-travels" name="travels">${["foot", "vehicle"].map((name) => html`<option value=${name}>${word(`unit.by_${name}`)}</option>`)}</select></div>
    <div><label for="unit-size">${word("unit.size")}</label><input id="unit-size" name="size" type="number" min="1" max="500" value="2"></div>
    <fieldset class="wide"><legend>${word("unit.can")}</legend><div class="checks">${CAPABILITIES.map((name) => html`<label class="check"><input type="checkbox" name=${name}> <span>${word(`capability.${name}`)}</span></label>`)}</div></fieldset>
    <button class="button small">${word("pane.add")}</button></form></details>`;
}

export function mount(element) {
  element.classList.add("units-panel");
  panel(element, ["unit", "incident", "signal:unit"], view);
  register({ key: "u", label: "keys.units", group: "orders", run: openUnits });
}
