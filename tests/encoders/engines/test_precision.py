"""The fastest precision that keeps the vectors, for encoders of known speed."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from longshot.embedder import DocumentEmbedder
from longshot.encoders import Capacity, load_encoder
from longshot.encoders.engines.precision import fastest_encoder, processor_clocks
from longshot.encoders.minilm import minilm_folder
from longshot.encoders.openvino import OpenVinoEncoder
from longshot.encoders.openvino.store import models_folder
from longshot.errors import SettingError
from longshot.machine.locations import CACHE_VARIABLE
from longshot.recipe import Precision, Recipe
from tests.fakes import FakeEncoder

CHOICES: tuple[Precision, ...] = ("float32", "bfloat16", "int8")


class ToldClock:
    """A clock that is put forward, and does not run: a busy machine changes nothing."""

    now_s = 0.0

    def __call__(self) -> float:
        """Give its seconds."""
        return self.now_s


CLOCK = ToldClock()


class Timed(FakeEncoder):
    """Takes its time for a window, and changes its vectors by some noise."""

    def __init__(self, precision: Precision, wait_s: float, noise: float) -> None:
        super().__init__()
        self.precision = precision
        self._wait_s = wait_s
        self._noise = noise

    def means(
        self, ids: np.ndarray, weights: np.ndarray, layers: Sequence[int]
    ) -> np.ndarray:
        """Take the time, then give what the fake gives, with noise."""
        self._take(self._wait_s)
        exact = super().means(ids, weights, layers)
        noise = np.random.default_rng(int(ids.sum())).normal(size=exact.shape)
        return np.asarray(exact + self._noise * noise, dtype=np.float32)

    def _take(self, seconds: float) -> None:
        CLOCK.now_s += seconds


class Loader:
    """Loads encoders of given speed and noise, and remembers which were loaded."""

    def __init__(self, **kinds: tuple[float, float]) -> None:
        self.kinds = kinds
        self.loaded: list[Precision] = []

    def __call__(self, precision: Precision) -> Timed:
        """Load one, if the processor has it."""
        self.loaded.append(precision)
        if precision not in self.kinds:
            raise RuntimeError("this processor has no such products")
        return Timed(precision, *self.kinds[precision])

    def fastest(self, kept: Path) -> str:
        """Give the precision that is found to be the fastest."""
        encoder: Any = fastest_encoder(self, CHOICES, kept, clocks=(CLOCK,))
        return str(encoder.precision)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        # seconds for a window, and noise
        ({"float32": (0.02, 0), "bfloat16": (0.01, 0), "int8": (0.001, 0)}, "int8"),
        ({"float32": (0.01, 0), "bfloat16": (0.02, 0), "int8": (0.03, 0)}, "float32"),
        ({"float32": (0.02, 0), "bfloat16": (0.01, 0), "int8": (0.001, 9)}, "bfloat16"),
        ({"float32": (0.02, 0), "bfloat16": (0.01, 9), "int8": (0.001, 9)}, "float32"),
        ({"float32": (0.02, 0), "int8": (0.001, 0)}, "int8"),
        ({"float32": (0.02, 0)}, "float32"),
    ],
)
def test_fastest_within_the_tolerance(
    kinds: dict[str, tuple[float, float]], expected: str, tmp_path: Path
) -> None:
    assert expected == Loader(**kinds).fastest(tmp_path / "kept.json")


class Computing(Timed):
    """Takes its time of the processor, beside what it waits."""

    def means(
        self, ids: np.ndarray, weights: np.ndarray, layers: Sequence[int]
    ) -> np.ndarray:
        """Compute for some milliseconds, if it is the slower precision; then wait."""
        ends = time.process_time() + (0.005 if self.precision == "float32" else 0)
        while time.process_time() < ends:
            pass
        return super().means(ids, weights, layers)

    def _take(self, seconds: float) -> None:
        time.sleep(seconds)


def test_waiting_for_other_programs_does_not_count(tmp_path: Path) -> None:
    waits = {"float32": 0.0, "int8": 0.02}

    def load(precision: Precision) -> Computing:
        if precision not in waits:
            raise RuntimeError("this processor has no such products")
        return Computing(precision, waits[precision], 0.0)

    found: Any = fastest_encoder(
        load, CHOICES, tmp_path / "kept.json", clocks=processor_clocks()
    )
    assert found.precision == "int8"


@pytest.mark.parametrize(
    "of_int8",
    [(0.050, 0.005), (0.005, 0.050)],
    ids=["other programs run", "other threads of this process compute"],
)
def test_the_least_of_the_clocks_counts(
    of_int8: tuple[float, float], tmp_path: Path
) -> None:
    """For a window: on the wall's clock, and on the process's."""
    taken = {"float32": (0.010, 0.010), "int8": of_int8}
    told = [0.0, 0.0]

    class Told(FakeEncoder):
        def __init__(self, precision: Precision) -> None:
            super().__init__()
            self.precision = precision

        def means(
            self, ids: np.ndarray, weights: np.ndarray, layers: Sequence[int]
        ) -> np.ndarray:
            """Put both clocks forward."""
            for clock, seconds in enumerate(taken[self.precision]):
                told[clock] += seconds
            return super().means(ids, weights, layers)

    found: Any = fastest_encoder(
        Told,
        ("float32", "int8"),
        tmp_path / "kept.json",
        clocks=(lambda: told[0], lambda: told[1]),
    )
    assert found.precision == "int8"


class Waiting(Timed):
    """Takes as long for one window in each precision, as a GPU does."""

    capacity = Capacity(batch_tokens=1 << 12)

    def means(
        self, ids: np.ndarray, weights: np.ndarray, layers: Sequence[int]
    ) -> np.ndarray:
        """Take the program's time; from a full batch on each token counts."""
        slow = self.precision == "float32" and ids.size >= self.capacity.batch_tokens
        self._take(0.02 if slow else 0.005)
        return super().means(ids, weights, layers)


