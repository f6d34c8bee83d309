// SPDX-License-Identifier: Apache-2.0
// Drawing something new: points are clicked, drawn to lines near them, and measured while they are drawn.
import { areaOf, distance, lengthOf, pathData, snap } from "./map-geometry.js";
import { make } from "./map-paint.js";
import { number, say } from "./map-words.js";

const SNAP_PX = 12;
const SAME_PX = 4;
const ENDS_AT_TWO = new Set(["opening", "turnstiles"]);
const LEAST = { outline: 3, line: 2, point: 1 };

export class Drawer {
  constructor(map) {
    this.map = map;
    this.task = null;
  }

  get isOn() { return this.task !== null; }

  // A task: shape, title of what is drawn, kind, level, and what is sent with the points when it is finished.
  start(task) {
    this.task = { ...task, points: [], cursor: null };
    this.press(false);
    this.map.choose("", { keepsTask: true });
    this.tell();
    this.map.svg.focus({ preventScroll: true });
  }

  stop() {
    this.task = null;
    this.press(true);
    this.map.painter.ghost.replaceChildren();
    this.map.tip.hide();
    this.map.hint("");
  }

  press(chooses) {
    this.map.root.classList.toggle("drawing", !chooses);
    this.map.root.querySelector("[data-map=choose]")?.setAttribute("aria-pressed", String(chooses));
  }

  near(point) {
    const found = snap(point, this.map.drawing.features, { reach: SNAP_PX / this.map.view.scale, level: this.task?.level ?? null });
    return found ? { at: found.at, feature: found.feature } : { at: point, feature: null };
  }

  tap(point) {
    const { at } = this.near(point);
    const { points, shape, kind } = this.task;
    const last = points[points.length - 1];
    if (last && distance(last, at) * this.map.view.scale < SAME_PX) return;
    points.push(at.map((value) => Math.round(value * 1000) / 1000));
    if (shape === "point" || (ENDS_AT_TWO.has(kind) && points.length === 2)) this.finish();
    else { this.show(); this.tell(); }
  }

  hover(point, screen) {
    const { at, feature } = this.near(point);
    this.task.cursor = at;
    this.show();
    const text = this.readOut();
    this.map.tip.show([text, feature ? say("snapped", { name: feature.label }) : ""].filter(Boolean), screen);
  }

  readOut() {
    const { points, cursor, shape } = this.task;
    const all = cursor ? [...points, cursor] : points;
    if (all.length < 2) return "";
    if (shape === "outline" && all.length > 2) return say("drawn_area", { area: number(areaOf(all)), length: number(lengthOf(all, true)) });
    return say("drawn_so_far", { length: number(lengthOf(all)) });
  }

  show() {
    const { points, cursor, shape } = this.task;
    const all = cursor ? [...points, cursor] : points;
    const { ghost } = this.map.painter;
    ghost.replaceChildren();
    if (all.length > 1) make("path", { class: `drawn ${shape}`, d: pathData({ shape: shape === "outline" && all.length > 2 ? "outline" : "line" }, [[all]]) }, ghost);
    const radius = 5 / this.map.view.scale;
    for (const [x, y] of all) make("circle", { cx: x, cy: y, r: radius, class: "drawn-point" }, ghost);
  }

  back() {
    if (!this.task.points.length) { this.stop(); return; }
    this.task.points.pop();
    this.show();
    this.tell();
  }

  tell() {
    const { shape, points, hint } = this.task;
    const name = hint ? null : shape === "point" ? "click_point" : shape === "line" ? "click_line" : points.length ? "click_next" : "click_first";
    this.map.hint(hint || say(name), { done: points.length >= LEAST[shape] && shape !== "point", back: points.length > 0 });
  }

  async finish() {
    const { points, shape, finish, kind } = this.task;
    if (points.length < (kind === "opening" || kind === "turnstiles" ? 1 : LEAST[shape])) { this.map.hint(say("too_few"), { back: true }); return; }
    this.stop();
    await finish(points);
  }

  key(event) {
    if (!this.isOn) return false;
    if (event.key === "Escape") this.stop();
    else if (event.key === "Enter") this.finish();
    else if (event.key === "Backspace") this.back();
    else return false;
    event.preventDefault();
    return true;
  }
}
