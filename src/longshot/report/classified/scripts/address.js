// Every document has an address: the page's own with `#document=` and its name. Opening
// one goes forward in the browser's history, so that Back closes it and stays in the
// page; going on from one to the next replaces the address.

const MARK = "#document=";
const TITLE = document.title;

// The document that the address names; null where it names none that is here.
function addressed() {
  if (!location.hash.startsWith(MARK)) return null;
  try {
    return numberOf.get(decodeURIComponent(location.hash.slice(MARK.length))) ?? null;
  } catch {
    return null; // half an escape
  }
}

const addressOf = (index) => MARK + encodeURIComponent(documents[index].id);

// Some places that show a page, such as previews, allow no change of its address.
function go(how, address, state = null) {
  try {
    history[how](state, "", address);
  } catch {
    // then there is only the page
  }
}

const bare = () => location.pathname + location.search;

function open(index, list = shown) {
  go(panel.open ? "replaceState" : "pushState", addressOf(index), { opened: true });
  document.title = `${documents[index].id} – ${TITLE}`;
  return reveal(index, list);
}

function close() {
  if (!panel.open) return;
  if (history.state?.opened) history.back(); // which hides it
  else {
    go("replaceState", bare());
    hide();
  }
}

function hide() {
  const { index } = opened;
  opened = null;
  document.title = TITLE;
  panel.close();
  refresh({ around: index });
}

// On to another one of the list, with the focus kept on what can still be used.
function step(by) {
  const { index, list } = opened;
  const next = list[list.indexOf(index) + by];
  if (next === undefined) return;
  open(next, list);
  if (document.activeElement === document.body) byId("document-heading").focus();
}

// Follows the address: at the start, after Back and Forward, and after a link.
function follow() {
  const index = addressed();
  if (index === null) {
    if (panel.open) hide();
  } else if (opened?.index !== index) {
    document.title = `${documents[index].id} – ${TITLE}`;
    reveal(index, opened?.list ?? shown);
  }
}

// A page that is opened at a document gets the list beneath it, for Back to lead to.
function startAddress() {
  const index = addressed();
  if (index !== null && !history.state?.opened) {
    const address = location.hash;
    go("replaceState", bare());
    go("pushState", address, { opened: true });
  }
  addEventListener("popstate", follow);
  follow();
}
