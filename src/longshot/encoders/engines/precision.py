"""The fastest precision that keeps the vectors, measured on this very processor.

Which arithmetic is fast differs from processor to processor, and what it costs from
model to model. So both are measured, once, on a fixed text: how long a window takes in
the first two layers (the others are like them), and how near the vectors of all layers
are to those in float32. Nothing is read off the processor's name.

The answer is kept beside the models in the cache folder, for the model, the libraries
and the processor that it was found with.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from longshot.encoders.base import Encoder
from longshot.encoders.engines.probe import PROBE
from longshot.errors import ModelError, ModelOutputError, SettingError
from longshot.recipe import Precision

LEAST_COSINE = 0.995
"""To float32, of every vector after the mean was taken off: what a comparison sees.

int8 at 0.999 cost 0.1 points of accuracy at most (docs/speed.md); this leaves room for
a model with larger outliers, and none for one that int8 does not suit.
"""

LEAST_GAIN = 1.1
"""How much faster a coarser precision must be: a tie goes to the more exact one."""

_ROUNDS = 10
_HOPELESS = 3
"""Times as slow as the fastest one: not timed again."""

_TIMED_TOKENS = 256
_TIMED_LAYER = 2
_PIECE_TOKENS = 24
_N_LAYERS = 4
"""Of the last hidden states: those that the article's recipe averages."""

_PROBE = (
    f"{PROBE} Please move my appointment to Friday. How do I reset the password of a "
    "card that was stolen? The committee noted that the roof of the east wing leaks, "
    "and that nobody had asked for a second offer."
)

Load = Callable[[Precision], Encoder]


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """What a precision was found to be.

    Attributes
    ----------
    seconds
        For windows of 256 tokens in the first layers: the least of the rounds.
    cosine
        The least to float32; None where a more exact one was as fast.
    """

    seconds: float
    cosine: float | None = None


Clock = Callable[[], float]
"""Gives seconds since some moment."""


def processor_clocks() -> tuple[Clock, ...]:
    """Give the clocks for what a processor computes; the least of them counts.

    A wall clock counts what other programs take: with five of them beside it, a window
    of 10 ms took 5 to 130 ms. The clock of the process counts what its other threads
    take, which read examples meanwhile. A window takes no less than either says, as one
    thread computes it. On Windows the process's is too coarse: it counts in 16 ms.
    """
    if sys.platform == "win32":
        return (time.perf_counter,)
    return time.perf_counter, time.process_time


def fastest_encoder(
    load: Load,
    choices: Sequence[Precision],
    kept: Path,
    *,
    clocks: Sequence[Clock] = (time.perf_counter,),
    is_full: bool = False,
) -> Encoder:
    """Load a model in the fastest precision that keeps its vectors.

    Parameters
    ----------
    load
        Loads the model in one precision.
    choices
        The precisions that its engine serves, the most exact one first: ``float32``.
    kept
        The file that holds the answer, or will. One that cannot be read or written
        costs the second that measuring takes.
    clocks
        What times a window; the least of them counts (:func:`processor_clocks`).
    is_full
        Whether as many windows are timed at once as the encoder best gets. A GPU takes
        as long for one window in any precision: it waits for the program.
    """
    known = _kept(kept)
    for precision in choices:
        if precision == known:
            return load(precision)
    encoders, measured = _timed(load, choices, clocks, is_full=is_full)
    precision = _chosen(encoders, measured)
    _keep(kept, precision, measured)
    return encoders[precision]


