// The list of documents: a page of it at a time, all of it on paper.

function outcome(one) {
  if (one.right === undefined) return "";
  const told = one.right ? "✓ right" : `✗ is ${one.truth}`;
  return make("small", one.right ? "right" : "wrong", told);
}

function row(index, snippet, onOpen) {
  const one = documents[index];
  const size = make("small", "", `${counted(one.tokens, "token")}${partly(index)}`);
  const labels = labelsOf(index);
  const name = make("span", "name", labelNames(labels));
  const line = documentLine(
    {
      id: one.id,
      size,
      label: labels[0] ?? -1,
      told: [name, " ", ...judgement(index), " ", outcome(one)],
      sure: one.sure,
      snippet,
    },
    () => onOpen(index),
  );
  line.dataset.index = index;
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
  return found(text, hitsIn(text, wanted.words)) ?? first;
}

async function rowsOf(indices, onOpen) {
  const snippets = await Promise.all(indices.map(snippetOf));
  return indices.map((index, i) => row(index, snippets[i], onOpen));
}
