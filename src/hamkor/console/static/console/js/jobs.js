// SPDX-License-Identifier: Apache-2.0
// What falls due next, by the clock of the event: begin it, finish it, or say why it is left out.
import { repeat } from "../../hamkor/vendor/lit/directives/repeat.js";
import { html, nothing, put, view } from "./draw.js";
import { mayAdd, openAddJob, openGive } from "./job_forms.js";
import { register } from "./keys.js";
import { agencyShort, personTitle, placeName, postTitle } from "./names.js";
import { send } from "./outbox.js";
import { reason } from "./panel.js";
import { store } from "./store.js";
import { clock, eventTime, ms, span } from "./times.js";
import { word } from "./words.js";

const SHOWN = 40;
const DONE = new Set(["done", "skipped"]);

const dueAt = (job) => ms(job.due_at || job.starts_at);
const isLate = (job) => Boolean(job.overdue_since) || (job.due_at && dueAt(job) < store.now());

/** Open work, what should have been done before what is to be done. */
export function openJobs() {
  const open = store.all("job").filter((job) => !DONE.has(job.state));
  const rank = (job) => (Number.isFinite(dueAt(job)) ? dueAt(job) : Infinity);
  return open.sort((a, b) => rank(a) - rank(b) || a.number_in_order - b.number_in_order);
}

const act = (verb, args) => send(verb, args).catch(() => null);

async function skip(job) {
  const why = await reason(word("job.ask_skip", { title: job.title }));
  if (why) act("skip_job", { job_id: job.id, reason: why });
}

function acts(job) {
  if (!store.operates(job.agency)) return nothing;
  const isStarted = job.state === "started";
  return html`<div class="acts">${isStarted ? nothing : html`<button type="button" class="button" @click=${() => act("start_job", { job_id: job.id })} aria-label=${word("job.start_that", { title: job.title })}>${word("job.start")}</button>`}
    <button type="button" class="button ${isStarted ? "primary" : ""}" @click=${() => act("finish_job", { job_id: job.id })} aria-label=${word("job.finish_that", { title: job.title })}>${word("job.finish")}</button>
    <button type="button" class="button quiet" @click=${() => openGive(job)} aria-label=${word("job.give_that", { title: job.title })}>${word("job.give")}</button>
    <button type="button" class="button quiet" @click=${() => skip(job)} aria-label=${word("job.skip_that", { title: job.title })}>${word("job.skip")}</button></div>`;
}

function line(job) {
  const where = [job.person && personTitle(job.person), job.post ? postTitle(job.post) : placeName(job.place)].filter(Boolean).join(", ");
  return html`<li class=${isLate(job) ? "is-late" : ""} data-state=${job.state} data-job=${job.id}><span class="due"><span class="left"></span><small>${job.due_at || job.starts_at ? clock(job.due_at || job.starts_at, { seconds: false }) : word("job.no_time")}</small></span>
    <b title=${job.title}>${job.title}</b><span class="whose">${[agencyShort(job.agency), where, word(`job.${job.state}`)].filter(Boolean).join(" · ")}</span>${acts(job)}</li>`;
}

export function mount(element) {
  let shown = [];
  const tick = () => {
    const rows = element.querySelectorAll("li[data-job]");
    // Counted on the clock of the event: in a fast drill an hour is short.
    const now = eventTime(store.now());
    rows.forEach((row, index) => {
      const at = eventTime(dueAt(shown[index]));
      put(row.querySelector(".left"), Number.isFinite(at) ? `${at < now ? "+" : "−"}${span(at - now)}` : "");
      row.classList.toggle("is-late", Boolean(isLate(shown[index])));
    });
  };
  view(element, ["job", "reference", "operation", "moment"], () => {
    const all = openJobs();
    shown = all.slice(0, SHOWN);
    const late = all.filter(isLate).length;
    return html`<div class="part-head"><h2>${word("part.jobs")}</h2><span class="aside">${late ? word("job.late_count", { count: late }) : word("job.open_count", { count: all.length })}</span>
      ${mayAdd() && store.get("operation", "operation")?.state === "open" ? html`<button type="button" class="tool" aria-label=${word("job.add_title")} @click=${() => openAddJob()}>${word("job.add")}</button>` : nothing}</div>
      ${shown.length ? html`<ul class="jobs">${repeat(shown, (job) => job.id, line)}</ul>` : html`<p class="empty">${word("job.none")}</p>`}`;
  });
  register({ key: "shift+t", label: "keys.task", group: "orders", run: () => { if (!mayAdd()) return false; openAddJob(); return true; } });
  store.on(["tick", "job"], tick);
  tick();
}
