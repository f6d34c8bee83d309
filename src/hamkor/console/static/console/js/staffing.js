// SPDX-License-Identifier: Apache-2.0
// What the checks say of the plan as its posts are really manned: asked of the server when posts change, never streamed.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { base } from "./live.js";
import { store } from "./store.js";
import { clock } from "./times.js";
import { word } from "./words.js";

// Several check-ins in a row are one question; consoles do not all ask in the same moment.
const WAIT_MS = 1500;
const JITTER_MS = 1000;
// Posts fall due with time alone.
const AGAIN_MS = 60_000;
const FIRST_SHOWN = 4;
const MARKS = { red: "▲", amber: "◆", info: "●" };

let found = null;
let timer = 0;
let isOpened = false;
let redraw = () => {};

/** How many findings follow from how posts are manned. */
export const staffingCount = () => found?.count ?? 0;

/** Asks now and whenever posts change; `draw` draws the panel again. */
export function start(draw) {
  redraw = draw;
  store.on(["post_state", "operation", "reference", "moment"], ask);
  setInterval(() => { if (!document.hidden) ask(); }, AGAIN_MS);
  ask();
}

function ask() {
  if (timer) return;
  timer = setTimeout(() => { timer = 0; look(); }, WAIT_MS + Math.random() * JITTER_MS);
}

async function look() {
  const isRunning = store.get("operation", "operation")?.state === "open" && !store.isReplay;
  if (!isRunning) { know(null); return; }
  const answer = await fetch(`${base}staffing`, { headers: { Accept: "application/json" } }).catch(() => null);
  // Without an answer the last one stays, with its time.
  if (answer?.ok && !store.isReplay) know(await answer.json().catch(() => found));
}

function know(next) {
  if (!next && !found) return;
  found = next;
  redraw();
  dispatchEvent(new Event("staffing"));
}

/** What can be chosen on the map of what a finding is about, or nothing. */
function target({ kind, id }) {
  if (kind === "post" && store.reference?.posts?.some((post) => post.id === id)) return { kind, id };
  return store.reference?.features?.features.some((feature) => feature.id === id) ? { kind: "feature", id } : null;
}

function card(finding) {
  const { subject } = finding;
  const chosen = target(subject);
  return html`<li class="staffing-card ${finding.severity}"><details><summary><span class="weight">${MARKS[finding.severity]} ${word(`severity.${finding.severity}`)}</span> <b>${subject.name}</b> <span>${finding.title}</span></summary>
    <p>${finding.message}</p><p class="soft">${finding.action}</p>
    <p class="soft">${finding.rule}${chosen ? html` · <button type="button" class="link" @click=${() => store.select(chosen)}>${word("staffing.on_map")}</button>` : nothing}</p></details></li>`;
}

/** The findings as cards, worst first; nothing when none follow. */
export function staffingCards(draw) {
  if (!found?.count) return nothing;
  const shown = isOpened ? found.findings : found.findings.slice(0, FIRST_SHOWN);
  return html`<section class="staffing" aria-labelledby="staffing-title"><h3 id="staffing-title">${word("staffing.title")} <b>${found.count}</b> <small class="soft">${clock(found.at, { seconds: false })}</small></h3>
    <ul>${shown.map(card)}</ul>
    ${found.count > FIRST_SHOWN ? html`<button type="button" class="button small" aria-expanded=${String(isOpened)} @click=${() => { isOpened = !isOpened; draw(); }}>${word(isOpened ? "staffing.fewer" : "staffing.all", { count: found.findings.length })}</button>` : nothing}</section>`;
}
