// SPDX-License-Identifier: Apache-2.0
// The map: shapes of the venue by MapLibre, signs and moving units on canvases above it, chosen things on a card.
import { html, render } from "./draw.js";
import { isAhead, isOn, shownZone, toggle } from "./forecast.js";
import { Card } from "./map_card.js";
import { List } from "./map_list.js";
import { Marks } from "./map_marks.js";
import { BANDS, CLICKABLE, LAYERS, filterFor, styleOf } from "./map_style.js";
import { alarmsByArea, toWorld } from "./map_things.js";
import { Units } from "./map_units.js";
import { Zones } from "./map_zones.js";
import { feature, middleOf, pointOf } from "./names.js";
import { store } from "./store.js";
import { word } from "./words.js";

const LIBRARY = "../../hamkor/vendor/maplibre/maplibre-gl.mjs";
const WORKER = "../../hamkor/vendor/maplibre/maplibre-gl-worker.mjs";
const CHIPS = ["units", "gates", "posts", "devices", "incidents", "routes", "hazards", "places", "labels"];
const HIDDEN_AT_FIRST = ["hazards", "places"];
const KEPT = "hamkor-console-layers";
const REACH_PX = 14;
const REST_MS = 120;
const READ_MS = 200;
const MARGIN_PX = 46;

// The library and its worker are on their way before the drawing is known.
async function begin() {
  const library = await import(LIBRARY);
  library.setWorkerUrl(new URL(WORKER, import.meta.url).href);
  library.prewarm();
  return library;
}

class Picture {
  constructor(element) {
    this.element = element;
    this.view = { width: 0, height: 0, ratio: 1, size: document.body.classList.contains("wall") ? 1.8 : 1, zoom: 16, left: 0, top: 0, scale: 1, toScreen: (point) => this.toScreen(point) };
    this.hidden = new Set(JSON.parse(localStorage.getItem(KEPT) || "null") || HIDDEN_AT_FIRST);
    this.level = null;
    this.by = "density";
    this.picking = null;
    this.library = begin();
    this.library.catch(() => null);
    this.build();
  }

  build() {
    render(html`<canvas class="zones" aria-hidden="true"></canvas><div class="map-ground"></div><canvas class="marks" aria-hidden="true"></canvas><canvas class="units" aria-hidden="true"></canvas>
      <div class="map-bar"></div><div class="map-legend"></div><div class="map-card"></div><div class="map-list" hidden></div>
      <div class="map-zoom"><button type="button" class="tool" aria-label=${word("map.closer")} @click=${() => this.map?.zoomIn()}>+</button>
        <button type="button" class="tool" aria-label=${word("map.farther")} @click=${() => this.map?.zoomOut()}>−</button>
        <button type="button" class="tool" aria-label=${word("map.whole")} title=${word("map.whole")} @click=${() => this.fit()}>⤢</button></div>
      <p class="map-says" role="status" hidden></p>`, Object.assign(this.element, { textContent: "" }));
    const part = (name) => this.element.querySelector(`.${name}`);
    this.zones = new Zones(part("zones"), this.view);
    this.marks = new Marks(part("marks"), this.view);
    this.marks.zones = this.zones;
    this.units = new Units(part("units"), this.view);
    this.marks.hidden = this.hidden;
    this.isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.units.glides = false;
    this.card = new Card(part("map-card"));
    this.list = new List(part("map-list"), () => this.drawBar());
    this.drawBar();
    this.drawLegend();
    store.on(["reference"], () => this.take());
    store.on(["zone_state", "signal:zone", "alarm", "moment"], () => this.later("zones"));
    store.on(["incident", "post_state", "device_state", "signal:opening", "signal:device", "signal:zone", "moment"], () => this.later("marks"));
    store.on(["unit", "signal:unit", "moment"], () => this.later("units"));
    store.on("selection", () => this.choose());
    store.on(["ahead"], () => { this.drawBar(); this.drawLegend(); this.readAll(); });
    store.on(["signal:forecast", "tick"], () => { if (isAhead()) { this.later("zones"); this.later("marks"); } });
    this.take();
  }

  /** Begins with the drawing as soon as it is known; a changed drawing replaces the old in place. */
  async take() {
    const drawn = store.reference?.features?.features;
    if (!drawn) return;
    if (this.features === store.reference) return;
    this.features = store.reference;
    this.zones.take(drawn);
    if (this.map) { this.map.getSource("venue")?.setData(styleOf(drawn).sources.venue.data); this.drawBar(); this.readAll(); return; }
    if (this.isStarting) return;
    this.isStarting = true;
    try { await this.start(drawn); } catch (fault) { console.error(fault); this.without(); }
  }

