// What was done, the newest first: nothing is ever taken out of it.

import { button, make } from "../../report/pages/scripts/elements.js";
import { languageTag, t } from "../../report/pages/scripts/words.js";
import { lastOnly } from "../asking.js";
import { keyButton, labelName } from "../labels.js";
import { allSent, routes, undo } from "../project.js";
import { mayTakeBack } from "../sheets.js";
import { problem, toast } from "../toasts.js";

const ENTRIES = 50;

export function historyView(view) {
  const list = make("ol", "history");
  const more = button(t("Earlier entries"), () => load().catch(problem));
  const back = keyButton(t("Undo the last"), "z", () => takeBack().catch(problem));
  let oldest;
  const asking = lastOnly();
  more.hidden = true;
  view.className = "narrow";
  view.replaceChildren(
    make("h2", "", t("History")),
    make("p", "lede", t("Every entry stays here; undoing one is an entry too.")),
    make("div", "acts", back),
    list,
    more,
  );

  async function load() {
    const isLast = asking();
    await allSent();
    const entries = await routes.history({ limit: ENTRIES, before: oldest });
    if (!isLast()) return;
    list.append(...entries.map(entryLine));
    oldest = entries.at(-1)?.seq ?? oldest;
    more.hidden = entries.length < ENTRIES;
    if (!list.children.length) list.append(make("li", "", t("Nothing was labelled yet.")));
  }

  async function takeBack() {
    tellUndone(await undo(mayTakeBack));
    oldest = undefined;
    list.replaceChildren();
    await load();
  }

  load().catch(problem);
  return {
    act: ({ key }) => key.toLowerCase() === "z" && (() => takeBack().catch(problem)),
  };
}

export function tellUndone(undone) {
  if (!undone) toast(t("There is nothing left to undo."));
  else if (undone.kind === "labels") toast(t("Taken back: the labels are as before"));
  else toast(t("Taken back: {id}", { id: undone.documents.slice(0, 3).join(", ") }));
}

export const time = (text) =>
  new Date(text).toLocaleString(languageTag(), { dateStyle: "medium", timeStyle: "short" });

const DONE = {
  add: () => t("added"),
  remove: () => t("removed"),
  labels: () => t("labels named"),
  ignore: () => t("a passage is ignored everywhere"),
  answer: () => t("checked in an audit"),
  label: ({ label }) => labelName(label),
  forget: () => t("label forgotten"),
  skip: () => t("skipped"),
  undo: () => t("undone"),
};

function entryLine(entry) {
  const told = make("span", "");
  if (entry.documents.length) {
    const first = make("a", "", entry.documents[0]);
    first.href = `#pile/${encodeURIComponent(entry.documents[0])}`;
    told.append(first);
    const n = entry.n_documents - 1;
    if (n > 0) told.append(` ${t("and {n} more", { n })}`);
    told.append(" → ");
  }
  told.append(make("b", "", DONE[entry.kind]?.(entry) ?? entry.kind));
  const by = make("small", "", `${entry.who}, ${time(entry.when)}`);
  const line = make("li", entry.is_undone ? "taken-back" : "", told, by);
  if (entry.note) line.append(make("small", "noted", `“${entry.note}”`));
  return line;
}
