// Phrases in the reader's language, and numbers as it writes them. English stands in the
// scripts themselves; a table gives what it becomes in another language. Forms of a
// phrase for one and for several are set apart by a bar; `n` decides between them.

const english = { tag: "en", phrases: {} };
let language = english;

export function speak(tag, phrases) {
  language = { tag, phrases };
}

export const languageTag = () => language.tag;
export const whole = (number) => number.toLocaleString(language.tag);

export function t(phrase, values = {}) {
  const forms = (language.phrases[phrase] ?? phrase).split("|");
  const isOne = new Intl.PluralRules(language.tag).select(values.n ?? 2) === "one";
  const form = isOne ? forms[0] : forms.at(-1);
  return form.replace(/\{(\w+)\}/g, (_, name) => written(values[name]));
}

const written = (value) => (typeof value === "number" ? whole(value) : String(value));

// As `percent` of wording.py writes it: what is not all is never written as 100%.
export function percent(share) {
  const rounded = Math.round(100 * share);
  if (rounded === 100 && share < 1) return `>${ofHundred(99)}`;
  if (rounded === 0 && share > 0) return `<${ofHundred(1)}`;
  return ofHundred(rounded);
}

const ofHundred = (number) =>
  (number / 100).toLocaleString(language.tag, { style: "percent" });
