// SPDX-License-Identifier: Apache-2.0
// What became of a message at each addressee: sent, delivered, seen, accepted; what is missing, until when, and the next way.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { personTitle } from "./names.js";
import { addresseeName, channelName } from "./lexicon.js";
import { plus, since, until } from "./panel.js";
import { store } from "./store.js";
import { clock } from "./times.js";
import { word } from "./words.js";

export const ANSWERED = new Set(["order", "request", "question"]);

/** The parties for which this person answers. */
const ownAgencies = () => new Set([store.reference?.viewer?.agency, ...(store.reference?.viewer?.agencies || [])].filter(Boolean));
const isAccount = (addressee) => addressee.kind === "person" && addressee.id.startsWith("person:");

/**
 * True when what is said to an addressee is said to whoever sits at this console: to the person, or to the party itself.
 * A post or a unit of the party is not: that its console has the order does not mean that they have it.
 */
export function isMine({ addressee }) {
  const { viewer } = store.reference || {};
  if (!viewer || !viewer.rights?.includes("answer_order")) return false;
  if (isAccount(addressee)) return addressee.id === viewer.person;
  const isWhole = addressee.kind === "agency" || addressee.kind === "all";
  return isWhole && (viewer.rights.includes("operate") || viewer.rights.includes("operate_own")) && ownAgencies().has(addressee.agency || addressee.id);
}
/** True when this person may answer in the place of an addressee: a post, a unit, a colleague of the plan of their party. */
export const mayAnswerFor = (receipt) => isMine(receipt) || (Boolean(store.reference?.viewer?.rights?.includes("answer_order"))
  && ["post", "unit", "person"].includes(receipt.addressee.kind) && !isAccount(receipt.addressee) && ownAgencies().has(receipt.addressee.agency));
export const mine = (message) => (message.sender === store.reference?.viewer?.person ? [] : (message.receipts || []).filter(isMine));

const awaitsReadBack = (message, receipt) => message.needs_read_back && receipt.answer === "accepted" && (!receipt.read_back_at || receipt.read_back_ok === false);
export function isSettled(message, receipt) {
  if (message.struck || !message.limits) return true;
  if (message.limits.answer_s === null || message.limits.answer_s === undefined) return Boolean(receipt.seen_at);
  return receipt.answer === "refused" || (receipt.answer === "accepted" && !awaitsReadBack(message, receipt));
}

/** The step that is missing and the moment until which it is due: `{stage, due}`, or null. */
export function awaited(message, receipt) {
  const { limits } = message;
  if (!limits || isSettled(message, receipt)) return null;
  const isSpoken = Boolean(receipt.via);
  const asksAnswer = limits.answer_s !== null && limits.answer_s !== undefined;
  if (!isSpoken && !receipt.delivered_at) return { stage: "deliver", due: plus(receipt.awaited_from, limits.deliver_s) };
  if (!receipt.seen_at && (!isSpoken || !asksAnswer)) return { stage: "see", due: plus(receipt.awaited_from, limits.see_s) };
  if (awaitsReadBack(message, receipt)) return { stage: "read_back", due: plus(receipt.awaited_from, limits.answer_s) };
  return asksAnswer ? { stage: "answer", due: plus(receipt.awaited_from, limits.answer_s) } : null;
}

/** Where a message stands at one addressee, in one word of the code. */
export function stateAt(message, receipt) {
  if (receipt.silent_since && !isSettled(message, receipt)) return "silent";
  if (receipt.answer === "refused") return "refused";
  if (receipt.answer === "accepted") return awaitsReadBack(message, receipt) ? "read_back" : "accepted";
  return receipt.seen_at ? "seen" : receipt.delivered_at ? "delivered" : "sent";
}

const STAGES = ["sent", "delivered", "seen", "accepted"];
const reached = (message, receipt) => ({ sent: 0, delivered: 1, seen: 2, read_back: 2, accepted: 3, refused: 3, silent: receipt.seen_at ? 2 : receipt.delivered_at ? 1 : 0 })[stateAt(message, receipt)];

