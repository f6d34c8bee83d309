// SPDX-License-Identifier: Apache-2.0
// Drawing into the page: what did not change is not touched.
import { html, nothing, render } from "../../hamkor/vendor/lit/lit-html.js";
import { store } from "./store.js";
import { ago, ms } from "./times.js";

export { html, nothing, render };

/** Writes a text when it is another one. */
export function put(element, text) { if (element && element.textContent !== text) element.textContent = text; }

/** Draws a view now and whenever documents of these kinds change, at most as often as asked; ages in it go on by themselves. */
export function view(element, kinds, make, { every_ms: every = 0 } = {}) {
  let [last, timer] = [0, 0];
  const draw = () => { clearTimeout(timer); timer = 0; last = performance.now(); render(make(), element); tickAges(element); };
  const later = () => {
    const wait = last + every - performance.now();
    if (wait <= 0 || store.isReplay) draw(); else timer ||= setTimeout(draw, wait);
  };
  store.on(kinds, later);
  store.on("tick", () => { if (element.isConnected) tickAges(element); });
  draw();
  return draw;
}

/** The age of a datum, which goes on by itself; past its limit the clock is struck and the colour gone. */
export const age = (at, limit_s = 0) =>
  html`<time class="age" data-age=${at ?? ""} data-limit=${limit_s}></time>`;

export function tickAges(element) {
  const now = store.now();
  for (const time of element.querySelectorAll("time[data-age]")) {
    const at = time.dataset.age;
    put(time, ago(/^\d+$/.test(at) ? Number(at) : at));
    const limit = Number(time.dataset.limit) * 1000;
    const isOld = !at || (limit > 0 && now - ms(/^\d+$/.test(at) ? Number(at) : at) > limit);
    if (time.classList.contains("old") !== isOld) time.classList.toggle("old", isOld);
  }
}
