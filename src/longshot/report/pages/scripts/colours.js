// Each label has a colour by its number; "none of these" is -1.

import { make, silent } from "./elements.js";

const N_COLOURS = 8;
export const colour = (label) => (label < 0 ? "c-none" : `c${label % N_COLOURS}`);

// Colours come round again after the last one; then dots are squares, by turns.
const isSquare = (label) => label >= 0 && Math.floor(label / N_COLOURS) % 2 === 1;
export const look = (label) => colour(label) + (isSquare(label) ? " square" : "");

export const swatch = (label) => silent(make("span", `swatch ${look(label)}`));
