"""The sets of the suite: where each comes from, and what is read of it.

A set is a file ``NAME.jsonl.gz`` whose lines hold ``text`` and ``label``, in one of the
folders that are named with ``--data``: public sets (docs/benchmarks.md names their
sources), those that ``benchmarks.data.other_sets`` makes, and the long ones that
``benchmarks.suite.long_sets`` makes. None of them is part of this project.

Eight sets were left alone while the model of evidence was chosen: they are marked as
held back.
"""

import gzip
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from jaxtyping import Int

from longshot import Document, DocumentEmbedder, Recipe
from longshot.classify import (
    DocumentFeatures,
    Layout,
    background_texts,
    extract,
    read_names,
    readable,
)
from longshot.recipe import PrecisionSetting

LEAST_DOCUMENTS = 4
"""Of a class."""

_ELSEWHERE = "oos"
_WORD_TOKENS = 1.3
_WINDOW_TOKENS = 510


@dataclass(frozen=True, kw_only=True, slots=True)
class Suite:
    """One set, and how much of it is read.

    Attributes
    ----------
    name
        Of its file.
    held_back
        Whether it was left alone while the model was chosen.
    source
        What it is left out together with: sets of one source are one.
    tokens
        About how many are read with each model, in thousands: documents are drawn until
        these are reached.
    windows
        How many windows of a document are read at most; 0 for all.
    """

    name: str
    held_back: bool = False
    source: str = ""
    tokens: tuple[int, int] = (1_200, 300)
    windows: tuple[int, int] = (0, 0)


SETS = (
    Suite(name="trec"),
    Suite(name="bbc"),
    Suite(name="books"),
    Suite(name="pros_cons"),
    Suite(name="r52", source="reuters"),
    Suite(name="r8", source="reuters"),
    Suite(name="rotten"),
    Suite(name="ohsumed", tokens=(1_200, 150)),
    Suite(name="clinc150", tokens=(1_200, 150)),
    Suite(name="movie", tokens=(1_200, 150)),
    Suite(name="cuad", tokens=(1_200, 250), windows=(5, 3)),
    Suite(name="manpages", tokens=(400, 120), windows=(4, 3)),
    Suite(name="bible", tokens=(400, 120), windows=(4, 3)),
    Suite(name="perl", tokens=(400, 120), windows=(4, 3)),
    Suite(name="sotu_party", tokens=(400, 120), windows=(4, 3)),
    Suite(name="subjectivity", held_back=True),
    Suite(name="party", held_back=True),
    Suite(name="hwu64", held_back=True),
    Suite(name="ng20", held_back=True, tokens=(1_200, 120), windows=(0, 3)),
    Suite(name="authors", held_back=True, tokens=(350, 120), windows=(4, 3)),
    Suite(name="kernel", held_back=True, tokens=(350, 120), windows=(4, 3)),
    Suite(name="anarchism", held_back=True, tokens=(350, 120), windows=(4, 3)),
    Suite(name="python", held_back=True, tokens=(350, 120), windows=(4, 3)),
)
MODELS = ("minilm", "mpnet")
_MOST_DOCUMENTS = 7_500

