// Which documents are shown, and in which order.

const wanted = {
  labels: new Set(),
  words: [],
  low: 0,
  high: 1,
  state: "all",
};

const STATES = {
  all: () => true,
  open: (index) => !judged.has(index),
  checked: (index) => judged.has(index),
  changed: isChanged,
  noted: (index) => notes.has(index),
  right: (index) => documents[index].right === true,
  wrong: (index) => documents[index].right === false,
  unknown: (index) => documents[index].right === undefined,
};

const collator = new Intl.Collator(undefined, { numeric: true });
const ORDERS = {
  pile: () => 0,
  unsure: (a, b) => documents[a].sure - documents[b].sure,
  sure: (a, b) => documents[b].sure - documents[a].sure,
  label: (a, b) => collator.compare(labelNames(labelsOf(a)), labelNames(labelsOf(b))),
  id: (a, b) => collator.compare(documents[a].id, documents[b].id),
  long: (a, b) => documents[b].tokens - documents[a].tokens,
};

function hasWantedLabel(index) {
  const labels = labelsOf(index);
  return labels.length
    ? labels.some((label) => wanted.labels.has(label))
    : wanted.labels.has(-1);
}

function isWanted(index) {
  const one = documents[index];
  return (
    (!wanted.labels.size || hasWantedLabel(index)) &&
    one.sure >= wanted.low &&
    one.sure <= wanted.high &&
    STATES[wanted.state](index)
  );
}

// Gives the numbers of the documents that are wanted, in the order that is.
async function chosen(order) {
  const { words } = wanted;
  const texts = words.length ? await searchable() : null;
  const found = [];
  for (const index of documents.keys()) {
    const has = !texts || words.every((word) => texts[index].includes(word));
    if (has && isWanted(index)) found.push(index);
  }
  const compare = ORDERS[order];
  return found.sort((a, b) => compare(a, b) || a - b);
}

// The least sure document that nobody has checked: among those given, or among all.
function leastSure(indices) {
  const open = indices.filter((index) => !judged.has(index));
  return open.sort((a, b) => ORDERS.unsure(a, b) || a - b)[0];
}

// A percentage as it was typed; what is no number, or outside, is the bound.
function typedShare(text, otherwise) {
  const number = Number.parseFloat(text);
  return Number.isNaN(number) ? otherwise : Math.min(Math.max(number / 100, 0), 1);
}

function readFilters() {
  wanted.words = byId("query").value.toLowerCase().split(/\s+/).filter(Boolean);
  wanted.low = typedShare(byId("low").value, 0);
  wanted.high = typedShare(byId("high").value, 1);
  wanted.state = byId("state").value;
}
