// A click is over before what it fell on is drawn anew: browsers drop a click whose
// element is replaced between press and release, and a person would not know why.

const AFTER_MS = 50; // a touch makes its click a moment after the finger is lifted
const MOST_MS = 10_000; // who presses longer selects or drags, and clicks nothing

let pressed = null;

function follow() {
  pressed = new Promise((resolve) => {
    const end = () => setTimeout(resolve, AFTER_MS);
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, end, { once: true });
    setTimeout(resolve, MOST_MS);
  });
}

addEventListener("pointerdown", follow, { capture: true });

// Waits until nothing is pressed.
export const released = async () => {
  await pressed;
};
