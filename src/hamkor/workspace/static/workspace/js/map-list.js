// SPDX-License-Identifier: Apache-2.0
// The drawing as a list: a table for each kind of thing, with its measures. Choosing here chooses on the map, and back.
import { number, say } from "./map-words.js";

// More than these at once are shown when their heading is opened.
const PART = 400;
const PART_ON_PHONES = 30;
const NARROW_PX = 781;
const SHAPE_NUMBERS = { red: "severity-red", amber: "severity-amber", info: "severity-info" };

function cell(row, content, kind = "") {
  const made = document.createElement("td");
  if (kind) made.className = kind;
  made.append(content);
  row.append(made);
  return made;
}

function sign(address, severity) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", `severity severity-${severity}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${address}#${SHAPE_NUMBERS[severity]}`);
  svg.append(use);
  return svg;
}

export class List {
  constructor(place, { onChoose, onHover, severities }) {
    Object.assign(this, { place, severities, rows: new Map(), chosen: "" });
    place.addEventListener("click", (event) => {
      const button = event.target.closest("[data-id]");
      if (button) onChoose(button.dataset.id);
    });
    for (const kind of ["pointerover", "focusin"]) place.addEventListener(kind, (event) => onHover(event.target.closest("tr[data-id]")?.dataset.id || ""));
    for (const kind of ["pointerleave", "focusout"]) place.addEventListener(kind, () => onHover(""));
    place.addEventListener("keydown", (event) => this.step(event));
  }

  step(event) {
    const down = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = event.target.closest?.("tr[data-id]");
    if (!down || !row) return;
    const rows = [...this.place.querySelectorAll("tr[data-id]:not([hidden])")];
    rows[rows.indexOf(row) + down]?.querySelector("button")?.focus();
    event.preventDefault();
  }

  show(drawing) {
    const findings = new Map();
    for (const finding of drawing.findings) for (const id of finding.at.slice(0, 1)) findings.set(id, [...(findings.get(id) || []), finding]);
    const focused = document.activeElement?.closest?.("#map-table tr[data-id]")?.dataset.id;
    const open = new Set([...this.place.querySelectorAll("details[open]")].map((each) => each.dataset.layer));
    const isFirst = !this.place.children.length;
    this.rows.clear();
    const few = drawing.features.length <= (innerWidth < NARROW_PX ? PART_ON_PHONES : PART);
    this.place.replaceChildren(...drawing.layers.map((layer) => {
      const features = drawing.features.filter((feature) => feature.layer === layer.id);
      const group = document.createElement("details");
      group.dataset.layer = layer.id;
      group.open = isFirst ? few : open.has(layer.id);
      const head = document.createElement("summary");
      head.append(Object.assign(document.createElement("b"), { textContent: layer.name }), ` ${layer.count}`);
      group.append(head);
      const fill = () => { if (!group.querySelector("table")) group.append(this.table(features, findings)); };
      if (group.open) fill();
      group.addEventListener("toggle", () => { if (group.open) { fill(); this.mark(); this.filter(); } });
      group.fill = fill;
      return group;
    }));
    this.mark();
    this.filter();
    if (focused) this.rows.get(focused)?.querySelector("button")?.focus({ preventScroll: true });
  }

  table(features, findings) {
    const wrap = document.createElement("div");
    wrap.className = "table-wrap";
    const table = document.createElement("table");
    const heads = [["name", ""], ["sort", ""], ["level_head", "number"], ["width_head", "number"], ["length_head", "number"], ["area_head", "number"], ["state", ""]];
    const line = document.createElement("tr");
    for (const [name, kind] of heads) line.append(Object.assign(document.createElement("th"), { scope: "col", className: kind, textContent: say(name) }));
    table.createTHead().append(line);
    const body = table.createTBody();
    body.append(...features.map((feature) => this.row(feature, findings.get(feature.id) || [])));
    wrap.append(table);
    return wrap;
  }

  row(feature, findings) {
    const row = document.createElement("tr");
    row.dataset.id = feature.id;
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.id = feature.id;
    button.className = "link item-title";
    button.textContent = feature.label;
    const first = cell(row, button);
    if (!feature.is_drawn) first.append(Object.assign(document.createElement("span"), { className: "under", textContent: say("not_drawn") }));
    cell(row, feature.sort_word || feature.kind_word);
    cell(row, number(feature.level), "number");
    const { width_m: width, length_m: length, area_m2: area } = feature.measures;
    const isUnknown = feature.is_width_known === false && feature.kind !== "turnstiles";
    cell(row, isUnknown ? say("not_known") : number(width ?? null), isUnknown ? "number tone-amber" : "number");
    cell(row, feature.layer === "openings" ? "" : number(length ?? null), "number");
    cell(row, number(area ?? null), "number");
    const state = cell(row, "", "nowrap");
    if (findings.length) state.append(sign(this.severities, findings[0].severity), ` ${findings.map((each) => each.rule).join(", ")}`);
    this.rows.set(feature.id, row);
    return row;
  }

  choose(id) {
    this.chosen = id;
    this.mark();
  }

  mark() {
    for (const row of this.place.querySelectorAll("tr[aria-selected]")) row.removeAttribute("aria-selected");
    this.rows.get(this.chosen)?.setAttribute("aria-selected", "true");
  }

  filter(text = document.getElementById("map-search")?.value || "") {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length) for (const group of this.place.children) group.fill();
    let count = 0;
    for (const row of this.rows.values()) {
      const content = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => content.includes(word));
      if (!row.hidden) count += 1;
    }
    for (const group of this.place.children) {
      group.hidden = Boolean(words.length) && !group.querySelector("tbody tr:not([hidden])");
      if (words.length && !group.hidden) group.open = true;
    }
    const place = document.getElementById("map-count");
    if (place) place.textContent = words.length ? say("found", { count }) : "";
  }
}
