"""What it is worth that people mark passages and name phrases, on sets of the suite.

Answers are simulated by a judge that was trained on every label of a set, so that they
are as good as answers can be:

- ``decides``: of each example, the passage that speaks most for its label.
- ``phrases``: for each label, the three words that speak most for it, and against it.
- ``boilerplate``: the passages that stand in most documents of several labels; and a
  letterhead that was put over texts at random, where a set has no such passages.

Each way to use them is measured on the same draws, with 1, 2 and 4 examples per label,
alone and with the pile; beside the passage that decides stands one that was drawn
blindly, and one more example of each label.

    python -m benchmarks.labels.marks decides --data FOLDER --mpnet FOLDER --kept FOLDER
"""

import argparse
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
from jaxtyping import Int
from scipy.special import log_softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.suite.places import Places
from benchmarks.suite.sets import ReadSet
from longshot import Document, DocumentEmbedder, LongshotClassifier
from longshot.classify import DocumentFeatures, Layout, extract
from longshot.classify.scorers.phrases import PhraseScorer
from longshot.similarity import unit

SHOTS = (1, 2, 4)
N_DRAWS = 4
N_JUDGED = 600
N_CLASSES = 20
N_PHRASES = 3
LONG_SETS = ("bbc", "ohsumed", "movie", "cuad", "manpages", "bible", "perl")
SETS = {
    "decides": (*LONG_SETS, "sotu_party"),
    "phrases": (*LONG_SETS, "trec", "r52", "books"),
    "boilerplate": ("cuad", "manpages", "perl", "sotu_party", "bbc", "ohsumed"),
}
WEIGHTS = (0.5, 1.0, 2.0)
N_MARKED = 5
_LEAST_CHARACTERS = 40
_LEAST_DOCUMENTS = 5
_PASSAGE = re.compile(r"\n\s*\n|(?<=[.!?])\s+(?=[A-Z])")
LETTERHEADS = (
    "Northern Light Reading Service. Forwarded for information only; the sender does "
    "not answer for its content. If you received this by mistake, delete all copies "
    "and tell the office at once. Reference and date are on the cover sheet.",
    "This page was saved from the archive. All rights reserved. Reproduction of any "
    "part needs the written consent of the owner. Subscribe to our newsletter, follow "
    "us, or write to the editors for corrections and clarifications.",
    "PRINTED COPY. Please consider the environment before you print again. Page 1 of "
    "2. Document number and version are kept by records management; a printed copy is "
    "not controlled. Opening hours: Monday to Friday, nine to five.",
)

