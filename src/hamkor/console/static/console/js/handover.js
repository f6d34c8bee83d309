// SPDX-License-Identifier: Apache-2.0
// Hand-over of a shift: what is open, counted by the console, with notes; whoever takes over confirms it.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { agencyShort, personTitle, priorityMark } from "./names.js";
import { hint, register } from "./keys.js";
import { number, titleOf } from "./lexicon.js";
import { draft, isMe, keepDraft, keeping, open, panel, reason, said, since } from "./panel.js";
import { picked, picker, clear } from "./pick.js";
import { isWaiting, send } from "./outbox.js";
import { store } from "./store.js";
import { clock, ms } from "./times.js";
import { number as figure, word } from "./words.js";

const VIEW = "handover";
const OPEN = new Set(["reported", "assessed", "dispatched", "on_scene"]);
const AWAITED = new Set(["sent", "delivered", "seen", "silent"]);

/** What a shift leaves behind at this moment. */
export function summary() {
  const incidents = store.all("incident").filter((one) => OPEN.has(one.state));
  const alarms = store.all("alarm").filter((one) => one.state !== "cleared");
  const messages = store.all("message").filter((one) => one.sort !== "log" && !one.struck && AWAITED.has(one.state));
  const jobs = store.all("job").filter((one) => ["due", "started"].includes(one.state));
  const ids = (list) => list.map((one) => one.id);
  const counts = { incidents_open: incidents.length, alarms_open: alarms.length, messages_open: messages.length, jobs_open: jobs.length,
    jobs_overdue: jobs.filter((one) => one.overdue_since).length, units_busy: store.all("unit").filter((one) => ["assigned", "en_route", "on_scene", "busy"].includes(one.state)).length };
  return { counts, incidents: ids(incidents), alarms: ids(alarms), messages: ids(messages), jobs: ids(jobs) };
}

const waiting = () => store.all("handover").filter((one) => one.state === "prepared").sort((a, b) => ms(b.prepared_at) - ms(a.prepared_at));
const mine = () => waiting().filter((one) => !isMe(one.by) && (!one.to || isMe(one.to)) && (!one.agency || one.agency === store.reference?.viewer?.agency || store.may("operate")));
export const openHandover = () => open({ name: VIEW, title: () => word("handover.title"), view });

const accounts = () => {
  const { accounts: all = [], viewer } = store.reference || {};
  return all.filter((one) => one.id !== viewer?.person).map((one) => ({ value: one.id, label: one.name || one.position || one.id, note: agencyShort(one.agency), rank: 0, kind: "person", folded: [String(one.name || "").toLowerCase(), String(one.position || "").toLowerCase()].filter(Boolean) }));
};

function prepare(event) {
  event.preventDefault();
  const notes = event.target.elements.notes.value.trim();
  if (isWaiting("prepare_handover")) return;
  const to = picked("handover-to")[0]?.value || null;
  send("prepare_handover", { to, notes, summary: summary() }).then(() => { said(word("handover.prepared_done")); }).catch(() => keepDraft(VIEW, notes));
  keepDraft(VIEW, "");
  event.target.reset();
  clear("handover-to");
}

const counts = (found) => html`<dl class="counts">${Object.entries(found.counts || {}).map(([name, count]) => html`<div class=${count && name.includes("overdue") ? "amber" : ""}><dt>${word(`handover.${name}`)}</dt><dd>${figure(count)}</dd></div>`)}</dl>`;

function listed(found) {
  const incidents = (found.incidents || []).map((id) => store.get("incident", id)).filter(Boolean).sort((a, b) => a.priority - b.priority);
  const notes = incidents.flatMap((incident) => (incident.notes || []).filter((note) => note.hand_over && !note.strike).map((note) => ({ incident, note })));
  return html`${incidents.length ? html`<ul class="lines">${incidents.map((incident) => html`<li>${priorityMark(incident.priority)} <b>${number(incident)}</b> <span class="grow">${titleOf(incident)}</span> <span class="soft nowrap">${word(`incident.state_${incident.state}`)} ${since(incident.reported_at)}</span></li>`)}</ul>` : nothing}
    ${notes.length ? html`<section class="block"><h3>${word("handover.notes_of_incidents")}</h3><ul class="lines">${notes.map(({ incident, note }) => html`<li class="wrapped"><b>${number(incident)}</b> <span>${note.text}</span></li>`)}</ul></section>` : nothing}`;
}

