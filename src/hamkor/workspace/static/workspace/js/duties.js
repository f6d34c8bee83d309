// SPDX-License-Identifier: Apache-2.0
// The duty matrix by keyboard and mouse: arrows move, 1 2 3 0 set, Enter opens the choice.
import { submitEdits } from "../../hamkor/js/editor.js";

const KEYS = { 1: "accountable", 2: "supporting", 3: "deputy", 0: "", Delete: "", Backspace: "" };
let chosen = null;

const table = () => document.querySelector(".matrix");
const cells = (row) => [...row.querySelectorAll("button.role")];
const rows = () => [...document.querySelectorAll(".matrix tbody tr[data-duty]")].filter((row) => !row.hidden);

function letterRole(key) {
  const letters = JSON.parse(table().dataset.letters);
  return Object.keys(letters).find((role) => letters[role].toLowerCase() === key.toLowerCase());
}

function members(path, agency, isIn) {
  return { op: "members", part: "duties", path, add: isIn ? [agency] : [], remove: isIn ? [] : [agency] };
}

function set(button, role) {
  if (button.getAttribute("aria-disabled")) return;
  if (role === "deputy") { openNames(button.closest("tr"), button.dataset.agency); return; }
  const duty = button.closest("tr").dataset.duty;
  const agency = button.dataset.agency;
  button.classList.add("sending");
  const edits = [members("accountable", agency, role === "accountable"), members("supporting", agency, role === "supporting")];
  submitEdits(table().dataset.edit, edits.map((edit) => ({ ...edit, id: duty })));
}

function openNames(row, agency = "") {
  const button = row.querySelector("[data-names]");
  if (!button) return;
  const dialog = document.getElementById("names");
  dialog.dataset.duty = row.dataset.duty;
  for (const field of ["person", "deputy"]) {
    const select = dialog.querySelector(`[data-name=${field}]`);
    select.value = button.dataset[field];
    select.dataset.was = button.dataset[field];
  }
  const group = agency && dialog.querySelector(`[data-name=deputy] optgroup[data-agency="${agency}"] option`);
  if (group) dialog.querySelector("[data-name=deputy]").value = group.value;
  dialog.showModal();
}

function saveNames(dialog) {
  const fields = {};
  const seen = {};
  for (const select of dialog.querySelectorAll("[data-name]")) {
    if (select.value !== select.dataset.was) { fields[select.dataset.name] = select.value || null; seen[select.dataset.name] = select.dataset.was || null; }
  }
  dialog.close();
  if (Object.keys(fields).length) submitEdits(table().dataset.edit, [{ op: "set", part: "duties", id: dialog.dataset.duty, fields, seen }]);
}

function move(button, down, right) {
  const list = rows();
  const row = button.closest("tr");
  const target = list[list.indexOf(row) + down];
  const column = cells(row).indexOf(button) + right;
  const next = target && cells(target)[column];
  if (next) { next.tabIndex = 0; button.tabIndex = -1; next.focus(); }
}

document.addEventListener("keydown", (event) => {
  const button = event.target.closest?.(".matrix button.role");
  if (!button || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  const role = event.key in KEYS ? KEYS[event.key] : letterRole(event.key);
  if (step) move(button, ...step);
  else if (role !== undefined) set(button, role);
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("click", (event) => {
  const cell = event.target.closest(".matrix button.role");
  if (cell && !cell.getAttribute("aria-disabled")) {
    chosen = cell;
    const dialog = document.getElementById("cell-menu");
    const duty = cell.closest("tr").querySelector(".duty-col a").textContent;
    dialog.querySelector("h2").textContent = `${duty}. ${cell.getAttribute("aria-label")}`;
    dialog.querySelector("[data-set=deputy]").hidden = !cell.closest("tr").querySelector("[data-names]");
    dialog.showModal();
  }
  const setter = event.target.closest("#cell-menu [data-set]");
  if (setter) {
    const button = document.querySelector(`tr[data-duty="${CSS.escape(chosen.closest("tr").dataset.duty)}"] [data-agency="${chosen.dataset.agency}"]`);
    setter.closest("dialog").close();
    set(button, setter.dataset.set);
    button.focus();
  }
  const names = event.target.closest("[data-names]");
  if (names) openNames(names.closest("tr"));
  if (event.target.closest("[data-save-names]")) saveNames(event.target.closest("dialog"));
});

function makeReachable() {
  const first = document.querySelector(".matrix button.role");
  if (first && !document.querySelector('.matrix button.role[tabindex="0"]')) first.tabIndex = 0;
  for (const button of document.querySelectorAll("[data-names]")) button.tabIndex = 0;
}
makeReachable();
document.addEventListener("hamkor:morphed", makeReachable);
document.addEventListener("htmx:load", makeReachable);
