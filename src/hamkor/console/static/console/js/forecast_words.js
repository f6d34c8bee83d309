// SPDX-License-Identifier: Apache-2.0
// A forecast in sentences: how well it held, what is missing, what an area or a gate comes to, and when.
import { age, html, nothing } from "./draw.js";
import { densityText, gateAhead, isStale, newest, placeAhead, whyNot } from "./forecast.js";
import { store } from "./store.js";
import { number, word } from "./words.js";

const MAIN_MIN = 10;
const EXACT = 0.005;
const WAIT_LEAST_S = 30;
// Nearer than this a range of minutes would only be noise.
const SOON_MIN = 1.5;
const line = (name, value, note = nothing) => html`<div class="ahead-line"><dt>${name}</dt><dd>${value} ${note}</dd></div>`;
const percent = (share) => number(Math.abs(share) * 100, Math.abs(share) < 0.1 ? 1 : 0);

/** “10 min ago we said 4 200, it is 4 350: 3 % low; average error 6 %”, or that nobody knows yet. */
export function errorWords(found) {
  const held = found?.body.error;
  if (!found || found.body.trouble) return "";
  if (!held) return word("forecast.error_unknown");
  const share = (held.said - held.was) / held.was;
  const off = Math.abs(share) < EXACT ? word("forecast.exact") : word(share < 0 ? "forecast.low" : "forecast.high", { share: percent(share) });
  return word("forecast.error", { before: number(held.before_min), said: number(held.said), was: number(held.was), off, mean: percent(held.mean_abs) });
}

export function gapsWords(found) {
  const count = found?.body.gaps_count || 0;
  return count ? word("forecast.gaps", { count: number(count) }) : "";
}

const minutesText = (value) => number(Math.max(1, Math.round(value)));

/** “reaches 4 people/m² in about 7 min (5–11)”. */
function reachWords({ limit, value, in_min: middle, soonest_min: soonest, latest_min: latest }) {
  const what = limit === "capacity" ? word("forecast.capacity", { count: number(value) }) : `${number(value)} ${word("unit.density")}`;
  if (middle === undefined || middle === null) return word("forecast.reach_maybe", { what, soonest: minutesText(soonest) });
  if (middle < SOON_MIN && latest < SOON_MIN) return word("forecast.reach_now", { what });
  const range = latest === undefined || latest === null ? word("forecast.from", { soonest: minutesText(soonest) }) : `${minutesText(soonest)}–${minutesText(latest)}`;
  return word("forecast.reach", { what, middle: minutesText(middle), range });
}

// Two are enough to act on; what comes first stands first.
const soonest = (reaches) => [...reaches].sort((a, b) => a.soonest_min - b.soonest_min).slice(0, 2);
const heading = () => word("forecast.in_min", { minutes: MAIN_MIN });
const made = () => age(newest()?.at, newest()?.body.stale_after_s || 0);

function without() {
  const why = whyNot();
  if (why === "stale") return nothing;
  return why ? line(heading(), html`<span class="soft">${word(`forecast.trouble_${why.replaceAll("-", "_")}`)}</span>`) : null;
}

/** Lines of the card of an area: what it comes to, with the band, and which limits it reaches when. */
export function areaAheadLines(id) {
  const found = without();
  if (found) return found;
  const ahead = placeAhead(id, MAIN_MIN);
  const now = placeAhead(id, 0);
  if (!ahead || !now) return nothing;
  const people = html`<span class=${isStale() ? "soft" : ""}>${number(now.people)} → <b>${number(ahead.people)}</b> ${word("forecast.band", { low: number(ahead.low), high: number(ahead.high) })}</span>`;
  const density = ahead.density === null ? nothing : line("", html`${densityText(ahead.density)} ${word("unit.density")} ${densityText(ahead.densityLow) === densityText(ahead.densityHigh) ? nothing : word("forecast.band", { low: densityText(ahead.densityLow), high: densityText(ahead.densityHigh) })}`);
  return html`${line(heading(), people, made())}${density}
    ${soonest(ahead.reaches).map((each) => line("", html`<b class="reach ${each.latest_min === undefined || each.latest_min === null ? "" : "sure"}">${reachWords(each)}</b>`))}
    ${ahead.isGuessed ? line("", html`<span class="soft">${word("forecast.guessed")}</span>`) : nothing}${held()}`;
}

/** Lines of the card of a gate: flow, queue and wait. */
export function gateAheadLines(id) {
  const found = without();
  if (found) return found;
  const ahead = gateAhead(id, MAIN_MIN);
  if (!ahead) return nothing;
  return html`${line(heading(), ahead.isShut ? word("gate.shut") : word("forecast.flow", { flow: number(ahead.flow) }), made())}
    ${line("", queueWords(ahead))}${held()}`;
}

const held = () => line(word("forecast.held"), html`<span class="soft">${errorWords(newest())}</span>`);

/** A wait in minutes; less than half of one is none worth naming. */
export const waitText = (seconds) => (seconds < WAIT_LEAST_S ? word("forecast.no_wait") : word("forecast.minutes", { minutes: number(seconds / 60, seconds < 600 ? 1 : 0) }));

export function queueWords({ queue, queueLow, queueHigh, wait_s: wait }) {
  if (queue < 1) return word("forecast.no_queue");
  return word("forecast.queue", { count: number(queue), low: number(queueLow), high: number(queueHigh), wait: wait < WAIT_LEAST_S ? word("forecast.no_wait") : word("forecast.wait", { time: waitText(wait) }) });
}

/** True for who may ask what a closed gate would do. */
export const mayAsk = () => store.may("operate") && !store.isReplay && !["none", "past"].includes(whyNot());
