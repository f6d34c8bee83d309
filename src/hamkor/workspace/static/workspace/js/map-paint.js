// SPDX-License-Identifier: Apache-2.0
// Paints a drawing: shapes in metres below, signs and names in pixels above, so that they keep their size.
import { anchorOf, areaOf, boundsOf, pathData } from "./map-geometry.js";
import { placeLabels } from "./map-labels.js";
import { staffing } from "./map-words.js";

const SVG = "http://www.w3.org/2000/svg";
const FAR_PX_PER_M = 1.1;
const MARKS_AT_ONE_PLACE = 3;
const PIN_STEP_PX = 15;
// Signs of single things, around their own zero: far away only a dot is left.
const SIGNS = {
  openings: "M-6-4.5h12v9h-12z", passages: "M-6 6v-4h4v-4h4v-4h4v12z", stairs: "M-6 6v-4h4v-4h4v-4h4v12z",
  devices: "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z", attractors: "M0-7l2 5h5l-4 3.2 1.6 5.3L0 3.4l-4.6 3.1L-3 1.2-7-2h5z",
  structures: "M-5.5 5.5h11L0-6z", safe_places: "M0-7 6.5-4v4.5C6.5 4 3.5 6.2 0 7.5-3.5 6.2-6.5 4-6.5.5V-4z",
  posts: "M-4-4h8v8h-8z", areas: "M-5-5h10v10h-10z", routes: "M-5 0h10",
};
const DOT = "M-2.2 0a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0-4.4 0z";
const PIN_DOT = "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z";
const SHAPES = { red: "M0-11 11 0 0 11-11 0z", amber: "M0-11 11.5 9h-23z", info: "M-10 0a10 10 0 1 0 20 0a10 10 0 1 0-20 0z" };
// The same in a shape as beside it: colour is never alone.
const SIGN_OF = { red: "1", amber: "2", info: "i" };
const ORDER = ["areas", "stairs", "passages", "openings", "routes", "structures", "safe_places", "attractors", "posts", "devices"];

export function make(name, attributes = {}, parent = null) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent?.append(element);
  return element;
}

export class Painter {
  constructor(svg, view) {
    Object.assign(this, { svg, view, hidden: new Set(), level: null, chosen: "", hot: "" });
    svg.replaceChildren();
    this.world = make("g", { id: "map-world" }, svg);
    this.overlay = make("g", { class: "overlay" }, svg);
    this.groups = {};
    for (const layer of ORDER) this.groups[layer] = make("g", { class: `layer ${layer}` }, this.world);
    this.ghost = make("g", { class: "ghost" }, this.world);
    for (const name of ["signs", "pins", "labels", "marks", "handles"]) this.groups[name] = make("g", { class: name }, this.overlay);
  }

  paint(drawing) {
    this.drawing = drawing;
    this.byId = new Map(drawing.features.map((feature) => [feature.id, feature]));
    this.nodes = new Map();
    Object.assign(this, { placed: [], pins: [] });
    for (const group of Object.values(this.groups)) group.replaceChildren();
    for (const feature of drawing.features) Object.assign(feature, { at: anchorOf(feature), box: boundsOf(feature.paths) });
    this.standing = new Set();
    const places = this.placePosts(drawing.posts);
    const size = (feature) => (feature.shape === "outline" ? areaOf(feature.paths[0][0]) : 0);
    const drawn = drawing.features.filter((feature) => feature.paths.length).map((feature) => [size(feature), feature]);
    drawn.sort((a, b) => b[0] - a[0]);
    for (const [, feature] of drawn) this.paintFeature(feature);
    this.paintPins(places);
    this.paintMarks(drawing.findings);
    this.filter();
    this.mark();
    this.follow();
    this.rescale();
  }

  paintFeature(feature) {
    if (feature.shape === "point") {
      if (this.standing.has(feature.id)) return;
      this.place(make("path", { class: `sign ${feature.layer} ${feature.kind}`, "data-id": feature.id, d: SIGNS[feature.layer] }, this.groups.signs), feature.at, feature);
      return;
    }
    const d = pathData(feature);
    const words = `${feature.kind} ${feature.shape} ${feature.sort && feature.kind !== "post_place" ? `sort-${feature.sort}` : ""}`;
    const element = make("path", { class: words, d, "data-id": feature.id }, this.groups[feature.layer]);
    this.know(feature, element);
    if (feature.shape === "line") this.know(feature, make("path", { class: "reach", d, "data-id": feature.id }, this.groups[feature.layer]));
  }

  know(feature, element) {
    if (!this.nodes.has(feature.id)) this.nodes.set(feature.id, []);
    this.nodes.get(feature.id).push(element);
  }

  // Puts a sign where it stands, now and at every zoom; dx and dy are pixels.
  place(element, at, feature, dx = 0, dy = 0) {
    this.placed.push({ element, at, dx, dy, isSign: element.classList.contains("sign"), layer: feature?.layer });
    if (feature) this.know(feature, element);
  }

  placePosts(posts) {
    const places = new Map();
    for (const post of posts) {
      const feature = post.features.map((id) => this.byId.get(id)).find((each) => each?.at);
      if (!feature) continue;
      if (feature.kind === "post_place") this.standing.add(feature.id);
      places.set(feature, [...(places.get(feature) || []), post]);
    }
    return places;
  }

