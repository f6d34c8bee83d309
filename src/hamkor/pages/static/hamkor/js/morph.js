// SPDX-License-Identifier: Apache-2.0
// Brings the page to what the server says, without touching what a person is typing.
export function isBusy(element) {
  return element.matches?.("[data-dirty], [data-keep]") || (element === document.activeElement && element.matches?.("input, textarea, select"));
}

export function morphBody(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  if (!fresh.body.dataset.live) return false;
  const openDialogs = [...document.querySelectorAll("dialog[open]")].map((dialog) => dialog.id);
  const openDetails = new Set([...document.querySelectorAll("details[id][open]")].map((details) => details.id));
  Idiomorph.morph(document.body, fresh.body, {
    morphStyle: "outerHTML",
    ignoreActiveValue: true,
    callbacks: {
      beforeNodeMorphed(old) {
        if (old.nodeType !== Node.ELEMENT_NODE) return true;
        if (old.tagName === "DIALOG" && old.open) return false;
        return !isBusy(old);
      },
      beforeNodeRemoved(old) {
        return !(old.nodeType === Node.ELEMENT_NODE && (isBusy(old) || old.querySelector?.("[data-dirty], dialog[open]")));
      },
      beforeAttributeUpdated(name, node, change) {
        return !(node.tagName === "DETAILS" && name === "open") && !(name === "class" && node === document.body);
      },
    },
  });
  for (const id of openDetails) { const details = document.getElementById(id); if (details) details.open = true; }
  for (const id of openDialogs) { const dialog = document.getElementById(id); if (dialog && !dialog.open) dialog.showModal(); }
  document.title = fresh.title;
  htmx.process(document.body);
  document.dispatchEvent(new CustomEvent("hamkor:morphed"));
  return true;
}
