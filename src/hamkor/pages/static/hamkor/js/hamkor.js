// SPDX-License-Identifier: Apache-2.0
// The one script of every page: what is typed is kept, changes of others appear, keys work.
import { startLive } from "./live.js";
import { startEditor } from "./editor.js";
import { startKeys } from "./keys.js";
import { startNavigation } from "./navigation.js";
import { startDrafts } from "./drafts.js";
import { startRows } from "./rows.js";
import { say } from "./toasts.js";

function closeMenuOnPhones() {
  const menu = document.querySelector(".nav > details");
  if (menu && !menu.dataset.set) {
    menu.dataset.set = "yes";
    menu.open = matchMedia("(min-width: 781px)").matches;
  }
}

function onReady() {
  closeMenuOnPhones();
}

startLive();
startEditor();
startKeys();
startNavigation();
startDrafts();
startRows();
onReady();
document.addEventListener("htmx:load", onReady);
// A button does its work once, however often it is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sending) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  if (form.method === "post") {
    form.dataset.sending = "yes";
    setTimeout(() => delete form.dataset.sending, 4000);
  }
}, true);
document.addEventListener("htmx:afterRequest", (event) => { delete event.target.dataset?.sending; });
document.addEventListener("htmx:sendError", () => say(document.body.dataset.textOffline || "", "red"));
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) { event.preventDefault(); document.getElementById(opener.dataset.opens)?.showModal(); }
  const closer = event.target.closest("[data-closes]");
  if (closer) { event.preventDefault(); closer.closest("dialog")?.close(); }
});
