// SPDX-License-Identifier: Apache-2.0
// Stopping the show: who may, on which sign, what it means in numbers; ordered only by a second, deliberate gesture.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { agencyShort, featureName, personTitle, postTitle } from "./names.js";
import { byLanguage } from "./compose.js";
import { jobLine } from "./contingency.js";
import { fold } from "./grammar.js";
import { eventSignal } from "./header.js";
import { hint, register } from "./keys.js";
import { channelName } from "./lexicon.js";
import { isGate } from "./map_things.js";
import { dialog, mayOperate, open, panel, plus, reason, since, tell, until } from "./panel.js";
import { isWaiting, send } from "./outbox.js";
import { store } from "./store.js";
import { clock, ms } from "./times.js";
import { number as figure, word } from "./words.js";

const HOLD_MS = 2000;
const ACTIONS = ["stop_show", "delay_start", "stop_entry", "open_exits", "evacuate", "cancel"];
const LETS_OUT = new Set(["open_exits", "evacuate"]);
const LANGUAGES = ["uz", "uz-Cyrl", "ru", "en"];
let chosen = {};
let shownDialog = null;
let holding = null;

const gates = () => (store.reference?.features?.features || []).filter(isGate).map((one) => one.properties);
const isWayIn = (gate) => gate.kind === "turnstiles" || ((gate.from_ || gate.from) === "outside" && gate.use?.ingress !== "closed");
const isWayOut = (gate) => gate.kind !== "turnstiles" && gate.use?.emergency !== "closed";
const who = (name) => { for (const find of [agencyShort, postTitle, personTitle]) { const found = find(name); if (found && found !== name && found !== word("person.unknown")) return found; } return name || ""; };

/** The authorities of the plan this person may use, and their own word when they may stop without one. */
export function options() {
  const isAny = store.may("stop_show");
  const mine = (store.reference?.stops || []).filter((stop) => stop.may?.length && (store.reference.viewer?.stops || []).includes(stop.id));
  return isAny ? [...mine, { id: null, may: ACTIONS, holder: null, signs: [], steps: [], within_min: null }] : mine;
}
const inside = () => { const found = eventSignal(); return found ? { count: found.body.inside, at: found.at } : null; };

export function openStop() {
  const found = options();
  if (!found.length) { tell(word("stop.not_yours"), true); }
  chosen = { option: found[0], action: found[0]?.may[0], sign: "", words: "", reason: "", announcement: {}, typed: "", open: new Set(), close: new Set() };
  preset();
  shownDialog = dialog("show-stop-dialog", view, { name: "wide stop" });
  // The fields of an earlier opening are still there, with what was typed then.
  fillAnnouncement();
  shownDialog.element.querySelector("input[name=action]")?.focus();
}

function preset() {
  chosen.open = new Set(LETS_OUT.has(chosen.action) ? gates().filter(isWayOut).map((gate) => gate.id) : []);
  chosen.close = new Set(chosen.action === "stop_entry" ? gates().filter(isWayIn).map((gate) => gate.id) : []);
  chosen.typed = "";
  const agreed = agreedMessage();
  chosen.announcement = { ...(agreed?.message || store.reference?.announcements?.[chosen.action]) };
  chosen.agreed = agreed?.title || "";
  fillAnnouncement();
}

// As the server does: the message of the contingency under way that began last, else the words of the action.
function agreedMessage() {
  const running = store.all("contingency_run").filter((one) => !one.ended_at).sort((one, other) => ms(other.started_at) - ms(one.started_at));
  for (const run of running) {
    const found = store.reference?.contingencies?.find((one) => one.id === run.contingency);
    const message = byLanguage(found?.message);
    if (Object.keys(message).length) return { title: found.title, message };
  }
  return null;
}

function fillAnnouncement() {
  if (!shownDialog?.element.open) return;
  for (const language of LANGUAGES) { const field = document.getElementById(`say-${language}`); if (field) field.value = chosen.announcement[language] || ""; }
}

const redraw = () => shownDialog?.draw();
const set = (fields) => { Object.assign(chosen, fields); redraw(); };

