// SPDX-License-Identifier: Apache-2.0
// Which layers and which storey are shown; kept in this browser.
import { number, say } from "./map-words.js";

const KEY = "hamkor-map-hidden";

export class Layers {
  constructor(map) {
    this.map = map;
    map.painter.hidden = new Set(JSON.parse(localStorage.getItem(KEY) || "[]"));
  }

  show(drawing) {
    const { hidden } = this.map.painter;
    const rows = [...drawing.layers.map((layer) => [layer.id, layer.name, layer.count]), ["labels", say("labels"), null], ["findings", say("findings"), drawing.findings.length]];
    const hasPins = drawing.posts.length && !drawing.layers.some((layer) => layer.id === "posts");
    if (hasPins) rows.push(["posts", say("posts"), drawing.posts.length]);
    const list = document.getElementById("map-layer-list");
    list?.replaceChildren(...rows.map(([id, name, count]) => {
      const line = document.createElement("label");
      line.className = "check";
      const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: !hidden.has(id) });
      box.addEventListener("change", () => this.set(id, box.checked));
      line.append(box, document.createTextNode(name), Object.assign(document.createElement("span"), { className: "soft", textContent: count ?? "" }));
      return line;
    }));
    this.showLevels(drawing.levels);
  }

  set(id, isShown) {
    const { hidden } = this.map.painter;
    if (isShown) hidden.delete(id); else hidden.add(id);
    localStorage.setItem(KEY, JSON.stringify([...hidden]));
    this.map.painter.filter();
  }

  showLevels(levels) {
    const select = document.getElementById("map-level");
    if (!select) return;
    select.hidden = levels.length < 2;
    const { level } = this.map.painter;
    const option = (value, text) => Object.assign(document.createElement("option"), { value, textContent: text });
    select.replaceChildren(option("", say("all_levels")), ...levels.map((each) => option(each.level, say("level", { level: number(each.level) }))));
    select.value = level ?? "";
    select.onchange = () => {
      this.map.painter.level = select.value === "" ? null : Number(select.value);
      this.map.painter.filter();
    };
  }
}
