// SPDX-License-Identifier: Apache-2.0
// The last hour: what passes the busiest gates each minute, and how many are inside. History first, then live values.
import { html, render } from "./draw.js";
import { insideLine } from "./forecast.js";
import { eventSignal } from "./header.js";
import { base } from "./live.js";
import { gateOf, isGate } from "./map_things.js";
import { store } from "./store.js";
import { clock, ms } from "./times.js";
import { number, word } from "./words.js";

const LIBRARY = "../../hamkor/vendor/uplot/uPlot.esm.js";
const MINUTES = 60;
const MINUTE_MS = 60_000;
const LINES = 3;
const REFRESH_MS = 60_000;
// The axis covers at least this time, so that one value alone does not stretch it over days.
const LEAST_S = 600;
const STEPS_S = [120, 300, 600, 900, 1200, 1800, 3600];
const MARK_PX = 64;
const SAMPLE_MS = 5_000;
const AHEAD_MIN = 10;
const FONT = "11px Inter, sans-serif";
// Told apart by dashes and brightness, not by colour alone.
const STROKES = [{ stroke: "#e6edf3", width: 2 }, { stroke: "#8fb4d0", width: 1.6, dash: [6, 4] }, { stroke: "#7d9aa8", width: 1.6, dash: [2, 3] }];

let UPlot = null;
let element = null;
let plot = null;
let shown = "gates";
let series = [];
let size = "";
let token = 0;
let asking = 0;
let ahead = [];
// Behind the lines that were measured: the middle, and the two ends of the band.
const AHEAD_STROKES = [{ stroke: "#e6edf3", width: 1.8, dash: [5, 5] }, { stroke: "#5d6e7d", width: 1 }, { stroke: "#5d6e7d", width: 1 }];
const BAND_FILL = "#8fb4d033";

export async function mount(place) {
  element = place;
  drawFrame();
  ({ default: UPlot } = await import(LIBRARY));
  store.on(["reference", "moment"], () => refresh());
  store.on(["signal:forecast"], () => { if (shown === "inside") { drawFrame(); drawPlot(); } });
  new ResizeObserver(() => { if (plot) fitPlot(); else drawPlot(); }).observe(place);
  setInterval(() => { if (!store.isReplay && !document.hidden) refresh(); }, REFRESH_MS);
  setInterval(addNow, SAMPLE_MS);
  refresh();
}

function choose(what) {
  shown = what;
  series = [];
  drawFrame();
  drawPlot();
  refresh();
}

function drawFrame() {
  ahead = shown === "inside" && !store.isReplay ? insideLine() : [];
  const tab = (name) => html`<button type="button" class="tool" aria-pressed=${String(shown === name)} @click=${() => choose(name)}>${word(`chart.${name}`)}</button>`;
  render(html`<div class="part-head"><h2 class="visually-hidden">${word("part.charts")}</h2>${tab("gates")}${tab("inside")}<span class="aside">${word("chart.hour")}</span></div>
    <div class="chart-keys">${series.map(({ name }, index) => html`<span><svg viewBox="0 0 20 6" aria-hidden="true"><line x1="0" x2="20" y1="3" y2="3" stroke=${STROKES[index].stroke} stroke-width="2" stroke-dasharray=${(STROKES[index].dash || []).join(" ")}></line></svg>${name} <b>${number(series[index].rows.at(-1)?.[1])}</b></span>`)}${ahead.length ? html`<span><svg viewBox="0 0 20 6" aria-hidden="true"><line x1="0" x2="20" y1="3" y2="3" stroke=${AHEAD_STROKES[0].stroke} stroke-width="2" stroke-dasharray="5 5"></line></svg>${word("forecast.chart_key")} <b>${aheadText()}</b></span>` : ""}</div>
    <div class="plot" role="img" aria-label=${summary()}></div>
    ${series.length ? "" : html`<p class="chart-empty">${word("chart.none")}</p>`}`, element);
}

const summary = () => [word(`chart.${shown}`), ...series.map(({ name, rows }) => `${name}: ${number(rows.at(-1)?.[1])}`), ...(ahead.length ? [`${word("forecast.chart_key")}: ${aheadText()}`] : [])].join("; ");

// What is said of the tenth minute, in figures.
function aheadText() {
  const [, middle, low, high] = ahead[Math.min(AHEAD_MIN, ahead.length - 1)];
  return `${word("forecast.plus", { minutes: AHEAD_MIN })} ${number(middle)} ${word("forecast.band", { low: number(low), high: number(high) })}`;
}

