// SPDX-License-Identifier: Apache-2.0
// Communications: everything that was said, newest first; orders with what became of them; silence cannot be overlooked.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { guard } from "../../hamkor/vendor/lit/directives/guard.js";
import { repeat } from "../../hamkor/vendor/lit/directives/repeat.js";
import { openCompose, strikeMessage } from "./compose.js";
import { fileLinks } from "./files.js";
import { openIncident } from "./incident_detail.js";
import { openNew } from "./incident_new.js";
import { fold } from "./grammar.js";
import { hint, register } from "./keys.js";
import { addresseeName, channelName, channels, incidents, number } from "./lexicon.js";
import { dialog, isMe, mayOperate, panel, reason, said } from "./panel.js";
import { onVerb } from "./commands.js";
import { isWaiting, send } from "./outbox.js";
import { accept, ordersToMe, refuse, senderName, watchSeen } from "./orders.js";
import { ANSWERED, isSettled, mayAnswerFor, mine, progress, receiptList, silent } from "./receipts.js";
import { store } from "./store.js";
import { clock, ms } from "./times.js";
import { number as figure, word } from "./words.js";

const SHOWN = 60;
let filter = "all";
let wanted = "";
let limit = SHOWN;
let opened = null;
let draw = () => {};
let root = null;

const FILTERS = {
  all: () => true,
  orders: (message) => message.sort !== "log",
  mine: (message) => isMe(message.sender) || mine(message).length > 0,
  silent: (message) => silent(message).length > 0,
};
const maySend = (message) => isMe(message.sender) || mayOperate(message.agency);
const text = (message) => (typeof message.text === "string" ? message.text : Object.values(message.text || {})[0] || "");
const toNames = (message) => (message.to_words ? [message.to_words] : (message.to || []).map(addresseeName));

function shown() {
  const words = fold(wanted).split(" ").filter(Boolean);
  return store.all("message").filter(FILTERS[filter])
    .filter((message) => { if (!words.length) return true; const all = fold([text(message), senderName(message), ...toNames(message), message.number].join(" ")); return words.every((one) => all.includes(one)); })
    .sort((one, other) => ms(other.sent_at) - ms(one.sent_at) || other.number - one.number);
}

// What can be done --------------------------------------------------------------------------------------------------------
function reroute(message, receipt, route) {
  if (route) { say(message, receipt, route); return; }
  let shownDialog = null;
  const go = (event) => { event.preventDefault(); say(message, receipt, event.target.elements.channel.value || null); shownDialog.close(); };
  shownDialog = dialog("other-way", () => html`<form @submit=${go}><h2>${word("message.other_way_to", { name: addresseeName(receipt.addressee) })}</h2><p class="words">${text(message)}</p>
    <label for="other-channel">${word("message.via")}</label><select id="other-channel" name="channel"><option value="">Hamkor</option>${channels().map((one) => html`<option value=${one.value}>${one.label}</option>`)}</select>
    <div class="actions"><button class="button primary">${word("message.said_there")}</button><button type="button" class="button" @click=${() => shownDialog.close()}>${word("pane.cancel")}</button></div></form>`, { kinds: [] });
}
function say(message, receipt, channel) {
  const { kind, id } = receipt.addressee;
  send("reroute_message", { message_id: message.id, addressee: { kind, id }, channel }).then(() => said(word("message.rerouted", { channel: channel ? channelName(channel) : "Hamkor" }))).catch(() => {});
}
function heard(message, receipt) {
  let shownDialog = null;
  const { kind, id } = receipt.addressee;
  const give = (event) => {
    event.preventDefault();
    const fields = event.target.elements;
    const answer = event.submitter?.value || "accepted";
    const words = fields.words.value.trim() || null;
    if (answer === "refused" && !words) { fields.words.focus(); return; }
    send("answer_message", { message_id: message.id, answer, words, on_behalf: [{ kind, id }, fields.via.value] }).catch(() => {});
    shownDialog.close();
  };
  shownDialog = dialog("heard-answer", () => html`<form @submit=${give}><h2>${word("message.heard_from", { name: addresseeName(receipt.addressee) })}</h2><p class="words">${text(message)}</p>
    <label for="heard-via">${word("message.via")}</label><select id="heard-via" name="via">${channels().map((one) => html`<option value=${one.value} ?selected=${one.value === (receipt.via || receipt.route)}>${one.label}</option>`)}<option value="phone">${word("source.phone")}</option></select>
    <label for="heard-words">${word("message.their_words")}</label><input id="heard-words" name="words" maxlength="1000">
    <div class="actions"><button class="button primary" value="accepted">${word("message.accepted")}</button><button class="button" value="refused">${word("message.refused")}</button><button type="button" class="button" @click=${() => shownDialog.close()}>${word("pane.cancel")}</button></div></form>`, { kinds: [] });
}
function judge(message, receipt, isRight) {
  const { kind, id } = receipt.addressee;
  send("confirm_read_back", { message_id: message.id, addressee: { kind, id }, is_right: isRight }).catch(() => {});
}
function makeIncident(message) { openNew({ text: text(message), source: message.sort === "log" ? "radio" : "message" }); }

