// SPDX-License-Identifier: Apache-2.0
// Signs and words above the map, on a canvas: gates, posts, devices, incidents, and names that never cover each other.
import { shownZone } from "./forecast.js";
import { PRIORITY_SHAPES } from "./names.js";
import { ALARM_COLOURS } from "./map_style.js";
import { deviceOf, drawnPoints, gateOf, incidentPoints, isClosed, staffingOf } from "./map_things.js";
import { number } from "./words.js";

const FONT = "Inter, sans-serif";
const NEAR_ZOOM = 17.2;
const LABELS_MOST = 150;
const LETTER_PX = 6.3;
const WRITTEN_MOST = 3000;
const INK = "#e6edf3";
const SOFT = "#a9b7c4";
const HALO = "#0b1015";
const AMBER = "#ffa02e";
const RED = "#ff5c5c";
const shapes = Object.fromEntries(Object.entries(PRIORITY_SHAPES).map(([priority, path]) => [priority, new Path2D(path)]));

export class Marks {
  constructor(canvas, view) {
    Object.assign(this, { canvas, view, context: canvas.getContext("2d"), hidden: new Set(), written: new Map(), level: null, chosen: null, hot: null, labels: [], incidents: [], by: "density" });
  }

  /** Reads the state of what stands here; drawing only paints what was read. */
  read() {
    this.points = drawnPoints();
    this.incidents = incidentPoints();
    for (const point of this.points) {
      if (point.layer === "gates") point.state = gateOf(point.id);
      else if (point.layer === "posts") point.state = staffingOf(point.id);
      else if (point.layer === "devices") point.state = deviceOf(point.id);
      else if (point.shape && point.sort === "area") point.state = shownZone(point.id, this.by);
    }
  }

  isShown(point) {
    return !this.hidden.has(point.layer) && (this.level === null || point.level === null || point.level === this.level);
  }

  /** Everything that can be pressed, the most important last. */
  * pressable() {
    const near = this.view.zoom >= NEAR_ZOOM;
    for (const point of this.points || []) if (!point.shape && this.isShown(point) && (near || point.layer !== "devices" || point.state?.state === "lost")) yield point;
    for (const point of this.incidents) if (this.isShown(point)) yield point;
  }

  draw() {
    const { context, view } = this;
    context.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
    context.clearRect(0, 0, view.width, view.height);
    this.zones.frame(context, this.framed);
    context.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
    const near = view.zoom >= NEAR_ZOOM;
    for (const point of this.points || []) {
      if (point.shape || !this.isShown(point)) continue;
      const [x, y] = view.toScreen(point);
      if (x < -30 || y < -30 || x > view.width + 30 || y > view.height + 30) continue;
      this[point.layer]?.(point, x, y, near);
    }
    this.drawLabels();
    for (const point of this.incidents) if (this.isShown(point)) this.incident(point, ...view.toScreen(point));
    this.drawRing(this.chosen, "#3fe0c8", 3);
    this.drawRing(this.hot, INK, 1.5);
  }

  drawRing(of, colour, width) {
    if (!of) return;
    const point = this.find(of);
    if (!point || point.shape || !this.isShown(point)) return;
    const [x, y] = this.view.toScreen(point);
    const { context } = this;
    context.beginPath();
    context.arc(x, y, 16, 0, 7);
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
    if (of !== this.hot || !point.label) return;
    this.text(point.label, x, y - 20, { size: 12.5, weight: 600, colour: INK });
  }

  find({ kind, id }) {
    const list = kind === "incident" ? this.incidents : this.points || [];
    return list.find((point) => point.id === id && point.kind === kind) || null;
  }

  gates(point, x, y, near) {
    const { context } = this;
    const { state, isOld, isKnown } = point.state;
    if (!point.short && !near) { this.dot(x, y, 1.8, "#71818f"); return; }
    const radius = point.short ? (near ? 11 : 8.5) : 5;
    const closed = isClosed(state);
    context.beginPath();
    context.arc(x, y, radius, 0, 7);
    // Closed as the plan says is normal and quiet; shut by an order needs eyes.
    const shut = state === "shut";
    context.fillStyle = shut ? "#4a1f24" : "#0d151c";
    context.fill();
    context.lineWidth = shut ? 2.5 : 1.5;
    context.strokeStyle = shut ? "#d98a8a" : isOld || closed ? "#5d6e7d" : INK;
    context.setLineDash(isKnown && isOld ? [2, 2] : []);
    context.stroke();
    context.setLineDash([]);
    if (closed) this.bar(x, y, radius, shut ? "#d98a8a" : "#71818f");
    if (point.short && !closed) this.text(point.short, x, y + 4, { size: near ? 12 : 10, weight: 650, colour: isOld ? SOFT : INK, halo: false });
    if (near && isKnown && point.state.into !== null) this.text(`${number(point.state.into)}/min`, x, y + radius + 12, { size: 11, weight: 500, colour: isOld ? "#7d8c99" : closed && point.state.into > 0 ? AMBER : INK });
  }