/** Fetches the hour again: the numbers of the journal of sensors, which survive a restart. */
async function refresh() {
  const mine = ++token;
  const wanted = shown === "gates" ? busiest().map((id) => ({ kind: "opening", id, measure: "in_per_min", name: gateName(id) })) : [{ kind: "event", id: "event", measure: "inside", name: word("fact.inside") }];
  asking += 1;
  const found = await Promise.all(wanted.map(async (one) => ({ ...one, rows: await history(one) })));
  asking -= 1;
  if (mine !== token) return;
  series = found;
  addNow();
  drawFrame();
  drawPlot();
}

const gateName = (id) => store.reference?.features?.features.find((each) => each.id === id)?.properties.name || id;

function busiest() {
  const gates = (store.reference?.features?.features || []).filter(isGate).map(({ id }) => ({ id, ...gateOf(id) })).filter((gate) => gate.isKnown);
  return gates.sort((a, b) => (b.into ?? 0) - (a.into ?? 0)).slice(0, LINES).map(({ id }) => id);
}

async function history({ kind, id, measure }) {
  const at = store.isReplay ? `&to=${encodeURIComponent(new Date(store.now()).toISOString())}` : "";
  const answer = await fetch(`${base}history?kind=${kind}&id=${encodeURIComponent(id)}&measure=${measure}&minutes=${MINUTES}${at}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return [];
  const { minutes } = await answer.json();
  return (minutes || []).map((row) => [ms(row.minute), row.mean ?? row.last]).filter(([time, value]) => Number.isFinite(time) && value !== null);
}

// Between two fetches the newest value is the last point.
function addNow() {
  if (store.isReplay) return;
  // The first values of gates came after the page had asked for its hour.
  if (!series.length) { if (!asking && !document.hidden && busiest().length) refresh(); return; }
  const minute = Math.floor(store.now() / MINUTE_MS) * MINUTE_MS;
  for (const line of series) {
    const value = line.kind === "opening" ? gateOf(line.id).into : eventSignal()?.body.inside;
    if (value === null || value === undefined) continue;
    if (line.rows.at(-1)?.[0] === minute) line.rows.at(-1)[1] = value; else line.rows.push([minute, value]);
    while (line.rows.length && line.rows[0][0] < minute - MINUTES * MINUTE_MS) line.rows.shift();
  }
  plot?.setData(columns());
  drawFrame();
}

function columns() {
  const lines = [...series.map(({ rows }) => rows), ...(ahead.length ? [1, 2, 3].map((part) => ahead.map((row) => [row[0], row[part]])) : [])];
  const times = [...new Set(lines.flatMap((rows) => rows.map(([time]) => time)))].sort((a, b) => a - b);
  const tables = lines.map((rows) => new Map(rows));
  return [times.map((time) => time / 1000), ...tables.map((table) => times.map((time) => table.get(time) ?? null))];
}

function room() {
  const place = element.querySelector(".plot");
  return { width: Math.floor(place.clientWidth), height: Math.max(80, Math.floor(place.clientHeight)) };
}

function fitPlot() {
  const { width, height } = room();
  if (`${width} ${height}` === size || !width) return;
  size = `${width} ${height}`;
  plot.setSize({ width, height });
}

function drawPlot() {
  plot?.destroy();
  plot = null;
  const { width, height } = room();
  if (!UPlot || !series.some(({ rows }) => rows.length) || width < 60) return;
  size = `${width} ${height}`;
  const axis = { stroke: "#a9b7c4", font: FONT, grid: { stroke: "#26323d", width: 1 }, ticks: { show: false } };
  plot = new UPlot({
    width, height, padding: [8, 14, 0, 0], cursor: { y: false, drag: { x: false, y: false } }, legend: { show: false },
    scales: { x: { time: false, range: (_, low, high) => [Math.min(low, high - LEAST_S), high] }, y: { range: (_, low, high) => [shown === "gates" ? 0 : Math.max(0, low - (high - low) * 0.2), Math.max(high * 1.1, 5)] } },
    axes: [{ ...axis, size: 24, space: 70, values: (_, times) => times.map((time) => clock(time * 1000, { seconds: false })), splits: ticksOf }, { ...axis, size: 52, space: 28, values: (_, values) => values.map((value) => number(value)) }],
    series: [{}, ...series.map((_, index) => ({ ...STROKES[index], points: { show: false }, spanGaps: false })), ...(ahead.length ? AHEAD_STROKES.map((each) => ({ ...each, points: { show: false }, spanGaps: true })) : [])],
    bands: ahead.length ? [{ series: [series.length + 3, series.length + 2], fill: BAND_FILL }] : [],
  }, columns(), element.querySelector(".plot"));
}

// Whole minutes of a round step, so that the marks do not wander; as many as fit beside each other.
function ticksOf(_, index, low, high) {
  const most = Math.max(2, Math.floor(room().width / MARK_PX));
  const step = STEPS_S.find((each) => (high - low) / each <= most) ?? high - low;
  const found = [];
  for (let time = Math.ceil(low / step) * step; time <= high; time += step) found.push(time);
  return found;
}
