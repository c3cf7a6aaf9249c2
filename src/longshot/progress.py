"""How far a call from Python is, as tqdm draws it: in a notebook or on a terminal.

In a pipe or a log nothing is drawn unless it is asked for. The command line draws its
own bars.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from longshot.records import Document, OnWindow


@contextmanager
def shown_progress(
    what: str, texts: Iterable[str | Document], *, verbose: bool | None
) -> Iterator[OnWindow | None]:
    """Draw a bar of the characters that were read.

    Parameters
    ----------
    what
        What is being done.
    texts
        What is read; where it is no list, how much there is to read is not known.
    verbose
        Whether to draw; None where someone is looking: in a notebook, on a terminal.

    Yields
    ------
    OnWindow or None
        To be told of each window; None where nothing is drawn.
    """
    if not (_is_watched() if verbose is None else verbose):
        yield None
        return
    from tqdm.auto import tqdm

    with tqdm(
        desc=what, total=_n_characters(texts), unit=" characters", unit_scale=True
    ) as bar:
        yield lambda _, n_new_characters, __: _advance(bar, n_new_characters)


def shown_passes(
    what: str, *, verbose: bool | None
) -> Callable[[int, int], None] | None:
    """Give what draws a bar of a model's forward passes; None where nobody looks on.

    Parameters
    ----------
    what
        What is being done.
    verbose
        Whether to draw, as of :func:`shown_progress`.

    Returns
    -------
    callable or None
        To be told how many passes are done, and of how many.
    """
    if not (_is_watched() if verbose is None else verbose):
        return None
    bars: list[Any] = []

    def on_pass(n_done: int, n_all: int) -> None:
        from tqdm.auto import tqdm

        if not bars:
            bars.append(tqdm(desc=what, total=n_all, unit=" passes", unit_scale=True))
        bars[0].update(n_done - bars[0].n)
        if n_done == n_all:
            bars.pop().close()

    return on_pass


def _advance(bar: object, n_new_characters: int) -> None:
    bar.update(n_new_characters)  # type: ignore[attr-defined]


def _is_watched() -> bool:
    """Tell whether a person looks on; a notebook's stderr is no terminal."""
    return "ipykernel" in sys.modules or bool(sys.stderr and sys.stderr.isatty())


def _n_characters(texts: Iterable[str | Document]) -> int | None:
    """Count what is there to read; an iterator may be gone through only once."""
    if isinstance(texts, Iterator) or not hasattr(texts, "__len__"):
        return None
    return sum(
        len(one.text if isinstance(one, Document) else one)
        for one in texts
        if isinstance(one, Document | str)
    )
