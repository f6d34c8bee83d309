// SPDX-License-Identifier: Apache-2.0
// Signing out takes along what this browser keeps of the person: the last picture of the console, its shell, what was typed.
// The server says so, too (Clear-Site-Data), which browsers hear over TLS and on this machine only: the script does it everywhere.
const OUTBOX = ["hamkor-outbox", "commands"];
const PICTURES = ["hamkor-console", "pictures"];
const FIELDS = "hamkor-unsent";
const OURS = "hamkor-";
// Nobody typed these: that a message was seen is no loss.
const RECEIPTS = new Set(["mark_delivered", "mark_seen"]);
const WAIT_MS = 3000;

// A database that is not there is not made by looking at it.
function open(name) {
  return new Promise((resolve) => {
    const asked = indexedDB.open(name);
    asked.onupgradeneeded = () => asked.transaction.abort();
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = asked.onblocked = (event) => { event.preventDefault(); resolve(null); };
  });
}

async function inStore([name, store], mode, act) {
  const database = await open(name);
  if (!database?.objectStoreNames.contains(store)) { database?.close(); return null; }
  return new Promise((resolve) => {
    const turn = database.transaction(store, mode);
    const request = act(turn.objectStore(store));
    turn.oncomplete = () => { database.close(); resolve(request.result); };
    turn.onerror = turn.onabort = () => { database.close(); resolve(null); };
  });
}

/** How many commands and fields of this browser no server has; refused ones count, for their words stand nowhere else. */
export async function countUnsent() {
  const commands = (await inStore(OUTBOX, "readonly", (all) => all.getAll()).catch(() => null)) || [];
  const fields = JSON.parse(localStorage.getItem(FIELDS) || "[]");
  return commands.filter((item) => !RECEIPTS.has(item.verb)).length + fields.length;
}

/** Empties what is kept here. */
export async function forget() {
  const ended = [inStore(OUTBOX, "readwrite", (all) => all.clear()), inStore(PICTURES, "readwrite", (all) => all.clear())];
  for (const name of Object.keys(localStorage)) if (name.startsWith(OURS)) localStorage.removeItem(name);
  if ("caches" in globalThis) for (const name of await caches.keys()) if (name.startsWith(OURS)) ended.push(caches.delete(name));
  if ("serviceWorker" in navigator) for (const worker of await navigator.serviceWorker.getRegistrations()) ended.push(worker.unregister());
  await Promise.allSettled(ended);
}

const within = (work, wait) => Promise.race([work, new Promise((resolve) => { setTimeout(resolve, wait); })]);

async function leave(event) {
  const form = event.target.closest("form[data-leaving]");
  if (!form) return;
  event.preventDefault();
  const count = await within(countUnsent().catch(() => 0), WAIT_MS);
  if (count && !confirm(form.dataset.unsent.replace("{count}", count))) return;
  // The windows of the console keep nothing any more from here on, this one included.
  document.body.dataset.left = "yes";
  if ("BroadcastChannel" in globalThis) new BroadcastChannel("hamkor-leaving").postMessage("left");
  await within(forget().catch(() => null), WAIT_MS);
  form.submit();
}

document.addEventListener("submit", leave);
