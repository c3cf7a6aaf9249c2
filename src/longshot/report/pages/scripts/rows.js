// A line of the list of documents.

import { swatch } from "./colours.js";
import { bar, button, make } from "./elements.js";
import { percent } from "./words.js";

export function cell(name, ...children) {
  const element = make("td", name, ...children);
  element.setAttribute("role", "cell");
  return element;
}

// What stands under a document's name, its label's number, what is told of its label,
// how sure it is (undefined before anything is decided), and pieces of its text.
export function documentLine({ id, size, label, told, sure, snippet }, onOpen) {
  const isDecided = sure !== undefined;
  const line = make(
    "tr",
    "",
    cell("document", button(id, onOpen), size),
    cell("kind", swatch(label), make("span", "", ...told)),
    cell("sure", ...(isDecided ? [make("span", "", percent(sure)), bar(sure)] : [])),
    cell("snippet", make("span", "", ...snippet)),
  );
  line.setAttribute("role", "row");
  line.addEventListener("click", (event) => {
    const isSelecting = String(getSelection()).length > 0;
    if (!event.target.closest("button, input, label") && !isSelecting) onOpen();
  });
  return line;
}

// The first hit of a search in a text, with what is around it; null where there is none.
export function found(text, hits) {
  if (!hits.length) return null;
  const [start, end] = hits[0];
  const before = text.slice(Math.max(start - 50, 0), start);
  return [
    `${start > 50 ? "… " : ""}${before}`,
    make("mark", "hit", text.slice(start, end)),
    `${text.slice(end, end + 70)} …`,
  ];
}
