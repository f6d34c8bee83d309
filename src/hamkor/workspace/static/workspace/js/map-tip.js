// SPDX-License-Identifier: Apache-2.0
// A few words beside the pointer.
const AWAY_PX = 14;

export class Tip {
  constructor(element, frame) { Object.assign(this, { element, frame }); }

  show(lines, [x, y]) {
    const shown = lines.filter(Boolean);
    this.element.hidden = !shown.length;
    if (!shown.length) return;
    this.element.replaceChildren(...shown.map((text, index) => Object.assign(document.createElement(index ? "span" : "b"), { textContent: text })));
    const box = this.element.getBoundingClientRect();
    const left = Math.min(x + AWAY_PX, this.frame.clientWidth - box.width - 4);
    const top = y + AWAY_PX + box.height > this.frame.clientHeight ? y - box.height - AWAY_PX : y + AWAY_PX;
    this.element.style.left = `${Math.max(4, left)}px`;
    this.element.style.top = `${Math.max(4, top)}px`;
  }

  hide() { this.element.hidden = true; }
}
