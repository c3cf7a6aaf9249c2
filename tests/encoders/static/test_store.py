import os
from pathlib import Path

import numpy as np
import pytest

from longshot.encoders.static import store
from longshot.encoders.static.store import open_word_vectors
from longshot.errors import ModelIntegrityError, ModelNotFoundError
from longshot.machine.locations import CACHE_VARIABLE, cache_folder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "vectors.txt"
    path.write_text("the 1 2\nmouse 3 4\nthe 5 6\n")
    return path


def test_first_vector_of_a_word_counts_and_the_others_are_counted(path: Path) -> None:
    opened = open_word_vectors(path)
    assert opened.rows == {"the": 0, "mouse": 1}
    assert opened.vectors.tolist() == [[1, 2], [3, 4]]
    assert opened.n_repeated == 1


def test_second_use_maps_the_file_without_parsing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_word_vectors(path)
    monkeypatch.setattr(store, "read_vectors", None)
    second = open_word_vectors(path)
    assert isinstance(second.vectors.base, np.memmap)
    assert second.fingerprint == first.fingerprint


def test_changed_file_is_converted_anew(path: Path) -> None:
    first = open_word_vectors(path)
    path.write_text("the 1 2\n")
    os.utime(path, ns=(1, 1))
    assert open_word_vectors(path).fingerprint != first.fingerprint


def test_same_words_and_numbers_have_one_fingerprint(path: Path) -> None:
    binary = path.with_name("vectors.bin")
    numbers = np.array([[1, 2], [3, 4]], dtype="<f4")
    binary.write_bytes(
        b"2 2\nthe " + numbers[0].tobytes() + b"mouse " + numbers[1].tobytes()
    )
    fingerprints = {open_word_vectors(file).fingerprint for file in (path, binary)}
    assert len(fingerprints) == 1


def test_nothing_is_left_of_a_conversion_that_failed(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    path.write_text("the 1 2\n" * 2000 + "mouse x y\n")
    with pytest.raises(ModelIntegrityError, match="line 2001"):
        open_word_vectors(path)
    assert not list((cache_folder() / "word-vectors").iterdir())


def test_header_without_words_is_told(path: Path) -> None:
    path.write_text("0 2\n")
    with pytest.raises(ModelIntegrityError, match="at least one word"):
        open_word_vectors(path)


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="there is no"):
        open_word_vectors(tmp_path / "nowhere")
