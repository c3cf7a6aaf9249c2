"""Documents as pages: read once with a model, and kept."""

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from jaxtyping import Int

from benchmarks.suite.sets import embedder_of
from longshot import Document
from longshot.classify import (
    DocumentFeatures,
    Layout,
    background_texts,
    extract,
    read_names,
    readable,
)
from longshot.packets.units import UnitKind, units_of
from longshot.packets.vectors import joined_vectors
from longshot.records import PageStart

PAGE_CHARACTERS = 3_000
"""Of a page that is simulated, about: a page of A4 in 11 points."""

MOST_PAGES = 25
LEAST_PER_CLASS = 4


Reader = Callable[[Sequence[str]], DocumentFeatures]


@dataclass(frozen=True, kw_only=True, slots=True)
class PagedSet:
    """A set whose documents are joined.

    Attributes
    ----------
    name
        Of its file.
    held_back
        Whether it is reported on, and pages are not learned from it.
    asked
        Whether passages are not learned from it either: what is asked for is measured
        on these.
    tokens
        About how many are read, in thousands.
    most_classes
        How many classes are drawn for a packet at most.
    """

    name: str
    held_back: bool = False
    asked: bool = False
    tokens: int = 200

    def is_learned_from(self, kind: UnitKind) -> bool:
        """Tell whether weights for units of a kind are fitted on it."""
        return not (self.held_back if kind == "page" else self.asked)


