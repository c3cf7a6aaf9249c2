// What an audit found: how many of all labels are right, and how certain that is.

import { make } from "../../report/pages/scripts/elements.js";
import { languageTag, t } from "../../report/pages/scripts/words.js";
import { time } from "./history.js";

const exact = (share) =>
  share.toLocaleString(languageTag(), { style: "percent", maximumFractionDigits: 1 });

export function certificate({ certificate: found, who, started }) {
  const { at_least: least, share, certainty, n_right: right, n_answered: n, n_documents: all } = found;
  const big = t("At least {least} of all labels are right", { least: exact(least) });
  const facts = [
    t("{certainty} certain", { certainty: exact(certainty) }),
    t("{right} of {n} in the sample right", { right, n }),
    t("best estimate {share}", { share: exact(share) }),
    t("{n} document|{n} documents", { n: all }),
  ];
  const element = make(
    "section",
    "card certificate",
    make("p", "big", big),
    make("p", "facts", ...facts.map((one) => make("span", "", one))),
    make("p", "hint", found.method),
    make("p", "hint", `${who}, ${time(started)}`),
  );
  element.setAttribute("aria-label", t("Certificate"));
  return element;
}
