// SPDX-License-Identifier: Apache-2.0
// The figures everybody asks for first, each with its age; the clock, and whether the picture is fresh.
import { age, html, nothing, put, render, tickAges } from "./draw.js";
import { link } from "./live.js";
import { store } from "./store.js";
import { day, eventTime, ms, timeOfDay } from "./times.js";
import { number, word } from "./words.js";

const FIGURE_OLD_S = 90;
const CLOCK_DIFFERS_MS = 2_000;

export function mount() {
  const facts = document.getElementById("facts");
  const drawFacts = () => { render(factsView(), facts); tickAges(facts); };
  store.on(["signal:event", "signal:weather", "reference", "moment"], drawFacts);
  drawFacts();
  drawClock();
  store.on(["tick", "freshness", "number", "operation", "moment"], () => { drawClock(); tickAges(facts); });
}

/** The newest values of the whole event; it has one value board, whatever its id. */
export function eventSignal() {
  for (const [name, value] of store.shown.signals) if (name.startsWith("event:")) return value;
  return null;
}

function weatherSignal() {
  let newest = null;
  for (const [name, value] of store.shown.signals) if (name.startsWith("weather:") && (!newest || ms(value.at) > ms(newest.at))) newest = value;
  return newest;
}

function factsView() {
  const found = eventSignal();
  const { inside, capacity, in_per_h: into, out_per_h: out } = found?.body || {};
  const share = capacity ? Math.min(1, inside / capacity) : 0;
  const level = share >= 1 ? "over" : share >= 0.9 ? "near" : "";
  const weather = weatherSignal();
  return html`
    <div class="fact wide ${level}"><b>${number(inside)}</b><meter min="0" max="1" high="0.9" .value=${share} aria-label=${word("fact.fill")} ?hidden=${!capacity}></meter>
      <span>${capacity ? word("fact.inside_of", { capacity: number(capacity) }) : word("fact.inside")} · ${age(found?.at, FIGURE_OLD_S)}</span></div>
    <div class="fact"><b>${number(into)}</b><span>${word("fact.in_per_h")}</span></div>
    <div class="fact"><b>${number(out)}</b><span>${word("fact.out_per_h")}</span></div>
    ${weather ? html`<div class="fact weather"><b>${number(weather.body.gust ?? weather.body.wind, 1)} <small>m/s</small></b><span>${word("fact.gust")} · ${age(weather.at, 600)}</span></div>` : nothing}`;
}

const SIGNS = { live: "M12 4a8 8 0 1 0 0 16 8 8 0 1 0 0-16z", catching: "M12 4a8 8 0 1 0 0 16 8 8 0 1 0 0-16zm0 3a5 5 0 1 1 0 10 5 5 0 0 1 0-10z", stale: "M12 1 23 12 12 23 1 12z", offline: "M12 1 23 12 12 23 1 12z", replay: "M3 12 12 5v5h9v4h-9v5z" };

function drawClock() {
  const place = document.getElementById("clock");
  const now = store.now();
  const { state, age_ms: silent } = store.freshness;
  const operation = store.get("operation", "operation");
  const shifted = eventTime(now);
  const isShifted = Math.abs(shifted - now) > CLOCK_DIFFERS_MS;
  const words = state === "stale" || state === "offline" ? word("link.stale", { seconds: Number.isFinite(silent) ? Math.round(silent / 1000) : "–" }) : word(`fresh.${state}`);
  render(html`<time class="now" aria-label=${word("clock.of_event")}>${timeOfDay(shifted)}</time>
    <span class="fresh" data-state=${state}><svg viewBox="0 0 24 24" aria-hidden="true"><path d=${SIGNS[state] || SIGNS.stale}></path></svg>${words}<span class="shown-number" title=${word("fresh.number")}>№ ${store.shown.number}</span></span>
    ${isShifted ? html`<span class="real">${word("clock.real", { time: timeOfDay(now, { seconds: false }), day: day(now) })}${rateOf(operation, now)}</span>` : nothing}`, place);
  const latency = document.getElementById("latency");
  put(latency, link.latency_ms === null ? word("link.no_latency") : word("link.latency", { count: link.latency_ms }));
  const broken = Object.entries(link.links).filter(([, works]) => works === false).map(([name]) => name);
  latency.classList.toggle("broken", broken.length > 0);
  latency.title = broken.length ? word("link.broken", { names: broken.join(", ") }) : "";
}

function rateOf(operation, now) {
  const rate = (operation?.clock || []).filter((each) => ms(each.real_at) <= now).at(-1)?.rate ?? 1;
  return rate === 1 ? "" : ` · ×${number(rate, Number.isInteger(rate) ? 0 : 1)}`;
}

