// SPDX-License-Identifier: Apache-2.0
// What all panels share: drawing on change, ages that tick, one pane for what is opened, drafts, words said aloud.
import { html, nothing, render } from "../../hamkor/vendor/lit/lit-html.js";
import { say } from "../../hamkor/js/toasts.js";
import { hint, register } from "./keys.js";
import { onOutbox } from "./outbox.js";
import { store } from "./store.js";
import { ms, span } from "./times.js";
import { word } from "./words.js";

const DRAFT = "hamkor-draft:console:";
const TICK_MS = 1000;
// What changes every panel: another reference, a past moment shown or left, something chosen.
const ALWAYS = ["reference", "moment", "selection"];
const ticking = new Set();

/** Draws a view into an element now and whenever documents of the kinds change; returns how to draw it again. */
export function panel(element, kinds, view) {
  // What is hidden is not drawn: a list of a thousand units nobody sees would cost more than the rest of the screen.
  let isDrawing = false;
  let isAsked = false;
  const draw = () => {
    if (element.hidden) return;
    // A field that is taken away while it has the focus tells so, in the middle of the drawing.
    isAsked = true;
    if (isDrawing) return;
    isDrawing = true;
    try {
      while (isAsked) { isAsked = false; render(view(draw), element); }
    } finally { isDrawing = false; }
    tick(element);
  };
  new MutationObserver(draw).observe(element, { attributes: true, attributeFilter: ["hidden"] });
  store.on(kinds === "*" ? "*" : [...kinds, ...ALWAYS], draw);
  onOutbox(draw);
  ticking.add(element);
  draw();
  return draw;
}

// Moments and times left ------------------------------------------------------------------------------------------

/** How long ago a moment was, ticking. */
export const since = (moment, name = "") => (moment ? html`<time class=${name} datetime=${moment} data-since=${moment}></time>` : nothing);
/** How long until a moment, ticking; past it the sign turns and the element is marked. */
export const until = (moment, name = "") => (moment ? html`<time class=${name} datetime=${moment} data-until=${moment}></time>` : nothing);
export const plus = (moment, seconds) => new Date(ms(moment) + seconds * 1000).toISOString();

function tick(element) {
  const now = store.now();
  for (const time of element.querySelectorAll("[data-since]")) put(time, span(now - ms(time.dataset.since)));
  for (const time of element.querySelectorAll("[data-until]")) {
    const left = ms(time.dataset.until) - now;
    put(time, `${left < 0 ? "+" : ""}${span(left)}`);
    time.classList.toggle("late", left < 0);
  }
}
function put(element, text) { if (element.textContent !== text) element.textContent = text; }
setInterval(() => { for (const element of ticking) if (element.isConnected) tick(element); }, TICK_MS);

// Drafts: what was typed is kept in this browser until the server has it -------------------------------------------
export const draft = (name) => localStorage.getItem(DRAFT + name) || "";
export function keepDraft(name, text) {
  if (text) localStorage.setItem(DRAFT + name, text); else localStorage.removeItem(DRAFT + name);
}
/** The listener of a field whose text is kept under a name. */
export const keeping = (name) => (event) => keepDraft(name, event.target.value);

// Words said aloud -------------------------------------------------------------------------------------------------
function region(isUrgent) {
  const id = isUrgent ? "said-now" : "said-soon";
  let place = document.getElementById(id);
  if (!place) {
    place = document.createElement("div");
    place.id = id;
    place.className = "visually-hidden";
    place.setAttribute("aria-live", isUrgent ? "assertive" : "polite");
    if (isUrgent) place.setAttribute("role", "alert");
    document.body.append(place);
  }
  return place;
}
/** Tells screen readers: at once when urgent, otherwise when they have finished. */
export function tell(text, isUrgent = false) {
  const place = region(isUrgent);
  const line = document.createElement("p");
  line.textContent = text;
  place.append(line);
  setTimeout(() => line.remove(), 15000);
}

// The pane: one place beside the lists where details and forms are opened; Escape goes back ------------------------
const opened = [];
let pane = null;
let before = null;
let drawPane = () => {};

function makePane() {
  pane = document.createElement("section");
  pane.className = "pane";
  pane.hidden = true;
  document.body.append(pane);
  drawPane = panel(pane, "*", paneView);
  place();
  addEventListener("resize", place);
  new ResizeObserver(place).observe(document.querySelector("#incidents, #incident-list") || document.body);
  register({ key: "escape", label: "keys.back", group: "everywhere", evenTyping: true, when: () => opened.length > 0, run: back });
}

// It stands to the right of the list of incidents where there is room, over everything where there is not.
function place() {
  const list = document.querySelector("#incidents, #incident-list")?.getBoundingClientRect();
  const isWide = list && list.width > 0 && innerWidth >= 900 && list.right + 380 < innerWidth;
  pane.classList.toggle("over", !isWide);
  pane.style.setProperty("--pane-left", isWide ? `${Math.round(list.right)}px` : "0px");
  pane.style.setProperty("--pane-top", isWide ? `${Math.max(0, Math.round(list.top))}px` : "0px");
}

