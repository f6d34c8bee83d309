// SPDX-License-Identifier: Apache-2.0
// What must not be overlooked: a picture that is not proven fresh, a drill, and the past.
import { html, nothing, put, render } from "./draw.js";
import { link } from "./live.js";
import { store } from "./store.js";
import { span } from "./times.js";
import { word } from "./words.js";

// A page is loaded by then, or something hangs.
const PARTS_MS = 5000;
const LOUD = new Set(["stale", "offline"]);

export function mount() {
  const draw = () => { frame(); notice(); };
  store.on(["freshness", "moment", "number"], draw);
  store.on("tick", draw);
  store.on("operation", drill);
  draw();
  drill();
}

function frame() {
  const { state } = store.freshness;
  if (document.body.dataset.freshness === state) return;
  document.body.dataset.freshness = state;
  document.body.classList.toggle("stale", LOUD.has(state));
}

// The sentence is said once per change; its seconds go on without being read aloud again.
function notice() {
  const place = document.getElementById("truth");
  const { state, age_ms: age } = store.freshness;
  const isLoud = LOUD.has(state);
  const isPartial = store.missing > 0 && performance.now() > PARTS_MS;
  const key = `${state} ${link.mustSignIn} ${isPartial}`;
  if (place.dataset.key !== key) {
    place.dataset.key = key;
    if (isPartial && !isLoud && !link.mustSignIn) render(html`<p><b>${word("truth.parts")}</b> <span>${word("truth.kept")}</span></p>`, place);
    else render(!isLoud && !link.mustSignIn ? nothing : html`<p><b>${word(link.mustSignIn ? "truth.signed_out" : `truth.${state}`)}</b>
      <span class="for" aria-hidden="true"></span> <span>${word("truth.kept")}</span>
      ${link.mustSignIn ? html`<a class="button small" href=${`/accounts/login/?next=${encodeURIComponent(location.pathname)}`}>${word("truth.sign_in")}</a>` : nothing}</p>`, place);
  }
  put(place.querySelector(".for"), Number.isFinite(age) ? word("truth.for", { time: span(age) }) : "");
}

function drill() {
  const operation = store.get("operation", "operation");
  const isDrill = operation?.mode === "drill" && operation.state === "open";
  const place = document.getElementById("drill");
  place.hidden = !isDrill;
  document.body.classList.toggle("drill", isDrill);
  render(isDrill ? html`<b>${word("drill.name")}</b><span class="says">${word("drill.says")}</span><span class="scenario">${operation.title || ""}</span>` : nothing, place);
}
