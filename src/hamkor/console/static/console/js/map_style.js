// SPDX-License-Identifier: Apache-2.0
// What MapLibre draws: the lines and buildings of the venue. Areas are coloured below it, points and words drawn above it.
export const BANDS = ["#173f5a", "#27698c", "#62a3a8", "#dccb92", "#f7f2e8"];
export const ALARM_COLOURS = { 1: "#ff5c5c", 2: "#ffa02e", 3: "#ffe680", 4: "#6db9ff" };
export const GROUND = "#0b1015";
const KIND = ["get", "kind"];
const area = ["==", KIND, "area"];

const line = (id, filter, paint, layout = {}) => ({ id, type: "line", source: "venue", filter, paint, layout: { "line-cap": "round", "line-join": "round", ...layout } });

// The group of a layer is the chip that shows and hides it; without one it is always shown.
export const LAYERS = [
  { id: "assembly", group: "places", type: "fill", source: "venue", filter: ["==", KIND, "assembly_area"], paint: { "fill-color": "#14302b", "fill-opacity": 0.7 } },
  { ...line("assembly-edge", ["==", KIND, "assembly_area"], { "line-color": "#3f8f7f", "line-width": 1.2, "line-dasharray": [3, 2] }), group: "places" },
  // Coloured on the canvas below; here it only answers to a press.
  { id: "areas", type: "fill", source: "venue", filter: area, paint: { "fill-opacity": 0 } },
  { id: "structures", type: "fill", source: "venue", filter: ["all", ["==", KIND, "structure"], ["==", ["geometry-type"], "Polygon"]], paint: { "fill-color": "#303c47", "fill-opacity": 0.95 } },
  line("structure-edges", ["==", KIND, "structure"], { "line-color": "#6b7b89", "line-width": 1 }),
  line("passages", ["==", KIND, "passage"], { "line-color": "#8b9aa7", "line-width": ["interpolate", ["linear"], ["zoom"], 15, 0.6, 18, 3] }),
  { ...line("routes", ["==", KIND, "route"], { "line-color": "#6fd6a5", "line-width": 2, "line-dasharray": [3, 2] }), group: "routes" },
];

export const CLICKABLE = ["areas", "structures", "assembly", "routes", "passages"];

/** Returns the style of a drawing: shapes and lines; what is a point is drawn elsewhere. */
export function styleOf(features) {
  const shapes = features.filter((each) => each.geometry && !/Point$/.test(each.geometry.type));
  return {
    version: 8,
    sources: { venue: { type: "geojson", promoteId: "id", tolerance: 0.1, data: { type: "FeatureCollection", features: shapes } } },
    layers: LAYERS.map(({ group, ...layer }) => layer),
  };
}

/** Returns the filter of a layer for one level of the venue; null is all levels. */
export function filterFor(layer, level) {
  if (level === null) return layer.filter;
  return ["all", layer.filter, ["==", ["coalesce", ["get", "level"], 0], level]];
}
