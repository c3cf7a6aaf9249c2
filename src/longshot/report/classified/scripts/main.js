// The page: what a person does, and what is drawn anew for it.

const ROWS_PER_PAGE = 100;
let shown = [...documents.keys()].sort(ORDERS.unsure);
let page = 0;
let asked = 0; // only the last question is answered: a search may take a moment

const openHere = (index) => open(index);
const mapLabel = (index) => labelsOf(index)[0] ?? -1;
const map = new PointMap({
  frame: byId("map"),
  points: byId("points"),
  tip: byId("tip"),
  tellOf: (index) => {
    const { id, sure } = documents[index];
    return [id, `${labelNames(labelsOf(index))}, ${percent(sure)}`];
  },
  onOpen: openHere,
});

// Draws all anew; `around` names a document whose line is to be seen and have the focus.
async function refresh({ around = null } = {}) {
  asked += 1;
  const question = asked;
  readFilters();
  if (wanted.words.length && !haystacks) byId("count").textContent = "Searching …";
  const found = await chosen(byId("order").value);
  if (question !== asked) return;
  shown = found;
  byId("count").textContent = howMany(found.length);
  byId("reset").hidden = found.length === documents.length;
  map.draw(found, mapLabel, opened?.index);
  drawLabels();
  const at = around === null ? -1 : found.indexOf(around);
  await show(Math.max(Math.floor(at / ROWS_PER_PAGE), 0));
  if (question !== asked) return;
  if (around !== null && !panel.open) markLine(around, { focus: true });
  else if (opened) markLine(opened.index);
}

function howMany(n) {
  const all = documents.length;
  return n === all ? counted(all, "document") : `${whole(n)} of ${counted(all, "document")}`;
}

async function show(number) {
  const question = asked;
  const first = number * ROWS_PER_PAGE;
  const rows = await rowsOf(shown.slice(first, first + ROWS_PER_PAGE), openHere);
  if (question !== asked) return;
  page = number;
  byId("rows").replaceChildren(...rows);
  byId("passage-column").textContent = wanted.words.length ? "Found" : "Passage that decided";
  const pages = Math.ceil(shown.length / ROWS_PER_PAGE);
  byId("pager").hidden = pages < 2;
  byId("place").textContent = `Page ${whole(page + 1)} of ${whole(pages)}`;
  byId("earlier").disabled = page === 0;
  byId("later").disabled = page >= pages - 1;
}

async function turn(by) {
  await show(page + by);
  byId("documents").scrollIntoView();
}

// A judgement changes a line, the map, the numbers of the labels, and how far one is.
function judgedAnew(index) {
  if (opened?.index === index) drawVerdict(index);
  redrawLine(index, openHere);
  map.draw(shown, mapLabel, opened?.index);
  drawLabels();
  drawProgress();
}

function confirmed() {
  const { index, list } = opened;
  if (!judged.has(index)) {
    judge(index, labelsOf(index).map(labelName));
    judgedAnew(index);
  }
  if (list.indexOf(index) < list.length - 1) step(1);
}

function undone() {
  unjudge(opened.index);
  judgedAnew(opened.index);
  byId("confirm").focus({ preventScroll: true });
}

function reviewLeastSure() {
  const index = leastSure(shown) ?? leastSure([...documents.keys()]);
  if (index === undefined) say("All documents are checked.");
  else open(index);
}

function toggleLabel(pressed) {
  const label = Number(pressed.dataset.label);
  const isOn = !wanted.labels.delete(label);
  if (isOn) wanted.labels.add(label);
  pressed.setAttribute("aria-pressed", String(isOn));
  refresh();
}

function forgetLabels() {
  wanted.labels.clear();
  for (const one of byId("labels").querySelectorAll("button")) {
    one.setAttribute("aria-pressed", "false");
  }
}

