// The language of the page: the browser's, until a person chooses another. English
// stands in the scripts; each other language is one file of what its phrases become.

import { make } from "../report/pages/scripts/elements.js";
import { languageTag, speak, t } from "../report/pages/scripts/words.js";

const STORE = "longshot:language";
const LANGUAGES = { en: "English", de: "Deutsch", zh: "中文" };

function preferred() {
  let kept = null;
  try {
    kept = localStorage.getItem(STORE);
  } catch {
    // the browser's, then
  }
  const wanted = [kept, ...navigator.languages].filter(Boolean);
  const tags = wanted.map((tag) => tag.slice(0, 2).toLowerCase());
  return tags.find((tag) => LANGUAGES[tag]) ?? "en";
}

export async function startLanguage() {
  const tag = preferred();
  document.documentElement.lang = tag;
  if (tag === "en") return;
  const answer = await fetch(new URL(`../languages/${tag}.json`, import.meta.url));
  if (answer.ok) speak(tag, await answer.json());
}

export function chooseLanguage() {
  const select = make("select", "language");
  select.setAttribute("aria-label", t("Language"));
  for (const [tag, name] of Object.entries(LANGUAGES)) {
    const option = make("option", "", name);
    option.value = tag;
    option.lang = tag;
    option.selected = tag === languageTag();
    select.append(option);
  }
  select.addEventListener("change", () => {
    try {
      localStorage.setItem(STORE, select.value);
    } catch {
      return; // it could not be told to the page that comes
    }
    location.reload();
  });
  return select;
}