async function link(message) {
  const why = await reason(word("message.ask_link"), { hintText: text(message), choices: incidents().slice(0, 6).map((one) => one.label) });
  const found = why && incidents().find((one) => one.label.toLowerCase() === why.trim().toLowerCase() || one.folded.includes(fold(why)));
  if (found) send("link_report", { incident_id: found.value, text: text(message), source: message.sort === "log" ? "radio" : "message" }).then(() => said(word("message.linked", { number: found.label }))).catch(() => {});
}

// The view -----------------------------------------------------------------------------------------------------------------
// An entry is made anew only when something it shows has changed.
const keptEntry = (message) => guard([message, opened === message.id, message.incident && store.get("incident", message.incident), store.reference, store.isReplay, isWaiting("reroute_message", message.id)], () => entry(message));

function entry(message) {
  const missing = silent(message);
  const isOpen = opened === message.id;
  const incident = message.incident ? store.get("incident", message.incident) : null;
  const to = toNames(message);
  return html`<li class="entry ${message.sort} ${message.urgency} ${missing.length ? "is-silent" : ""} ${message.struck ? "struck" : ""} ${isOpen ? "open" : ""}" data-message=${message.id}>
    <time class="soft" datetime=${message.sent_at}>${clock(message.sent_at)}</time>
    <div class="said"><button type="button" class="row-button" aria-expanded=${String(isOpen)} @click=${() => { opened = isOpen ? null : message.id; draw(); }}>
        <b>${senderName(message)}</b>${to.length ? html` <span class="soft">→ ${to.slice(0, 3).join(", ")}${to.length > 3 ? ` +${to.length - 3}` : ""}</span>` : nothing}
        ${message.sort === "log" ? html` <span class="soft">${channelName(message.via)}</span>` : message.urgency !== "routine" ? html` <span class="urgency">${word(`urgency.${message.urgency}`)}</span>` : nothing}</button>
      <p class="words">${message.struck ? html`<del>${text(message)}</del>` : text(message)}</p>${fileLinks(message)}
      ${message.struck ? html`<p class="soft">${word("message.was_struck", { reason: message.struck.reason })}</p>` : nothing}
      <p class="tail">${progress(message)}${incident ? html`<button type="button" class="link nowrap" @click=${() => openIncident(incident.id)}>${number(incident)}</button>` : nothing}</p>
      ${missing.map((receipt) => html`<p class="silence"><b>${word("message.silent", { name: addresseeName(receipt.addressee) })} <span data-since=${receipt.silent_since}></span></b>
        ${maySend(message) && !isWaiting("reroute_message", message.id) ? html`<button type="button" class="button small primary" @click=${() => reroute(message, receipt, receipt.route)}>${receipt.route ? word("message.by_route", { channel: channelName(receipt.route) }) : word("message.other_way")}</button>` : nothing}</p>`)}
      ${isOpen ? details(message) : nothing}</div></li>`;
}

const mayAnswer = (message) => ANSWERED.has(message.sort) && !message.struck && (message.receipts || []).some((receipt) => mayAnswerFor(receipt) && !isSettled(message, receipt));

