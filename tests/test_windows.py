from itertools import pairwise

import numpy as np
import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from longshot.tokens import MISSING_ID, Tokens
from longshot.windows import TokenWindow, iter_windows, whole_characters
from tests.fakes import WordTokenizer

CLUSTERS = ["a", "é", "e\u0301", "👩🏽\u200d🚀", "🇫🇷", "契", "م", "\r\n", " ", "각"]


def one_per_character(n_tokens: int) -> Tokens:
    starts = np.arange(n_tokens)
    return Tokens(ids=starts + 10, starts=starts, ends=starts + 1)


def cut(
    tokens: Tokens, window: int, overlap: int = 0, chunk: int = 1000
) -> list[TokenWindow]:
    text = "x" * (int(tokens.ends.max(initial=0)))
    chunks = (tokens[i : i + chunk] for i in range(0, len(tokens), chunk))
    return list(
        iter_windows(text, chunks, window_tokens=window, overlap_tokens=overlap)
    )


@st.composite
def cuts(draw: st.DrawFn) -> tuple[int, int, int, int]:
    """Draw numbers of tokens: all, in a window, in an overlap, in a chunk."""
    window = draw(st.integers(1, 12))
    overlap = draw(st.integers(0, window - 1))
    return draw(st.integers(1, 80)), window, overlap, draw(st.integers(1, 30))


@settings(deadline=None, max_examples=40)
@given(cuts())
def test_every_token_is_new_in_exactly_one_window(sizes: tuple[int, ...]) -> None:
    n_tokens, window, overlap, chunk = sizes
    windows = cut(one_per_character(n_tokens), window, overlap, chunk)
    new = [w.tokens.ids[w.window.n_tokens - w.window.n_new_tokens :] for w in windows]
    assert np.concatenate(new).tolist() == list(range(10, 10 + n_tokens))


@settings(deadline=None, max_examples=40)
@given(cuts())
def test_windows_are_full_and_overlap_as_asked(sizes: tuple[int, ...]) -> None:
    n_tokens, window, overlap, chunk = sizes
    windows = cut(one_per_character(n_tokens), window, overlap, chunk)
    assert all(w.window.n_tokens == window for w in windows[:-1])
    assert [w.window.index for w in windows] == list(range(len(windows)))
    for earlier, later in pairwise(windows):
        shared = np.intersect1d(earlier.tokens.ids, later.tokens.ids)
        assert len(shared) == overlap


@settings(deadline=None, max_examples=40)
@given(cuts())
def test_chunks_do_not_move_the_cuts(sizes: tuple[int, ...]) -> None:
    n_tokens, window, overlap, chunk = sizes
    tokens = one_per_character(n_tokens)
    in_chunks = [w.window for w in cut(tokens, window, overlap, chunk)]
    assert [w.window for w in cut(tokens, window, overlap)] == in_chunks


def test_text_without_tokens_gives_no_window() -> None:
    assert [] == cut(one_per_character(0), 4)


def test_windows_leave_before_the_last_chunk_is_read() -> None:
    tokens = one_per_character(30)
    chunks = iter([tokens[:10], tokens[10:20], tokens[20:]])
    windows = iter_windows("x" * 30, chunks, window_tokens=4)
    next(windows)
    assert len(list(chunks)) == 2


def test_window_spans_its_tokens_characters() -> None:
    text = "  one two three  four  "
    windows = iter_windows(text, [WordTokenizer().encode(text)], window_tokens=2)
    spans = [text[w.window.start : w.window.end] for w in windows]
    assert spans == ["one two", "three  four"]


def test_missing_words_are_counted_and_stand_in_no_window() -> None:
    tokens = one_per_character(7)
    tokens.ids[[0, 3, 6]] = MISSING_ID
    windows = cut(tokens, 3, chunk=2)
    assert [w.tokens.ids.tolist() for w in windows] == [[11, 12, 14], [15]]
    assert sum(w.window.n_missing for w in windows) == 3


def test_unknown_tokens_are_counted_once_where_windows_overlap() -> None:
    tokens = one_per_character(6)
    tokens.ids[:] = [3, 7, 3, 7, 3, 3]
    windows = iter_windows(
        "x" * 6, [tokens], window_tokens=3, overlap_tokens=2, unknown_id=3
    )
    assert sum(w.window.n_unknown for w in windows) == 4


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(CLUSTERS), min_size=1, max_size=60), st.data())
@example(["\r\n", "a"], None)
def test_span_of_whole_characters(clusters: list[str], data: st.DataObject) -> None:
    """Compared with the graphemes of the whole text, found from its beginning."""
    text = "".join(clusters)
    borders = [0, *(match.end() for match in regex.finditer(r"\X", text))]
    pairs = [(0, 1)]
    if data is not None:
        start = data.draw(st.integers(0, len(text) - 1))
        pairs = [(start, data.draw(st.integers(start + 1, len(text))))]
    for start, end in pairs:
        expected = (
            max(b for b in borders if b <= start),
            min(b for b in borders if b >= end),
        )
        assert expected == whole_characters(text, start, end)


@pytest.mark.parametrize("n_before", [0, 1, 30, 33, 65, 500])
@pytest.mark.parametrize("before", ["契", "a"])
def test_flags_in_a_long_row_stay_whole(n_before: int, before: str) -> None:
    """Which two signs make a flag is decided by the beginning of the row."""
    text = before + "🇫🇷" * (n_before + 3)
    inside = 1 + 2 * n_before + 1
    assert whole_characters(text, inside, inside) == (inside - 1, inside + 1)


def test_letter_with_many_combining_marks_stays_whole() -> None:
    text = "so " + "e" + "\u0301" * 200 + " so"
    assert whole_characters(text, 150, 160) == (3, 204)
