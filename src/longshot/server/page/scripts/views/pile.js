// The pile: as a list and as a map, with filters and search; a document opened beside
// them; and several relabelled at once.

import { button, later, make, silent } from "../../report/pages/scripts/elements.js";
import { PointMap } from "../../report/pages/scripts/points.js";
import { documentLine, found } from "../../report/pages/scripts/rows.js";
import { hitsIn } from "../../report/pages/scripts/marks.js";
import { percent, t } from "../../report/pages/scripts/words.js";
import { lastOnly } from "../asking.js";
import { labelName } from "../labels.js";
import { changes, enter, labelNumber, routes, status, undo } from "../project.js";
import { released } from "../pressing.js";
import { mayTakeBack } from "../sheets.js";
import { problem } from "../toasts.js";
import { Filters } from "./pile-filters.js";
import { Panel } from "./pile-panel.js";
import { tellUndone } from "./history.js";

const ROWS_PER_PAGE = 100;
const NO_LABEL = ""; // "none of these", as an option
const PASSAGES_AT_ONCE = 20; // labels that come in meanwhile wait for no more than these

// The label that stands now; undefined before anything is decided.
const labelOf = ({ given, label, confidence }) =>
  given ? given.label : confidence === null ? undefined : label;
const numberOf = (label) => (label === null || label === undefined ? -1 : labelNumber(label));

