"""The documents that come next, tokenised while the model is busy.

A processor takes a hundred times as long to encode a token as to find it: documents are
tokenised where they are read. A GPU would wait: threads tokenise what comes next.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from longshot.encoding.jobs import JobMaker
from longshot.encoding.under_way import UnderWay
from longshot.tokens import CHUNK_CHARACTERS, Tokens

AHEAD_CHARACTERS = 1 << 20
"""A few batches of a GPU's."""


def tokenised_ahead(
    documents: Iterable[UnderWay],
    maker: JobMaker,
    most_windows: int | None,
    *,
    n_threads: int,
) -> Iterator[UnderWay]:
    """Give documents in their order, while those after them are tokenised.

    A document of several pieces is not: it is tokenised piece by piece as its windows
    are encoded, so that it is never in memory as tokens. Nor is one that the cache has.

    Parameters
    ----------
    documents
        In reading order.
    maker, most_windows
        Who makes their windows, and how many of each document are wanted.
    n_threads
        How many tokenise; with 0, documents are passed through.
    """
    if not n_threads:
        yield from documents
        return
    pool = ThreadPoolExecutor(n_threads, "longshot-tokenizer")
    waiting: deque[UnderWay] = deque()
    n_characters = 0
    try:
        for document in documents:
            text = document.document.text
            if len(text) <= CHUNK_CHARACTERS and not document.entry.is_whole:
                document.tokens = pool.submit(_all_tokens, maker, text, most_windows)
            waiting.append(document)
            n_characters += len(text)
            while n_characters > AHEAD_CHARACTERS:
                n_characters -= len(waiting[0].document.text)
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()
    finally:  # also where the caller stops early
        pool.shutdown(wait=True, cancel_futures=True)


def _all_tokens(maker: JobMaker, text: str, most_windows: int | None) -> list[Tokens]:
    return list(maker.tokens(text, most_windows))
