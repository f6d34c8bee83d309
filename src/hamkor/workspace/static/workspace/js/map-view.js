// SPDX-License-Identifier: Apache-2.0
// What part of the drawing is seen: dragging, wheel, pinch, keys; the scale bar.
import { number, say } from "./map-words.js";
import { roundLength } from "./map-geometry.js";

const STEP_PX = 60;
const ZOOM_STEP = 1.35;
const CLICK_PX = 5;
const PADDING_PX = 34;
const FARTHEST_PX_PER_M = 400;
const LEAST_SPAN_M = 12;
const LEAST_SEEN_PX = 46;
const NEAR_PX_PER_M = 6;

export class View {
  constructor(svg, { onZoom, onMove, onTap, mayDrag }) {
    Object.assign(this, { svg, onZoom, onMove, onTap, mayDrag });
    Object.assign(this, { scale: 1, left: 0, top: 0, pointers: new Map(), bounds: null, frame: 0, zoomed: true });
    this.measure();
    this.listen();
  }

  measure() {
    const box = this.svg.getBoundingClientRect();
    const changed = box.width !== this.width || box.height !== this.height;
    [this.width, this.height] = [box.width || 1, box.height || 1];
    return changed;
  }

  toScreen([x, y]) { return [(x - this.left) * this.scale, (y - this.top) * this.scale]; }
  toMap([x, y]) { return [x / this.scale + this.left, y / this.scale + this.top]; }
  pointOf(event) {
    const box = this.svg.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  fit(bounds = this.bounds, padding = PADDING_PX) {
    if (!bounds) return;
    this.measure();
    const [width, height] = [Math.max(bounds[2] - bounds[0], LEAST_SPAN_M), Math.max(bounds[3] - bounds[1], LEAST_SPAN_M)];
    this.scale = Math.min((this.width - 2 * padding) / width, (this.height - 2 * padding) / height);
    this.centreOn([(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2]);
  }

  centreOn([x, y]) {
    this.left = x - this.width / 2 / this.scale;
    this.top = y - this.height / 2 / this.scale;
    this.zoomed = true;
    this.request();
  }

  // Brings a place into sight without moving what is seen already.
  show([x, y]) {
    const [sx, sy] = this.toScreen([x, y]);
    const margin = Math.min(60, this.width / 6, this.height / 6);
    if (sx < margin || sy < margin || sx > this.width - margin || sy > this.height - margin) this.centreOn([x, y]);
  }

  // Brings a feature into sight, near enough to be told apart from its neighbours.
  approach(box, at) {
    const size = Math.max(box[2] - box[0], box[3] - box[1], LEAST_SPAN_M);
    if (size * this.scale >= LEAST_SEEN_PX) { this.show(at); return; }
    this.scale = Math.min(Math.min(this.width, this.height) / 3 / size, NEAR_PX_PER_M);
    this.centreOn(at);
  }

  pan(dx, dy) { this.left -= dx / this.scale; this.top -= dy / this.scale; this.request(); }

  zoom(factor, at = [this.width / 2, this.height / 2]) {
    const least = this.bounds ? Math.min(this.width, this.height) / Math.max(this.bounds[2] - this.bounds[0], this.bounds[3] - this.bounds[1], LEAST_SPAN_M) / 6 : 0.001;
    const scale = Math.max(least, Math.min(FARTHEST_PX_PER_M, this.scale * factor));
    const fixed = this.toMap(at);
    this.scale = scale;
    this.left = fixed[0] - at[0] / scale;
    this.top = fixed[1] - at[1] / scale;
    this.zoomed = true;
    this.request();
  }

  request() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.onMove();
      if (this.zoomed) { this.zoomed = false; this.onZoom(); }
      this.showScale();
    });
  }

  showScale() {
    const length = roundLength(120 / this.scale);
    const bar = document.getElementById("map-scale-bar");
    if (!bar) return;
    bar.style.width = `${Math.round(length * this.scale)}px`;
    document.getElementById("map-scale-text").textContent =
      length >= 1000 ? say("scale_km", { value: number(length / 1000) }) : say("scale_m", { value: number(length) });
  }

  listen() {
    const { svg } = this;
    svg.addEventListener("wheel", (event) => {
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 16 : 1;
      this.zoom(Math.exp((-event.deltaY * lines * (event.ctrlKey ? 4 : 1)) / 500), this.pointOf(event));
    }, { passive: false });
    svg.addEventListener("pointerdown", (event) => this.down(event));
    svg.addEventListener("pointermove", (event) => this.moved(event));
    for (const kind of ["pointerup", "pointercancel"]) svg.addEventListener(kind, (event) => this.up(event));
    svg.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => { if (this.measure()) { this.zoomed = true; this.request(); } }).observe(svg);
  }

  down(event) {
    if (event.button > 1) return;
    this.pointers.set(event.pointerId, this.pointOf(event));
    this.start = this.pointers.size === 1 ? { at: this.pointOf(event), target: event.target, moved: false, grabbed: event.button === 0 && this.mayDrag(event) } : null;
    if (this.start?.grabbed) this.pointers.delete(event.pointerId);
    else this.svg.setPointerCapture(event.pointerId);
  }

  moved(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = this.pointOf(event);
    if (this.pointers.size === 2) this.pinch(event.pointerId, now);
    else if (this.start) {
      if (!this.start.moved && Math.hypot(now[0] - this.start.at[0], now[1] - this.start.at[1]) < CLICK_PX) return;
      this.start.moved = true;
      this.svg.classList.add("dragging");
      this.pan(now[0] - before[0], now[1] - before[1]);
    }
    this.pointers.set(event.pointerId, now);
  }

  pinch(id, now) {
    const [other] = [...this.pointers].filter(([each]) => each !== id).map(([, at]) => at);
    const before = this.pointers.get(id);
    const [was, is] = [Math.hypot(before[0] - other[0], before[1] - other[1]), Math.hypot(now[0] - other[0], now[1] - other[1])];
    const middle = [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2];
    if (was > 0 && is > 0) this.zoom(is / was, middle);
    this.pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
  }

  up(event) {
    const known = this.pointers.delete(event.pointerId);
    this.svg.classList.remove("dragging");
    if (known && this.start && !this.start.moved && event.type === "pointerup") this.onTap(event, this.start.target);
    if (!this.pointers.size) this.start = null;
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.svg || event.defaultPrevented) return;
    const step = { ArrowLeft: [STEP_PX, 0], ArrowRight: [-STEP_PX, 0], ArrowUp: [0, STEP_PX], ArrowDown: [0, -STEP_PX] }[event.key];
    if (step) this.pan(...step);
    else if (event.key === "+" || event.key === "=") this.zoom(ZOOM_STEP);
    else if (event.key === "-") this.zoom(1 / ZOOM_STEP);
    else if (event.key === "0") this.fit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  zoomIn() { this.zoom(ZOOM_STEP); }
  zoomOut() { this.zoom(1 / ZOOM_STEP); }
}
