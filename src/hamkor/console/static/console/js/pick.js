// SPDX-License-Identifier: Apache-2.0
// A field with type-ahead for one or several of a list: arrows choose, Enter or Tab takes, Backspace takes back.
import { html, nothing } from "../../hamkor/vendor/lit/lit-html.js";
import { find } from "./grammar.js";
import { word } from "./words.js";

const states = new Map();
const stateOf = (id) => { if (!states.has(id)) states.set(id, { typed: "", at: 0, isOpen: false, picked: [] }); return states.get(id); };

/** What was picked in a field. */
export const picked = (id) => stateOf(id).picked;
/** What was typed and fits nothing of the list. */
export const typed = (id) => stateOf(id).typed;
export function clear(id) { states.delete(id); const field = document.getElementById(id); if (field) field.value = ""; }
export function pick(id, list) { Object.assign(stateOf(id), { picked: list, typed: "" }); }

/** The field; `isMany` allows several, `onPick` hears every change. */
export function picker({ id, label, candidates, draw, isMany = false, isNeeded = false, hintText = "", onPick = () => {} }) {
  const state = stateOf(id);
  const hits = state.isOpen ? find(state.typed, candidates().filter((one) => !state.picked.some((taken) => taken.value === one.value)), 7) : [];
  const take = (hit) => {
    if (!hit) return;
    state.picked = isMany ? [...state.picked, hit] : [hit];
    Object.assign(state, { typed: "", at: 0, isOpen: false });
    const field = document.getElementById(id);
    if (field) field.value = "";
    onPick(state.picked);
    draw();
  };
  const drop = (value) => { state.picked = state.picked.filter((one) => one.value !== value); onPick(state.picked); draw(); document.getElementById(id)?.focus(); };
  const onKey = (event) => {
    if (event.key === "ArrowDown" && !state.isOpen) state.isOpen = true;
    else if (event.key === "ArrowDown" && hits.length) state.at = (state.at + 1) % hits.length;
    else if (event.key === "ArrowUp" && hits.length) state.at = (state.at + hits.length - 1) % hits.length;
    else if ((event.key === "Enter" || event.key === "Tab") && hits.length && state.typed) { take(hits[state.at]); if (event.key === "Tab") return; }
    else if (event.key === "Enter" && hits.length && state.isOpen && state.at > 0) take(hits[state.at]);
    else if (event.key === "Escape" && state.isOpen) state.isOpen = false;
    else if (event.key === "Backspace" && !event.target.value && state.picked.length) { drop(state.picked.at(-1).value); return; }
    else return;
    event.preventDefault();
    event.stopPropagation();
    draw();
  };
  return html`<div class="picker"><label for=${id}>${label}${isNeeded ? html` <span class="needed">${word("pane.needed")}</span>` : nothing}</label>
    <div class="picker-box">${state.picked.map((one) => html`<span class="slot">${one.label}<button type="button" aria-label=${word("pane.take_away", { name: one.label })} @click=${() => drop(one.value)}>×</button></span>`)}
      <input id=${id} type="text" autocomplete="off" role="combobox" aria-autocomplete="list" aria-expanded=${String(hits.length > 0)} aria-controls="${id}-list" spellcheck="false"
        aria-required=${String(isNeeded)} aria-activedescendant=${hits.length ? `${id}-${state.at}` : nothing} placeholder=${state.picked.length ? "" : hintText}
        @input=${(event) => { Object.assign(state, { typed: event.target.value, at: 0, isOpen: true }); draw(); }} @keydown=${onKey}
        @focus=${() => { state.isOpen = true; draw(); }} @blur=${() => { state.isOpen = false; draw(); }}></div>
    ${hits.length ? html`<ul class="choices-list" role="listbox" id="${id}-list" aria-label=${label}>${hits.map((hit, index) => html`<li role="option" id="${id}-${index}"
      class=${index === state.at ? "chosen" : ""} aria-selected=${String(index === state.at)} @mousedown=${(event) => { event.preventDefault(); take(hit); }}>
      <b>${hit.label}</b><span>${hit.note}</span></li>`)}</ul>` : nothing}</div>`;
}
