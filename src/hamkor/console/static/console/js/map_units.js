// SPDX-License-Identifier: Apache-2.0
// Moving units on a canvas of their own: a sign is painted once and stamped, a move is spread over a second.
import { toWorld, unitColour, unitPlace, unitShape } from "./map_things.js";
import { store } from "./store.js";

const GLIDE_MS = 900;
const SIGN_PX = 20;
const NAMES_MOST = 45;
// A machine that cannot draw this often gets places without the way between them.
const FRAME_SLOW_MS = 34;
const FRAMES_SLOW = 12;
const NAMES_KEPT = 2000;
const FAR_ZOOM = 15.6;
const BUSY = new Set(["assigned", "en_route", "on_scene", "busy"]);

const PATHS = {
  square: (c) => c.rect(-5.5, -5.5, 11, 11),
  triangle: (c) => { c.moveTo(0, -7); c.lineTo(7, 5.5); c.lineTo(-7, 5.5); c.closePath(); },
  cross: (c) => c.arc(0, 0, 6.5, 0, 7),
  hexagon: (c) => { for (let i = 0; i < 6; i++) c.lineTo(6.5 * Math.cos(i * 1.0472), 6.5 * Math.sin(i * 1.0472)); c.closePath(); },
  dot: (c) => c.arc(0, 0, 5, 0, 7),
};

/** Paints one unit sign around its own zero: filled when free, hollow when at work, faint when its place is old. */
export function paintUnit(context, { shape, colour, isBusy, isOld }) {
  context.globalAlpha = isOld ? 0.5 : 1;
  context.beginPath();
  PATHS[shape](context);
  context.fillStyle = isBusy ? "#0b1015" : isOld ? "#7d8b97" : colour;
  context.fill();
  context.lineWidth = isBusy ? 2.4 : 1.2;
  context.strokeStyle = isBusy ? (isOld ? "#7d8b97" : colour) : "#0b1015";
  context.stroke();
  if (shape === "cross") {
    context.fillStyle = isBusy ? colour : "#b3131f";
    context.fillRect(-1.2, -4, 2.4, 8);
    context.fillRect(-4, -1.2, 8, 2.4);
  }
  if (isOld) { context.strokeStyle = "#e6edf3"; context.lineWidth = 1.2; context.beginPath(); context.moveTo(-7, 7); context.lineTo(7, -7); context.stroke(); }
  context.globalAlpha = 1;
}

export class Units {
  constructor(canvas, view) {
    Object.assign(this, { canvas, view, context: canvas.getContext("2d"), moving: new Map(), stamps: new Map(), words: new Map(), slow: 0, drawnAt: 0, isHidden: false, hot: null, chosen: null, glides: true });
  }

  /** Takes in the newest places; returns true while something is on its way. */
  read() {
    const now = performance.now();
    const seen = new Set();
    for (const unit of store.all("unit")) {
      if (unit.retired_at || unit.state === "off_duty") continue;
      const place = unitPlace(unit);
      if (!place.point) continue;
      seen.add(unit.id);
      this.place(unit, place, now);
    }
    for (const id of this.moving.keys()) if (!seen.has(id)) this.moving.delete(id);
  }

  place(unit, place, now) {
    const to = toWorld(place.point);
    const sign = `${unitShape(unit)} ${unitColour(unit)} ${BUSY.has(unit.state)} ${place.isOld}`;
    const known = this.moving.get(unit.id);
    if (!known) { this.moving.set(unit.id, { id: unit.id, kind: "unit", label: unit.call_sign, from: to, to, at: to, begun: 0, sign, dx: 0, dy: 0 }); return; }
    known.sign = sign;
    if (known.to[0] === to[0] && known.to[1] === to[1]) return;
    Object.assign(known, { from: known.at, to, begun: this.glides ? now : 0 });
  }

  stamp(sign) {
    if (!this.stamps.has(sign)) {
      const [shape, colour, isBusy, isOld] = sign.split(" ");
      const made = document.createElement("canvas");
      made.width = made.height = SIGN_PX * this.view.ratio * this.view.size;
      const context = made.getContext("2d");
      context.scale(this.view.ratio * this.view.size, this.view.ratio * this.view.size);
      context.translate(SIGN_PX / 2, SIGN_PX / 2);
      paintUnit(context, { shape, colour, isBusy: isBusy === "true", isOld: isOld === "true" });
      this.stamps.set(sign, made);
    }
    return this.stamps.get(sign);
  }

  /** Draws all units; returns true while any is still gliding. */
  draw() {
    const { context, view } = this;
    context.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
    context.clearRect(0, 0, view.width, view.height);
    if (this.isHidden) return false;
    const now = performance.now();
    this.judge(now);
    const size = (view.zoom < FAR_ZOOM ? SIGN_PX * 0.6 : SIGN_PX) * view.size;
    let glides = false;
    const inSight = [];
    for (const unit of this.moving.values()) {
      const part = unit.begun ? Math.min(1, (now - unit.begun) / GLIDE_MS) : 1;
      unit.at = part >= 1 ? unit.to : [unit.from[0] + (unit.to[0] - unit.from[0]) * part, unit.from[1] + (unit.to[1] - unit.from[1]) * part];
      if (part < 1) glides = true; else unit.begun = 0;
      const [x, y] = view.toScreen(unit);
      if (x < -20 || y < -20 || x > view.width + 20 || y > view.height + 20) continue;
      context.drawImage(this.stamp(unit.sign), x - size / 2, y - size / 2, size, size);
      inSight.push(unit);
    }
    this.names(inSight);
    return glides;
  }

  // Call signs where there is room for them, always that of the chosen one.
  names(inSight) {
    const { context, view } = this;
    const shown = inSight.length <= NAMES_MOST && view.zoom >= 16.8 ? inSight : inSight.filter(({ id }) => id === this.hot || id === this.chosen);
    for (const unit of shown) {
      const [x, y] = view.toScreen(unit);
      const name = this.name(unit.label);
      context.drawImage(name, x + 8, y - 9, name.width / view.ratio, name.height / view.ratio);
      if (unit.id !== this.chosen) continue;
      context.beginPath();
      context.arc(x, y, 13, 0, 7);
      context.strokeStyle = "#3fe0c8";
      context.lineWidth = 2.5;
      context.stroke();
    }
  }

  // A name is written once; its outline costs more than all signs together.
  name(label) {
    if (this.words.size > NAMES_KEPT) this.words.clear();
    if (!this.words.has(label)) {
      const { ratio, size } = this.view;
      const made = document.createElement("canvas");
      made.width = Math.ceil((label.length * 8 + 8) * ratio * size);
      made.height = Math.ceil(18 * ratio * size);
      const context = made.getContext("2d");
      context.scale(ratio * size, ratio * size);
      Object.assign(context, { font: "600 11px Inter, sans-serif", lineWidth: 3, lineJoin: "round", strokeStyle: "#0b1015", fillStyle: "#dbe4ec" });
      context.strokeText(label, 3, 13);
      context.fillText(label, 3, 13);
      this.words.set(label, made);
    }
    return this.words.get(label);
  }

  // Frames that follow each other too slowly, many times: the machine is not made for gliding.
  judge(now) {
    const took = now - this.drawnAt;
    this.drawnAt = now;
    if (took > 400) return;
    this.slow = Math.max(0, this.slow + (took > FRAME_SLOW_MS ? 1 : -1));
    if (this.slow > FRAMES_SLOW) this.glides = false;
  }
}
