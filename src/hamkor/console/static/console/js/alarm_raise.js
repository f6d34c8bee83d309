// SPDX-License-Identifier: Apache-2.0
// An alarm raised by hand: for what no rule sees.
import { html } from "../../hamkor/vendor/lit/lit-html.js";
import { priorityMark } from "./names.js";
import { hint } from "./keys.js";
import { features, placeOf } from "./lexicon.js";
import { close, draft, keepDraft, keeping, open, said } from "./panel.js";
import { clear, pick, picked, picker, typed } from "./pick.js";
import { send } from "./outbox.js";
import { store } from "./store.js";
import { word } from "./words.js";

const VIEW = "raise";
let priority = 1;

export function openRaise() {
  priority = 1;
  const found = features().find((one) => one.value === store.selection?.id);
  if (found && !picked("raise-place").length) pick("raise-place", [found]);
  open({ name: VIEW, title: () => word("alarm.raise"), view }, { focus: "#raise-title" });
}

function view(draw) {
  const submit = (event) => {
    event.preventDefault();
    const fields = event.target.elements;
    const title = fields.title.value.trim();
    if (!title) { fields.title.focus(); return; }
    const args = { title, place: placeOf(picked("raise-place")[0], typed("raise-place")), priority, words: fields.words.value.trim() || null };
    send("raise_manual", args).then(() => said(word("alarm.raised_done"))).catch(() => { keepDraft("raise:title", title); keepDraft("raise:words", args.words); });
    for (const name of ["title", "words"]) keepDraft(`raise:${name}`, "");
    clear("raise-place");
    event.target.reset();
    close(VIEW);
  };
  return html`<form class="form" @submit=${submit}><p class="hint">${word("alarm.raise_hint")}</p>
    <label for="raise-title">${word("alarm.what")}</label><input id="raise-title" name="title" maxlength="200" required .defaultValue=${draft("raise:title")} @input=${keeping("raise:title")}>
    ${picker({ id: "raise-place", label: word("incident.place"), candidates: features, draw, hintText: word("incident.place_hint") })}
    <fieldset class="segments priorities"><legend>${word("incident.priority_word")}</legend>${[1, 2, 3, 4].map((value) => html`<label class=${priority === value ? "on" : ""}><input type="radio" name="priority" .checked=${priority === value}
      @change=${() => { priority = value; draw(); }}>${priorityMark(value)}<span>${word(`priority.${value}`)}</span></label>`)}</fieldset>
    <label for="raise-words">${word("incident.text")}</label><textarea id="raise-words" name="words" rows="2" maxlength="1000" .defaultValue=${draft("raise:words")} @input=${keeping("raise:words")}></textarea>
    <div class="actions"><button class="button primary">${word("alarm.raise")} ${hint("enter")}</button></div></form>`;
}
