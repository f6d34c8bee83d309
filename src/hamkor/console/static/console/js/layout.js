// SPDX-License-Identifier: Apache-2.0
// Which parts are on the screen: sheets of the left and lower regions, tabs of a phone, and the wall.
import { html, nothing, render } from "./draw.js";
import { staffingCount } from "./staffing.js";
import { store } from "./store.js";
import { word } from "./words.js";

const SHEETS = { left: ["incidents", "units", "posts"], lower: ["charts", "gates", "jobs"] };
const REGION = { left: "incidents", lower: "lower" };
const PANEL = { incidents: "incident-list" };
const TABS = ["incidents", "alarms", "map", "journal", "jobs", "state"];
const OPEN = new Set(["reported", "assessed", "dispatched", "on_scene"]);
const shown = { left: "incidents", lower: "gates", tab: "incidents" };

export function mount() {
  document.body.classList.toggle("wall", new URLSearchParams(location.search).has("wall"));
  document.body.dataset.tab = shown.tab;
  const draw = () => { drawSwitch("left"); drawSwitch("lower"); drawTabs(); };
  store.on(["incident", "alarm", "unit", "job", "moment", "reference"], draw);
  draw();
  addEventListener("staffing", draw);
  document.addEventListener("click", closeMenu);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeMenu(event); });
  for (const skip of document.querySelectorAll(".skip")) skip.addEventListener("click", () => showTab({ "#incidents": "incidents", "#alarms": "alarms" }[skip.hash] || "journal"));
}

const counts = {
  incidents: () => store.all("incident").filter((incident) => OPEN.has(incident.state)).length,
  units: () => store.all("unit").filter((unit) => !unit.retired_at).length,
  // What follows from how they are manned says more than how many the plan has.
  posts: () => staffingCount() || store.reference?.posts?.length || 0,
  alarms: () => store.all("alarm").filter((alarm) => alarm.state === "unacknowledged" && !alarm.flooded).length,
  jobs: () => store.all("job").filter((job) => job.state === "due" || (job.overdue_since && job.state === "started")).length,
};
const URGENT = new Set(["alarms", "jobs"]);

function countOf(sheet) {
  const count = counts[sheet]?.();
  const isUrgent = URGENT.has(sheet) || (sheet === "posts" && staffingCount() > 0);
  return count ? html`<span class="count ${isUrgent ? "urgent" : ""}" title=${isUrgent && sheet === "posts" ? word("staffing.title") : nothing}>${count}</span>` : nothing;
}

function drawSwitch(name) {
  const tab = (sheet) => html`<button type="button" role="tab" id=${`tab-${sheet}`} aria-controls=${PANEL[sheet] || sheet} aria-selected=${String(shown[name] === sheet)}
    tabindex=${shown[name] === sheet ? 0 : -1} @click=${() => showSheet(name, sheet)}>${word(`part.${sheet}`)}${countOf(sheet)}</button>`;
  render(html`<div role="tablist" aria-label=${word(`switch.${name}`)} @keydown=${(event) => moveTab(event, name)}>${SHEETS[name].map(tab)}</div>`, document.getElementById(`${name}-switch`));
  document.getElementById(REGION[name]).dataset.sheet = shown[name];
  if (name === "left") for (const sheet of SHEETS.left) document.getElementById(PANEL[sheet] || sheet).hidden = sheet !== shown.left;
}

function moveTab(event, name) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const sheets = SHEETS[name];
  const next = sheets[(sheets.indexOf(shown[name]) + step + sheets.length) % sheets.length];
  showSheet(name, next);
  document.getElementById(`tab-${next}`).focus();
}

/** Shows a sheet of the left or the lower region. */
export function showSheet(name, sheet) {
  shown[name] = sheet;
  drawSwitch(name);
  if (name === "left" && shown.tab !== "incidents") showTab("incidents");
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
  if (!menu.open || (event.type === "click" && menu.contains(event.target))) return;
  menu.open = false;
  if (event.type === "keydown") menu.querySelector("summary").focus();
}
