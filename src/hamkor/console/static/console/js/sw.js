// SPDX-License-Identifier: Apache-2.0
// Keeps the shell of the console, so that it opens without a link and shows the last picture, read-only.
// Served at the root of the console of one event; nothing outside of it is touched.
const SHELL = "hamkor-console-shell-2";
const PAGE_WAIT_MS = 6000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(begin()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate" && url.href.split(/[?#]/)[0] === self.registration.scope) event.respondWith(page(request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(fixed(request, event));
});
self.addEventListener("message", (event) => { if (Array.isArray(event.data?.shell)) event.waitUntil(fill(event.data.shell)); });

async function begin() {
  for (const name of await caches.keys()) if (name.startsWith("hamkor-console-shell") && name !== SHELL) await caches.delete(name);
  await self.clients.claim();
}

// Takes in what the page is made of and is not kept yet: of our own origin, nothing else.
async function fill(shell) {
  const cache = await caches.open(SHELL);
  const files = shell.filter((name) => name.startsWith(`${location.origin}/static/`));
  for (const name of new Set([self.registration.scope, ...files])) {
    if (await cache.match(name)) continue;
    const answer = await fetch(name).catch(() => null);
    if (answer?.ok && !answer.redirected) await cache.put(name, answer);
  }
}

// The page itself is asked of the server while there is one; whoever may not see it any more takes the copy along.
async function page(request) {
  const cache = await caches.open(SHELL);
  try {
    const answer = await Promise.race([fetch(request), refuseAfter(PAGE_WAIT_MS)]);
    if (answer.ok && !answer.redirected && answer.type === "basic") await cache.put(self.registration.scope, answer.clone());
    else if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403 || answer.status === 404) await cache.delete(self.registration.scope);
    return answer;
  } catch (fault) {
    const kept = await cache.match(self.registration.scope);
    if (kept) return kept;
    throw fault;
  }
}

// Scripts and styles: from the server while it answers, else as they were last.
async function fixed(request, event) {
  const cache = await caches.open(SHELL);
  try {
    const answer = await fetch(request);
    if (answer.ok) event.waitUntil(cache.put(request, answer.clone()));
    return answer;
  } catch (fault) {
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw fault;
  }
}

const refuseAfter = (wait) => new Promise((_, refuse) => { setTimeout(() => refuse(new Error("slow")), wait); });