/** How far a message has come, as counts of addressees, with the time left of the first that is due. */
export function progress(message) {
  const receipts = message.receipts || [];
  if (!receipts.length || message.struck) return nothing;
  const stages = ANSWERED.has(message.sort) ? STAGES : STAGES.slice(0, 3);
  const counts = stages.map((_, index) => receipts.filter((receipt) => reached(message, receipt) >= index).length);
  const next = receipts.map((receipt) => awaited(message, receipt)).filter(Boolean).sort((a, b) => (a.due < b.due ? -1 : 1))[0];
  const refusals = receipts.filter((receipt) => receipt.answer === "refused").length;
  return html`<span class="progress">${stages.slice(1).map((name, index) => { const count = counts[index + 1]; const isAll = count === receipts.length;
    return html`<span class="stage ${isAll ? "full" : count ? "some" : ""}">${isAll ? "✓ " : ""}${word(`message.${name}`)}${receipts.length > 1 ? ` ${count}/${receipts.length}` : ""}</span>`; })}
    ${refusals ? html`<b class="tone-red">${word("message.refused_count", { count: refusals })}</b>` : nothing}
    ${next ? html`<span class="time-left nowrap">${word(`message.await_${next.stage}`)} ${until(next.due)}</span>` : nothing}</span>`;
}

export const silent = (message) => (message.receipts || []).filter((receipt) => stateAt(message, receipt) === "silent");

/** One line per addressee, with what the sender can do for each. */
export function receiptList(message, { may, onReroute, onHeard, onJudge }) {
  return html`<ul class="receipts">${(message.receipts || []).map((receipt) => {
    const state = stateAt(message, receipt);
    const next = awaited(message, receipt);
    return html`<li class=${state}><span class="grow"><b>${addresseeName(receipt.addressee)}</b>${receipt.via ? html` <span class="soft">${channelName(receipt.via)}</span>` : nothing}
      <span class=${state === "silent" || state === "refused" ? "tone-red" : state === "accepted" ? "ok" : "soft"}>${word(`message.state_${state}`)}</span>
      ${receipt.delivered_at ? html`<small class="soft">${word("message.delivered")} ${clock(receipt.delivered_at)}</small>` : nothing}${receipt.seen_at ? html` <small class="soft">${word("message.seen")} ${clock(receipt.seen_at)}</small>` : nothing}
      ${receipt.answered_at ? html` <small class="soft">${clock(receipt.answered_at)} ${personTitle(receipt.by)}</small>` : nothing}
      ${receipt.words ? html`<q>${receipt.words}</q>` : nothing}${receipt.read_back ? html`<span class="words">${word("message.repeated")} <q>${receipt.read_back}</q> ${receipt.read_back_ok === true ? html`<b class="ok">✓</b>` : receipt.read_back_ok === false ? html`<b class="tone-red">${word("message.read_wrong")}</b>` : nothing}</span>` : nothing}
      ${next && state !== "silent" ? html` <span class="time-left">${word(`message.await_${next.stage}`)} ${until(next.due)}</span>` : nothing}
      ${state === "silent" ? html` <span class="tone-red">${since(receipt.silent_since)}</span>${receipt.escalated_to ? html` <small class="soft">${word("message.escalated", { name: escalatedName(receipt.escalated_to) })}</small>` : nothing}` : nothing}</span>
      ${may && !isSettled(message, receipt) && !message.struck ? html`<span class="row tight">
        ${receipt.read_back_at && receipt.read_back_ok !== true && receipt.read_back_ok !== false ? html`<button type="button" class="button small primary" @click=${() => onJudge(receipt, true)}>${word("message.read_right")}</button><button type="button" class="button small" @click=${() => onJudge(receipt, false)}>${word("message.read_wrong")}</button>` : nothing}
        ${receipt.route ? html`<button type="button" class="button small ${state === "silent" ? "primary" : ""}" @click=${() => onReroute(receipt, receipt.route)}>${word("message.by_route", { channel: channelName(receipt.route) })}</button>` : html`<button type="button" class="button small" @click=${() => onReroute(receipt, null)}>${word("message.other_way")}</button>`}
        <button type="button" class="tool" @click=${() => onHeard(receipt)}>${word("message.heard_answer")}</button></span>` : nothing}</li>`;
  })}</ul>`;
}
const escalatedName = (to) => (to.startsWith("agency:") ? addresseeName({ kind: "agency", id: to.slice(7) }) : to.startsWith("role:") ? word("message.coordinator") : to === "operators" ? word("message.operators") : personTitle(to));
