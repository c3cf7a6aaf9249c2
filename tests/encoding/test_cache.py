import os
import pickle
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from jaxtyping import Float, Int

from longshot.embedder import DocumentEmbedder
from longshot.encoding.cache import CacheEntry, VectorCache, content_key
from longshot.encoding.vector_file import StoredWindow
from longshot.encoding.vocabulary import Beginning, WordCount
from longshot.errors import LongshotWarning
from longshot.recipe import Recipe
from longshot.records import Span, Window
from longshot.tokens import Tokens
from tests.fakes import FakeEncoder, WordTokenizer

RECIPE = Recipe(model="fake", layers=(1, 2), window_tokens=5)
KEY = content_key("recipe", "text")


class CountingEncoder(FakeEncoder):
    """Counts the windows that it encodes."""

    n_encoded = 0

    def states(
        self, ids: Int[np.ndarray, "window framed_token"], layers: Sequence[int]
    ) -> Float[np.ndarray, "window layer framed_token dim"]:
        """Count and encode."""
        self.n_encoded += len(ids)
        return super().states(ids, layers)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[VectorCache]:
    opened = VectorCache(tmp_path / "vectors.sqlite")
    yield opened
    opened.close()


def stored_window(index: int, value: float = 1.0) -> StoredWindow:
    spans = (Span(0, 4, 1), Span(5, 9, 1))
    window = Window(
        index=index, start=0, end=9, n_tokens=2, n_new_tokens=2, spans=spans
    )
    means = np.full((2, 3), value, dtype=np.float32)
    return StoredWindow(window, means, means.astype(np.float16))


def embed(cache: VectorCache | None, *texts: str) -> tuple[np.ndarray, int]:
    """Give the vectors, and how many windows were encoded for them."""
    encoder = CountingEncoder()
    embedder = DocumentEmbedder(RECIPE, encoder=encoder, cache=cache)
    return embedder.embed(texts), encoder.n_encoded


def words(n: int, word: str = "roof") -> str:
    return " ".join(f"{word}{i}" for i in range(n))


def test_second_run_encodes_nothing_and_gives_the_same_bits(cache: VectorCache) -> None:
    texts = [words(23), "One short text.", words(400)]
    expected, n_first = embed(None, *texts)
    first, _ = embed(cache, *texts)
    cache.close()
    second, n_second = embed(VectorCache(cache.path), *texts)
    assert n_first > 80
    assert n_second == 0
    assert np.array_equal(expected, first)
    assert np.array_equal(first, second)


def test_windows_come_back_as_they_were(cache: VectorCache) -> None:
    embedder = DocumentEmbedder(RECIPE, encoder=FakeEncoder(), cache=cache)
    [first] = embedder.vectors([words(23)])
    [second] = embedder.vectors([words(23)])
    assert first.windows == second.windows
    assert np.array_equal(first.layer_means, second.layer_means)
    assert np.array_equal(first.span_vectors, second.span_vectors)


def test_duplicates_within_a_run_are_encoded_once(cache: VectorCache) -> None:
    _, n_encoded = embed(cache, *[words(5)] * 40)
    assert n_encoded == 1


def test_other_recipe_finds_nothing(cache: VectorCache) -> None:
    embed(cache, words(9))
    encoder = CountingEncoder()
    other = Recipe(model="fake", layers=(1, 3), window_tokens=5)
    DocumentEmbedder(other, encoder=encoder, cache=cache).embed([words(9)])
    assert encoder.n_encoded == 2


def test_document_cut_short_goes_on_where_it_stopped(cache: VectorCache) -> None:
    embedder = DocumentEmbedder(RECIPE, encoder=CountingEncoder(), cache=cache)
    expected = next(embedder.vectors([words(500)])).document
    cut = VectorCache(cache.path.with_name("cut.sqlite"))
    [entry], [whole] = (
        CacheEntry.of_each(one, embedder.fingerprint, [words(500)])
        for one in (cut, cache)
    )
    for stored in list(whole.windows())[:40]:
        entry.add(stored)
    cut.close()
    resumed, n_encoded = embed(cut, words(500))
    cut.close()
    assert n_encoded == 100 - 32  # a piece that was not full was not yet kept
    assert np.array_equal(expected, resumed[0])


def test_what_was_used_least_goes_first(cache: VectorCache) -> None:
    keys = [content_key("recipe", str(i)) for i in range(4)]
    for key in keys:
        cache.keep(key, [stored_window(0)], is_last=True)
        cache.flush()
    size_bytes = cache.totals().size_bytes // 4
    assert [one.n_windows for one in cache.known(keys[:1])] == [1]  # used last now
    cache.prune(2 * size_bytes)
    assert [one.n_windows for one in cache.known(keys)] == [1, None, None, 1]


def test_size_is_bounded(tmp_path: Path) -> None:
    small = VectorCache(tmp_path / "small.sqlite", max_bytes=1000)
    for i in range(50):
        small.keep(content_key("r", str(i)), [stored_window(0)], is_last=True)
        small.flush()
    assert 0 < small.totals().size_bytes <= 1000
    small.close()


def test_altered_piece_is_encoded_again(cache: VectorCache) -> None:
    expected, _ = embed(cache, words(9))
    cache.close()
    with sqlite3.connect(cache.path) as database:
        database.execute("UPDATE pieces_2 SET means = zeroblob(length(means))")
    database.close()
    again, n_encoded = embed(cache, words(9))
    assert n_encoded == 2
    assert np.array_equal(expected, again)


def test_file_that_is_no_cache_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    path.write_text("This is a letter, and no database at all. " * 100)
    cache = VectorCache(path)
    embed(cache, words(9))
    assert cache.totals().n_documents == 1
    cache.close()


