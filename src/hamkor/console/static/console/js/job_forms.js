// SPDX-License-Identifier: Apache-2.0
// Work that is not in the plan, and work that somebody else is to do: one pane each.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { hint } from "./keys.js";
import { agencyShort, personTitle, postTitle } from "./names.js";
import { agencies, features, incidents, people, placeOf, posts } from "./lexicon.js";
import { close, draft, keepDraft, keeping, open, said } from "./panel.js";
import { clear, pick, picked, picker, typed } from "./pick.js";
import { isWaiting, send } from "./outbox.js";
import { store } from "./store.js";
import { word } from "./words.js";

const ADD = "job-add";
const GIVE = "job-give";
const MINUTE_MS = 60_000;
const IN_MINUTES = [5, 10, 15, 30, 60];
let incident = null;
let given = null;

/** Who may be given work by this person: an operator all, others their own. */
const parties = () => agencies().filter((one) => store.operates(one.value));
export const mayAdd = () => parties().length > 0;

function partyChoice(id, chosen, isOpenEnded) {
  return html`<div><label for=${id}>${word("job.agency")}</label><select id=${id} name="agency" ?required=${!isOpenEnded}>
    ${isOpenEnded ? html`<option value="">${word("job.agency_later")}</option>` : nothing}
    ${parties().map((one) => html`<option value=${one.value} ?selected=${one.value === chosen}>${one.label}</option>`)}</select></div>`;
}

// Adding -----------------------------------------------------------------------------------------------------------
/** Opens the form for new work, of an incident when one is given. */
export function openAddJob(incidentId = null) {
  incident = incidentId;
  clear("job-place");
  clear("job-incident");
  const about = incidents().find((one) => one.value === incidentId);
  if (about) pick("job-incident", [about]);
  open({ name: ADD, title: () => word("job.add_title"), view: addView }, { focus: "#job-title" });
}

function add(event) {
  event.preventDefault();
  const fields = event.target.elements;
  const title = fields.title.value.trim();
  if (!title) { fields.title.focus(); return; }
  const minutes = fields.minutes.value === "" ? null : Number(fields.minutes.value);
  const args = {
    title, agency: fields.agency.value || null,
    due_at: minutes === null ? null : new Date(store.realNow() + minutes * MINUTE_MS).toISOString(),
    place: placeOf(picked("job-place")[0], typed("job-place")), incident: picked("job-incident")[0]?.value ?? null,
  };
  send("add_job", args).then(() => said(word("job.added", { title }))).catch(() => keepDraft(ADD, title));
  keepDraft(ADD, "");
  event.target.reset();
  close(ADD);
}

function addView(draw) {
  const of = store.get("incident", incident);
  // Who may act for one party alone cannot leave open who does it.
  const isOpenEnded = store.may("operate");
  return html`<form class="form" @submit=${add}>
    <label for="job-title">${word("job.what")}</label><input id="job-title" name="title" maxlength="300" required .defaultValue=${draft(ADD)} @input=${keeping(ADD)}>
    <div class="fields two">${partyChoice("job-agency", of?.agency ?? store.reference?.viewer?.agency, isOpenEnded)}
      <div><label for="job-minutes">${word("job.due_in")}</label><input id="job-minutes" name="minutes" type="number" min="1" max="1440" list="job-minutes-list" .defaultValue=${"15"}>
        <datalist id="job-minutes-list">${IN_MINUTES.map((count) => html`<option value=${count}></option>`)}</datalist></div></div>
    <p class="hint">${word("job.due_hint")}</p>
    ${picker({ id: "job-place", label: word("incident.place"), candidates: features, draw, hintText: word("incident.place_hint") })}
    ${picker({ id: "job-incident", label: word("job.incident"), candidates: incidents, draw, hintText: word("job.incident_hint") })}
    <div class="actions"><button class="button primary" ?disabled=${isWaiting("add_job")}>${isWaiting("add_job") ? word("pane.sending") : word("job.add")} ${hint("enter")}</button></div></form>`;
}

// Giving -----------------------------------------------------------------------------------------------------------
/** Opens who is to do a job. */
export function openGive(job) {
  given = job.id;
  for (const id of ["give-person", "give-post"]) clear(id);
  const chosen = (list, value) => list.filter((one) => one.value === value);
  pick("give-person", chosen(people(), job.person));
  pick("give-post", chosen(posts(), job.post));
  open({ name: GIVE, title: () => word("job.give_title"), view: giveView }, { focus: "#give-agency" });
}

function give(event) {
  event.preventDefault();
  const job = store.get("job", given);
  const agency = event.target.elements.agency.value;
  if (!job || !agency) return;
  const args = { job_id: given, agency, person: picked("give-person")[0]?.value ?? null, post: picked("give-post")[0]?.value ?? null };
  const whom = [agencyShort(agency), args.person && personTitle(args.person), args.post && postTitle(args.post)].filter(Boolean).join(", ");
  send("assign_job", args).then(() => said(word("job.given", { title: job.title, whom }))).catch(() => {});
  close(GIVE);
}

function giveView(draw) {
  const job = store.get("job", given);
  if (!job) return html`<p class="empty-line">${word("job.gone")}</p>`;
  return html`<p><b>${job.title}</b></p><form class="form" @submit=${give}>
    ${partyChoice("give-agency", job.agency, false)}
    ${picker({ id: "give-post", label: word("job.post"), candidates: posts, draw, hintText: word("job.post_hint") })}
    ${picker({ id: "give-person", label: word("job.person"), candidates: people, draw, hintText: word("job.person_hint") })}
    <div class="actions"><button class="button primary" ?disabled=${isWaiting("assign_job", given)}>${word("job.give")} ${hint("enter")}</button></div></form>`;
}

/** The block of work that belongs to an incident, with a button for more. */
export function jobsOf(found, may) {
  const jobs = store.all("job").filter((job) => job.incident === found.id);
  if (!jobs.length && !may) return nothing;
  return html`<section class="block"><div class="block-head"><h3>${word("job.many")}</h3>
      ${may && mayAdd() ? html`<button type="button" class="tool" @click=${() => openAddJob(found.id)}>${word("job.add")}</button>` : nothing}</div>
    ${jobs.length ? html`<ul class="lines">${jobs.map((job) => html`<li class="wrapped"><b>${job.title}</b> <span class="push soft">${[agencyShort(job.agency), word(`job.${job.state}`)].filter(Boolean).join(" · ")}</span></li>`)}</ul>` : nothing}</section>`;
}

