// One document, opened beside the list: the decision, why, and its text.

const panel = byId("document");
const isBeside = matchMedia("(min-width: 60rem)"); // else it covers the list
let opened = null; // its number, and the list that it was opened from

function facts(one, detail) {
  const read = one.read < 1 ? `${percent(one.read)} of it read` : "read as a whole";
  const size = `${counted(one.tokens, "token")} in ${counted(one.windows, "window")}, ${read}`;
  const told = [make("span", "", size)];
  if (detail?.link) told.unshift(fileLink("Open the file", detail.link));
  else if (detail?.source) told.unshift(make("span", "", detail.source));
  if (detail?.language) told.push(make("span", "", `in ${detail.language}`));
  if (one.right !== undefined) told.push(outcome(one));
  if (one.set) {
    const names = one.set.map(labelName).join(", ");
    told.push(make("span", "", `Prediction set: ${names || "no label fits"}`));
  }
  for (const note of detail?.notes ?? []) told.push(make("span", "warning", note));
  return told;
}

// The labels to choose from: those that the classifier thought of, with its confidence;
// those that a person gave; and none of them.
function choices(index) {
  const one = documents[index];
  const ranked = new Map();
  if (one.several) for (const label of one.several) ranked.set(label, undefined);
  else ranked.set(one.label, one.sure);
  for (const [label, sure] of one.others) ranked.set(label, sure);
  if (one.several && one.label >= 0) ranked.set(one.label, one.sure);
  const now = labelsOf(index);
  for (const label of now) if (!ranked.has(label)) ranked.set(label, undefined);
  if (!isSeveral && !ranked.has(-1)) ranked.set(-1, undefined);
  return [...ranked].map(([label, sure], i) => choice(label, sure, i + 1, index, now));
}

function choice(label, sure, number, index, now) {
  const input = make("input");
  input.type = isSeveral ? "checkbox" : "radio";
  input.name = "choice";
  input.dataset.label = label;
  input.checked = label < 0 ? !now.length : now.includes(label);
  input.addEventListener("change", () => choose(index, label));
  const key = number <= 9 ? String(number) : "";
  const parts = choiceParts({ label, name: labelName(label), sure, key });
  return make("label", "choice", input, ...parts);
}

// In a pile of several labels each choice is switched; else it stands for the others.
function choose(index, label) {
  const now = labelsOf(index);
  let next = label < 0 ? [] : [label];
  if (isSeveral) {
    next = now.includes(label) ? now.filter((one) => one !== label) : [...now, label];
  }
  judge(index, next.map(labelName));
  judgedAnew(index);
}

// The whole text: its parts, and between them how much is left out.
function markedText(detail, passages, words) {
  const pieces = [];
  let end = 0;
  for (const part of detail.parts) {
    if (part[0] > end) pieces.push(gap(part[0] - end));
    pieces.push(...markedPart(part, detail, passages, words));
    end = part[0] + part[1].length;
  }
  if (end < detail.characters) pieces.push(gap(detail.characters - end));
  return pieces;
}

function gap(n) {
  return make("p", "gap", `${counted(n, "character")} left out of this file`);
}

// What changes with each judgement: the choices, and whether it is checked.
function drawVerdict(index) {
  const active = panel.contains(document.activeElement) && document.activeElement;
  const chosenLabel = active?.dataset?.label;
  byId("choices").replaceChildren(...choices(index));
  if (chosenLabel !== undefined) {
    byId("choices").querySelector(`[data-label="${chosenLabel}"]`)?.focus();
  }
  const isJudged = judged.has(index);
  byId("undo").hidden = !isJudged;
  byId("confirm").firstChild.data = isJudged ? "Next " : "Label is right, next ";
  const said = isChanged(index) ? "✎ Changed by you" : "✓ Checked by you";
  byId("verdict").textContent = isJudged ? said : "";
}

async function fill(index) {
  const one = documents[index];
  byId("document-heading").textContent = one.id;
  byId("facts").replaceChildren(...facts(one));
  byId("note").value = notes.get(index) ?? "";
  byId("another").value = "";
  drawVerdict(index);
  if (!canUnpack) {
    byId("text").textContent = CANNOT_UNPACK;
    return;
  }
  const [detail, examples] = await Promise.all([details(index), matches()]);
  if (opened?.index !== index) return; // another was opened meanwhile
  const passages = detail.passages.map((passage, i) => ({
    ...passage,
    number: i + 1,
    label: labelName(passage.label),
    match: examples[passage.match],
  }));
  byId("facts").replaceChildren(...facts(one, detail));
  byId("why").replaceChildren(...reasons(passages, detail, { scale: data.scale, onGo: goTo }));
  byId("text").replaceChildren(...markedText(detail, passages, wanted.words));
}

// Shows a document; whether it has an address is another's business.
async function reveal(index, list) {
  opened = { index, list };
  const at = list.indexOf(index);
  byId("former").disabled = at <= 0;
  byId("next").disabled = at < 0 || at === list.length - 1;
  byId("document-place").textContent =
    at < 0 ? "" : `${whole(at + 1)} of ${whole(list.length)}`;
  byId("why").replaceChildren();
  byId("text").replaceChildren();
  if (!panel.open) {
    if (isBeside.matches) panel.show();
    else panel.showModal();
    byId("document-heading").focus();
  }
  panel.scrollTop = 0;
  markLine(index);
  map.draw(shown, mapLabel, index);
  await fill(index);
}
