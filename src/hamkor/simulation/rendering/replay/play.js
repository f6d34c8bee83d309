// SPDX-License-Identifier: Apache-2.0
// Time, controls and what is said in words.
"use strict";
const play = { seconds: 0, speed: 30, isOn: false, last: 0, told: 0 };
const SPEEDS = [1, 5, 10, 30, 60, 120, 300];

function option(select, value, text) {
  const made = document.createElement("option");
  made.value = value;
  made.textContent = text;
  select.append(made);
}

function setTime(seconds) {
  play.seconds = Math.min(Math.max(seconds, 0), D.until_s);
  $("time").value = play.seconds;
  const left = Math.max(0, D.all_people - valueAt(D.arrived.values, play.seconds));
  const text = `${clock(play.seconds)}   ${whole(left)} ${T.to_go}`;
  $("now").textContent = text;
  $("time").setAttribute("aria-valuetext", text);
  ask();
}

let asked = 0;
function ask() {
  if (!asked) asked = requestAnimationFrame(tick);
}
function tick(moment) {
  asked = 0;
  if (play.isOn) {
    play.seconds = Math.min(D.until_s, play.seconds + ((moment - play.last) / 1000) * play.speed);
    play.last = moment;
    if (play.seconds >= D.until_s) setPlaying(false);
    setTime(play.seconds);
  }
  draw(play.seconds);
  drawCurve();
  if (!play.isOn || moment - play.told > 250) {
    play.told = moment;
    drawTables();
  }
}
function setPlaying(isOn) {
  if (isOn && play.seconds >= D.until_s) play.seconds = 0;
  play.isOn = isOn;
  play.last = performance.now();
  $("play").textContent = isOn ? `❚❚ ${T.pause}` : `▶ ${T.play}`;
  ask();
}

function drawCurve() {
  const canvas = $("curve");
  const ratio = window.devicePixelRatio || 1;
  const [wide, high] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = wide * ratio;
  canvas.height = high * ratio;
  const line = canvas.getContext("2d");
  line.scale(ratio, ratio);
  const inset = 8; // half the knob of the slider
  const left = (at) => inset + ((wide - 2 * inset) * at * D.step_s) / D.until_s;
  const top = (value) => high - 2 - ((high - 6) * value) / Math.max(D.all_people, 1);
  const path = (values, isFirst) => values.forEach((value, at) => (at || !isFirst ? line.lineTo(left(at), top(value)) : line.moveTo(left(at), top(value))));
  line.fillStyle = line.strokeStyle = css("--accent");
  if (D.arrived.low.length) {
    line.globalAlpha = 0.25;
    line.beginPath();
    path(D.arrived.low, true);
    [...D.arrived.high.keys()].reverse().forEach((at) => line.lineTo(left(at), top(D.arrived.high[at])));
    line.fill();
    line.globalAlpha = 1;
  }
  line.lineWidth = 2;
  line.beginPath();
  path(D.arrived.values, true);
  line.stroke();
  line.strokeStyle = css("--ink");
  line.lineWidth = 1;
  line.beginPath();
  line.moveTo(left(play.seconds / D.step_s), 0);
  line.lineTo(left(play.seconds / D.step_s), high);
  line.stroke();
  line.fillStyle = css("--quiet");
  line.font = "11px system-ui, sans-serif";
  line.fillText(T.arrived, inset, 12);
}

function fill(table, heads, rows, empty) {
  table.replaceChildren();
  const line = (cells, kind) => {
    const row = document.createElement("tr");
    for (const text of cells) {
      const cell = document.createElement(kind);
      cell.textContent = text;
      row.append(cell);
    }
    table.append(row);
  };
  if (!rows.length) return line([empty], "td");
  line(heads, "th");
  rows.forEach((cells) => line(cells, "td"));
}

