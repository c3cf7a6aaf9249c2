// Labels to a file, as a table that longshot reads: id, label, who labelled it, a note;
// of a section, the file that it lies in, and its characters there.

const COLUMNS = ["id", "label", "labelled_by", "note"];
const PLACE = ["file", "start", "end"];
const quoted = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

function tableOf(indices) {
  const rows = indices.map((index) => [
    documents[index].id,
    labelsOf(index).map(labelName).join(";"),
    judged.has(index) ? "person" : "longshot",
    notes.get(index) ?? "",
    ...(data.sections[documents[index].id] ?? []).map(String),
  ]);
  const columns = Object.keys(data.sections).length ? [...COLUMNS, ...PLACE] : COLUMNS;
  return [columns, ...rows].map((row) => `${row.map(quoted).join(",")}\n`).join("");
}

function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const link = make("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

// Only what a person decided: the others would teach the classifier its own mistakes.
function saveCorrections() {
  const indices = [...judged.keys()].sort((a, b) => a - b);
  if (!indices.length) {
    say("Nothing to save yet: no label was checked or changed.");
    return;
  }
  download("corrections.csv", tableOf(indices));
  keep(true);
  drawProgress();
  say(`Saved ${counted(indices.length, "label")} as corrections.csv.`);
}

function saveAll() {
  download("all-labels.csv", tableOf([...documents.keys()]));
  say(`Saved ${counted(documents.length, "label")} as all-labels.csv.`);
}

// How far a person has come, and whether that is in a file.
function drawProgress() {
  const [done, all] = [judged.size, documents.length];
  const nChanged = [...judged.keys()].filter(isChanged).length;
  byId("progress").value = all ? done / all : 0;
  say(`${whole(done)} of ${whole(all)} checked${nChanged ? `, ${whole(nChanged)} changed` : ""}`);
  byId("save").firstChild.data = done ? `Save corrections (${whole(done)}) ` : "Save corrections ";
  byId("save").classList.toggle("waiting", done > 0 && !isSaved);
  byId("save").disabled = !done;
}

function say(text) {
  byId("checked").textContent = text;
}

function startSaving() {
  byId("save").addEventListener("click", saveCorrections);
  byId("save-all").addEventListener("click", saveAll);
  addEventListener("beforeunload", (event) => {
    if (!isKept && !isSaved) event.preventDefault();
  });
}
