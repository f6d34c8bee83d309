// SPDX-License-Identifier: Apache-2.0
// Which parts are on the screen: sheets of the left and lower regions, tabs of a phone, and the wall.
import { html, nothing, render } from "./draw.js";
import { store } from "./store.js";
import { word } from "./words.js";

const LEFT = ["incidents", "units", "posts"];
const LOWER = ["charts", "gates", "jobs"];
const TABS = ["incidents", "alarms", "map", "journal", "jobs", "state"];
const OPEN = new Set(["reported", "assessed", "dispatched", "on_scene"]);
const shown = { left: "incidents", lower: "gates", tab: "incidents" };

export function mount() {
  const isWall = new URLSearchParams(location.search).has("wall");
  document.body.classList.toggle("wall", isWall);
  document.body.dataset.tab = shown.tab;
  const draw = () => { drawSwitch("left", LEFT); drawSwitch("lower", LOWER); drawTabs(); };
  store.on(["incident", "alarm", "unit", "job", "message", "moment", "reference"], draw);
  draw();
  document.addEventListener("click", closeMenu);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeMenu(event); });
  for (const skip of document.querySelectorAll(".skip")) skip.addEventListener("click", () => showTab(skip.hash === "#incidents" ? "incidents" : skip.hash === "#alarms" ? "alarms" : "journal"));
}

const counts = {
  incidents: () => store.all("incident").filter((incident) => OPEN.has(incident.state)).length,
  units: () => store.all("unit").filter((unit) => !unit.retired_at).length,
  posts: () => store.reference?.posts?.length || 0,
  alarms: () => store.all("alarm").filter((alarm) => alarm.state === "unacknowledged" && !alarm.flooded).length,
  jobs: () => store.all("job").filter((job) => job.state === "due" || job.overdue_since).length,
};

function drawSwitch(name, sheets) {
  render(html`<div role="tablist" aria-label=${word(`switch.${name}`)} @keydown=${(event) => moveTab(event, sheets, (sheet) => showSheet(name, sheet))}>${sheets.map((sheet) => html`<button type="button" role="tab"
    id=${`tab-${sheet}`} aria-selected=${String(shown[name] === sheet)} tabindex=${shown[name] === sheet ? 0 : -1} @click=${() => showSheet(name, sheet)}>${word(`part.${sheet}`)}${countOf(sheet)}</button>`)}</div>`,
  document.getElementById(`${name}-switch`));
  const region = document.getElementById(name === "left" ? "incidents" : "lower");
  region.dataset.sheet = shown[name];
  if (name === "left") for (const sheet of region.querySelectorAll(".sheet")) sheet.hidden = sheet.dataset.sheet !== shown.left;
}

function countOf(sheet) {
  const count = counts[sheet]?.();
  return count ? html`<span class="count ${sheet === "alarms" || sheet === "jobs" ? "urgent" : ""}">${count}</span>` : nothing;
}

function moveTab(event, sheets, show) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const tabs = [...event.currentTarget.querySelectorAll("[role=tab]")];
  const at = (tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length;
  show(sheets[at]);
  tabs[at].focus();
}

/** Shows a sheet of the left or the lower region. */
export function showSheet(name, sheet) {
  shown[name] = sheet;
  drawSwitch(name, name === "left" ? LEFT : LOWER);
}

/** Shows a part on a phone, where there is room for one. */
export function showTab(tab) {
  shown.tab = tab;
  document.body.dataset.tab = tab;
  if (tab === "jobs") showSheet("lower", "jobs");
  if (tab === "state") showSheet("lower", "gates");
  drawTabs();
  dispatchEvent(new Event("resize"));
}

function drawTabs() {
  render(TABS.map((tab) => html`<button type="button" aria-current=${shown.tab === tab ? "page" : nothing} @click=${() => showTab(tab)}><span>${word(`tab.${tab}`)}</span>${countOf(tab)}</button>`), document.getElementById("tabs"));
}

function closeMenu(event) {
  const menu = document.getElementById("menu");
  if (menu.open && (event.type === "keydown" || !menu.contains(event.target))) {
    menu.open = false;
    if (event.type === "keydown") menu.querySelector("summary").focus();
  }
}
