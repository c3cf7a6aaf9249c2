// The list of documents: a page of it at a time, all of it on paper.

const ROWS_PER_PAGE = 100;
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
  const one = data.documents[index];
  const name = button(one.id, () => onOpen(index));
  const size = make("small", "", `${counted(one.tokens, "token")}${partly(one)}`);
  const label = make("span", "name", labelName(one.label));
  const line = make(
    "tr",
    "",
    cell("document", name, size),
    cell("kind", swatch(one.label), make("span", "", label, " ", outcome(one))),
    cell("sure", make("span", "", percent(one.sure)), bar(one.sure)),
    cell("snippet", ...snippet),
  );
  line.setAttribute("role", "row");
  line.addEventListener("click", (event) => {
    const isSelecting = String(getSelection()).length > 0;
    if (!event.target.closest("button") && !isSelecting) onOpen(index);
  });
  return line;
}

const partly = (one) => (one.read < 1 ? `, ${percent(one.read)} of it read` : "");

// What stands in a line: the passage that decided, or where the words were found.
async function snippetOf(index) {
  const { snippet } = data.documents[index];
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
