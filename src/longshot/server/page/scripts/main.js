// The page: which view is open, the keys, and the line that says how far one has come.

import { byId, make } from "../report/pages/scripts/elements.js";
import { isTyping, listenToKeys } from "../report/pages/scripts/keys.js";
import { t } from "../report/pages/scripts/words.js";
import { keepKey, listProjects } from "./api.js";
import { chooseLanguage, startLanguage } from "./language.js";
import { keyButton } from "./labels.js";
import { changes, nWaiting, openProject, refreshStatus, send, status } from "./project.js";
import { keySheet, textSheet } from "./sheets.js";
import { drawStanding } from "./standing.js";
import { problem, toast } from "./toasts.js";
import { addView } from "./views/add.js";
import { auditView } from "./views/audit.js";
import { conflictsView } from "./views/conflicts.js";
import { exportView } from "./views/export.js";
import { historyView } from "./views/history.js";
import { labelView } from "./views/label.js";
import { labelsView } from "./views/labels.js";
import { pileView } from "./views/pile.js";
import { signOffView } from "./views/sign-off.js";

const VIEWS = {
  label: { title: () => t("Label"), open: labelView },
  pile: { title: () => t("Pile"), open: pileView },
  labels: { title: () => t("Labels"), open: labelsView },
  add: { title: () => t("Add"), open: addView },
  "sign-off": { title: () => t("Sign off"), open: signOffView },
  export: { title: () => t("Export"), open: exportView },
  history: { title: () => t("History"), open: historyView },
  conflicts: { title: () => t("Conflicts"), open: conflictsView, isHidden: () => !status.n_conflicts },
  audit: { title: () => t("Audit"), open: auditView, isHidden: () => true, under: "sign-off" },
};

const links = new Map(); // to each view, by its name
let opened = null; // what the open view answers to: act, escape, leave
let keys = null;

// `#pile/a%20b.txt` is the view "pile" at the document "a b.txt".
function addressed() {
  const [name, document] = location.hash.slice(1).split("/");
  const fallback = !status.n_documents ? "add" : !status.labels.length ? "labels" : "label";
  if (!VIEWS[name]) return { name: fallback };
  try {
    return { name, document: document && decodeURIComponent(document) };
  } catch {
    return { name }; // half an escape
  }
}

function follow() {
  const { name, document: id } = addressed();
  if (opened?.stay?.(name, id)) return; // the view changes by itself
  opened?.leave?.();
  const view = make("main", "");
  view.id = "view";
  view.tabIndex = -1;
  byId("view").replaceWith(view);
  document.body.dataset.view = name;
  document.title = `${VIEWS[name].title()} – ${status.name}`;
  view.setAttribute("aria-label", VIEWS[name].title());
  drawViews(name);
  opened = VIEWS[name].open(view, { document: id }) ?? {};
  scrollTo(0, 0);
}

// Links stay the same elements: what has the focus keeps it.
function drawViews(name) {
  const chosen = VIEWS[name].under ?? name;
  for (const [one, link] of links) {
    link.hidden = one !== chosen && Boolean(VIEWS[one].isHidden?.());
    if (one === chosen) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function addLinks() {
  for (const [name, { title }] of Object.entries(VIEWS)) {
    const link = make("a", "", title());
    link.href = `#${name}`;
    links.set(name, link);
  }
  byId("views").replaceChildren(...links.values());
}

function act(event) {
  if (event.repeat && !event.key.startsWith("Arrow")) return; // a key that is held labels once
  const action = event.key === "?" ? () => keys.showModal() : opened?.act?.(event);
  if (!action) return;
  event.preventDefault();
  action();
}

function escape(event) {
  if (isTyping(event.target)) event.target.blur();
  else opened?.escape?.();
}

function drawTools() {
  const help = keyButton(t("Keys"), "?", () => keys.showModal());
  help.className = "quiet";
  byId("tools").replaceChildren(chooseLanguage(), help);
}

function listen() {
  let isTold = false;
  changes.addEventListener("problem", ({ detail }) => problem(detail));
  changes.addEventListener("status", () => {
    drawStanding();
    drawViews(addressed().name);
  });
  changes.addEventListener("waiting", () => {
    drawStanding();
    if (nWaiting() > 3 && !isTold) toast(t("Your labels are being sent."));
    isTold = nWaiting() > 3;
  });
  addEventListener("online", send);
  addEventListener("hashchange", follow);
  // others may have labelled meanwhile
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) refreshStatus().catch(problem);
  });
}

async function start() {
  await startLanguage();
  try {
    const projects = await listProjects();
    const wanted = new URLSearchParams(location.search).get("project");
    const project = projects.find(({ id }) => id === wanted) ?? projects[0];
    if (!project) throw new Error(t("This server has no project."));
    await openProject(project.id);
  } catch (error) {
    if (error.status === 401) await askForKey();
    else problem(error);
    return;
  }
  byId("project").textContent = status.name;
  byId("skip").textContent = t("Skip to the view");
  byId("views").setAttribute("aria-label", t("Views"));
  addLinks();
  keys = keySheet();
  listenToKeys({
    switched: byId("keys-on"),
    isBusy: () => document.querySelector("dialog:modal") !== null,
    escape,
    act,
  });
  drawTools();
  drawStanding();
  listen();
  follow();
}

async function askForKey() {
  const key = await textSheet(t("This server asks for an API key"), t("API key"), "password");
  if (!key) return;
  keepKey(key);
  location.reload();
}

start();
