// SPDX-License-Identifier: Apache-2.0
// Is everybody accounted for? Every unit answers before a deadline; who has not is named first.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { agencyShort } from "./names.js";
import { hint, register } from "./keys.js";
import { open, panel, reason, tell, until } from "./panel.js";
import { isWaiting, send } from "./outbox.js";
import { store } from "./store.js";
import { clock, ms } from "./times.js";
import { present } from "./units.js";
import { word } from "./words.js";

const VIEW = "roll-call";
const ANSWERS = ["ok", "help", "missing"];
const MINUTES = [3, 5, 10];

const running = () => store.all("roll_call").filter((call) => !call.ended_at).sort((a, b) => ms(b.asked_at) - ms(a.asked_at))[0] || null;
export const openRollCall = () => open({ name: VIEW, title: () => word("roll.title"), view });

const answerOf = (call, unit) => call.answers?.[unit.id];
function askedOf(call) {
  return (call.units || []).map((id) => store.get("unit", id) || { id, call_sign: id });
}

function start(event) {
  event.preventDefault();
  const fields = event.target.elements;
  if (isWaiting("start_roll_call")) return;
  const args = { minutes: Number(fields.minutes.value) };
  if (fields.agency.value) args.scope = { agencies: [fields.agency.value] };
  send("start_roll_call", args).then(() => tell(word("roll.started"))).catch(() => {});
}

function line(call, unit) {
  const answer = answerOf(call, unit);
  const may = store.operates(unit.agency);
  return html`<li class=${answer === "ok" ? "done" : answer ? "bad" : "waiting"}><span class="grow"><b>${unit.call_sign}</b> <span class="soft">${agencyShort(unit.agency)}</span></span>
    ${may && !call.ended_at ? html`<span class="row tight nowrap">${ANSWERS.map((name) => html`<button type="button" class="chip-button ${name}" aria-pressed=${String(answer === name)} aria-label=${`${unit.call_sign}: ${word(`roll.${name}`)}`}
      @click=${() => send("answer_roll_call", { roll_call_id: call.id, unit_id: unit.id, answer: name }).catch(() => {})}>${word(`roll.${name}`)}</button>`)}</span>` : html`<span>${answer ? word(`roll.${answer}`) : word("roll.no_answer")}</span>`}</li>`;
}

function view() {
  const call = running();
  if (!call) return html`<p class="hint">${word("roll.hint")}</p><form @submit=${start}>
    <fieldset class="segments"><legend>${word("roll.within")}</legend>${MINUTES.map((count, index) => html`<label><input type="radio" name="minutes" value=${count} ?checked=${index === 1}><span>${word("roll.minutes", { count })}</span></label>`)}</fieldset>
    <label for="roll-agency">${word("roll.whom")}</label><select id="roll-agency" name="agency"><option value="">${word("roll.everybody")}</option>${(store.reference?.agencies || []).filter((one) => present().some((unit) => unit.agency === one.code)).map((one) => html`<option value=${one.code}>${one.short || one.name}</option>`)}</select>
    <div class="actions"><button class="button primary" ?disabled=${isWaiting("start_roll_call")}>${word("roll.start", { count: present().filter((unit) => unit.state !== "off_duty").length })} ${hint("enter")}</button></div></form>${past()}`;
  const asked = askedOf(call);
  const rank = (unit) => ({ missing: 0, help: 1, ok: 3 })[answerOf(call, unit)] ?? 2;
  const unanswered = asked.filter((unit) => !answerOf(call, unit)).length;
  const bad = asked.filter((unit) => ["help", "missing"].includes(answerOf(call, unit))).length;
  return html`<p class="roll-head"><b class="big">${word("roll.answered", { count: asked.length - unanswered, all: asked.length })}</b> ${bad ? html`<b class="tone-red">${word("roll.bad", { count: bad })}</b>` : nothing} <span class="push">${until(call.deadline_at, "big")}</span></p>
    <ul class="lines roll">${[...asked].sort((a, b) => rank(a) - rank(b) || a.call_sign.localeCompare(b.call_sign, undefined, { numeric: true })).map((unit) => line(call, unit))}</ul>
    <div class="actions sticky"><button type="button" class="button" @click=${() => end(call, unanswered)}>${word("roll.end")}</button></div>`;
}

function past() {
  const found = store.all("roll_call").filter((call) => call.ended_at).sort((a, b) => ms(b.asked_at) - ms(a.asked_at)).slice(0, 5);
  return found.length ? html`<section class="block"><h3>${word("roll.earlier")}</h3><ul class="lines">${found.map((call) => html`<li>${clock(call.asked_at)} <span class="push soft">${word("roll.answered", { count: askedOf(call).filter((unit) => answerOf(call, unit)).length, all: askedOf(call).length })}</span></li>`)}</ul></section>` : nothing;
}

async function end(call, left) {
  const why = left ? await reason(word("roll.ask_end", { count: left })) : "";
  if (why !== null) send("end_roll_call", { roll_call_id: call.id, ...(why ? { reason: why } : {}) }).catch(() => {});
}

/** The button; while a roll call runs it tells how many have answered. */
export function mount(element) {
  panel(element, ["roll_call", "unit"], () => { const call = running(); const asked = call ? askedOf(call) : [];
    return html`<button type="button" class="tool" aria-keyshortcuts="r" @click=${openRollCall}>${word("roll.title")}${call ? html` <b class="tone-amber">${asked.filter((unit) => answerOf(call, unit)).length}/${asked.length}</b> ${until(call.deadline_at)}` : nothing} ${hint("r")}</button>`; });
  register({ key: "r", label: "keys.roll", group: "orders", run: openRollCall });
}