  async start(drawn) {
    const library = await this.library;
    this.map = new library.Map({
      container: this.element.querySelector(".map-ground"), style: styleOf(drawn), bounds: boundsOf(drawn), fitBoundsOptions: { padding: MARGIN_PX },
      attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, maxPitch: 0, renderWorldCopies: false, fadeDuration: 0,
      locale: { "Map.Title": word("part.map") }, canvasContextAttributes: { antialias: false },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.on("render", () => this.follow());
    this.map.on("moveend", () => this.rest());
    this.map.on("click", (event) => this.press(event));
    this.map.on("mousemove", ({ point }) => this.hover(point));
    this.map.on("mouseout", () => this.hover(null));
    this.map.once("load", () => { this.isLoaded = true; this.units.glides = !this.isCalm; this.readAll(); this.choose(); this.element.dataset.ready = "yes"; });
    new ResizeObserver(() => { this.resize(); this.rest(); }).observe(this.element);
    this.resize();
    this.readAll();
    this.drawBar();
  }

  // Without a graphics card's language there is still the list.
  without() {
    this.say(word("map.impossible"));
    this.list.open("areas");
  }

  // View -----------------------------------------------------------------------------------------------------------
  resize() {
    this.hasNewColours = this.isDirty = true;
    const { view, element } = this;
    const wasHidden = !view.width;
    Object.assign(view, { width: element.clientWidth, height: element.clientHeight, ratio: Math.min(2, devicePixelRatio || 1) });
    for (const canvas of [this.zones.canvas, this.marks.canvas, this.units.canvas]) {
      canvas.width = Math.round(view.width * view.ratio);
      canvas.height = Math.round(view.height * view.ratio);
    }
    // A map that was begun in a hidden tab does not know yet how far away it must stand.
    if (wasHidden && view.width && this.isLoaded) { this.map.resize(); this.fit(); }
    this.follow();
    this.units.draw();
  }

  toScreen({ at, dx, dy }) {
    const { view } = this;
    return [(at[0] - view.left) * view.scale + view.width / 2 + dx, (at[1] - view.top) * view.scale + view.height / 2 + dy];
  }

  // Called with every frame of the map: the canvases above it never lag behind.
  follow() {
    if (!this.map || !this.view.width) return;
    const { lng, lat } = this.map.getCenter();
    const [left, top] = toWorld([lng, lat]);
    const zoom = this.map.getZoom();
    const { view } = this;
    const moved = view.left !== left || view.top !== top || view.zoom !== zoom;
    Object.assign(view, { left, top, zoom, scale: 512 * 2 ** zoom });
    if (moved || this.hasNewColours) { this.hasNewColours = false; this.zones.draw(); }
    if (moved || this.isDirty) { this.isDirty = false; this.marks.draw(); }
    if (moved) this.units.draw();
  }

  rest() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => { this.marks.placeLabels(); this.redraw(); }, REST_MS);
  }

  redraw() {
    if (this.drawing || !this.map) return;
    this.drawing = requestAnimationFrame(() => { this.drawing = 0; this.isDirty = true; this.follow(); });
  }

  fit() {
    this.map?.fitBounds(boundsOf(store.reference.features.features), { padding: MARGIN_PX, animate: !this.isCalm });
  }

  // State ----------------------------------------------------------------------------------------------------------
  later(what) {
    (this.waiting ||= new Set()).add(what);
    this.reading ||= setTimeout(() => this.read(), READ_MS);
  }

  readAll() { for (const what of ["zones", "marks", "units"]) this.later(what); this.needsLabels = true; }

  read() {
    const waiting = this.waiting;
    this.waiting = new Set();
    this.reading = 0;
    if (waiting.has("zones")) this.colour();
    if (waiting.has("marks")) {
      const before = this.marks.incidents.length;
      this.marks.read();
      if (this.needsLabels || before !== this.marks.incidents.length) { this.needsLabels = false; this.marks.placeLabels(); }
      this.redraw();
    }
    if (waiting.has("units")) { this.units.read(); this.glide(); }
  }

  colour() {
    const alarms = alarmsByArea();
    let isNews = this.zones.isAhead !== isAhead();
    this.zones.isAhead = isAhead();
    for (const { id } of this.zones.areas) isNews = this.zones.know(id, { ...shownZone(id, this.by), alarm: alarms.get(id) || 0 }) || isNews;
    if (!isNews) return;
    this.hasNewColours = true;
    this.redraw();
  }

  glide() {
    if (this.gliding || !this.map) return;
    const step = () => { this.gliding = this.units.draw() ? requestAnimationFrame(step) : 0; };
    this.gliding = requestAnimationFrame(step);
  }

