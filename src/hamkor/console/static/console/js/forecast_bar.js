// SPDX-License-Identifier: Apache-2.0
// The bar of the forecast: says loudly that the map shows what is expected, which minute, how sure, and how well it held.
import { age, html, nothing, render, tickAges } from "./draw.js";
import { MINUTES, eventMomentOf, insideAhead, isAhead, isOn, isStale, minute, newest, placeAhead, show, toggle, whyNot } from "./forecast.js";
import { errorWords, gapsWords } from "./forecast_words.js";
import { hint, register } from "./keys.js";
import { base } from "./live.js";
import { ROWS } from "./map_things.js";
import { featureName } from "./names.js";
import { onVerb } from "./commands.js";
import { dialog, tell } from "./panel.js";
import { store } from "./store.js";
import { timeOfDay } from "./times.js";
import { number, word } from "./words.js";

const URGENT_BAND = 3;
let place = null;

export function mount(element) {
  place = element;
  register({ key: "shift+f", label: "keys.forecast", group: "everywhere", run: toggle });
  register({ key: "escape", label: "keys.back", group: "everywhere", when: () => isOn(), run: () => show(null) });
  onVerb("forecast", (minutes) => { show(minutes === 0 ? null : minutes); });
  ROWS.forecast = rows;
  store.on(["ahead"], () => { draw(); announce(); });
  store.on(["signal:forecast", "moment", "reference"], draw);
  store.on("tick", () => { if (isOn()) draw(); });
  draw();
}

/** Said once when the picture changes, so that who does not see the hatching knows. */
function announce() {
  document.getElementById("map")?.setAttribute("aria-label", isAhead() ? word("forecast.map_label", { minutes: number(minute()) }) : word("part.map"));
  tell(isAhead() ? word("forecast.told_on", { minutes: number(minute()) }) : word("forecast.told_off"));
}

function draw() {
  place.hidden = !isOn();
  document.body.classList.toggle("forecasting", isAhead());
  if (!isOn()) { render(nothing, place); return; }
  const why = whyNot();
  place.dataset.state = why || "fresh";
  render(html`<b class="sign"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 20 20 4M4 12l8-8M12 20l8-8"></path></svg>${isAhead() ? word("forecast.badge", { minutes: number(minute()) }) : word("forecast.badge_now")}</b>
    ${slider()}${why && why !== "stale" ? html`<span class="why" role="alert">${trouble(why)}</span>` : figures(why)}
    <button type="button" class="button primary small" @click=${() => show(null)} aria-keyshortcuts="Escape" aria-label=${word("forecast.back")}><span class="long">${word("forecast.back")}</span><span class="short">${word("pane.back")}</span> ${hint("escape")}</button>`, place);
  tickAges(place);
}

function trouble(why) {
  const about = (newest()?.body.about || []).map((id) => featureName(id) || id).join(", ");
  return html`${word(`forecast.trouble_${why.replaceAll("-", "_")}`)}${about ? ` ${about}` : ""}`;
}

function slider() {
  const index = MINUTES.indexOf(minute());
  const text = (minutes) => (minutes ? word("forecast.plus", { minutes }) : word("forecast.now"));
  return html`<div class="ahead"><input type="range" min="0" max=${MINUTES.length - 1} step="1" .value=${String(index)} aria-label=${word("forecast.slider")}
      aria-valuetext=${text(minute())} @input=${(event) => show(MINUTES[Number(event.target.value)])}>
    <div class="stops">${MINUTES.map((minutes) => html`<button type="button" class="plain" tabindex="-1" aria-hidden="true" @click=${() => show(minutes)}>${minutes ? `+${minutes}` : text(minutes)}</button>`)}</div></div>`;
}

function figures(why) {
  const inside = insideAhead(minute());
  const found = newest();
  return html`${isAhead() && inside ? html`<span class="figure">${timeOfDay(eventMomentOf(minute()), { seconds: false })} · ${word("fact.inside")} <b>${number(inside.middle)}</b> <small>${word("forecast.band", { low: number(inside.low), high: number(inside.high) })}</small></span>` : nothing}
    <span class="held" title=${errorWords(found)}>${errorWords(found)}</span>
    <span class="made">${why === "stale" ? html`<b class="old-words">${word("forecast.stale")}</b> ` : nothing}${word("forecast.made")} ${age(found?.at, found?.body.stale_after_s || 0)}</span>
    <button type="button" class="tool" aria-label="${word("forecast.rests_on")} ${gapsWords(found)}" @click=${openGround}><span class="long">${word("forecast.rests_on")}</span><span class="short" aria-hidden="true">?</span>${gapsWords(found) ? html` <b class="gaps">${gapsWords(found)}</b>` : nothing}</button>`;
}

// What it rests on is asked for when somebody wants to know: sentences of every language are not sent with every forecast.
async function openGround() {
  let found = null;
  const shown = dialog("forecast-ground", () => html`<h2>${word("forecast.rests_on")}</h2>
    ${found === null ? html`<p class="soft">…</p>` : ground(found)}
    <div class="actions"><button type="button" class="button" @click=${() => shown.close()}>${word("pane.close")}</button></div>`, { kinds: [] });
  const answer = await fetch(`${base}forecast`, { headers: { Accept: "application/json" } }).catch(() => null);
  found = answer?.ok ? (await answer.json()).forecast || {} : {};
  shown.draw();
}

function ground({ assumptions = [], gaps = [], engine = "", profile = "" }) {
  const gap = ({ kind, id, why, age_s: seconds }) => `${kind === "event" ? word("fact.inside") : featureName(id) || id}: ${why === "stale" ? word("forecast.gap_stale", { seconds: number(seconds) }) : word("forecast.gap_missing")}`;
  return html`<ul>${assumptions.map((text) => html`<li>${text}</li>`)}</ul>
    ${gaps.length ? html`<h3>${word("forecast.gaps_title")}</h3><ul>${gaps.map((each) => html`<li>${gap(each)}</li>`)}</ul>` : nothing}
    <p class="soft">${engine} · ${profile}</p>`;
}

/** The layer in words, for those who do not see it: every area at the chosen minute. */
function rows() {
  const minutes = minute() || MINUTES[2];
  return Object.keys(newest()?.body.places || {}).map((id) => {
    const ahead = placeAhead(id, minutes);
    const value = `${number(ahead.people)} ${word("forecast.band", { low: number(ahead.low), high: number(ahead.high) })}`;
    const state = ahead.band === null ? word("band.unknown") : word(`band.${ahead.band}`);
    return { kind: "feature", id, name: featureName(id), state: `${word("forecast.plus", { minutes })}: ${state}`, value, at: newest().at, limit: newest().body.stale_after_s, isUrgent: ahead.band >= URGENT_BAND && !isStale() };
  });
}