  paintPins(places) {
    for (const [feature, posts] of places) posts.forEach((post, index) => {
      const state = post.needed === null || post.confirmed === null ? "unknown" : post.confirmed < post.needed ? "short" : "full";
      const pin = make("g", { class: `pin ${state}${post.critical ? " critical" : ""}`, "data-id": feature.id, "data-post": post.id }, this.groups.pins);
      const body = make("path", { class: "flag" }, pin);
      make("path", { class: "dot", d: PIN_DOT }, pin);
      const text = make("text", { x: 0, y: -10, "text-anchor": "middle" }, pin);
      text.textContent = post.needed === null ? "?" : post.confirmed === null ? post.needed : `${post.confirmed}/${post.needed}`;
      const wide = 8 + text.textContent.length * 6;
      body.setAttribute("d", `M0 0-4-6H${-wide / 2}v-13h${wide}v13H4z`);
      this.place(pin, feature.at, feature, 0, -index * PIN_STEP_PX - (feature.kind === "post_place" ? 0 : 5));
      this.pins.push({ element: pin, at: feature.at, dy: -index * PIN_STEP_PX, half: wide / 2 + 1, weight: (state === "short" ? 4 : 0) + (post.critical ? 2 : 0) + (state === "unknown" ? 1 : 0) });
      pin.dataset.words = `${post.title} · ${staffing(post)}`;
    });
  }

  paintMarks(findings) {
    const rows = new Map();
    for (const finding of findings) {
      const feature = finding.at.map((id) => this.byId.get(id)).find((each) => each?.at);
      if (feature) rows.set(feature, [...(rows.get(feature) || []), finding]);
    }
    for (const [feature, found] of rows) found.slice(0, MARKS_AT_ONE_PLACE).forEach((finding, index) => {
      const mark = make("g", { class: `mark severity-${finding.severity}`, "data-id": feature.id, "data-finding": finding.number }, this.groups.marks);
      make("path", { d: SHAPES[finding.severity] }, mark);
      const isLast = index === MARKS_AT_ONE_PLACE - 1 && found.length > MARKS_AT_ONE_PLACE;
      make("text", { y: finding.severity === "amber" ? 6 : 3.5, "text-anchor": "middle" }, mark).textContent = isLast ? `+${found.length - index}` : SIGN_OF[finding.severity];
      mark.dataset.words = `${finding.rule} · ${finding.title}`;
      this.place(mark, feature.at, feature, 15 + index * 22, 12);
    });
  }

  // After every step of the view: two transforms, whatever the number of features.
  follow() {
    const { scale, left, top } = this.view;
    this.world.setAttribute("transform", `scale(${scale}) translate(${-left} ${-top})`);
    this.overlay.setAttribute("transform", `translate(${-left * scale} ${-top * scale})`);
    this.labelLater();
  }

  rescale() {
    const { scale } = this.view;
    const isFar = scale < FAR_PX_PER_M;
    if (isFar !== this.isFar) {
      this.isFar = isFar;
      this.svg.classList.toggle("far", isFar);
    }
    for (const { element, at, dx, dy, isSign, layer } of this.placed || []) {
      element.setAttribute("transform", `translate(${(at[0] * scale + dx).toFixed(1)} ${(at[1] * scale + dy).toFixed(1)})`);
      if (isSign && element.isFar !== isFar) { element.isFar = isFar; element.setAttribute("d", isFar ? DOT : SIGNS[layer]); }
    }
    this.thinPins();
    this.groups.labels.replaceChildren();
    this.labelLater();
  }

  // Posts that would cover another become dots: those short of people and the critical ones keep their numbers.
  thinPins() {
    const { scale } = this.view;
    const kept = [];
    for (const pin of [...(this.pins || [])].sort((a, b) => b.weight - a.weight)) {
      const [x, y] = [pin.at[0] * scale, pin.at[1] * scale + pin.dy];
      const isFree = kept.every((other) => Math.abs(other.x - x) > other.half + pin.half || Math.abs(other.y - y) > PIN_STEP_PX - 1);
      pin.element.classList.toggle("tiny", !isFree);
      if (isFree) kept.push({ x, y, half: pin.half });
    }
  }

  labelLater() {
    clearTimeout(this.labelling);
    this.labelling = setTimeout(() => this.label(), 60);
  }

  label() {
    this.groups.labels.replaceChildren();
    if (this.hidden.has("labels") || !this.drawing) return;
    const shown = this.drawing.features.filter((feature) => feature.at && this.isShown(feature));
    const pins = this.placed.filter(({ element }) => !element.classList.contains("sign") && !element.classList.contains("off") && !element.classList.contains("tiny"));
    for (const { feature, text, x, y } of placeLabels(shown, this.view, { pins, chosen: this.chosen })) {
      make("text", { x, y, class: `label ${feature.layer}${feature.id === this.chosen ? " chosen" : ""}`, "text-anchor": "middle" }, this.groups.labels).textContent = text;
    }
  }

  isShown(feature) {
    return !this.hidden.has(feature.layer) && (this.level === null || feature.level === this.level);
  }

  filter() {
    for (const layer of ORDER) this.groups[layer].classList.toggle("off", this.hidden.has(layer));
    for (const [id, elements] of this.nodes) {
      const feature = this.byId.get(id);
      for (const element of elements) {
        const layer = element.classList.contains("pin") ? "posts" : element.classList.contains("mark") ? "findings" : feature.layer;
        const isOff = this.hidden.has(layer) || (this.level !== null && feature.level !== this.level);
        element.classList.toggle("off", isOff);
      }
    }
    this.labelLater();
  }

  mark() {
    for (const [name, id] of [["chosen", this.chosen], ["hot", this.hot]]) {
      for (const element of this.svg.querySelectorAll(`.${name}:not(.label)`)) if (element.dataset.id !== id) element.classList.remove(name);
      for (const element of this.nodes?.get(id) || []) element.classList.add(name);
    }
  }

  choose(id) { this.chosen = id; this.mark(); this.labelLater(); }
  heat(id) { if (this.hot !== id) { this.hot = id; this.mark(); } }
}
