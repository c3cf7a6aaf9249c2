"""Packets: documents of one set, joined, with what is known of their classes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from benchmarks.packets.pages import ReadPages
from longshot.classify import DocumentFeatures
from longshot.classify.labels.parsing import support_of_features
from longshot.classify.models.views import ViewsModel
from longshot.packets.cues import KnownDocuments, cues_of
from longshot.packets.lengths import Lengths
from longshot.packets.units import units_of
from longshot.packets.weights import LEAST_PROBABILITY
from longshot.records import Document

N_DOCUMENTS = (3, 8)
"""Of a packet, at least and at most."""

_PAGE_LENGTHS = (0.72, 0.45)
"""Median and log standard deviation of the part of a full page that is text. Of four
real PDFs of 6 to 261 pages, a tenth of the pages have less than 0.34 to 0.68 of the
median's characters, a tenth more than 1.35: tables, pictures and chapters' ends."""

_SEPARATORS, _SHARES = ("\n", "\n\n", "\n\n\n"), (0.3, 0.55, 0.15)
"""Between texts that are joined: programs that put files together write one line end,
people who paste them one empty line or two."""

_SHARE_OF_THREADS = 0.15
_MAIL_HEADS = (
    "From: {0}\nSent: {2} May 2024 10:12\nTo: {1}\nSubject: {3}",
    "-----Original Message-----\nFrom: {0}\nTo: {1}\nSubject: {3}",
    "From: {0} <{0}@example.org>\nDate: Mon, {2} May 2024 10:12:00 +0200\nSubject: {3}",
    "On {2} May 2024 at 10:12, {0} wrote:",
)
_PEOPLE = ("Ann Pole", "Ben Marsh", "Cleo Wight", "Dan Holt")

_NUMBERS = ("{}", "- {} -", "Page {}", "Page {} of {}")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Packet:
    """A file of several documents, and what a classifier says of its units.

    Attributes
    ----------
    begins, labels
        The truth: whether a document begins with each unit, and its class.
    cues, log_probabilities
        What longshot knows of each unit.
    units, lengths
        The units' features, and how long documents are.
    """

    begins: Bool[np.ndarray, " unit"]
    labels: Int[np.ndarray, " unit"]
    cues: Float[np.ndarray, "unit cue"]
    log_probabilities: Float[np.ndarray, "unit class"]
    units: DocumentFeatures
    lengths: Lengths | None
    model: ViewsModel


@dataclass(frozen=True, kw_only=True, slots=True)
class Draw:
    """How packets are drawn.

    Attributes
    ----------
    shots
        Examples of each class; 0 for their names alone.
    names
        Whether the names are known, too.
    most_classes
        Of the set's classes.
    n_packets
        Packets of one draw of examples.
    same
        The chance that a document has the class of the one before it, beyond what
        happens by itself.
    """

    shots: int = 2
    names: bool = True
    most_classes: int = 150
    n_packets: int = 4
    same: float = 0.0


def draw_packets(
    read: ReadPages, draw: Draw, random: np.random.Generator
) -> Iterator[Packet]:
    """Draw examples, learn from them, and join packets of other documents."""
    possible = np.flatnonzero(np.bincount(read.labels) >= draw.shots + 2)
    if len(possible) < 2:
        return
    classes = np.sort(random.permutation(possible)[: draw.most_classes])
    examples, others = [], []
    for one in classes:
        members = random.permutation(np.flatnonzero(read.labels == one))
        examples += members[: draw.shots].tolist()
        others.append(members[draw.shots :])
    model, known = _learned(read, classes, examples, draw)
    for _ in range(draw.n_packets):
        documents = _documents(others, draw, random)
        yield _joined(read, documents, classes, model, known, random)


def _learned(
    read: ReadPages, classes: Int[np.ndarray, " class"], examples: list[int], draw: Draw
) -> tuple[ViewsModel, KnownDocuments]:
    names = read.names.take(classes) if draw.names or not draw.shots else None
    rows = np.array(examples, dtype=np.int64)
    labels = read.classes[read.labels[rows]]
    support = support_of_features(
        read.documents.take(rows), labels, dict.fromkeys(read.classes[classes].tolist())
    )
    model = ViewsModel.fit(
        support, names, read.layout, background=lambda: read.background, unknown=None
    )
    of_examples = support.features if draw.shots else None
    return model, KnownDocuments(examples=of_examples, names=names)


def _documents(
    others: Sequence[np.ndarray], draw: Draw, random: np.random.Generator
) -> list[int]:
    """Draw documents, each class as often, none twice."""
    n = int(random.integers(N_DOCUMENTS[0], N_DOCUMENTS[1] + 1))
    found: list[int] = []
    last = -1
    for _ in range(50):
        if len(found) == n:
            break
        again = last >= 0 and random.random() < draw.same
        place = last if again else int(random.integers(len(others)))
        one = int(random.choice(others[place]))
        if one not in found:
            found.append(one)
            last = place
    return found


def _joined(
    read: ReadPages,
    documents: Sequence[int],
    classes: Int[np.ndarray, " class"],
    model: ViewsModel,
    known: KnownDocuments,
    random: np.random.Generator,
) -> Packet:
    index_of = np.full(len(read.classes), -1)
    index_of[classes] = np.arange(len(classes))
    of_documents = index_of[read.labels[np.array(documents)]]
    if read.kind == "page":
        units = [list(read.units_of(one)) for one in documents]
        pages = [[read.unit_texts[row] for row in of_one] for of_one in units]
        texts = [page for of_one in with_furniture(pages, random) for page in of_one]
        features = read.units.take(np.concatenate(units))
        firsts = np.cumsum([0, *map(len, units)])[:-1]
    else:
        texts, firsts = joined_passages([read.texts[one] for one in documents], random)
        features = read.features_of(texts)
    begins = np.isin(np.arange(len(texts)), firsts)
    last_of_first = dict(zip(firsts.tolist(), of_documents.tolist(), strict=True))
    labels = np.array([last_of_first[first] for first in np.flatnonzero(begins)])
    probabilities = model.decide(features, pile=False).probabilities
    return Packet(
        begins=begins,
        labels=labels[np.cumsum(begins) - 1],
        cues=cues_of(texts, features, known, read.kind),
        log_probabilities=np.log(np.maximum(probabilities, LEAST_PROBABILITY)),
        units=features,
        lengths=known.lengths(features),
        model=model,
    )


def joined_passages(
    documents: Sequence[str], random: np.random.Generator
) -> tuple[list[str], Int[np.ndarray, " document"]]:
    """Join texts to one, and cut it as longshot does.

    Returns
    -------
    texts
        Of the passages.
    firsts
        The passage that begins nearest to where each document does. What is shorter
        than a passage may share it with the next document.
    """
    between = str(random.choice(_SEPARATORS, p=_SHARES))
    stripped = [text.strip() for text in documents]
    if random.random() < _SHARE_OF_THREADS:
        stripped = as_mails(stripped, random)
    joined = between.join(stripped)
    _, units = units_of(Document(id="", text=joined), "passage")
    lengths = np.array([len(text) + len(between) for text in stripped])
    starts = np.array([unit.start for unit in units])
    of_documents = np.cumsum([0, *lengths[:-1]])
    firsts = np.abs(starts[None] - of_documents[:, None]).argmin(axis=1)
    return [joined[unit.start : unit.end] for unit in units], firsts


def as_mails(documents: Sequence[str], random: np.random.Generator) -> list[str]:
    """Give each text the headers that programs write above a mail in a thread."""
    form = str(random.choice(_MAIL_HEADS))
    found = []
    for text in documents:
        sender, reader = random.choice(_PEOPLE, size=2, replace=False)
        day = int(random.integers(1, 29))
        head = form.format(sender, reader, day, text.split("\n", 1)[0][:60])
        found.append(f"{head}\n\n{text}")
    return found


def with_furniture(
    documents: list[list[str]], random: np.random.Generator
) -> list[list[str]]:
    """Put page numbers and running heads on pages, as files have them or not.

    Pages are shortened as in real files, from their middle, so that their heads and
    feet stay. Half of the packets have no furniture. In the others each document may
    have its own numbers, in its own form, and its own head; one packet in ten is
    numbered through as a whole.
    """
    documents = [[_shortened(page, random) for page in pages] for pages in documents]
    if random.random() < 0.5:
        return documents
    through = random.random() < 0.2
    found, n_before = [], int(random.integers(0, 300))
    for pages in documents:
        form = "{}" if through else str(random.choice(_NUMBERS))
        numbered = through or random.random() < 0.6
        head = pages[0].strip()[:40] if random.random() < 0.3 else ""
        made = []
        for number, page in enumerate(pages, start=1):
            shown = n_before + number if through else number
            foot = form.format(shown, len(pages)) if numbered else ""
            made.append("\n".join(filter(None, [head, page.strip(), foot])))
        found.append(made)
        n_before += len(pages)
    return found


def _shortened(page: str, random: np.random.Generator) -> str:
    middle, spread = _PAGE_LENGTHS
    share = min(1.0, middle * float(np.exp(random.normal(0.0, spread))))
    half = int(share * len(page) / 2)
    return page if share == 1.0 else page[:half] + page[len(page) - half :]
