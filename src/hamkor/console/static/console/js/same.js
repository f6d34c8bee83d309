// SPDX-License-Identifier: Apache-2.0
// What may be the same incident as the one being typed: the server knows best, this browser guesses without a link.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { duplicates, openIncident } from "./incident_detail.js";
import { number, titleOf } from "./lexicon.js";
import { base } from "./live.js";
import { since } from "./panel.js";
import { store } from "./store.js";
import { number as figure, word } from "./words.js";

const TYPING_MS = 350;
const PATIENCE_MS = 4000;
const SHOWN = 3;
let asked = "";
let timer = 0;
let shown = { list: [], isGuess: false };

/** Asks again when something that tells incidents apart has changed; draws when there is an answer. */
function look({ type, place, card }, draw) {
  const words = new URLSearchParams();
  if (type) words.set("type", type);
  if (place?.feature) words.set("feature", place.feature);
  if (place?.point) words.set("point", place.point.join(","));
  if (card) words.set("card", card);
  const query = words.toString();
  if (query === asked) return;
  asked = query;
  clearTimeout(timer);
  if (!query) { shown = { list: [], isGuess: false }; return; }
  timer = setTimeout(async () => {
    const found = await told(query);
    // Something else was typed meanwhile.
    if (query !== asked) return;
    shown = found ? { list: found, isGuess: false } : { list: guessed({ type, place, card }), isGuess: true };
    draw();
  }, TYPING_MS);
}

// Null when the server says nothing in time: then a guess is better than silence.
async function told(query) {
  if (["offline", "stale"].includes(store.freshness.state)) return null;
  const stop = new AbortController();
  const slow = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(`${base}duplicates?${query}`, { signal: stop.signal, headers: { Accept: "application/json" }, cache: "no-store", redirect: "manual" });
    return answer.ok ? (await answer.json()).incidents : null;
  } catch { return null; } finally { clearTimeout(slow); }
}

const guessed = ({ type, place, card }) => duplicates({ id: null, type, place, card_112: card || null, reported_at: new Date(store.now()).toISOString() })
  .map((incident) => ({ id: incident.id, reasons: card && incident.card_112 === card ? ["card"] : ["type"], metres: null }));

const reasonWord = (found, reason) => (reason === "near" && found.metres !== null ? word("incident.same_near", { count: figure(found.metres) }) : word(`incident.same_${reason}`));

/** What may be the same, with a way to it; `add` puts the report that is being typed to it. */
export function samePerhaps(given, { draw, add }) {
  look(given, draw);
  const found = shown.list.map((each) => ({ ...each, incident: store.get("incident", each.id) })).filter((each) => each.incident).slice(0, SHOWN);
  if (!found.length) return nothing;
  return html`<section class="block suggestion" role="status"><h3>${word("incident.same_perhaps")}</h3>${found.map((each) => html`<div class="row tight">
      <button type="button" class="link" @click=${() => openIncident(each.id)}>${number(each.incident)} ${titleOf(each.incident)}</button>
      <span class="soft">${since(each.incident.reported_at)} · ${each.reasons.filter((one) => one !== "near" || (each.metres !== null && !each.reasons.includes("feature"))).map((one) => reasonWord(each, one)).join(", ")}</span>
      <button type="button" class="button small" @click=${() => add(each.incident)}>${word("incident.same_add", { number: number(each.incident) })}</button></div>`)}
    ${shown.isGuess ? html`<p class="hint">${word("incident.same_guess")}</p>` : nothing}</section>`;
}

/** Forgets what was found, with the form. */
export function forgetSame() { clearTimeout(timer); asked = ""; shown = { list: [], isGuess: false }; }
