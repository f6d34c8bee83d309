// SPDX-License-Identifier: Apache-2.0
// Changes of the drawing go the way of all edits; what was done here can be taken back, and done again.
import { newId, submitEdits } from "../../hamkor/js/editor.js";
import { refreshSoon } from "../../hamkor/js/live.js";
import { say as toast } from "../../hamkor/js/toasts.js";
import { say } from "./map-words.js";

const MOST_STEPS = 50;

const read = (key) => JSON.parse(sessionStorage.getItem(key) || "[]");
const write = (key, steps) => sessionStorage.setItem(key, JSON.stringify(steps.slice(-MOST_STEPS)));

export class Sender {
  constructor(root) {
    this.root = root;
    this.done = `hamkor-map-done:${root.dataset.event}`;
    this.undone = `hamkor-map-undone:${root.dataset.event}`;
  }

  // Sends one change and returns its command id when it has gone out, or waits on this device without a link.
  async send(change) {
    const marker = document.createElement("i");
    await submitEdits(this.root.dataset.change, [change], marker);
    return marker.dataset.command;
  }

  // Called for every edit the server took: those of the drawing can be taken back here.
  noted(item) {
    const isOurs = item.address === this.root.dataset.change || item.body.edits.some((edit) => edit.part === "venue");
    if (isOurs) this.push(item.body.command_id);
    return isOurs;
  }

  push(command) {
    if (read(this.done).includes(command)) return;
    write(this.done, [...read(this.done), command]);
    write(this.undone, []);
  }

  undo() { return this.step(this.done, this.undone, "undone"); }
  redo() { return this.step(this.undone, this.done, "redone"); }

  async step(from, to, said) {
    const steps = read(from);
    const undone = steps.pop();
    if (!undone || !this.root.dataset.undo) { toast(say("nothing_to_undo")); return; }
    const command = newId();
    const answer = await fetch(this.root.dataset.undo, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": document.body.dataset.csrf },
      body: new URLSearchParams({ command_id: command, undone }),
    }).catch(() => null);
    if (!answer) { toast(document.body.dataset.textOffline, "red"); return; }
    const details = await answer.json().catch(() => ({}));
    write(from, steps);
    if (!answer.ok) { toast(details.detail, "red"); return; }
    write(to, [...read(to), command]);
    for (const text of details.conflicts || []) toast(text);
    toast(say(said));
    refreshSoon();
  }
}
