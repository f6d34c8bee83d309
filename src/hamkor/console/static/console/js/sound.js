// SPDX-License-Identifier: Apache-2.0
// Sounds of alarms, told apart by priority. Of several windows of one operator only one sounds.
import { html, render } from "../../hamkor/vendor/lit/lit-html.js";
import { word } from "./words.js";
import { store } from "./store.js";
import { hint, register } from "./keys.js";

const OFF = "hamkor-sound-off";
// Per priority: notes in hertz, seconds of each, how often it returns while nobody has acknowledged.
const CALLS = {
  1: { notes: [988, 740, 988, 740, 988, 740], each_s: 0.14, gain: 0.5, again_s: 8 },
  2: { notes: [660, 660, 0, 660], each_s: 0.16, gain: 0.35, again_s: 20 },
  3: { notes: [523, 392], each_s: 0.2, gain: 0.25, again_s: 60 },
  4: { notes: [392], each_s: 0.25, gain: 0.18, again_s: 0 },
  order: { notes: [784, 988], each_s: 0.12, gain: 0.3, again_s: 0 },
};

let context = null;
let isOwner = !navigator.locks;
let lastAt = 0;
let lastPriority = 9;
const heard = new Map();
let redraw = () => {};

const isOff = () => localStorage.getItem(OFF) === "yes";
const isLocked = () => !context || context.state !== "running";

async function unlock() {
  try {
    context ??= new AudioContext();
    if (context.state === "suspended") await context.resume();
  } catch { context = null; }
  redraw();
}

/** Plays the call of a priority (1 to 4, or "order"). */
export function play(name) {
  const call = CALLS[name];
  if (!call || isLocked()) return;
  call.notes.forEach((hertz, index) => { if (hertz) tone(hertz, context.currentTime + index * call.each_s, call); });
}

function tone(hertz, at, { each_s: length, gain: loud }) {
  const source = context.createOscillator();
  const gain = context.createGain();
  source.type = "triangle";
  source.frequency.value = hertz;
  gain.gain.setValueAtTime(0.0001, at);
  gain.gain.exponentialRampToValueAtTime(loud, at + 0.015);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + length * 0.95);
  source.connect(gain).connect(context.destination);
  source.start(at);
  source.stop(at + length);
}

/** The most urgent alarm nobody has acknowledged sounds at once when new, and again after its time. */
export function callFor(alarms, now) {
  const open = alarms.filter((alarm) => alarm.state === "unacknowledged" && !alarm.flooded);
  const fresh = open.filter((alarm) => heard.get(alarm.id) !== `${alarm.raised_at} ${alarm.repeats ?? 0}`);
  for (const id of heard.keys()) if (!open.some((alarm) => alarm.id === id)) heard.delete(id);
  for (const alarm of open) heard.set(alarm.id, `${alarm.raised_at} ${alarm.repeats ?? 0}`);
  const urgent = Math.min(...open.map((alarm) => alarm.priority), 9);
  const newest = Math.min(...fresh.map((alarm) => alarm.priority), 9);
  const due = CALLS[urgent]?.again_s && now - lastAt >= CALLS[urgent].again_s * 1000;
  if (newest < 9 && (newest <= lastPriority || now - lastAt > 1500)) return newest;
  return due ? urgent : null;
}

function tick() {
  if (!isOwner || isOff() || store.freshness?.state === "replay") return;
  const now = Date.now();
  const priority = callFor(store.all("alarm"), now);
  if (!priority) return;
  lastAt = now;
  lastPriority = priority;
  play(priority);
}

async function test() {
  await unlock();
  [1, 2, 3, 4].forEach((priority, index) => setTimeout(() => play(priority), index * 1300));
}

const toggle = async () => {
  localStorage.setItem(OFF, isOff() ? "no" : "yes");
  if (!isOff()) await unlock();
  redraw();
};

/** The switch of the sound and its test. */
export function mount(element) {
  redraw = () => {
    const state = isOff() ? "off" : isLocked() ? "locked" : isOwner ? "on" : "elsewhere";
    render(html`<span class="sound" data-state=${state}>
      <button type="button" class="tool" aria-pressed=${String(!isOff())} title=${word(`sound.${state}_hint`)} @click=${state === "locked" ? unlock : toggle}>
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 9v6h4l5 4V5L8 9z"/></svg>
        <span>${word(`sound.${state}`)}</span></button>
      <button type="button" class="tool" aria-keyshortcuts="v" @click=${test}>${word("sound.test")} ${hint("v")}</button></span>`, element);
  };
  register({ key: "v", label: "sound.test", group: "everywhere", run: () => { test(); } });
  register({ key: "shift+v", label: "sound.toggle", group: "everywhere", run: () => { toggle(); } });
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => { if (!isOff() && isLocked()) unlock(); }, { capture: true, passive: true });
  // The first window holds the lock for as long as it lives; the next takes over when it is closed.
  navigator.locks?.request("hamkor-sound", () => { isOwner = true; redraw(); return new Promise(() => {}); });
  store.on(["alarm"], tick);
  setInterval(tick, 1000);
  redraw();
}
