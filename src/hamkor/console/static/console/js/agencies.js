// SPDX-License-Identifier: Apache-2.0
// The state of the parties: posts as planned, units free, when somebody was last heard; and of the links between them.
import { age, html, nothing, view } from "./draw.js";
import { staffingOf } from "./map_things.js";
import { store } from "./store.js";
import { ms } from "./times.js";
import { word } from "./words.js";

const HEARD_OLD_S = 1800;
const OFF = "off_duty";

/** One line of figures for each party that has posts or units here. */
function parties() {
  const found = new Map();
  const of = (code) => { if (!found.has(code)) found.set(code, { code, posts: 0, manned: 0, short: 0, units: 0, free: 0, heardAt: 0 }); return found.get(code); };
  for (const post of store.reference?.posts || []) {
    if (!post.agency) continue;
    const [party, staffing] = [of(post.agency), staffingOf(post.id)];
    party.heardAt = Math.max(party.heardAt, ms(staffing.heardAt) || 0);
    if (!staffing.isDue) continue;
    party.posts += 1;
    if (staffing.isShort) party.short += 1; else party.manned += 1;
  }
  for (const unit of store.all("unit")) {
    if (unit.retired_at || unit.state === OFF) continue;
    const party = of(unit.agency);
    party.units += 1;
    if (unit.state === "free") party.free += 1;
    party.heardAt = Math.max(party.heardAt, ms(store.signal("unit", unit.id)?.at) || 0);
  }
  for (const message of store.all("message")) if (found.has(message.agency)) found.get(message.agency).heardAt = Math.max(found.get(message.agency).heardAt, ms(message.sent_at));
  return [...found.values()];
}

function box(party, names) {
  const agency = names.get(party.code);
  const figures = [party.posts ? word("party.posts", { manned: party.manned, needed: party.posts }) : "", party.units ? word("party.units", { free: party.free, all: party.units }) : ""].filter(Boolean);
  const flag = party.short ? word("party.short", { count: party.short }) : party.units && !party.free ? word("party.no_free") : "";
  return html`<div><b title=${agency?.name || party.code}>${agency?.short || agency?.name || party.code}</b>${flag ? html`<span class="flag">▲ ${flag}</span>` : html`<span class="heard">${party.heardAt ? age(party.heardAt, HEARD_OLD_S) : nothing}</span>`}
    <span class="figures">${figures.join(" · ") || word("party.nothing")}${flag && party.heardAt ? html` · ${age(party.heardAt, HEARD_OLD_S)}` : nothing}</span></div>`;
}

// A link is dead when none of its ways works.
function links() {
  const channels = new Map((store.reference?.channels || []).map((channel) => [channel.id, channel]));
  const all = (store.reference?.links || []).filter((link) => link.ways?.length);
  const isBroken = (way) => channels.get(way)?.works === false;
  const dead = all.filter((link) => link.ways.every(isBroken));
  const weak = all.filter((link) => !dead.includes(link) && link.ways.some(isBroken));
  if (!all.length) return nothing;
  const nameOf = (link) => link.title || link.between.join(" – ");
  return html`<p class="links-line">${dead.length ? html`<b>▲ ${word("links.dead", { names: dead.map(nameOf).join(", ") })}</b> · ` : nothing}${word("links.work", { count: all.length - dead.length, all: all.length })}${weak.length ? ` · ${word("links.weak", { count: weak.length })}` : ""}</p>`;
}

export function mount(element) {
  let last = 0;
  const make = () => {
    const names = new Map((store.reference?.agencies || []).map((agency) => [agency.code, agency]));
    const found = parties();
    const whole = found.filter((party) => !party.short).length;
    last = Date.now();
    return html`<div class="part-head"><h2>${word("part.agencies")}</h2><span class="aside">${found.length ? word("party.whole_of", { whole, all: found.length }) : ""}</span></div>
      ${found.length ? html`<div class="parties">${found.map((party) => box(party, names))}</div>` : html`<p class="empty">${word("party.none")}</p>`}${links()}`;
  };
  const draw = view(element, ["post_state", "unit", "operation", "reference", "moment"], make);
  // Positions come all the time; nobody reads this list more than every few seconds.
  store.on(["tick"], () => { if (Date.now() - last > 5000) draw(); });
}
