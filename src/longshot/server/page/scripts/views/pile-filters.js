// Which documents of the pile are shown, and in which order.

import { swatch, look } from "../../report/pages/scripts/colours.js";
import { bar, button, later, make } from "../../report/pages/scripts/elements.js";
import { percent, t, whole } from "../../report/pages/scripts/words.js";
import { labelName } from "../labels.js";
import { status } from "../project.js";

const NONE = ""; // how the server is asked for "none of these"
const SVG = "http://www.w3.org/2000/svg";
const TYPING_MS = 200; // a search waits until typing pauses

const orders = () => [
  ["least_sure", t("least sure first")],
  ["most_sure", t("most sure first")],
  ["label", t("by label")],
  ["id", t("by name")],
  ["added", t("as they came")],
];

const states = () => [
  ["all", t("all")],
  ["open", t("not labelled")],
  ["labelled", t("labelled")],
  ["changed", t("labelled otherwise than decided")],
  ["skipped", t("skipped")],
];

export class Filters {
  #labels = new Set();

  constructor(onChange) {
    this.onChange = onChange;
    this.search = make("input");
    this.search.type = "search";
    this.search.autocomplete = "off";
    this.search.spellcheck = false;
    this.search.setAttribute("aria-keyshortcuts", "/");
    this.order = select(orders());
    this.state = select(states());
    this.low = percentage(t("At least this confidence, in percent"), 0);
    this.high = percentage(t("At most this confidence, in percent"), 100);
    this.form = make(
      "form",
      "filters",
      field(t("Search texts and names"), this.search, "wide"),
      field(t("Order"), this.order),
      field(t("Show"), this.state),
    );
    this.form.setAttribute("role", "search");
    this.form.setAttribute("aria-label", t("Find documents"));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.search.blur(); // Enter gives the keys back; Escape empties the search first
      onChange();
    });
    const soon = later(TYPING_MS, onChange);
    for (const one of [this.search, this.low, this.high]) one.addEventListener("input", soon);
    for (const one of [this.order, this.state]) one.addEventListener("change", onChange);
    this.reset = button(t("Show all"), () => this.#clear());
    this.reset.className = "quiet";
    this.reset.hidden = true;
    this.labels = make("ul", "labels");
    this.histogram = make("div", "");
    this.sidebar = this.#sidebar();
    this.drawLabels();
  }

  get words() {
    return this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
  }

  get isSet() {
    const { min_confidence: low, max_confidence: high, q, state } = this.query();
    return Boolean(this.#labels.size || q || state !== "all" || low !== undefined || high !== undefined);
  }

  // As the server is asked; what asks for nothing is left out.
  query() {
    const share = ({ value }) => Math.min(Math.max(Number.parseFloat(value) / 100, 0), 1);
    const [low, high] = [share(this.low), share(this.high)];
    return {
      q: this.search.value.trim() || undefined,
      order: this.order.value,
      state: this.state.value,
      label: this.#labels.size ? [...this.#labels] : undefined,
      min_confidence: low > 0 ? low : undefined,
      max_confidence: high < 1 ? high : undefined,
    };
  }

  // The labels with the number of their documents; choosing one filters.
  drawLabels() {
    const known = status.labels.map(({ name, n_decided: n }, number) => [name, n ?? 0, number]);
    if (status.n_none) known.push([NONE, status.n_none, -1]);
    const most = Math.max(...known.map(([, n]) => n), 1);
    this.labels.replaceChildren(...known.map((one) => this.#labelLine(...one, most)));
    this.histogram.replaceChildren(...histogram(status.histogram ?? []));
  }

  #labelLine(name, n, number, most) {
    const line = button("", () => {
      if (!this.#labels.delete(name)) this.#labels.add(name);
      line.setAttribute("aria-pressed", String(this.#labels.has(name)));
      this.onChange();
    });
    line.className = "label";
    line.setAttribute("aria-pressed", String(this.#labels.has(name)));
    const counted = make("span", "number", whole(n));
    const share = make("span", "middle", percent(status.n_documents ? n / status.n_documents : 0));
    const rule = bar(n / most, look(number));
    rule.classList.add("rule");
    line.append(swatch(number), make("span", "name", name === NONE ? labelName(null) : name), counted, share, rule);
    return make("li", "", line);
  }

  #clear() {
    this.#labels.clear();
    this.search.value = "";
    this.state.value = "all";
    this.low.value = 0;
    this.high.value = 100;
    this.drawLabels();
    this.onChange();
  }

  #sidebar() {
    const range = make("div", "range", make("span", "", t("Show from")), this.low, make("span", "", t("to")), this.high, make("span", "", "%"));
    const summary = make("summary", "", t("Labels, confidence and map"));
    const title = make("h2", "", t("Labels"), make("small", "hint", t("choose to filter")));
    const element = make("details", "sidebar", summary, title, this.labels, make("h2", "", t("Confidence")), this.histogram, range);
    element.open = matchMedia("(min-width: 60rem)").matches;
    return element;
  }
}

function field(name, input, className = "") {
  return make("label", className, make("span", "", name), input);
}

function select(options) {
  const element = make("select");
  for (const [value, name] of options) {
    const option = make("option", "", name);
    option.value = value;
    element.append(option);
  }
  return element;
}

function percentage(name, value) {
  const input = make("input");
  Object.assign(input, { type: "number", min: 0, max: 100, step: 1, value, inputMode: "numeric" });
  input.setAttribute("aria-label", name);
  return input;
}

// How many documents fall into each tenth of confidence.
function histogram(counts) {
  const most = Math.max(...counts, 1);
  const svg = document.createElementNS(SVG, "svg");
  const told = counts.map((n, i) => `${percent(i / 10)} – ${percent((i + 1) / 10)}: ${whole(n)}`);
  const given = { class: "histogram", viewBox: "0 0 100 31", preserveAspectRatio: "none", role: "img" };
  given["aria-label"] = t("Documents by confidence: {told}", { told: told.join(", ") });
  for (const [name, value] of Object.entries(given)) svg.setAttribute(name, value);
  for (const [i, n] of counts.entries()) {
    const height = (29 * n) / most;
    svg.append(shape("rect", { x: 10 * i + 0.4, width: 9.2, y: 30 - height, height }));
  }
  svg.append(shape("path", { d: "M0 30.5h100" }));
  const ends = [0, 0.5, 1].map((share) => make("span", "", percent(share)));
  const axis = make("p", "axis", ...ends);
  axis.setAttribute("aria-hidden", "true");
  return [svg, axis];
}

function shape(tag, given) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(given)) element.setAttribute(name, value);
  return element;
}
