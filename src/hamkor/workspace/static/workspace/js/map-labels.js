// SPDX-License-Identifier: Apache-2.0
// Which names are shown and where: the important first, none over another.
const LETTER_PX = 6.4;
const LINE_PX = 15;
const CELL_PX = 48;
const MOST = 220;
const LONGEST = 30;
const RANK = { areas: 1, safe_places: 2, structures: 3, openings: 4, attractors: 5, stairs: 6, passages: 6, routes: 7, posts: 8, devices: 9 };

class Taken {
  constructor() { this.cells = new Map(); }

  cellsOf(box) {
    const found = [];
    for (let x = Math.floor(box[0] / CELL_PX); x <= Math.floor(box[2] / CELL_PX); x++) {
      for (let y = Math.floor(box[1] / CELL_PX); y <= Math.floor(box[3] / CELL_PX); y++) found.push(`${x}:${y}`);
    }
    return found;
  }

  isFree(box) {
    return this.cellsOf(box).every((cell) => (this.cells.get(cell) || []).every((other) =>
      box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3]));
  }

  take(box) {
    for (const cell of this.cellsOf(box)) this.cells.set(cell, [...(this.cells.get(cell) || []), box]);
  }
}

const shorten = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1).trimEnd()}…` : text);

export function placeLabels(features, view, { pins, chosen }) {
  const { scale, left, top, width, height } = view;
  const taken = new Taken();
  for (const { at, dx, dy } of pins) {
    const [x, y] = [at[0] * scale + dx, at[1] * scale + dy];
    taken.take([x - 14, y - 20, x + 14, y + 8]);
  }
  const inSight = features.filter(({ at }) => at[0] > left && at[0] < left + width / scale && at[1] > top && at[1] < top + height / scale);
  const sizeOf = (feature) => (feature.shape === "point" ? 0 : Math.max(feature.box[2] - feature.box[0], feature.box[3] - feature.box[1]) * scale);
  const ranked = inSight
    .filter((feature) => feature.id === chosen || (feature.layer !== "devices" && (feature.label !== feature.id || feature.layer === "areas")))
    .map((feature) => ({ feature, size: sizeOf(feature), rank: feature.id === chosen ? 0 : RANK[feature.layer] || 9 }));
  ranked.sort((a, b) => a.rank - b.rank || b.size - a.size);
  const found = [];
  for (const { feature, size, rank } of ranked) {
    if (found.length >= MOST) break;
    const text = shorten(feature.label);
    const wide = text.length * LETTER_PX;
    if (rank && feature.shape === "outline" && size < wide * 0.62) continue;
    if (rank > 2 && feature.shape === "point" && scale < 1.6) continue;
    if (rank && feature.shape === "line" && size < wide * 0.5) continue;
    const x = feature.at[0] * scale;
    const y = feature.at[1] * scale + (feature.shape === "outline" ? 4 : 18);
    const box = [x - wide / 2 - 2, y - LINE_PX + 3, x + wide / 2 + 2, y + 3];
    if (!taken.isFree(box)) continue;
    taken.take(box);
    found.push({ feature, text, x, y });
  }
  return found;
}
