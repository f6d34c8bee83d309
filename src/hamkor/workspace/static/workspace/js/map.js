// SPDX-License-Identifier: Apache-2.0
// The map of a venue: reads the drawing, shows it, and brings map, list, panel and address together.
import { submitEdits } from "../../hamkor/js/editor.js";
import { Drawer } from "./map-draw.js";
import { Handles } from "./map-handles.js";
import { Layers } from "./map-layers.js";
import { List } from "./map-list.js";
import { Painter } from "./map-paint.js";
import { layOut } from "./map-schematic.js";
import { Sender } from "./map-send.js";
import { Tip } from "./map-tip.js";
import { View } from "./map-view.js";
import { readOut, say, setTexts, under } from "./map-words.js";

const EMPTY_SPAN_M = 120;
const $ = (id) => document.getElementById(id);
let map = null;

class VenueMap {
  constructor(root) {
    this.root = root;
    this.svg = $("map");
    this.chosen = "";
    this.busy = false;
    setTexts(JSON.parse(root.dataset.texts));
    this.tip = new Tip($("map-tip"), $("map-frame"));
    this.view = new View(this.svg, {
      onZoom: () => { this.painter.rescale(); this.handles.show(); if (this.drawer.isOn) this.drawer.show(); },
      onMove: () => this.painter.follow(),
      onTap: (event, target) => this.tap(event, target),
      mayDrag: (event) => this.handles.grab(event),
    });
    this.painter = new Painter(this.svg, this.view);
    this.drawer = new Drawer(this);
    this.handles = new Handles(this);
    this.sender = new Sender(root);
    this.layers = new Layers(this);
    this.list = new List($("map-table"), { onChoose: (id) => this.choose(id, { moves: true, focus: true }), onHover: (id) => this.painter.heat(id), severities: root.dataset.severities });
    this.listen();
    this.load();
  }

  get isEditable() { return Boolean(this.root.dataset.change); }
  get isSchematic() { return this.drawing?.show_as === "schematic" && this.drawing.features.length > 0; }

  async load() {
    const address = this.root.dataset.drawing;
    const answer = await fetch(address, { cache: "no-cache", headers: { Accept: "application/json" } }).catch(() => null);
    if (map !== this) return;
    if (!answer?.ok) {
      // What is shown stays; the sign in the bar says how old it is.
      if (!this.drawing) $("map-wait").textContent = say("failed");
      return;
    }
    const version = answer.headers.get("ETag");
    const number = Number(answer.headers.get("X-Number") || this.root.dataset.number);
    if (version && version === this.version && !this.isDirty) { this.number = number; this.keepPanel(); return; }
    const drawing = await answer.json();
    if (this.isBusy) { this.waits = true; return; }
    Object.assign(this, { version, number, isDirty: false, waits: false });
    this.show(drawing);
  }

  get isBusy() { return this.busy || Boolean(this.handles.drag); }

  show(drawing) {
    const isFirst = !this.drawing;
    drawing.origin ||= JSON.parse(this.root.dataset.origin || "null");
    for (const feature of drawing.features) feature.is_drawn = feature.paths.length > 0;
    if (drawing.show_as === "schematic" && drawing.features.length) layOut(drawing);
    // Another zero of the map: what is seen stays where it is.
    this.keepPlace(drawing);
    this.drawing = drawing;
    this.root.classList.toggle("schematic", this.isSchematic);
    this.view.bounds = drawing.bounds_m || [-EMPTY_SPAN_M, -EMPTY_SPAN_M, EMPTY_SPAN_M, EMPTY_SPAN_M];
    this.layers.show(drawing);
    if (isFirst) this.view.fit();
    this.painter.paint(drawing);
    this.list.show({ ...drawing, features: drawing.features.filter((feature) => !feature.is_pseudo) });
    $("map-wait").hidden = true;
    const asked = new URL(location.href).searchParams.get("feature") || "";
    if (this.chosen && !this.painter.byId.has(this.chosen)) { this.tell(say("drawing_gone", { name: this.chosen })); this.choose(""); }
    else if (isFirst && asked && this.painter.byId.has(asked)) this.choose(asked, { moves: true, isShown: true });
    else this.handles.show();
    if (isFirst && !drawing.features.length && this.isEditable) $("map-draw")?.setAttribute("open", "");
    if (!isFirst) this.keepPanel();
    this.root.dataset.ready = "yes";
  }

