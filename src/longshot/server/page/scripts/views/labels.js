// The labels: a name, and a line of what each means. A line helps the classifier as much
// as a person: it reads both.

import { swatch } from "../../report/pages/scripts/colours.js";
import { button, make } from "../../report/pages/scripts/elements.js";
import { t } from "../../report/pages/scripts/words.js";
import { bare } from "../adding-labels.js";
import { decide, labelNumber, refreshStatus, routes, status } from "../project.js";
import { problem, toast } from "../toasts.js";

const EMPTY = { name: "", description: "", speaks_for: [], speaks_against: [] };

export function labelsView(view) {
  const list = make("div", "label-list");
  const offered = make("section", "offered");
  const save = make("button", "primary", t("Save labels"));
  const another = button(t("Add a label"), () => add(EMPTY));
  const form = make("form", "", list, make("div", "acts", another, save));
  view.className = "narrow";
  view.replaceChildren(
    make("h2", "", t("Labels")),
    make(
      "p",
      "lede",
      t("Name them, and say in a line what each means. The classifier reads both: it can begin before you have labelled anything."),
    ),
    form,
    offered,
  );
  for (const label of status.labels) list.append(card(label));
  if (!status.labels.length) list.append(card(EMPTY), card(EMPTY));
  drawOffered();

  function add(label) {
    const made = card(label);
    list.append(made);
    made.querySelector("input").focus();
  }

  function drawOffered() {
    const classes = status.new_classes ?? [];
    offered.hidden = !classes.length;
    const lines = classes.map(({ number, documents, n_documents: n, words }) => {
      const told = t("{n} document that fits no label|{n} documents that fit no label", { n });
      const open = make("a", "", documents[0]);
      open.href = `#pile/${encodeURIComponent(documents[0])}`;
      const name = make("b", "", t("Group {number}", { number }));
      const take = button(t("Name it as a label"), () => add(EMPTY));
      const common = make("span", "words", words.join(" · "));
      return make("li", "", name, make("span", "", `${told}: `, open), common, take);
    });
    const title = make("h3", "", t("Perhaps a class of its own"));
    offered.replaceChildren(title, make("ul", "", ...lines));
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const labels = [...list.children].map((one) => one.read());
    keep(labels.filter(({ name }) => name)).catch(problem);
  });
}

async function keep(labels) {
  await routes.setLabels(labels);
  await refreshStatus();
  toast(t("{n} label saved|{n} labels saved", { n: labels.length }), {
    action: [t("Label documents"), () => (location.hash = "label")],
  });
  decide();
}

function field(name, value, { hint = "" } = {}) {
  const input = make("input");
  input.value = value;
  input.placeholder = hint;
  return [input, make("label", "field", make("span", "", name), input)];
}

function card(label) {
  const [name, nameField] = field(t("Name"), label.name);
  const [meaning, meaningField] = field(t("What it means"), label.description ?? "", {
    hint: t("A line, as you would tell a colleague"),
  });
  const remove = button(t("Remove"), () => element.remove());
  remove.className = "quiet";
  const called = label.name || t("this label");
  remove.setAttribute("aria-label", t("Remove {name}", { name: called }));
  const known = [];
  if (label.n_examples !== undefined) {
    known.push(t("{n} example|{n} examples", { n: label.n_examples }));
    known.push(t("{n} document|{n} documents", { n: label.n_decided }));
  }
  const dot = label.name ? swatch(labelNumber(label.name)) : swatch(-1);
  const counts = make("small", "", known.join(", "));
  const element = make("div", "label-card", dot, nameField, meaningField, remove, counts);
  const phrases = phraseFields(label, element);
  element.read = () => ({
    ...EMPTY,
    ...bare(label),
    name: name.value.trim(),
    description: meaning.value.trim(),
    ...phrases(),
  });
  return element;
}

// Words and phrases that speak for or against a label.
function phraseFields(label, element) {
  const hint = t("Words or phrases, with commas between");
  const typed = (phrases) => (phrases ?? []).join(", ");
  const [on, onField] = field(t("Speaks for it"), typed(label.speaks_for), { hint });
  const [off, offField] = field(t("Speaks against it"), typed(label.speaks_against), { hint });
  for (const one of [onField, offField]) one.classList.add("phrase");
  element.append(onField, offField);
  const read = ({ value }) => value.split(",").map((one) => one.trim()).filter(Boolean);
  return () => ({ speaks_for: read(on), speaks_against: read(off) });
}
