// Dialogs: the keys, and a line of text that is asked for.

import { button, make } from "../report/pages/scripts/elements.js";
import { t } from "../report/pages/scripts/words.js";

function sheet(title, ...children) {
  const dialog = make("dialog", "sheet", make("h2", "", title), ...children);
  dialog.setAttribute("aria-label", title);
  document.body.append(dialog);
  return dialog;
}

export function keySheet() {
  const keys = [
    [["1", "9"], t("take a label by its number")],
    [["Enter"], t("take the suggested label")],
    [["N"], t("none of these")],
    [["S"], t("skip, with a note")],
    [["I"], t("ignore a passage everywhere: what you selected, or the first mark")],
    [["Z"], t("undo, as often as you like")],
    [["A"], t("label what looks alike too, or not")],
    [["/"], t("find a label, or search the pile")],
    [["←", "→"], t("earlier, further on in a long text")],
    [["J", "K"], t("next, previous document of the pile")],
    [["X"], t("choose a document of the pile, to relabel several")],
    [["Esc"], t("close, or leave a field")],
  ];
  const rows = keys.map(([names, told]) => {
    const shown = names.map((name) => make("kbd", "", name));
    if (names[1] === "9") shown.splice(1, 0, ` ${t("to")} `);
    return make("tr", "", make("td", "", ...shown), make("td", "", told));
  });
  const box = make("input");
  box.type = "checkbox";
  box.id = "keys-on";
  box.checked = true;
  const dialog = sheet(
    t("Keys"),
    make("table", "keys", make("tbody", "", ...rows)),
    make("label", "switch", box, ` ${t("Keys are on")}`),
    make("p", "hint", t("Keys work at once, without a click. Whatever a key did, Z takes back.")),
    make("div", "ends", make("span"), button(t("Close"), () => dialog.close())),
  );
  return dialog;
}

// Asks for a line; gives null where it is not given.
export function textSheet(title, name, type = "text") {
  const input = make("input");
  input.type = type;
  const go = make("button", "primary", t("Go on"));
  const form = make("form", "asking", make("label", "", name, input), go);
  form.method = "dialog";
  const dialog = sheet(title, form);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(input.value.trim() || null);
    });
  });
}

// Asks before documents go or come by undoing.
export function mayTakeBack({ kind, n_documents: n }) {
  const told =
    kind === "add"
      ? t("The last thing to undo is that {n} document was added. It would leave the pile.|The last thing to undo is that {n} documents were added. They would leave the pile.", { n })
      : t("The last thing to undo is that {n} document was removed. It would come back.|The last thing to undo is that {n} documents were removed. They would come back.", { n });
  return confirmSheet(t("Undo"), told, t("Undo it"));
}

// Asks before something that cannot be undone by a key.
function confirmSheet(title, told, yes) {
  const go = make("button", "primary", yes);
  go.value = "yes";
  const no = make("button", "", t("Cancel"));
  const form = make("form", "", make("p", "", told), make("div", "ends", no, go));
  form.method = "dialog";
  const dialog = sheet(title, form);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
