// What an audit found: how many of all labels are right, and how certain that is.

import { make } from "../../report/pages/scripts/elements.js";
import { languageTag, t } from "../../report/pages/scripts/words.js";
import { exporter } from "./export.js";
import { time } from "./history.js";

// Rounded down: no more is said than what is certain.
const floored = (share) =>
  (Math.floor(1000 * share) / 1000).toLocaleString(languageTag(), {
    style: "percent",
    maximumFractionDigits: 1,
  });

export function certificate({ certificate: found, who, started, is_current: isCurrent, limit_now: now }) {
  const { limit, level, estimate, n_right: right, n_documents: n } = found;
  const checked = right + found.n_wrong + found.n_unsure;
  const facts = [
    t("{certainty} certain", { certainty: floored(level) }),
    t("{right} of {checked} checked were right", { right, checked }),
    t("of {n} document that nobody had labelled|of {n} documents that nobody had labelled", { n }),
  ];
  if (estimate !== null) facts.push(t("best estimate {share}", { share: floored(estimate) }));
  const element = make(
    "section",
    "card certificate",
    make("p", "big", t("At least {least} of all labels are right", { least: floored(limit) })),
    make("p", "facts", ...facts.map((one) => make("span", "", one))),
  );
  if (!isCurrent) {
    const told = t("Labels have changed since. Of those that stand now, at least {least} are certain to be right.", { least: floored(now) });
    element.append(make("p", "note", told));
  }
  const how = make("details", "", make("summary", "", t("How this was found")));
  how.append(...found.lines.map((line) => make("p", "hint", line)));
  const save = exporter("certificate", t("Save the certificate"));
  element.append(how, make("p", "hint", `${who}, ${time(started)}`), save);
  element.setAttribute("aria-label", t("Certificate"));
  return element;
}
