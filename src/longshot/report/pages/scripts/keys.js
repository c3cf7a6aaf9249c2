// The keyboard, wherever the focus is: no click is needed first. Single letters do
// nothing while a person types, and can be turned off (WCAG 2.2, 2.1.4).

const KEYS_STORE = "longshot:keys";

export const isTyping = (element) =>
  Boolean(element.closest?.("textarea, select, input:not([type=radio], [type=checkbox])"));

// Calls `act` for keys that are no one else's, and `escape` for the way out, unless
// `isBusy`; `switched` is the box that turns keys off.
export function listenToKeys({ switched, isBusy, escape, act }) {
  try {
    switched.checked = localStorage.getItem(KEYS_STORE) !== "off";
  } catch {
    // on, then
  }
  switched.addEventListener("change", () => {
    try {
      localStorage.setItem(KEYS_STORE, switched.checked ? "on" : "off");
    } catch {
      // until the page is left
    }
  });
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isBusy()) return;
    if (event.key === "Escape") escape(event);
    else if (!isTyping(event.target) && switched.checked) act(event);
  });
}
