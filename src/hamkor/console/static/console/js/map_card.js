// SPDX-License-Identifier: Apache-2.0
// The card of what is chosen: its state, how old each value is, and what can be done about it.
import { age, html, nothing, render, tickAges } from "./draw.js";
import { areaAheadLines, gateAheadLines, mayAsk } from "./forecast_words.js";
import { UNIT_OLD_S, VALUE_OLD_S, deviceOf, gateOf, isGate, staffingOf, unitPlace, zoneOf } from "./map_things.js";
import { agencyName, agencyShort, feature, featureName, placeName, post, priorityMark, typeName } from "./names.js";
import { store } from "./store.js";
import { number, word } from "./words.js";

const KINDS = ["selection", "incident", "unit", "alarm", "post_state", "zone_state", "device_state", "reference", "moment",
  "signal:zone", "signal:opening", "signal:unit", "signal:device", "signal:forecast"];

const line = (name, value, when = nothing) => (value === "" || value === null || value === undefined ? nothing : html`<div><dt>${word(name)}</dt><dd>${value} ${when}</dd></div>`);
const valued = (value, unit, decimals = 0) => (value === null || value === undefined ? null : `${number(value, decimals)}${unit ? ` ${unit}` : ""}`);
const button = (text, run, isMain = false) => html`<button type="button" class="button small ${isMain ? "primary" : ""}" @click=${run}>${word(text)}</button>`;

export class Card {
  constructor(element) {
    this.element = element;
    element.setAttribute("aria-live", "polite");
    store.on(KINDS, (changed) => { if (store.selection || changed.has("selection")) this.draw(); });
    store.on("tick", () => { if (store.selection) tickAges(element); });
    this.draw();
  }

  draw() {
    const chosen = store.selection;
    const shown = chosen && cards[chosen.kind]?.(chosen.id);
    this.element.hidden = !shown;
    render(shown ? html`<article aria-label=${shown.title}><header>${shown.mark || nothing}<h3>${shown.title}</h3>
        <button type="button" class="tool" aria-label=${word("card.close")} @click=${() => store.select(null)}>×</button></header>
      <dl>${shown.lines}</dl>${shown.acts?.length ? html`<div class="acts">${shown.acts}</div>` : nothing}</article>` : nothing, this.element);
    tickAges(this.element);
  }
}

const act = (module, name, ...args) => async () => (await import(`./${module}.js`))[name]?.(...args);
const mayReport = () => store.may("report_incident") || store.may("operate") || store.may("operate_own");
const report = () => (mayReport() ? button("card.report", act("incident_new", "openNew")) : nothing);

