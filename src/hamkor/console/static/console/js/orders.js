// SPDX-License-Identifier: Apache-2.0
// Orders to this person: answered by one key. Receipts given by themselves: delivered when it is here,
// seen only when it really was on the screen of a window that has the focus.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { repeat } from "../../hamkor/vendor/lit/directives/repeat.js";
import { agencyShort, personTitle } from "./names.js";
import { openCompose } from "./compose.js";
import { fileLinks } from "./files.js";
import { hint, register } from "./keys.js";
import { panel, reason, said, tell, until } from "./panel.js";
import { isWaiting, send } from "./outbox.js";
import { ANSWERED, awaited, isSettled, mine } from "./receipts.js";
import { play } from "./sound.js";
import { store } from "./store.js";
import { clock, ms } from "./times.js";
import { word } from "./words.js";

const SEEN_AFTER_MS = 1000;
const SEEN_SHARE = 0.6;
const GATHER_MS = 250;
const DELIVERED_MAX = 500;
const URGENCIES = ["flash", "immediate", "routine"];

// What awaits this person ------------------------------------------------------------------------------------------------
const urgencyRank = (message) => URGENCIES.indexOf(message.urgency);
/** Messages to this person that await an answer, the most pressing first. */
export const waitingForMe = () => store.all("message")
  .filter((message) => ANSWERED.has(message.sort) && !message.struck && mine(message).some((receipt) => !isSettled(message, receipt)))
  .sort((one, other) => urgencyRank(one) - urgencyRank(other) || ms(one.sent_at) - ms(other.sent_at));

export const senderName = (message) => message.from_words || [agencyShort(message.agency), personTitle(message.sender)].filter((name, index, all) => name && all.indexOf(name) === index).join(", ");

const isAnswering = (message) => ["answer_message", "read_back"].some((verb) => isWaiting(verb, message.id));

export function answer(message, given, words = null) {
  if (isAnswering(message)) return;
  send("answer_message", { message_id: message.id, answer: given, words }).then(() => said(word(`message.${given}_done`))).catch(() => {});
}
export async function accept(message) {
  if (message.sort !== "question") { answer(message, "accepted"); return; }
  const words = await reason(word("message.ask_answer"), { hintText: message.text });
  if (words) answer(message, "accepted", words);
}
export async function refuse(message) {
  const words = await reason(word("message.ask_refuse"), { hintText: message.text, choices: [word("message.no_people"), word("message.no_way"), word("message.not_ours")] });
  if (words) answer(message, "refused", words);
}
async function repeatBack(message) {
  const words = await reason(word("message.ask_read_back"), { hintText: message.text });
  if (words) send("read_back", { message_id: message.id, words }).catch(() => {});
}
const awaitsRepeat = (message) => message.needs_read_back && mine(message).some((receipt) => receipt.answer === "accepted" && (!receipt.read_back_at || receipt.read_back_ok === false));

function card(message, index) {
  const receipt = mine(message).find((one) => !isSettled(message, one)) || mine(message)[0];
  const next = receipt && awaited(message, receipt);
  const isFirst = index === 0;
  const needsRepeat = awaitsRepeat(message);
  return html`<li class="to-answer ${message.urgency}" data-message=${message.id}><p class="order-head"><b>${word(`message.sort_${message.sort}`)}</b>${message.urgency !== "routine" ? html` <span class="urgency">${word(`urgency.${message.urgency}`)}</span>` : nothing} <span class="soft">${senderName(message)} · ${clock(message.sent_at)}</span>
      ${next ? html`<span class="push time-left nowrap">${word("message.time_left")} ${until(next.due)}</span>` : nothing}</p>
    <p class="words">${message.text}</p>${fileLinks(message)}
    <div class="row tight order-answer">${isAnswering(message) ? html`<i>${word("pane.sending")}</i>` : needsRepeat ? html`<button type="button" class="button small primary" @click=${() => repeatBack(message)}>${word("message.repeat")} ${isFirst ? hint("y") : nothing}</button>` : html`
      <button type="button" class="button small primary" aria-keyshortcuts=${isFirst ? "y" : nothing} @click=${() => accept(message)}>${word(message.sort === "question" ? "message.give_answer" : "message.accept")} ${isFirst ? hint("y") : nothing}</button>
      <button type="button" class="button small" aria-keyshortcuts=${isFirst ? "shift+y" : nothing} @click=${() => refuse(message)}>${word("message.refuse")} ${isFirst ? hint("shift+y") : nothing}</button>`}</div></li>`;
}

