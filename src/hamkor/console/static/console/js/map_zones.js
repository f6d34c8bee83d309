// SPDX-License-Identifier: Apache-2.0
// Areas in the colour of their density, on a canvas below the map: a change of colour costs no frame of the map itself,
// which on machines without a graphics card would take a quarter of a second.
import { ALARM_COLOURS, BANDS, GROUND } from "./map_style.js";
import { toWorld } from "./map_things.js";

// Paths are kept in whole units around the middle of the venue, fine enough for every zoom.
const UNITS = 2 ** 31;
const UNKNOWN = "#1b2731";
const OLD = "#2a343d";
const CHOSEN = "#3fe0c8";
// What is forecast is hatched, in two colours, so that the strokes are seen on the darkest and on the lightest ground.
const HATCH_PX = 9;
const HATCH = ["#e6edf3", "#0b1015"];

export class Zones {
  constructor(canvas, view) {
    Object.assign(this, { canvas, view, context: canvas.getContext("2d"), shapes: new Map(), areas: [], level: null, isAhead: false });
  }

  /** Takes in the drawing: every outline and line once. */
  take(features) {
    const drawn = features.filter((each) => each.geometry && !/Point$/.test(each.geometry.type));
    const first = drawn[0]?.geometry.coordinates.flat(Infinity).slice(0, 2) || [0, 0];
    this.zero = toWorld(first);
    this.shapes = new Map(drawn.map((each) => [each.id, this.shapeOf(each)]));
    this.areas = [...this.shapes.values()].filter((shape) => shape.isArea).sort((a, b) => b.size - a.size);
  }

  shapeOf({ id, geometry, properties }) {
    const path = new Path2D();
    const depth = { LineString: 0, MultiLineString: 1, Polygon: 1, MultiPolygon: 2 }[geometry.type] ?? 0;
    const lines = depth ? geometry.coordinates.flat(depth - 1) : [geometry.coordinates];
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const line of lines) line.forEach((at, index) => {
      const world = toWorld(at);
      const [x, y] = [(world[0] - this.zero[0]) * UNITS, (world[1] - this.zero[1]) * UNITS];
      [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
      if (index) path.lineTo(x, y); else path.moveTo(x, y);
    });
    return { id, path, level: properties.level ?? 0, isArea: properties.kind === "area", size: (right - left) * (bottom - top), left, right, top, bottom, band: null, isOld: false, alarm: 0 };
  }

  /** Takes in what is known of one area; returns true when it looks different now. */
  know(id, { band, isOld, alarm }) {
    const shape = this.shapes.get(id);
    if (!shape || (shape.band === band && shape.isOld === isOld && shape.alarm === alarm)) return false;
    Object.assign(shape, { band, isOld, alarm });
    return true;
  }

  aim(context) {
    const { view } = this;
    const scale = (view.scale / UNITS) * view.ratio;
    const x = ((this.zero[0] - view.left) * view.scale + view.width / 2) * view.ratio;
    const y = ((this.zero[1] - view.top) * view.scale + view.height / 2) * view.ratio;
    context.setTransform(scale, 0, 0, scale, x, y);
    return scale / view.ratio;
  }

  isShown(shape) { return this.level === null || shape.level === this.level; }

  draw() {
    const { context, view } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (!this.areas.length) return;
    const scale = this.aim(context);
    const [x, y] = [(view.left - this.zero[0]) * UNITS, (view.top - this.zero[1]) * UNITS];
    const [halfWidth, halfHeight] = [view.width / 2 / scale, view.height / 2 / scale];
    context.lineWidth = 1.4 / scale;
    context.strokeStyle = GROUND;
    for (const shape of this.areas) {
      if (!this.isShown(shape) || shape.right < x - halfWidth || shape.left > x + halfWidth || shape.bottom < y - halfHeight || shape.top > y + halfHeight) continue;
      context.fillStyle = shape.isOld ? OLD : BANDS[shape.band] || UNKNOWN;
      context.fill(shape.path, "evenodd");
      if (this.isAhead && shape.band !== null) { context.fillStyle = this.hatching(scale); context.fill(shape.path, "evenodd"); }
      context.stroke(shape.path);
    }
  }

  // The pattern is made once for each density of the screen, and scaled back so that it stands still while the map grows.
  hatching(scale) {
    const { ratio } = this.view;
    if (this.hatched?.ratio !== ratio) this.hatched = { ratio, pattern: this.context.createPattern(hatch(ratio), "repeat") };
    this.hatched.pattern.setTransform(new DOMMatrix().scale(1 / (scale * ratio)));
    return this.hatched.pattern;
  }

  /** Frames areas with alarms and what is chosen, on the canvas above the map. */
  frame(context, chosen) {
    if (!this.shapes.size) return;
    const scale = this.aim(context);
    for (const shape of this.areas) if (shape.alarm && this.isShown(shape)) this.stroke(context, shape, ALARM_COLOURS[shape.alarm], (6 - shape.alarm) / scale);
    const shape = this.shapes.get(chosen);
    if (shape) this.stroke(context, shape, CHOSEN, 3 / scale);
  }

  stroke(context, shape, colour, width) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.lineJoin = "round";
    context.stroke(shape.path);
  }
}

function hatch(ratio) {
  const made = document.createElement("canvas");
  const side = Math.round(HATCH_PX * ratio);
  made.width = made.height = side;
  const context = made.getContext("2d");
  context.globalAlpha = 0.55;
  context.lineWidth = 1.1 * ratio;
  for (const [index, colour] of HATCH.entries()) {
    const shift = index * 1.3 * ratio;
    context.strokeStyle = colour;
    context.beginPath();
    for (const start of [-side, 0, side]) { context.moveTo(start + shift, side); context.lineTo(start + side + shift, 0); }
    context.stroke();
  }
  return made;
}