// The number of documents of each label, as it holds now; labels that a person made up
// come last.
function drawLabels() {
  const numbers = new Map();
  for (const index of documents.keys()) {
    const labels = labelsOf(index);
    for (const label of labels.length ? labels : [-1]) {
      numbers.set(label, (numbers.get(label) ?? 0) + 1);
    }
  }
  for (const label of numbers.keys()) {
    if (!labelButton(label)) byId("labels").append(newLabel(label));
  }
  for (const one of byId("labels").querySelectorAll("button")) {
    const n = numbers.get(Number(one.dataset.label)) ?? 0;
    one.querySelector(".n").textContent = whole(n);
    one.querySelector(".number .unseen").textContent = n === 1 ? " document," : " documents,";
  }
  const options = data.labels.map((name) => {
    const option = make("option");
    option.value = name;
    return option;
  });
  byId("all-labels").replaceChildren(...options);
}

const labelButton = (label) => byId("labels").querySelector(`[data-label="${label}"]`);

function newLabel(label) {
  const name = make("span", "name", labelName(label));
  const number = make("span", "number", make("span", "n"), make("span", "unseen"));
  const made = button("", () => toggleLabel(made));
  made.className = "label";
  made.dataset.label = label;
  made.setAttribute("aria-pressed", "false");
  made.append(swatch(label), " ", name, " ", number);
  return make("li", "", made);
}

const folded = () => document.querySelectorAll(".notes details, footer details");

// Paper has no pages to turn: it gets every line that the filters leave, and nothing on
// it can be unfolded.
function printAll() {
  for (const one of [...folded(), byId("sidebar")]) one.open = true;
  const rest = shown.slice((page + 1) * ROWS_PER_PAGE);
  const before = shown.slice(0, page * ROWS_PER_PAGE);
  const plain = (index) => row(index, [documents[index].snippet], openHere);
  byId("rows").prepend(...before.map(plain));
  byId("rows").append(...rest.map(plain));
}

function printed() {
  for (const one of folded()) one.open = false;
  show(page);
}

function startFilters() {
  for (const one of byId("labels").querySelectorAll("button")) {
    one.addEventListener("click", () => toggleLabel(one));
  }
  const soon = later(150, refresh);
  for (const one of byId("filters").elements) one.addEventListener("input", () => soon());
  byId("filters").addEventListener("submit", (event) => {
    event.preventDefault();
    refresh();
  });
  byId("filters").addEventListener("reset", () => {
    forgetLabels();
    setTimeout(refresh);
  });
  byId("earlier").addEventListener("click", () => turn(-1));
  byId("later").addEventListener("click", () => turn(1));
}

function startPanel() {
  byId("former").addEventListener("click", () => step(-1));
  byId("next").addEventListener("click", () => step(1));
  byId("close").addEventListener("click", close);
  byId("confirm").addEventListener("click", confirmed);
  byId("undo").addEventListener("click", undone);
  panel.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  byId("other").addEventListener("submit", (event) => {
    event.preventDefault();
    const name = byId("another").value.trim();
    if (!name) return;
    byId("another").value = "";
    const label = labelNumber(name);
    if (!labelsOf(opened.index).includes(label)) choose(opened.index, label);
  });
  byId("note").addEventListener("input", () => {
    write(opened.index, byId("note").value);
    redrawLine(opened.index, openHere);
    drawProgress();
  });
}

function redrawAll() {
  if (opened) drawVerdict(opened.index);
  refresh();
  drawProgress();
}

async function start() {
  recall();
  startFilters();
  startPanel();
  startSaving();
  startKeys();
  map.place(documents.map((one) => one.at));
  addEventListener("beforeprint", printAll);
  addEventListener("afterprint", printed);
  addEventListener("storage", (event) => {
    if (event.key !== STORE) return;
    recall(); // another tab wrote
    redrawAll();
  });
  byId("least").addEventListener("click", reviewLeastSure);
  byId("forget").addEventListener("click", () => {
    if (!confirm("Forget all labels and notes that you gave on this page?")) return;
    forgetAll();
    redrawAll();
  });
  const onPaper = matchMedia("print");
  const unfold = () => {
    if (!onPaper.matches) byId("sidebar").open = isBeside.matches;
  };
  isBeside.addEventListener("change", unfold);
  unfold();
  drawProgress();
  if (!isKept) say("This browser keeps nothing: save before you leave.");
  await refresh();
  startAddress();
}

// The summary is painted first; the list follows in the next frame.
requestAnimationFrame(() => setTimeout(start));