def _timed(
    load: Load, choices: Sequence[Precision], clocks: Sequence[Clock], *, is_full: bool
) -> tuple[dict[Precision, Encoder], dict[Precision, Measured]]:
    """Load the model in each precision, and time them in turn."""
    encoders: dict[Precision, Encoder] = {}
    runs: dict[Precision, Callable[[], object]] = {}
    for precision in choices:
        try:
            encoder = load(precision)
            run = _windows(encoder, encoder.capacity.batch_tokens if is_full else 1)
            run()  # what is compiled at the first use is no part of the time
        except (ModelError, SettingError, RuntimeError):
            if precision == choices[0]:
                raise
            continue  # a library or a processor that does not serve it
        encoders[precision], runs[precision] = encoder, run
    seconds = {precision: float("inf") for precision in runs}
    for _ in range(_ROUNDS):
        hopeless = _HOPELESS * min(seconds.values())
        for precision, run in runs.items():
            if seconds[precision] > hopeless:  # emulated: a hundred times as slow
                continue
            started = [clock() for clock in clocks]
            run()
            taken = min(
                clock() - then for clock, then in zip(clocks, started, strict=True)
            )
            seconds[precision] = min(seconds[precision], taken)
    return encoders, {name: Measured(seconds=taken) for name, taken in seconds.items()}


def _windows(encoder: Encoder, n_tokens: int) -> Callable[[], object]:
    """Give what runs the first layers over a window, or more, of the fixed text."""
    text = encoder.tokenizer.encode(_PROBE).ids
    longest = encoder.max_framed_tokens or _TIMED_TOKENS
    length = min(_TIMED_TOKENS, longest)
    n_windows = max(1, n_tokens // length)
    ids = np.resize(text, (n_windows, length))
    weights = np.full((n_windows, 1, length), 1 / length, dtype=np.float32)
    layers = [min(_TIMED_LAYER, encoder.n_layers - 1)]
    return lambda: encoder.means(ids, weights, layers)


def _chosen(
    encoders: Mapping[Precision, Encoder], measured: dict[Precision, Measured]
) -> Precision:
    """Take the fastest one within the tolerance, from exact to coarse."""
    exact, *coarser = encoders
    expected = None
    best = exact
    for precision in coarser:
        if measured[precision].seconds * LEAST_GAIN > measured[best].seconds:
            continue
        if expected is None:
            expected = _vectors(encoders[exact])
        cosine = _least_cosine(expected, encoders[precision])
        measured[precision] = Measured(
            seconds=measured[precision].seconds, cosine=cosine
        )
        if cosine >= LEAST_COSINE:
            best = precision
    return best


def _least_cosine(expected: Float[np.ndarray, "text dim"], encoder: Encoder) -> float:
    try:
        actual = _vectors(encoder)
    except ModelOutputError:  # no numbers: the precision does not suit the model
        return -1.0
    mean = expected.mean(axis=0)
    a, b = expected - mean, actual - mean
    norms = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return float(((a * b).sum(axis=1) / norms).min())


def _vectors(encoder: Encoder) -> Float[np.ndarray, "text dim"]:
    """Embed the fixed text in pieces of one length, all of them in one call."""
    layers = range(max(0, encoder.n_layers - _N_LAYERS), encoder.n_layers)
    frame, ids = encoder.tokenizer.special, encoder.tokenizer.encode(_PROBE).ids
    n_pieces = max(2, len(ids) // _PIECE_TOKENS)
    pieces = ids[: len(ids) // n_pieces * n_pieces].reshape(n_pieces, -1)
    framed = np.stack([frame.frame(piece) for piece in pieces])
    n_tokens = framed.shape[1]
    weights = np.full((n_pieces, 1, n_tokens), 1 / n_tokens, dtype=np.float32)
    return np.asarray(encoder.means(framed, weights, layers)[:, :, 0].mean(axis=1))


def _kept(path: Path) -> str | None:
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["precision"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(
    path: Path, precision: Precision, measured: Mapping[Precision, Measured]
) -> None:
    """Write the answer down, and what it rests on; the file appears by one rename."""
    found = {name: asdict(one) for name, one in measured.items()}
    text = json.dumps({"precision": precision, "measured": found}, indent=1)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, prefix=".measuring-", delete=False
        ) as file:
            file.write(text)
        Path(file.name).replace(path)
    except OSError:
        return  # it is measured again next time
