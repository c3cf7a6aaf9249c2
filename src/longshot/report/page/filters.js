// Which documents are shown, and in which order.

const wanted = { labels: new Set(), words: [], low: 0, high: 1, outcome: "all" };
const NONE_OF_THESE = "none of these";

const labelName = (number) => (number < 0 ? NONE_OF_THESE : data.labels[number]);

const OUTCOMES = {
  all: () => true,
  right: (one) => one.right === true,
  wrong: (one) => one.right === false,
  unknown: (one) => one.right === undefined,
};

const collator = new Intl.Collator(undefined, { numeric: true });
const ORDERS = {
  pile: () => 0,
  unsure: (a, b) => a.sure - b.sure,
  sure: (a, b) => b.sure - a.sure,
  label: (a, b) => collator.compare(labelName(a.label), labelName(b.label)),
  id: (a, b) => collator.compare(a.id, b.id),
  long: (a, b) => b.tokens - a.tokens,
};

function isWanted(one) {
  return (
    (!wanted.labels.size || wanted.labels.has(one.label)) &&
    one.sure >= wanted.low &&
    one.sure <= wanted.high &&
    OUTCOMES[wanted.outcome](one)
  );
}

// Gives the numbers of the documents that are wanted, in the order that is.
async function chosen(order) {
  const { words } = wanted;
  const texts = words.length ? await searchable() : null;
  const found = [];
  for (const [index, one] of data.documents.entries()) {
    const has = !texts || words.every((word) => texts[index].includes(word));
    if (has && isWanted(one)) found.push(index);
  }
  const compare = ORDERS[order];
  const { documents } = data;
  return found.sort((a, b) => compare(documents[a], documents[b]) || a - b);
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
  wanted.outcome = byId("outcome")?.value ?? "all";
}
