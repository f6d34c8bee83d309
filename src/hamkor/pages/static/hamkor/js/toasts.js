// SPDX-License-Identifier: Apache-2.0
// Short words in the corner; read aloud by screen readers.
const SHOWN_MS = 7000;

export function say(text, kind = "", action = null) {
  const place = document.getElementById("toasts");
  if (!place || !text) return;
  const toast = document.createElement("div");
  toast.className = `toast ${kind}`;
  toast.textContent = text;
  if (action) {
    const button = document.createElement("button");
    button.className = "button small";
    button.textContent = action.label;
    button.addEventListener("click", () => { toast.remove(); action.run(); });
    toast.append(" ", button);
  }
  place.append(toast);
  setTimeout(() => toast.remove(), SHOWN_MS);
}
