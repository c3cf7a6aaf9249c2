"""Classifiers for the examples of requests: fitted once, and kept for the next ones."""

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from longshot.classify import LongshotClassifier
from longshot.project import NamedLabel
from longshot.server.encoding.encoder import SharedEncoder
from longshot.server.metrics import Metrics


@dataclass(frozen=True, kw_only=True)
class LabelledTexts:
    """What a classifier is made from.

    Attributes
    ----------
    texts, labels
        The examples: one label for each, or a tuple of labels for each.
    ids
        The examples' ids, where they have some.
    descriptions
        Label names with what each means, None where the name says all.
    speaks_for, speaks_against
        Of each label, the words and phrases that count, too.
    unknown
        The share of known documents to lose for "none of these"; None for none.
    """

    texts: tuple[str, ...]
    labels: tuple[str, ...] | tuple[tuple[str, ...], ...]
    ids: tuple[str, ...] | None = None
    descriptions: tuple[tuple[str, str | None], ...] = ()
    speaks_for: tuple[tuple[str, tuple[str, ...]], ...] = ()
    speaks_against: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unknown: float | None = None

    @cached_property
    def key(self) -> str:
        """What two of these share where they make the same classifier."""
        # The examples are a set: their order does not matter.
        ids = self.ids or ("",) * len(self.texts)
        examples = sorted(zip(self.texts, self.labels, ids, strict=True))
        labels = self.descriptions, self.speaks_for, self.speaks_against
        told = json.dumps([examples, *map(sorted, labels), self.unknown])
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()

    def fitted(self, classifier: LongshotClassifier) -> LongshotClassifier:
        """Fit a classifier."""
        learned = classifier.fit(
            list(self.texts),
            [list(one) if isinstance(one, tuple) else one for one in self.labels],
            dict(self.descriptions) or None,
            ids=self.ids,
        )
        return learned.counting_phrases(
            dict(self.speaks_for), dict(self.speaks_against)
        )

    def of_labels(self, labels: Iterable[NamedLabel]) -> "LabelledTexts":
        """Give the same examples with what is said of labels."""
        told = tuple(labels)
        return replace(
            self,
            descriptions=tuple((one.name, one.meaning) for one in told),
            speaks_for=tuple((one.name, one.speaks_for) for one in told),
            speaks_against=tuple((one.name, one.speaks_against) for one in told),
        )


class Classifiers:
    """Fits classifiers, and keeps those that were used last.

    Parameters
    ----------
    encoder
        What encodes the examples.
    run
        Runs a function on the thread that decides.
    most
        How many are kept.
    metrics
        Where it is counted.
    """

    def __init__(
        self,
        encoder: SharedEncoder,
        run: Callable[
            [Callable[[], LongshotClassifier]], Awaitable[LongshotClassifier]
        ],
        most: int,
        metrics: Metrics,
    ) -> None:
        self._encoder = encoder
        self._run = run
        self._most = most
        self._metrics = metrics
        self._kept: OrderedDict[str, asyncio.Task[LongshotClassifier]] = OrderedDict()

    async def of(self, examples: LabelledTexts) -> LongshotClassifier:
        """Give the classifier of some examples; requests that want the same share it.

        Raises
        ------
        LongshotError
            As :meth:`LongshotClassifier.fit`.
        """
        task = self._kept.get(examples.key)
        self._metrics.classifiers.labels("fitted" if task is None else "found").inc()
        if task is None:
            task = asyncio.create_task(self._fit(examples))
            self._kept[examples.key] = task
        self._kept.move_to_end(examples.key)
        try:
            # One request that is given up must not take the classifier from the others.
            return await asyncio.shield(task)
        except Exception:
            self._kept.pop(examples.key, None)
            raise
        finally:
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    async def _fit(self, examples: LabelledTexts) -> LongshotClassifier:
        await self._encoder.encode(examples.texts)
        classifier = LongshotClassifier(
            embedder=self._encoder.embedder, unknown=examples.unknown, verbose=False
        )
        return await self._run(lambda: examples.fitted(classifier))
