"""Cues: zeros for a file's first unit, and each says what its name says."""

import numpy as np
import pytest

from longshot import DocumentEmbedder
from longshot.classify import Layout, extract
from longshot.packets.cues import CUES, KnownDocuments, cues_of
from longshot.packets.furniture import is_same_furniture, page_number
from longshot.packets.units import UnitKind
from longshot.packets.weights import fitted_weights
from tests.packets.conftest import LEASE, MINUTES

UNIT_KINDS: tuple[UnitKind, ...] = ("page", "passage")


def found(
    texts: list[str], known: list[str] | None = None, kind: UnitKind = "page"
) -> dict[str, list[float]]:
    embedder = DocumentEmbedder(cache=None)

    def features(some: list[str]) -> object:
        vectors = embedder.vectors(some)
        return extract(zip(vectors, some, strict=True), Layout.of(embedder))

    examples = features(known) if known else None
    known_documents = KnownDocuments(examples=examples)  # type: ignore[arg-type]
    rows = cues_of(texts, features(texts), known_documents, kind)  # type: ignore[arg-type]
    return {name: rows[:, place].tolist() for place, name in enumerate(CUES[kind])}


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
    for kind in UNIT_KINDS:
        rows = found(list(LEASE), kind=kind)
        assert all(values[0] == 0.0 for values in rows.values())
        assert all(v == [0.0] for v in found([LEASE[0]], kind=kind).values())


def test_passages_are_compared_several_at_a_time() -> None:
    rows = found([*LEASE, *MINUTES], kind="passage")
    boundary = len(LEASE)
    for name in ("around, of four", "words of four"):
        assert rows[name][boundary] == min(rows[name][1:])
    assert rows["lowest of words"][boundary] == 1.0
    assert rows["depth of words"][boundary] == max(rows["depth of words"])


def test_a_sign_that_most_passages_show_says_little() -> None:
    text, title = "and the rent is due on the first of May.", "THE RENT\n\nIt is due."
    few = found([text, text, text, title, text, text], kind="passage")["title"]
    many = found([text, title, title, title, title, title], kind="passage")["title"]
    assert few[3] > many[3] > 0.0
    mail = "From: Ann\nSubject: the rent\n\nDear Ben,"
    rows = found([f"{text}\n\n\n", mail, text + "\n\n", text], kind="passage")
    assert rows["message"][1] > 0 == rows["message"][2]
    assert rows["greeting"][1] > 0 == rows["greeting"][2]
    assert rows["blank lines"][1] > 0 == rows["blank lines"][2]


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


@pytest.mark.parametrize("kind", UNIT_KINDS)
def test_every_cue_has_a_fitted_weight(kind: UnitKind) -> None:
    weights = fitted_weights(kind)
    assert len(weights.cues) == len(CUES[kind])
    assert np.isfinite(weights.cues).all()


def test_examples_that_are_shorter_than_a_page_count_as_one_page() -> None:
    """Else one section would be likelier than three pages that each are too long."""
    embedder = DocumentEmbedder(cache=None)
    layout = Layout.of(embedder)
    short, pages = (
        extract(zip(embedder.vectors(texts), texts, strict=True), layout)
        for texts in (["Rent.", "Boiler."], [40 * "The tenant pays the rent. "] * 3)
    )
    lengths = KnownDocuments(examples=short).lengths(pages)
    assert lengths is not None
    assert lengths.mean == pages.n_tokens[0]
    assert KnownDocuments().lengths(pages) is None
