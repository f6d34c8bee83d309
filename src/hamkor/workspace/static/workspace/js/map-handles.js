// SPDX-License-Identifier: Apache-2.0
// Corners of the chosen feature: dragged, put in between, taken away; or the whole feature is moved.
import { areaOf, boundsOf, distance, lengthOf, pathData, snap } from "./map-geometry.js";
import { make } from "./map-paint.js";
import { number, say } from "./map-words.js";

const SNAP_PX = 10;
const BETWEEN_PX = 34;
const APART_PX = 13;
const MOST = 160;
const NUDGE_M = 0.1;
const NUDGE_WAIT_MS = 700;

export class Handles {
  constructor(map) {
    this.map = map;
    this.drag = null;
  }

  get feature() {
    const feature = this.map.painter.byId?.get(this.map.chosen);
    return this.map.isEditable && feature?.is_drawn && !this.map.isSchematic ? feature : null;
  }

  show() {
    const group = this.map.painter.groups.handles;
    const focused = document.activeElement?.closest?.(".handle")?.dataset.vertex;
    group.replaceChildren();
    const { feature } = this;
    if (!feature || this.map.drawer.isOn) return;
    let count = 0;
    let last = null;
    feature.paths.forEach((rings, part) => rings.forEach((ring, index) => {
      for (let corner = 0; corner < ring.length && count < MOST; corner++) {
        if (!this.isInSight(ring[corner])) continue;
        if (last && distance(last, ring[corner]) * this.map.view.scale < APART_PX) continue;
        last = ring[corner];
        count += 1;
        this.handle(group, ring[corner], [part, index, corner], "corner");
        const isLast = corner === ring.length - 1;
        if (feature.shape === "point" || (isLast && feature.shape !== "outline")) continue;
        const next = ring[(corner + 1) % ring.length];
        if (distance(ring[corner], next) * this.map.view.scale > BETWEEN_PX) {
          this.handle(group, [(ring[corner][0] + next[0]) / 2, (ring[corner][1] + next[1]) / 2], [part, index, corner], "between");
        }
      }
    }));
    if (focused) group.querySelector(`[data-vertex="${focused}"]`)?.focus({ preventScroll: true });
  }

  isInSight([x, y]) {
    const { left, top, width, height, scale } = this.map.view;
    const spare = 40 / scale;
    return x > left - spare && y > top - spare && x < left + width / scale + spare && y < top + height / scale + spare;
  }

  handle(group, at, vertex, kind) {
    const { scale } = this.map.view;
    const made = make("g", { class: `handle ${kind}`, "data-vertex": `${kind}:${vertex.join(":")}`, transform: `translate(${at[0] * scale} ${at[1] * scale})` }, group);
    make("circle", { class: "hit", r: 12 }, made);
    make("circle", { class: "knob", r: kind === "corner" ? 6 : 4 }, made);
    if (kind !== "corner") return;
    made.setAttribute("tabindex", "0");
    made.setAttribute("role", "button");
    made.setAttribute("aria-label", say("corner", { number: vertex[2] + 1, name: this.feature.label }));
  }

  // True when this press begins a drag of a corner or of the chosen feature; the view then stays where it is.
  grab(event) {
    const { feature } = this;
    if (!feature || this.map.drawer.isOn) return false;
    const handle = event.target.closest(".handle");
    const isShape = event.target.closest("[data-id]")?.dataset.id === feature.id && !event.target.closest(".mark");
    if (!handle && !isShape) return false;
    const start = this.map.view.toMap(this.map.view.pointOf(event));
    const [kind, part, ring, index] = handle ? handle.dataset.vertex.split(":") : feature.shape === "point" ? ["corner", 0, 0, 0] : ["all"];
    const vertex = { part: Number(part || 0), ring: Number(ring || 0), index: Number(index || 0) };
    this.drag = { kind, vertex, start, before: structuredClone(feature.paths), moved: false, feature, id: event.pointerId, by: [0, 0] };
    this.map.svg.setPointerCapture(event.pointerId);
    return true;
  }

