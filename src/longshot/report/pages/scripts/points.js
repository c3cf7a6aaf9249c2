// The map: one path for each label, a dot for each document, and the closest one found
// where a person points. Dots keep their size, however wide the map is.

import { look } from "./colours.js";
import { make } from "./elements.js";

const MAP = { width: 640, height: 480, margin: 14 };
const REACH = 18; // pixels between a finger or pointer and the dot that it means
const SVG = "http://www.w3.org/2000/svg";

// The places as they were computed, at the scale that fills the map. Gives undefined for
// a document without one.
function scaled(ats) {
  const there = ats.filter(Boolean);
  if (!there.length) return [];
  const [xs, ys] = [0, 1].map((axis) => there.map((at) => at[axis]));
  const [left, top] = [least(xs), least(ys)];
  const [wide, high] = [-least(xs.map((x) => -x)) - left, -least(ys.map((y) => -y)) - top];
  const { width, height, margin } = MAP;
  const scale = Math.min(
    (width - 2 * margin) / (wide || 1e-9),
    (height - 2 * margin) / (high || 1e-9),
  );
  const place = (at, from, extent, size) => size / 2 + (at - from - extent / 2) * scale;
  return ats.map(
    (at) => at && [place(at[0], left, wide, width), place(at[1], top, high, height)],
  );
}

function least(numbers) {
  return numbers.reduce((a, b) => Math.min(a, b), Infinity);
}

const dot = ([x, y]) => `M${x.toFixed(1)} ${y.toFixed(1)}h0`;

// The more there are, the smaller: dots that cover each other tell nothing.
const dotPixels = (n) => (n < 200 ? 8 : n < 1000 ? 6 : 4);

// A map in an SVG element. `tellOf` gives a document's name and a line on it; a document
// is called by its number among the places.
export class PointMap {
  #places = [];
  #shown = [];

  constructor({ frame, points, tip, tellOf, onOpen }) {
    Object.assign(this, { frame, points, tip, tellOf });
    points.setAttribute("viewBox", `0 0 ${MAP.width} ${MAP.height}`);
    points.addEventListener("pointermove", (event) => this.#tell(event));
    points.addEventListener("pointerleave", () => this.#tell(null));
    points.addEventListener("click", (event) => {
      const index = this.#pointedAt(event);
      if (index !== null) onOpen(index);
    });
  }

  get isEmpty() {
    return !this.#places.length;
  }

  place(ats) {
    this.#places = scaled(ats);
    this.points.style.setProperty("--dot", `${dotPixels(ats.length)}px`);
    this.frame.hidden = this.isEmpty;
  }

  // Colours the documents that are shown by their labels, and marks the opened one.
  draw(shown, labelOf, opened) {
    if (this.isEmpty) return;
    this.#shown = shown;
    const lit = new Set(shown);
    const groups = new Map();
    const others = [];
    for (const [index, place] of this.#places.entries()) {
      if (!place) continue;
      const label = labelOf(index);
      if (!lit.has(index)) others.push(index);
      else if (groups.has(label)) groups.get(label).push(index);
      else groups.set(label, [index]);
    }
    const here = this.#places[opened] ? [opened] : [];
    const paths = [...groups].map(([label, indices]) =>
      this.#dots(`dots ${look(label)}`, indices),
    );
    this.points.replaceChildren(
      this.#dots("dots out", others),
      this.#dots("dots here", here),
      ...paths,
    );
  }

  #dots(className, indices) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", className);
    path.setAttribute("d", indices.map((index) => dot(this.#places[index])).join(""));
    return path;
  }

  // The document whose dot is closest to an event; null if none is near.
  #pointedAt(event) {
    const box = this.points.getBoundingClientRect();
    const scale = Math.min(box.width / MAP.width, box.height / MAP.height);
    const x = (event.clientX - box.left - (box.width - MAP.width * scale) / 2) / scale;
    const y = (event.clientY - box.top - (box.height - MAP.height * scale) / 2) / scale;
    let [best, distance] = [null, REACH / scale];
    for (const index of this.#shown) {
      const place = this.#places[index];
      if (!place) continue;
      const away = Math.hypot(place[0] - x, place[1] - y);
      if (away < distance) [best, distance] = [index, away];
    }
    return best;
  }

  #tell(event) {
    const index = event && this.#pointedAt(event);
    const { tip } = this;
    tip.hidden = index === null;
    this.points.classList.toggle("pointing", index !== null);
    if (index === null) return;
    const [name, told] = this.tellOf(index);
    tip.replaceChildren(make("b", "", name), make("span", "", told));
    const frame = this.frame.getBoundingClientRect();
    const x = event.clientX - frame.left;
    tip.style.left = `${Math.min(Math.max(x, 0), frame.width - tip.offsetWidth)}px`;
    tip.style.top = `${event.clientY - frame.top + 16}px`;
  }
}