  // Choosing -------------------------------------------------------------------------------------------------------
  hit({ x, y }) {
    let [best, reach] = [null, matchMedia("(pointer: coarse)").matches ? REACH_PX * 1.7 : REACH_PX];
    const look = (point, bonus = 0) => {
      const [px, py] = this.view.toScreen(point);
      const far = Math.hypot(px - x, py - y) - bonus;
      if (far <= reach) { best = point; reach = far; }
    };
    for (const point of this.marks.pressable()) look(point, point.kind === "incident" ? 5 : 0);
    if (!this.hidden.has("units")) for (const unit of this.units.moving.values()) look(unit, 3);
    if (best) return { kind: best.kind, id: best.id };
    const shape = this.map.queryRenderedFeatures([x, y], { layers: CLICKABLE })[0];
    return shape ? { kind: "feature", id: shape.properties.id } : null;
  }

  press({ point, lngLat }) {
    const found = this.hit(point);
    if (this.picking) { this.picked({ feature: found?.kind === "feature" ? found.id : null, point: [lngLat.lng, lngLat.lat] }); return; }
    store.select(found);
  }

  hover(point) {
    this.over = point;
    this.hovering ||= requestAnimationFrame(() => {
      this.hovering = 0;
      const found = this.over && !this.map.isMoving() ? this.hit(this.over) : null;
      const key = found ? `${found.kind} ${found.id}` : "";
      if (key === this.hotKey) return;
      this.hotKey = key;
      this.map.getCanvas().style.cursor = this.picking ? "crosshair" : found ? "pointer" : "";
      this.marks.hot = found && found.kind !== "unit" ? found : null;
      this.units.hot = found?.kind === "unit" ? found.id : null;
      this.redraw();
    });
  }

  choose() {
    const chosen = store.selection;
    this.marks.chosen = chosen;
    this.units.chosen = chosen?.kind === "unit" ? chosen.id : null;
    this.marks.framed = chosen?.kind === "feature" ? chosen.id : chosen?.kind === "incident" ? store.get("incident", chosen.id)?.place?.feature : null;
    if (this.isLoaded) this.approach(chosen);
    this.redraw();
  }

  // What is chosen elsewhere is brought into sight, no more.
  approach(chosen) {
    const point = chosen && placeOfChosen(chosen);
    if (!point) return;
    const { x, y } = this.map.project(point);
    if (x > MARGIN_PX && y > MARGIN_PX && x < this.view.width - MARGIN_PX && y < this.view.height - MARGIN_PX) return;
    this.map.easeTo({ center: point, duration: this.isCalm ? 0 : 400 });
  }

  /** Asks for a point; resolves with {feature, point}, or null when it was given up. */
  pick() {
    this.picked(null);
    this.say(word("map.pick"));
    this.element.classList.add("picking");
    return new Promise((resolve) => { this.picking = resolve; });
  }

  picked(place) {
    this.picking?.(place);
    this.picking = null;
    this.element.classList.remove("picking");
    this.say("");
  }

  say(text) {
    const place = this.element.querySelector(".map-says");
    place.hidden = !text;
    place.textContent = text;
  }

  // The bar and the legend -----------------------------------------------------------------------------------------
  toggle(name) {
    if (this.hidden.has(name)) this.hidden.delete(name); else this.hidden.add(name);
    localStorage.setItem(KEPT, JSON.stringify([...this.hidden]));
    this.units.isHidden = this.hidden.has("units");
    for (const layer of LAYERS) if (layer.group === name) this.map?.setLayoutProperty(layer.id, "visibility", this.hidden.has(name) ? "none" : "visible");
    this.drawBar();
    this.rest();
    this.glide();
  }

  setLevel(level) {
    this.level = this.marks.level = this.zones.level = level;
    this.hasNewColours = true;
    for (const layer of LAYERS) if (layer.filter) this.map?.setFilter(layer.id, filterFor(layer, level));
    this.drawBar();
    this.rest();
  }

  colourBy(by) {
    this.by = this.marks.by = by;
    this.drawBar();
    this.drawLegend();
    this.readAll();
  }

  levels() {
    const found = new Set((store.reference?.features?.features || []).map((each) => each.properties.level ?? 0));
    return [...found].sort((a, b) => a - b);
  }

