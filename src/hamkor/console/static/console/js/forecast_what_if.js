// SPDX-License-Identifier: Apache-2.0
// “What if this gate shuts now?”: the same state forecast twice. It is a question: nothing is done and nothing is written down.
import { html, nothing } from "./draw.js";
import { densityText } from "./forecast.js";
import { waitText } from "./forecast_words.js";
import { base } from "./live.js";
import { featureName } from "./names.js";
import { open, redrawPane } from "./panel.js";
import { store } from "./store.js";
import { number, word } from "./words.js";

const NAME = "what-if";
let asked = { way: "", left: 0, state: "asking", found: null, says: "" };

/** Opens the question about a gate and asks it. */
export function openWhatIf(way, left = 0) {
  ask(way, left);
  open({ name: NAME, title: () => word("what_if.title", { name: featureName(asked.way) || asked.way }), view });
}

async function ask(way, left) {
  const mine = asked = { way, left, state: "asking", found: null, says: "" };
  const answer = await fetch(`${base}forecast`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": document.body.dataset.csrf || "" },
    body: JSON.stringify({ way, left }),
  }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  if (asked !== mine) return;
  if (answer?.ok) Object.assign(mine, { state: "answered", found: told.what_if });
  else Object.assign(mine, { state: "failed", says: told?.detail || told?.title || word("what_if.failed") });
  redrawPane();
}

function view() {
  const { way, left, state } = asked;
  const choice = (share, text) => html`<button type="button" class="tool" aria-pressed=${String(left === share)} @click=${() => { ask(way, share); redrawPane(); }}>${word(text)}</button>`;
  return html`<p class="what-if-sign"><b>${word("what_if.badge")}</b> ${word("what_if.says")}</p>
    <div class="segment" role="group" aria-label=${word("what_if.how")}>${choice(0, "what_if.shut")}${choice(50, "what_if.half")}${choice(100, "what_if.open")}</div>
    ${state === "asking" ? html`<p class="soft" role="status">…</p>` : state === "failed" ? html`<p role="alert">${asked.says}</p>` : answered(asked.found)}`;
}

const change = (before, after, decimals = 0) => html`${number(before, decimals)} → <b>${number(after, decimals)}</b>`;
const go = (id) => html`<button type="button" class="plain" @click=${() => store.select({ kind: "feature", id })}>${featureName(id) || id}</button>`;

function answered(found) {
  const isSame = !found.gates.length && !found.places.length;
  return html`<p role="status">${isSame ? word("what_if.same", { minutes: number(found.minute) }) : word("what_if.in_min", { minutes: number(found.minute) })}
      ${found.inside === null || found.inside === found.inside_changed ? nothing : html` ${word("fact.inside")} ${change(found.inside, found.inside_changed)}`}</p>
    ${found.gates.length ? html`<table><caption class="visually-hidden">${word("part.gates")}</caption><thead><tr><th scope="col">${word("column.gate")}</th><th scope="col">${word("forecast.column_queue")}</th><th scope="col">${word("forecast.column_wait")}</th></tr></thead>
      <tbody>${found.gates.map((gate) => html`<tr class=${gate.queue_changed > gate.queue ? "worse" : ""}><th scope="row">${go(gate.id)}</th><td>${change(gate.queue, gate.queue_changed)}</td><td>${waitText(gate.wait_changed_s)}</td></tr>`)}</tbody></table>` : nothing}
    ${found.places.length ? html`<table><caption class="visually-hidden">${word("layer.areas")}</caption><thead><tr><th scope="col">${word("layer.areas")}</th><th scope="col">${word("card.count")}</th><th scope="col">${word("card.density")}</th></tr></thead>
      <tbody>${found.places.map((each) => html`<tr class=${each.changed > each.people ? "worse" : ""}><th scope="row">${go(each.id)}</th><td>${change(each.people, each.changed)}</td><td>${each.density_per_m2 === null ? "–" : html`${densityText(each.density_per_m2)} ${word("unit.density")}`}</td></tr>`)}</tbody></table>` : nothing}
    ${found.left_out ? html`<p class="soft">${word("what_if.left_out", { count: number(found.left_out) })}</p>` : nothing}`;
}
