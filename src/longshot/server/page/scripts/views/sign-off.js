// How much can be left alone, what to label next, and the audit that tells how many of
// all labels are right.

import { button, make } from "../../report/pages/scripts/elements.js";
import { t } from "../../report/pages/scripts/words.js";
import { lastOnly } from "../asking.js";
import { released } from "../pressing.js";
import { allSent, changes, routes, status } from "../project.js";
import { aloneLine } from "../standing.js";
import { problem } from "../toasts.js";
import { certificate } from "./certificate.js";

const SIZES = [30, 60, 100, 200];
const ALL = "all"; // chosen once, it means all that there are by then

export function signOffView(view) {
  const forecast = make("section", "forecast");
  const begin = make("div", "");
  const audits = make("section", "audits");
  let wanted; // how many to check, once a person chose
  let isDrawing = false;
  const asking = lastOnly();
  view.className = "narrow";
  view.replaceChildren(make("h2", "", t("Sign off")), forecast, make("h2", "", t("Audit")), begin, audits);

  function drawForecast() {
    const { forecast: told } = status;
    forecast.replaceChildren(...(told ? forecastPieces(told) : [make("p", "lede", t("Label a few documents first: then it can be told how much is left."))]));
  }

  function start() {
    const size = make("select");
    size.setAttribute("aria-label", t("How many to check"));
    const { n_decided: all } = status; // by longshot; what people labelled needs no audit
    const told = t("longshot draws documents at random, more of those that it is unsure of. You label them without seeing what it said. What comes of it holds for all labels, with a certainty that you can state.");
    const lede = make("p", "lede", told);
    if (!all) return [lede];
    for (const n of SIZES.filter((one) => one < all)) size.append(option(n));
    size.append(option(ALL, t("all {n}", { n: all })));
    if ([...size.options].some(({ value }) => value === wanted)) size.value = wanted;
    size.addEventListener("change", () => (wanted = size.value));
    const go = button(t("Draw a sample"), () => draw(size.value === ALL ? all : Number(size.value)));
    go.disabled = isDrawing;
    go.className = "primary";
    return [lede, make("div", "acts", size, go)];
  }

  async function draw(n) {
    isDrawing = true;
    drawStart();
    try {
      await allSent();
      const { id } = await routes.startAudit(n);
      if (view.isConnected) location.hash = `audit/${id}`;
    } catch (error) {
      problem(error);
    } finally {
      isDrawing = false;
      drawStart();
    }
  }

  async function drawAudits() {
    const isLast = asking();
    const ones = await routes.audits();
    await released();
    if (!isLast()) return;
    audits.replaceChildren(...ones.map(auditCard));
  }

  const drawStart = () => begin.replaceChildren(...start());
  const redraw = () => {
    drawForecast();
    drawStart();
    drawAudits().catch(problem);
  };
  changes.addEventListener("decided", redraw);
  redraw();
  return { leave: () => changes.removeEventListener("decided", redraw) };
}

function option(n, told = String(n)) {
  const element = make("option", "", told);
  element.value = n;
  return element;
}

function forecastPieces(told) {
  const { n_alone: alone, n_documents: all, n_next: n, low, high } = told;
  const bar = make("progress");
  Object.assign(bar, { max: Math.max(all, 1), value: alone });
  bar.setAttribute("aria-label", t("Documents that can be left alone"));
  const trust =
    low === null
      ? t("As far as the classifier’s confidence can be trusted. An audit tells how far that is.")
      : t("By the last audit, between {low} and {high}.", { low, high });
  const pieces = [make("p", "big", aloneLine(told)), bar, make("p", "hint", trust)];
  if (!n) return pieces;
  const next = make("a", "as-button primary", t("Label this one next|Label these {n} next", { n }));
  next.href = "#label";
  const expected = make("span", "expected");
  tellGain(expected).catch(problem);
  return [...pieces, make("p", "acts", next, expected)];
}

async function tellGain(element) {
  const gain = await routes.gain();
  if (!gain) return;
  const points = (share) => Number((100 * share).toFixed(1));
  const [value, low, high] = [gain.value, gain.low, gain.high].map(points);
  element.textContent = t("Then expect {value} points more to be right (between {low} and {high}).", { value, low, high });
}

function auditCard(audit) {
  const { id, n, n_answered: answered, next } = audit;
  const told = t("{answered} of {n} checked", { answered, n });
  const go = make("a", "as-button", t("Go on"));
  go.href = `#audit/${id}`;
  const open = make("p", "acts", make("span", "", told), go);
  if (next === null) return certificate(audit);
  return answered ? make("div", "", certificate(audit), open) : make("div", "card", open);
}
