// The pile to a file, by one button each; and labels of other tools back in.

import { button, make } from "../../report/pages/scripts/elements.js";
import { t } from "../../report/pages/scripts/words.js";
import { allSent, decide, refreshStatus, routes } from "../project.js";
import { problem, toast } from "../toasts.js";

const ownForms = () => [
  ["report", t("Report"), t("One HTML file that stands alone: to read, mail or keep")],
  ["csv", "CSV", t("A row for each document, for spreadsheets")],
  ["jsonl", "JSON Lines", t("A line for each document, for programs")],
  ["parquet", "Parquet", t("The same in columns")],
  ["folders", t("Folders"), t("The files, copied into one folder per label, as a zip")],
];

const FOREIGN_FORMS = [
  ["label-studio", "Label Studio"],
  ["argilla", "Argilla"],
  ["prodigy", "Prodigy"],
  ["doccano", "doccano"],
];

const READ_FORMS = [["csv", "CSV"], ["jsonl", "JSON Lines"], ...FOREIGN_FORMS];

export function exportView(view) {
  const own = ownForms().map(([form, name, told]) =>
    make("li", "", exporter(form, name), make("span", "hint", told)),
  );
  const foreign = FOREIGN_FORMS.map(([form, name]) => make("li", "", exporter(form, name)));
  const lede = t("Labels, confidence and the deciding passages. An audit’s certificate goes with them.");
  view.className = "narrow";
  view.replaceChildren(
    make("h2", "", t("Export")),
    make("p", "lede", lede),
    make("ul", "exports", ...own),
    make("h3", "", t("For other labelling tools")),
    make("ul", "exports short", ...foreign),
    make("h3", "", t("Labels from elsewhere")),
    importer(),
  );
}

export function exporter(form, name) {
  const made = button(name, async () => {
    made.disabled = true;
    try {
      await allSent();
      const { name: file, blob } = await routes.export(form);
      save(file, blob);
      toast(t("Saved as {file}", { file }));
    } catch (error) {
      problem(error);
    } finally {
      made.disabled = false;
    }
  });
  made.dataset.form = form;
  return made;
}

function save(name, blob) {
  const address = URL.createObjectURL(blob);
  const link = make("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function importer() {
  const select = make("select");
  select.setAttribute("aria-label", t("Which tool wrote it"));
  for (const [form, name] of READ_FORMS) {
    const option = make("option", "", name);
    option.value = form;
    select.append(option);
  }
  const file = make("input");
  file.type = "file";
  file.required = true;
  file.setAttribute("aria-label", t("File with labels"));
  const form = make("form", "acts", select, file, make("button", "", t("Import")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const body = new FormData();
    body.append("form", select.value);
    body.append("file", file.files[0]);
    take(body).then(() => form.reset(), problem);
  });
  return form;
}

async function take(body) {
  const { n_labels: n } = await routes.importFile(body);
  toast(t("{n} label imported|{n} labels imported", { n }));
  await refreshStatus();
  decide();
}
