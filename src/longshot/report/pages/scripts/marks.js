// A text with its passages and the words searched for marked in it. A passage is
// {start, end, adds, label, number}: its characters, how much it adds to the label of
// that name, and what it is called by.

import { make, silent } from "./elements.js";
import { t } from "./words.js";

// Where words stand in a text, in its order and apart from each other.
export function hitsIn(text, words) {
  if (!words.length) return [];
  const escaped = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  escaped.sort((a, b) => b.length - a.length);
  const pattern = new RegExp(escaped.join("|"), "giu");
  return Array.from(text.matchAll(pattern), (hit) => [
    hit.index,
    hit.index + hit[0].length,
  ]);
}

// Cuts a piece of text wherever a passage or a hit begins or ends.
function cuts(from, to, ...spans) {
  const places = new Set([from, to]);
  for (const [start, end] of spans) {
    if (start > from && start < to) places.add(start);
    if (end > from && end < to) places.add(end);
  }
  return [...places].sort((a, b) => a - b);
}

const holds = (start, end, at) => start <= at && at < end;

// A block of a document's text: [where it begins, the text], as marked pieces.
function marked([offset, text], passages, words) {
  const hits = hitsIn(text, words).map(([a, b]) => [a + offset, b + offset]);
  const spans = passages.map((one) => [one.start, one.end]);
  const places = cuts(offset, offset + text.length, ...spans, ...hits);
  const pieces = [];
  let hit = 0;
  for (const [i, start] of places.slice(0, -1).entries()) {
    while (hit < hits.length && hits[hit][1] <= start) hit += 1;
    const isHit = hit < hits.length && holds(...hits[hit], start);
    const shown = text.slice(start - offset, places[i + 1] - offset);
    pieces.push(...piece(shown, start, places[i + 1], passages, isHit));
  }
  return pieces;
}

function piece(text, start, end, passages, isHit) {
  const inner = isHit ? make("mark", "hit", text) : text;
  const around = passages.filter((one) => holds(one.start, one.end, start));
  if (!around.length) return [inner];
  const isFor = around.some((one) => one.adds >= 0);
  const begun = around.filter((one) => one.start === start).map(beginning);
  const ended = around.filter((one) => one.end === end).map(ending);
  return [...begun, make("mark", isFor ? "for" : "against", inner), ...ended];
}

export const badge = (passage) => silent(make("span", "badge", String(passage.number)));

function beginning(passage) {
  const told = `${speaks(passage)}: `;
  const anchor = make("span", "anchor", make("span", "unseen", told), badge(passage));
  anchor.id = `passage-${passage.number}`;
  anchor.tabIndex = -1;
  return anchor;
}

function ending({ number }) {
  return make("span", "unseen", ` ${t("(end of passage {number})", { number })} `);
}

export function speaks({ number, adds, label }) {
  return adds < 0
    ? t("Passage {number}, against {label}", { number, label })
    : t("Passage {number}, for {label}", { number, label });
}

// One part of a text: [where it begins, the text]. A long one is cut into blocks, which
// the browser lays out only once they come into sight. A detail is {pages, link}: pairs
// of where a page of the file begins and its number, and the file's address.
export function markedPart(part, { pages, link }, passages, words) {
  const shown = [];
  for (const block of blocks(part, pages)) {
    const page = pages.find(([start]) => start === block[0]);
    if (page) shown.push(pageMark(page[1], link));
    shown.push(make("div", "block", ...marked(block, passages, words)));
  }
  return shown;
}

const BLOCK_CHARACTERS = 16_000;

// Cuts a part where pages begin, and what is still long after a line or a word.
function blocks([offset, text], pages) {
  const last = offset + text.length;
  const found = [];
  const starts = pages.map(([start]) => start).filter((at) => at > offset && at < last);
  let from = offset;
  for (const to of [...starts, last]) {
    while (to - from > BLOCK_CHARACTERS) {
      const at = breakBefore(text, from - offset, from - offset + BLOCK_CHARACTERS);
      found.push([from, text.slice(from - offset, at)]);
      from = offset + at;
    }
    if (to > from) found.push([from, text.slice(from - offset, to - offset)]);
    from = to;
  }
  return found;
}

function breakBefore(text, from, to) {
  for (const sign of ["\n", " "]) {
    const at = text.lastIndexOf(sign, to - 1);
    if (at > from) return at + 1;
  }
  const isPair = text.charCodeAt(to - 1) >= 0xd800 && text.charCodeAt(to - 1) < 0xdc00;
  return isPair ? to - 1 : to; // a sign of two units stays whole
}

// The page that a character stands on, in files that have pages.
export function pageOf(at, pages) {
  return pages.findLast(([start]) => start <= at)?.[1];
}

function pageMark(number, link) {
  return make("p", "page", fileLink(t("Page {number}", { number }), link, number));
}

// A link to the document's file, at a page where there is one. Addresses were written
// by longshot, relative or with `file:`; whatever else came in would stay text.
export function fileLink(told, link, page) {
  if (!link || !/^(\.{1,2}\/|file:)/.test(link)) return make("span", "", told);
  const element = make("a", "", told);
  element.href = page ? `${link}#page=${page}` : link;
  element.target = "_blank";
  element.rel = "noopener noreferrer";
  return element;
}

export function goTo(number) {
  const anchor = byPassage(number);
  anchor?.scrollIntoView({ block: "center" });
  anchor?.focus({ preventScroll: true });
}

const byPassage = (number) => document.getElementById(`passage-${number}`);
