// SPDX-License-Identifier: Apache-2.0
// Sentences and numbers in the language of the page. The server gives the sentences; a key that is missing shows itself.
const given = document.getElementById("words");
const WORDS = given ? JSON.parse(given.textContent) : {};
const GROUP = "\u00a0";
const POINT = document.documentElement.lang === "en" ? "." : ",";

/** Returns the sentence of a key with its named places filled in. */
export const word = (key, values = {}) =>
  (WORDS[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

export const hasWord = (key) => key in WORDS;

/** Returns a number as people write it here; what is not known is a dash, never a zero. */
export function number(value, decimals = 0) {
  if (value === null || value === undefined || !Number.isFinite(Number(value))) return "–";
  const [whole, part] = Math.abs(Number(value)).toFixed(decimals).split(".");
  const sign = Number(value) < 0 && Number(whole + (part || "")) ? "−" : "";
  return `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, GROUP)}${part ? POINT + part : ""}`;
}
