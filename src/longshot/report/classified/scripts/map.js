// The map: one path for each label, a dot for each document, and the closest one found
// where a person points. Dots keep their size, however wide the map is.

const MAP = { width: 640, height: 480, margin: 14 };
const REACH = 18; // pixels between a finger or pointer and the dot that it means
const SVG = "http://www.w3.org/2000/svg";

const places = placesOf(documents);

// The places as they were computed, at the scale that fills the map.
function placesOf(all) {
  const there = all.filter((one) => one.at);
  if (!there.length) return [];
  const [xs, ys] = [0, 1].map((axis) => there.map((one) => one.at[axis]));
  const [left, top] = [least(xs), least(ys)];
  const [wide, high] = [-least(xs.map((x) => -x)) - left, -least(ys.map((y) => -y)) - top];
  const { width, height, margin } = MAP;
  const scale = Math.min(
    (width - 2 * margin) / (wide || 1e-9),
    (height - 2 * margin) / (high || 1e-9),
  );
  const place = (at, from, extent, size) => size / 2 + (at - from - extent / 2) * scale;
  return all.map(
    ({ at }) => at && [place(at[0], left, wide, width), place(at[1], top, high, height)],
  );
}

function least(numbers) {
  return numbers.reduce((a, b) => Math.min(a, b), Infinity);
}

const dot = ([x, y]) => `M${x.toFixed(1)} ${y.toFixed(1)}h0`;

function dots(className, indices) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("class", className);
  path.setAttribute("d", indices.map((index) => dot(places[index])).join(""));
  return path;
}

function drawMap(shown, opened) {
  if (!places.length) return;
  const lit = new Set(shown);
  const groups = new Map();
  const others = [];
  for (const index of documents.keys()) {
    if (!places[index]) continue;
    const label = labelsOf(index)[0] ?? -1;
    if (!lit.has(index)) others.push(index);
    else if (groups.has(label)) groups.get(label).push(index);
    else groups.set(label, [index]);
  }
  const here = places[opened] ? [opened] : [];
  const paths = [...groups].map(([label, indices]) =>
    dots(`dots ${look(label)}`, indices),
  );
  byId("points").replaceChildren(
    dots("dots out", others),
    dots("dots here", here),
    ...paths,
  );
}

// The document whose dot is closest to where an event happened; null if none is near.
function pointedAt(event, shown) {
  const box = byId("points").getBoundingClientRect();
  const scale = Math.min(box.width / MAP.width, box.height / MAP.height);
  const x = (event.clientX - box.left - (box.width - MAP.width * scale) / 2) / scale;
  const y = (event.clientY - box.top - (box.height - MAP.height * scale) / 2) / scale;
  let [best, distance] = [null, REACH / scale];
  for (const index of shown) {
    if (!places[index]) continue;
    const away = Math.hypot(places[index][0] - x, places[index][1] - y);
    if (away < distance) [best, distance] = [index, away];
  }
  return best;
}

function tell(event, index) {
  const tip = byId("tip");
  tip.hidden = index === null;
  byId("points").classList.toggle("pointing", index !== null);
  if (index === null) return;
  const one = documents[index];
  const told = `${labelNames(labelsOf(index))}, ${percent(one.sure)}`;
  tip.replaceChildren(make("b", "", one.id), make("span", "", told));
  const frame = byId("map").getBoundingClientRect();
  const x = event.clientX - frame.left;
  tip.style.left = `${Math.min(Math.max(x, 0), frame.width - tip.offsetWidth)}px`;
  tip.style.top = `${event.clientY - frame.top + 16}px`;
}

// The more there are, the smaller: dots that cover each other tell nothing.
const dotPixels = (n) => (n < 200 ? 8 : n < 1000 ? 6 : 4);

function startMap(shownNow, onOpen) {
  const points = byId("points");
  points.style.setProperty("--dot", `${dotPixels(places.length)}px`);
  byId("map").hidden = !places.length;
  points.setAttribute("viewBox", `0 0 ${MAP.width} ${MAP.height}`);
  points.addEventListener("pointermove", (event) =>
    tell(event, pointedAt(event, shownNow())),
  );
  points.addEventListener("pointerleave", (event) => tell(event, null));
  points.addEventListener("click", (event) => {
    const index = pointedAt(event, shownNow());
    if (index !== null) onOpen(index);
  });
}