  bar(x, y, radius, colour) {
    const { context } = this;
    context.beginPath();
    context.moveTo(x - radius * 0.55, y);
    context.lineTo(x + radius * 0.55, y);
    context.lineWidth = 3;
    context.strokeStyle = colour;
    context.stroke();
  }

  posts(point, x, y, near) {
    const { context } = this;
    const { state, present, needed, isShort } = point.state;
    if (!near && !isShort) { this.square(x, y, 2.6, "#8fa3b3"); return; }
    const far = !near;
    const text = needed === null ? number(present) : `${number(present)}/${number(needed)}`;
    if (far) { this.square(x, y, 4.5, isShort ? AMBER : "#8fa3b3", state === "unmanned" || state === "left"); return; }
    const half = 6 + text.length * 3;
    context.fillStyle = "#131c24";
    context.strokeStyle = isShort ? AMBER : "#71818f";
    context.lineWidth = isShort ? 2 : 1;
    context.beginPath();
    context.roundRect(x - half, y - 8, half * 2, 16, 3);
    context.fill();
    context.stroke();
    this.text(state === "silent" ? `${text} ?` : text, x, y + 4, { size: 11, weight: 600, colour: isShort ? AMBER : INK, halo: false });
  }

  devices(point, x, y, near) {
    const isLost = point.state.state === "lost" || point.state.state === "revoked";
    if (!near && !isLost) return;
    const { context } = this;
    const colour = isLost ? AMBER : point.state.state === "live" ? "#7f93a3" : "#55636f";
    context.strokeStyle = context.fillStyle = colour;
    context.lineWidth = 1.5;
    context.beginPath();
    if (point.device === "camera") { context.moveTo(x - 5, y - 4); context.lineTo(x + 5, y); context.lineTo(x - 5, y + 4); context.closePath(); }
    else context.arc(x, y, 3.4, 0, 7);
    if (isLost) context.stroke(); else context.fill();
    if (!isLost) return;
    context.beginPath();
    context.moveTo(x - 7, y + 7);
    context.lineTo(x + 7, y - 7);
    context.stroke();
  }

  places(point, x, y, near) {
    if (near) this.dot(x, y, 2.5, "#6f9b8e");
  }

  hazards(point, x, y) {
    const { context } = this;
    context.beginPath();
    context.moveTo(x - 7, y - 6);
    context.lineTo(x + 7, y - 6);
    context.lineTo(x, y + 7);
    context.closePath();
    context.fillStyle = HALO;
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = SOFT;
    context.stroke();
    this.text("!", x, y + 2.5, { size: 10, weight: 800, colour: SOFT, halo: false });
  }

  incident(point, x, y) {
    const { context } = this;
    const scale = (point.priority === 1 ? 1.15 : 0.92) * this.view.size;
    context.save();
    context.translate(x - 12 * scale, y - 12 * scale);
    context.scale(scale, scale);
    context.fillStyle = ALARM_COLOURS[point.priority];
    context.strokeStyle = HALO;
    context.lineWidth = 2.5;
    context.stroke(shapes[point.priority]);
    context.fill(shapes[point.priority]);
    context.restore();
    this.text(String(point.priority), x, y + (point.priority === 2 ? 6 : 4) * this.view.size, { size: 11.5 * this.view.size, weight: 800, colour: HALO, halo: false });
  }

  dot(x, y, radius, colour) {
    const { context } = this;
    context.fillStyle = colour;
    context.beginPath();
    context.arc(x, y, radius, 0, 7);
    context.fill();
  }

  square(x, y, half, colour, isHollow = false) {
    const { context } = this;
    if (isHollow) { context.strokeStyle = colour; context.lineWidth = 2; context.strokeRect(x - half, y - half, half * 2, half * 2); return; }
    context.fillStyle = colour;
    context.fillRect(x - half, y - half, half * 2, half * 2);
  }

  // A word is written once and stamped from then on: its outline costs more than everything else here.
  text(words, x, y, { size = 12, weight = 500, colour = INK, halo = true } = {}) {
    const key = `${words}|${size}|${weight}|${colour}|${halo}`;
    if (!this.written.has(key)) {
      if (this.written.size > WRITTEN_MOST) this.written.clear();
      this.written.set(key, write(words, { size, weight, colour, halo, ratio: this.view.ratio }));
    }
    const made = this.written.get(key);
    const [width, height] = [made.width / this.view.ratio, made.height / this.view.ratio];
    this.context.drawImage(made, Math.round(x - width / 2), Math.round(y - size - 3), width, height);
  }