  // A page fetched before something else was chosen brings the old panel with it.
  keepPanel() {
    if (($("venue-panel")?.dataset.feature || "") !== this.chosen) this.openPanel(this.chosen);
  }

  keepPlace(drawing) {
    const [old, fresh] = [this.drawing?.origin, drawing.origin];
    if (!old || !fresh || (old[0] === fresh[0] && old[1] === fresh[1])) return;
    const metres = 111320;
    this.view.left -= (fresh[0] - old[0]) * metres * Math.cos((old[1] * Math.PI) / 180);
    this.view.top += (fresh[1] - old[1]) * metres;
    this.view.request();
  }

  async change(change) {
    if (!this.drawing.origin) return null;
    this.isDirty = true;
    const sent = { ...change, number: this.number, origin: this.drawing.origin };
    const command = await this.sender.send(sent);
    await this.load();
    return command;
  }

  choose(id, { moves = false, focus = false, isShown = false, keepsTask = false } = {}) {
    if (this.drawer.isOn && !keepsTask) return;
    const feature = this.painter.byId?.get(id);
    if (feature?.is_pseudo) return;
    const isSame = id === this.chosen;
    this.chosen = id;
    this.painter.choose(id);
    this.list.choose(id);
    this.handles.show();
    if (feature?.at && moves) this.view.approach(feature.box, feature.at);
    // The panel lies over the lower half of a small screen: the map goes to the upper one.
    if (feature && moves && matchMedia("(max-width: 1180px)").matches) $("map-frame").scrollIntoView({ block: "start" });
    if (isSame && !focus) return;
    this.tell(feature ? say("chosen", { name: feature.label }) : "");
    const address = new URL(location.href);
    if (id) address.searchParams.set("feature", id); else address.searchParams.delete("feature");
    history.replaceState(history.state, "", address);
    if (!isShown) this.openPanel(id, focus);
  }

  async openPanel(id, focus = false) {
    const [panel, aside] = [$("venue-panel"), $("venue-aside")];
    if (!panel || !this.root.dataset.panel) return;
    aside.classList.toggle("chosen", Boolean(id));
    panel.dataset.feature = id;
    if (!id) { panel.replaceChildren(); return; }
    const answer = await fetch(this.root.dataset.panel.replace("FEATURE", encodeURIComponent(id)), { headers: { Accept: "text/html" } }).catch(() => null);
    if (this.chosen !== id) return;
    if (!answer?.ok) { panel.replaceChildren(); return; }
    panel.innerHTML = await answer.text();
    if (!panel.contains(document.activeElement)) panel.closest(".aside-inner").scrollTop = 0;
    if (focus) $("panel-title")?.focus({ preventScroll: true });
  }

  tap(event, target) {
    if (this.drawer.isOn) { this.drawer.tap(this.view.toMap(this.view.pointOf(event))); return; }
    this.choose(target.closest?.("[data-id]")?.dataset.id || "");
  }

  tell(text) { $("map-said").textContent = text; }

