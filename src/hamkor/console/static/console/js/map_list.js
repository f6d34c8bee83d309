// SPDX-License-Identifier: Apache-2.0
// The map in words: every layer as a table, for those who do not see it and for those who search.
import { repeat } from "../../hamkor/vendor/lit/directives/repeat.js";
import { age, html, nothing, render, tickAges } from "./draw.js";
import { ROWS } from "./map_things.js";
import { store } from "./store.js";
import { number, word } from "./words.js";

const ROWS_MOST = 1000;
const REFRESH_MS = 1500;

export class List {
  constructor(element, changed) {
    Object.assign(this, { element, changed, isOpen: false, layer: "areas", typed: "" });
    store.on(["tick"], () => { if (this.isOpen) tickAges(element); });
    store.on(["selection", "moment", "reference"], () => { if (this.isOpen) this.draw(); });
    setInterval(() => { if (this.isOpen && !document.hidden) this.draw(); }, REFRESH_MS);
  }

  open(layer) {
    this.layer = layer || this.layer;
    this.isOpen = true;
    this.draw();
    this.changed();
    this.element.querySelector("input")?.focus();
  }

  toggle() {
    if (!this.isOpen) { this.open(); return; }
    this.isOpen = false;
    this.draw();
    this.changed();
  }

  draw() {
    this.element.hidden = !this.isOpen;
    if (!this.isOpen) { render(nothing, this.element); return; }
    const sought = this.typed.trim().toLowerCase();
    const all = ROWS[this.layer]();
    const found = sought ? all.filter((row) => `${row.name} ${row.state} ${row.value}`.toLowerCase().includes(sought)) : all;
    render(html`<div class="list-bar"><select aria-label=${word("map.layers")} @change=${(event) => { this.layer = event.target.value; this.draw(); }}>
        ${Object.keys(ROWS).map((name) => html`<option value=${name} ?selected=${name === this.layer}>${word(`layer.${name}`)}</option>`)}</select>
      <input type="search" .value=${this.typed} placeholder=${word("map.search")} aria-label=${word("map.search")} @input=${(event) => { this.typed = event.target.value; this.draw(); }}>
      <span class="soft" role="status">${word("map.found", { count: number(found.length), all: number(all.length) })}</span>
      <button type="button" class="tool" @click=${() => this.toggle()}>${word("map.to_map")}</button></div>
      <div class="list-scroll"><table><thead><tr><th scope="col">${word("column.name")}</th><th scope="col">${word("column.state")}</th><th scope="col">${word("column.value")}</th><th scope="col">${word("column.age")}</th></tr></thead>
      <tbody>${repeat(found.slice(0, ROWS_MOST), (row) => row.id, (row) => this.row(row))}</tbody></table>
      ${found.length > ROWS_MOST ? html`<p class="soft more">${word("map.narrow", { count: number(ROWS_MOST) })}</p>` : nothing}</div>`, this.element);
    tickAges(this.element);
  }

  row({ kind, id, name, state, value, at, limit, isUrgent }) {
    const isChosen = store.selection?.kind === kind && store.selection.id === id;
    return html`<tr aria-selected=${String(isChosen)} class=${isUrgent ? "urgent" : ""}><th scope="row"><button type="button" class="plain" @click=${() => store.select({ kind, id })}>${name}</button></th>
      <td>${isUrgent ? html`<span aria-hidden="true">▲ </span>` : nothing}${state}</td><td>${value}</td><td>${at ? age(at, limit) : nothing}</td></tr>`;
  }
}
