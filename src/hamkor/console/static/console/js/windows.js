// SPDX-License-Identifier: Apache-2.0
// Several windows of one operator stay together: what is chosen in one is chosen in all.
import { store } from "./store.js";

// So long the server may take to end the session.
const LEFT_MS = 1500;

export function start() {
  if (!("BroadcastChannel" in globalThis)) return;
  const channel = new BroadcastChannel(`hamkor-console ${location.pathname} ${document.body.dataset.person || ""}`);
  // Another window signed out: this one is of nobody any more and shows nothing that was kept.
  new BroadcastChannel("hamkor-leaving").addEventListener("message", () => {
    if (document.body.dataset.left) return;
    document.body.dataset.left = "yes";
    setTimeout(() => location.replace("/"), LEFT_MS);
  });
  store.onSelect = (selection) => channel.postMessage({ selection });
  channel.addEventListener("message", ({ data }) => { if ("selection" in data) store.select(data.selection, { isHeard: true }); });
}
