"""Documents made ready for encoding, a group at a time: looked up, told, tokenised.

Much of what a short document costs is the same for one as for hundreds: a look into the
cache, a step of the automaton that tells languages. So documents are made ready in
groups. A processor takes a hundred times as long to encode a token as to find it:
groups are made ready where they are read. A GPU would wait: threads make those ready
that come next.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from longshot.encoding.cache import CacheEntry, KeptWindows
from longshot.encoding.jobs import JobMaker
from longshot.encoding.under_way import UnderWay
from longshot.encoding.vocabulary import Beginning, LanguageCheck
from longshot.records import Document
from longshot.tokens import Tokens

GROUP_CHARACTERS = 1 << 16
"""A third of the tokens that are gathered for batches."""

GROUP_DOCUMENTS = 1 << 8
"""Of fewer characters: more of them cost hardly less for each."""

AHEAD_CHARACTERS = 1 << 20
"""A few batches of a GPU's."""

Group = Sequence[tuple[int, Document]]
"""Documents, each with its place among all, from 0."""

Ready = tuple[UnderWay, Beginning | None]
"""A document, and what its beginning told where that is asked for."""


def in_groups(documents: Iterable[Document]) -> Iterator[Group]:
    """Give documents in groups, in their order.

    The first is one document, and the next ones grow: so what the first documents tell
    is known at once, however long it takes to read hundreds.
    """
    group: list[tuple[int, Document]] = []
    n_characters, most = 0, 1
    for numbered in enumerate(documents):
        group.append(numbered)
        n_characters += len(numbered[1].text)
        if n_characters >= GROUP_CHARACTERS or len(group) >= most:
            yield group
            group, n_characters = [], 0
            most = min(2 * most, GROUP_DOCUMENTS)
    if group:
        yield group


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Preparation:
    """Makes groups of documents ready.

    Attributes
    ----------
    cache, fingerprint
        Where vectors are kept, and what they depend on beside the text.
    maker, most_windows
        Who makes windows, and how many of each document are wanted.
    check
        What tells languages; None where they are not asked for.
    """

    cache: KeptWindows | None
    fingerprint: str
    maker: JobMaker
    most_windows: int | None
    check: LanguageCheck | None

    def __call__(self, group: Group) -> list[Ready]:
        """Look documents up, tell their languages, and tokenise those not kept.

        A document of several pieces is tokenised later, piece by piece as its windows
        are encoded, so that it is never in memory as tokens.
        """
        texts = [document.text for _, document in group]
        entries = CacheEntry.of_each(self.cache, self.fingerprint, texts)
        under_way = [
            UnderWay(*one, entry, one[1].language)
            for one, entry in zip(group, entries, strict=True)
        ]
        for one in under_way:
            if one.entry.n_windows is None:
                one.tokens = self._tokens(one.document.text)
        return list(zip(under_way, self._beginnings(under_way), strict=True))

    def _tokens(self, text: str) -> Tokens | None:
        if len(text) > self.maker.piece_characters(self.most_windows):
            return None
        [tokens] = self.maker.tokens(text, self.most_windows)
        return tokens

    def _beginnings(self, documents: Sequence[UnderWay]) -> list[Beginning | None]:
        """Give what documents' beginnings tell: looked at once, and kept."""
        if self.check is None:
            return [None] * len(documents)
        new = [one for one in documents if one.entry.beginning is None]
        told = self.check.look(
            [one.document.text for one in new], [one.tokens for one in new]
        )
        for one, beginning in zip(new, told, strict=True):
            one.entry.keep_beginning(beginning)
        looked_at = iter(told)
        return [one.entry.beginning or next(looked_at) for one in documents]


def prepared(
    groups: Iterable[Group],
    prepare: Callable[[Group], list[Ready]],
    *,
    n_threads: int,
) -> Iterator[Ready]:
    """Give documents in their order, while groups after them are made ready.

    Parameters
    ----------
    groups
        In reading order.
    prepare
        Makes a group ready.
    n_threads
        How many threads do so ahead; with 0, it is done where the group is asked for.
    """
    if not n_threads:
        for group in groups:
            yield from prepare(group)
        return
    pool = ThreadPoolExecutor(n_threads, "longshot-tokenizer")
    waiting: deque[tuple[int, Future[list[Ready]]]] = deque()
    n_characters = 0
    try:
        for group in groups:
            size = sum(len(document.text) for _, document in group)
            waiting.append((size, pool.submit(prepare, group)))
            n_characters += size
            while n_characters > AHEAD_CHARACTERS:
                size, ready = waiting.popleft()
                n_characters -= size
                yield from ready.result()
        while waiting:
            yield from waiting.popleft()[1].result()
    finally:  # also where the caller stops early
        pool.shutdown(wait=True, cancel_futures=True)
