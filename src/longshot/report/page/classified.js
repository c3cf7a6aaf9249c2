// The page: what a person does, and what is drawn anew for it.

let shown = [...data.documents.keys()];
let page = 0;
let asked = 0; // only the last question is answered: a search may take a moment

const openHere = (index) => open(index, shown);

async function refresh() {
  asked += 1;
  const question = asked;
  readFilters();
  if (wanted.words.length && !haystacks) byId("count").textContent = "Searching …";
  const found = await chosen(byId("order").value);
  if (question !== asked) return;
  shown = found;
  byId("count").textContent = told(found.length);
  drawMap(found);
  await show(0);
}

function told(n) {
  const all = data.documents.length;
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
  byId("documents-heading").scrollIntoView();
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
  for (const one of document.querySelectorAll("button.label")) {
    one.setAttribute("aria-pressed", "false");
  }
}

const folded = () => document.querySelectorAll("main details, footer details");

// Paper has no pages to turn: it gets every line that the filters leave, and nothing on
// it can be unfolded.
function printAll() {
  for (const one of folded()) one.open = true;
  const rest = shown.slice((page + 1) * ROWS_PER_PAGE);
  const before = shown.slice(0, page * ROWS_PER_PAGE);
  const plain = (index) => row(index, [data.documents[index].snippet], openHere);
  byId("rows").prepend(...before.map(plain));
  byId("rows").append(...rest.map(plain));
}

function printed() {
  for (const one of folded()) one.open = false;
  show(page);
}

function start() {
  for (const one of document.querySelectorAll("button.label")) {
    one.addEventListener("click", () => toggleLabel(one));
  }
  const soon = later(150, refresh);
  byId("filters").addEventListener("input", soon);
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
  addEventListener("beforeprint", printAll);
  addEventListener("afterprint", printed);
  startPanel();
  startMap(() => shown, openHere);
  refresh();
}

// The summary is painted first; the list follows in the next frame.
requestAnimationFrame(() => setTimeout(start));
