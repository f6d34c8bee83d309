// SPDX-License-Identifier: Apache-2.0
// Sentences and numbers of the map, in the language of the page.
let texts = {};

export const setTexts = (given) => { texts = given; };

export const say = (name, facts = {}) =>
  (texts[name] || name).replace(/\{(\w+)\}/g, (whole, key) => (key in facts ? facts[key] : whole));

export function number(value, decimals = null) {
  if (value === null || value === undefined) return "";
  const size = Math.abs(value);
  const places = decimals ?? (size >= 1000 ? 0 : size >= 100 ? 1 : 2);
  const [whole, part] = value.toFixed(places).replace("-", "−").split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, "\u00a0");
  const rest = part?.replace(/0+$/, "");
  return rest ? `${grouped}${document.documentElement.lang === "en" ? "." : ","}${rest}` : grouped;
}

export function readOut(feature) {
  const { width_m: width, length_m: length, area_m2: area, perimeter_m: perimeter } = feature.measures;
  const found = [];
  if (width !== undefined && width !== null) found.push(say("width", { value: number(width) }));
  else if (feature.is_width_known === false) found.push(say("width_unknown"));
  if (area) found.push(say("area", { value: number(area) }), say("perimeter", { value: number(perimeter) }));
  if (length && feature.layer !== "openings") found.push(say("length", { value: number(length) }));
  return found.join(" · ");
}

export function staffing(post) {
  if (post.needed === null) return say("staffing_unknown");
  if (post.confirmed === null) return say("needed", { needed: number(post.needed) });
  return say("staffing", { needed: number(post.needed), confirmed: number(post.confirmed) });
}

export const under = (feature) => [feature.kind_word, feature.sort_word].filter(Boolean).join(", ");
