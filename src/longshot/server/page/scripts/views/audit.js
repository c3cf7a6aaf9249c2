// An audit: documents of a random sample, checked blind. What longshot decided is not
// shown, and does not reach this page, until the label is given.

import { button, make } from "../../report/pages/scripts/elements.js";
import { t } from "../../report/pages/scripts/words.js";
import { addLabel } from "../adding-labels.js";
import { keyButton, LabelBar, NONE } from "../labels.js";
import { decide, routes, undo } from "../project.js";
import { Reader } from "../reading.js";
import { problem, toast } from "../toasts.js";
import { certificate } from "./certificate.js";
import { tellUndone } from "./history.js";

export function auditView(view, { document: auditId }) {
  let audit = null;
  let current = null;
  let isFinished = false;
  const reader = new Reader();
  const place = make("p", "reason");
  const progress = make("progress");
  progress.setAttribute("aria-label", t("Documents checked"));
  reader.element.prepend(make("div", "audit-place", progress, place));
  const bar = new LabelBar({ onChoose: answer, onNewLabel: answerAnew });
  const none = keyButton(t("None of these"), "n", () => answer(NONE));
  const unsure = keyButton(t("Not sure"), "s", () => answer(NONE, { unsure: true }));
  const back = keyButton(t("Back"), "z", () => goBack().catch(problem));
  const stop = button(t("Stop here"), finish);
  const hint = make("p", "hint", t("Checked blind: what longshot said is not shown. Whenever you stop, what is told then holds."));
  const acts = make("div", "acts", none, unsure, back);
  const side = make("aside", "side", bar.element, acts, hint, stop);
  side.setAttribute("aria-label", t("Label this document"));
  view.className = "labelling";
  view.replaceChildren(reader.element, side);

  async function start() {
    audit = await routes.audit(auditId);
    await next();
  }

  async function next() {
    const { n, n_answered: answered, next: id } = audit;
    Object.assign(progress, { max: n, value: answered });
    place.textContent = t("{answered} of {n} checked", { answered, n });
    if (id === null) finish();
    else await show(id);
  }

  async function show(id) {
    current = null;
    reader.wait(id);
    const detail = await routes.document(id, { blind: true });
    if (audit.next !== id) return; // an answer was taken back meanwhile
    reader.show(detail, { isBlind: true });
    bar.show(null);
    current = id;
  }

  async function answer(label, { unsure: isUnsure = false } = {}) {
    if (current === null) return;
    const id = current;
    current = null; // until the next one is shown, no key answers
    try {
      audit = await routes.answer(auditId, { document: id, label, unsure: isUnsure });
      await next();
    } catch (error) {
      if (audit.next === id) current = id; // it was not taken: it can be given again
      problem(error);
    }
  }

  // It is this document that gets the new label, and no later one.
  async function answerAnew(name) {
    if (current === null) return;
    const id = current;
    current = null;
    const isThere = await addLabel(name).then(() => true, problem);
    current = id;
    if (isThere === true) await answer(name);
  }

  // Takes the last answer back, and asks for it again; until then, no key answers.
  async function goBack() {
    if (current === null) return;
    const id = current;
    current = null;
    try {
      const undone = await undo(() => false);
      if (undone?.kind !== "answer") {
        tellUndone(undone);
        current = id;
        return;
      }
      audit = await routes.audit(auditId);
      await next();
    } catch (error) {
      current = id;
      throw error;
    }
  }

  function finish() {
    current = null;
    isFinished = true;
    view.className = "narrow";
    const use = button(t("Make the answers labels"), async () => {
      use.disabled = true;
      try {
        const entries = await routes.useAudit(auditId);
        const n = entries.reduce((sum, one) => sum + one.n_documents, 0);
        toast(t("{n} document labelled|{n} documents labelled", { n }));
        decide();
      } catch (error) {
        use.disabled = false;
        problem(error);
      }
    });
    const out = link("export", t("Export"), "as-button");
    const again = link("sign-off", t("Sign off"));
    const heading = make("h2", "", t("Audit"));
    view.replaceChildren(heading, certificate(audit), make("p", "acts", use, out, again));
    view.focus();
  }

  const KEYS = {
    n: () => answer(NONE),
    s: () => answer(NONE, { unsure: true }),
    z: () => goBack().catch(problem),
    "/": () => bar.find.focus(),
    ArrowRight: () => reader.turn(1),
    ArrowLeft: () => reader.turn(-1),
  };

  function act({ key }) {
    if (isFinished) return null;
    if (/^[1-9]$/.test(key)) {
      const name = bar.of(key);
      return name === undefined ? null : () => answer(name);
    }
    return KEYS[key.length === 1 ? key.toLowerCase() : key];
  }

  start().catch(problem);
  return { act };
}

function link(view, text, className = "") {
  const element = make("a", className, text);
  element.href = `#${view}`;
  return element;
}
