// A document of the pile, opened beside the list: the decision, why, and its text.

import { button, make } from "../../report/pages/scripts/elements.js";
import { t } from "../../report/pages/scripts/words.js";
import { addLabel } from "../adding-labels.js";
import { lastOnly } from "../asking.js";
import { keyButton, LabelBar, labelName, NONE } from "../labels.js";
import { enter, routes } from "../project.js";
import { released } from "../pressing.js";
import { Reader } from "../reading.js";
import { problem } from "../toasts.js";

export class Panel {
  id = null;
  detail = null; // of the document that is shown; null until it is
  #asking = lastOnly();

  constructor({ neighbour, onClose }) {
    Object.assign(this, { neighbour, onClose });
    this.reader = new Reader({ isWithin: true });
    this.bar = new LabelBar({
      onChoose: (name) => this.#label(name),
      onNewLabel: (name) => this.#labelAnew(name).catch(problem),
    });
    this.former = keyButton(t("Previous"), "k", () => this.step(-1));
    this.next = keyButton(t("Next"), "j", () => this.step(1));
    this.place = make("span", "place");
    this.place.setAttribute("role", "status");
    const close = keyButton(t("Close"), "Escape", () => this.close());
    this.right = keyButton(t("Label is right, next"), "Enter", () => this.#confirm());
    this.right.classList.add("primary");
    const none = keyButton(t("None of these"), "n", () => this.#label(NONE));
    this.forgetting = button(t("Forget label"), () => this.#enter({ kind: "forget" }));
    this.why = make("div", "reasons");
    this.said = make("div", "entries");
    this.element = make(
      "dialog",
      "panel",
      make("div", "bar", this.former, this.next, this.place, close),
      this.reader.heading, // before the labels, and not beside the text
      this.reader.facts,
      this.bar.element,
      make("div", "acts", this.right, none, this.forgetting),
      this.said,
      this.why,
      this.reader.element,
    );
    this.element.setAttribute("aria-labelledby", "reading-heading");
    this.element.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
  }

  // With `isAgain`, a document that is shown has only what was decided drawn anew: the
  // text stays where it is.
  async show(id, words, { isAgain = false } = {}) {
    const isSame = isAgain && this.id === id && this.detail !== null;
    this.id = id;
    if (!isSame) {
      this.detail = null; // what is not shown yet is neither confirmed nor labelled
      this.reader.wait(id);
      this.why.replaceChildren();
      this.said.replaceChildren();
    }
    this.redrawPlace();
    if (!this.element.open) {
      if (matchMedia("(min-width: 60rem)").matches) this.element.show();
      else this.element.showModal();
    }
    const isLast = this.#asking();
    const detail = await routes.document(id);
    await released();
    if (!isLast() || this.id !== id) return;
    this.detail = detail;
    if (!isSame) this.reader.show(detail, { words });
    const { given } = detail;
    this.bar.show(detail, { chosen: given ? given.label : undefined, isSame });
    this.right.disabled = detail.confidence === null && !given;
    this.forgetting.hidden = !given;
    this.said.replaceChildren(...entriesOf(detail));
    if (!isSame) this.why.replaceChildren(...this.reader.reasons());
  }

  redrawPlace() {
    if (this.id === null) return;
    const { at, total } = this.neighbour(this.id, 0);
    this.place.textContent = at === null ? "" : t("{at} of {all}", { at, all: total });
    this.former.disabled = !this.neighbour(this.id, -1).id;
    this.next.disabled = !this.neighbour(this.id, 1).id;
  }

  hide() {
    this.id = this.detail = null;
    if (this.element.open) this.element.close();
  }

  close() {
    this.onClose();
  }

  step(by) {
    const { id } = this.neighbour(this.id, by);
    if (id === undefined) return;
    this.detail = null; // the address changes a moment later
    location.hash = `pile/${encodeURIComponent(id)}`;
  }

  #enter(entry) {
    if (this.detail) enter({ ...entry, documents: [this.id] });
  }

  #label(label) {
    this.#enter({ kind: "label", label });
  }

  // The document that was open gets it, wherever a person has gone on to meanwhile.
  async #labelAnew(name) {
    const { detail, id } = this;
    if (!detail) return;
    await addLabel(name);
    enter({ kind: "label", label: name, documents: [id] });
  }

  #confirm() {
    const { detail } = this;
    if (!detail) return;
    if (!detail.given && detail.confidence !== null) this.#label(detail.label);
    this.step(1);
  }

  act({ key, target }) {
    if (this.id === null) return undefined;
    if (/^[1-9]$/.test(key)) {
      const name = this.bar.of(key);
      return name === undefined ? undefined : () => this.#label(name);
    }
    if (key === "Enter" && target.closest("button, a, summary, label, input")) return undefined;
    const keys = {
      Enter: () => this.#confirm(),
      n: () => this.#label(NONE),
      ArrowRight: () => this.reader.turn(1),
      ArrowLeft: () => this.reader.turn(-1),
    };
    return keys[key];
  }
}

function entriesOf({ given, entries = [] }) {
  const people = entries.filter(({ kind }) => kind === "label").map(({ who, label }) => `${who}: ${labelName(label)}`);
  if (!given) return [];
  return [make("p", "hint", people.join(" · ") || `${given.who}: ${labelName(given.label)}`)];
}
