// SPDX-License-Identifier: Apache-2.0
// Clock times at the place of the event, ages in words, and the clock of a drill.
import { store } from "./store.js";
import { word } from "./words.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const NOW_MS = 2_000;
const formats = new Map();

/** Returns milliseconds for a moment given as text, number or nothing. */
export const ms = (value) => (typeof value === "number" ? value : value ? Date.parse(value) : NaN);

function format(zone, name, options) {
  const key = `${zone}:${name}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options }));
  return formats.get(key);
}

const zoneOfEvent = () => store.reference?.event?.zone || "Asia/Tashkent";
const two = (value) => String(Math.floor(value)).padStart(2, "0");

/** Returns the time of day at the place of the event, with seconds unless told otherwise; the moment as it is given. */
export function timeOfDay(value, { seconds = true } = {}) {
  const at = ms(value);
  if (!Number.isFinite(at)) return "–";
  const options = { hour: "2-digit", minute: "2-digit", ...(seconds ? { second: "2-digit" } : {}) };
  return format(zoneOfEvent(), seconds ? "hms" : "hm", options).format(at);
}

/** Returns the day at the place of the event as DD.MM.YYYY. */
export function day(value) {
  const at = ms(value);
  if (!Number.isFinite(at)) return "–";
  const parts = format(zoneOfEvent(), "day", { day: "2-digit", month: "2-digit", year: "numeric" }).formatToParts(at);
  const part = (type) => parts.find((each) => each.type === type).value;
  return `${part("day")}.${part("month")}.${part("year")}`;
}

/** Returns how long ago something was, in words. */
export function ago(value) {
  const age = store.now() - ms(value);
  if (!Number.isFinite(age)) return word("age.unknown");
  if (age < NOW_MS) return word("age.now");
  if (age < MINUTE_MS) return word("age.seconds", { count: Math.floor(age / 1000) });
  if (age < HOUR_MS) return word("age.minutes", { count: Math.floor(age / MINUTE_MS) });
  return word("age.hours", { count: Math.floor(age / HOUR_MS) });
}

/** Returns a length of time as 04:10 or 1:04:10. */
export function span(length_ms) {
  if (!Number.isFinite(length_ms)) return "–";
  const whole = Math.abs(length_ms) / 1000;
  const hours = Math.floor(whole / 3600);
  return `${hours ? `${hours}:` : ""}${two((whole % 3600) / 60)}:${two(whole % 60)}`;
}

/** Returns how long something has been open, as 04:10. */
export const openFor = (value) => span(Math.max(0, store.now() - ms(value)));

/** Returns the moment of the event for a real moment: another one only in a drill. */
export function eventTime(value) {
  const at = ms(value);
  const segments = store.get("operation", "operation")?.clock || [];
  const begun = segments.filter((each) => ms(each.real_at) <= at);
  const segment = begun.at(-1) || segments[0];
  return segment ? ms(segment.event_at) + (at - ms(segment.real_at)) * segment.rate : at;
}

/** Returns the real moment for a moment of the event. */
export function realTime(value) {
  const at = ms(value);
  const segments = store.get("operation", "operation")?.clock || [];
  const begun = segments.filter((each) => ms(each.event_at) <= at);
  const segment = begun.at(-1) || segments[0];
  return segment ? ms(segment.real_at) + (at - ms(segment.event_at)) / (segment.rate || 1) : at;
}

/** Returns the time of day of a recorded moment on the clock of the event: everything on the screen tells one time. */
export const clock = (value, options = {}) => timeOfDay(eventTime(value), options);
