// SPDX-License-Identifier: Apache-2.0
// Shapes in metres (x east, y south): lengths, areas, where a name stands, what is near a point.
export const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

export function lengthOf(points, closed = false) {
  let total = 0;
  for (let index = 1; index < points.length; index++) total += distance(points[index - 1], points[index]);
  return closed && points.length > 2 ? total + distance(points[points.length - 1], points[0]) : total;
}

export function areaOf(ring) {
  let twice = 0;
  for (let index = 0; index < ring.length; index++) {
    const [a, b] = [ring[index], ring[(index + 1) % ring.length]];
    twice += a[0] * b[1] - b[0] * a[1];
  }
  return Math.abs(twice) / 2;
}

export function boundsOf(paths) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const rings of paths) for (const [x, y] of rings[0] || []) {
    box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y); box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
  }
  return box;
}

function isInside([x, y], ring) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [a, b] = [ring[i], ring[j]];
    if ((a[1] > y) !== (b[1] > y) && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
  }
  return inside;
}

function centroid(ring) {
  let [x, y, twice] = [0, 0, 0];
  for (let index = 0; index < ring.length; index++) {
    const [a, b] = [ring[index], ring[(index + 1) % ring.length]];
    const cross = a[0] * b[1] - b[0] * a[1];
    x += (a[0] + b[0]) * cross; y += (a[1] + b[1]) * cross; twice += cross;
  }
  return twice ? [x / (3 * twice), y / (3 * twice)] : ring[0];
}

// The middle of the widest part of an outline at the height of its middle: inside also where it is bent or has holes.
function insidePoint(rings) {
  const centre = centroid(rings[0]);
  if (isInside(centre, rings[0]) && !rings.slice(1).some((hole) => isInside(centre, hole))) return centre;
  const box = boundsOf([rings]);
  const y = (box[1] + box[3]) / 2 + 1e-7;
  const crossings = rings.flatMap((ring) => ring.flatMap((a, index) => {
    const b = ring[(index + 1) % ring.length];
    return (a[1] > y) !== (b[1] > y) ? [a[0] + ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1])] : [];
  })).sort((a, b) => a - b);
  let best = [centre[0], 0];
  for (let index = 0; index + 1 < crossings.length; index += 2) {
    const width = crossings[index + 1] - crossings[index];
    if (width > best[1]) best = [(crossings[index] + crossings[index + 1]) / 2, width];
  }
  return [best[0], y];
}

function middleOfLine(points) {
  let left = lengthOf(points) / 2;
  for (let index = 1; index < points.length; index++) {
    const step = distance(points[index - 1], points[index]);
    if (step >= left && step > 0) {
      const share = left / step;
      return [0, 1].map((axis) => points[index - 1][axis] + (points[index][axis] - points[index - 1][axis]) * share);
    }
    left -= step;
  }
  return points[0];
}

export function anchorOf(feature) {
  if (!feature.paths.length) return null;
  if (feature.shape === "point") return feature.paths[0][0][0];
  if (feature.shape === "line") return middleOfLine(feature.paths[0][0]);
  const largest = feature.paths.reduce((best, rings) => (areaOf(rings[0]) > areaOf(best[0]) ? rings : best));
  return insidePoint(largest);
}

function nearestOnEdge(point, a, b) {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const square = dx * dx + dy * dy;
  const share = square ? Math.max(0, Math.min(1, ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / square)) : 0;
  return [a[0] + share * dx, a[1] + share * dy];
}

// The nearest corner within reach, else the nearest point of an edge, else null. Features away from it are skipped.
export function snap(point, features, { reach, level = null, without = null }) {
  let [corner, edge] = [null, null];
  for (const feature of features) {
    if (feature.id === without || feature.shape === "point" || !feature.paths.length) continue;
    if (level !== null && feature.level !== level) continue;
    const box = feature.box;
    if (point[0] < box[0] - reach || point[0] > box[2] + reach || point[1] < box[1] - reach || point[1] > box[3] + reach) continue;
    for (const ring of feature.paths.flat()) {
      const last = feature.shape === "outline" ? ring.length : ring.length - 1;
      for (let index = 0; index < ring.length; index++) {
        const away = distance(point, ring[index]);
        if (away <= reach && (!corner || away < corner.away)) corner = { at: ring[index], away, feature };
        if (index >= last) continue;
        const on = nearestOnEdge(point, ring[index], ring[(index + 1) % ring.length]);
        const far = distance(point, on);
        if (far <= reach && (!edge || far < edge.away)) edge = { at: on, away: far, feature };
      }
    }
  }
  return corner || edge;
}

export const pathData = (feature, paths = feature.paths) => paths.map((rings) => rings.map((ring) =>
  `M${ring.map(([x, y]) => `${x} ${y}`).join("L")}${feature.shape === "outline" ? "Z" : ""}`).join("")).join("");

// Round lengths for a scale bar: 1, 2 or 5 times a power of ten.
export function roundLength(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  return [5, 2, 1].map((step) => step * power).find((length) => length <= most) || power;
}