  /** Decides which names are shown: the important first, none over another. Done when the map rests. */
  placeLabels() {
    this.labels = [];
    if (this.hidden.has("labels")) return;
    const taken = new Taken();
    const { view } = this;
    const shown = this.incidents.filter((point) => this.isShown(point)).reverse();
    for (const point of shown) { const [x, y] = view.toScreen(point); taken.take([x - 12 * view.size, y - 12 * view.size, x + 12 * view.size, y + 12 * view.size]); }
    if (view.zoom >= NEAR_ZOOM) for (const point of this.pressable()) { const [x, y] = view.toScreen(point); if (point.layer === "posts" || point.short) taken.take([x - 14, y - 8, x + 14, y + 8]); }
    for (const point of shown) this.tryLabel(point, taken, { dy: 25, size: 11.5, weight: 650 });
    const ranked = (this.points || []).filter((point) => this.isShown(point) && this.wantsLabel(point)).sort((a, b) => a.rank - b.rank);
    for (const point of ranked) {
      if (this.labels.length >= LABELS_MOST) break;
      const [x, y] = view.toScreen(point);
      if (x < 0 || y < 0 || x > view.width || y > view.height) continue;
      this.tryLabel(point, taken, point.shape ? { dy: 4 } : { dy: point.layer === "gates" ? 24 : 19, size: 11 });
    }
  }

  wantsLabel(point) {
    const { zoom } = this.view;
    if (point.shape) return sizeOf(point) * 512 * 2 ** zoom > Math.min(90, point.label.length * LETTER_PX) * 0.75;
    if (point.layer === "gates") return zoom >= 19;
    if (point.layer === "posts") return zoom >= 18.3;
    if (point.layer === "places" || point.layer === "hazards") return zoom >= 17.6;
    return zoom >= 19.2;
  }

  tryLabel(point, taken, { dy = 0, size = 11.5, weight = 500 }) {
    const [x, y] = this.view.toScreen(point);
    const words = shorten(point.label);
    const grown = this.view.size;
    const half = ((words.length * LETTER_PX) / 2 + 2) * grown;
    const tall = (point.state?.density > 0 && point.shape ? 26 : 13) * grown;
    const box = [x - half, y + (dy - 12) * grown, x + half, y + (dy - 12) * grown + tall];
    if (!taken.isFree(box)) return;
    taken.take(box);
    this.labels.push({ point, words, dy, size, weight });
  }

  drawLabels() {
    const { size: grown } = this.view;
    for (const { point, words, dy, size, weight } of this.labels) {
      const [x, y] = this.view.toScreen(point);
      const zone = point.shape && point.sort === "area" ? point.state : null;
      const isLight = zone && !zone.isOld && zone.band >= 3;
      this.text(words, x, y + dy * grown, { size: size * grown, weight, colour: isLight ? "#10171d" : point.rank === 1 || point.kind === "incident" ? INK : SOFT, halo: !isLight });
      if (zone?.density > 0 && zone.band >= 2) this.text(`${zone.told || number(zone.density, 1)}${zone.isOld ? " ?" : zone.trend > 5 ? " ↑" : zone.trend < -5 ? " ↓" : ""}`, x, y + (dy + 13) * grown, { size: 11.5 * grown, weight: 700, colour: isLight ? (zone.band === 4 ? "#8f0d16" : "#10171d") : zone.isOld ? "#8796a3" : INK, halo: !isLight });
    }
  }
}

function write(words, { size, weight, colour, halo, ratio }) {
  const made = document.createElement("canvas");
  let context = made.getContext("2d");
  const font = `${weight} ${size}px ${FONT}`;
  context.font = font;
  made.width = Math.ceil((context.measureText(words).width + 6) * ratio);
  made.height = Math.ceil((size * 1.4 + 4) * ratio);
  context = made.getContext("2d");
  context.scale(ratio, ratio);
  Object.assign(context, { font, textAlign: "left", lineWidth: 3, lineJoin: "round", strokeStyle: HALO, fillStyle: colour });
  if (halo) context.strokeText(words, 3, size + 3);
  context.fillText(words, 3, size + 3);
  return made;
}

const spans = new WeakMap();

// The wider side of a shape, as a part of the world.
function sizeOf({ shape }) {
  if (!spans.has(shape)) {
    const ring = shape.geometry.type === "MultiPolygon" ? shape.geometry.coordinates[0][0] : shape.geometry.coordinates[0];
    const [east, north] = [ring.map((at) => at[0]), ring.map((at) => at[1])];
    spans.set(shape, Math.max(Math.max(...east) - Math.min(...east), (Math.max(...north) - Math.min(...north)) * 1.3) / 360);
  }
  return spans.get(shape);
}

const shorten = (text) => (text.length > 26 ? `${text.slice(0, 25).trimEnd()}…` : text);

class Taken {
  constructor() { this.cells = new Map(); }

  * cellsOf([left, top, right, bottom]) {
    for (let x = Math.floor(left / 48); x <= Math.floor(right / 48); x++) for (let y = Math.floor(top / 24); y <= Math.floor(bottom / 24); y++) yield `${x}:${y}`;
  }

  isFree(box) {
    for (const cell of this.cellsOf(box)) for (const other of this.cells.get(cell) || []) if (box[2] >= other[0] && box[0] <= other[2] && box[3] >= other[1] && box[1] <= other[3]) return false;
    return true;
  }

  take(box) { for (const cell of this.cellsOf(box)) this.cells.set(cell, [...(this.cells.get(cell) || []), box]); }
}
