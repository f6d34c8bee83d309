// SPDX-License-Identifier: Apache-2.0
// Any past minute on the same screen, in a frame nobody takes for the present; alarms of the present are still counted.
import { html, nothing, render } from "./draw.js";
import { register } from "./keys.js";
import { base, look } from "./live.js";
import { store } from "./store.js";
import { day, eventTime, ms, timeOfDay } from "./times.js";
import { word } from "./words.js";

const MINUTE_MS = 60_000;
const LONGEST_MS = 24 * 60 * MINUTE_MS;
const SETTLE_MS = 120;
const PLAY_MS = 1_000;
const STEPS = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };

let place = null;
let range = null;
let chosen = 0;
let state = "";
let timer = 0;
let playing = 0;
let asked = null;
let known = 0;

export function mount() {
  place = document.getElementById("replay");
  document.addEventListener("click", (event) => { if (event.target.closest('[data-does="replay"]')) { event.target.closest("details")?.removeAttribute("open"); begin(); } });
  register({ key: "g", label: "keys.replay", group: "everywhere", run: () => { if (range) place.querySelector("input")?.focus(); else begin(); } });
  store.on(["alarm", "moment", "number", "tick"], () => { if (range) draw(); });
}

const alarmsNow = () => [...store.live.of("alarm").values()].filter((alarm) => alarm.state === "unacknowledged").length;

/** Opens the slider at a moment, one minute ago when none is given. */
export function begin(at = store.realNow() - MINUTE_MS) {
  const opened = ms(store.live.of("operation").get("operation")?.opened_at);
  const now = store.realNow();
  const from = Math.max(now - LONGEST_MS, Number.isFinite(opened) ? opened : now - 6 * 60 * MINUTE_MS);
  range = { from: Math.floor(from / MINUTE_MS) * MINUTE_MS, to: Math.floor(now / MINUTE_MS) * MINUTE_MS };
  known = alarmsNow();
  place.hidden = false;
  document.body.classList.add("replaying");
  go(at);
  place.querySelector("input")?.focus();
}

export function end() {
  clearTimeout(timer);
  clearInterval(playing);
  asked?.abort();
  playing = 0;
  range = null;
  place.hidden = true;
  document.body.classList.remove("replaying");
  render(nothing, place);
  store.showPast(null);
  look();
}

function go(at) {
  chosen = Math.min(range.to, Math.max(range.from, Math.round(at / MINUTE_MS) * MINUTE_MS));
  state = "asking";
  draw();
  clearTimeout(timer);
  timer = setTimeout(fetchPast, SETTLE_MS);
}

async function fetchPast() {
  asked?.abort();
  asked = new AbortController();
  const at = chosen;
  try {
    const answer = await fetch(`${base}replay?at=${encodeURIComponent(new Date(at).toISOString())}`, { signal: asked.signal, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const past = await answer.json();
    if (!range || at !== chosen) return;
    state = "shown";
    store.showPast({ at: new Date(at).toISOString(), number: past.number, documents: past.documents || [], values: past.values || past.signals || [] });
    look();
  } catch (fault) {
    if (fault.name === "AbortError" || !range) return;
    state = "failed";
    clearInterval(playing);
    playing = 0;
  }
  if (range) draw();
}

function toggle() {
  clearInterval(playing);
  playing = playing ? 0 : setInterval(() => { if (chosen >= range.to) toggle(); else go(chosen + MINUTE_MS); }, PLAY_MS);
  draw();
}

function onKey(event) {
  if (event.key === "Escape") { end(); return; }
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  go(chosen + step * MINUTE_MS);
}

function draw() {
  const shown = word("link.replay", { time: timeOfDay(eventTimeLive(chosen), { seconds: false }) });
  const more = alarmsNow() - known;
  render(html`<b class="sign"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 12 12 5v5h9v4h-9v5z"></path></svg>${shown}</b>
    <span class="soft">${day(eventTimeLive(chosen))}${state === "asking" ? ` · ${word("replay.asking")}` : state === "failed" ? ` · ${word("replay.failed")}` : ` · № ${store.shown.number}`}</span>
    <button type="button" class="tool" aria-label=${word("replay.back_step")} @click=${() => go(chosen - MINUTE_MS)}>−1</button>
    <button type="button" class="tool" @click=${toggle} aria-pressed=${String(Boolean(playing))}>${word(playing ? "replay.pause" : "replay.play")}</button>
    <button type="button" class="tool" aria-label=${word("replay.forward_step")} @click=${() => go(chosen + MINUTE_MS)}>+1</button>
    <input type="range" min=${range.from} max=${range.to} step=${MINUTE_MS} .value=${String(chosen)} aria-label=${word("replay.slider")}
      aria-valuetext=${shown} @input=${(event) => go(Number(event.target.value))} @keydown=${onKey}>
    <span class="edges">${timeOfDay(eventTimeLive(range.from), { seconds: false })} – ${timeOfDay(eventTimeLive(range.to), { seconds: false })}</span>
    ${more > 0 ? html`<b class="news" role="alert">${word("replay.alarms_now", { count: more })}</b>` : nothing}
    <button type="button" class="button primary small" @click=${end}>${word("replay.end")}</button>`, place);
}

// The clock of the operation as it is now: the past may have been before it was set.
function eventTimeLive(at) {
  const { past } = store;
  store.past = null;
  const found = eventTime(at);
  store.past = past;
  return found;
}
