"""Documents to work: what a worker gets at once.

Short documents go together, up to a budget of text. A very long one is cut into blocks
of windows, so that many workers read one book and nothing waits for it. What a piece of
work holds, and its name, depend on the source alone: a run that was stopped finds the
same pieces again.
"""

import pickle
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from longshot.embedder import DocumentEmbedder
from longshot.encoding.jobs import JobMaker
from longshot.encoding.scheduling import EncodingJob
from longshot.reading.sources.admission import Admission
from longshot.reading.tables.columns import Columns
from longshot.records import Document, SetAside
from longshot.scale.sources import Source

WORK_CHARACTERS = 1 << 17
"""Of short documents that go together: some 30,000 tokens, which a processor reads in
about ten seconds. What a killed worker loses is no more than that."""

MOST_WORK_CHARACTERS = 1 << 25
"""Of the largest piles: some eight million tokens, an hour of one processor."""

MANY_PARTS = 100_000
"""From which on parts grow with the pile, so that a folder can still be listed."""

WORK_DOCUMENTS = 1 << 16
"""At most in one part, however short they are."""

LONG_CHARACTERS = 1 << 18
"""From which on a document is cut: twice what goes together."""

BLOCK_WINDOWS = 64
"""That go together of a long document: some 30,000 tokens, too."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Work:
    """What a worker gets at once.

    Attributes
    ----------
    name
        Sorted by it, work stands in reading order.
    documents
        Short ones; of a block, the one that it is of, whose text comes with the first
        block alone.
    set_aside
        What could not be read beside them.
    jobs
        The windows, where it is a block of a long document.
    block
        Which block it is, from 0; None for whole documents.
    is_last
        Whether no further block follows.
    """

    name: str
    documents: tuple[Document, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    jobs: tuple[EncodingJob, ...] = ()
    block: int | None = None
    is_last: bool = True

    @property
    def key(self) -> str:
        """Its name, with the number of its block: what the manifest holds."""
        return self.name if self.block is None else block_key(self.name, self.block)

    def packed(self) -> bytes:
        """Give it as bytes, for another process of the same run."""
        return pickle.dumps(self, protocol=pickle.HIGHEST_PROTOCOL)


def work_characters(size_bytes: int) -> int:
    """Tell how much text goes together, by the size of the files that are read.

    Examples
    --------
    >>> work_characters(10**6), work_characters(10**11), work_characters(10**15)
    (131072, 1000000, 33554432)
    """
    return min(max(WORK_CHARACTERS, size_bytes // MANY_PARTS), MOST_WORK_CHARACTERS)


def block_key(name: str, block: int) -> str:
    """Name a block of a long document."""
    return f"{name}.{block:06d}"


def unpacked(content: bytes) -> Work:
    """Take what :meth:`Work.packed` gave in another process of the same run."""
    found = pickle.loads(content)
    assert isinstance(found, Work)
    return found


def work_of(
    source: Source,
    columns: Columns,
    embedder: DocumentEmbedder,
    done: Container[str] = (),
    most_characters: int = WORK_CHARACTERS,
) -> Iterator[Work]:
    """Read a source, and give what of it is not done yet.

    Parameters
    ----------
    source, columns
        What is read.
    embedder
        Cuts long documents; it encodes nothing.
    done
        The keys of what an earlier run finished.
    most_characters
        Of short documents that go together.
    """
    aside: list[SetAside] = []
    admission = Admission(aside.append)
    outcomes = (
        (number, outcome, admission.admits(outcome))
        for number, outcome in enumerate(source.outcomes(columns))
    )
    admitted = (
        (number, outcome if is_admitted else None)
        for number, outcome, is_admitted in outcomes
    )
    for one in _gathered(f"{source.number:08d}", admitted, aside, most_characters):
        if one.name in done:
            continue
        if one.block is None:
            yield one
        else:
            yield from (
                block
                for block in blocks_of(one.name, one.documents[0], embedder)
                if block.key not in done
            )


def _gathered(
    prefix: str,
    documents: Iterable[tuple[int, Document | SetAside | None]],
    aside: list[SetAside],
    most_characters: int,
) -> Iterator[Work]:
    """Put short documents together; a long one is marked, and not cut yet."""
    few: list[Document] = []
    first = n_characters = 0

    def taken() -> Iterator[Work]:
        nonlocal n_characters
        if few or aside:
            yield Work(
                name=f"{prefix}-{first:010d}",
                documents=tuple(few),
                set_aside=tuple(aside),
            )
        few.clear()
        aside.clear()
        n_characters = 0

    for number, one in documents:
        if not few and not aside:
            first = number
        if not isinstance(one, Document):
            continue
        if len(one.text) > LONG_CHARACTERS:
            yield from taken()
            yield Work(name=f"{prefix}-{number:010d}", documents=(one,), block=-1)
            first = number + 1
            continue
        few.append(one)
        n_characters += len(one.text)
        if n_characters >= most_characters or len(few) == WORK_DOCUMENTS:
            yield from taken()
            first = number + 1
    yield from taken()


def blocks_of(
    name: str, document: Document, embedder: DocumentEmbedder
) -> Iterator[Work]:
    """Cut a long document into blocks of windows.

    One without tokens gives a single piece of work without a block.
    """
    maker = JobMaker(embedder.recipe, embedder.encoder)
    jobs = maker.jobs(0, document.text, maker.tokens(document.text))
    beginning = Document(id=document.id, text="", source=document.source)
    few = tuple(islice(jobs, BLOCK_WINDOWS))
    if not few:
        yield Work(name=name, documents=(document,))
    block = 0
    while few:
        following = tuple(islice(jobs, BLOCK_WINDOWS))
        yield Work(
            name=name,
            documents=(beginning if block else document,),
            jobs=few,
            block=block,
            is_last=not following,
        )
        few, block = following, block + 1


@lru_cache(maxsize=2)
def embedder_of(packed: bytes) -> DocumentEmbedder:
    """Give an embedder, loaded once for each process however many tasks it runs."""
    found = pickle.loads(packed)
    assert isinstance(found, DocumentEmbedder)
    return found
