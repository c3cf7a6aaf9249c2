import gzip
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from longshot.encoders.static.files import read_vectors
from longshot.encoders.static.training import TrainedVectors, vector_file_bytes
from longshot.errors import ModelIntegrityError, ModelNotFoundError

GLOVE = b"the 1 2 3\nmouse -0.5 1e-3 2\n"
WORD2VEC = b"2 3\n" + GLOVE


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vectors"


def read(path: Path) -> tuple[list[str], np.ndarray]:
    chunks = list(read_vectors(path))
    words = [word for chunk, _ in chunks for word in chunk]
    return words, np.concatenate([vectors for _, vectors in chunks])


@pytest.mark.parametrize("content", [GLOVE, WORD2VEC, gzip.compress(WORD2VEC)])
def test_header_and_zip_are_recognised_by_content(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    words, vectors = read(path)
    assert words == ["the", "mouse"]
    assert (
        vectors.tolist()
        == np.array([[1, 2, 3], [-0.5, 1e-3, 2]], dtype=np.float32).tolist()
    )


def test_blanks_at_the_end_of_lines_and_tabs_do_not_matter(path: Path) -> None:
    path.write_bytes(b"2 2 \nthe 1 2 \r\nmouse\t3\t4 \n")
    assert read(path)[1].tolist() == [[1, 2], [3, 4]]


def test_word_with_blanks_is_read_from_the_right(path: Path) -> None:
    path.write_bytes(b"the 1 2\nat name@domain.com 3 4\n. . . 5 6\n")
    assert read(path)[0] == ["the", "at name@domain.com", ". . ."]


vocabularies = st.lists(
    st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1),
    min_size=1,
    max_size=20,
    unique=True,
)


@given(data=st.data(), words=vocabularies, suffix=st.sampled_from([".vec", ".bin"]))
def test_written_vectors_are_read_again(
    data: st.DataObject,
    words: list[str],
    suffix: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    finite = st.floats(-(2.0**90), 2.0**90, width=32)
    shape = (len(words), 3)
    vectors = data.draw(arrays.arrays(np.float32, shape, elements=finite))
    path = tmp_path_factory.mktemp("vectors") / f"vectors{suffix}"
    path.write_bytes(
        b"".join(vector_file_bytes(TrainedVectors(words=words, vectors=vectors), path))
    )
    again, numbers = read(path)
    assert again == words
    np.testing.assert_array_equal(numbers, vectors)


@pytest.mark.parametrize("binary", [True, False])
def test_files_that_gensim_writes_are_read(path: Path, binary: bool) -> None:
    gensim = pytest.importorskip("gensim.models")
    vectors = np.random.default_rng(0).normal(size=(2500, 7)).astype(np.float32)
    written = gensim.KeyedVectors(7)
    written.add_vectors([f"wörd{i}" for i in range(2500)], vectors)
    written.save_word2vec_format(str(path), binary=binary)
    loaded = gensim.KeyedVectors.load_word2vec_format(str(path), binary=binary)
    words, numbers = read(path)
    assert words == loaded.index_to_key
    np.testing.assert_array_equal(numbers, loaded.vectors)


def broken() -> Iterator[tuple[bytes, str]]:
    yield b"the 1 2\nmouse 1\n", r"a word and 2 numbers; line 2 holds 1"
    yield b"2 2\nthe 1 2\nmouse 1 2 x\n", r"line 3 holds something else"
    yield b"the 1 2\nmouse 1 2 3 x\n", r"line 2 holds something else"
    yield b"3 2\nthe 1 2\nmouse 3 4\n", r"the 3 words of its first line; it holds 2"
    yield b"the 1 nan\n", r"finite numbers; the vector of 'the'"
    yield b"the\n", r"line 1 holds no numbers"
    yield b"", r"line 1 holds no numbers"
    yield b"2 2\nthe \x00\x00\x80\x3f\x00\x00", r"damaged or cut short"
    yield b"2 3\n" + b"\xff" * 200_000, r"damaged or cut short"
    yield gzip.compress(WORD2VEC)[:-12], r"readable to its end"


@pytest.mark.parametrize(("content", "told"), list(broken()))
def test_broken_file_is_told_in_one_line(path: Path, content: bytes, told: str) -> None:
    path.write_bytes(content)
    with pytest.raises(ModelIntegrityError, match=told) as error:
        list(read_vectors(path))
    assert "\n" not in str(error.value)


def test_missing_file_is_told(path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="there is no"):
        next(read_vectors(path))