function drawTables() {
  const now = play.seconds;
  const queues = D.links.map((link) => [link, valueAt(link.queue, now)]).filter(([, queue]) => queue >= 1);
  queues.sort((one, other) => other[1] - one[1]);
  const rows = queues.slice(0, 5).map(([link, queue]) => [link.name, whole(queue), whole(valueAt(link.flow, now))]);
  fill($("queues"), [T.gate, T.waiting, T.per_min], rows, T.no_queue);
  const dense = D.places.filter((place) => place.area).map((place) => [place, valueAt(place.people, now)]);
  dense.sort((one, other) => other[1] / other[0].area - one[1] / one[0].area);
  const lines = dense.filter(([, people]) => people >= 1).slice(0, 5);
  const cells = lines.map(([place, people]) => [place.name, whole(people), perM2(people / place.area)]);
  fill($("places"), [T.place, T.people, T.mean_per_m2], cells, T.empty);
}

function found(px, py) {
  const [x, y] = toMetres(px, py);
  const near = D.links.filter((link) => link.line.length && isHere(link) && Math.hypot(link.middle[0] - x, link.middle[1] - y) * view.scale < 14);
  if (near.length) {
    const link = near[0];
    return `${link.name}\n${T.waiting}: ${whole(valueAt(link.queue, play.seconds))}\n${T.per_min}: ${whole(valueAt(link.flow, play.seconds))}`;
  }
  const inside = D.places.filter((place) => isHere(place) && contains(place, x * 10, y * 10));
  const place = inside.sort((one, other) => (one.size || 1e12) - (other.size || 1e12))[0];
  if (!place) return "";
  const people = valueAt(place.people, play.seconds);
  const density = place.area ? `\n${T.mean_per_m2}: ${perM2(people / place.area)}` : "";
  const here = view.people ? `\n${T.here}: ${perM2(densityHere(play.seconds, x, y))}` : "";
  return `${place.name}\n${T.people}: ${whole(people)}${density}${here}`;
}
function contains(place, x, y) {
  let isIn = false;
  for (const ring of place.rings)
    for (let at = 0, before = ring.length - 2; at < ring.length; before = at, at += 2)
      if (ring[at + 1] > y !== ring[before + 1] > y && x < ((ring[before] - ring[at]) * (y - ring[at + 1])) / (ring[before + 1] - ring[at + 1]) + ring[at])
        isIn = !isIn;
  return isIn;
}
function tell(px, py) {
  const text = found(px, py);
  $("hint").hidden = !text;
  $("hint").textContent = text;
  $("hint").style.left = `${Math.max(4, Math.min(px + 14, map.clientWidth - $("hint").offsetWidth - 4))}px`;
  $("hint").style.top = `${Math.max(4, Math.min(py + 14, map.clientHeight - $("hint").offsetHeight - 4))}px`;
}

function zoom(factor, px = map.clientWidth / 2, py = map.clientHeight / 2) {
  const [x, y] = toMetres(px, py);
  view.scale *= factor;
  view.x = x - (px - map.clientWidth / 2) / view.scale;
  view.y = y + (py - map.clientHeight / 2) / view.scale;
  ask();
}

const pointers = new Map();
map.addEventListener("pointerdown", (event) => {
  map.setPointerCapture(event.pointerId);
  pointers.set(event.pointerId, event);
});
map.addEventListener("pointermove", (event) => {
  const before = pointers.get(event.pointerId);
  if (!before) return tell(event.offsetX, event.offsetY);
  const others = [...pointers.values()].filter((one) => one.pointerId !== event.pointerId);
  if (others.length) {
    const away = (one) => Math.hypot(one.offsetX - others[0].offsetX, one.offsetY - others[0].offsetY);
    zoom(away(event) / Math.max(1, away(before)), others[0].offsetX, others[0].offsetY);
  } else {
    view.x -= (event.offsetX - before.offsetX) / view.scale;
    view.y += (event.offsetY - before.offsetY) / view.scale;
    ask();
  }
  pointers.set(event.pointerId, event);
});
for (const kind of ["pointerup", "pointercancel"])
  map.addEventListener(kind, (event) => {
    pointers.delete(event.pointerId);
    tell(event.offsetX, event.offsetY);
  });