  // What to do next, with buttons for those without keys.
  hint(text, { done = false, back = false } = {}) {
    const place = $("map-hint");
    place.hidden = !text;
    const button = (name) => Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: say(name) });
    const buttons = !text ? [] : [done && ["done", button("done")], back && ["back", button("back")], ["cancel", button("cancel")]].filter(Boolean);
    for (const [name, made] of buttons) made.dataset.map = `draw-${name}`;
    place.replaceChildren(text, ...buttons.map(([, made]) => made));
  }

  listen() {
    const { svg } = this;
    svg.addEventListener("pointermove", (event) => {
      this.handles.move(event);
      if (this.handles.drag || this.view.pointers.size) return;
      const screen = this.view.pointOf(event);
      if (this.drawer.isOn) this.drawer.hover(this.view.toMap(screen), screen);
      else if (event.pointerType === "mouse") this.point(event.target, screen);
    });
    svg.addEventListener("pointerleave", () => { if (!this.handles.drag) { this.painter.heat(""); this.tip.hide(); } });
    for (const kind of ["pointerup", "pointercancel"]) svg.addEventListener(kind, async (event) => { await this.handles.end(event); if (this.waits) this.load(); });
    svg.addEventListener("dblclick", (event) => { if (this.drawer.isOn) this.drawer.finish(); else if (!event.target.closest("[data-id], .handle")) this.view.zoom(2, this.view.pointOf(event)); });
    svg.addEventListener("keydown", (event) => { if (this.handles.key(event)) event.stopPropagation(); });
  }

  point(target, screen) {
    const element = target.closest?.("[data-id]");
    const feature = element && this.painter.byId.get(element.dataset.id);
    this.painter.heat(feature?.id || "");
    if (!feature || target.closest(".handle")) this.tip.hide();
    else this.tip.show([element.dataset.words || feature.label, [under(feature), readOut(feature)].filter(Boolean).join(" · ")], screen);
  }

  drawNew(form) {
    const kind = $("new-kind");
    const option = kind.selectedOptions[0];
    const properties = { kind: kind.value };
    const extra = $(`new-${kind.value}`);
    if (extra) properties[option.dataset.field || option.dataset.number] = option.dataset.number ? Number(extra.value) : extra.value;
    const level = Number($("new-level").value.replace(",", ".")) || 0;
    if ($("new-name").value.trim()) properties.name = $("new-name").value.trim();
    if (level) properties.level = level;
    form.closest("details").open = false;
    this.draw({ kind: kind.value, shape: option.dataset.shape, level, make: (points) => ({ do: "draw", properties, points }) });
  }

  draw({ kind, shape, level, hint = "", make }) {
    this.drawer.start({
      kind, shape, level, hint,
      finish: async (points) => {
        const before = new Set(this.painter.byId.keys());
        await this.change(make(points));
        const fresh = this.drawing.features.find((feature) => !before.has(feature.id));
        if (fresh) this.choose(fresh.id);
        $("new-name") && ($("new-name").value = "");
      },
    });
  }

  placePost(button) {
    button.closest("details").open = false;
    const hint = say("click_post", { title: button.textContent.trim() });
    this.draw({ kind: "post_place", shape: "point", level: this.painter.level ?? 0, hint, make: (points) => ({ do: "place_post", post: button.dataset.placePost, at: points[0], level: this.painter.level ?? 0 }) });
  }

  outline(button) {
    const { chosen: id } = this;
    const option = document.querySelector(`#new-kind option[value="${button.dataset.kind}"]`);
    const feature = this.painter.byId.get(id);
    this.draw({ kind: feature.kind, shape: option?.dataset.shape || "point", level: feature.level, make: (points) => ({ do: "outline", id, points }) });
  }

  async remove() {
    const id = this.chosen;
    await this.change({ do: "remove", id, and_references: $("remove-references")?.checked || false });
  }

  act(name, button) {
    const acts = {
      in: () => this.view.zoomIn(), out: () => this.view.zoomOut(), fit: () => this.view.fit(), close: () => this.choose("", { focus: true }),
      undo: () => this.sender.undo(), redo: () => this.sender.redo(), remove: () => this.remove(), outline: () => this.outline(button),
      choose: () => this.drawer.stop(), "draw-done": () => this.drawer.finish(), "draw-back": () => this.drawer.back(), "draw-cancel": () => this.drawer.stop(),
    };
    acts[name]?.();
  }
}

