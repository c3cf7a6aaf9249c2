"""A classifier of three kinds of paper, and papers to join."""

import pytest

from longshot import DocumentEmbedder, LongshotClassifier, read_examples
from longshot.machine.locations import example_folder

LEASE = (
    "LEASE OF A SHOP\n\nThis lease is made between the landlord and the tenant of the "
    "shop in Chandlers Row. The tenant shall pay the rent on the first of a month.",
    "4. Repairs. The tenant keeps the shop in good repair, and yields it up so at the "
    "end of the term. The landlord insures the building against fire.",
    "9. Ending. Either party may end the lease by three months' notice, in writing. "
    "Signed by the landlord and the tenant.",
)
MINUTES = (
    "MINUTES OF THE ALLOTMENT SOCIETY\n\nPresent: twelve members. Apologies: two. The "
    "chair opened the meeting at seven, and the last minutes were agreed.",
    "5. Treasurer. The accounts were received; the balance is 412 pounds. It was "
    "resolved to buy a water butt. The meeting closed at nine.",
)
REPORT = (
    "INCIDENT REPORT\n\nOn 4 March a crane dropped a pallet by the quay. Nobody was "
    "hurt. The operator stopped at once and told the safety officer.",
    "Cause: the sling was worn and had not been seen for a year. Action: slings are "
    "checked every month from now on.",
)
OTHER_MINUTES = (
    "MINUTES OF THE PARISH COUNCIL\n\nPresent: nine councillors. The clerk read the "
    "correspondence. The footpath by the mill was discussed, and it was resolved to "
    "write to the county.",
)


KINDS = ("incident-report", "lease", "meeting-minutes")
_PAGE_CHARACTERS = 3_000


@pytest.fixture(scope="session")
def papers() -> dict[str, list[str]]:
    """Give the bundled examples of three kinds, three of each, as texts."""
    folder = example_folder()
    assert folder is not None
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for one in read_examples(str(folder / "labelled")):
        if one.label in found:
            found[one.label].append(one.document.text)
    return found


@pytest.fixture(scope="session")
def taught(papers: dict[str, list[str]]) -> LongshotClassifier:
    """Learn from two of each kind."""
    pairs = [(text, kind) for kind, texts in papers.items() for text in texts[:2]]
    embedder = DocumentEmbedder(cache=None)
    return LongshotClassifier(embedder=embedder, verbose=False).fit(
        [text for text, _ in pairs], [kind for _, kind in pairs]
    )


def pages_of(text: str) -> list[str]:
    """Cut a text into pages, at the ends of lines."""
    pages = [""]
    for line in text.splitlines(keepends=True):
        if len(pages[-1]) + len(line) > _PAGE_CHARACTERS:
            pages.append("")
        pages[-1] += line
    return pages


@pytest.fixture(scope="session")
def classifier() -> LongshotClassifier:
    """Learn from whole documents and from the labels' names."""
    texts = ["\n\n".join(one) for one in (LEASE, MINUTES, REPORT)]
    labels = ["lease", "minutes", "incident report"]
    embedder = DocumentEmbedder(cache=None)
    return LongshotClassifier(embedder=embedder, verbose=False).fit(
        texts, labels, descriptions=labels
    )
