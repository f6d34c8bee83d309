// SPDX-License-Identifier: Apache-2.0
// Posts of the plan as they are: who has checked in, who is short, who is silent; check-in by number and Enter.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { repeat } from "../../hamkor/vendor/lit/directives/repeat.js";
import { agencyShort, featureName } from "./names.js";
import { find } from "./grammar.js";
import { register } from "./keys.js";
import { showSheet } from "./layout.js";
import { posts as candidates } from "./lexicon.js";
import { openCompose } from "./compose.js";
import { mayOperate, panel, reason, said, since } from "./panel.js";
import { isWaiting, send } from "./outbox.js";
import { staffingCards, start as startStaffing } from "./staffing.js";
import { store } from "./store.js";
import { clock, eventTime, ms } from "./times.js";
import { word } from "./words.js";

const RANK = { silent: 0, left: 1, unmanned: 2, partly: 3, manned: 4, not_yet: 5, over: 6 };
let wanted = "";

/** Every post beside what is known of it: `{post, state, standing, isDue, needed}`. */
export function lines() {
  const now = eventTime(store.now());
  return (store.reference?.posts || []).map((post) => {
    const state = store.get("post_state", post.id);
    const isOver = post.ends_at && ms(post.ends_at) <= now;
    const isDue = !isOver && (!post.starts_at || ms(post.starts_at) <= now) && store.get("operation", "operation")?.state === "open";
    const standing = state?.silent_since ? "silent" : isOver ? "over" : state && state.state !== "unmanned" ? state.state : isDue ? "unmanned" : "not_yet";
    return { post, state, standing, isDue, needed: post.needed ?? null };
  });
}
const isFault = ({ standing, isDue }) => standing === "silent" || (isDue && ["left", "unmanned", "partly"].includes(standing));
export function openPosts() { showSheet("left", "posts"); document.getElementById("post-filter")?.focus(); }

function checkIn(post, field) {
  if (field.value === "" || !field.validity.valid) { field.focus(); return; }
  const present = Number(field.value);
  send("check_in", { post_id: post.id, present }).then(() => said(word("post.checked_in", { post: post.title, count: present }))).catch(() => {});
  field.value = "";
}

async function leave(post) {
  const why = await reason(word("post.ask_leave", { post: post.title }));
  if (why) send("leave_post", { post_id: post.id, reason: why }).catch(() => {});
}

function line(one) {
  const { post, state, standing, needed } = one;
  const may = mayOperate(post.agency);
  const isSending = ["check_in", "leave_post", "hear_post"].some((verb) => isWaiting(verb, post.id));
  const place = [post.place].flat().filter(Boolean).map(featureName).join(", ");
  return html`<li class="post-row ${isFault(one) ? "fault-row" : ""}"><span class="name"><button type="button" class="link" @click=${() => store.select({ kind: "post", id: post.id })}>${post.title}</button></span>
    <span class="number"><b class=${needed !== null && (state?.present ?? 0) < needed && one.isDue ? "tone-amber" : ""}>${state?.present ?? "–"}</b><span class="soft">/${needed ?? "?"}</span></span>
    <span class="under">${[agencyShort(post.agency), place].filter(Boolean).join(" · ")}</span>
    <span class="standing"><span class=${isFault(one) ? "tone-amber" : standing === "manned" ? "ok" : "soft"}>${word(`post.${standing}`)}</span> <small class="soft">${state?.silent_since ? since(state.silent_since) : state?.heard_at ? word("post.heard", { time: clock(state.heard_at, { seconds: false }) }) : nothing}${state?.note ? ` · ${state.note}` : ""}</small></span>
    ${isSending ? html`<i>${word("pane.sending")}</i>` : may ? html`<span class="row tight post-actions"><input class="count-input" type="number" min="0" max="10000" aria-label=${word("post.present_at", { post: post.title })} placeholder=${needed ?? ""} @keydown=${(event) => { if (event.key === "Enter") { event.preventDefault(); checkIn(post, event.target); } }}>
      <button type="button" class="button small" @click=${(event) => checkIn(post, event.target.closest("li").querySelector("input"))}>${word("post.check_in")}</button>
      ${state?.present ? html`<button type="button" class="tool" @click=${() => send("hear_post", { post_id: post.id }).catch(() => {})}>${word("post.heard_now")}</button><button type="button" class="tool" @click=${() => leave(post)}>${word("post.leave")}</button>` : nothing}
      ${standing === "silent" ? html`<button type="button" class="tool" @click=${() => openCompose({ to: [{ kind: "post", id: post.id }], text: word("post.ask_alive") })}>${word("post.call")}</button>` : nothing}</span>` : nothing}</li>`;
}

function view(draw) {
  const fits = wanted ? new Set(find(wanted, candidates(), 1000).map((one) => one.value)) : null;
  const found = lines().filter(({ post }) => !fits || fits.has(post.id)).sort((one, other) => Number(isFault(other)) - Number(isFault(one)) || RANK[one.standing] - RANK[other.standing] || one.post.title.localeCompare(other.post.title, undefined, { numeric: true }));
  const all = lines();
  return html`<header class="panel-head"><h2>${word("post.many")}</h2><p class="soft">${word("post.manned_of", { manned: all.filter((one) => one.standing === "manned").length, all: all.length })}
      ${all.some(isFault) ? html`<b class="tone-amber nowrap">${word("post.faults", { count: all.filter(isFault).length })}</b>` : nothing}</p></header>
    <div class="row tight filter"><input id="post-filter" class="grow" type="search" aria-label=${word("post.filter")} placeholder=${word("post.filter")} .value=${wanted} @input=${(event) => { wanted = event.target.value; draw(); }}></div>
    ${staffingCards(draw)}
    ${found.length ? html`<ul class="post-list">${repeat(found, ({ post }) => post.id, line)}</ul>` : html`<p class="empty-line">${word(all.length ? "pane.nothing_fits" : "post.none")}</p>`}`;
}

export function mount(element) {
  element.classList.add("posts-panel");
  startStaffing(panel(element, ["post_state", "operation"], view));
  register({ key: "p", label: "keys.posts", group: "orders", run: openPosts });
}
