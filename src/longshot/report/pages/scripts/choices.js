// A label to choose: its key, its colour, its name, and how sure it is.

import { colour, swatch } from "./colours.js";
import { bar, make, silent } from "./elements.js";
import { percent } from "./words.js";

// `sure` is left out where nothing is known of it.
export function choiceParts({ label, name, sure, key }) {
  const isKnown = sure !== undefined;
  return [
    silent(make("kbd", "", key)),
    swatch(label),
    make("span", "name", name),
    isKnown ? bar(sure, colour(label)) : make("span"),
    make("span", "number", isKnown ? percent(sure) : ""),
  ];
}
