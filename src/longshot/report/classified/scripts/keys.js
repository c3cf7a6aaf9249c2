// What each key does.

const sheet = byId("keys");

const ACTIONS = {
  u: reviewLeastSure,
  j: () => move(1),
  k: () => move(-1),
  "/": () => byId("query").focus(),
  s: saveCorrections,
  "?": () => sheet.showModal(),
};

const IN_DOCUMENT = {
  c: () => confirmed(),
  x: () => undone(),
  l: () => byId("another").focus(),
  n: () => byId("note").focus(),
};

function act(event) {
  const action = ACTIONS[event.key] ?? (panel.open ? inDocument(event) : null);
  if (!action) return;
  event.preventDefault();
  action();
}

// Digits choose labels; arrows turn to other documents, unless they choose one.
function inDocument({ key, target }) {
  if (/^[1-9]$/.test(key)) {
    const input = byId("choices").querySelectorAll("input")[Number(key) - 1];
    return input && (() => input.click());
  }
  const isRadio = target.type === "radio";
  if (key === "ArrowRight" && !isRadio) return () => step(1);
  if (key === "ArrowLeft" && !isRadio) return () => step(-1);
  return IN_DOCUMENT[key];
}

// First out of a field, then out of the document; a search is emptied before (which
// browsers do by themselves).
function escape(event) {
  if (!panel.open) {
    if (isTyping(event.target) && !event.target.value) event.target.blur();
    return;
  }
  event.preventDefault();
  if (panel.contains(event.target) && isTyping(event.target)) {
    byId("document-heading").focus({ preventScroll: true });
  } else if (!isTyping(event.target)) close();
  else event.target.blur();
}

// To the next or previous document: the opened one, or the one chosen in the list.
function move(by) {
  if (panel.open) {
    step(by);
    return;
  }
  const lines = [...byId("rows").children];
  const at = lines.findIndex((line) => line.hasAttribute("aria-current"));
  const line = lines[at < 0 ? 0 : at + by];
  if (line) markLine(Number(line.dataset.index), { focus: true });
}

function startKeys() {
  listenToKeys({
    switched: byId("keys-on"),
    isBusy: () => sheet.open,
    escape,
    act,
  });
  byId("help").addEventListener("click", () => sheet.showModal());
  byId("keys-close").addEventListener("click", () => sheet.close());
}