SETS = (
    PagedSet(name="bbc", tokens=120),
    PagedSet(name="r8", tokens=60),
    PagedSet(name="movie", tokens=120),
    PagedSet(name="kernel", held_back=True),
    PagedSet(name="python", held_back=True),
    PagedSet(name="sotu_party", tokens=250),
    PagedSet(name="bible"),
    PagedSet(name="manpages"),
    PagedSet(name="perl"),
    PagedSet(name="authors", held_back=True),
    PagedSet(name="anarchism", held_back=True),
    PagedSet(name="ng20", held_back=True, tokens=120),
    PagedSet(name="bundled", held_back=True, asked=True),
    PagedSet(name="cuad", held_back=True, asked=True, tokens=600),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class ReadPages:
    """A set as a model read it, page by page.

    Attributes
    ----------
    name, kind
        Of the set, and what its documents are cut into.
    documents, labels, classes
        Each document as a whole, and its class.
    texts, units, unit_texts, first_unit
        Their texts, all their units, and where each document's begin; one more than
        documents.
    names
        The classes' names, read as longshot does.
    layout, background, reader
        How vectors are read, neutral texts, and what reads others.
    """

    name: str
    kind: UnitKind
    layout: Layout
    documents: DocumentFeatures
    labels: Int[np.ndarray, " document"]
    classes: np.ndarray
    units: DocumentFeatures
    unit_texts: tuple[str, ...]
    first_unit: Int[np.ndarray, " boundary"]
    names: DocumentFeatures
    background: DocumentFeatures
    texts: tuple[str, ...]
    reader: Reader

    @cached_property
    def _row_of(self) -> dict[str, int]:
        return {text: row for row, text in enumerate(self.unit_texts)}

    def features_of(self, texts: Sequence[str]) -> DocumentFeatures:
        """Give the features of units; those that no document has are read now."""
        known = [self._row_of[text] for text in texts if text in self._row_of]
        new = [text for text in texts if text not in self._row_of]
        parts = [self.units.take(np.array(known, dtype=np.int64))]
        parts += [self.reader(new)] if new else []
        is_new = np.array([text not in self._row_of for text in texts])
        places = np.argsort(np.argsort(is_new, kind="stable"))
        return DocumentFeatures.concat(parts).take(places)

    def units_of(self, document: int) -> range:
        """Give the units of a document."""
        return range(self.first_unit[document], self.first_unit[document + 1])


def read_pages(
    one: PagedSet,
    model: str,
    kind: UnitKind,
    data: Sequence[Path],
    kept: Path,
    mpnet: Path,
) -> ReadPages | None:
    """Read a set's documents page by page, or what was kept of it."""
    rows = _drawn(one, data)
    if not rows:
        return None
    kept.mkdir(parents=True, exist_ok=True)
    texts = [row["text"] for row in rows]
    embedder = embedder_of(model, mpnet, "bfloat16")
    units = [_units(text, kind) for text in texts]
    flat = [text for of_document in units for text in of_document]
    digest = hashlib.blake2b("\f\f".join(flat).encode(), digest_size=6).hexdigest()
    stem = f"{one.name}.{model}.{kind}.{digest}"
    first = np.cumsum([0, *map(len, units)])
    paths = [kept / f"{stem}.{part}.safetensors" for part in ("units", "documents")]
    if not all(path.is_file() for path in paths):
        layout = Layout.of(embedder)
        vectors = list(embedder.vectors(flat))
        extract(zip(vectors, flat, strict=True), layout).save(paths[0])
        whole = (
            (joined_vectors(vectors[start:end], flat[start:end]), text)
            for start, end, text in zip(first, first[1:], texts, strict=False)
        )
        extract(whole, layout).save(paths[1])
        print(f"read {stem}: {len(texts):,} documents, {len(flat):,} units", flush=True)
    classes, labels = np.unique([row["label"] for row in rows], return_inverse=True)

    def read(sentences: Sequence[str]) -> DocumentFeatures:
        found = embedder.vectors(list(sentences))
        return extract(zip(found, sentences, strict=True), Layout.of(embedder))

    return ReadPages(
        name=one.name,
        kind=kind,
        layout=Layout.of(embedder),
        background=read(background_texts()),
        reader=read,
        documents=DocumentFeatures.load(paths[1]),
        labels=labels,
        classes=classes,
        units=DocumentFeatures.load(paths[0]),
        texts=tuple(texts),
        unit_texts=tuple(flat),
        first_unit=first,
        names=read_names([(readable(name),) for name in classes.tolist()], read),
    )


def _units(text: str, kind: UnitKind) -> list[str]:
    """Cut a text as longshot would: into simulated pages, or passages."""
    pages = tuple(simulated_pages(text)) if kind == "page" else ()
    _, units = units_of(Document(id="", text=text, pages=pages))
    return [text[unit.start : unit.end] for unit in units]


def simulated_pages(text: str) -> Iterator[PageStart]:
    """Cut a text into pages of a length of its own, each at the end of a line."""
    digest = hashlib.blake2b(text.encode(), digest_size=4).digest()
    length = PAGE_CHARACTERS * (0.8 + 0.4 * int.from_bytes(digest, "big") / 2**32)
    start = number = 0
    while text[start:].strip():
        number += 1
        yield PageStart(number, start)
        most = start + int(length)
        if len(text) <= most:
            return
        least = most - PAGE_CHARACTERS // 4
        at = text.rfind("\n", least, most) + 1 or text.rfind(" ", least, most) + 1
        start = at or most


def _drawn(one: PagedSet, data: Sequence[Path]) -> list[dict[str, str]]:
    if one.name == "bundled":
        return _bundled()
    files = [path for at in data if (path := at / f"{one.name}.jsonl.gz").is_file()]
    if not files:
        return []
    with gzip.open(files[0], "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    most = MOST_PAGES * PAGE_CHARACTERS
    rows = [row for row in rows if 200 < len(row["text"].strip()) <= most]
    left = 4_000 * one.tokens
    drawn: list[dict[str, str]] = []
    for place in np.random.default_rng(0).permutation(len(rows)):
        left -= len(rows[place]["text"])
        if left < 0:
            break
        drawn.append(rows[place])
    counts = Counter(row["label"] for row in drawn)
    texts = {r["text"]: r for r in drawn if counts[r["label"]] >= LEAST_PER_CLASS}
    return list(texts.values())


def _bundled() -> list[dict[str, str]]:
    """Read the papers that come with longshot, by their true labels."""
    from longshot.machine.locations import example_folder
    from longshot.reading import read_documents, read_examples
    from longshot.reading.sources.labelled import read_labels

    folder = example_folder()
    assert folder is not None
    truth = read_labels(
        folder / "truth.csv", label_column="label", id_column="id", argument="truth"
    )
    rows = [
        {"text": one.document.text, "label": one.label}
        for one in read_examples(str(folder / "labelled"))
    ]
    pile = read_documents(str(folder / "pile"))
    return rows + [{"text": one.text, "label": truth[one.id]} for one in pile]
