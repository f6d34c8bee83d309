// SPDX-License-Identifier: Apache-2.0
// The link to the server: resumes from the last entry seen, and says the truth about how fresh the picture is.
import { keepPicture, keptPicture } from "./cache.js";
import { enough, patienceMs } from "./dead_links.js";
import { store } from "./store.js";

// The server beats every two seconds: two missed beats and the page is no longer called live.
const SILENT_MS = 4_500;
const LOOK_MS = 500;
// A link that is silent for so long is dead, though nobody said so; the first picture of a large event may take longer.
const DEAD_MS = 10_000;
const FIRST_MS = 30_000;
const LINK_MS = 5_000;
const WAIT_MIN_MS = 300;
const WAIT_MAX_MS = 8_000;
const PING_MS = 15_000;
const REFERENCE_AGAIN_MS = 2_000;
// The clock of the server is at least this: the message that was on its way for the shortest time tells most.
const CLOCK_SAMPLES = 60;

export const base = location.pathname.replace(/[^/]*$/, "");
export const link = { latency_ms: null, links: {}, number: 0, mustSignIn: false };

let source = null;
let waitMs = WAIT_MIN_MS;
let timer = 0;
let unheard = 0;
let heardAt = 0;
let connectedAt = 0;
let behindSince = 0;
let isSubscribed = false;
let hasPicture = false;
let samples = [];

const clockMs = () => performance.now();

export async function start() {
  connect();
  fetchReference();
  setInterval(look, LOOK_MS);
  setInterval(() => store.tick(), 1000);
  setInterval(ping, PING_MS);
  ping();
  addEventListener("online", again);
  addEventListener("offline", look);
  addEventListener("pageshow", (event) => { if (event.persisted) again(); });
  addEventListener("pagehide", () => source?.close());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { look(); if (silence() > SILENT_MS) again(); } });
  const kept = await keptPicture();
  // Only while nothing newer has come: what was kept is shown, and called old.
  if (kept && !hasPicture) {
    if (!store.reference && kept.reference) store.takeReference(kept.reference);
    store.keptAt = kept.at;
    store.take(kept.documents, { number: kept.number, isAll: true });
    store.takeSignals(kept.signals);
    look();
  }
}

function again() {
  waitMs = WAIT_MIN_MS;
  connect();
}

function connect() {
  clearTimeout(timer);
  source?.close();
  isSubscribed = false;
  // What was kept from an earlier visit lacks what may not be kept: only a picture of this visit is resumed.
  const opened = new EventSource(`${base}live${hasPicture ? `?after=${store.number}` : ""}`);
  source = opened;
  connectedAt = clockMs();
  const hear = (kind, act) => opened.addEventListener(kind, (event) => { if (source === opened) { heard(); act(JSON.parse(event.data)); look(); } });
  hear("subscribed", subscribed);
  hear("update", update);
  hear("signals", ({ values }) => store.takeSignals(values));
  hear("heartbeat", heartbeat);
  opened.addEventListener("cut", () => { if (source === opened) retry(); });
  opened.onerror = () => { if (source === opened) retry(); };
}

// The wait is drawn by lot, so that a thousand screens do not come back in the same instant.
function retry() {
  source.close();
  source = null;
  isSubscribed = false;
  unheard += 1;
  const wait = waitMs * (0.5 + Math.random());
  if (waitMs >= WAIT_MAX_MS / 4) checkSession();
  waitMs = Math.min(waitMs * 2, WAIT_MAX_MS);
  timer = setTimeout(connect, wait);
  look();
}

function heard() {
  heardAt = clockMs();
  unheard = 0;
  waitMs = WAIT_MIN_MS;
}

function subscribed({ number, now, snapshot, documents, reference }) {
  link.links = {};
  setClock(now);
  store.take(documents, { number, isAll: snapshot });
  // A picture that begins anew, after a long absence or with other rights, may stand on another plan.
  const isAnew = snapshot && hasPicture;
  isSubscribed = hasPicture = true;
  link.number = number;
  link.mustSignIn = false;
  store.keptAt = 0;
  if (reference || isAnew) fetchReference();
}

