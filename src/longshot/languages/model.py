"""The model that tells languages: py3langid's, unpacked once and mapped into memory.

It is a naive Bayes classifier of runs of up to six bytes, which an automaton finds (Lui
and Baldwin 2012, langid.py). The arrays are py3langid's; reading a text with them is
done here (:mod:`.telling`), for many texts at once.
"""

import lzma
import shutil
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock

import numpy as np
from jaxtyping import Float32, Int, Shaped, UInt

from longshot.machine.locations import languages_folder
from longshot.machine.unfinished import unfinished_folder

_FORM = 2
"""Of the arrays below; another one is kept beside it."""

_LOADING = Lock()


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class LanguageModel:
    """The arrays; `load_languages` gives them.

    Attributes
    ----------
    next_state
        Where a byte leads to: ``next_state[first_move[state] + byte]``.
    first_move
        Where each state's moves begin.
    feature
        What has been met in a state, as a row of `weights`; negative where nothing has.
    longest_feature
        Bytes. A state is decided by as many bytes before it, whatever came earlier.
    weights
        The log probability of a feature in each language, less the mean over the
        languages, which changes nothing and keeps sums in float32 exact enough.
    prior
        The log probability of each language.
    codes
        What each column stands for; some languages have several.
    """

    next_state: UInt[np.ndarray, " move"]
    first_move: Int[np.ndarray, " state"]
    feature: Int[np.ndarray, " state"]
    longest_feature: Int[np.ndarray, ""]
    weights: Float32[np.ndarray, "feature column"]
    prior: Float32[np.ndarray, " column"]
    codes: Shaped[np.ndarray, " column"]


def load_languages() -> LanguageModel:
    """Load the model, once; ahead, so that the first text need not wait for it."""
    with _LOADING:  # by one thread
        return _loaded()


@cache
def _loaded() -> LanguageModel:
    """Give the model: unpacked once, which takes a third of a second.

    What was kept is mapped into memory, and not read. Where nothing can be kept,
    nothing is lost but that time.
    """
    import py3langid

    kept = languages_folder() / f"py3langid-{py3langid.__version__}-{_FORM}"
    names = [one.name for one in fields(LanguageModel)]
    with suppress(OSError, ValueError):
        return LanguageModel(**{name: _mapped(kept, name) for name in names})
    model = _unpacked(Path(py3langid.__file__).with_name("data") / "model.npz.xz")
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        with unfinished_folder(kept.parent, ".unpacking-") as new:
            for name in names:
                np.save(new / f"{name}.npy", getattr(model, name))
            shutil.rmtree(kept, ignore_errors=True)  # damaged, or it had been read
            new.rename(kept)
    return model


def _mapped(folder: Path, name: str) -> np.ndarray:
    """Map an array; as a plain one, whose items numpy takes faster."""
    return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))


def _unpacked(path: Path) -> LanguageModel:
    unpacked = BytesIO(lzma.decompress(path.read_bytes()))
    with np.load(unpacked, allow_pickle=False) as arrays:
        next_state = arrays["nextmove"]
        first_move = arrays["nextmove_row"].astype(np.int64) << 8
        weights = arrays["ptc"].astype(np.float32)
        weights -= weights.mean(axis=1, keepdims=True)
        return LanguageModel(
            next_state=next_state,
            first_move=first_move,
            feature=arrays["out_feat"],
            longest_feature=np.array(_longest_feature(next_state, first_move)),
            weights=weights,
            prior=arrays["pc"],
            codes=arrays["classes"],
        )


def _longest_feature(
    next_state: UInt[np.ndarray, " move"], first_move: Int[np.ndarray, " state"]
) -> int:
    """Count the bytes from the start to the state that is furthest from it."""
    moves = next_state.reshape(-1, 256)
    reached = np.zeros(len(first_move), dtype=bool)
    reached[0] = True
    newest, n_bytes = np.array([0]), -1
    while len(newest):
        led_to = np.unique(moves[np.unique(first_move[newest] >> 8)])
        newest, n_bytes = led_to[~reached[led_to]], n_bytes + 1
        reached[newest] = True
    return n_bytes
