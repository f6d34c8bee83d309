// SPDX-License-Identifier: Apache-2.0
// What things are called on this screen, and the shapes of the four priorities.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { store } from "./store.js";
import { word } from "./words.js";

let known = null;
let index = {};

// One look-up table per reference, built when first asked.
function table(list, key = "id") {
  if (known !== store.reference) { known = store.reference; index = {}; }
  if (!index[list]) {
    const rows = list === "features" ? store.reference?.features?.features : store.reference?.[list];
    const keyOf = (row) => row[key] ?? row.properties?.id;
    index[list] = new Map((rows || []).map((row) => [keyOf(row), row]));
  }
  return index[list];
}

export const feature = (id) => table("features").get(id) || null;
export const post = (id) => table("posts").get(id) || null;
export const agency = (code) => table("agencies", "code").get(code) || null;
export const incidentType = (code) => table("incident_types", "code").get(code) || null;

export const agencyName = (code) => agency(code)?.name || code || "";
export const agencyShort = (code) => agency(code)?.short || agency(code)?.name || code || "";
export const featureName = (id) => feature(id)?.properties?.name || id || "";
export const postTitle = (id) => post(id)?.title || id || "";
export const typeName = (code) => incidentType(code)?.name || code || "";
export const unitName = (id) => store.get("unit", id)?.call_sign || id || "";

/** Returns what a person is here: position and agency, as names are kept elsewhere. */
export function personTitle(ref) {
  if (!ref) return "";
  if (ref.startsWith("system:")) return word("person.system");
  const person = table("accounts").get(ref) || table("people").get(ref.replace(/^person:/, ""));
  if (!person) return word("person.unknown");
  return person.name || person.position || agencyShort(person.agency) || word("person.unknown");
}

/** Returns a place in words: what is written about it, else the name of the feature, else the point. */
export function placeName(place) {
  if (!place) return "";
  const named = place.feature ? featureName(place.feature) : "";
  if (named && place.words) return `${named}, ${place.words}`;
  if (named || place.words) return named || place.words;
  return place.point ? `${place.point[1].toFixed(5)}, ${place.point[0].toFixed(5)}` : "";
}

/** Returns the point of a place, [lon, lat], or null. */
export function pointOf(place) {
  if (!place) return null;
  return place.point || middleOf(feature(place.feature));
}

const middles = new WeakMap();

/** Returns the middle of a feature, [lon, lat], or null. */
export function middleOf(drawn) {
  if (!drawn?.geometry) return null;
  if (!middles.has(drawn)) middles.set(drawn, findMiddle(drawn.geometry));
  return middles.get(drawn);
}

function findMiddle({ type, coordinates }) {
  if (type === "Point") return coordinates;
  if (type === "MultiPoint") return coordinates[0];
  if (type === "LineString") return coordinates[Math.floor(coordinates.length / 2)];
  if (type === "MultiLineString") return coordinates[0][Math.floor(coordinates[0].length / 2)];
  const ring = type === "MultiPolygon" ? coordinates[0][0] : coordinates[0];
  return centroid(ring);
}

function centroid(ring) {
  const [x0, y0] = ring[0];
  let [area, x, y] = [0, 0, 0];
  for (let i = 0; i < ring.length - 1; i++) {
    const [ax, ay, bx, by] = [ring[i][0] - x0, ring[i][1] - y0, ring[i + 1][0] - x0, ring[i + 1][1] - y0];
    const cross = ax * by - bx * ay;
    area += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return area ? [x0 + x / (3 * area), y0 + y / (3 * area)] : [x0, y0];
}

// Diamond, triangle, square, circle: told apart without colour.
export const PRIORITY_SHAPES = {
  1: "M12 1 23 12 12 23 1 12z", 2: "M12 2 23.5 22H.5z", 3: "M3 3h18v18H3z", 4: "M12 2a10 10 0 1 0 0 20 10 10 0 1 0 0-20z",
};

/** Returns the mark of a priority: its shape, its number, and its word for those who do not see it. */
export function priorityMark(priority) {
  const shape = PRIORITY_SHAPES[priority];
  if (!shape) return nothing;
  return html`<svg class="mark mark-${priority}" viewBox="0 0 24 24" role="img" aria-label=${word(`priority.${priority}`)}><path d=${shape}></path><text x="12" y=${priority === 2 ? 20 : 16.6} text-anchor="middle">${priority}</text></svg>`;
}