function update({ number, now, documents, reference }) {
  setClock(now);
  if (number > store.number) store.take(documents, { number });
  link.number = Math.max(link.number, number);
  if (reference) fetchReference();
}

function heartbeat({ number, now, links }) {
  setClock(now);
  link.number = Math.max(link.number, number);
  link.links = links || {};
}

function setClock(now) {
  samples.push(now - Date.now());
  if (samples.length > CLOCK_SAMPLES) samples = samples.slice(-CLOCK_SAMPLES);
  store.offset = Math.max(...samples);
}

const silence = () => (heardAt ? clockMs() - heardAt : Infinity);
const firstMs = () => (hasPicture ? patienceMs(unheard, LINK_MS, FIRST_MS) : FIRST_MS);
const isDead = () => source !== null && (heardAt > connectedAt ? silence() > DEAD_MS : clockMs() - connectedAt > firstMs());
/** Whether the server is heard now. */
export const isHeard = () => silence() < SILENT_MS;

/** Says how fresh the picture is: live only while its entry number is the one the server beats. */
export function look() {
  if (isDead()) { retry(); return; }
  const silent = silence();
  // A server that does not hear the journal itself beats an old number: it proves nothing.
  const isBehind = !isSubscribed || link.number > store.number || link.links.journal === false;
  if (!isBehind) behindSince = 0;
  else behindSince ||= clockMs();
  const behind = behindSince ? clockMs() - behindSince : 0;
  const age = store.keptAt ? Date.now() - store.keptAt : Math.max(Number.isFinite(silent) ? silent : 0, behind);
  store.takeFreshness({ state: stateOf(silent, behind), age_ms: age });
}

function stateOf(silent, behind) {
  if (store.isReplay) return "replay";
  const isSilent = silent > SILENT_MS;
  if (isSilent && (store.keptAt || navigator.onLine === false)) return "offline";
  if (!heardAt) return behind > SILENT_MS ? "stale" : "catching";
  if (isSilent || behind > SILENT_MS) return "stale";
  // A picture that lacks a part is not the whole picture.
  return behind || store.missing ? "catching" : "live";
}

let isFetching = false;
let isAsked = false;
let knownPlan = "";

/** Fetches what the plan says anew; asked several times at once, it is fetched once more. */
export async function fetchReference() {
  if (isFetching) { isAsked = true; return; }
  isFetching = true;
  isAsked = false;
  let isDone = false;
  try {
    const answer = await fetch(`${base}reference`, { headers: { Accept: "application/json" }, cache: "no-cache", signal: enough() });
    noteSession(answer);
    if (answer.ok && !answer.redirected) { takeReference(await answer.text()); isDone = true; }
  } catch { /* the link says so itself */ }
  isFetching = false;
  if (isAsked || !isDone) setTimeout(fetchReference, isDone ? 0 : REFERENCE_AGAIN_MS * (0.5 + Math.random()));
}

// The same plan again is no news: the map and the lists stay as they are.
function takeReference(text) {
  const plan = text.replace(/"number":\d+/, "");
  if (plan === knownPlan) return;
  knownPlan = plan;
  store.takeReference(JSON.parse(text));
}

function noteSession(answer) {
  link.mustSignIn = answer.redirected || answer.status === 401 || answer.status === 403;
  if (link.mustSignIn) store.mark("freshness", "");
}

async function checkSession() {
  const answer = await fetch(`${base}reference`, { cache: "no-cache", signal: enough() }).catch(() => null);
  if (answer) noteSession(answer);
}

async function ping() {
  if (document.hidden) return;
  const begun = clockMs();
  const answer = await fetch("/healthz", { cache: "no-store", signal: enough() }).catch(() => null);
  link.latency_ms = answer ? Math.round(clockMs() - begun) : null;
}

keepPicture(() => hasPicture && !store.isReplay);
