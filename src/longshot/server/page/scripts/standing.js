// The line that says how far one has come, above every view.

import { byId, make } from "../report/pages/scripts/elements.js";
import { percent, t } from "../report/pages/scripts/words.js";
import { nWaiting, status } from "./project.js";

export function drawStanding() {
  const { n_documents: n, n_labelled: nLabelled, forecast } = status;
  const told = [t("{n} document|{n} documents", { n }), t("{n} labelled", { n: nLabelled })];
  if (forecast) told.push(aloneLine(forecast));
  if (nWaiting()) told.push(t("{n} label on its way|{n} labels on their way", { n: nWaiting() }));
  const line = make("p", "", ...told.map((one) => make("span", "", one)));
  byId("standing").replaceChildren(...(forecast ? [share(forecast, n)] : []), line);
}

export const aloneLine = ({ n_alone: alone, n_documents: all, level }) =>
  t("{alone} of {all} can be left alone at {level}", { alone, all, level: percent(level) });

// How much of the pile can be left alone, as a thin bar.
function share({ n_alone: alone }, n) {
  const progress = make("progress", "");
  progress.max = Math.max(n, 1);
  progress.value = alone;
  progress.setAttribute("aria-label", t("Documents that can be left alone"));
  return progress;
}