function paneView() {
  const top = opened.at(-1);
  if (!top) return nothing;
  return html`<header class="pane-head"><button type="button" class="tool" @click=${back} aria-keyshortcuts="Escape">
      ${opened.length > 1 ? word("pane.back") : word("pane.close")} ${hint("escape")}</button>
    <h2 tabindex="-1" id="pane-title">${top.title()}</h2>${top.aside?.() ?? nothing}</header>
    <div class="pane-body" data-view=${top.name}>${top.view(drawPane)}</div>`;
}

/** Opens a view `{name, title, view}` in the pane; a view of the same name is replaced. `focus` is what to go to. */
export function open(entry, { focus = "h2", only = false } = {}) {
  if (!pane) makePane();
  if (!opened.length) before = document.activeElement;
  if (only) closed(opened.splice(0).filter((one) => one.name !== entry.name));
  const index = opened.findIndex((one) => one.name === entry.name);
  if (index >= 0) opened.splice(index, 1);
  opened.push(entry);
  pane.hidden = false;
  pane.setAttribute("aria-labelledby", "pane-title");
  place();
  drawPane();
  pane.querySelector(".pane-body").scrollTop = 0;
  for (const wanted of [focus].flat()) { const found = wanted && pane.querySelector(wanted); if (found) { found.focus(); break; } }
}

const closed = (entries) => { for (const entry of entries) entry.close?.(); };

/** Goes back to what was open before, or closes the pane and returns to where the person was. */
export function back() {
  closed(opened.splice(-1));
  if (opened.length) { drawPane(); pane.querySelector("h2")?.focus(); return; }
  closePane();
}

export function close(name) {
  const index = opened.findIndex((one) => one.name === name);
  if (index < 0) return;
  if (index === opened.length - 1) { back(); return; }
  closed(opened.splice(index, 1));
}

function closePane() {
  closed(opened.splice(0));
  drawPane();
  pane.hidden = true;
  if (before?.isConnected) before.focus({ preventScroll: true });
  before = null;
}
export const isOpen = (name) => opened.at(-1)?.name === name;
export const redrawPane = () => drawPane();

// Dialogs for what needs a deliberate second gesture ---------------------------------------------------------------
/** Opens a modal dialog drawn by a view; returns `{draw, close}`. */
export function dialog(id, view, { kinds = "*", name = "" } = {}) {
  let element = document.getElementById(id);
  if (!element) {
    element = document.createElement("dialog");
    element.id = id;
    document.body.append(element);
    element.redraw = panel(element, kinds, () => (element.open ? element.view() : nothing));
  }
  element.className = `pane-dialog ${name}`;
  element.view = view;
  if (!element.open) element.showModal();
  element.redraw();
  return { draw: element.redraw, close: () => { element.close(); }, element };
}

/** Asks for a reason; resolves with the text, or null. The text is kept while it is typed. */
export function reason(title, { hintText = "", choices = [], minutes = null, isOptional = false } = {}) {
  return new Promise((resolve) => {
    const name = `reason:${title}`;
    let shown = null;
    const finish = (event) => {
      event.preventDefault();
      const form = event.target;
      const text = form.elements.reason.value.trim();
      if (!text && !isOptional) { form.elements.reason.focus(); return; }
      keepDraft(name, "");
      const value = minutes ? { text, minutes: Number(form.elements.minutes.value) } : text;
      resolve(value);
      shown.close();
    };
    shown = dialog("ask-reason", () => html`<form @submit=${finish}><h2>${title}</h2>
      ${hintText ? html`<p class="soft">${hintText}</p>` : nothing}
      ${minutes ? html`<fieldset class="segments"><legend>${word("pane.for_minutes")}</legend>${minutes.map((count, index) => html`<label>
        <input type="radio" name="minutes" value=${count} ?checked=${index === 0}><span>${count}</span></label>`)}</fieldset>` : nothing}
      <label for="reason-text">${word("pane.reason")}</label>
      <textarea id="reason-text" name="reason" rows="2" ?required=${!isOptional} @input=${keeping(name)} @keydown=${submitOnEnter}></textarea>
      ${choices.length ? html`<div class="quick">${choices.map((choice) => html`<button type="button" class="button small"
        @click=${(event) => { event.target.form.elements.reason.value = choice; event.target.form.elements.reason.focus(); }}>${choice}</button>`)}</div>` : nothing}
      <div class="actions"><button class="button primary">${word("pane.confirm")} ${hint("enter")}</button>
      <button type="button" class="button" @click=${() => shown.close()}>${word("pane.cancel")}</button></div></form>`, { kinds: [] });
    shown.element.querySelector("textarea").value = draft(name);
    shown.element.querySelector("textarea").focus();
    shown.element.addEventListener("close", () => { resolve(null); render(nothing, shown.element); }, { once: true });
  });
}

/** Enter sends, Shift+Enter makes a new line. */
export function submitOnEnter(event) {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); event.target.form.requestSubmit(); }
}

/** Says what was done, with a way back where there is one. */
export const said = (text, undo = null) => say(text, "", undo ? { label: word("pane.undo"), run: undo } : null);

/** Parties the person may act for; operators act for all. */
export const mayOperate = (...agencies) =>
  store.may("operate") || (store.may("operate_own") && agencies.some((agency) => agency && store.operates(agency)));
export const isMe = (person) => Boolean(person) && person === store.reference?.viewer?.person;