// The dialog -----------------------------------------------------------------------------------------------------------
function view() {
  const found = options();
  if (!found.length) return html`<h2>${word("stop.title")}</h2><p class="notice amber">${word("stop.not_yours")}</p>
    <ul class="lines">${(store.reference?.stops || []).map((stop) => html`<li><b>${who(stop.holder)}</b> <span class="push">${stop.may.map((action) => word(`stop.${action}`)).join(", ")}</span></li>`)}</ul>
    <div class="actions"><button type="button" class="button" @click=${() => shownDialog.close()}>${word("pane.close")}</button></div>`;
  const { option, action } = chosen;
  return html`<form @submit=${(event) => { event.preventDefault(); if (isTyped()) order(); }}><h2>${word("stop.title")}</h2>
    ${found.length > 1 ? html`<label for="stop-authority">${word("stop.authority")}</label><select id="stop-authority" @change=${(event) => { const picked = found[event.target.value]; chosen.option = picked; chosen.action = picked.may[0]; preset(); redraw(); }}>
      ${found.map((one, index) => html`<option value=${index} ?selected=${one.id === option.id}>${one.id ? who(one.holder) : word("stop.own_word")}</option>`)}</select>` : html`<p class="soft">${word("stop.authority")}: <b>${option.id ? who(option.holder) : word("stop.own_word")}</b></p>`}
    <fieldset class="segments wrap"><legend>${word("stop.what")}</legend>${option.may.map((name) => html`<label class=${action === name ? "on" : ""}><input type="radio" name="action" .checked=${action === name}
      @change=${() => { chosen.action = name; preset(); redraw(); }}><span>${word(`stop.${name}`)}</span></label>`)}</fieldset>
    <fieldset class="sign-list"><legend>${word("stop.sign")}</legend>${(option.signs || []).map((sign) => html`<label class="check"><input type="radio" name="sign" .checked=${chosen.sign === sign} @change=${() => set({ sign })}> <span>${sign}</span></label>`)}
      <input id="stop-words" maxlength="1000" aria-label=${word("stop.sign_words")} placeholder=${word("stop.sign_words")} @input=${(event) => set({ words: event.target.value, sign: "" })}></fieldset>
    <label for="stop-reason">${word("stop.reason")}</label><input id="stop-reason" maxlength="1000" @input=${(event) => { chosen.reason = event.target.value; }}>
    ${consequence()}${announcement()}${second()}${gateChoice()}${chain(option)}</form>`;
}

function consequence() {
  const people = inside();
  const count = chosen.open.size + chosen.close.size;
  return html`<div class="consequence" role="status"><h3>${word("stop.means")}</h3><ul>
    <li>${people && people.count !== null && people.count !== undefined ? html`<b>${word("stop.people_inside", { count: figure(people.count) })}</b> <span class="soft">(${since(people.at)})</span>` : html`<b class="tone-amber">${word("stop.people_unknown")}</b>`}</li>
    <li>${word(`stop.effect_${chosen.action}`)}</li>
    <li>${count ? word("stop.gates_change", { open: chosen.open.size, close: chosen.close.size }) : word("stop.no_gates")}</li>
    ${chosen.option.within_min ? html`<li>${word("stop.within", { count: figure(chosen.option.within_min) })}</li>` : nothing}
    <li>${word("stop.chain_count", { count: chosen.option.steps?.length || 0 })}</li></ul></div>`;
}

function gateChoice() {
  const all = gates();
  if (!all.length) return nothing;
  const toggle = (side, id) => { const other = side === "open" ? "close" : "open"; if (chosen[side].has(id)) chosen[side].delete(id); else { chosen[side].add(id); chosen[other].delete(id); } redraw(); };
  const flow = (gate) => store.signal("opening", gate.id)?.body;
  return html`<details class="block"><summary><h3>${word("stop.gates")}</h3> <span class="soft">${word("stop.gates_change", { open: chosen.open.size, close: chosen.close.size })}</span></summary><div class="gate-grid">${all.map((gate) => html`<div>
    <span>${featureName(gate.id)}${flow(gate) ? html` <small class="soft">${word("stop.flow", { count: figure(flow(gate).in_per_min) })}</small>` : nothing}</span>
    ${["open", "close"].map((side) => html`<button type="button" class="chip-button" aria-pressed=${String(chosen[side].has(gate.id))} aria-label=${`${word(`stop.gate_${side}`)}: ${featureName(gate.id)}`} @click=${() => toggle(side, gate.id)}>${word(`stop.gate_${side}`)}</button>`)}</div>`)}</div></details>`;
}

