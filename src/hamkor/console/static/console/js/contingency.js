// SPDX-License-Identifier: Apache-2.0
// The card of a contingency: what was agreed in the plan, started by one key, its steps then ticked off as work.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { agencyShort, personTitle, postTitle } from "./names.js";
import { hint, register } from "./keys.js";
import { openCompose } from "./compose.js";
import { isOpen, mayOperate, open, panel, reason, redrawPane, said, since, until } from "./panel.js";
import { isWaiting, send } from "./outbox.js";
import { store } from "./store.js";
import { clock, ms } from "./times.js";
import { word } from "./words.js";

const VIEW = "contingency";
let shown = null;
let context = {};

const contingency = (id) => store.reference?.contingencies?.find((one) => one.id === id);
export const running = () => store.all("contingency_run").filter((run) => !run.ended_at);
const runOf = (id) => running().find((run) => run.contingency === id && (!context.incident || !run.incident || run.incident === context.incident));

/** Opens the card; `cause` is the alarm or incident that led to it. */
export function openContingency(id, given = {}) {
  shown = id;
  context = given;
  open({ name: VIEW, title: () => contingency(id)?.title || word("contingency.one"), view }, { focus: ["[data-start]", "h2"] });
}

export function start(id = shown) {
  if (isWaiting("start_contingency", id) || runOf(id)) return;
  send("start_contingency", { contingency_id: id, cause: context.cause || null, incident: context.incident || null })
    .then(() => said(word("contingency.started", { title: contingency(id)?.title || "" }))).catch(() => {});
}

const ownerName = (owner) => agencyShort(owner) || postTitle(owner);
const jobsOf = (run) => run.jobs.map((id) => store.get("job", id)).filter(Boolean).sort((a, b) => a.number_in_order - b.number_in_order);

function view(draw) {
  const found = contingency(shown);
  if (!found) return html`<p class="empty-line">${word("contingency.gone")}</p>`;
  const run = runOf(shown);
  const may = store.may("operate") || store.may("operate_own");
  const message = Object.entries(found.message || {}).filter(([, text]) => text);
  return html`${found.trigger ? html`<p><span class="soft">${word("contingency.trigger")}</span> ${found.trigger}</p>` : nothing}
    ${found.decides && found.decides !== "none" ? html`<p><span class="soft">${word("contingency.decides")}</span> ${decider(found.decides)}</p>` : nothing}
    ${run ? html`<p class="notice good"><span>${word("contingency.running_since")} <b>${clock(run.started_at)}</b> (${since(run.started_at)}) · ${personTitle(run.started_by)}</span></p>` : nothing}
    <ol class="card-steps">${run ? jobsOf(run).map((job) => jobLine(job)) : found.steps.map((step) => html`<li><span class="grow">${step.action}</span>
      <span class="soft nowrap">${ownerName(step.owner)}${step.within_min ? ` · ${word("contingency.within", { count: step.within_min })}` : ""}</span></li>`)}</ol>
    ${message.length ? html`<section class="block"><h3>${word("contingency.message")}</h3>${message.map(([language, text]) => html`<p class="words"><b class="soft">${language.toUpperCase()}</b> ${text}</p>`)}</section>` : nothing}
    ${may ? html`<div class="actions sticky">${run ? html`<button type="button" class="button" @click=${() => end(run)}>${word("contingency.end")}</button>`
      : html`<button type="button" class="button primary" data-start aria-keyshortcuts="Enter" ?disabled=${isWaiting("start_contingency", shown)} @click=${() => { start(); draw(); }}>
        ${isWaiting("start_contingency", shown) ? word("pane.sending") : word("contingency.start", { count: found.steps.length })} ${hint("enter")}</button>`}
      <button type="button" class="button" @click=${() => openCompose({ text: message.find(([language]) => language === document.documentElement.lang)?.[1] || message[0]?.[1] || found.title, incident: context.incident, contingency: shown })}>${word("message.write")}</button></div>` : nothing}`;
}

