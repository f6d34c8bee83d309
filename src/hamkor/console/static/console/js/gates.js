// SPDX-License-Identifier: Apache-2.0
// Gates in a table: what passes each minute in and out, the total, the state, and how old it is.
import { repeat } from "../../hamkor/vendor/lit/directives/repeat.js";
import { age, html, nothing, view } from "./draw.js";
import { gateAhead, isAhead, isStale, minute } from "./forecast.js";
import { waitText } from "./forecast_words.js";
import { VALUE_OLD_S, gateOf, isClosed, isGate } from "./map_things.js";
import { store } from "./store.js";
import { number, word } from "./words.js";

const PER_HOUR = 60;
const EVERY_MS = 1500;
// Rows that jump cannot be read: the order is made anew only from time to time.
const ORDER_MS = 20_000;
let order = "flow";
let places = new Map();
let orderedAt = 0;

const choose = (next, draw) => { order = next; orderedAt = 0; draw(); };

function rows() {
  const drawn = (store.reference?.features?.features || []).filter(isGate);
  const found = drawn.map((each) => ({ id: each.id, name: each.properties.name, limit: each.properties.capacity, ...gateOf(each.id) })).filter((gate) => gate.isKnown);
  const flow = (gate) => (gate.into ?? 0) + (gate.out ?? 0);
  if (performance.now() - orderedAt > ORDER_MS || found.length !== places.size) {
    found.sort(order === "name" ? byName : (a, b) => flow(b) - flow(a) || byName(a, b));
    places = new Map(found.map((gate, index) => [gate.id, index]));
    orderedAt = performance.now();
  }
  return found.sort((a, b) => places.get(a.id) - places.get(b.id));
}

// A heading may break behind its stroke: the name of a gate needs the width.
const heading = (key) => word(key).replace("/", "/\u200b");
const names = new Intl.Collator(undefined, { numeric: true });
const byName = (a, b) => names.compare(a.name, b.name);

/** The share of what a gate can pass; null when the plan does not say. */
const loadOf = (gate) => (gate.limit && gate.into !== null ? (gate.into * PER_HOUR) / gate.limit : null);

function line(gate) {
  const load = loadOf(gate);
  const isUrgent = gate.state === "full" || (load !== null && load >= 0.95);
  const isChosen = store.selection?.kind === "feature" && store.selection.id === gate.id;
  return html`<tr aria-selected=${String(isChosen)} class="${isUrgent ? "urgent" : ""} ${gate.isOld ? "is-old" : ""}">
    <th scope="row"><button type="button" class="plain" title=${gate.name} @click=${() => store.select({ kind: "feature", id: gate.id })}>${gate.name}</button><span class="row-age">${age(gate.at, VALUE_OLD_S)}</span></th>
    <td>${word(`gate.${gate.state}`)}</td><td class="number value">${isUrgent ? html`<span aria-label=${word("gate.full")}>▲ </span>` : nothing}${number(gate.into)}</td>
    <td class="number">${number(gate.out)}</td>${isAhead() ? aheadCells(gate) : html`<td class="number total">${number(gate.total)}</td><td class="number">${age(gate.at, VALUE_OLD_S)}</td>`}</tr>`;
}

// While the map shows what is forecast, the table says which queue and which wait come with it.
function aheadCells({ id }) {
  const found = gateAhead(id, minute());
  const old = isStale() ? "soft" : "";
  return html`<td class="number ahead-cell ${old}">${found ? number(found.queue) : "–"}</td><td class="number ahead-cell ${old}">${found && found.queue >= 1 ? waitText(found.wait_s) : "–"}</td>`;
}

export function mount(element) {
  const draw = view(element, ["signal:opening", "signal:forecast", "ahead", "reference", "selection", "moment"], () => {
    const found = rows();
    const open = found.filter((gate) => !isClosed(gate.state)).length;
    const sort = (name, text, isNumber) => html`<th scope="col" class=${isNumber ? "number" : ""} aria-sort=${order === name ? (name === "name" ? "ascending" : "descending") : nothing}><button type="button" class="plain" @click=${() => choose(name, draw)}>${text}${order === name ? " ▾" : ""}</button></th>`;
    return html`<div class="part-head"><h2>${word("part.gates")}</h2><span class="aside">${found.length ? word("gate.open_of", { open, all: found.length }) : ""}</span></div>
      ${found.length ? html`<table><thead><tr>${sort("name", word("column.gate"))}<th scope="col">${word("column.state")}</th>${sort("flow", heading("column.in"), true)}<th scope="col" class="number">${heading("column.out")}</th>${isAhead() ? html`<th scope="col" class="number ahead-cell">${word("forecast.column_queue")}</th><th scope="col" class="number ahead-cell">${word("forecast.column_wait")}</th>` : html`<th scope="col" class="number total">${word("column.total")}</th><th scope="col" class="number">${word("column.age")}</th>`}</tr></thead>
      <tbody>${repeat(found, (gate) => gate.id, line)}</tbody></table>` : html`<p class="empty">${word("gate.none")}</p>`}`;
  }, { every_ms: EVERY_MS });
}