function announcement() {
  const own = document.documentElement.lang;
  const ordered = [...LANGUAGES].sort((one, other) => (other === own) - (one === own));
  return html`<section class="block announcement"><h3>${word("stop.announcement")}</h3><p class="hint">${chosen.agreed ? word("stop.announcement_agreed", { title: chosen.agreed }) : word("stop.announcement_hint")}</p><div class="spoken">${ordered.map((language) => html`<div><label for="say-${language}" class="soft">${word(`language.${language}`)}</label>
    <textarea id="say-${language}" lang=${language} rows="3" maxlength="1000" .defaultValue=${chosen.announcement[language] || ""} @input=${(event) => { chosen.announcement[language] = event.target.value; }}></textarea></div>`)}</div></section>`;
}

function chain(option) {
  if (!option.steps?.length) return nothing;
  return html`<section class="block"><h3>${word("stop.chain")}</h3><ol class="chain">${option.steps.map((step) => html`<li>${who(step)}</li>`)}</ol>${option.channel ? html`<p class="soft">${word("stop.by_channel", { channel: channelName(option.channel) })}</p>` : nothing}</section>`;
}

// The second gesture: the word typed, or the button held for two seconds by pointer, Space or Enter.
const isReady = () => Boolean(chosen.sign || chosen.words.trim());
const isTyped = () => isReady() && fold(chosen.typed) === fold(word(`stop.word_${chosen.action}`));

function second() {
  const ready = isReady();
  const hold = { start: (event) => { if (event.type === "keydown" && ![" ", "Enter"].includes(event.key)) return; event.preventDefault(); if (!event.repeat && isReady()) beginHold(event.currentTarget); }, end: endHold };
  return html`<section class="second"><h3>${word("stop.second")}</h3>${ready ? nothing : html`<p class="hint">${word("stop.sign_first")}</p>`}
    <label for="stop-typed">${word("stop.type_word", { word: word(`stop.word_${chosen.action}`) })}</label>
    <div class="row"><input id="stop-typed" class="grow" autocomplete="off" spellcheck="false" .value=${chosen.typed} ?disabled=${!ready} @input=${(event) => set({ typed: event.target.value })}>
      <button class="button danger" ?disabled=${!isTyped() || isWaiting("order_stop")}>${word(`stop.${chosen.action}`)} ${hint("enter")}</button></div>
    <button type="button" class="button danger hold" ?disabled=${!ready || isWaiting("order_stop")} @pointerdown=${hold.start} @pointerup=${hold.end} @pointerleave=${hold.end} @keydown=${hold.start} @keyup=${hold.end} @blur=${hold.end}>
      <span class="fill" aria-hidden="true"></span><span>${word("stop.hold", { action: word(`stop.${chosen.action}`) })}</span></button>
    <div class="actions"><button type="button" class="button" @click=${() => shownDialog.close()}>${word("pane.cancel")} ${hint("escape")}</button></div></section>`;
}

function beginHold(button) {
  endHold();
  button.classList.add("held");
  holding = { button, timer: setTimeout(() => { endHold(); order(); }, HOLD_MS) };
}
function endHold() {
  if (!holding) return;
  clearTimeout(holding.timer);
  holding.button.classList.remove("held");
  holding = null;
}

function order() {
  if (!isReady() || isWaiting("order_stop")) return;
  const said = Object.fromEntries(Object.entries(chosen.announcement).filter(([language, text]) => LANGUAGES.includes(language) && text.trim()));
  const args = { authority_id: chosen.option.id, action: chosen.action, sign: chosen.sign || chosen.words.trim(), confirm: chosen.action,
    gates_open: [...chosen.open], gates_close: [...chosen.close] };
  if (chosen.reason.trim()) args.reason = chosen.reason.trim();
  if (Object.keys(said).length) args.announcement = said;
  send("order_stop", args).then(({ id }) => { tell(word("stop.ordered_done", { action: word(`stop.${args.action}`) }), true); shownDialog.close(); openRunning(id); }).catch(redraw);
  redraw();
}

// What was ordered and is not lifted -----------------------------------------------------------------------------------
const standing = () => store.all("show_stop").filter((stop) => stop.state !== "lifted");

/** Lines of stops under way, for the head of the alarms. */
export const runningStops = () => standing().map((stop) => html`<button type="button" class="stop-line ${stop.state}" @click=${() => openRunning(stop.id)}><b>${word(`stop.${stop.action}`)}</b>
  <span>${word(`stop.state_${stop.state}`)}</span> ${stop.state === "ordered" && stop.limit_min ? html`<span>${until(plus(stop.ordered_at, stop.limit_min * 60), "nowrap")}</span>` : since(stop.in_force_at || stop.ordered_at)}</button>`);