export function pileView(view, { document: asked }) {
  let rows = [];
  let walk = []; // ids in the order in which the panel goes through them
  let total = 0;
  let offset = 0;
  const asking = lastOnly();
  let places = [];
  let opened = asked; // the document that the address names
  let isListed = false; // once the first page of the list is there
  const passages = new Map(); // of each document: that decided, and for which label
  const chosen = new Set();

  const filters = new Filters(() => load().catch(problem));
  const panel = new Panel({ neighbour, onClose: () => (location.hash = "pile") });
  const count = make("span", "");
  count.setAttribute("role", "status");
  const body = make("tbody", "");
  body.id = "rows";
  body.setAttribute("role", "rowgroup");
  const pager = make("nav", "pager");
  pager.setAttribute("aria-label", t("Pages of the list"));
  const nChosen = make("b", "");
  const choosingAll = button("", () => chooseAll().catch(problem));
  const bulkLabel = make("select");
  bulkLabel.setAttribute("aria-label", t("Label for those that are chosen"));
  const bulk = make(
    "div",
    "bulk",
    nChosen,
    choosingAll,
    bulkLabel,
    button(t("Give this label"), () => bulkEntry({ kind: "label", label: bulkLabel.value || null })),
    button(t("Forget labels"), () => bulkEntry({ kind: "forget" })),
    button(t("Choose none"), () => choose([...chosen], false)),
  );
  bulk.hidden = true;
  const map = mapFigure();
  const points = new PointMap({
    frame: map,
    points: map.querySelector("svg"),
    tip: map.querySelector(".tip"),
    tellOf: (index) => {
      const [id, , , label, sure] = places[index];
      return [id, sure === null ? labelName(label) : `${labelName(label)}, ${percent(sure)}`];
    },
    onOpen: (index) => open(places[index][0]),
  });
  filters.sidebar.append(map);
  const list = make(
    "section",
    "list",
    filters.form,
    make("div", "count", count, filters.reset),
    bulk,
    table(body),
    pager,
  );
  list.setAttribute("aria-label", t("Documents"));
  view.className = "workspace pile";
  view.replaceChildren(filters.sidebar, list, panel.element);

  // A new decision moves documents in the list; who goes through them one by one still
  // comes to the one that was next.
  async function load({ from = 0, isSame = false } = {}) {
    const isLast = asking();
    const query = filters.query();
    const page = await routes.documents({ ...query, offset: from, limit: ROWS_PER_PAGE });
    await released();
    if (!isLast()) return;
    drawMap(query, isLast).catch(problem); // the list does not wait for it
    offset = from;
    rows = page.documents;
    total = page.total;
    if (!isSame || !isListed || panel.id === null) walk = rows.map(({ id }) => id);
    draw();
    if (!isListed) {
      isListed = true;
      if (opened !== undefined) show(opened);
    }
    drawPassages(isLast).catch(problem); // nor for these
  }

  // The passages that decided come after the rows, the first ones first.
  async function drawPassages(isLast) {
    if (filters.words.length) return; // the rows show where these were found
    const decided = rows.filter(({ confidence, label }) => confidence !== null && label !== null);
    for (let at = 0; at < decided.length; at += PASSAGES_AT_ONCE) {
      const few = decided.slice(at, at + PASSAGES_AT_ONCE);
      const told = await routes.passages(few.map(({ id }) => id));
      if (!isLast()) return;
      for (const { id, label } of few) {
        if (!(id in told.passages)) continue;
        passages.set(id, { label, passage: told.passages[id] });
        lineOf(id)?.querySelector(".snippet span").replaceChildren(told.passages[id]);
      }
    }
  }

  function draw() {
    const all = status.n_documents;
    count.textContent =
      total === all
        ? t("{n} document|{n} documents", { n: all })
        : t("{n} of {all} documents", { n: total, all });
    filters.reset.hidden = total === all && !filters.isSet;
    const marked = body.querySelector("[aria-current]");
    const isFocused = marked?.contains(document.activeElement);
    body.replaceChildren(...rows.map(line));
    if (marked && panel.id === null) mark(lineOf(marked.dataset.id), isFocused); // keys go on from there
    drawPager();
    drawBulk();
    panel.redrawPlace();
  }

  function line(one) {
    const label = labelOf(one);
    const told = [make("span", "name", label === undefined ? "" : labelName(label)), " ", ...said(one)];
    const size = make("small", "", t("{n} character|{n} characters", { n: one.n_characters }));
    const known = passages.get(one.id);
    const passage = known && known.label === one.label ? known.passage : one.snippet;
    const snippet = found(one.snippet, hitsIn(one.snippet, filters.words)) ?? [passage];
    const sure = one.confidence ?? undefined;
    const element = documentLine(
      { id: one.id, size, label: numberOf(label), told, sure, snippet },
      () => open(one.id),
    );
    element.dataset.id = one.id;
    if (panel.id === one.id) element.setAttribute("aria-current", "true");
    element.querySelector("td").prepend(choiceBox(one.id));
    return element;
  }

  function said({ given, label, confidence, state, unreadable }) {
    if (unreadable) return [make("small", "wrong", unreadable)];
    if (state === "skipped") return [make("small", "", t("skipped"))];
    if (!given) return [];
    const isOther = confidence !== null && given.label !== label;
    if (!isOther) return [make("small", "checked", `✓ ${given.who}`)];
    const values = { who: given.who, label: labelName(label) };
    return [make("small", "changed", t("✎ {who}; longshot: {label}", values))];
  }

  function choiceBox(id) {
    const box = make("input", "choose");
    box.type = "checkbox";
    box.checked = chosen.has(id);
    box.setAttribute("aria-label", t("Choose {id}", { id }));
    box.addEventListener("change", () => choose([id], box.checked));
    return box;
  }

  function choose(ids, isOn) {
    for (const id of ids) {
      if (isOn) chosen.add(id);
      else chosen.delete(id);
    }
    for (const one of body.children) one.querySelector(".choose").checked = chosen.has(one.dataset.id);
    drawBulk();
  }

  // The label that a person chose stays chosen, whatever is decided meanwhile.
  function drawBulk() {
    bulk.hidden = !chosen.size;
    nChosen.textContent = t("{n} chosen", { n: chosen.size });
    choosingAll.textContent = t("Choose all {n}", { n: total });
    choosingAll.hidden = chosen.size >= total;
    const values = [...status.labels.map(({ name }) => name), NO_LABEL];
    const known = [...bulkLabel.options].map(({ value }) => value);
    if (values.length === known.length && values.every((one, i) => one === known[i])) return;
    const { value: before } = bulkLabel;
    const options = values.map((value) => {
      const option = make("option", "", value === NO_LABEL ? labelName(null) : value);
      option.value = value;
      return option;
    });
    bulkLabel.replaceChildren(...options);
    if (known.includes(before) && values.includes(before)) bulkLabel.value = before;
  }

  async function chooseAll() {
    const { ids } = await routes.documents({ ...filters.query(), fields: "id" });
    choose(ids, true);
  }

  function bulkEntry(entry) {
    enter({ ...entry, documents: [...chosen] });
    choose([...chosen], false);
  }

  function drawPager() {
    const pages = Math.ceil(total / ROWS_PER_PAGE);
    const at = offset / ROWS_PER_PAGE;
    pager.hidden = pages < 2;
    const turn = (by) => () =>
      load({ from: offset + by * ROWS_PER_PAGE })
        .then(() => list.scrollIntoView())
        .catch(problem);
    const [back, on] = [button(t("Previous"), turn(-1)), button(t("Next"), turn(1))];
    back.disabled = at === 0;
    on.disabled = at >= pages - 1;
    const place = make("span", "", t("Page {at} of {all}", { at: at + 1, all: pages }));
    pager.replaceChildren(back, place, on);
  }

  async function drawMap(query, isLast) {
    const lit = filters.isSet ? new Set((await routes.documents({ ...query, fields: "id" })).ids) : null;
    const told = await routes.map();
    if (!isLast()) return;
    places = told.places;
    points.place(places.map(([, x, y]) => (x === null ? undefined : [x, y])));
    const shown = [...places.keys()].filter((index) => !lit || lit.has(places[index][0]));
    points.draw(shown, (index) => numberOf(places[index][3]), places.findIndex(([id]) => id === panel.id));
  }

  // The document before or after the opened one in the list, and where it stands there.
  function neighbour(id, by) {
    const at = walk.indexOf(id);
    return { at: at < 0 ? null : offset + at + 1, total, id: walk[at + by] };
  }

  const open = (id) => (location.hash = `pile/${encodeURIComponent(id)}`);

  function show(id) {
    opened = id;
    if (!isListed) return; // it comes after the list, and only if it is still asked for
    for (const one of body.querySelectorAll("[aria-current]")) one.removeAttribute("aria-current");
    if (id === undefined) panel.hide();
    else panel.show(id, filters.words).catch(problem);
    const row = lineOf(id);
    row?.setAttribute("aria-current", "true");
    row?.scrollIntoView({ block: "nearest" });
  }

  const lineOf = (id) => [...body.children].find((one) => one.dataset.id === id);

  function mark(row, isFocused = true) {
    row?.setAttribute("aria-current", "true");
    if (isFocused) row?.querySelector("button").focus();
  }

  // To the next or previous document, opened or marked in the list.
  function move(by) {
    if (panel.id !== null) {
      panel.step(by);
      return;
    }
    const lines = [...body.children];
    const at = lines.findIndex((one) => one.hasAttribute("aria-current"));
    const next = lines[at < 0 ? 0 : at + by];
    if (!next) return;
    lines[at]?.removeAttribute("aria-current");
    mark(next);
  }

  function chooseMarked() {
    const id = body.querySelector("[aria-current]")?.dataset.id;
    if (id) choose([id], !chosen.has(id));
  }

  async function takeBack() {
    tellUndone(await undo(mayTakeBack));
    await load({ from: offset });
  }

  const KEYS = {
    j: () => move(1),
    k: () => move(-1),
    x: chooseMarked,
    z: () => takeBack().catch(problem),
    "/": () => filters.search.focus(),
  };

  const redraw = later(50, () => load({ from: offset, isSame: true }).catch(problem));
  const decided = () => {
    filters.drawLabels();
    redraw();
    if (panel.id !== null) panel.show(panel.id, filters.words, { isAgain: true }).catch(problem);
  };
  changes.addEventListener("decided", decided);
  load().catch(problem);

  return {
    act: (event) => panel.act(event) ?? KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key],
    escape: () => panel.id !== null && panel.close(),
    leave: () => {
      opened = undefined;
      changes.removeEventListener("decided", decided);
    },
    stay: (name, id) => {
      if (name !== "pile") return false;
      show(id);
      return true;
    },
  };
}

function table(body) {
  const columns = [t("Document"), t("Label"), t("Confidence"), t("Passage that decided")];
  const cells = columns.map((name) => {
    const cell = make("th", "", name);
    cell.scope = "col";
    cell.setAttribute("role", "columnheader");
    return cell;
  });
  const row = make("tr", "", ...cells);
  row.setAttribute("role", "row");
  const head = make("thead", "", row);
  head.setAttribute("role", "rowgroup");
  const element = make("table", "", head, body);
  element.setAttribute("role", "table");
  element.setAttribute("aria-label", t("Documents"));
  return element;
}

function mapFigure() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", t("Map of the pile: each point is a document, coloured by its label. The list holds the same documents."));
  const tip = silent(make("div", "tip"));
  tip.hidden = true;
  const caption = make("figcaption", "", t("One point per document; what is alike lies close together."));
  return make("figure", "map", make("h2", "", t("Map")), svg, tip, caption);
}