function saveUses(fieldset) {
  const form = fieldset.closest("[data-edit]");
  const value = Object.fromEntries([...fieldset.querySelectorAll("[data-phase]")].filter((each) => each.value).map((each) => [each.dataset.phase, each.value]));
  const seen = JSON.parse(fieldset.dataset.seen);
  submitEdits(form.dataset.edit, [{ op: "set", typed: false, part: "venue", id: form.dataset.id, fields: { "properties/use": value }, seen: { "properties/use": seen } }]);
}

// The width of an opening that is drawn as a line: its line follows the number.
function isStretched(event) {
  const field = event.target;
  const form = field.closest?.("form[data-stretches]");
  const width = Number(field.value?.trim().replace(",", "."));
  if (!form || field.dataset.path !== "properties/clear_width_m" || !field.value.trim() || !Number.isFinite(width)) return false;
  delete field.dataset.dirty;
  map.change({ do: "width", id: form.dataset.id, width_m: width }).then(() => map?.openPanel(map.chosen));
  return true;
}

function showAsked() {
  const kind = $("new-kind");
  for (const field of document.querySelectorAll("#map-new [data-for]")) field.hidden = field.dataset.for !== kind?.value;
}

document.addEventListener("change", (event) => {
  if (!map) return;
  if (event.target.id === "new-kind") showAsked();
  const uses = event.target.closest?.("[data-uses]");
  if (uses) saveUses(uses);
  if (isStretched(event)) event.stopImmediatePropagation();
}, true);
document.addEventListener("input", (event) => { if (map && event.target.id === "map-search") map.list.filter(); });
document.addEventListener("submit", (event) => {
  if (map && event.target.id === "map-new") { event.preventDefault(); event.stopImmediatePropagation(); map.drawNew(event.target); }
}, true);
document.addEventListener("click", (event) => {
  if (!map) return;
  for (const menu of document.querySelectorAll(".map-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  const button = event.target.closest("[data-map]");
  if (button) map.act(button.dataset.map, button);
  const post = event.target.closest("[data-place-post]");
  if (post) map.placePost(post);
  const finding = event.target.closest(".all-findings .finding");
  const marked = finding && !event.target.closest("a, button") && map.svg.querySelector(`.mark[data-finding="${finding.id.replace("finding-", "")}"]`);
  if (marked) map.choose(marked.dataset.id, { moves: true });
});
document.addEventListener("keydown", (event) => {
  if (!map) return;
  const isField = event.target.closest?.("input, textarea, select");
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !isField) {
    map.act(event.shiftKey ? "redo" : "undo");
  } else if (event.key === "/" && !isField && $("map-search")) {
    $("map-list-wrap").open = true;
    $("map-search").focus();
  } else if (!isField && map.drawer.key(event)) { /* told to the drawing */
  } else if (event.key === "Escape" && map.handles.cancel()) { /* the corner goes back */
  } else return;
  event.preventDefault();
  event.stopPropagation();
}, true);
document.addEventListener("hamkor:edited", (event) => { if (map?.sender.noted(event.detail.item)) map.isDirty = true; });
document.addEventListener("hamkor:morphed", () => {
  attach();
  if (!map) return;
  if (Number(map.root.dataset.number) !== map.number) map.load();
  else map.keepPanel();
});
document.addEventListener("htmx:load", () => attach());

function attach() {
  const root = $("venue");
  if (!root) { map = null; return; }
  if (map?.root === root && map.svg === $("map") && $("map-world") && map.address === root.dataset.drawing) return;
  map = new VenueMap(root);
  map.address = root.dataset.drawing;
  showAsked();
  // What was just taken over can be taken back like everything else done here.
  const undone = document.querySelector(".notice input[name=undone]")?.value;
  if (undone) map.sender.push(undone);
}
attach();

