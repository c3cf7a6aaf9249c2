// Documents into the project: dropped, chosen, or pasted as rows.

import { button, make } from "../../report/pages/scripts/elements.js";
import { t } from "../../report/pages/scripts/words.js";
import { cancel, follow } from "../api.js";
import { decide, refreshStatus, routes } from "../project.js";
import { problem, toast } from "../toasts.js";

export function addView(view) {
  const zone = dropZone(async (files) => {
    for (const some of parts(files)) await run(() => routes.addFiles(formOf(some)));
  });
  const paste = pasteForm((texts) =>
    run(() => routes.addRows(texts.map((text) => ({ text })))),
  );
  const progress = make("section", "run");
  const aside = make("section", "aside");
  progress.hidden = aside.hidden = true;
  const lede = t("Text, HTML, PDF, DOCX and other kinds, mails and archives with all that is in them, and tables with a column “text”. A document that is here already is known by its content, and not added twice.");
  view.className = "narrow";
  view.replaceChildren(
    make("h2", "", t("Add documents")),
    make("p", "lede", lede),
    zone,
    progress,
    aside,
    paste,
  );

  // Starts a job, follows it to its end, tells what came of it, and gives whether it is done.
  async function run(ask) {
    let isDone = false;
    try {
      const { job } = await ask();
      const end = await follow(job, (state) => drawProgress(state, job));
      isDone = end.state === "done";
      if (end.state === "failed") problem(new Error(end.error?.message));
      if (isDone) tellAdded(end.result);
      await refreshStatus();
      await drawAside();
      decide();
    } catch (error) {
      problem(error);
    } finally {
      progress.hidden = true;
    }
    return isDone;
  }

  function drawProgress({ done, total, details = {}, state }, job) {
    progress.hidden = false;
    const bar = make("progress");
    if (total) Object.assign(bar, { max: total, value: done });
    bar.setAttribute("aria-label", t("Documents read"));
    const told = make("p", "", ...progressLine(done, total, details, state));
    told.setAttribute("role", "status");
    const stop = button(t("Stop"), () => cancel(job).catch(problem));
    progress.replaceChildren(bar, told, stop);
  }

  async function drawAside() {
    const ones = await routes.setAside();
    aside.hidden = !ones.length;
    const lines = ones.map(({ id, source, reason }) =>
      make("li", "", make("b", "", source || id), ` ${reason}`),
    );
    const n = ones.length;
    aside.replaceChildren(
      make("h3", "", t("{n} document set aside|{n} documents set aside", { n })),
      make("ul", "", ...lines),
      button(t("Try these again"), () => run(routes.retrySetAside)),
    );
  }

  drawAside().catch(problem);
}

function progressLine(done, total, details, state) {
  const told = [
    total
      ? t("{done} of {total} documents", { done, total })
      : t("{n} document read|{n} documents read", { n: done }),
  ];
  const { tokens_per_s: speed, left_s: left, n_set_aside: n } = details;
  if (speed) told.push(t("{n} tokens per second", { n: Math.round(speed) }));
  if (left) told.push(t("{time} left", { time: duration(left) }));
  if (n) told.push(t("{n} set aside", { n }));
  if (state === "waiting") told.push(t("waiting for its turn"));
  return told.map((one) => make("span", "", one));
}

const duration = (seconds) =>
  seconds < 90
    ? t("{n} s", { n: Math.round(seconds) })
    : t("{n} min", { n: Math.round(seconds / 60) });

function tellAdded({ n_added: n, n_known: known }) {
  const told = [t("{n} document added|{n} documents added", { n })];
  if (known) told.push(t("{n} was here already|{n} were here already", { n: known }));
  toast(told.join(", "), { action: [t("Label them"), () => (location.hash = "label")] });
}

function pasteForm(onTexts) {
  const rows = make("textarea");
  rows.rows = 4;
  rows.placeholder = t("One document in each line. Longer ones: leave an empty line between them.");
  const field = make("label", "field", make("span", "", t("Or paste texts")), rows);
  const form = make("form", "paste", field, make("button", "", t("Add these")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const sent = rows.value;
    const texts = textsOf(sent);
    if (!texts.length) return;
    const isDone = await onTexts(texts);
    // what failed can be sent again, and what was typed meanwhile is yet to be sent
    if (isDone && rows.value === sent) form.reset();
  });
  return form;
}

// Each block between empty lines is a document; without any, each line is one.
function textsOf(typed) {
  const blocks = typed.split(/\n\s*\n/);
  const texts = blocks.length > 1 ? blocks : typed.split("\n");
  return texts.map((text) => text.trim()).filter(Boolean);
}

// A form has room for so much: a folder is sent in parts.
const MOST_FILES = 500;
const MOST_BYTES = 24_000_000;

function parts(files) {
  const found = [[]];
  let bytes = 0;
  for (const one of files) {
    const isFull = found.at(-1).length >= MOST_FILES || bytes + one.file.size > MOST_BYTES;
    if (isFull && found.at(-1).length) {
      found.push([]);
      bytes = 0;
    }
    found.at(-1).push(one);
    bytes += one.file.size;
  }
  return found;
}

// The path below the chosen folder is the document's name.
function formOf(files) {
  const form = new FormData();
  for (const { file, path } of files) form.append("files", file, path);
  return form;
}

function dropZone(onFiles) {
  const files = picker(onFiles, { isFolder: false });
  const folder = picker(onFiles, { isFolder: true });
  const zone = make(
    "div",
    "drop",
    make("p", "", t("Drop files or a folder here")),
    make(
      "div",
      "acts",
      button(t("Choose files"), () => files.click()),
      button(t("Choose a folder"), () => folder.click()),
    ),
    files,
    folder,
  );
  const light = (isOn) => zone.classList.toggle("over", isOn);
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    light(true);
  });
  zone.addEventListener("dragleave", () => light(false));
  zone.addEventListener("drop", async (event) => {
    event.preventDefault();
    light(false);
    const entries = [...event.dataTransfer.items].map((one) => one.webkitGetAsEntry());
    const found = (await Promise.all(entries.filter(Boolean).map(filesBelow))).flat();
    if (found.length) onFiles(found);
  });
  return zone;
}

function picker(onFiles, { isFolder }) {
  const input = make("input");
  input.type = "file";
  input.multiple = true;
  input.webkitdirectory = isFolder;
  input.hidden = true;
  input.addEventListener("change", () => {
    const given = [...input.files].map((file) => ({
      file,
      path: file.webkitRelativePath || file.name,
    }));
    input.value = "";
    if (given.length) onFiles(given);
  });
  return input;
}

async function filesBelow(entry) {
  if (entry.isFile) {
    const file = await new Promise((give, fail) => entry.file(give, fail));
    return [{ file, path: entry.fullPath.replace(/^\//, "") }];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((give, fail) => reader.readEntries(give, fail));
    if (!some.length) return found; // a folder is given a hundred entries at a time
    for (const one of some) found.push(...(await filesBelow(one)));
  }
}