const decider = (who) => agencyShort(who) !== who ? agencyShort(who) : postTitle(who) !== who ? postTitle(who) : personTitle(who) || who;

/** One piece of work with its buttons. */
export function jobLine(job) {
  const may = mayOperate(job.agency);
  const isSending = ["start_job", "finish_job", "skip_job"].some((verb) => isWaiting(verb, job.id));
  const isOver = job.state === "done" || job.state === "skipped";
  return html`<li class="job ${job.state} ${job.overdue_since ? "overdue" : ""}"><span class="tick" aria-hidden="true">${job.state === "done" ? "✓" : job.state === "skipped" ? "–" : job.state === "started" ? "▸" : ""}</span>
    <span class="grow"><span class=${isOver ? "soft" : ""}>${job.title}</span><small class="soft">${agencyShort(job.agency)} · ${isOver ? `${word(`job.${job.state}`)} ${clock(job.done_at)}${job.reason ? `, ${job.reason}` : ""}` : html`${word(`job.${job.state}`)}${job.due_at ? html` · ${until(job.due_at)}` : nothing}`}</small></span>
    ${may && !isOver ? html`<span class="row tight nowrap">${isSending ? html`<i>${word("pane.sending")}</i>` : html`
      ${job.state !== "started" ? html`<button type="button" class="button small" @click=${() => send("start_job", { job_id: job.id }).catch(() => {})}>${word("job.start")}</button>` : nothing}
      <button type="button" class="button small ${job.state === "started" ? "primary" : ""}" @click=${() => finish(job)}>${word("job.finish")}</button>
      <button type="button" class="tool" @click=${() => skip(job)}>${word("job.skip")}</button>`}</span>`
    : may && isOver ? html`<button type="button" class="tool" @click=${() => reopen(job)}>${word("job.reopen")}</button>` : nothing}</li>`;
}

function finish(job) {
  send("finish_job", { job_id: job.id }).then(() => said(word("job.finished", { title: job.title }), () => reopen(job, word("reason.mistyped")))).catch(() => {});
}
async function skip(job) { const why = await reason(word("job.ask_skip", { title: job.title })); if (why) send("skip_job", { job_id: job.id, reason: why }).catch(() => {}); }
async function reopen(job, given = null) { const why = given || await reason(word("job.ask_reopen", { title: job.title })); if (why) send("reopen_job", { job_id: job.id, reason: why }).catch(() => {}); }
async function end(run) { const why = await reason(word("contingency.ask_end"), { choices: [word("contingency.end_done"), word("contingency.end_false")] }); if (why) send("end_contingency", { run_id: run.id, reason: why }).catch(() => {}); }

function openAll() {
  open({ name: "contingencies", title: () => word("contingency.many"), view: () => html`<ul class="lines">${(store.reference?.contingencies || []).map((one) => html`<li>
    <button type="button" class="link" @click=${() => openContingency(one.id)}>${one.title}</button> <span class="push soft">${running().some((run) => run.contingency === one.id) ? word("contingency.running") : word("contingency.steps", { count: one.steps.length })}</span></li>`)}
    ${store.reference?.contingencies?.length ? nothing : html`<li class="empty-line">${word("contingency.none")}</li>`}</ul>` });
}

/** The button of all cards; it tells how many are being carried out. */
export function mount(element) {
  panel(element, ["contingency_run"], () => { const count = running().length;
    return html`<button type="button" class="tool" aria-keyshortcuts="shift+c" @click=${openAll}>${word("contingency.many")}${count ? html` <b class="tone-amber">${count}</b>` : nothing} ${hint("shift+c")}</button>`; });
  register({ key: "shift+c", label: "keys.cards", group: "orders", run: openAll });
  register({ key: "enter", when: (event) => isOpen(VIEW) && !runOf(shown) && !event.target.closest("button, a, summary"), run: () => { start(); redrawPane(); } });
}
