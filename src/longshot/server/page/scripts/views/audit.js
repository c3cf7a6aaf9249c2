// An audit: documents of a random sample, checked blind. What longshot decided is not
// shown, and does not reach this page, until the label is given.

import { make } from "../../report/pages/scripts/elements.js";
import { t } from "../../report/pages/scripts/words.js";
import { addLabel } from "../adding-labels.js";
import { keyButton, LabelBar, NONE } from "../labels.js";
import { routes } from "../project.js";
import { Reader } from "../reading.js";
import { problem } from "../toasts.js";
import { certificate } from "./certificate.js";

export function auditView(view, { document: auditId }) {
  let audit = null;
  let current = null;
  const answered = []; // of this sitting, to go back to
  const reader = new Reader();
  const place = make("p", "reason");
  const progress = make("progress");
  progress.setAttribute("aria-label", t("Documents checked"));
  reader.element.prepend(make("div", "audit-place", progress, place));
  const bar = new LabelBar({ onChoose: answer, onNewLabel: (name) => addLabel(name).then(answer) });
  const none = keyButton(t("None of these"), "n", () => answer(NONE));
  const back = keyButton(t("Back to the last"), "z", goBack);
  const hint = make("p", "hint", t("Checked blind: what longshot said is not shown, and your answers are no examples until you say so."));
  const side = make("aside", "side", bar.element, make("div", "acts", none, back), hint);
  side.setAttribute("aria-label", t("Label this document"));
  view.className = "labelling";
  view.replaceChildren(reader.element, side);

  async function start() {
    audit = await routes.audit(auditId);
    await next();
  }

  async function next() {
    progress.max = audit.n;
    progress.value = audit.n_answered;
    place.textContent = t("{answered} of {n} checked", { answered: audit.n_answered, n: audit.n });
    const [id] = audit.open;
    if (id === undefined) finish();
    else await show(id);
  }

  async function show(id) {
    current = null;
    reader.wait(id);
    const detail = await routes.document(id, { blind: true });
    reader.show(detail, { isBlind: true });
    bar.show(null);
    current = id;
  }

  async function answer(label) {
    if (current === null) return;
    const id = current;
    current = null;
    try {
      audit = await routes.answer(auditId, { document: id, label });
      answered.push(id);
      await next();
    } catch (error) {
      current = id;
      problem(error);
    }
  }

  function goBack() {
    const id = answered.pop();
    if (id !== undefined) show(id).catch(problem);
  }

  function finish() {
    view.className = "narrow";
    const again = make("a", "", t("Sign off"));
    again.href = "#sign-off";
    const out = make("a", "as-button", t("Export"));
    out.href = "#export";
    view.replaceChildren(make("h2", "", t("Audit")), certificate(audit), make("p", "acts", out, again));
    view.focus();
  }

  const KEYS = {
    n: () => answer(NONE),
    z: goBack,
    "/": () => bar.find.focus(),
    ArrowRight: () => reader.turn(1),
    ArrowLeft: () => reader.turn(-1),
  };

  function act({ key }) {
    if (audit && !audit.open.length && current === null) return null;
    if (/^[1-9]$/.test(key)) {
      const name = bar.of(key);
      return name === undefined ? null : () => answer(name);
    }
    return KEYS[key.length === 1 ? key.toLowerCase() : key];
  }

  start().catch(problem);
  return { act };
}