@pytest.mark.parametrize(("is_full", "expected"), [(0, "float32"), (1, "bfloat16")])
def test_full_batches_tell_what_one_window_does_not(
    is_full: int, expected: str, tmp_path: Path
) -> None:
    found: Any = fastest_encoder(
        lambda precision: Waiting(precision, 0.0, 0.0),
        ("float32", "bfloat16"),
        tmp_path / "kept.json",
        clocks=(CLOCK,),
        is_full=bool(is_full),
    )
    assert found.precision == expected


def test_answer_is_kept(tmp_path: Path) -> None:
    kept = tmp_path / "new" / "kept.json"
    kinds = {"float32": (0.02, 0.0), "bfloat16": (0.001, 0.0)}
    assert Loader(**kinds).fastest(kept) == "bfloat16"
    found = json.loads(kept.read_text())["measured"]
    assert found["bfloat16"]["seconds"] < found["float32"]["seconds"]
    again = Loader(**kinds)
    assert again.fastest(kept) == "bfloat16"
    assert again.loaded == ["bfloat16"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"precision": "int3"}'])
def test_damaged_answer_is_found_again(text: str, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    kept.write_text(text)
    assert Loader(float32=(0.001, 0)).fastest(kept) == "float32"
    assert json.loads(kept.read_text())["precision"] == "float32"


def test_folder_that_takes_nothing_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert Loader(float32=(0.001, 0)).fastest(tmp_path / "file" / "a") == "float32"


def test_auto_in_a_recipe_is_named_once_it_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    embedder = DocumentEmbedder(Recipe(precision="auto"), engine="openvino", cache=None)
    encoder: Any = embedder.encoder
    assert embedder.recipe.precision == encoder.precision
    [path] = models_folder().glob("*-precision-*.json")
    measured = json.loads(path.read_text())
    assert measured["precision"] == encoder.precision
    assert measured["measured"]["float32"]["seconds"] > 0
    plain = DocumentEmbedder(
        Recipe(precision=encoder.precision),
        encoder=OpenVinoEncoder(minilm_folder(), "minilm", encoder.precision),
    )
    assert plain.fingerprint == embedder.fingerprint
    assert np.array_equal(plain.embed(["The roof."]), embedder.embed(["The roof."]))


def test_given_encoder_has_the_precision_that_it_has() -> None:
    embedder = DocumentEmbedder(Recipe(precision="auto"), encoder=FakeEncoder())
    assert embedder.recipe.precision == "float32"


def test_families_of_one_precision_have_that_one(tmp_path: Path) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text("roof 1 0\nkeys 0 1\n")
    assert load_encoder(f"glove:{path}", precision="auto").dim == 2
    with pytest.raises(SettingError, match="must be float32 for model glove"):
        load_encoder(f"glove:{path}", precision="int8")
