// SPDX-License-Identifier: Apache-2.0
// What the next minutes bring, as the server forecasts it, and whether the map shows that instead of what is measured.
// Whoever draws by it listens to "signal:forecast" for new numbers and to "ahead" for what is chosen.
import { bandOf, DENSITY_BANDS, fillBand, zoneOf } from "./map_things.js";
import { store } from "./store.js";
import { eventTime, ms } from "./times.js";
import { number, word } from "./words.js";

const MINUTE_MS = 60_000;
const AHEAD = "ahead";
const MAIN_MIN = 10;
const STALE_S = 90;
// Above this any movement can crush; no model says how many more there would be, so none is told.
const MOST_PER_M2 = 5;
export const MINUTES = [0, 5, 10, 30];

const chosen = { isOn: false, minute: MAIN_MIN };

/** True while the layer is chosen. */
export const isOn = () => chosen.isOn;
/** The minute that is chosen: 0 is now, as measured. */
export const minute = () => chosen.minute;
/** True while the map shows what is forecast and not what is measured. */
export const isAhead = () => chosen.isOn && chosen.minute > 0;

/** Shows the picture of some minutes ahead; null goes back to what is measured. */
export function show(minutes) {
  const isOnNow = minutes !== null;
  if (isOnNow === chosen.isOn && (!isOnNow || minutes === chosen.minute)) return;
  chosen.isOn = isOnNow;
  chosen.minute = isOnNow ? minutes : MAIN_MIN;
  store.mark(AHEAD, "");
}

export const toggle = () => show(chosen.isOn ? null : MAIN_MIN);

/** The newest forecast: {at, body}, or null. In a replay the one people had before them then. */
export const newest = () => store.signal("forecast", "event");

/** Why there are no numbers to show: "none", "stale", a trouble the server names, or "" when there are. */
export function whyNot() {
  const found = newest();
  if (!found) return store.isReplay ? "past" : "none";
  if (found.body.trouble) return found.body.trouble;
  return isStale() ? "stale" : "";
}

export function isStale() {
  const found = newest();
  return Boolean(found) && store.now() - ms(found.at) > (found.body.stale_after_s || STALE_S) * 1000;
}

/** The real moment a minute of the forecast stands for; in a drill minutes of the event pass faster. */
export const momentOf = (minutes) => ms(newest()?.at) + (minutes * MINUTE_MS) / (newest()?.body.pace || 1);

/** The moment of the event's clock a minute of the forecast stands for. */
export const eventMomentOf = (minutes) => eventTime(ms(newest()?.at)) + minutes * MINUTE_MS;

const indexOf = (minutes) => (newest()?.body.minutes || MINUTES).indexOf(minutes);

/** An area in some minutes: {people, low, high, density, densityLow, densityHigh, fill, band, isGuessed, reaches}; null when nothing is said. */
export function placeAhead(id, minutes = MAIN_MIN, by = "density") {
  const place = newest()?.body.places?.[id];
  const index = indexOf(minutes);
  if (!place || index < 0) return null;
  const [people, low, high] = [place.people[index], place.low[index], place.high[index]];
  const area = place.area_m2 || 0;
  const per = (count) => (area ? count / area : null);
  const fill = place.holds ? people / place.holds : null;
  const density = per(people);
  const isByFill = by === "fill" || density === null;
  const band = isByFill ? (fill === null ? null : fillBand(fill)) : bandOf(density, DENSITY_BANDS);
  return { people, low, high, density, densityLow: per(low), densityHigh: per(high), fill, holds: place.holds ?? null, band, isGuessed: Boolean(place.is_guessed), reaches: place.reaches || [] };
}

/** A density in figures; above what can be forecast at all only that it is above. */
export const densityText = (value) => (value > MOST_PER_M2 ? word("forecast.over", { value: number(MOST_PER_M2) }) : number(value, 1));

/** What the map colours an area by: measured, or forecast while that layer is shown. */
export function shownZone(id, by) {
  if (!isAhead()) return zoneOf(id, by);
  const found = placeAhead(id, chosen.minute, by);
  const now = placeAhead(id, 0, by);
  const trend = found && now ? (found.people - now.people) / chosen.minute : null;
  return { band: found?.band ?? null, density: found?.density ?? null, fill: found?.fill ?? null, count: found?.people ?? null, trend, at: newest()?.at || null, isOld: isStale(), source: "", told: found?.density > MOST_PER_M2 ? densityText(found.density) : "" };
}

/** A gate in some minutes: {flow, queue, queueLow, queueHigh, wait_s, isShut}; null when nothing is said. */
export function gateAhead(id, minutes = MAIN_MIN) {
  const gate = newest()?.body.gates?.[id];
  const index = indexOf(minutes);
  if (!gate || index < 0) return null;
  return { flow: gate.flow_per_min[index], queue: gate.queue[index], queueLow: gate.queue_low[index], queueHigh: gate.queue_high[index], wait_s: gate.wait_s[index], isShut: Boolean(gate.is_shut) };
}

/** People inside in some minutes: {middle, low, high}; null when nothing is said. */
export function insideAhead(minutes) {
  const line = newest()?.body.inside;
  if (!line) return null;
  const at = (values) => values[Math.min(minutes, values.length - 1)];
  return { middle: at(line.middle), low: at(line.low), high: at(line.high) };
}

/** Points of the chart ahead: [[real moment, middle, low, high]]; none when the forecast is old. */
export function insideLine() {
  const line = newest()?.body.inside;
  if (!line || isStale()) return [];
  return line.middle.map((middle, minutes) => [momentOf(minutes), middle, line.low[minutes], line.high[minutes]]);
}
