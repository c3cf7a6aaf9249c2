// Labels to choose from, in the order of the project, so that a key keeps its meaning
// from one document to the next. Beyond nine, typing finds a label.

import { choiceParts } from "../report/pages/scripts/choices.js";
import { button, make, silent } from "../report/pages/scripts/elements.js";
import { t } from "../report/pages/scripts/words.js";
import { labelNumber, status } from "./project.js";

const N_KEYS = 9;
export const NONE = null; // the label of "none of these"

export const labelName = (label) => label ?? t("none of these");

// How sure each label is, by its name.
function likelihoods({ label, confidence, alternatives = [] }) {
  const sure = new Map(alternatives);
  if (confidence !== null && confidence !== undefined) sure.set(label, confidence);
  return sure;
}

// A button that a key presses too; the key stands on it.
export function keyButton(text, key, onClick) {
  const made = button(text, onClick);
  const shown = { Escape: "Esc", Enter: "⏎" }[key] ?? key.toUpperCase();
  made.append(" ", silent(make("kbd", "", shown)));
  made.setAttribute("aria-keyshortcuts", key);
  return made;
}

export class LabelBar {
  constructor({ onChoose, onNewLabel }) {
    Object.assign(this, { onChoose, onNewLabel });
    this.lines = make("div", "lines");
    this.find = make("input", "find");
    this.find.type = "search";
    this.find.autocomplete = "off";
    this.find.spellcheck = false;
    this.find.setAttribute("aria-label", t("Find a label, or name a new one"));
    this.find.placeholder = t("Find or add a label");
    this.find.addEventListener("input", () => this.#draw());
    this.find.addEventListener("keydown", (event) => this.#typed(event));
    const hint = silent(make("kbd", "", "/"));
    this.element = make(
      "fieldset",
      "choices pick",
      make("legend", "", t("Label")),
      this.lines,
      make("div", "finding", this.find, hint),
    );
    this.show(null);
  }

  // What is known of a document, or null where nothing may be told. With `isSame`, what
  // a person types meanwhile stays.
  show(decision, { chosen, isSame = false } = {}) {
    this.decision = decision;
    this.chosen = chosen;
    this.labels = status.labels; // a key takes what is drawn, whatever comes meanwhile
    if (!isSame) this.find.value = "";
    this.#draw();
  }

  get suggested() {
    const { decision } = this;
    return decision && decision.confidence !== null ? decision.label : undefined;
  }

  // The label of a key; undefined where there is none.
  of(key) {
    return this.labels[Number(key) - 1]?.name;
  }

  #found() {
    const words = this.find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const has = ({ name }) => words.every((word) => name.toLowerCase().includes(word));
    return this.labels.filter(has);
  }

  #draw() {
    const sure = this.decision ? likelihoods(this.decision) : new Map();
    const lines = this.#found().map(({ name, description }) => this.#line(name, description, sure));
    const typed = this.find.value.trim();
    if (typed && !this.labels.some(({ name }) => name === typed)) {
      const made = button(t("Add “{name}” as a label", { name: typed }), () =>
        this.onNewLabel(typed),
      );
      made.classList.add("quiet", "new");
      lines.push(made);
    }
    this.lines.replaceChildren(...lines);
  }

  #line(name, description, sure) {
    const number = labelNumber(name);
    const key = number < N_KEYS ? String(number + 1) : "";
    const isSuggested = name === this.suggested;
    const parts = choiceParts({ label: number, name, sure: sure.get(name), key });
    if (isSuggested) parts[2].append(silent(make("kbd", "enter", "⏎")));
    const line = button("", () => this.onChoose(name));
    line.className = "choice";
    line.replaceChildren(...parts);
    if (description) line.title = description;
    if (key) line.setAttribute("aria-keyshortcuts", isSuggested ? `${key} Enter` : key);
    line.classList.toggle("suggested", isSuggested);
    if (name === this.chosen) line.setAttribute("aria-current", "true");
    return line;
  }

  // Enter takes the first label that was found; Escape gives the keys back.
  #typed(event) {
    if (event.key === "Enter") {
      event.preventDefault();
      const [first] = this.#found();
      if (first && this.find.value.trim()) this.onChoose(first.name);
    }
    if (event.key === "Escape") {
      event.stopPropagation();
      this.find.value = "";
      this.#draw();
      this.find.blur();
    }
  }
}
