// A document to read: its name, what is known of it, and its text, opened at the passage
// that matters. Long texts are shown a sheet at a time, cut between paragraphs.

import { button, make } from "../report/pages/scripts/elements.js";
import { goTo, markedPart } from "../report/pages/scripts/marks.js";
import { reasons } from "../report/pages/scripts/reasons.js";
import { t } from "../report/pages/scripts/words.js";

const SHEET_CHARACTERS = 6_000; // two or three screens
const LEAST_CHARACTERS = 2_000; // of the last sheet: less stays with the one before
const BEFORE = 0.25; // of the height: what is seen of the text before a passage

export class Reader {
  #detail = null;
  #sheets = [];
  #at = 0;

  // With `isWithin`, the text is part of a longer page, which is read from its top.
  constructor({ isWithin = false } = {}) {
    this.isWithin = isWithin;
    this.heading = make("h2", "");
    this.heading.id = "reading-heading";
    this.facts = make("div", "facts");
    this.text = make("div", "text");
    this.text.id = "text";
    this.text.dir = "auto";
    this.scroller = make("div", "scroller", this.text);
    this.scroller.tabIndex = 0;
    this.scroller.setAttribute("role", "region");
    this.scroller.setAttribute("aria-labelledby", "reading-heading");
    this.pager = make("nav", "sheets");
    this.pager.setAttribute("aria-label", t("Pages of the text"));
    this.element = make("article", "reading", this.heading, this.facts, this.scroller, this.pager);
  }

  // Clears what is shown, so that nothing of the last document stays in sight.
  wait(id) {
    this.#detail = null;
    this.heading.textContent = id;
    this.facts.replaceChildren();
    this.text.replaceChildren();
    this.pager.replaceChildren();
  }

  // With `isBlind`, nothing is shown of what was decided.
  show(detail, { words = [], isBlind = false } = {}) {
    this.#detail = { ...detail, link: null, passages: isBlind ? [] : passagesOf(detail) };
    this.words = words;
    this.heading.textContent = detail.id;
    this.facts.replaceChildren(...factsOf(detail));
    this.#sheets = sheetsOf(detail.text);
    this.#turnTo(this.#sheetOf(this.#detail.passages[0]?.start ?? 0));
    this.scroller.focus({ preventScroll: true });
    if (this.#detail.passages.length && !this.isWithin) this.#reveal(1);
  }

  // Why it was decided so: passages, each leading to its place in the text.
  reasons() {
    const { passages, evidence, text } = this.#detail;
    const onGo = (number) => this.#goTo(passages[number - 1]);
    const detail = { ...this.#detail, parts: [[0, text]] };
    return reasons(passages, detail, { scale: evidence?.scale, onGo });
  }

  // What a person selected of the text, or else the passage that decided.
  chosenPassage() {
    const selection = getSelection();
    const isHere = !selection.isCollapsed && this.text.contains(selection.anchorNode);
    if (isHere) return String(selection);
    const { passages = [], text } = this.#detail ?? {};
    return passages.length ? text.slice(passages[0].start, passages[0].end) : "";
  }

  turn(by) {
    const next = this.#at + by;
    if (next < 0 || next >= this.#sheets.length) return;
    this.#turnTo(next);
    if (!this.#hasScroller) this.element.scrollIntoView();
  }

  #goTo(passage) {
    const at = this.#sheetOf(passage.start);
    if (at !== this.#at) this.#turnTo(at);
    if (this.isWithin) goTo(passage.number);
    else this.#reveal(passage.number);
  }

  // On a phone the window scrolls, and not the text.
  get #hasScroller() {
    return getComputedStyle(this.scroller).overflowY !== "visible";
  }

  // Brings a passage into sight, with the lines before it. Only the text is scrolled:
  // `scrollIntoView` would move all that is around it too.
  #reveal(number) {
    const anchor = this.text.querySelector(`#passage-${number}`);
    if (!anchor) return;
    const { top } = anchor.getBoundingClientRect();
    if (this.#hasScroller) {
      const frame = this.scroller.getBoundingClientRect();
      this.scroller.scrollTop += top - frame.top - frame.height * BEFORE;
    } else scrollBy({ top: top - innerHeight * BEFORE, behavior: "instant" });
  }

  #sheetOf(place) {
    return Math.max(this.#sheets.findLastIndex(([from]) => from <= place), 0);
  }

  #turnTo(at) {
    this.#at = at;
    const { text, passages } = this.#detail;
    const [from, to] = this.#sheets[at];
    const here = passages.filter((one) => one.end > from && one.start < to);
    const part = [from, text.slice(from, to)];
    this.text.replaceChildren(...markedPart(part, this.#detail, here, this.words));
    this.scroller.scrollTop = 0;
    this.#drawPager();
  }

  #drawPager() {
    const n = this.#sheets.length;
    this.pager.hidden = n < 2;
    if (n < 2) return;
    const back = button(t("Earlier"), () => this.turn(-1));
    const on = button(t("Further on"), () => this.turn(1));
    back.append(make("kbd", "", "←"));
    on.append(make("kbd", "", "→"));
    back.disabled = this.#at === 0;
    on.disabled = this.#at === n - 1;
    const place = t("{at} of {all}", { at: this.#at + 1, all: n });
    this.pager.replaceChildren(back, make("span", "", place), on);
  }
}

function factsOf({ id, n_tokens, coverage, source, notes = [] }) {
  const told = [];
  if (source && !source.endsWith(id)) told.push(make("span", "", source));
  if (n_tokens !== null && n_tokens !== undefined) {
    const size = t("{n} token|{n} tokens", { n: n_tokens });
    const isWhole = coverage === 1 || coverage === null;
    told.push(make("span", "", isWhole ? size : `${size}, ${t("not read as a whole")}`));
  }
  for (const note of notes) told.push(make("span", "warning", note));
  return told;
}

// The passages with their places in units of UTF-16, as JavaScript counts.
function passagesOf({ text, evidence }) {
  if (!evidence) return [];
  const units = unitsOf(text);
  return evidence.passages.map((one, i) => ({
    number: i + 1,
    start: units(one.start),
    end: units(one.end),
    adds: one.contribution,
    label: evidence.label,
    similarity: one.match?.similarity,
    match: one.match && { id: one.match.example_id, text: one.match.text, left: 0 },
  }));
}

// Turns a count of characters, as the server gives it, into one of UTF-16 units.
function unitsOf(text) {
  if (!/[\ud800-\udbff]/.test(text)) return (place) => place;
  const starts = [];
  for (let at = 0; at < text.length; at += text.codePointAt(at) > 0xffff ? 2 : 1) {
    starts.push(at);
  }
  return (place) => starts[place] ?? text.length;
}

// Where the sheets of a text begin and end.
function sheetsOf(text) {
  const sheets = [];
  let from = 0;
  while (text.length - from > SHEET_CHARACTERS + LEAST_CHARACTERS) {
    const to = breakNear(text, from + SHEET_CHARACTERS, from + LEAST_CHARACTERS);
    sheets.push([from, to]);
    from = to;
  }
  sheets.push([from, text.length]);
  return sheets;
}

function breakNear(text, place, least) {
  for (const sign of ["\n\n", "\n", " "]) {
    const at = text.lastIndexOf(sign, place);
    if (at > least) return at + sign.length;
  }
  return text.charCodeAt(place) >= 0xdc00 && text.charCodeAt(place) < 0xe000 ? place + 1 : place;
}
