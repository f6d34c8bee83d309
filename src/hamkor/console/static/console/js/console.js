// SPDX-License-Identifier: Apache-2.0
// The console: brings the link, the regions of the screen and what is drawn in them together.
import * as header from "./header.js";
import * as layout from "./layout.js";
import * as live from "./live.js";
import * as phases from "./phases.js";
import * as replay from "./replay.js";
import * as truth from "./truth.js";
import { store } from "./store.js";
import * as windows from "./windows.js";

// Each part of the screen stands alone: one that fails to load leaves the others whole.
const PARTS = [
  ["outbox", "unsent"], ["keys", ""], ["incidents", "incident-list"], ["incident_new", ""], ["alarms", "alarms"],
  ["map", "map"], ["commands", "commands"], ["journal", "journal"], ["agencies", "agencies"], ["gates", "gates"],
  ["jobs", "jobs"], ["charts", "charts"], ["sound", "sound"], ["units", "units"], ["posts", "posts"],
  ["orders", "orders"], ["dispatch", ""], ["contingency", "contingency"], ["show_stop", "show-stop"],
  ["handover", "handover"], ["roll_call", "roll-call"], ["reporting", ""], ["forecast_bar", "forecast"],
];

// A part that hangs on a link that died is asked for anew only with the whole page: when the server is heard again and
// nobody is in the middle of a word; later each time, for a link may just be slow.
const RELOAD_MS = 15_000;
const LONGEST = 4;
const RELOADS = "hamkor-console-reloads";

function watchParts() {
  if (!store.missing) { sessionStorage.removeItem(RELOADS); return; }
  const times = Number(sessionStorage.getItem(RELOADS)) || 0;
  if (performance.now() > RELOAD_MS * 2 ** times && live.isHeard() && !document.activeElement?.value) {
    sessionStorage.setItem(RELOADS, String(Math.min(times + 1, LONGEST)));
    location.reload();
    return;
  }
  setTimeout(watchParts, 1000);
}

async function mountPart([name, id]) {
  const element = id ? document.getElementById(id) : document.body;
  try {
    const part = await import(`./${name}.js`);
    await part.mount?.(element);
  } catch (fault) {
    console.error(name, fault);
    if (id) element?.classList.add("broken");
  }
  store.missing -= 1;
  live.look();
}

// What came before there was a worker did not pass through it: it is told what to fetch for a time without a link.
async function keepShell() {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(`${live.base}sw.js`, { scope: live.base });
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({ shell: performance.getEntriesByType("resource").map(({ name }) => name) });
  } catch { /* a browser without a store of its own shows nothing without a link */ }
}

store.missing = PARTS.length;
windows.start();
live.start();
layout.mount();
truth.mount();
header.mount();
phases.mount();
replay.mount();
// Only when every part is there is it known what the shell is made of.
watchParts();
Promise.allSettled(PARTS.map(mountPart)).then(() => setTimeout(keepShell, 2000));
