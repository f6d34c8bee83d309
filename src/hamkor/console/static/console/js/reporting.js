// SPDX-License-Identifier: Apache-2.0
// The situation report in one key: of the last hour, or of the shift of this person.
import { register } from "./keys.js";
import { base } from "./live.js";
import { store } from "./store.js";
import { ms } from "./times.js";

/** The moment the shift began: the last hand-over this person took, else the opening of the operation; null without both. */
export function shiftBegan() {
  const me = store.reference?.viewer?.person;
  const taken = store.all("handover").filter((one) => one.state === "confirmed" && one.confirmed_by === me).map((one) => ms(one.confirmed_at));
  const opened = ms(store.get("operation", "operation")?.opened_at);
  const began = taken.length ? Math.max(...taken) : opened;
  return Number.isFinite(began) ? began : null;
}

// In a window of its own: the console goes on.
function openReport(from = null) {
  const asked = from === null ? "" : `?from=${encodeURIComponent(new Date(from).toISOString())}`;
  window.open(`${base}report${asked}`, "_blank", "noopener");
}

export function mount() {
  register({ key: "shift+s", label: "keys.report", group: "everywhere", run: () => openReport() });
  register({ key: "shift+h", label: "keys.report_shift", group: "everywhere", run: () => openReport(shiftBegan()) });
}
