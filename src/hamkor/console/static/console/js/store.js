// SPDX-License-Identifier: Apache-2.0
// What this screen knows: documents by kind, newest values of sensors, and who wants to hear of changes.
// Whoever listens is called once per frame at most, however many changes came.
const HIDDEN_FLUSH_MS = 250;
const FRAME_MAX_MS = 500;
const OPERATE = "operate";

/** The documents and values of one moment. */
class Picture {
  constructor() {
    this.documents = new Map();
    this.signals = new Map();
    this.lists = new Map();
    this.number = 0;
  }

  of(kind) {
    if (!this.documents.has(kind)) this.documents.set(kind, new Map());
    return this.documents.get(kind);
  }

  all(kind) {
    if (!this.lists.has(kind)) this.lists.set(kind, [...this.of(kind).values()]);
    return this.lists.get(kind);
  }

  put({ kind, id, body }) {
    if (body === null || body === undefined) this.of(kind).delete(id);
    else this.of(kind).set(id, body);
    this.lists.delete(kind);
  }
}

class Store {
  constructor() {
    this.live = new Picture();
    this.past = null;
    this.pastAt = 0;
    this.offset = 0;
    this.reference = null;
    this.selection = null;
    this.freshness = { state: "catching", age_ms: 0 };
    this.listeners = new Set();
    this.changed = new Map();
    this.waits = false;
    // Parts of the screen that are not there yet.
    this.missing = 0;
    this.rights = new Set();
    this.agencies = new Set();
  }

  get shown() { return this.past || this.live; }
  get number() { return this.live.number; }
  get isReplay() { return this.past !== null; }

  /** Every document of a kind; the same array until one of them changes. */
  all(kind) { return this.shown.all(kind); }

  get(kind, id) { return this.shown.of(kind).get(id) || null; }

  /** The newest value of a sensor, a gate, a zone, a unit: {at, body}, or null. */
  signal(kind, id) { return this.shown.signals.get(`${kind}:${id}`) || null; }

  /** The server's clock in milliseconds; in a replay, the moment that is shown. */
  now() { return this.past ? this.pastAt : this.realNow(); }

  realNow() { return Date.now() + this.offset; }

  may(right) { return this.rights.has(right) && !this.isReplay; }

  operates(agency) { return !this.isReplay && (this.rights.has(OPERATE) || this.agencies.has(agency)); }

  /**
   * Calls a function when something of these kinds changed, with a Map from kind to the Set of changed ids.
   * Besides kinds of documents there are "signal:zone", "signal:opening", "signal:unit", "signal:device",
   * "signal:weather", "signal:event", "selection", "freshness", "reference", "moment" (replay begins, moves or ends)
   * and "tick" (each second). "*" is everything but values of sensors and the tick. Returns the function that ends it.
   */
  on(kinds, heard) {
    const listener = { kinds: kinds === "*" ? null : new Set([kinds].flat()), heard };
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  select(selection, { isHeard = false } = {}) {
    const same = this.selection?.kind === selection?.kind && this.selection?.id === selection?.id;
    if (same) return;
    this.selection = selection;
    this.mark("selection", selection?.id || "");
    if (!isHeard) this.onSelect?.(selection);
  }

  // What follows is for the stream, the replay and the other windows.

  /** Takes documents in: all there are, or those that changed. */
  take(documents, { number, isAll = false }) {
    if (isAll) {
      for (const kind of this.live.documents.keys()) this.mark(kind, "");
      const { signals } = this.live;
      this.live = new Picture();
      this.live.signals = signals;
    }
    for (const each of documents) {
      this.live.put(each);
      if (!this.past) this.mark(each.kind, each.id);
    }
    this.live.number = number;
    this.mark("number", "");
  }

  takeSignals(values) {
    for (const { kind, id, at, body } of values) {
      this.live.signals.set(`${kind}:${id}`, { at, body });
      if (!this.past) this.mark(`signal:${kind}`, id);
    }
  }

  takeReference(reference) {
    this.reference = reference;
    this.rights = new Set(reference.viewer?.rights || []);
    this.agencies = new Set(reference.viewer?.operates || []);
    this.mark("reference", "");
  }

  takeFreshness(freshness) {
    const isNews = freshness.state !== this.freshness.state;
    this.freshness = freshness;
    if (isNews) this.mark("freshness", "");
  }

  /** Shows a past moment; the live picture goes on behind it. Null returns to it. */
  showPast(past) {
    const kinds = new Set([...this.shown.documents.keys(), ...this.signalKinds()]);
    this.past = null;
    if (past) {
      this.past = new Picture();
      this.past.number = past.number;
      for (const each of past.documents) this.past.put(each);
      for (const { kind, id, at, body } of past.values || []) this.past.signals.set(`${kind}:${id}`, { at, body });
      this.pastAt = Date.parse(past.at);
    }
    for (const kind of [...kinds, ...this.shown.documents.keys(), ...this.signalKinds()]) this.mark(kind, "");
    this.mark("moment", "");
  }

  signalKinds() {
    return new Set([...this.shown.signals.keys()].map((key) => `signal:${key.slice(0, key.indexOf(":"))}`));
  }

  tick() { this.mark("tick", ""); }

  mark(kind, id) {
    if (!this.changed.has(kind)) this.changed.set(kind, new Set());
    this.changed.get(kind).add(id);
    if (this.waits) return;
    this.waits = true;
    // A window behind others draws no frames, yet its alarms must sound.
    if (document.hidden) { setTimeout(() => this.tell(), HIDDEN_FLUSH_MS); return; }
    requestAnimationFrame(() => this.tell());
    setTimeout(() => this.tell(), FRAME_MAX_MS);
  }

  tell() {
    if (!this.waits) return;
    const { changed } = this;
    this.changed = new Map();
    this.waits = false;
    const names = [...changed.keys()];
    const hasPlain = names.some((kind) => kind !== "tick" && !kind.startsWith("signal:"));
    for (const { kinds, heard } of this.listeners) {
      if (kinds ? !names.some((kind) => kinds.has(kind)) : !hasPlain) continue;
      // A fault in one part of the screen must not silence the others.
      try { heard(changed); } catch (fault) { console.error(fault); }
    }
  }
}

export const store = new Store();