const cards = {
  incident(id) {
    const incident = store.get("incident", id);
    if (!incident) return null;
    const lines = [line("card.state", word(`incident.state_${incident.state}`), age(incident.moments?.[incident.state] || incident.reported_at)), line("card.type", typeName(incident.type)),
      line("card.place", placeName(incident.place)), line("card.owner", agencyName(incident.agency)), line("card.reported", age(incident.reported_at))];
    const acts = [button("card.open", act("incident_detail", "openIncident", id), true)];
    if (store.operates(incident.agency)) acts.push(button("card.dispatch", act("dispatch", "openDispatch", id)));
    return { title: incident.title || typeName(incident.type), mark: priorityMark(incident.priority), lines, acts };
  },
  alarm(id) {
    const alarm = store.get("alarm", id);
    if (!alarm) return null;
    const lines = [line("card.state", word(`card.alarm_${alarm.state}`), age(alarm.raised_at)), line("card.value", valued(alarm.value, alarm.unit, 1), age(alarm.last_at)),
      line("card.limit", valued(alarm.limit, alarm.unit, 1)), line("card.place", placeName(alarm.place)), line("card.action", alarm.action)];
    return { title: alarm.title, mark: priorityMark(alarm.priority), lines };
  },
  unit(id) {
    const unit = store.get("unit", id);
    if (!unit) return null;
    const place = unitPlace(unit);
    const newest = store.signal("unit", id);
    const lines = [line("card.state", word(`unit.${unit.state}`), age(unit.since)), line("card.agency", agencyName(unit.agency)),
      line("card.able", (unit.capabilities || []).map((able) => word(`capability.${able}`)).join(", ")),
      line("card.position", place.isLive ? word("card.position_live") : word("card.position_none"), place.isLive ? age(place.at, UNIT_OLD_S) : nothing),
      line("card.battery", valued(newest?.body?.battery === undefined ? null : newest.body.battery * 100, "%"))];
    const acts = unit.incident && store.get("incident", unit.incident) ? [button("card.to_incident", () => store.select({ kind: "incident", id: unit.incident }))] : [];
    if (store.operates(unit.agency)) acts.push(button("pane.change", act("unit_forms", "openUnit", id)));
    return { title: unit.call_sign, lines, acts };
  },
  post(id) {
    const known = post(id);
    if (!known) return null;
    const staffing = staffingOf(id);
    const lines = [line("card.state", word(`post.${staffing.state}`), staffing.checkedAt ? age(staffing.checkedAt) : nothing),
      line("card.people", `${number(staffing.present)} / ${number(staffing.needed)}`), line("card.agency", agencyName(known.agency)),
      line("card.heard", age(staffing.heardAt, 1800)), line("card.critical", known.critical ? word("card.yes") : "")];
    return { title: known.title, lines, acts: [button("card.posts", act("posts", "openPosts"))] };
  },
  hazard(id) {
    const hazard = store.reference?.hazards?.find((each) => each.id === id);
    if (!hazard) return null;
    const answers = hazard.contingencies.map((one) => store.reference.contingencies?.find((card) => card.id === one)?.title || one).join(", ");
    const lines = [line("card.type", word("layer.hazards")), line("card.risk", word("hazard.risk", { likelihood: number(hazard.likelihood), impact: number(hazard.impact) })),
      line("card.place", hazard.place.map(featureName).join(", ")), line("card.owner", hazard.agency && hazard.agency !== "none" ? agencyName(hazard.agency) : ""), line("card.action", answers)];
    return { title: hazard.title, lines };
  },
  feature(id) {
    const drawn = feature(id);
    if (!drawn) return null;
    const { kind, name } = drawn.properties;
    const lines = kind === "area" ? areaLines(drawn) : isGate(drawn) ? gateLines(drawn) : kind === "device" ? deviceLines(drawn) : placeLines(drawn);
    const acts = [report()];
    if (isGate(drawn) && mayAsk()) acts.push(button("what_if.ask", act("forecast_what_if", "openWhatIf", id)));
    return { title: name, lines, acts };
  },
};

function areaLines({ id, properties }) {
  const zone = zoneOf(id);
  const when = () => age(zone.at, VALUE_OLD_S);
  const trend = zone.trend === null ? null : `${zone.trend > 0 ? "+" : ""}${number(zone.trend)} ${word("unit.per_min")}`;
  return [line("card.density", zone.density === null ? word("card.unknown") : valued(zone.density, word("unit.density"), 1), when()),
    line("card.count", zone.count === null ? null : `${number(zone.count)}${properties.capacity ? ` / ${number(properties.capacity)}` : ""}`, when()),
    line("card.fill", zone.fill === null ? null : valued(zone.fill * 100, "%"), when()), line("card.trend", trend, when()), line("card.source", zone.source), areaAheadLines(id)];
}

function gateLines({ id, properties }) {
  const gate = gateOf(id);
  const when = () => age(gate.at, VALUE_OLD_S);
  return [line("card.state", word(`gate.${gate.state}`), gate.isKnown ? when() : nothing),
    line("card.flow", gate.isKnown ? word("gate.flow", { into: number(gate.into), out: number(gate.out) }) : word("card.unknown"), gate.isKnown ? when() : nothing),
    line("card.total", valued(gate.total)), line("card.capacity", properties.capacity ? `${number(properties.capacity)} ${word("unit.per_h")}` : null),
    line("card.width", valued(properties.width, "m", 2)), gateAheadLines(id)];
}

function deviceLines({ id, properties }) {
  const device = deviceOf(id);
  return [line("card.type", word(`device.sort.${properties.device || "other"}`)), line("card.state", word(`device.${device.state}`), age(device.at, VALUE_OLD_S)),
    line("card.battery", valued(device.battery === null ? null : device.battery * 100, "%"))];
}

const placeLines = ({ properties }) => [line("card.type", word(`kind.${properties.kind}`)), line("card.capacity", valued(properties.capacity)),
  line("card.agency", properties.agency ? agencyShort(properties.agency) : null)];