/** What awaits an answer of this person, for the head of the journal. */
export function ordersToMe() {
  const found = waitingForMe();
  return found.length ? html`<section class="to-me" aria-label=${word("message.to_me")}><h3>${word("message.to_me_count", { count: found.length })}</h3><ul>${repeat(found, (message) => message.id, card)}</ul></section>` : nothing;
}

// Receipts ---------------------------------------------------------------------------------------------------------------
const acknowledged = { delivered: new Set(), seen: new Set() };
let gathering = 0;
const isPast = () => store.freshness.state === "replay" || store.isReplay;

function giveDelivered() {
  if (isPast() || !store.reference) return;
  const fresh = store.all("message").filter((message) => !message.struck && !acknowledged.delivered.has(message.id) && mine(message).some((receipt) => !receipt.delivered_at && !receipt.via));
  if (!fresh.length || gathering) return;
  gathering = setTimeout(() => {
    gathering = 0;
    const ids = fresh.map((message) => message.id).filter((id) => !acknowledged.delivered.has(id)).slice(0, DELIVERED_MAX);
    for (const id of ids) acknowledged.delivered.add(id);
    if (!ids.length) return;
    send("mark_delivered", { message_ids: ids }, { quiet: true }).catch(() => { for (const id of ids) acknowledged.delivered.delete(id); });
    for (const message of fresh) if (ANSWERED.has(message.sort)) { play("order"); tell(word("message.spoken", { sort: word(`message.sort_${message.sort}`), from: senderName(message), text: message.text }), message.urgency === "flash"); }
  }, GATHER_MS);
}

// By element: the same message may stand in two places of the page.
const timers = new Map();
let observer = null;
const isLookedAt = () => document.visibilityState === "visible" && document.hasFocus();

function onVisible(entries) {
  for (const { target, intersectionRatio, isIntersecting } of entries) {
    const isThere = isIntersecting && intersectionRatio >= SEEN_SHARE;
    if (isThere && !timers.has(target)) timers.set(target, setTimeout(() => giveSeen(target), SEEN_AFTER_MS));
    if (!isThere && timers.has(target)) { clearTimeout(timers.get(target)); timers.delete(target); }
  }
}

function giveSeen(element) {
  timers.delete(element);
  const id = element.dataset.message;
  const message = store.get("message", id);
  if (!message || isPast() || acknowledged.seen.has(id) || message.struck) return;
  if (!mine(message).some((receipt) => !receipt.seen_at)) return;
  if (!isLookedAt() || !element.isConnected) return;
  // What is covered by a pane or a dialog is drawn but not seen.
  const box = element.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20));
  if (!top || !element.contains(top)) { timers.set(element, setTimeout(() => giveSeen(element), SEEN_AFTER_MS)); return; }
  acknowledged.seen.add(id);
  send("mark_seen", { message_id: id }, { quiet: true }).catch(() => acknowledged.seen.delete(id));
}

/** Watches elements of messages, `[data-message]`, in a part of the page. */
export function watchSeen(element) {
  observer ??= new IntersectionObserver(onVisible, { threshold: [0, SEEN_SHARE, 1] });
  for (const one of element.querySelectorAll("[data-message]")) { if (!one.isWatched) { one.isWatched = true; observer.observe(one); } }
}
// Coming back to the window counts anew: what stands on the screen is looked at now.
function lookAgain() {
  if (!observer || !isLookedAt()) return;
  for (const one of document.querySelectorAll("[data-message]")) { observer.unobserve(one); observer.observe(one); }
}

/** Tells how much awaits this person; leads to it. */
export function mount(element) {
  panel(element, ["message"], () => { const count = waitingForMe().length;
    return count ? html`<button type="button" class="tool" aria-keyshortcuts="y" @click=${() => document.querySelector(".to-me button")?.focus()}><b class="tone-amber">${word("message.to_me_count", { count })}</b></button>` : nothing; });
  store.on(["message", "reference"], giveDelivered);
  giveDelivered();
  addEventListener("focus", lookAgain);
  document.addEventListener("visibilitychange", lookAgain);
  const first = (run) => () => { const [message] = waitingForMe(); if (!message || isAnswering(message)) return false; run(message); return true; };
  register({ key: "y", label: "keys.accept", group: "orders", run: first((message) => (awaitsRepeat(message) ? repeatBack(message) : accept(message))) });
  register({ key: "shift+y", label: "keys.refuse", group: "orders", run: first(refuse) });
  register({ key: "w", label: "keys.write", group: "orders", when: () => store.may("operate") || store.may("operate_own"), run: () => { openCompose(); } });
}
