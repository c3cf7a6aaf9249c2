// One document, opened beside the list: the decision, why, and its text.

const panel = byId("document");
let opened = null; // its number, and the list that it was opened from

function decision(one) {
  const ranked = [[one.label, one.sure], ...one.others];
  const rows = ranked.map(([label, sure], i) => {
    const name = make("span", "name", labelName(label));
    const line = make("li", i ? "" : "first", swatch(label), name);
    line.append(bar(sure, colour(label)), make("span", "number", percent(sure)));
    return line;
  });
  const read = one.read < 1 ? `${percent(one.read)} of it read` : "read as a whole";
  const size = `${counted(one.tokens, "token")} in ${counted(one.windows, "window")}, ${read}`;
  const told = make("p", "hint", `${size}. `, outcome(one));
  return [make("ol", "ranked", ...rows), ...labelSet(one), told, ...notes(one)];
}

function notes(one) {
  return (one.notes || []).map((note) => make("p", "hint", `Note: ${note}.`));
}

function labelSet(one) {
  if (!one.set) return [];
  const names = one.set.map(labelName).join(", ");
  return [make("p", "hint", `Set of labels: ${names || "none fits"}.`)];
}

function why(passages, examples) {
  if (!passages.length) return [];
  const most = Math.max(...passages.map((one) => Math.abs(one.share)));
  const rows = passages.map((one) => {
    const side = one.share < 0 ? "against" : "for";
    const name = `${one.number}. ${speaks(one)}`;
    const go = button(name, () => goTo(one.number));
    const share = make("span", "number", signed(one.share));
    const line = make("li", side, go, bar(one.share / (most || 1)), share);
    if (one.match !== undefined) line.append(likeness(one, examples[one.match]));
    return line;
  });
  return [make("h3", "", "Why"), make("ul", "why", ...rows)];
}

function likeness(passage, example) {
  const told = `Like ${example.id} (cosine ${passage.similarity.toFixed(2)})`;
  const quote = make("blockquote", "text", example.text);
  quote.dir = "auto";
  return make("details", "", make("summary", "", told), quote);
}

function goTo(number) {
  const anchor = byId(`passage-${number}`);
  anchor?.scrollIntoView({ block: "center" });
  anchor?.focus({ preventScroll: true });
}

async function fill(index) {
  const one = data.documents[index];
  byId("document-heading").textContent = one.id;
  byId("decision").replaceChildren(...decision(one));
  if (!canUnpack) {
    byId("text").textContent = CANNOT_UNPACK;
    return;
  }
  const [detail, examples] = await Promise.all([details(index), matches()]);
  if (opened?.index !== index) return; // another was opened meanwhile
  const passages = detail.passages.map((passage, i) => ({ ...passage, number: i + 1 }));
  byId("why").replaceChildren(...why(passages, examples));
  byId("text").replaceChildren(...markedText(detail, passages, wanted.words));
}

async function open(index, list) {
  opened = { index, list };
  const at = list.indexOf(index);
  byId("former").disabled = at <= 0;
  byId("next").disabled = at < 0 || at === list.length - 1;
  byId("document-place").textContent = `${whole(at + 1)} of ${whole(list.length)}`;
  byId("why").replaceChildren();
  byId("text").replaceChildren();
  if (!panel.open) panel.showModal();
  panel.scrollTop = 0;
  await fill(index);
}

// On to the next one, with the focus kept on a button that can still be used.
function step(by) {
  const { index, list } = opened;
  open(list[list.indexOf(index) + by], list);
  if (document.activeElement === document.body) byId("document-heading").focus();
}

function startPanel() {
  byId("former").addEventListener("click", () => step(-1));
  byId("next").addEventListener("click", () => step(1));
  byId("close").addEventListener("click", () => panel.close());
  panel.addEventListener("click", (event) => {
    if (event.target === panel) panel.close(); // the backdrop
  });
}