TOLD = {
    "movie": {
        "neg": "negative review, a bad film",
        "pos": "positive review, a great film",
    }
}
"""Names of labels that are no words."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ReadSet:
    """A set as one model read it.

    Attributes
    ----------
    suite, model
        Which set, and which model.
    texts
        The documents.
    documents, labels
        What was read, and each document's class as an index into `classes`.
    classes
        The labels, sorted.
    class_names
        What stands for each class.
    names, bare_names
        The classes' names, read as longshot does, and each by itself.
    background
        Neutral texts.
    """

    suite: Suite
    model: str
    texts: tuple[str, ...]
    documents: DocumentFeatures
    labels: Int[np.ndarray, " document"]
    classes: np.ndarray
    class_names: tuple[str, ...]
    names: DocumentFeatures
    bare_names: DocumentFeatures
    background: DocumentFeatures

    @property
    def source(self) -> str:
        """What it is left out together with."""
        return self.suite.source or self.suite.name

    @property
    def most_windows(self) -> int | None:
        """How many windows of a document were read at most; None for all."""
        return self.suite.windows[MODELS.index(self.model)] or None

    @cached_property
    def counts(self) -> Int[np.ndarray, " class"]:
        """How many documents each class has."""
        return np.bincount(self.labels, minlength=len(self.classes))


def read_set(
    suite: Suite, model: str, data: Sequence[Path], kept: Path, mpnet: Path
) -> ReadSet | None:
    """Read a set, or what was kept of it; None where its file is not at hand.

    Parameters
    ----------
    suite, model
        The set and the model.
    data
        Folders of sets.
    kept
        A folder for what was read.
    mpnet
        The folder of the model all-mpnet-base-v2.
    """
    files = [path for one in data if (path := one / f"{suite.name}.jsonl.gz").is_file()]
    if not files:
        return None
    which = MODELS.index(model)
    rows = drawn_rows(files[0], 1_000 * suite.tokens[which], suite.windows[which])
    texts = tuple(row["text"] for row in rows)
    embedder = embedder_of(model, mpnet, "bfloat16")
    kept.mkdir(parents=True, exist_ok=True)
    documents = _kept(
        kept / f"{suite.name}.{model}.safetensors",
        texts,
        embedder,
        suite.windows[which] or None,
    )
    in_sentences, bare = (
        partial(_kept, kept / f"{suite.name}.{model}.{kind}.safetensors")
        for kind in ("names", "bare_names")
    )
    classes, labels = np.unique([row["label"] for row in rows], return_inverse=True)
    told = TOLD.get(suite.name, {})
    names = tuple(told.get(one, readable(one)) for one in classes.tolist())
    return ReadSet(
        suite=suite,
        model=model,
        texts=texts,
        documents=documents,
        labels=labels,
        classes=classes,
        class_names=names,
        names=read_names(
            [(name,) for name in names], partial(in_sentences, embedder=embedder)
        ),
        bare_names=bare(names, embedder),
        background=_kept(
            kept / f"background.{model}.safetensors", background_texts(), embedder
        ),
    )


def embedder_of(
    model: str, mpnet: Path, precision: PrecisionSetting = "float32"
) -> DocumentEmbedder:
    """Give what reads texts with one of the models; nothing is cached."""
    name = model if model == "minilm" else str(mpnet)
    return DocumentEmbedder(Recipe(model=name, precision=precision), cache=None)


def drawn_rows(path: Path, n_tokens: int, windows: int) -> list[dict[str, str]]:
    """Draw documents until so many tokens are reached; each text once."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    rows = [row for row in rows if row["text"].strip()]
    drawn: list[dict[str, str]] = []
    n_drawn = 0.0
    for place in np.random.default_rng(0).permutation(len(rows)):
        length = len(rows[place]["text"].split()) * _WORD_TOKENS
        length = min(length, windows * _WINDOW_TOKENS) if windows else length
        if (n_drawn + length > n_tokens and len(drawn) > 100) or (
            len(drawn) >= _MOST_DOCUMENTS
        ):
            break
        n_drawn += length
        drawn.append(rows[place])
    counts = Counter(row["label"] for row in drawn)
    texts: dict[str, dict[str, str]] = {}
    for row in drawn:
        if row["label"] != _ELSEWHERE and counts[row["label"]] >= LEAST_DOCUMENTS:
            texts.setdefault(row["text"], row)
    return list(texts.values())


def _kept(
    path: Path,
    texts: Sequence[str],
    embedder: DocumentEmbedder,
    windows: int | None = None,
) -> DocumentFeatures:
    if path.is_file():
        return DocumentFeatures.load(path)
    documents = [Document(id=str(i), text=text) for i, text in enumerate(texts)]
    vectors = embedder.vectors(documents, most_windows=windows)
    found = extract(zip(vectors, texts, strict=True), Layout.of(embedder))
    found.save(path)
    print(f"read {path.stem}: {len(found):,} documents", flush=True)
    return found
