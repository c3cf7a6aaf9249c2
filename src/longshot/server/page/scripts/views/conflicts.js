// Documents to which people gave different labels, side by side.

import { swatch } from "../../report/pages/scripts/colours.js";
import { button, make } from "../../report/pages/scripts/elements.js";
import { t } from "../../report/pages/scripts/words.js";
import { lastOnly } from "../asking.js";
import { labelName } from "../labels.js";
import { changes, enter, labelNumber, routes } from "../project.js";
import { released } from "../pressing.js";
import { problem } from "../toasts.js";
import { time } from "./history.js";

export function conflictsView(view) {
  const list = make("div", "conflicts");
  const asking = lastOnly();
  view.className = "narrow";
  view.replaceChildren(
    make("h2", "", t("Conflicts")),
    make(
      "p",
      "lede",
      t("People labelled these differently. Take one of the labels, or open the document and give another."),
    ),
    list,
  );

  async function load() {
    const isLast = asking();
    const conflicts = await routes.conflicts();
    await released();
    if (!isLast()) return;
    list.replaceChildren(...conflicts.map(conflictCard));
    if (!conflicts.length) list.append(make("p", "empty", t("Everybody agrees.")));
  }

  const reload = () => load().catch(problem);
  changes.addEventListener("decided", reload);
  reload();
  return { leave: () => changes.removeEventListener("decided", reload) };
}

function conflictCard({ document: id, snippet, entries }) {
  const open = make("a", "", id);
  open.href = `#pile/${encodeURIComponent(id)}`;
  const sides = make("div", "sides", ...entries.map((entry) => side(id, entry)));
  return make("section", "conflict", make("h3", "", open), make("p", "snippet", snippet), sides);
}

function side(id, { who, label, when, note }) {
  const number = label === null ? -1 : labelNumber(label);
  const name = labelName(label);
  const said = make("p", "said", swatch(number), make("b", "", name));
  const element = make("div", "side", make("h4", "", who), said, make("small", "", time(when)));
  if (note) element.append(make("p", "noted", `“${note}”`));
  const take = button(t("Take this"), () => enter({ kind: "label", documents: [id], label }));
  take.setAttribute("aria-label", t("Take {label} for {id}", { label: name, id }));
  element.append(take);
  return element;
}
