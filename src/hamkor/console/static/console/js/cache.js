// SPDX-License-Identifier: Apache-2.0
// The last picture, kept in this browser so that a console without a link still shows what was known.
import { store } from "./store.js";

const NAME = "hamkor-console";
const PICTURES = "pictures";
const EVERY_MS = 15_000;
const LOOK_MS = 1_000;
// What only some may see is never kept on a device.
const NEVER_KEPT = new Set(["medical_detail", "missing_person", "handover"]);

const key = () => `${location.pathname} ${document.body.dataset.person || ""}`;
let keptNumber = -1;

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(PICTURES);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function inStore(mode, act) {
  const database = await open();
  try {
    const done = act(database.transaction(PICTURES, mode).objectStore(PICTURES));
    return await new Promise((resolve, reject) => {
      done.onsuccess = () => resolve(done.result);
      done.onerror = () => reject(done.error);
    });
  } finally { database.close(); }
}

/** Returns what was kept of this event for this person, or null. */
export const keptPicture = () => inStore("readonly", (pictures) => pictures.get(key())).catch(() => null);

/** Keeps the picture from time to time, when a test says that it is worth keeping. */
export function keepPicture(isWorth) {
  let keptAt = -Infinity;
  setInterval(() => {
    if (performance.now() - keptAt < EVERY_MS || store.number === keptNumber || !store.reference || document.body.dataset.left || !isWorth()) return;
    keptAt = performance.now();
    (globalThis.requestIdleCallback || setTimeout)(keep);
  }, LOOK_MS);
}

async function keep() {
  keptNumber = store.number;
  const documents = [];
  for (const [kind, bodies] of store.live.documents) {
    if (!NEVER_KEPT.has(kind)) for (const [id, body] of bodies) documents.push({ kind, id, body });
  }
  const signals = [...store.live.signals].map(([name, value]) => {
    const colon = name.indexOf(":");
    return { kind: name.slice(0, colon), id: name.slice(colon + 1), ...value };
  });
  // Whoever used this browser before leaves nothing for the next person.
  const kept = { number: store.number, at: Date.now() - store.freshness.age_ms, reference: store.reference, documents, signals };
  await inStore("readwrite", (pictures) => { pictures.clear(); return pictures.put(kept, key()); }).catch(() => null);
}
