// What a person decided: labels that were confirmed or changed, and notes. They are kept
// in the browser's storage, under the pile's key, until they are saved to a file and
// beyond; where a browser keeps nothing, the page asks before it is left.

const STORE = `longshot:${data.key}`;
const NONE_OF_THESE = "none of these";
const { documents } = data;
const isSeveral = documents.some((one) => one.several);
const numberOf = new Map(documents.map((one, index) => [one.id, index]));
const judged = new Map(); // a document's number -> names of its labels, as a person says
const notes = new Map(); // a document's number -> what a person noted
let isSaved = true;
let isKept = true;

const labelName = (number) => (number < 0 ? NONE_OF_THESE : data.labels[number]);

// The number of a label; one that a person made up gets the next.
function labelNumber(name) {
  const found = data.labels.indexOf(name);
  return found < 0 ? data.labels.push(name) - 1 : found;
}

// What the classifier said, and what holds: numbers of labels; none for "none of these".
function predicted(one) {
  return one.several ?? (one.label < 0 ? [] : [one.label]);
}

function labelsOf(index) {
  return judged.get(index)?.map(labelNumber) ?? predicted(documents[index]);
}

function isChanged(index) {
  if (!judged.has(index)) return false;
  const names = predicted(documents[index]).map(labelName);
  const now = judged.get(index);
  return now.length !== names.length || now.some((name) => !names.includes(name));
}

const labelNames = (numbers) => numbers.map(labelName).join("; ") || NONE_OF_THESE;

function judge(index, names) {
  judged.set(index, names);
  keep(false);
}

function unjudge(index) {
  judged.delete(index);
  keep(false);
}

function write(index, text) {
  if (text.trim()) notes.set(index, text);
  else notes.delete(index);
  keep(false);
}

function forgetAll() {
  judged.clear();
  notes.clear();
  keep(true);
}

const byDocument = (map) =>
  [...map].map(([index, value]) => [documents[index].id, value]);

function keep(saved) {
  isSaved = saved;
  const kept = { labels: byDocument(judged), notes: byDocument(notes), saved };
  try {
    if (judged.size || notes.size) localStorage.setItem(STORE, JSON.stringify(kept));
    else localStorage.removeItem(STORE);
  } catch {
    isKept = false; // full, or turned off for files
  }
}

// Takes what is kept; what is not as this page writes it is left alone.
function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORE) ?? "null");
    judged.clear();
    notes.clear();
    if (!kept) return;
    take(judged, kept.labels, (value) => value.map(String));
    take(notes, kept.notes, String);
    isSaved = kept.saved === true;
  } catch {
    isKept = false;
  }
}

function take(map, pairs, read) {
  for (const [id, value] of pairs) {
    if (numberOf.has(id)) map.set(numberOf.get(id), read(value));
  }
}
