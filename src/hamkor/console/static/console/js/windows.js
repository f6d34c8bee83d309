// SPDX-License-Identifier: Apache-2.0
// Several windows of one operator stay together: what is chosen in one is chosen in all.
import { store } from "./store.js";

export function start() {
  if (!("BroadcastChannel" in globalThis)) return;
  const channel = new BroadcastChannel(`hamkor-console ${location.pathname} ${document.body.dataset.person || ""}`);
  store.onSelect = (selection) => channel.postMessage({ selection });
  channel.addEventListener("message", ({ data }) => { if ("selection" in data) store.select(data.selection, { isHeard: true }); });
}