export function openRunning(id) {
  open({ name: `stop-${id}`, title: () => { const stop = store.get("show_stop", id); return stop ? word(`stop.${stop.action}`) : word("stop.title"); }, view: () => runningView(store.get("show_stop", id)) });
}

function runningView(stop) {
  if (!stop) return html`<p class="empty-line">${word("pane.waiting_for_server")}</p>`;
  const may = mayOperate(stop.agency);
  const press = (verb, args, label, isMain = false) => html`<button type="button" class="button small ${isMain ? "primary" : ""}" ?disabled=${isWaiting(verb, stop.id)} @click=${() => send(verb, { stop_id: stop.id, ...args }).catch(() => {})}>${isWaiting(verb, stop.id) ? word("pane.sending") : label}</button>`;
  return html`<dl class="pairs"><dt>${word("stop.sign")}</dt><dd>${stop.sign}</dd>${stop.reason ? html`<dt>${word("stop.reason")}</dt><dd>${stop.reason}</dd>` : nothing}
      <dt>${word("stop.ordered")}</dt><dd>${clock(stop.ordered_at)} (${since(stop.ordered_at)}) · ${personTitle(stop.ordered_by)}</dd>
      <dt>${word("stop.in_force")}</dt><dd>${stop.in_force_at ? clock(stop.in_force_at) : stop.limit_min ? html`${word("stop.must_stand")} ${until(plus(stop.ordered_at, stop.limit_min * 60), "big")}` : "–"}</dd></dl>
    ${may && stop.state === "ordered" ? html`<div class="row">${press("take_effect", {}, word("stop.do_in_force"), true)}</div>` : nothing}
    <section class="block"><h3>${word("stop.chain")}</h3><ol class="chain">${(stop.chain || []).map((link, index) => html`<li><span class="grow">${who(link.who)} <small class="soft">${channelName(link.channel)}</small></span>
      ${link.confirmed_at ? html`<span class="ok">✓ ${word("stop.confirmed")} ${clock(link.confirmed_at)}</span>` : link.told_at ? html`<span class="tone-amber">${word("stop.told")} ${since(link.told_at)}</span>${may ? press("confirm_link", { index }, word("stop.do_confirm")) : nothing}` : may ? press("tell_link", { index }, word("stop.do_tell"), true) : html`<span class="soft">${word("stop.not_told")}</span>`}</li>`)}</ol></section>
    <section class="block"><h3>${word("stop.announcement")}</h3>${Object.entries(stop.announcement || {}).map(([language, text]) => html`<p class="words" lang=${language}><b class="soft">${word(`language.${language}`)}</b> ${text}</p>`)}
      ${stop.announced_at ? html`<p class="ok">✓ ${word("stop.announced")} ${clock(stop.announced_at)}</p>` : may ? press("announce_stop", {}, word("stop.do_announce"), true) : nothing}</section>
    <section class="block"><h3>${word("stop.gates")}</h3><p>${stop.gates_open?.length ? `${word("stop.gate_open")}: ${stop.gates_open.map(featureName).join(", ")}` : ""} ${stop.gates_close?.length ? `${word("stop.gate_close")}: ${stop.gates_close.map(featureName).join(", ")}` : ""}</p>
      <ol class="card-steps">${(stop.jobs || []).map((id) => store.get("job", id)).filter(Boolean).map(jobLine)}</ol></section>
    ${may && stop.state !== "lifted" ? html`<div class="actions"><button type="button" class="button" @click=${() => lift(stop)}>${word("stop.lift")}</button></div>` : nothing}`;
}

async function lift(stop) {
  const why = await reason(word("stop.ask_lift", { action: word(`stop.${stop.action}`) }), { hintText: word("stop.lift_hint") });
  if (why) send("lift_stop", { stop_id: stop.id, reason: why }).catch(() => {});
}

/** The button of the dialog. */
export function mount(element) {
  panel(element, ["show_stop"], () => html`<button type="button" class="tool danger" aria-keyshortcuts="x" @click=${openStop}>${word("stop.title_short")} ${hint("x")}</button>`);
  register({ key: "x", label: "keys.stop", group: "orders", run: openStop });
  addEventListener("blur", endHold);
}
