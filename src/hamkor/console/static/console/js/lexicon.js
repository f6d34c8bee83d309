// SPDX-License-Identifier: Apache-2.0
// What can be named at this event – types, places, posts, units, people, agencies, incidents – ready for type-ahead.
import { candidate } from "./grammar.js";
import { agencyName, agencyShort, featureName, personTitle, postTitle } from "./names.js";
import { store } from "./store.js";
import { word } from "./words.js";

const NOT_PLACES = new Set(["device", "devices", "hazard", "route", "routes"]);
const lists = new Map();

// Of the plan, made once per fetched reference.
function ofReference(name, make) {
  const reference = store.reference;
  const found = lists.get(name);
  if (found && found.reference === reference) return found.list;
  const list = reference ? make(reference) : [];
  lists.set(name, { reference, list });
  return list;
}

const spaced = (code) => String(code).replace(/[_-]/g, " ");

export const types = () => ofReference("types", ({ incident_types: all }) => (all || []).map((type) =>
  candidate(type.code, type.name, { labels: [spaced(type.code), ...(type.aliases || [])], rank: 5 - type.priority, kind: "type" })));

export const features = () => ofReference("features", ({ features: all }) => (all?.features || all || [])
  .map((feature) => ({ id: feature.properties?.id ?? feature.id, ...feature.properties }))
  .filter((feature) => feature.id && !NOT_PLACES.has(feature.kind))
  .map((feature) => candidate(feature.id, feature.name || featureName(feature.id) || feature.id,
    { labels: [spaced(feature.id), feature.short], rank: feature.kind === "opening" ? 2 : 1, kind: "place" })));

export const posts = () => ofReference("posts", ({ posts: all }) => (all || []).map((post) =>
  candidate(post.id, post.title || postTitle(post.id), { labels: [spaced(post.id)], note: agencyShort(post.agency), rank: 2, kind: "post" })));

// All parties together and the public are no party anybody speaks for.
const NOT_PARTIES = new Set(["all", "pub"]);
export const agencies = () => ofReference("agencies", ({ agencies: all }) => (all || []).filter((agency) => !NOT_PARTIES.has(agency.code)).map((agency) =>
  candidate(agency.code, agency.short || agency.name, { labels: [agency.name, agency.code], rank: 3, kind: "agency" })));

export const people = () => ofReference("people", ({ people: all }) => (all || []).map((person) =>
  candidate(person.id, person.name || person.position || personTitle(person.id) || person.id,
    { labels: [person.position, spaced(person.id)], note: [person.name && person.position, agencyShort(person.agency)].filter(Boolean).join(" · "), kind: "person" })));

export const channels = () => ofReference("channels", ({ channels: all }) => (all || []).map((one) =>
  candidate(one.id, one.title || one.name || one.id, { labels: [spaced(one.id)], kind: "channel" })));

export const contingencies = () => ofReference("contingencies", ({ contingencies: all }) => (all || []).map((one) =>
  candidate(one.id, one.title, { labels: [spaced(one.id)], kind: "contingency" })));

export const units = () => store.all("unit").filter((unit) => !unit.retired_at).map((unit) =>
  candidate(unit.id, unit.call_sign, { note: [agencyShort(unit.agency), word(`unit.${unit.state}`)].join(" · "), rank: unit.state === "free" ? 2 : 1, kind: "unit" }));

export const number = (incident) => `H-${String(incident.number).padStart(4, "0")}`;

export const typeName = (code) => (code ? typeOf(code)?.name || spaced(code) : word("incident.no_type"));
export const typeOf = (code) => store.reference?.incident_types?.find((type) => type.code === code);
export const titleOf = (incident) => incident.title || typeName(incident.type);

export const incidents = (isOpenOnly = true) => store.all("incident")
  .filter((incident) => (isOpenOnly ? !["closed", "merged", "struck"].includes(incident.state) : true))
  .map((incident) => candidate(incident.id, number(incident), { labels: [String(incident.number)], note: titleOf(incident), rank: 5 - incident.priority, kind: "incident" }));

export const everybody = () => [candidate("all", word("addressee.all"), { labels: ["all", "*"], rank: 0, kind: "all" })];
/** Whom a message can be sent to. */
export const addressees = () => [...posts(), ...units(), ...agencies(), ...people(), ...everybody()];
/** What the map and lists can go to. */
export const everything = () => [...incidents(false), ...features(), ...posts(), ...units()];

export const UNIT_STATES = ["free", "assigned", "en_route", "on_scene", "busy", "off_duty"];
export const unitStates = () => UNIT_STATES.map((state) => candidate(state, word(`unit.${state}`), { labels: [spaced(state)], kind: "state" }));

/** An addressee as the server wants it. */
export const addressee = (found) => ({ kind: found.kind, id: found.value });
export function addresseeName(given) {
  if (!given) return "";
  if (given.kind === "all") return word("addressee.all");
  if (given.kind === "agency") return agencyName(given.id);
  if (given.kind === "post") return postTitle(given.id) || given.id;
  if (given.kind === "unit") return store.get("unit", given.id)?.call_sign || given.id;
  return personTitle(given.id) || given.id;
}
export const channelName = (id) => channels().find((one) => one.value === id)?.label || id || "";

/** A place as the server wants it: from the drawing, else from what is chosen on the map, else in words. */
export const placeOf = (found, words = "") => (found ? { feature: found.value } : words.trim() ? { words: words.trim() } : null);