function take(one) {
  return html`<section class="block framed"><h3>${word("handover.from", { name: personTitle(one.by) })} <span class="soft">${clock(one.prepared_at)}</span></h3>
    ${one.period_from ? html`<p class="soft">${word("handover.period", { from: clock(one.period_from, { seconds: false }), to: clock(one.prepared_at, { seconds: false }) })}</p>` : nothing}
    ${counts(one.summary || {})}${listed(one.summary || {})}${one.summary?.notes ? html`<p class="words">${one.summary.notes}</p>` : nothing}
    <div class="row"><button type="button" class="button primary" ?disabled=${isWaiting("confirm_handover", one.id)} @click=${() => send("confirm_handover", { handover_id: one.id, remarks: null }).then(() => said(word("handover.confirmed_done"))).catch(() => {})}>${word("handover.confirm")}</button>
      <button type="button" class="button" @click=${() => withRemarks(one)}>${word("handover.confirm_remarks")}</button><button type="button" class="button" @click=${() => refuse(one)}>${word("handover.refuse")}</button></div></section>`;
}
async function withRemarks(one) { const remarks = await reason(word("handover.remarks")); if (remarks) send("confirm_handover", { handover_id: one.id, remarks }).catch(() => {}); }
async function refuse(one) { const why = await reason(word("handover.ask_refuse")); if (why) send("refuse_handover", { handover_id: one.id, reason: why }).catch(() => {}); }

function view(draw) {
  const now = summary();
  const mineNow = waiting().filter((one) => isMe(one.by));
  return html`${mine().map(take)}
    ${mineNow.map((one) => html`<p class="notice amber">${word("handover.awaits", { time: clock(one.prepared_at) })}${one.to ? ` ${personTitle(one.to)}` : ""}</p>`)}
    <section class="block"><h3>${word("handover.give")}</h3>${counts(now)}${listed(now)}
    <form @submit=${prepare}>${picker({ id: "handover-to", label: word("handover.to"), candidates: accounts, draw, hintText: word("handover.to_hint") })}
      <label for="handover-notes">${word("handover.notes")}</label><textarea id="handover-notes" name="notes" rows="5" maxlength="4000" .defaultValue=${draft(VIEW)} @input=${keeping(VIEW)}></textarea>
      <div class="actions"><button class="button primary" ?disabled=${isWaiting("prepare_handover")}>${isWaiting("prepare_handover") ? word("pane.sending") : word("handover.prepare")}</button></div></form></section>
    ${past()}`;
}

function past() {
  const found = store.all("handover").filter((one) => one.state !== "prepared").sort((a, b) => ms(b.confirmed_at) - ms(a.confirmed_at)).slice(0, 5);
  return found.length ? html`<section class="block"><h3>${word("handover.earlier")}</h3><ul class="lines">${found.map((one) => html`<li>${clock(one.confirmed_at)} ${personTitle(one.by)} → ${personTitle(one.confirmed_by)} <span class="push ${one.state === "refused" ? "tone-amber" : "soft"}">${word(`handover.${one.state}`)}</span></li>`)}</ul></section>` : nothing;
}

/** The button; it tells when a hand-over waits for this person. */
export function mount(element) {
  panel(element, ["handover"], () => { const count = mine().length;
    return html`<button type="button" class="tool" aria-keyshortcuts="h" @click=${openHandover}>${word("handover.title")}${count ? html` <b class="tone-amber">${word("handover.waits", { count })}</b>` : nothing} ${hint("h")}</button>`; });
  register({ key: "h", label: "keys.handover", group: "orders", run: openHandover });
}