def test_cache_that_cannot_be_written_is_told_of_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = VectorCache(tmp_path / "file" / "vectors.sqlite")
    with pytest.warns(LongshotWarning, match="goes on without it") as told:
        _, n_encoded = embed(cache, words(9), words(9, "wall"))
    assert len(told) == 1
    assert n_encoded == 4


class Halves(WordTokenizer):
    """Has no word whole, as if the language were another; counts what it reads."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def encode(self, text: str) -> Tokens:
        """Give each word in two pieces."""
        self.read.append(text)
        whole = super().encode(text)
        middles = (whole.starts + whole.ends + 1) // 2
        return Tokens(
            ids=np.repeat(whole.ids, 2),
            starts=np.stack([whole.starts, middles], axis=1).ravel(),
            ends=np.stack([middles, whole.ends], axis=1).ravel(),
        )


def test_nothing_of_a_kept_document_is_read_again(cache: VectorCache) -> None:
    """Neither its windows nor, for what the vocabulary lacks, its words."""
    texts, read = [words(9), words(12)], []
    for _ in range(2):
        encoder = FakeEncoder()
        tokenizer = encoder.tokenizer = Halves()
        embedder = DocumentEmbedder(RECIPE, encoder=encoder, cache=cache)
        embedder.embed(texts)
        read.append([text for text in texts if text in tokenizer.read])
        cache.close()

    assert read == [texts, []]


def test_what_the_beginning_told_goes_with_its_document(cache: VectorCache) -> None:
    told = Beginning("de", WordCount(n_words=9, n_lacking=3))
    cache.keep_beginning(KEY, told)
    assert cache.known([KEY])[0].beginning == told
    cache.flush()
    [unkept] = VectorCache(cache.path).known([KEY])
    assert unkept.beginning is None  # no window was kept
    cache.keep(KEY, [stored_window(0)], is_last=True)
    cache.flush()
    assert VectorCache(cache.path).known([KEY])[0].beginning == told
    cache.prune(0)
    assert cache.known([KEY])[0].beginning is None


def test_beginnings_wait_for_the_windows_of_thousands_of_short_documents(
    cache: VectorCache,
) -> None:
    told = Beginning("en", WordCount())
    keys = [content_key("recipe", str(number)) for number in range(9_000)]
    for key in keys:
        cache.keep_beginning(key, told)
    cache.flush()
    cache.keep(keys[0], [stored_window(0)], is_last=True)
    cache.flush()

    assert told == VectorCache(cache.path).known(keys[:1])[0].beginning


def test_what_is_not_written_yet_is_known(cache: VectorCache) -> None:
    first, second = [stored_window(n) for n in range(16)], [stored_window(16)]
    told = Beginning("de", WordCount(n_words=9, n_lacking=3))
    cache.keep(KEY, first, is_last=False)
    [known] = cache.known([KEY])
    assert (None, 16, None) == (known.n_windows, len(known.windows), known.beginning)
    cache.flush()
    cache.keep(KEY, second, is_last=True)
    cache.keep_beginning(KEY, told)

    [other, known] = cache.known([content_key("recipe", "other"), KEY])

    assert (None, 0) == (other.n_windows, len(other.windows))
    assert (17, 16, told) == (known.n_windows, len(known.windows), known.beginning)
    assert [16] == [one.window.index for one in cache.windows(KEY, 16)]


def test_other_process_opens_the_file_for_itself(cache: VectorCache) -> None:
    cache.keep(KEY, [stored_window(0)], is_last=True)
    cache.flush()
    copy = pickle.loads(pickle.dumps(cache))
    assert copy.known([KEY])[0].n_windows == 1
    copy.close()


WRITER = """
import sys
from tests.encoding.test_cache import content_key, stored_window, VectorCache
from pathlib import Path
cache = VectorCache(Path(sys.argv[1]))
for i in range(150):
    cache.keep(content_key(sys.argv[2], str(i)), [stored_window(0)], is_last=True)
    if i % 5 == 0:
        cache.flush()
cache.close()
"""


def test_processes_write_at_once(cache: VectorCache) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(cache.path), name])
        for name in ("a", "b", "b")
    ]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    totals = cache.totals()
    assert totals.n_documents == 300
    windows, spans, means, span_vectors = 9 * 8, 2 * 3 * 8, 2 * 3 * 4, 2 * 3 * 2
    assert totals.size_bytes == 300 * (windows + spans + means + span_vectors)


ENDLESS = """
import sys, time
from pathlib import Path
from longshot.encoding.cache import VectorCache
from longshot.embedder import DocumentEmbedder
from tests.encoding.test_cache import FakeEncoder, RECIPE, words

class Slow(FakeEncoder):
    def means(self, *given):
        time.sleep(0.02)
        return super().means(*given)

embedder = DocumentEmbedder(
    RECIPE, encoder=Slow(), cache=VectorCache(Path(sys.argv[1]))
)
texts = (words(7 + i, f"w{i}") for i in range(10**9))
for i, _ in enumerate(embedder.vectors(texts)):
    print(i, flush=True)
"""


def test_killed_run_goes_on_and_gives_the_same(cache: VectorCache) -> None:
    """SIGKILL leaves no time to tidy up; at most the last second is lost."""
    command = [sys.executable, "-c", ENDLESS, str(cache.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        while cache.totals().n_documents < 61:  # the last of them may be cut short
            assert run.stdout.readline()
        os.kill(run.pid, signal.SIGKILL)
    texts = [words(7 + i, f"w{i}") for i in range(60)]
    expected, n_undisturbed = embed(None, *texts)
    actual, n_resumed = embed(cache, *texts)
    assert n_resumed == 0 < n_undisturbed
    assert np.array_equal(expected, actual)
