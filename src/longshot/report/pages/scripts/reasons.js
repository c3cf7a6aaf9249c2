// Why a document was given its label: its passages in the order of how much they add,
// each with the passage of the example that it is like. Beside what marks.js asks of a
// passage, it may have a `match` ({id, text, left}) and its `similarity`.

import { bar, button, make } from "./elements.js";
import { badge, fileLink, pageOf, speaks } from "./marks.js";
import { languageTag, t } from "./words.js";

// `onGo` brings a passage, by its number, into sight in the text.
export function reasons(passages, detail, { scale, onGo }) {
  if (!passages.length) return [];
  const most = Math.max(...passages.map((one) => Math.abs(one.adds)));
  const rows = passages.map((one) => {
    const strength = make("div", "strength", bar(one.adds / (most || 1)));
    strength.append(make("span", "", howStrong(one.adds, scale)));
    const number = pageOf(one.start, detail.pages);
    const told = t("Page {number}", { number });
    if (number) strength.append(fileLink(told, detail.link, number));
    const line = make("li", one.adds < 0 ? "against" : "for", quote(one, detail, onGo), strength);
    if (one.match) strength.append(likeness(one));
    return line;
  });
  const title = t("Why {label}", { label: passages[0].label });
  return [make("h3", "", title), make("ul", "why", ...rows)];
}

const howStrong = (adds, scale) =>
  scale === "cosine" ? cosinePart(adds) : timesLikelier(adds);

const QUOTED_CHARACTERS = 150;

// A passage's first words, which lead to where it stands in the text.
function quote(passage, detail, onGo) {
  const part = detail.parts.findLast(([start]) => start <= passage.start);
  const from = passage.start - part[0];
  const text = part[1].slice(from, from + passage.end - passage.start).trim();
  const isLong = text.length > QUOTED_CHARACTERS;
  const words = isLong ? `${text.slice(0, QUOTED_CHARACTERS).replace(/\s\S*$/, "")} …` : text;
  const go = button("", () => onGo(passage.number));
  const unseen = make("span", "unseen", `${speaks(passage)}: `);
  const shown = make("span", "quote", words);
  shown.dir = "auto";
  go.append(badge(passage), unseen, shown);
  return go;
}

const cosinePart = (adds) =>
  t("{part} of the cosine", {
    part: `${adds < 0 ? "−" : "+"}${Math.abs(adds).toFixed(3)}`,
  });

// What is added to the logarithm of a probability, as a factor.
function timesLikelier(adds) {
  const most = 1_000_000;
  const factor = Math.min(Math.exp(Math.abs(adds)), most);
  const digits = factor >= 100 ? 0 : factor >= 1.1 ? 1 : 2;
  const shown = factor.toLocaleString(languageTag(), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const times = factor >= most ? t("over {shown}", { shown }) : shown;
  return adds < 0 ? t("{times}× less likely", { times }) : t("{times}× likelier", { times });
}

function likeness({ similarity, match }) {
  const cosine = similarity.toFixed(2);
  const said = t("Like {id} (cosine {cosine})", { id: match.id, cosine });
  const words = make("blockquote", "text", match.text);
  words.dir = "auto";
  if (match.left) {
    const n = match.left;
    const rest = t("{n} character more in the example|{n} characters more in the example", { n });
    words.append(make("small", "hint", `… ${rest}`));
  }
  return make("details", "", make("summary", "", said), words);
}
