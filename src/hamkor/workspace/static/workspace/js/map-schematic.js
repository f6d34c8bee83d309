// SPDX-License-Identifier: Apache-2.0
// A drawing without coordinates: areas as boxes in columns by their way to the outside, ways as lines between them.
const [WIDE, HIGH, ACROSS, DOWN] = [150, 70, 310, 116];

const rectangle = (x, y) => [[[[x, y], [x + WIDE, y], [x + WIDE, y + HIGH], [x, y + HIGH]]]];

export function layOut(drawing) {
  const columns = new Map();
  const last = Math.max(0, ...drawing.schematic.boxes.map((box) => box.column ?? 0));
  for (const box of drawing.schematic.boxes) {
    const column = box.column ?? last + 1;
    columns.set(column, [...(columns.get(column) || []), box]);
  }
  const byId = new Map(drawing.features.map((feature) => [feature.id, feature]));
  const corners = new Map();
  for (const [column, boxes] of columns) boxes.forEach((box, row) => {
    const at = [column * ACROSS, (row - (boxes.length - 1) / 2) * DOWN];
    corners.set(box.id, at);
    const feature = byId.get(box.id) || addOutside(drawing, box);
    Object.assign(feature, { paths: rectangle(...at), shape: "outline" });
  });
  const between = new Map();
  for (const link of drawing.schematic.links) {
    if (!corners.has(link.from) || !corners.has(link.to) || !byId.has(link.id)) continue;
    const key = [link.from, link.to].sort().join(" ");
    between.set(key, [...(between.get(key) || []), link]);
  }
  for (const links of between.values()) links.forEach((link, place) => {
    const ends = [corners.get(link.from), corners.get(link.to)];
    const share = (place + 1) / (links.length + 1);
    const line = ends.map(([x, y], index) => {
      const [otherX, otherY] = ends[1 - index];
      if (otherX === x) return [x + WIDE * share, otherY > y ? y + HIGH : y];
      return [otherX > x ? x + WIDE : x, y + HIGH * share];
    });
    Object.assign(byId.get(link.id), { paths: [[line]], shape: "line" });
  });
  const all = [...corners.values()];
  drawing.bounds_m = all.length
    ? [Math.min(...all.map(([x]) => x)), Math.min(...all.map(([, y]) => y)), Math.max(...all.map(([x]) => x)) + WIDE, Math.max(...all.map(([, y]) => y)) + HIGH]
    : null;
}

function addOutside(drawing, box) {
  const feature = { id: box.id, kind: "outside", kind_word: "", sort_word: "", sort: null, layer: "areas", label: box.label, level: 0, measures: {}, is_pseudo: true };
  drawing.features.push(feature);
  return feature;
}
