// The project that is open: what is known of it here, and what a person does to it.
// Entries are sent one after another, in the order in which they were made, and nothing
// that was said is dropped: what cannot be sent stays and is tried again.

import { t } from "../report/pages/scripts/words.js";
import { follow, ProjectRoutes } from "./api.js";
import { released } from "./pressing.js";

export const changes = new EventTarget(); // "status", "decided", "waiting", "problem"
export let routes = null;
export let status = null;

const waiting = []; // entries that are not acknowledged yet
let sending = null;
let deciding = null;
let isStale = false;
let nAsked = 0; // for the status; and which of these questions its answer stands for
let nAnswered = 0;

const tell = (name, detail) => changes.dispatchEvent(new CustomEvent(name, { detail }));

export async function openProject(id) {
  routes = new ProjectRoutes(id);
  await refreshStatus();
}

// Answers may overtake one another: an earlier one never replaces a later one.
export async function refreshStatus() {
  nAsked += 1;
  const mine = nAsked;
  const told = await routes.status();
  if (mine < nAnswered) return status;
  nAnswered = mine;
  status = told;
  await released();
  tell("status");
  return status;
}

export const labelNumber = (name) => status.labels.findIndex((one) => one.name === name);
export const nWaiting = () => waiting.length;

// Sends an entry, and has everything decided anew once it is there.
export function enter(entry) {
  waiting.push(entry);
  tell("waiting");
  return send();
}

export function send() {
  sending ??= sendAll().finally(() => {
    sending = null;
  });
  return sending;
}

async function sendAll() {
  while (waiting.length) {
    let isRefused = false;
    try {
      await routes.enter(waiting[0]);
    } catch (error) {
      tell("problem", error);
      // what the server refuses will be refused again; what did not reach it may
      isRefused = error.status >= 400 && error.status < 500 && error.status !== 429;
      if (!isRefused) return;
    }
    waiting.shift();
    tell("waiting");
    if (!isRefused) decide();
  }
}

// Sends what is on its way, for whatever comes after it: undoing, an export, a sample.
export async function allSent() {
  await send();
  if (waiting.length) throw new Error(t("Your labels could not be sent yet. Try again."));
}

// Gives the entry that was taken back; null where nothing is left, or where `mayTake`
// refuses: it is asked before documents go that were added, or come that were removed.
export async function undo(mayTake) {
  await allSent();
  let made = await routes.undo();
  if (made.next && (await mayTake(made.next))) made = await routes.undo({ documents: true });
  if (made.entry) decide();
  return made.undone;
}

// Decides anew: once at a time, and once more where something came in meanwhile.
export function decide() {
  isStale = true;
  deciding ??= decideUntilFresh().finally(() => {
    deciding = null;
  });
  return deciding;
}

async function decideUntilFresh() {
  try {
    while (isStale) {
      isStale = false;
      const { job } = await routes.classify();
      if (job) await follow(job, () => {}); // vectors are missing: texts are read first
      await refreshStatus();
      tell("decided"); // each time: whoever labels fast shall not wait for it
    }
  } catch (error) {
    tell("problem", error);
  }
}

addEventListener("beforeunload", (event) => {
  if (waiting.length) event.preventDefault();
});