map.addEventListener("pointerleave", () => ($("hint").hidden = true));
map.addEventListener("wheel", (event) => {
  event.preventDefault();
  zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, event.offsetX, event.offsetY);
}, { passive: false });

const KEYS = {
  " ": () => setPlaying(!play.isOn),
  ArrowLeft: (event) => setTime(play.seconds - (event.shiftKey ? 60 : 10)),
  ArrowRight: (event) => setTime(play.seconds + (event.shiftKey ? 60 : 10)),
  Home: () => setTime(0),
  End: () => setTime(D.until_s),
  "+": () => zoom(1.25),
  "-": () => zoom(0.8),
  0: () => (fit(), ask()),
};
document.addEventListener("keydown", (event) => {
  const isOwn = event.target instanceof Element && event.target.matches("select, button") && event.key === " ";
  const isChoice = event.target instanceof Element && event.target.matches("select");
  if (isOwn || isChoice || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key](event);
});

function drawLegend() {
  const steps = D.steps.map((step) => numbers.format(Math.round(step * 10) / 10));
  const line = (text, colour) => {
    const item = document.createElement("li");
    if (colour) item.append(Object.assign(document.createElement("i"), { style: `background:${colour}` }));
    item.append(text);
    return item;
  };
  const colours = view.people && view.show === "people" ? dotColours() : cellColours();
  const texts = ["A", "B", "C", "D", "E", "F", "F"].map((letter, at) => `${letter}  ${at < steps.length ? `${at ? steps[at - 1] : 0}–${steps[at]}` : `> ${steps[at - 1]}`}`);
  $("legend").replaceChildren(line(T.per_m2), ...texts.map((text, at) => line(text, colours[at])));
}
function setTheme(name) {
  document.documentElement.dataset.theme = name;
  ink.clear();
  $("theme").textContent = name === "dark" ? T.light : T.dark;
  drawLegend();
  ask();
}

async function begin() {
  $("title").textContent = D.title;
  $("subtitle").textContent = D.subtitle;
  for (const [id, text] of Object.entries({ "speed-label": T.speed, "level-label": T.level, "show-label": T.show, "queues-title": T.queues, "places-title": T.places, keys: T.keys, caution: D.caution })) $(id).textContent = text;
  for (const [id, text] of Object.entries({ in: T.zoom_in, out: T.zoom_out, fit: T.fit, time: T.time })) $(id).setAttribute("aria-label", text);
  map.setAttribute("aria-label", `${D.title}. ${D.subtitle}`);
  $("time").max = D.until_s;
  SPEEDS.forEach((speed) => option($("speed"), speed, `${speed}×`));
  play.speed = SPEEDS.find((speed) => D.until_s / speed <= 60) || SPEEDS[SPEEDS.length - 1];
  $("speed").value = play.speed;
  const levels = [...new Set(D.places.map((place) => place.level))].sort((one, other) => one - other);
  option($("level"), "all", T.all);
  levels.forEach((level) => option($("level"), level, level));
  $("level-box").hidden = levels.length < 2;
  for (const [value, text] of [["people", T.show_people], ["density", T.show_density], ["both", T.show_both]]) option($("show"), value, text);
  $("show-box").hidden = !D.people;
  $("speed").onchange = () => (play.speed = Number($("speed").value));
  $("level").onchange = () => ((view.level = $("level").value === "all" ? "all" : Number($("level").value)), ask());
  $("show").onchange = () => ((view.show = $("show").value), drawLegend(), ask());
  $("play").onclick = () => setPlaying(!play.isOn);
  $("time").oninput = () => setTime(Number($("time").value));
  $("theme").onclick = () => setTheme(isDark() ? "light" : "dark");
  $("in").onclick = () => zoom(1.25);
  $("out").onclick = () => zoom(0.8);
  $("fit").onclick = KEYS[0];
  new ResizeObserver(() => (fit(), ask())).observe(map);
  if (D.people) view.people = await unpackPeople(D.people);
  fit();
  setTheme(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  setPlaying(false);
  setTime(0);
  document.documentElement.dataset.ready = "yes";
}
begin();
