// SPDX-License-Identifier: Apache-2.0
// A gate on the map shuts and opens the one in the list: the list is what is sent, the map only shows it.
// While a run waits or is at work the page is fetched again every second and laid over, around what is being typed.
import { refreshSoon } from "../../hamkor/js/live.js";

const LOOK_MS = 1000;
const REACH_PX = 22;
const gateOf = (element) => element.closest?.("#sketch-ask .is-gate");
const fieldOf = (gate) => document.querySelector(`#ask input[name="shut"][value="${CSS.escape(gate)}"]`);

function show() {
  const form = document.getElementById("ask");
  if (!form) return;
  const shut = new Set([...form.querySelectorAll('input[name="shut"]:checked')].map((field) => field.value));
  for (const gate of document.querySelectorAll("#sketch-ask [data-gate]")) {
    const isShut = shut.has(gate.dataset.gate);
    gate.classList.toggle("is-shut", isShut);
    if (!gate.classList.contains("is-gate")) continue;
    gate.setAttribute("role", "checkbox");
    gate.setAttribute("tabindex", "0");
    gate.setAttribute("aria-checked", String(isShut));
    gate.setAttribute("aria-label", gate.querySelector("title").textContent);
  }
  const count = document.getElementById("shut-count");
  if (count) count.textContent = shut.size ? count.dataset.text.replace("{count}", shut.size) : count.dataset.none;
}

function turn(gate) {
  const field = fieldOf(gate.dataset.gate);
  if (!field) return;
  field.checked = !field.checked;
  show();
}

// Signs of gates may lie over each other: the one nearest to the press is meant.
function nearest(map, x, y) {
  let found = null;
  let least = REACH_PX;
  for (const gate of map.querySelectorAll(".is-gate")) {
    const box = gate.querySelector(".sign").getBoundingClientRect();
    const away = Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y);
    if (away < least) [found, least] = [gate, away];
  }
  return found;
}

document.addEventListener("click", (event) => {
  const map = event.target.closest?.("#sketch-ask");
  const gate = map && nearest(map, event.clientX, event.clientY);
  if (gate) turn(gate);
});
document.addEventListener("keydown", (event) => {
  const gate = gateOf(event.target);
  if (!gate || (event.key !== " " && event.key !== "Enter")) return;
  event.preventDefault();
  turn(gate);
});
document.addEventListener("change", (event) => { if (event.target.matches?.('#ask input[name="shut"]')) show(); });
document.addEventListener("input", (event) => {
  if (event.target.id !== "gate-filter") return;
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of document.querySelectorAll("#ask .gates li")) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
  if (words.length) document.getElementById("more-ways")?.setAttribute("open", "");
});
for (const name of ["hamkor:morphed", "htmx:load", "htmx:afterSettle"]) document.addEventListener(name, show);
show();
setInterval(() => { if (!document.hidden && document.querySelector("#work[data-works]")) refreshSoon(); }, LOOK_MS);