Answer = Callable[["Draw"], "Marked"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Draw:
    """Some labels of a set, examples of each, and documents to decide about."""

    read: ReadSet
    embedder: DocumentEmbedder
    chosen: Int[np.ndarray, " class"]
    examples: Int[np.ndarray, " example"]
    further: Int[np.ndarray, " example"]
    judged: Int[np.ndarray, " document"]
    random: np.random.Generator

    @classmethod
    def of(
        cls, read: ReadSet, embedder: DocumentEmbedder, shots: int, seed: int
    ) -> "Draw":
        """Draw them."""
        random = np.random.default_rng([seed, shots])
        possible = np.flatnonzero(read.counts > max(SHOTS) + 1)
        chosen = np.sort(random.permutation(possible)[:N_CLASSES])
        members = [
            random.permutation(np.flatnonzero(read.labels == one)) for one in chosen
        ]
        rest = np.concatenate([one[max(SHOTS) + 1 :] for one in members])
        return cls(
            read=read,
            embedder=embedder,
            chosen=chosen,
            examples=np.concatenate([one[:shots] for one in members]),
            further=np.concatenate([one[: shots + 1] for one in members]),
            judged=random.permutation(rest)[:N_JUDGED],
            random=random,
        )

    @property
    def names(self) -> dict[str, str | None]:
        """The labels, and what stands for each."""
        return {
            self.read.classes[one]: self.read.class_names[one] for one in self.chosen
        }

    def labels(self, rows: Int[np.ndarray, " row"]) -> list[str]:
        """Give the true labels of documents."""
        return list(self.read.classes[self.read.labels[rows]].tolist())


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Marked:
    """What a way to use marks comes to: what is learned from, and decided about."""

    examples: DocumentFeatures
    labels: list[str]
    judged: DocumentFeatures
    names: dict[str, str | None]
    added: np.ndarray | None = None

    @classmethod
    def none(cls, draw: Draw) -> "Marked":
        """Leave marks out."""
        return cls(
            examples=draw.read.documents.take(draw.examples),
            labels=draw.labels(draw.examples),
            judged=draw.read.documents.take(draw.judged),
            names=draw.names,
        )

    def shares_right(self, draw: Draw) -> list[float]:
        """Decide alone and with the pile, and give the shares that are right."""
        classifier = LongshotClassifier(embedder=draw.embedder)
        classifier.fit_features(self.examples, self.labels, self.names)
        truth, found = np.array(draw.labels(draw.judged)), []
        for pile in (False, True):
            sure = classifier.predict_proba_features(self.judged, pile=pile)
            scores = np.log(np.maximum(sure, 1e-12))
            if self.added is not None:
                scores = log_softmax(scores + self.added, axis=1)
            decided = np.asarray(classifier.classes_)[scores.argmax(axis=1)]
            found.append(float((decided == truth).mean()))
        return found


class Passages:
    """Marks the passage of an example that decides, as one who knows the labels.

    Parameters
    ----------
    read, embedder
        A set, and what read it.
    """

    def __init__(self, read: ReadSet, embedder: DocumentEmbedder) -> None:
        self._read, self._embedder = read, embedder
        self._centre = read.documents.last.mean(axis=0)
        rows = unit(read.documents.last - self._centre)
        self._judge = LogisticRegression(C=10, max_iter=300).fit(rows, read.labels)
        self._marks: dict[int, _Marks] = {}
        self._features: dict[str, DocumentFeatures] = {}

    def ways(self) -> dict[str, Answer]:
        """Give the ways to use marks, by name."""
        return {
            "no marks": Marked.none,
            "as an example": lambda draw: self._as_examples(draw, blind=False),
            "averaged": lambda draw: self._averaged(draw, blind=False),
            "in its place": self._in_place,
            "blind: as an example": lambda draw: self._as_examples(draw, blind=True),
            "blind: averaged": lambda draw: self._averaged(draw, blind=True),
            "one more label": self._further,
        }

    def _further(self, draw: Draw) -> Marked:
        return replace(
            Marked.none(draw),
            examples=self._read.documents.take(draw.further),
            labels=draw.labels(draw.further),
        )

    def _as_examples(self, draw: Draw, *, blind: bool) -> Marked:
        plain = Marked.none(draw)
        passages = self._of(draw, blind=blind)
        return replace(
            plain,
            examples=DocumentFeatures.concat([plain.examples, passages]),
            labels=plain.labels * 2,
        )

    def _averaged(self, draw: Draw, *, blind: bool) -> Marked:
        plain = Marked.none(draw)
        passages = self._of(draw, blind=blind)
        return replace(plain, examples=plain.examples.averaged([passages]))

    def _in_place(self, draw: Draw) -> Marked:
        """Let the passage weigh as much as the whole, as it was read in its place."""
        plain = Marked.none(draw)
        whole = plain.examples
        spans = [self._marked(row).span for row in draw.examples.tolist()]
        moved = (np.stack(spans) - whole.last) / 2
        examples = replace(
            whole,
            vectors=whole.vectors + moved,
            layers=whole.layers + moved[:, None],
        )
        return replace(plain, examples=examples)

    def _of(self, draw: Draw, *, blind: bool) -> DocumentFeatures:
        marked = [self._marked(row) for row in draw.examples.tolist()]
        texts = [one.blind if blind else one.best for one in marked]
        if new := sorted({one for one in texts if one not in self._features}):
            read = self._embedder.vectors(new)
            found = extract(zip(read, new, strict=True), Layout.of(self._embedder))
            for place, text in enumerate(new):
                self._features[text] = found.take(np.array([place]))
        return DocumentFeatures.concat([self._features[one] for one in texts])

    def _marked(self, row: int) -> "_Marks":
        if row not in self._marks:
            self._marks[row] = self._judged(row)
        return self._marks[row]

    def _judged(self, row: int) -> "_Marks":
        text = self._read.texts[row]
        document = Document(id="one", text=text)
        (vectors,) = self._embedder.vectors(
            [document], most_windows=self._read.most_windows
        )
        spans = [span for window in vectors.windows for span in window.spans]
        rows = unit(vectors.span_vectors.astype(np.float32) - self._centre)
        sure = self._judge.predict_proba(rows)[:, self._read.labels[row]]
        drawn = int(np.random.default_rng(row).integers(len(spans)))
        best = int(sure.argmax())
        return _Marks(
            best=text[spans[best].start : spans[best].end],
            blind=text[spans[drawn].start : spans[drawn].end],
            span=vectors.span_vectors[best].astype(np.float32),
        )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Marks:
    """The passage of an example that decides, its span, and one that was drawn."""

    best: str
    blind: str
    span: np.ndarray


class Phrases:
    """Names the words that speak for and against each label, as one who knows all."""

    def __init__(self, read: ReadSet, embedder: DocumentEmbedder) -> None:
        self._read, self._embedder = read, embedder
        counting = TfidfVectorizer(
            min_df=max(5, len(read.texts) // 200),
            stop_words="english",
            sublinear_tf=True,
            token_pattern=r"(?u)\b[^\W\d_]{3,}\b",
        )
        rows = counting.fit_transform(read.texts)
        judge = LogisticRegression(C=10, max_iter=300).fit(rows, read.labels)
        words = counting.get_feature_names_out()
        weights = judge.coef_
        if len(read.classes) == 2:
            weights = np.vstack([-weights, weights])
        order = weights.argsort(axis=1)
        self.speaks_for = [words[one[::-1][:N_PHRASES]].tolist() for one in order]
        self.speaks_against = [words[one[:N_PHRASES]].tolist() for one in order]
        self._words = [
            frozenset(re.findall(r"[^\W\d_]{3,}", one.lower())) for one in read.texts
        ]
        self._features: dict[str, DocumentFeatures] = {}

    def ways(self) -> dict[str, Answer]:
        """Give the ways to use phrases, by name."""
        ways: dict[str, Answer] = {
            "no phrases": Marked.none,
            "as a description": self._described,
            "as an example": self._as_examples,
        }
        for weight in WEIGHTS:
            ways[f"counted, {weight:g}"] = partial(self._counted, weight)
        ways["described and counted"] = self._described_and_counted
        ways["the same, with none against"] = partial(
            self._described_and_counted, with_against=False
        )
        ways["phrases of other labels"] = partial(
            self._described_and_counted, shifted=1
        )
        return ways

    def _described(self, draw: Draw, shifted: int = 0) -> Marked:
        """Let phrases follow what describes a label, as a project does."""
        told: dict[str, str | None] = {
            self._read.classes[one]: ". ".join(self.speaks_for[said])
            for one, said in zip(
                draw.chosen, np.roll(draw.chosen, shifted), strict=True
            )
        }
        return replace(Marked.none(draw), names=told)

    def _described_and_counted(
        self, draw: Draw, *, with_against: bool = True, shifted: int = 0
    ) -> Marked:
        """Count them beside that, as a project does."""
        plain = self._described(draw, shifted)
        names = self._read.classes[draw.chosen].tolist()
        said = np.roll(draw.chosen, shifted)
        scorer = PhraseScorer.of(
            names,
            {name: self.speaks_for[one] for name, one in zip(names, said, strict=True)},
            {
                name: self.speaks_against[one] if with_against else ()
                for name, one in zip(names, said, strict=True)
            },
        )
        assert scorer is not None
        indices = np.searchsorted(draw.chosen, self._read.labels[draw.examples])
        scorer = scorer.fitted(plain.examples, indices)
        return replace(plain, added=scorer.weight * scorer.counts(plain.judged))

    def _as_examples(self, draw: Draw) -> Marked:
        plain = Marked.none(draw)
        texts = [". ".join(self.speaks_for[one]) for one in draw.chosen]
        read = self._embedder.vectors(texts)
        told = extract(zip(read, texts, strict=True), Layout.of(self._embedder))
        return replace(
            plain,
            examples=DocumentFeatures.concat([plain.examples, told]),
            labels=[*plain.labels, *self._read.classes[draw.chosen].tolist()],
        )

    def _counted(self, weight: float, draw: Draw) -> Marked:
        """Raise a label's score for each of its phrases that a document holds."""
        added = weight * self._counts(draw, self.speaks_for)
        return replace(Marked.none(draw), added=added)

    def _counts(self, draw: Draw, phrases: list[list[str]]) -> np.ndarray:
        # The classifier sorts its classes; so do the indices of a set.
        return np.array(
            [
                [
                    len(self._words[row].intersection(phrases[one]))
                    for one in draw.chosen
                ]
                for row in draw.judged.tolist()
            ],
            dtype=np.float64,
        )


class Boilerplate:
    """Marks passages that stand in documents of several labels.

    Where a set has none, one of three letterheads is put over each text at random, and
    all three are marked: what was read then is the set as it is.
    """

    def __init__(self, read: ReadSet, embedder: DocumentEmbedder) -> None:
        self._read, self._embedder = read, embedder

    @cached_property
    def _marked(self) -> list[str]:
        places: dict[str, set[int]] = defaultdict(set)
        for row, text in enumerate(self._read.texts):
            for passage in _PASSAGE.split(text):
                if len(found := " ".join(passage.split())) >= _LEAST_CHARACTERS:
                    places[found].add(row)
        labels = self._read.labels
        common = [
            (len(rows), one)
            for one, rows in places.items()
            if len(rows) >= _LEAST_DOCUMENTS and len(set(labels[list(rows)])) > 1
        ]
        return [one for _, one in sorted(common, reverse=True)[:N_MARKED]]

    @cached_property
    def _with_and_without(self) -> tuple[DocumentFeatures, DocumentFeatures]:
        """Read the set as somebody has it, and without what was marked."""
        if self._marked:
            patterns = [
                re.compile(r"\s+".join(map(re.escape, one.split())))
                for one in self._marked
            ]
            texts = list(self._read.texts)
            for pattern in patterns:
                texts = [pattern.sub(" ", one) for one in texts]
            return self._read.documents, self._changed(texts)
        random = np.random.default_rng(0)
        drawn = random.integers(len(LETTERHEADS), size=len(self._read.texts))
        texts = [
            f"{LETTERHEADS[one]}\n\n{text}"
            for one, text in zip(drawn, self._read.texts, strict=True)
        ]
        return self._changed(texts), self._read.documents

    def _changed(self, texts: Sequence[str]) -> DocumentFeatures:
        """Read what differs from the set's texts."""
        rows = [
            row
            for row, (now, before) in enumerate(
                zip(texts, self._read.texts, strict=True)
            )
            if now != before
        ]
        print(f"{self._read.suite.name}: {len(rows)} texts differ", flush=True)
        documents = [Document(id=str(row), text=texts[row]) for row in rows]
        read = self._embedder.vectors(documents, most_windows=self._read.most_windows)
        pairs = zip(read, [one.text for one in documents], strict=True)
        changed = extract(pairs, Layout.of(self._embedder))
        whole = DocumentFeatures.concat([self._read.documents, changed])
        order = np.arange(len(texts))
        order[rows] = len(texts) + np.arange(len(rows))
        return whole.take(order)

    def ways(self) -> dict[str, Answer]:
        """Give the two ways, by name."""
        return {
            "not marked": lambda draw: self._of(draw, 0),
            "left out": lambda draw: self._of(draw, 1),
        }

    def _of(self, draw: Draw, which: int) -> Marked:
        features = self._with_and_without[which]
        return replace(
            Marked.none(draw),
            examples=features.take(draw.examples),
            judged=features.take(draw.judged),
        )


JUDGES: dict[str, type[Passages] | type[Phrases] | type[Boilerplate]] = {
    "decides": Passages,
    "phrases": Phrases,
    "boilerplate": Boilerplate,
}


def main() -> None:
    """Measure each way on each set, and print the shares that are right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=JUDGES)
    Places.add_options(parser)
    parser.add_argument("--sets", nargs="+")
    parser.add_argument("--models", nargs="+", default=["minilm"])
    options = parser.parse_args()
    wanted = options.sets or SETS[options.what]
    means: dict[str, list[np.ndarray]] = defaultdict(list)
    columns = [f"{n}, {way}" for n in SHOTS for way in ("alone", "pile")]
    for read, embedder in Places.of(options).read_all(wanted, options.models):
        judge = JUDGES[options.what](read, embedder)
        print(f"\n| {read.suite.name}, {read.model} | {' | '.join(columns)} |")
        print("|---" * (len(columns) + 1) + "|", flush=True)
        for way, shares in _measured(judge.ways(), read, embedder):
            means[way].append(shares)
            _print_row(way, shares)
    print(f"\n| all | {' | '.join(columns)} |")
    print("|---" * (len(columns) + 1) + "|")
    for way, found in means.items():
        _print_row(way, np.mean(found, axis=0))


def _measured(
    ways: dict[str, Answer], read: ReadSet, embedder: DocumentEmbedder
) -> Iterator[tuple[str, np.ndarray]]:
    for way, answer in ways.items():
        cells = []
        for shots in SHOTS:
            draws = [Draw.of(read, embedder, shots, seed) for seed in range(N_DRAWS)]
            cells.append(np.mean([answer(one).shares_right(one) for one in draws], 0))
        yield way, 100 * np.concatenate(cells)


def _print_row(way: str, shares: np.ndarray) -> None:
    print(f"| {way} | {' | '.join(f'{one:.1f}' for one in shares)} |", flush=True)


if __name__ == "__main__":
    main()