  drawBar() {
    const press = (isOn, run, text) => html`<button type="button" class="tool" aria-pressed=${String(isOn)} @click=${run}>${text}</button>`;
    const levels = this.levels();
    const chips = CHIPS.map((name) => press(!this.hidden.has(name), () => this.toggle(name), word(`layer.${name}`)));
    render(html`<div class="segment" role="group" aria-label=${word("map.colour_by")}>${["density", "fill"].map((by) => press(this.by === by, () => this.colourBy(by), word(`map.by_${by}`)))}</div>
      <button type="button" class="tool ahead-chip" aria-pressed=${String(isOn())} aria-keyshortcuts="Shift+F" @click=${toggle}>${word("layer.forecast")}</button>
      <div class="chips-line" role="group" aria-label=${word("map.layers")}>${chips}</div>
      <details class="chips-menu"><summary class="tool">${word("map.layers")}</summary><div>${chips}</div></details>
      ${levels.length > 1 ? html`<div class="segment" role="group" aria-label=${word("map.level")}>${press(this.level === null, () => this.setLevel(null), word("map.all_levels"))}${levels.map((level) => press(this.level === level, () => this.setLevel(level), level > 0 ? `+${level}` : String(level).replace("-", "−")))}</div>` : ""}
      <button type="button" class="tool" aria-expanded=${String(this.list?.isOpen || false)} @click=${() => this.list.toggle()}>${word("map.list")}</button>`, this.element.querySelector(".map-bar"));
    for (const layer of LAYERS) if (layer.group && this.map?.getLayer(layer.id)) this.map.setLayoutProperty(layer.id, "visibility", this.hidden.has(layer.group) ? "none" : "visible");
    this.units.isHidden = this.hidden.has("units");
  }

  drawLegend() {
    const edges = this.by === "density" ? ["<1", "1–2", "2–3", "3–4", "≥4"] : ["<70 %", "70–90", "90–100", "", "≥100"];
    const title = `${isAhead() ? "legend.forecast_" : "legend."}${this.by}`;
    const sign = (path, kind, text) => html`<li><svg viewBox="-9 -9 18 18" class=${kind} aria-hidden="true"><path d=${path}></path></svg>${text}</li>`;
    render(html`<details ?open=${innerHeight > 820 && innerWidth > 900}><summary>${word(title)}</summary>
      ${isAhead() ? html`<p class="hatched"><span></span>${word("forecast.legend")}</p>` : ""}
      <ol class="ramp">${BANDS.map((colour, band) => (edges[band] ? html`<li class=${`band-${band}`}><span></span>${edges[band]}</li>` : ""))}</ol>
      <ul class="signs">${sign("M-5.5-5.5h11v11h-11z", "free", word("legend.guard"))}${sign("M0-7 7 5.5H-7z", "rescue", word("legend.rescue"))}${sign("M-6.5 0a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0-13 0M-1.2-4h2.4v2.8h2.8v2.4h-2.8v2.8h-2.4v-2.8h-2.8v-2.4h2.8z", "medic", word("legend.medic"))}${sign("M-5.5-5.5h11v11h-11z", "busy", word("legend.busy"))}${sign("M-5.5-5.5h11v11h-11zM-7 7 7-7", "faint", word("legend.old"))}${sign("M-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0M-4 0h8", "closed", word("legend.closed"))}${sign("M-5-5h10v10h-10z", "short", word("legend.short"))}</ul></details>`, this.element.querySelector(".map-legend"));
  }
}

function placeOfChosen({ kind, id }) {
  if (kind === "incident" || kind === "alarm") return pointOf(store.get(kind, id)?.place);
  if (kind === "hazard") return middleOf(store.reference?.hazards?.find((each) => each.id === id)?.place.map(feature).find((found) => found?.geometry));
  if (kind === "unit") return store.signal("unit", id)?.body?.point || null;
  if (kind === "post") return store.reference?.posts?.find((each) => each.id === id)?.place.map((place) => middleOf(feature(place))).find(Boolean) || null;
  return middleOf(feature(id));
}

// The areas are what people look at: far routes do not make the stadium small.
function boundsOf(features) {
  const areas = features.filter((each) => each.properties.kind === "area" && each.geometry);
  const points = (areas.length ? areas : features.filter((each) => each.geometry)).flatMap(({ geometry }) => geometry.coordinates.flat(Infinity));
  const east = points.filter((_, index) => index % 2 === 0);
  const north = points.filter((_, index) => index % 2 === 1);
  if (!east.length) return [[69.2, 41.25], [69.35, 41.37]];
  const least = (values) => values.reduce((a, b) => Math.min(a, b));
  const most = (values) => values.reduce((a, b) => Math.max(a, b));
  return [[least(east), least(north)], [most(east), most(north)]];
}

let picture = null;

/** Asks the operator to press a place on the map: resolves with {feature, point} or null. */
export const pickPlace = () => picture?.pick() ?? Promise.resolve(null);

export function mount(element) {
  picture = new Picture(element);
  element.addEventListener("keydown", (event) => { if (event.key === "Escape" && picture.picking) picture.picked(null); });
  return picture.library.catch(() => null);
}