  move(event) {
    if (!this.drag || event.pointerId !== this.drag.id) return;
    const screen = this.map.view.pointOf(event);
    const point = this.map.view.toMap(screen);
    const { drag } = this;
    if (!drag.moved && distance(point, drag.start) * this.map.view.scale < 4) return;
    drag.moved = true;
    this.map.root.classList.add("grabbing");
    const paths = structuredClone(drag.before);
    let words = [];
    if (drag.kind === "all") {
      drag.by = [point[0] - drag.start[0], point[1] - drag.start[1]];
      for (const ring of paths.flat()) for (const at of ring) { at[0] += drag.by[0]; at[1] += drag.by[1]; }
      words = [say("moved_by", { east: number(drag.by[0], 2), north: number(-drag.by[1], 2) })];
    } else {
      const found = snap(point, this.map.drawing.features, { reach: SNAP_PX / this.map.view.scale, level: drag.feature.level, without: drag.feature.id });
      const at = (found?.at || point).map((value) => Math.round(value * 1000) / 1000);
      const ring = paths[drag.vertex.part][drag.vertex.ring];
      if (drag.kind === "corner") ring[drag.vertex.index] = at; else ring.splice(drag.vertex.index + 1, 0, at);
      drag.at = at;
      words = [this.measure(drag.feature, paths), found ? say("snapped", { name: found.feature.label }) : ""];
    }
    this.preview(drag.feature, paths);
    this.map.tip.show(words.filter(Boolean), screen);
  }

  measure(feature, paths) {
    if (feature.shape === "outline") {
      const area = paths.reduce((sum, rings) => sum + areaOf(rings[0]) - rings.slice(1).reduce((holes, ring) => holes + areaOf(ring), 0), 0);
      return say("drawn_area", { area: number(area), length: number(paths.flat().reduce((sum, ring) => sum + lengthOf(ring, true), 0)) });
    }
    return feature.shape === "line" ? say("drawn_so_far", { length: number(lengthOf(paths[0][0])) }) : "";
  }

  preview(feature, paths) {
    Object.assign(feature, { paths, box: boundsOf(paths) });
    const { painter } = this.map;
    if (feature.shape === "point") {
      feature.at = paths[0][0][0];
      for (const placed of painter.placed) if (painter.nodes.get(feature.id)?.includes(placed.element)) placed.at = feature.at;
      painter.rescale();
    } else {
      const d = pathData(feature);
      for (const element of painter.nodes.get(feature.id) || []) if (element.tagName === "path" && !element.classList.contains("sign")) element.setAttribute("d", d);
    }
    this.show();
  }

  async end(event) {
    const { drag } = this;
    if (!drag || event.pointerId !== drag.id) return;
    this.drag = null;
    this.map.root.classList.remove("grabbing");
    this.map.tip.hide();
    if (!drag.moved || event.type === "pointercancel") {
      this.preview(drag.feature, drag.before);
      if (!drag.moved && event.type === "pointerup") this.map.tap(event, event.target);
      return;
    }
    const { id } = drag.feature;
    if (drag.kind === "all") await this.map.change({ do: "move", id, by: drag.by });
    else if (drag.kind === "corner") await this.map.change({ do: "move_vertex", id, vertex: drag.vertex, at: drag.at });
    else await this.map.change({ do: "insert_vertex", id, vertex: drag.vertex, at: drag.at });
  }

  cancel() {
    if (!this.drag) return false;
    this.preview(this.drag.feature, this.drag.before);
    this.drag = null;
    this.map.root.classList.remove("grabbing");
    this.map.tip.hide();
    return true;
  }

  key(event) {
    const handle = event.target.closest?.(".handle.corner");
    const { feature } = this;
    if (!handle || !feature) return false;
    const [, part, ring, index] = handle.dataset.vertex.split(":").map(Number);
    const vertex = { part, ring, index };
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (step) this.nudge(feature, vertex, step.map((value) => value * NUDGE_M * (event.shiftKey ? 10 : 1)));
    else if (event.key === "Delete" || event.key === "Backspace") this.map.change({ do: "delete_vertex", id: feature.id, vertex });
    else return false;
    event.preventDefault();
    return true;
  }

  // Arrow keys move at once; what they add up to is sent when they rest.
  nudge(feature, vertex, by) {
    const paths = structuredClone(feature.paths);
    const at = paths[vertex.part][vertex.ring][vertex.index];
    at[0] += by[0]; at[1] += by[1];
    this.preview(feature, paths);
    this.map.busy = true;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.map.busy = false;
      this.map.change({ do: "move_vertex", id: feature.id, vertex, at });
    }, NUDGE_WAIT_MS);
  }
}
