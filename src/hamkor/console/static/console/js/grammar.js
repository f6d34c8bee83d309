// SPDX-License-Identifier: Apache-2.0
// The grammar of the command line: a verb, then what it is about, then words. Pure: candidates are handed in.

const CYRILLIC = {
  а: "a", б: "b", в: "v", г: "g", ғ: "g", д: "d", е: "e", ё: "yo", ж: "j", з: "z", и: "i", й: "y", к: "k", қ: "q", л: "l", м: "m",
  н: "n", о: "o", ў: "o", п: "p", р: "r", с: "s", т: "t", у: "u", ф: "f", х: "x", ҳ: "h", ц: "ts", ч: "ch", ш: "sh", щ: "sh",
  ъ: "", ы: "i", ь: "", э: "e", ю: "yu", я: "ya",
};

/** What is compared: small letters without marks, Cyrillic as Latin, so that either alphabet finds. */
export function fold(text) {
  return String(text).toLowerCase().replace(/[а-яёўқғҳ]/g, (letter) => CYRILLIC[letter] ?? letter)
    .normalize("NFKD").replace(/[\u0300-\u036f'ʻʼ‘’`´]/g, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

const isNumber = (part) => /^\d+$/.test(part);
const fits = (typed, part) => (isNumber(typed) ? typed === part : part.startsWith(typed));

// 4 the same, 3.5 the same words, 3 whole words of it, 2 begins so in this order, 1 its words begin so, 0 not at all.
function closeness(typed, label) {
  if (typed === label) return 4;
  const parts = label.split(" ");
  const wanted = typed.split(" ");
  if (wanted.length > parts.length) return 0;
  if (wanted.every((one) => parts.includes(one))) return wanted.length === parts.length ? 3.5 : 3;
  if (wanted.every((one, index) => fits(one, parts[index]))) return 2;
  const free = [...parts];
  const all = wanted.every((one) => { const at = free.findIndex((part) => fits(one, part)); if (at < 0) return false; free.splice(at, 1); return true; });
  return all ? 1 : 0;
}

/** A candidate `{value, label, labels, rank}` ready to be compared. */
export const candidate = (value, label, { labels = [], note = "", rank = 0, kind = "" } = {}) => ({
  value, label, note, rank, kind, folded: [...new Set([label, ...labels].filter(Boolean).map(fold))].filter(Boolean),
});

/** Candidates that fit what was typed, best first. */
export function find(typed, candidates, limit = 8) {
  const wanted = fold(typed);
  if (!wanted) return [...candidates].sort((one, other) => other.rank - one.rank).slice(0, limit);
  return candidates.map((one) => ({ one, score: Math.max(0, ...one.folded.map((label) => closeness(wanted, label))) }))
    .filter((hit) => hit.score)
    .sort((a, b) => b.score - a.score || b.one.rank - a.one.rank || a.one.label.length - b.one.label.length)
    .slice(0, limit)
    .map((hit) => ({ ...hit.one, score: hit.score }));
}

// The longest run of words that names something. Words that could mean several things name nothing; beginnings of
// words are enough only where nothing but a name can stand (`isLoose`), so that a text is not taken for a place.
function take(words, { candidates, isLoose }, isLast) {
  for (let count = Math.min(words.length, 6); count > 0; count--) {
    const typed = fold(words.slice(0, count).map((one) => one.text).join(" "));
    if (!typed) continue;
    const [best, next] = find(typed, candidates, 3);
    if (!best) continue;
    const isAlone = !next || next.score < best.score;
    const isSure = best.score === 4 || (isAlone && best.score >= 3) || (isAlone && isLoose && typed.length >= 2);
    const isBeingTyped = isLast && count === words.length && best.score < 4;
    if (isSure) return { hit: best, count, isBeingTyped };
    if (isBeingTyped) return { hit: isAlone && typed.length >= 3 ? best : null, count, isBeingTyped };
  }
  return null;
}

function split(line) {
  const words = [];
  for (const match of line.matchAll(/\S+/g)) words.push({ text: match[0], start: match.index, end: match.index + match[0].length });
  return words;
}

// "!1" to "!4" anywhere names the priority.
function pickPriority(words) {
  const index = words.findIndex((one) => /^![1-4]$/.test(one.text));
  if (index < 0) return null;
  return Number(words.splice(index, 1)[0].text[1]);
}

/**
 * Reads a line.
 *
 * `verbs` maps a verb to `{names, slots}`; a slot is `{name, candidates, isNeeded, isMany, isText}`.
 * Returns `{verb, values, text, priority, missing, active}`: `active` is the slot being typed with what fits it,
 * and where in the line it begins.
 */
export function read(line, verbs) {
  const isOpenEnded = /\S$/.test(line);
  const words = split(line.replace(/^\s*\//, (slash) => " ".repeat(slash.length)));
  const priority = pickPriority(words);
  const found = { verb: null, values: {}, text: "", priority, missing: [], active: null };
  const first = words[0] ? fold(words[0].text) : "";
  const named = Object.keys(verbs).find((verb) => verb === first || verbs[verb].names.includes(first));
  if (!named || (words.length === 1 && isOpenEnded && first.length > 1 && !verbs[named])) {
    return { ...found, text: words.map((one) => one.text).join(" "), active: { slot: "verb", start: words[0]?.start ?? line.length, typed: words[0]?.text ?? "" } };
  }
  found.verb = named;
  if (words.length === 1 && isOpenEnded) found.active = { slot: "verb", start: words[0].start, typed: words[0].text };
  fill(found, words.slice(1), { slots: verbs[named].slots, isOpenEnded, end: line.length });
  return found;
}

function fill(found, words, { slots, isOpenEnded, end }) {
  let rest = words;
  for (const slot of slots) {
    if (slot.isText) { found.text = rest.map((one) => one.text).join(" "); if (slot.isNeeded && !found.text) found.missing.push(slot.name); rest = []; continue; }
    rest = slot.isMany ? takeMany(found, rest, { slot, isOpenEnded }) : takeOne(found, rest, { slot, isOpenEnded });
    const isEmpty = slot.isMany ? !found.values[slot.name]?.length : !found.values[slot.name];
    if (isEmpty && slot.isNeeded) found.missing.push(slot.name);
    if (!found.active && !rest.length && (isEmpty || slot.isMany) && !isOpenEnded) found.active = { slot: slot.name, start: end, typed: "" };
    if (isEmpty && slot.isNeeded) {
      if (!found.active && rest.length) found.active = { slot: slot.name, start: rest[0].start, typed: rest.map((one) => one.text).join(" ") };
      break;
    }
  }
  if (rest.length && !found.text) found.text = rest.map((one) => one.text).join(" ");
}

function takeOne(found, words, { slot, isOpenEnded }) {
  const taken = words.length ? take(words, slot, isOpenEnded) : null;
  if (!taken) return words;
  if (taken.isBeingTyped) found.active = { slot: slot.name, start: words[0].start, typed: words.slice(0, taken.count).map((one) => one.text).join(" ") };
  if (!taken.hit) return words;
  found.values[slot.name] = taken.hit;
  return words.slice(taken.count);
}

// A colon ends the names. "All" is everybody only in the first place: behind a name it begins the words.
const isLast = (word) => /[:;]$/.test(word.text);

function takeMany(found, words, { slot, isOpenEnded }) {
  const list = [];
  let rest = words;
  for (;;) {
    const before = rest;
    const one = { values: {}, active: null };
    const candidates = list.length ? slot.candidates.filter((other) => other.kind !== "all") : slot.candidates;
    rest = takeOne(one, rest, { slot: { ...slot, candidates }, isOpenEnded });
    if (one.active) found.active = one.active;
    if (rest === before || !one.values[slot.name]) break;
    list.push(one.values[slot.name]);
    if (isLast(before[before.length - rest.length - 1])) break;
  }
  if (list.length) found.values[slot.name] = list;
  return rest;
}

/** The line with what is being typed replaced by a suggestion. */
export const complete = (line, active, label) => `${line.slice(0, active.start)}${line.slice(0, active.start) && !/\s$/.test(line.slice(0, active.start)) ? " " : ""}${label} `;
