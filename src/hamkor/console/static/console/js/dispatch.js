// SPDX-License-Identifier: Apache-2.0
// Whom to send: nearest free and able units with their minutes as the server advises; the operator decides, one key sends.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { agencyShort, postTitle, priorityMark } from "./names.js";
import { onVerb } from "./commands.js";
import { hint, register } from "./keys.js";
import { number, titleOf, units } from "./lexicon.js";
import { close, isOpen, open, redrawPane, said } from "./panel.js";
import { clear, picked, picker } from "./pick.js";
import { isWaiting, send } from "./outbox.js";
import { move } from "./unit_forms.js";
import { store } from "./store.js";
import { number as figure, word } from "./words.js";

const VIEW = "dispatch";
const OLD_S = 120;
const OPEN = new Set(["reported", "assessed", "dispatched", "on_scene"]);
let shown = null;
let advice = null;
let fault = "";
let isAsking = false;
let picks = new Set();
let isAll = false;

/** Opens the advice for an incident. */
export function openDispatch(id) {
  shown = id;
  advice = null;
  fault = "";
  picks = new Set();
  isAll = false;
  clear("dispatch-other");
  store.select({ kind: "incident", id });
  open({ name: VIEW, title: () => word("dispatch.title", { number: number(store.get("incident", id) || { number: 0 }) }), view }, { focus: "h2" });
  ask();
}

