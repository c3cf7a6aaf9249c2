// Labels to choose from, one line each: its key, its colour, its name, how sure it is.

import { colour, swatch } from "./colours.js";
import { bar, make, silent } from "./elements.js";
import { percent } from "./words.js";

// `sure` is left out where nothing is known of it.
export function choiceLine({ label, name, sure, key, type, isChosen, onChoose }) {
  const input = make("input");
  input.type = type;
  input.name = "choice";
  input.dataset.label = label;
  input.checked = isChosen;
  input.addEventListener("change", onChoose);
  const told = make("span", "number", sure === undefined ? "" : percent(sure));
  const meter = sure === undefined ? make("span") : bar(sure, colour(label));
  return make(
    "label",
    "choice",
    input,
    silent(make("kbd", "", key)),
    swatch(label),
    make("span", "name", name),
    meter,
    told,
  );
}
