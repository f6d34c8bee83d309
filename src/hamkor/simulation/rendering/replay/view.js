// SPDX-License-Identifier: Apache-2.0
// The map: where a metre lies on the screen, and how places, links and people are drawn.
"use strict";
const map = $("map");
const pen = map.getContext("2d");
const view = { scale: 1, x: 0, y: 0, level: "all", show: "people", people: null };
const ink = new Map();
// Asking the browser for a colour is slow: once for each theme.
function css(name) {
  if (!ink.has(name)) ink.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  return ink.get(name);
}
const isDark = () => document.documentElement.dataset.theme === "dark";
const cellColours = () => (isDark() ? D.colours.dark : D.colours.cells);
const dotColours = () => (isDark() ? D.colours.dark : D.colours.dots);

function fit() {
  const [west, south, east, north] = D.bounds;
  const room = map.clientWidth < 600 ? 16 : 40;
  view.scale = Math.min((map.clientWidth - room) / (east - west), (map.clientHeight - room) / (north - south));
  view.x = (west + east) / 2;
  view.y = (south + north) / 2;
}
const toScreen = (x, y) => [map.clientWidth / 2 + (x - view.x) * view.scale, map.clientHeight / 2 - (y - view.y) * view.scale];
const toMetres = (px, py) => [view.x + (px - map.clientWidth / 2) / view.scale, view.y - (py - map.clientHeight / 2) / view.scale];
const isHere = (thing) => view.level === "all" || thing.level === view.level;

function trace(rings) {
  pen.beginPath();
  for (const ring of rings) {
    for (let at = 0; at < ring.length; at += 2) {
      const [px, py] = toScreen(ring[at] / 10, ring[at + 1] / 10);
      if (at === 0) pen.moveTo(px, py);
      else pen.lineTo(px, py);
    }
    pen.closePath();
  }
}

function drawPlaces(seconds) {
  const colours = cellColours();
  for (const place of D.places) {
    if (!isHere(place)) continue;
    trace(place.rings);
    const density = place.area ? valueAt(place.people, seconds) / place.area : 0;
    pen.fillStyle = !view.people && density > 0.02 ? colours[stepOf(density)] : css("--page");
    pen.fill("evenodd");
    pen.strokeStyle = css("--wall");
    pen.lineWidth = 1;
    pen.stroke();
  }
}

function drawLinks(seconds) {
  for (const link of D.links) {
    if (!link.line.length || !isHere(link)) continue;
    const flow = valueAt(link.flow, seconds);
    pen.beginPath();
    for (let at = 0; at < link.line.length; at += 2) {
      const [px, py] = toScreen(link.line[at] / 10, link.line[at + 1] / 10);
      if (at === 0) pen.moveTo(px, py);
      else pen.lineTo(px, py);
    }
    pen.setLineDash(flow < 0.5 ? [3, 3] : []);
    pen.strokeStyle = flow < 0.5 ? css("--quiet") : css("--accent");
    pen.lineWidth = flow < 0.5 ? 1.5 : 2 + (link.is_way ? 1.5 : 6) * Math.min(1, flow / D.most_flow);
    pen.stroke();
    pen.setLineDash([]);
  }
}

// A disc as large as the ground a queue takes up at two people per m².
function drawQueues(seconds) {
  for (const link of D.links) {
    if (!link.line.length || !isHere(link)) continue;
    const queue = valueAt(link.queue, seconds);
    if (queue < 5) continue;
    const [px, py] = toScreen(...link.middle);
    const radius = Math.max(5, Math.sqrt(queue / 2 / Math.PI) * view.scale);
    pen.beginPath();
    pen.arc(px, py, radius, 0, 2 * Math.PI);
    pen.fillStyle = "rgba(161, 61, 143, .45)";
    pen.fill();
    pen.strokeStyle = "#a13d8f";
    pen.lineWidth = 1.5;
    pen.stroke();
    if (queue >= D.most_queue / 8) label(whole(queue), px, py - radius - 8);
  }
}

function label(text, px, py) {
  pen.font = "600 12px system-ui, sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineWidth = 3;
  pen.strokeStyle = css("--card");
  pen.strokeText(text, px, py);
  pen.fillStyle = css("--ink");
  pen.fillText(text, px, py);
}

// Sums over everything west and south of each cell: any block of cells is then four look-ups.
function summed(values, grid) {
  const wide = grid.columns + 1;
  const sums = new Float64Array(wide * (grid.rows + 1));
  for (let line = 0; line < grid.rows; line++) {
    let row = 0;
    for (let column = 0; column < grid.columns; column++) {
      row += values[line * grid.columns + column];
      sums[(line + 1) * wide + column + 1] = sums[line * wide + column + 1] + row;
    }
  }
  return sums;
}

function block(sums, grid, line, column) {
  const reach = Math.max(1, Math.round(1 / grid.cell));
  const wide = grid.columns + 1;
  const low = Math.max(0, line - reach) * wide;
  const high = Math.min(grid.rows, line + reach + 1) * wide;
  const left = Math.max(0, column - reach);
  const right = Math.min(grid.columns, column + reach + 1);
  return sums[high + right] - sums[high + left] - sums[low + right] + sums[low + left];
}

