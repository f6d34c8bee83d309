// SPDX-License-Identifier: Apache-2.0
// The page is green only while the number it shows is the number of the server's last heartbeat.
import { morphBody } from "./morph.js";

const SILENT_MS = 9000;
const COALESCE_MS = 150;
const RETRY_MIN_MS = 500;
const RETRY_MAX_MS = 15000;
// Who removed the item is being led elsewhere meanwhile; only who still looks at it after this is told.
const GONE_MS = 1500;

let source = null;
let address = "";
let heard = 0;
let newest = 0;
let retryMs = RETRY_MIN_MS;
let timer = 0;
let fetching = false;

const shownNumber = () => Number(document.body.dataset.number || 0);

export function startLive() {
  connect();
  document.addEventListener("htmx:afterSettle", connect);
  setInterval(showState, 1000);
  addEventListener("online", () => { retryMs = RETRY_MIN_MS; reconnect(); });
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => { if (event.persisted) reconnect(); });
}

function connect() {
  const wanted = document.body.dataset.live || "";
  if (wanted === address && source && source.readyState !== EventSource.CLOSED) { showState(); return; }
  source?.close();
  source = null;
  address = wanted;
  newest = shownNumber();
  if (address) reconnect();
}

function reconnect() {
  if (!address) return;
  source?.close();
  const opened = new EventSource(`${address}?after=${shownNumber()}&at=${encodeURIComponent(location.pathname)}`);
  source = opened;
  for (const kind of ["subscribed", "update", "heartbeat"]) {
    opened.addEventListener(kind, (event) => {
      const message = JSON.parse(event.data);
      heard = Date.now();
      retryMs = RETRY_MIN_MS;
      newest = Math.max(newest, message.number);
      if (message.people) showPeople(message.people);
      if (newest > shownNumber()) refreshSoon();
      showState();
    });
  }
  opened.onerror = () => {
    opened.close();
    if (source !== opened) return;
    const wait = retryMs * (0.5 + Math.random());
    retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
    setTimeout(() => { if (source === opened) reconnect(); }, wait);
    showState();
  };
}

export function refreshSoon() {
  clearTimeout(timer);
  timer = setTimeout(refresh, COALESCE_MS);
}

async function refresh() {
  if (fetching) { refreshSoon(); return; }
  fetching = true;
  try {
    const answer = await fetch(location.href, { headers: { "X-Live": "1", Accept: "text/html" } });
    if (answer.ok && !answer.redirected) morphBody(await answer.text());
    else if (answer.status === 404) { await tellGone(location.href); return; }
  } catch { /* the state says that the link is gone */ } finally {
    fetching = false;
    showState();
  }
  if (newest > shownNumber() && heard > Date.now() - SILENT_MS) setTimeout(refreshSoon, 1000);
}

/** Shows that what this page was about is no more, unless the person has gone elsewhere. */
async function tellGone(href) {
  await new Promise((resolve) => { setTimeout(resolve, GONE_MS); });
  if (location.href === href) location.reload();
}

function showState() {
  const sign = document.getElementById("freshness");
  if (!sign || !address) { document.body.classList.remove("stale"); return; }
  const silent = Date.now() - heard;
  const isAlive = heard > 0 && silent < SILENT_MS;
  const state = !isAlive ? (heard ? "stale" : "waiting") : newest === shownNumber() ? "live" : "waiting";
  sign.dataset.state = state;
  document.body.classList.toggle("stale", state === "stale");
  const words = { live: sign.dataset.textLive, waiting: sign.dataset.textWaiting, stale: sign.dataset.textStale };
  const text = state === "stale" ? words.stale.replace("{seconds}", Math.round(silent / 1000)) : words[state];
  if (sign.textContent !== text) sign.textContent = text;
}

function showPeople(people) {
  const place = document.getElementById("people-here");
  if (!place) return;
  const text = people.map((person) => person.text).join(" · ");
  if (place.textContent !== text) { place.textContent = text; place.title = text; }
}
