// SPDX-License-Identifier: Apache-2.0
// What is shown: curves of places and links, and where every person was, unpacked from this very page.
"use strict";
const D = JSON.parse(document.getElementById("data").textContent);
const T = D.texts;
const $ = (id) => document.getElementById(id);

async function unpack(text, Kind) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Kind(await new Response(stream).arrayBuffer());
}

// A track is one person on one storey without a break; its places follow from the first one and small steps.
async function unpackPeople(people) {
  const names = ["first", "length", "sheet", "x0", "y0", "dx", "dy"];
  const kinds = [Uint16Array, Uint16Array, Uint8Array, Int16Array, Int16Array, Int8Array, Int8Array];
  const read = await Promise.all(names.map((name, at) => unpack(people[name], kinds[at])));
  const [first, length, sheet, x0, y0, dx, dy] = read;
  const start = new Uint32Array(first.length + 1);
  for (let at = 0; at < first.length; at++) start[at + 1] = start[at] + length[at];
  const x = new Int16Array(start[first.length]);
  const y = new Int16Array(start[first.length]);
  let step = 0;
  for (let at = 0; at < first.length; at++) {
    x[start[at]] = x0[at];
    y[start[at]] = y0[at];
    for (let row = start[at] + 1; row < start[at + 1]; row++, step++) {
      x[row] = x[row - 1] + dx[step];
      y[row] = y[row - 1] + dy[step];
    }
  }
  const grids = await Promise.all(people.grids.map(async (grid) => ({ ...grid, open: await unpack(grid.open, Uint8Array) })));
  return { first, length, sheet, start, x, y, grids, step_s: people.step_s, unit: people.unit, levels: people.levels };
}

// Value of a curve at a second, straight between its points.
function valueAt(values, seconds) {
  const at = Math.min(Math.max(seconds / D.step_s, 0), values.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, values.length - 1);
  return values[low] + (values[high] - values[low]) * (at - low);
}

function stepOf(density) {
  let at = 0;
  while (at < D.steps.length && density >= D.steps[at]) at++;
  return at;
}

function clock(seconds) {
  const whole = Math.round(seconds);
  const two = (number) => String(number).padStart(2, "0");
  if (D.begins_s === null) return `${Math.floor(whole / 60)}:${two(whole % 60)}`;
  const day = (D.begins_s + whole) % 86400;
  return `${two(Math.floor(day / 3600))}:${two(Math.floor(day / 60) % 60)}:${two(day % 60)}`;
}

// Groups are kept apart by a space in every language of the program; only the decimal sign differs.
const numbers = {
  format(value) {
    const [whole, part] = (Math.round(value * 10) / 10).toString().split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, "\u00a0");
    return part ? `${grouped}${D.language === "en" ? "." : ","}${part}` : grouped;
  },
};
const whole = (value) => numbers.format(Math.round(value));
const perM2 = (density) => (density < 0.05 ? `< ${numbers.format(0.1)}` : numbers.format(density));
