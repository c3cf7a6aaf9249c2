from hypothesis import given
from hypothesis import strategies as st

from longshot.report.classified.excerpts import fair_share, kept_spans

SIZES = st.lists(st.integers(0, 10_000), min_size=1, max_size=30)


@st.composite
def passages(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    n_characters = draw(st.integers(1, 5_000))
    ends = st.integers(0, n_characters)
    pairs = draw(st.lists(st.tuples(ends, ends), max_size=5))
    return n_characters, [(min(pair), max(pair)) for pair in pairs]


@given(SIZES, st.integers(0, 100_000))
def test_shares_stay_within_the_budget_and_waste_none(
    sizes: list[int], budget: int
) -> None:
    share = fair_share(sizes, budget)

    taken = sum(min(size, share) for size in sizes)
    more = sum(min(size, share + 1) for size in sizes)
    assert taken <= budget
    assert more > budget or taken == sum(sizes)


@given(passages(), st.integers(1, 6_000))
def test_what_is_kept_lies_apart_in_order_and_is_about_the_share(
    text: tuple[int, list[tuple[int, int]]], share: int
) -> None:
    n_characters, wanted = text

    spans = kept_spans(n_characters, wanted, share)

    places = [place for span in spans for place in span]
    assert places == sorted(set(places))
    assert 0 <= places[0] < places[-1] <= n_characters
    assert sum(end - start for start, end in spans) <= share


@given(passages())
def test_a_text_that_fits_is_kept_whole(
    text: tuple[int, list[tuple[int, int]]],
) -> None:
    n_characters, wanted = text

    assert [(0, n_characters)] == kept_spans(n_characters, wanted, n_characters)


def test_passages_are_kept_before_what_is_around_them() -> None:
    spans = kept_spans(100_000, [(50_000, 50_600), (90_000, 90_600)], 2_000)

    kept = {place for start, end in spans for place in range(start, end)}
    assert kept >= {*range(400), *range(50_000, 50_600), *range(90_000, 90_600)}


def test_the_most_telling_passage_is_kept_first() -> None:
    spans = kept_spans(100_000, [(90_000, 91_000), (50_000, 51_000)], 1_200)

    assert [(0, 400), (90_000, 90_800)] == spans