function details(message) {
  const may = maySend(message);
  return html`${message.receipts?.length ? receiptList(message, { may, onReroute: (receipt, route) => reroute(message, receipt, route), onHeard: (receipt) => heard(message, receipt), onJudge: (receipt, isRight) => judge(message, receipt, isRight) }) : nothing}
    ${mayAnswer(message) ? html`<div class="row tight"><button type="button" class="button small" @click=${() => accept(message)}>${word("message.accept")}</button><button type="button" class="button small" @click=${() => refuse(message)}>${word("message.refuse")}</button></div>` : nothing}
    <div class="row tight">${store.may("report_incident") || store.may("operate") ? html`<button type="button" class="button small" @click=${() => makeIncident(message)}>${word("message.make_incident")}</button>` : nothing}
      ${may ? html`<button type="button" class="button small" @click=${() => link(message)}>${word("message.link")}</button>` : nothing}
      ${may && message.sender?.startsWith("person:") && !isMe(message.sender) ? html`<button type="button" class="button small" @click=${() => openCompose({ to: [{ kind: "person", id: message.sender }], incident: message.incident })}>${word("message.reply")}</button>` : nothing}
      ${may && !message.struck ? html`<button type="button" class="button small" @click=${() => strikeMessage(message.id)}>${word("pane.strike")}</button>` : nothing}
      ${store.may("erase_personal") ? (message.files || []).map((file) => html`<button type="button" class="button small" @click=${() => erase(file)}>${word("file.erase", { name: file.name })}</button>`) : nothing}</div>`;
}

async function erase(file) {
  const why = await reason(word("file.ask_erase"), { hintText: file.name });
  if (why) send("erase_file", { attachment_id: file.id, reason: why }).then(() => said(word("file.erased"))).catch(() => {});
}

function view() {
  const found = shown();
  const all = store.all("message");
  const quiet = all.filter(FILTERS.silent).length;
  return html`<header class="panel-head"><h2>${word("message.many")}</h2><p class="soft">${quiet ? html`<b class="tone-red nowrap">${word("message.silent_count", { count: quiet })}</b>` : word("message.all_heard")}</p>
      ${store.may("operate") || store.may("operate_own") ? html`<button type="button" class="button small" aria-keyshortcuts="w" @click=${() => openCompose()}>${word("message.write_short")} ${hint("w")}</button>` : nothing}</header>
    ${ordersToMe()}
    <div class="journal-filter"><div class="segments" role="group" aria-label=${word("message.filter")}>${Object.keys(FILTERS).map((name) => html`<button type="button" aria-pressed=${String(filter === name)} class=${name === "silent" && quiet ? "amber" : ""}
      @click=${() => { filter = name; limit = SHOWN; draw(); }}><span>${word(`message.filter_${name}`)}</span>${name === "silent" && quiet ? html` <b>${figure(quiet)}</b>` : nothing}</button>`)}</div>
      <input id="journal-search" type="search" aria-label=${word("message.search")} placeholder=${word("message.search")} .value=${wanted} @input=${(event) => { wanted = event.target.value; limit = SHOWN; draw(); }}></div>
    <ul class="journal-list" aria-label=${word("message.many")}>${repeat(found.slice(0, limit), (message) => message.id, keptEntry)}
      ${found.length ? nothing : html`<li class="empty-line">${word(all.length ? "pane.nothing_fits" : "message.none")}</li>`}
      ${found.length > limit ? html`<li><button type="button" class="link more" @click=${() => { limit += 200; draw(); }}>${word("message.earlier", { count: found.length - limit })}</button></li>` : nothing}</ul>`;
}

export function mount(element) {
  root = element;
  element.classList.add("journal-panel");
  element.setAttribute("aria-label", word("message.many"));
  draw = panel(element, ["message", "incident", "unit"], view);
  const watch = () => watchSeen(root);
  new MutationObserver(watch).observe(element, { childList: true, subtree: true });
  watch();
  onVerb("strikeMessage", strikeMessage);
  register({ key: "q", label: "keys.journal", group: "orders", run: () => { document.getElementById("journal-search")?.focus(); } });
}
