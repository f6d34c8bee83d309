// SPDX-License-Identifier: Apache-2.0
// The phases of the event with the time left to the next; who runs the operation opens, moves and closes it here.
import { html, nothing, put, render } from "./draw.js";
import { send } from "./outbox.js";
import { store } from "./store.js";
import { eventTime, ms, realTime, span, timeOfDay } from "./times.js";
import { word } from "./words.js";

const PHASES = ["preparation", "ingress", "show", "egress", "after"];
// What the plan says about the beginning of each phase.
const BEGINS = { ingress: "doors_open_at", show: "starts_at", egress: "ends_at", after: "clear_by" };
const RATES = [1, 2, 5, 10, 30, 60];
const MINUTE_MS = 60_000;
let dialog = null;

export function mount() {
  const draw = () => { render(bar(), document.getElementById("phases")); render(menu(), document.getElementById("operation")); countdown(); };
  store.on(["operation", "reference", "moment", "freshness"], draw);
  store.on("tick", countdown);
  draw();
}

const operationNow = () => store.get("operation", "operation");
const isOpen = (operation) => operation?.state === "open";
const mayRun = () => store.may("run_operation");

function bar() {
  const operation = operationNow();
  if (!isOpen(operation)) return html`<span class="chip">${word(operation ? "operation.closed" : "operation.none")}</span>
    ${mayRun() ? html`<button type="button" class="button small primary" @click=${askToOpen}>${word("operation.open")}</button>` : nothing}`;
  return html`<ol>${PHASES.map((phase) => html`<li aria-current=${phase === operation.phase ? "step" : nothing}>
      ${mayRun() && phase !== operation.phase
        ? html`<button type="button" @click=${() => askForPhase(phase)} title=${word("phase.enter_hint")}>${word(`phase.${phase}`)}</button>`
        : html`<span>${word(`phase.${phase}`)}</span>`}</li>`)}</ol><p class="left"></p>`;
}

/** The next phase and the real moment at which the plan begins it, or null. */
export function nextPhase() {
  const operation = operationNow();
  const event = store.reference?.event;
  if (!isOpen(operation) || !event) return null;
  const at = PHASES.indexOf(operation.phase);
  const next = PHASES.slice(at + 1).find((phase) => event[BEGINS[phase]]);
  return next ? { phase: next, at: realTime(event[BEGINS[next]]) } : null;
}

// Counted on the clock of the event: in a drill that runs faster, so does the time that is left.
function countdown() {
  const place = document.querySelector("#phases .left");
  const next = place && nextPhase();
  if (!place) return;
  const left = next ? ms(store.reference.event[BEGINS[next.phase]]) - eventTime(store.now()) : NaN;
  const key = left < 0 ? "phase.late" : "phase.left";
  put(place, next ? word(key, { phase: word(`phase.${next.phase}`), time: span(left) }) : "");
  place.classList.toggle("is-late", left < 0);
}

function menu() {
  const operation = operationNow();
  if (!mayRun() || !isOpen(operation)) return nothing;
  return html`${operation.mode === "drill" ? html`<button type="button" class="tool" @click=${askForClock}>${word("drill.clock")}</button>` : nothing}
    <button type="button" class="tool" @click=${askToClose}>${word("operation.close")}</button>`;
}

function ask(title, body, buttons) {
  if (!dialog) {
    dialog = Object.assign(document.createElement("dialog"), { id: "ask-operation", className: "pane-dialog" });
    dialog.setAttribute("aria-labelledby", "ask-operation-title");
    document.body.append(dialog);
  }
  render(html`<form method="dialog" @submit=${(event) => { event.preventDefault(); buttons.run(event.target.elements); dialog.close(); }}>
    <h2 id="ask-operation-title">${title}</h2>${body}
    <div class="actions"><button class="button primary">${buttons.label}</button>
    <button type="button" class="button" @click=${() => dialog.close()}>${word("ask.cancel")}</button></div></form>`, dialog);
  dialog.showModal();
}

const run = (verb, args) => send(verb, args).catch(() => null);

function askForPhase(phase) {
  const planned = store.reference?.event?.[BEGINS[phase]];
  const hint = planned ? html`<p class="soft">${word("phase.planned", { time: timeOfDay(planned, { seconds: false }) })}</p>` : nothing;
  ask(word("phase.enter", { phase: word(`phase.${phase}`) }), hint, { label: word("phase.do_enter"), run: () => run("enter_phase", { phase }) });
}

function askToOpen() {
  const body = html`<fieldset class="choices"><legend class="visually-hidden">${word("operation.mode")}</legend>
      <label class="check"><input type="radio" name="mode" value="real" required><span><b>${word("operation.real")}</b><span class="under">${word("operation.real_says")}</span></span></label>
      <label class="check"><input type="radio" name="mode" value="drill"><span><b>${word("operation.drill")}</b><span class="under">${word("operation.drill_says")}</span></span></label></fieldset>
    <label for="operation-title">${word("operation.title")}</label><input id="operation-title" name="title" maxlength="200" autocomplete="off">`;
  ask(word("operation.open"), body, {
    label: word("operation.open"),
    run: (fields) => run("open_operation", { mode: fields.mode.value, title: fields.title.value.trim() || null }),
  });
}

// A jump goes to a moment of the plan, or to a time of the day the clock of the drill shows now.
function jumpTo(fields, now) {
  if (fields.time.value) {
    const [hours, minutes] = fields.time.value.split(":").map(Number);
    const [nowHours, nowMinutes] = timeOfDay(now, { seconds: false }).split(":").map(Number);
    const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
    return minute + ((hours - nowHours) * 60 + minutes - nowMinutes) * MINUTE_MS;
  }
  return fields.jump.value ? ms(store.reference.event[fields.jump.value]) : now;
}

function askForClock() {
  const event = store.reference?.event || {};
  const rate = (operationNow().clock || []).filter((each) => ms(each.real_at) <= store.now()).at(-1)?.rate ?? 1;
  const rates = [...new Set([...RATES, rate])].sort((one, other) => one - other);
  const body = html`<p class="soft">${word("drill.clock_says")}</p>
    <label for="drill-jump">${word("drill.jump")}</label><select id="drill-jump" name="jump"><option value="" selected>${word("drill.stay")}</option>
      ${Object.values(BEGINS).filter((name) => event[name]).map((name) => html`<option value=${name}>${word(`drill.at_${name}`, { time: timeOfDay(event[name], { seconds: false }) })}</option>`)}</select>
    <label for="drill-time">${word("drill.time")}</label><input id="drill-time" name="time" inputmode="numeric" placeholder="21:30" maxlength="5" pattern="([01][0-9]|2[0-3]):[0-5][0-9]" autocomplete="off">
    <label for="drill-pace">${word("drill.pace")}</label><select id="drill-pace" name="pace">${rates.map((value) => html`<option value=${value} ?selected=${value === rate}>${value === 1 ? word("drill.pace_real") : word("drill.pace_of", { count: value })}</option>`)}</select>`;
  ask(word("drill.clock"), body, {
    label: word("drill.set"),
    run: (fields) => run("set_clock", { event_at: new Date(jumpTo(fields, eventTime(store.now()))).toISOString(), rate: Number(fields.pace.value) }),
  });
}

function askToClose() {
  const body = html`<p class="soft">${word("operation.close_says")}</p><label for="operation-reason">${word("operation.reason")}</label>
    <textarea id="operation-reason" name="reason" required rows="2"></textarea>`;
  ask(word("operation.close"), body, { label: word("operation.close"), run: (fields) => run("close_operation", { reason: fields.reason.value.trim() }) });
}
