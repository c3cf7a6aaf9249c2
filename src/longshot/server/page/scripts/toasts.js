// Short lines at the edge of the window, which screen readers hear as they come.

import { byId, button, make } from "../report/pages/scripts/elements.js";
import { t } from "../report/pages/scripts/words.js";

const SHOWN_MS = 6_000;
let last = null;

// `action` is a pair of a button's words and what it does.
export function toast(text, { action, isProblem = false } = {}) {
  const line = make("p", isProblem ? "toast problem" : "toast", make("span", "", text));
  const away = () => line.remove();
  if (action) {
    const [name, act] = action;
    line.append(button(name, () => (away(), act())));
  }
  if (isProblem) line.append(button(t("Close"), away)); // stays until it is read
  else setTimeout(away, SHOWN_MS);
  if (last?.isConnected && !last.classList.contains("problem")) last.remove();
  last = line;
  byId("toasts").append(line);
}

export const problem = (error) => toast(error.message ?? String(error), { isProblem: true });
