// The next document to label: chosen by the server, with the reason; its text beside the
// labels. A label is taken at once, and the next document shown, while the server keeps
// it and decides anew.

import { make, silent } from "../../report/pages/scripts/elements.js";
import { percent, t } from "../../report/pages/scripts/words.js";
import { changes, enter, nWaiting, routes, status, undo } from "../project.js";
import { addLabel } from "../adding-labels.js";
import { keyButton, LabelBar, labelName, NONE } from "../labels.js";
import { Reader } from "../reading.js";
import { mayTakeBack } from "../sheets.js";
import { problem, toast } from "../toasts.js";
import { tellUndone } from "./history.js";

const AHEAD = 8; // suggestions asked for at once
const LABELLING = ["label", "skip", "forget"]; // undoing one leads back to its document
const PATIENCE_MS = 500; // before it is told that a suggestion takes its time
const PREPARED = 2; // documents of them that are fetched before they are wanted

export function labelView(view, { document: asked }) {
  let queue = [];
  let asking = null; // for suggestions: only the last answer counts
  let current = null;
  let isBusy = true; // then no key labels what is not shown yet
  let takingBack = Promise.resolve();
  let nTakingBack = 0;
  const labelled = new Set(); // here, and perhaps not yet known to the server
  const fetched = new Map();

  const reader = new Reader();
  const reason = make("p", "reason");
  reason.id = "reason";
  reader.scroller.setAttribute("aria-describedby", "reason");
  reader.element.prepend(reason);
  const bar = new LabelBar({ onChoose: label, onNewLabel: labelAnew });
  const none = keyButton(t("None of these"), "n", () => label(NONE));
  const skipping = keyButton(t("Skip"), "s", openNote);
  const ignoring = keyButton(t("Ignore this passage everywhere"), "i", ignore);
  const undoing = keyButton(t("Undo"), "z", takeBack);
  const note = noteForm(skip);
  const alike = make("section", "alike");
  const why = make("div", "reasons");
  const acts = make("div", "acts", none, skipping, ignoring, undoing);
  const side = make("aside", "side", bar.element, acts, note, alike, why);
  side.setAttribute("aria-label", t("Label this document"));
  const done = make("div", "empty");
  done.hidden = true;
  view.className = "labelling";
  view.replaceChildren(reader.element, side, done);

  async function start() {
    if (asked) await show({ id: asked, reason: null, look_alikes: [] });
    else {
      // texts that are read first may take minutes
      const told = t("Looking for the document to label next …");
      const patience = setTimeout(() => tell(make("p", "", told)), PATIENCE_MS);
      await more().finally(() => clearTimeout(patience));
      if (!current) await next(); // what was decided meanwhile may have brought one
    }
  }

  // An answer that was overtaken may hold what was labelled since: the last one counts.
  async function more() {
    let mine = routes.next(AHEAD);
    asking = mine;
    let found = await mine;
    while (mine !== asking) {
      mine = asking;
      found = await mine;
    }
    queue = found.filter((one) => one.id !== current?.id && !labelled.has(one.id));
    prepare();
  }

  function prepare() {
    for (const one of queue.slice(0, PREPARED)) detailOf(one.id);
  }

  function detailOf(id) {
    if (!fetched.has(id)) {
      const detail = routes.document(id);
      detail.catch(() => fetched.delete(id)); // it is asked for again where it is wanted
      fetched.set(id, detail);
    }
    return fetched.get(id);
  }

  async function next() {
    const before = current;
    if (!queue.length) await more();
    if (current !== before) return; // what was decided meanwhile has brought one
    const found = queue.shift();
    if (found) await show(found);
    else finish();
    prepare();
  }

  async function show(suggestion) {
    isBusy = true;
    current = suggestion;
    done.hidden = true;
    reader.element.hidden = side.hidden = false;
    note.hidden = true;
    reader.wait(suggestion.id);
    const detail = await detailOf(suggestion.id);
    if (current !== suggestion) return;
    reason.textContent = reasonOf(suggestion);
    reader.show(detail);
    bar.show(detail, { chosen: detail.given?.label });
    drawAlike(suggestion.look_alikes ?? []);
    why.replaceChildren(...reader.reasons());
    isBusy = false;
  }

  // In the place of a document.
  function tell(...pieces) {
    reader.element.hidden = side.hidden = true;
    done.hidden = false;
    done.replaceChildren(...pieces);
  }

  function finish() {
    current = null;
    const told = status.n_documents
      ? t("Every document has a label of yours, or was skipped.")
      : t("There is nothing to label yet.");
    const go = make("a", "", status.n_documents ? t("Sign off") : t("Add documents"));
    go.href = status.n_documents ? "#sign-off" : "#add";
    tell(make("p", "", told), go);
  }

  function drawAlike(ones) {
    alike.hidden = !ones.length;
    if (!ones.length) return;
    const title = make("h3", "", t("Looks alike: label these too"), silent(make("kbd", "", "A")));
    alike.replaceChildren(title, ...ones.map(alikeLine));
  }

  function alikeLine(one) {
    const box = make("input");
    box.type = "checkbox";
    box.value = one.id;
    box.setAttribute("aria-keyshortcuts", "a");
    const likely =
      one.confidence === null ? "" : `${labelName(one.label)} ${percent(one.confidence)}`;
    const told = make("span", "", make("b", "", one.id), " ", make("small", "", likely));
    told.append(make("span", "snippet", one.snippet));
    return make("label", "one", box, told);
  }

  const boxes = () => [...alike.querySelectorAll("input")];

  function toggleAlike() {
    const isOn = boxes().some((box) => !box.checked);
    for (const box of boxes()) box.checked = isOn;
  }

  // Until the label is there, no key gives another: it is this document that gets it.
  async function labelAnew(name) {
    if (isBusy || nTakingBack || !current) return;
    const here = current;
    isBusy = true;
    const isThere = await addLabel(name).then(() => true, problem);
    if (current !== here) return;
    isBusy = false;
    if (isThere === true) label(name);
  }

  function label(name) {
    if (isBusy || nTakingBack || !current) return;
    const too = alike.hidden ? [] : boxes().filter((box) => box.checked).map((box) => box.value);
    const documents = [current.id, ...too];
    for (const id of documents) labelled.add(id);
    enter({ kind: "label", documents, label: name });
    const values = { id: current.id, label: labelName(name), n: too.length };
    const told = too.length
      ? t("{id} and {n} more → {label}|{id} and {n} more → {label}", values)
      : t("{id} → {label}", values);
    toast(told, { action: [t("Undo"), takeBack] });
    goOn();
  }

  function openNote() {
    if (isBusy || nTakingBack || !current) return;
    note.hidden = false;
    note.querySelector("input").focus();
  }

  function skip(text) {
    if (isBusy || nTakingBack || !current) return;
    labelled.add(current.id);
    enter({ kind: "skip", documents: [current.id], note: text });
    toast(t("{id} skipped", { id: current.id }), { action: [t("Undo"), takeBack] });
    goOn();
  }

  // Boilerplate: it is read in no document any more.
  function ignore() {
    if (isBusy || nTakingBack || !current) return;
    const passage = reader.chosenPassage();
    if (!passage) return;
    enter({ kind: "ignore", documents: [current.id], passage });
    toast(t("This passage is ignored everywhere."), { action: [t("Undo"), takeBack] });
  }

  function goOn() {
    const here = current;
    isBusy = true; // this one has its label, even where the next one takes its time
    queue = queue.filter((one) => !labelled.has(one.id));
    next().catch((error) => {
      if (current === here) isBusy = false;
      problem(error);
    });
  }

  // Back to the document of the last entry, to be labelled again. Each press counts,
  // one after another; until the last is done, no key labels.
  function takeBack() {
    nTakingBack += 1;
    takingBack = takingBack.then(takeBackOne);
  }

  async function takeBackOne() {
    try {
      const undone = await undo(mayTakeBack);
      tellUndone(undone);
      if (!undone || !LABELLING.includes(undone.kind)) return;
      for (const id of undone.documents) {
        labelled.delete(id);
        fetched.delete(id);
      }
      const [id] = undone.documents;
      if (current && current.id !== id) queue.unshift(current);
      await show({ id, reason: null, look_alikes: [] });
    } catch (error) {
      problem(error);
    } finally {
      nTakingBack -= 1;
    }
  }

  // The document that is shown stays as it is: what a key means must not change under
  // the finger. Those after it are asked for anew.
  async function decided() {
    fetched.clear();
    if (!nWaiting()) labelled.clear(); // the server knows them all
    await more().catch(problem);
    if (!current) await next().catch(problem);
  }

  const KEYS = {
    n: () => label(NONE),
    s: openNote,
    i: ignore,
    z: takeBack,
    a: toggleAlike,
    "/": () => bar.find.focus(),
    ArrowRight: () => reader.turn(1),
    ArrowLeft: () => reader.turn(-1),
    Enter: () => bar.suggested !== undefined && label(bar.suggested),
  };

  function act({ key, target }) {
    if (/^[1-9]$/.test(key)) {
      const name = bar.of(key);
      return name === undefined ? null : () => label(name);
    }
    if (key === "Enter" && target.closest("button, a, summary, label")) return null;
    return KEYS[key.length === 1 ? key.toLowerCase() : key];
  }

  changes.addEventListener("decided", decided);
  start().catch(problem);
  return { act, leave: () => changes.removeEventListener("decided", decided) };
}

// A line for why a document is skipped; it may stay empty.
function noteForm(onSkip) {
  const input = make("input");
  input.placeholder = t("Why? (may stay empty)");
  input.setAttribute("aria-label", t("A note on why it is skipped"));
  const go = make("button", "", t("Skip it"));
  const form = make("form", "skipping", input, go);
  form.hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    input.value = "";
    onSkip(text);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    form.hidden = true;
    input.value = "";
  });
  return form;
}

function reasonOf({ reason }) {
  if (!reason) return t("Chosen by you");
  const { kind, between, stands_for: n } = reason;
  const told = [];
  if (between?.[1]) {
    const [first, second] = between.map(labelName);
    told.push(t("Between {first} and {second}", { first, second }));
  }
  if (n) told.push(t("stands for {n} other that nobody labelled|stands for {n} others that nobody labelled", { n }));
  if (!told.length) told.push(kind === "typical" ? t("Typical of the pile") : t("Not labelled yet"));
  return told.join(" · ");
}