async function ask() {
  isAsking = true;
  redrawPane();
  const wanted = isAll ? store.all("incident").filter((incident) => OPEN.has(incident.state) && !(incident.units || []).length).map((incident) => incident.id) : [shown];
  if (isAll && !wanted.includes(shown)) wanted.unshift(shown);
  const query = wanted.map((id) => `incident=${encodeURIComponent(id)}`).join("&");
  try {
    const answer = await fetch(`${document.body.dataset.advice || "advice"}?${query}`, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    const given = await answer.json();
    if (!answer.ok) throw new Error(given.detail);
    advice = given;
    fault = "";
    preselect();
  } catch (refusal) { fault = refusal.message || ""; advice = null; fault ||= word("dispatch.no_advice"); }
  isAsking = false;
  redrawPane();
}

const adviceOf = (id) => advice?.incidents?.find((one) => one.incident === id);
const unitOf = (candidate) => store.get("unit", candidate.unit);
const idOf = (candidate) => candidate.unit;
const isProposed = (candidate) => candidate.proposed;

function preselect() {
  const candidates = adviceOf(shown)?.candidates || [];
  const proposed = candidates.filter(isProposed);
  picks = new Set((proposed.length ? proposed : candidates.slice(0, 1)).map(idOf));
}

const toggle = (id) => { if (picks.has(id)) picks.delete(id); else picks.add(id); redrawPane(); };

function dispatchTo(incident, ids, task = "") {
  if (!ids.length || isWaiting("dispatch_units", incident.id)) return;
  const args = { incident_id: incident.id, unit_ids: ids };
  if (task) args.task = task;
  const names = ids.map((id) => store.get("unit", id)?.call_sign || id).join(", ");
  send("dispatch_units", args).then(() => { said(word("dispatch.sent", { units: names, number: number(incident) }), () => ids.forEach((id) => send("release_unit", { unit_id: id }).catch(() => {}))); }).catch(() => {});
}

function submit(event) {
  event.preventDefault();
  const incident = store.get("incident", shown);
  if (!incident) return;
  const others = picked("dispatch-other").map((one) => one.value);
  dispatchTo(incident, [...new Set([...picks, ...others])], event.target.elements.task.value.trim());
  clear("dispatch-other");
  if (!isAll) close(VIEW); else { picks = new Set(); redrawPane(); }
}

// The view -------------------------------------------------------------------------------------------------------------
const minutes = (candidate) => (candidate.minutes === null || candidate.minutes === undefined ? html`<span class="soft">${word("dispatch.unknown_way")}</span>` : html`<b>${candidate.is_guessed ? "≈ " : ""}${word("dispatch.minutes", { count: figure(candidate.minutes, candidate.minutes < 10 ? 1 : 0) })}</b>`);

function line(candidate, index) {
  const unit = unitOf(candidate);
  const id = idOf(candidate);
  return html`<li class=${picks.has(id) ? "picked" : ""}><label><input type="checkbox" .checked=${picks.has(id)} @change=${() => toggle(id)}> ${index < 9 ? html`<kbd aria-hidden="true">${index + 1}</kbd>` : nothing}
    <span class="grow"><b>${unit?.call_sign || candidate.call_sign || id}</b> <span class="soft">${agencyShort(unit?.agency || candidate.agency)} · ${(candidate.needs?.filter(Boolean).length ? candidate.needs : unit?.capabilities || []).filter(Boolean).map((one) => word(`capability.${one}`)).join(", ")}</span>
      ${candidate.is_stand_in ? html` <small class="tone-amber">${word("dispatch.stand_in")}</small>` : nothing}${candidate.leaves_post ? html` <small class="tone-amber">${word("dispatch.leaves", { post: postTitle(candidate.leaves_post) })}</small>` : nothing}${candidate.position_age_s > OLD_S ? html` <small class="stale">${word("dispatch.old_position")}</small>` : nothing}</span>
    <span class="number">${minutes(candidate)}${candidate.metres !== null && candidate.metres !== undefined ? html` <span class="soft">${word("dispatch.metres", { count: figure(candidate.metres) })}</span>` : nothing}</span></label></li>`;
}

function view(draw) {
  const incident = store.get("incident", shown);
  if (!incident) return html`<p class="empty-line">${word("incident.gone")}</p>`;
  const found = adviceOf(shown);
  const isSending = isWaiting("dispatch_units", shown);
  return html`<p>${priorityMark(incident.priority)} <b>${titleOf(incident)}</b></p>
    <form @submit=${submit}>
      ${isAsking ? html`<p class="soft" role="status">${word("dispatch.asking")}</p>` : fault ? html`<p class="notice amber">${fault} <button type="button" class="link" @click=${ask}>${word("outbox.again")}</button></p>` : nothing}
      ${found?.candidates?.length ? html`<ol class="candidates">${found.candidates.slice(0, 12).map(line)}</ol>` : found?.needs?.length && !isAsking ? html`<p class="notice amber">${word("dispatch.nobody")}</p>` : nothing}
      ${reasons(found)}
      ${picker({ id: "dispatch-other", label: word("dispatch.other"), candidates: units, draw, isMany: true, hintText: word("dispatch.other_hint") })}
      <label for="dispatch-task">${word("dispatch.task")}</label><input id="dispatch-task" name="task" maxlength="500">
      <div class="actions sticky"><button class="button primary" ?disabled=${isSending || !(picks.size + picked("dispatch-other").length)}>${isSending ? word("pane.sending") : word("dispatch.send", { count: picks.size + picked("dispatch-other").length })} ${hint("enter")}</button>
        <button type="button" class="button" aria-pressed=${String(isAll)} @click=${() => { isAll = !isAll; ask(); }}>${word("dispatch.several")}</button></div></form>
    ${isAll ? several() : nothing}`;
}

// Who works for another incident can be moved here in one step.
function mover(left) {
  const unit = unitOf(left);
  if (!unit?.incident || unit.incident === shown || unit.state === "busy" || !store.operates(unit.agency)) return nothing;
  return html` <button type="button" class="button small" ?disabled=${isWaiting("reassign_unit", unit.id)} @click=${() => move(unit, shown)}>${word("unit.move_here")}</button>`;
}

function reasons(found) {
  const left = found?.left_out || [];
  return left.length ? html`<details class="adder"><summary>${word("dispatch.not_proposed", { count: left.length })}</summary><ul class="lines">${left.map((one) => html`<li><b>${one.call_sign || idOf(one)}</b> <span class="push soft">${one.reason}${one.incident && store.get("incident", one.incident) ? ` (${number(store.get("incident", one.incident))})` : ""}${one.minutes ? ` · ${word("dispatch.minutes", { count: figure(one.minutes) })}` : ""}</span>${mover(one)}</li>`)}</ul></details>` : nothing;
}

// Several incidents at once: who goes where so that all wait least, most urgent first.
function several() {
  const others = (advice?.incidents || []).map((one) => ({ advised: one, incident: store.get("incident", one.incident) })).filter(({ incident }) => incident);
  return html`<section class="block"><h3>${word("dispatch.together")}</h3><ul class="lines">${others.map(({ advised, incident }) => {
    const proposed = (advised.candidates || []).filter(isProposed);
    return html`<li class="wrapped">${priorityMark(incident.priority)} <b>${number(incident)}</b> <span class="grow">${titleOf(incident)}<br><span class="soft">${proposed.map((one) => unitOf(one)?.call_sign || idOf(one)).join(", ") || word("dispatch.nobody")}</span></span>
      ${proposed.length ? html`<button type="button" class="button small" ?disabled=${isWaiting("dispatch_units", incident.id)} @click=${() => dispatchTo(incident, proposed.map(idOf))}>${word("dispatch.send", { count: proposed.length })}</button>` : nothing}</li>`;
  })}</ul></section>`;
}

export function mount() {
  onVerb("dispatch", openDispatch);
  for (let digit = 1; digit <= 9; digit++) {
    register({ key: String(digit), when: () => isOpen(VIEW), run: () => { const candidate = adviceOf(shown)?.candidates?.[digit - 1]; if (!candidate) return false; toggle(idOf(candidate)); return true; } });
  }
  register({ key: "enter", when: (event) => isOpen(VIEW) && !event.target.closest("button, a, summary"), run: () => { document.querySelector(".pane-body[data-view=dispatch] form")?.requestSubmit(); } });
}
