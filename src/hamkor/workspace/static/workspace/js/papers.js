// SPDX-License-Identifier: Apache-2.0
// Findings are judged in a dialog where one stands; files are measured before they are sent; hashes come from paper.
const DRAFT = "hamkor-draft:";

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-judge]");
  const dialog = link && document.getElementById(link.dataset.dialog);
  if (!dialog || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const reason = dialog.querySelector("textarea");
  dialog.querySelector("[name=key]").value = link.dataset.judge;
  dialog.querySelector("[data-judged-title]").textContent = link.dataset.title;
  reason.dataset.draft = `judge:${document.body.dataset.live}:${link.dataset.judge}`;
  reason.value = localStorage.getItem(DRAFT + reason.dataset.draft) || "";
  dialog.showModal();
  reason.focus();
});

document.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches?.("input[type=file][data-most-bytes]")) return;
  const isTooLarge = [...field.files].some((file) => file.size > Number(field.dataset.mostBytes));
  field.setCustomValidity(isTooLarge ? field.dataset.textTooLarge : "");
  if (isTooLarge) field.reportValidity();
});

// The code on paper carries the hash behind a “#”, which browsers do not send: it becomes part of the address here.
function readPaper() {
  const form = document.querySelector("form[data-reads-paper]");
  const hash = location.hash.slice(1).toLowerCase();
  if (!form || !/^[0-9a-f]{64}$/.test(hash)) return;
  form.querySelector("[name=hash]").value = hash;
  history.replaceState(history.state, "", location.pathname + location.search);
  form.requestSubmit();
}
readPaper();

// A dialog whose form was answered closes by itself; left open it would keep the page behind it out of reach.
document.addEventListener("htmx:beforeSwap", () => {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
});