// People of a storey, summed up; null when nobody is on it.
function headsOf(sheet, frame) {
  const people = view.people;
  const grid = people.grids[sheet];
  const counted = new Float32Array(grid.rows * grid.columns);
  let all = 0;
  for (let track = 0; track < people.first.length; track++) {
    const row = frame - people.first[track];
    if (people.sheet[track] !== sheet || row < 0 || row >= people.length[track]) continue;
    const at = people.start[track] + row;
    const column = Math.floor((people.x[at] * people.unit - grid.west) / grid.cell);
    const line = Math.floor((people.y[at] * people.unit - grid.south) / grid.cell);
    if (column < 0 || line < 0 || column >= grid.columns || line >= grid.rows) continue;
    counted[line * grid.columns + column]++;
    all++;
  }
  return all ? summed(counted, grid) : null;
}

// People per m² around a place of a storey, over the ground that can be walked on.
function densityAt(sheet, sums, x, y) {
  const grid = view.people.grids[sheet];
  const column = Math.floor((x - grid.west) / grid.cell);
  const line = Math.floor((y - grid.south) / grid.cell);
  if (!sums || column < 0 || line < 0 || column >= grid.columns || line >= grid.rows) return 0;
  grid.ground ??= summed(Float32Array.from(grid.open, (share) => (share / 255) * grid.cell * grid.cell), grid);
  return block(sums, grid, line, column) / Math.max(block(grid.ground, grid, line, column), 1);
}

const kept = { frame: -1, sheets: [] };
function headsAt(frame) {
  if (kept.frame !== frame) {
    kept.frame = frame;
    kept.sheets = view.people.grids.map((_grid, sheet) => headsOf(sheet, frame));
  }
  return kept.sheets;
}

function drawCells(frame) {
  const colours = cellColours().map((text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16)));
  headsAt(frame).forEach((sums, sheet) => {
    if (!sums || (view.level !== "all" && view.people.levels[sheet] !== view.level)) return;
    const grid = view.people.grids[sheet];
    const image = new ImageData(grid.columns, grid.rows);
    for (let line = 0; line < grid.rows; line++) {
      for (let column = 0; column < grid.columns; column++) {
        if (!grid.open[line * grid.columns + column]) continue;
        const value = densityAt(sheet, sums, grid.west + (column + 0.5) * grid.cell, grid.south + (line + 0.5) * grid.cell);
        if (value < 0.05) continue;
        const at = 4 * ((grid.rows - 1 - line) * grid.columns + column);
        image.data.set(colours[stepOf(value)], at);
        image.data[at + 3] = 255;
      }
    }
    const sketch = new OffscreenCanvas(grid.columns, grid.rows);
    sketch.getContext("2d").putImageData(image, 0, 0);
    const [px, py] = toScreen(grid.west, grid.south + grid.rows * grid.cell);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(sketch, px, py, grid.columns * grid.cell * view.scale, grid.rows * grid.cell * view.scale);
  });
}

// Everybody's place on the screen in order of the colour: one change of colour for all who share it.
function drawPeople(seconds) {
  const people = view.people;
  const position = seconds / people.step_s;
  const frame = Math.floor(position);
  const part = position - frame;
  const sheets = headsAt(frame);
  const size = Math.min(9, Math.max(1.6, 0.4 * view.scale));
  const points = dotColours().map(() => []);
  const left = map.clientWidth / 2 - view.x * view.scale - size / 2;
  const top = map.clientHeight / 2 + view.y * view.scale - size / 2;
  for (let track = 0; track < people.first.length; track++) {
    const row = frame - people.first[track];
    if (row < 0 || row >= people.length[track]) continue;
    const sheet = people.sheet[track];
    if (view.level !== "all" && people.levels[sheet] !== view.level) continue;
    const at = people.start[track] + row;
    const next = row + 1 < people.length[track] ? at + 1 : at;
    const x = (people.x[at] + (people.x[next] - people.x[at]) * part) * people.unit;
    const y = (people.y[at] + (people.y[next] - people.y[at]) * part) * people.unit;
    points[stepOf(densityAt(sheet, sheets[sheet], x, y))].push(left + x * view.scale, top - y * view.scale);
  }
  points.forEach((list, step) => {
    pen.fillStyle = dotColours()[step];
    for (let at = 0; at < list.length; at += 2) pen.fillRect(list[at], list[at + 1], size, size);
  });
}

// Highest density of all storeys that are shown around a place, people per m².
function densityHere(seconds, x, y) {
  const around = headsAt(Math.floor(seconds / view.people.step_s)).map((sums, sheet) =>
    view.level === "all" || view.people.levels[sheet] === view.level ? densityAt(sheet, sums, x, y) : 0);
  return Math.max(...around);
}

function draw(seconds) {
  const ratio = window.devicePixelRatio || 1;
  if (map.width !== Math.round(map.clientWidth * ratio) || map.height !== Math.round(map.clientHeight * ratio)) {
    map.width = Math.round(map.clientWidth * ratio);
    map.height = Math.round(map.clientHeight * ratio);
  }
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.fillStyle = css("--card");
  pen.fillRect(0, 0, map.clientWidth, map.clientHeight);
  if (!D.places.some((place) => place.rings.length)) return label(T.not_drawn, map.clientWidth / 2, map.clientHeight / 2);
  drawPlaces(seconds);
  if (view.people && view.show !== "people") drawCells(Math.floor(seconds / view.people.step_s));
  drawLinks(seconds);
  if (view.people && view.show !== "density") drawPeople(seconds);
  if (!view.people) drawQueues(seconds);
}
