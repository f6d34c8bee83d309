// SPDX-License-Identifier: Apache-2.0
// The map: where a metre lies on the screen, and how places, links and people are drawn.
"use strict";
const map = $("map");
const pen = map.getContext("2d");
const view = { scale: 1, x: 0, y: 0, level: "all", show: "people", people: null };
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
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

// People per m² in every cell of a storey, over the ground around each cell that can be walked on.
function densities(sheet, frame) {
  const people = view.people;
  const grid = people.grids[sheet];
  const counted = new Float32Array(grid.rows * grid.columns);
  for (let track = 0; track < people.first.length; track++) {
    const row = frame - people.first[track];
    if (people.sheet[track] !== sheet || row < 0 || row >= people.length[track]) continue;
    const at = people.start[track] + row;
    const column = Math.floor((people.x[at] * people.unit - grid.west) / grid.cell);
    const line = Math.floor((people.y[at] * people.unit - grid.south) / grid.cell);
    if (column >= 0 && line >= 0 && column < grid.columns && line < grid.rows) counted[line * grid.columns + column]++;
  }
  grid.ground ??= around(Float32Array.from(grid.open, (share) => (share / 255) * grid.cell * grid.cell), grid);
  const heads = around(counted, grid);
  return heads.map((head, at) => (grid.open[at] && grid.ground[at] > 0 ? head / Math.max(grid.ground[at], 1) : 0));
}

function around(values, grid) {
  const reach = Math.max(1, Math.round(1 / grid.cell));
  const across = new Float32Array(values.length);
  const summed = new Float32Array(values.length);
  for (let line = 0; line < grid.rows; line++)
    for (let column = 0; column < grid.columns; column++)
      for (let at = Math.max(0, column - reach); at <= Math.min(grid.columns - 1, column + reach); at++)
        across[line * grid.columns + column] += values[line * grid.columns + at];
  for (let line = 0; line < grid.rows; line++)
    for (let at = Math.max(0, line - reach); at <= Math.min(grid.rows - 1, line + reach); at++)
      for (let column = 0; column < grid.columns; column++)
        summed[line * grid.columns + column] += across[at * grid.columns + column];
  return summed;
}

const kept = { frame: -1, sheets: [] };
function densitiesAt(frame) {
  if (kept.frame !== frame) {
    kept.frame = frame;
    kept.sheets = view.people.grids.map((_grid, sheet) => densities(sheet, frame));
  }
  return kept.sheets;
}

function drawCells(frame) {
  const colours = cellColours().map((text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16)));
  densitiesAt(frame).forEach((density, sheet) => {
    if (view.level !== "all" && view.people.levels[sheet] !== view.level) return;
    const grid = view.people.grids[sheet];
    const image = new ImageData(grid.columns, grid.rows);
    for (let line = 0; line < grid.rows; line++) {
      for (let column = 0; column < grid.columns; column++) {
        const value = density[line * grid.columns + column];
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

function drawPeople(seconds) {
  const people = view.people;
  const position = seconds / people.step_s;
  const frame = Math.floor(position);
  const part = position - frame;
  const sheets = densitiesAt(frame);
  const size = Math.min(9, Math.max(1.6, 0.4 * view.scale));
  const points = dotColours().map(() => []);
  for (let track = 0; track < people.first.length; track++) {
    const row = frame - people.first[track];
    if (row < 0 || row >= people.length[track]) continue;
    const sheet = people.sheet[track];
    if (view.level !== "all" && people.levels[sheet] !== view.level) continue;
    const at = people.start[track] + row;
    const next = row + 1 < people.length[track] ? at + 1 : at;
    const x = (people.x[at] + (people.x[next] - people.x[at]) * part) * people.unit;
    const y = (people.y[at] + (people.y[next] - people.y[at]) * part) * people.unit;
    const grid = people.grids[sheet];
    const cell = Math.floor((y - grid.south) / grid.cell) * grid.columns + Math.floor((x - grid.west) / grid.cell);
    points[stepOf(sheets[sheet][cell] || 0)].push(x, y);
  }
  points.forEach((list, step) => {
    pen.fillStyle = dotColours()[step];
    for (let at = 0; at < list.length; at += 2) {
      const [px, py] = toScreen(list[at], list[at + 1]);
      pen.fillRect(px - size / 2, py - size / 2, size, size);
    }
  });
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
