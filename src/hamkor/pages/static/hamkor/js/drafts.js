// SPDX-License-Identifier: Apache-2.0
// Long texts (data-draft="name") are kept in this browser until they were sent.
const PREFIX = "hamkor-draft:";

export function startDrafts() {
  restore();
  document.addEventListener("htmx:load", restore);
  document.addEventListener("hamkor:morphed", restore);
  document.addEventListener("input", (event) => {
    const name = event.target.dataset?.draft;
    if (name) { localStorage.setItem(PREFIX + name, event.target.value); event.target.dataset.dirty = "yes"; }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful || event.detail.requestConfig.verb !== "post") return;
    for (const field of event.target.querySelectorAll?.("[data-draft]") || []) {
      localStorage.removeItem(PREFIX + field.dataset.draft);
      delete field.dataset.dirty;
      field.value = "";
    }
  });
}

function restore() {
  for (const field of document.querySelectorAll("[data-draft]")) {
    const kept = localStorage.getItem(PREFIX + field.dataset.draft);
    if (kept && !field.value) field.value = kept;
  }
}
