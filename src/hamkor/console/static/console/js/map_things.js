// SPDX-License-Identifier: Apache-2.0
// What stands on the map as a point, with its state in words and in shape; lists and cards read the same.
import { agencyShort, feature, featureName, middleOf, pointOf, post } from "./names.js";
import { store } from "./store.js";
import { eventTime, ms } from "./times.js";
import { number, word } from "./words.js";

export const VALUE_OLD_S = 60;
export const UNIT_OLD_S = 120;
const OPEN = new Set(["reported", "assessed", "dispatched", "on_scene"]);
const GATES = new Set(["opening", "turnstiles"]);
const PLACES = new Set(["attractor", "shelter", "structure"]);
const FILL_BANDS = [0.7, 0.9, 1, 1];
export const DENSITY_BANDS = [1, 2, 3, 4];

/** Returns a place on the square of the world, 0 to 1, to the right and downwards. */
export function toWorld([lon, lat]) {
  const sine = Math.sin((lat * Math.PI) / 180);
  return [(lon + 180) / 360, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
}

const isOld = (at, limit_s) => !at || store.now() - ms(at) > limit_s * 1000;

// Areas -----------------------------------------------------------------------------------------------------------
export const bandOf = (value, limits) => limits.filter((limit) => value >= limit).length;

/** What is known of an area: {band, density, fill, count, trend, at, isOld}; unknown stays null. */
export function zoneOf(id, by = "density") {
  const recorded = store.get("zone_state", id);
  const newest = store.signal("zone", id);
  const values = newest?.body || recorded || {};
  const at = newest?.at || recorded?.since || null;
  const { density = null, fill = null, count = null, trend_per_min: trend = null } = values;
  let band = null;
  if (by === "fill") band = fill === null ? null : fillBand(fill);
  else if (recorded) band = recorded.band;
  else if (density !== null) band = bandOf(density, DENSITY_BANDS);
  else if (fill !== null) band = fillBand(fill);
  return { band, density, fill, count, trend, at, isOld: Boolean(newest) && isOld(at, VALUE_OLD_S), source: values.source || "" };
}

export const fillBand = (fill) => (fill >= 1 ? 4 : Math.min(3, bandOf(fill, FILL_BANDS)));

// Gates, posts, devices ------------------------------------------------------------------------------------------
export const isGate = (drawn) => GATES.has(drawn.properties.kind);

const USE_OF_PHASE = { ingress: "ingress", show: "event", egress: "egress", after: "egress" };

/** What is known of a gate: {state, into, out, total, at, isOld, isKnown}; a stop in force counts before the plan. */
export function gateOf(id) {
  const newest = store.signal("opening", id);
  const { state = "unknown", in_per_min: into = null, out_per_min: out = null, in_total: total = null } = newest?.body || {};
  const flows = (into ?? 0) + (out ?? 0) > 0;
  return { state: orderedState(id) || (flows ? state : plannedState(id) || state), into, out, total, at: newest?.at || null, isOld: isOld(newest?.at, VALUE_OLD_S), isKnown: Boolean(newest) };
}

function orderedState(id) {
  for (const stop of store.all("show_stop")) {
    if (stop.state === "lifted") continue;
    if (stop.gates_close?.includes(id)) return "shut";
    if (stop.gates_open?.includes(id)) return "open";
  }
  return null;
}

function plannedState(id) {
  const phase = USE_OF_PHASE[store.get("operation", "operation")?.phase];
  return feature(id)?.properties.use?.[phase] === "closed" ? "closed" : null;
}

export const isClosed = (state) => state === "closed" || state === "shut";

/** How a post is manned: {present, needed, state, isShort, heardAt}; before its hours and after them nobody is missed. */
export function staffingOf(id) {
  const state = store.get("post_state", id);
  const { needed = null, starts_at: from, ends_at: to } = post(id) || {};
  const now = eventTime(store.now());
  const isDue = store.get("operation", "operation")?.state === "open" && !(now < ms(from)) && !(now >= ms(to));
  const manning = state?.state || "unmanned";
  const isSilent = Boolean(state?.silent_since);
  const isShort = isDue && (isSilent || manning !== "manned");
  const name = isSilent ? "silent" : isDue || manning !== "unmanned" ? manning : now >= ms(to) ? "over" : "not_yet";
  return { present: state?.present ?? null, needed, state: name, isShort, isDue, heardAt: state?.heard_at || null, checkedAt: state?.checked_in_at || null };
}

export function deviceOf(id) {
  const state = store.get("device_state", id);
  const newest = store.signal("device", id);
  return { state: state?.state || (newest ? "live" : "unknown"), at: newest?.at || state?.last_at || null, battery: newest?.body?.battery ?? null, since: state?.since || null };
}

// Units ----------------------------------------------------------------------------------------------------------
const SHAPES = [["medic", "cross"], ["ambulance", "cross"], ["fire", "triangle"], ["rescue", "triangle"], ["traffic", "hexagon"], ["technical", "hexagon"], ["patrol", "square"]];
const COLOURS = { iib: "#9cc4ff", mg: "#a9d98b", fvv: "#ffb19a", tty: "#ffffff", yhx: "#c9b8ff", org: "#c6d0d8", obj: "#c6d0d8" };
export const unitShape = (unit) => SHAPES.find(([able]) => unit.capabilities?.includes(able))?.[1] || "dot";
export const unitColour = (unit) => COLOURS[unit.agency] || "#c6d0d8";

/** Where a unit is: the newest position, else where it was sent or lives. */
export function unitPlace(unit) {
  const newest = store.signal("unit", unit.id);
  if (newest?.body?.point) return { point: newest.body.point, at: newest.at, isOld: isOld(newest.at, UNIT_OLD_S), isLive: true };
  return { point: pointOf(unit.last_place) || pointOf(unit.home), at: unit.since, isOld: true, isLive: false };
}

// Points of the drawing ------------------------------------------------------------------------------------------
let known = null;
let points = [];

/** Every point of the drawing once per reference: {id, kind, layer, at: world, level, label}. */
export function drawnPoints() {
  if (known === store.reference) return points;
  known = store.reference;
  points = [];
  const placed = new Map();
  for (const each of store.reference?.posts || []) {
    const at = each.place.map(feature).find((found) => found?.geometry);
    if (at) points.push(postPoint(each, at, placed));
  }
  for (const each of store.reference?.hazards || []) {
    const at = each.place.map(feature).find((found) => found?.geometry);
    if (at) points.push({ id: each.id, kind: "hazard", layer: "hazards", at: toWorld(middleOf(at)), dx: 14, dy: -12, level: at.properties.level ?? 0, label: each.title, rank: 8 });
  }
  for (const drawn of known?.features?.features || []) {
    const made = drawn.geometry && pointFor(drawn);
    if (made) points.push(made);
  }
  return points;
}

// Posts at one place stand beside each other, not over each other.
function postPoint(each, drawn, placed) {
  const turn = placed.get(drawn.id) || 0;
  placed.set(drawn.id, turn + 1);
  return { id: each.id, kind: "post", layer: "posts", at: toWorld(middleOf(drawn)), dx: turn * 15, dy: 0, level: drawn.properties.level ?? 0, label: each.title, rank: each.critical ? 4 : 6 };
}

function pointFor(drawn) {
  const { kind, name, level = 0 } = drawn.properties;
  const made = { id: drawn.id, kind: "feature", sort: kind, at: toWorld(middleOf(drawn)), dx: 0, dy: 0, level: level ?? 0, label: name };
  if (GATES.has(kind)) return { ...made, layer: "gates", short: kind === "opening" ? name.match(/\d+\p{L}?/u)?.[0] || "" : "", rank: kind === "opening" ? 2 : 5 };
  if (kind === "device") return { ...made, layer: "devices", device: drawn.properties.device, rank: 9 };
  if (/Polygon$/.test(drawn.geometry.type)) return { ...made, layer: "labels", rank: kind === "area" ? 1 : 3, shape: drawn };
  if (PLACES.has(kind)) return { ...made, layer: "places", rank: 7 };
  return null;
}

/** Incidents that are open and have a place. */
export function incidentPoints() {
  const found = [];
  for (const incident of store.all("incident")) {
    const point = OPEN.has(incident.state) && pointOf(incident.place);
    if (point) found.push({ id: incident.id, kind: "incident", layer: "incidents", at: toWorld(point), dx: 0, dy: 0, level: null, priority: incident.priority, label: `H-${String(incident.number).padStart(4, "0")}`, isNew: incident.state === "reported" });
  }
  return found.sort((a, b) => b.priority - a.priority);
}

/** The most urgent open alarm of each area. */
export function alarmsByArea() {
  const found = new Map();
  for (const alarm of store.all("alarm")) {
    const id = alarm.place?.feature || (alarm.subject_kind === "zone" ? alarm.subject : null);
    if (!id || alarm.state === "cleared" || alarm.state === "shelved" || alarm.flooded) continue;
    found.set(id, Math.min(found.get(id) || 9, alarm.priority));
  }
  return found;
}

// Rows of the list of a layer ------------------------------------------------------------------------------------
const row = (kind, id, name, state, value, at, limit = 0, isUrgent = false) => ({ kind, id, name, state, value, at, limit, isUrgent });

export const ROWS = {
  areas: () => of("area").map(({ id }) => {
    const zone = zoneOf(id);
    const value = zone.density !== null ? `${number(zone.density, 1)} ${word("unit.density")}` : zone.fill !== null ? `${number(zone.fill * 100)} %` : "–";
    return row("feature", id, featureName(id), zone.band === null ? word("band.unknown") : word(`band.${zone.band}`), zone.count === null ? value : `${value} · ${number(zone.count)}`, zone.at, VALUE_OLD_S, zone.band >= 3);
  }),
  gates: () => [...of("opening"), ...of("turnstiles")].map(({ id }) => {
    const gate = gateOf(id);
    return row("feature", id, featureName(id), word(`gate.${gate.state}`), gate.isKnown ? word("gate.flow", { into: number(gate.into), out: number(gate.out) }) : "–", gate.at, VALUE_OLD_S);
  }),
  posts: () => (store.reference?.posts || []).map((each) => {
    const staffing = staffingOf(each.id);
    return row("post", each.id, each.title, word(`post.${staffing.state}`), `${number(staffing.present)} / ${number(staffing.needed)} · ${agencyShort(each.agency)}`, staffing.heardAt, 1800, staffing.isShort && each.critical);
  }),
  units: () => store.all("unit").map((unit) => row("unit", unit.id, unit.call_sign, word(`unit.${unit.state}`), agencyShort(unit.agency), unitPlace(unit).at, UNIT_OLD_S)),
  devices: () => of("device").map((drawn) => {
    const device = deviceOf(drawn.id);
    return row("feature", drawn.id, featureName(drawn.id), word(`device.${device.state}`), word(`device.sort.${drawn.properties.device || "other"}`), device.at, VALUE_OLD_S, device.state === "lost");
  }),
  incidents: () => store.all("incident").filter((incident) => OPEN.has(incident.state)).map((incident) => row("incident", incident.id, incident.title, word(`priority.${incident.priority}`), featureName(incident.place?.feature) || incident.place?.words || "", incident.reported_at, 0, incident.priority === 1)),
  routes: () => of("route").map(({ id, properties }) => row("feature", id, properties.name, "", [properties.from, properties.to].filter((end) => typeof end === "string").join(" – "), null)),
  hazards: () => (store.reference?.hazards || []).map((hazard) => row("hazard", hazard.id, hazard.title, word("hazard.risk", { likelihood: number(hazard.likelihood), impact: number(hazard.impact) }), hazard.place.map(featureName).join(", "), null)),
  places: () => [...of("attractor"), ...of("shelter"), ...of("assembly_area"), ...of("structure")].map(({ id, properties }) => row("feature", id, properties.name, word(`kind.${properties.kind}`), properties.capacity ? number(properties.capacity) : "", null)),
};

const of = (kind) => (store.reference?.features?.features || []).filter((each) => each.properties.kind === kind);
