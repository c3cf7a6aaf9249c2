"""Cues: zeros for a file's first unit, and each says what its name says."""

import numpy as np
import pytest

from longshot import DocumentEmbedder
from longshot.classify import Layout, extract
from longshot.packets.cues import CUES, KnownDocuments, cues_of
from longshot.packets.furniture import is_same_furniture, page_number
from longshot.packets.weights import fitted_weights
from tests.packets.conftest import LEASE, MINUTES


def found(texts: list[str], known: list[str] | None = None) -> dict[str, list[float]]:
    embedder = DocumentEmbedder(cache=None)

    def features(some: list[str]) -> object:
        vectors = embedder.vectors(some)
        return extract(zip(vectors, some, strict=True), Layout.of(embedder))

    examples = features(known) if known else None
    rows = cues_of(texts, features(texts), KnownDocuments(examples=examples))  # type: ignore[arg-type]
    return {name: rows[:, place].tolist() for place, name in enumerate(CUES)}


def test_pages_of_one_document_are_more_alike_than_pages_of_two() -> None:
    rows = found([*LEASE, *MINUTES])
    boundary = len(LEASE)
    for name in ("body", "words"):
        assert rows[name][boundary] < min(rows[name][1:boundary])


def test_a_first_page_looks_like_the_first_pages_of_examples() -> None:
    other = (
        "LEASE OF A STALL\n\nThis lease is made between the owner and the tenant of "
    )
    other += (
        "the stall in Mill Lane. The tenant pays the rent on the first of the month."
    )
    known = [f"{LEASE[0]}\n\n{4 * LEASE[2]}", "\n\n".join(MINUTES)]
    rows = found([*MINUTES, other, LEASE[1]], known)
    assert rows["title alike"][2] > rows["title alike"][3]
    assert rows["length unknown"] == [0.0] * 4


def test_the_first_unit_has_no_cue_and_a_file_of_one_unit_none_at_all() -> None:
    assert all(values[0] == 0.0 for values in found(list(LEASE)).values())
    assert all(values == [0.0] for values in found([LEASE[0]]).values())


@pytest.mark.parametrize(
    ("page", "number"),
    [
        ("text\n7", 7),
        ("text\nPage 7 of 9", 7),
        ("- 7 -\ntext that goes on", 7),
        ("Annual report · page 7\ntext", 7),
        ("Seite 7\nText", 7),
        ("in 1998 the roof leaked\nand so on", None),
        ("", None),
    ],
)
def test_a_page_number_is_read_at_the_edge_of_a_page(
    page: str, number: int | None
) -> None:
    assert page_number(page) == number


def test_lines_that_differ_in_digits_alone_are_the_same_furniture() -> None:
    assert is_same_furniture("text\nMinutes, page 3", "more\nMinutes, page 4")
    assert not is_same_furniture("one\n3", "two\n4")


@pytest.mark.parametrize("kind", ["page", "passage"])
def test_every_cue_has_a_fitted_weight(kind: str) -> None:
    weights = fitted_weights(kind)
    assert len(weights.cues) == len(CUES)
    assert np.isfinite(weights.cues).all()
