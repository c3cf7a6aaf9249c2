// The list of documents: a page of it at a time, all of it on paper.

const N_COLOURS = 8;
const colour = (label) => (label < 0 ? "c-none" : `c${label % N_COLOURS}`);

// Colours come round again after the last one; then dots are squares, by turns.
const isSquare = (label) => label >= 0 && Math.floor(label / N_COLOURS) % 2 === 1;
const look = (label) => colour(label) + (isSquare(label) ? " square" : "");

function swatch(label) {
  const mark = make("span", `swatch ${look(label)}`);
  mark.setAttribute("aria-hidden", "true");
  return mark;
}

function cell(name, ...children) {
  const element = make("td", name, ...children);
  element.setAttribute("role", "cell");
  return element;
}

function outcome(one) {
  if (one.right === undefined) return "";
  const told = one.right ? "✓ right" : `✗ is ${one.truth}`;
  return make("small", one.right ? "right" : "wrong", told);
}

function row(index, snippet, onOpen) {
  const one = documents[index];
  const name = button(one.id, () => onOpen(index));
  const size = make("small", "", `${counted(one.tokens, "token")}${partly(index)}`);
  const labels = labelsOf(index);
  const label = make("span", "name", labelNames(labels));
  const told = make("span", "", label, " ", ...judgement(index), " ", outcome(one));
  const line = make(
    "tr",
    "",
    cell("document", name, size),
    cell("kind", swatch(labels[0] ?? -1), told),
    cell("sure", make("span", "", percent(one.sure)), bar(one.sure)),
    cell("snippet", make("span", "", ...snippet)),
  );
  line.setAttribute("role", "row");
  line.dataset.index = index;
  line.addEventListener("click", (event) => {
    const isSelecting = String(getSelection()).length > 0;
    if (!event.target.closest("button") && !isSelecting) onOpen(index);
  });
  return line;
}

function partly(index) {
  const { read } = documents[index];
  const held = data.shortened[index];
  return (
    (read < 1 ? `, ${percent(read)} of it read` : "") +
    (held === undefined ? "" : `, ${percent(held)} of its text here`)
  );
}

// What a person said of a document.
function judgement(index) {
  const told = [];
  if (isChanged(index)) {
    const was = labelNames(predicted(documents[index]));
    told.push(make("small", "changed", `✎ changed, was ${was}`));
  } else if (judged.has(index)) told.push(make("small", "checked", "✓ checked"));
  if (notes.has(index)) told.push(make("small", "noted", `“${notes.get(index)}”`));
  return told;
}

const lineOf = (index) => byId("rows").querySelector(`tr[data-index="${index}"]`);

// Draws one line anew, where it is shown.
async function redrawLine(index, onOpen) {
  const snippet = await snippetOf(index);
  const line = lineOf(index);
  if (!line) return;
  const fresh = row(index, snippet, onOpen);
  if (line.hasAttribute("aria-current")) fresh.setAttribute("aria-current", "true");
  const isFocused = line.contains(document.activeElement);
  line.replaceWith(fresh);
  if (isFocused) fresh.querySelector("button").focus();
}

// Marks the line that keys speak of; with `focus`, goes there.
function markLine(index, { focus = false } = {}) {
  byId("rows").querySelector("[aria-current]")?.removeAttribute("aria-current");
  const line = lineOf(index);
  line?.setAttribute("aria-current", "true");
  line?.scrollIntoView({ block: "nearest" });
  if (focus) line?.querySelector("button").focus({ preventScroll: true });
}

// What stands in a line: the passage that decided, or where the words were found.
async function snippetOf(index) {
  const { snippet } = documents[index];
  const first = [snippet.replace(/ …$/, "\u00a0…")]; // the sign keeps to its word
  if (!wanted.words.length || !canUnpack) return first;
  const text = textOf(await details(index));
  const hits = hitsIn(text, wanted.words);
  if (!hits.length) return first;
  const [start, end] = hits[0];
  const before = text.slice(Math.max(start - 50, 0), start);
  return [
    `${start > 50 ? "… " : ""}${before}`,
    make("mark", "hit", text.slice(start, end)),
    `${text.slice(end, end + 70)} …`,
  ];
}

async function rowsOf(indices, onOpen) {
  const snippets = await Promise.all(indices.map(snippetOf));
  return indices.map((index, i) => row(index, snippets[i], onOpen));
}

// Where words stand in a text, in its order and apart from each other.
function hitsIn(text, words) {
  if (!words.length) return [];
  const escaped = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  escaped.sort((a, b) => b.length - a.length);
  const pattern = new RegExp(escaped.join("|"), "giu");
  return Array.from(text.matchAll(pattern), (hit) => [
    hit.index,
    hit.index + hit[0].length,
  ]);
}
