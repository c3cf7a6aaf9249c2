from pathlib import Path

import pytest

from longshot.errors import SettingError
from longshot.records import (
    Document,
    Evidence,
    PageStart,
    Passage,
    Prediction,
    Window,
)
from longshot.report.classified import Mark, classified_pile
from tests.report.classified.piles import document, match, pile


def prediction(document_id: str, label: str | None = "lease") -> Prediction:
    window = Window(index=0, start=2, end=9, n_tokens=3, n_new_tokens=3)
    passage = Passage(start=2, end=9, text="e rent.", contribution=0.25)
    against = Passage(start=0, end=2, text="th", contribution=-0.5)
    evidence = Evidence(
        label="lease",
        passage=passage,
        window=window,
        text="e rent.",
        contribution=-0.25,
        match=match("a.txt", "owes the rent", 0.75),
        score=-0.25,
        contributions=(-0.25,),
        supporting=(passage,),
        opposing=(against,),
    )
    return Prediction(
        document_id=document_id,
        label=label,
        confidence=0.5,
        alternatives=(("report", 0.25),),
        evidence=evidence,
        n_tokens=3,
        n_windows=1,
        coverage=0.5,
        notes=("guessed",),
    )


def test_decisions_texts_truth_and_places_come_together() -> None:
    whole = classified_pile(
        [prediction("x"), prediction("y", label=None)],
        [
            Document(id="y", text="more"),
            Document(
                id="x",
                text="the rent.",
                source=__file__,
                pages=(PageStart(1, 0),),
            ),
        ],
        title="two",
        labels=["report"],
        truth={"x": "lease"},
        positions=[(0.0, 1.0), (2.0, 3.0)],
    )

    one, other = whole.documents
    assert ("report", "lease") == whole.labels
    assert ("the rent.", "lease", (0.0, 1.0), 0.5) == (
        one.text, one.truth, one.position, one.coverage,
    )  # fmt: skip
    expected = Mark(
        start=2,
        end=9,
        contribution=0.25,
        label="lease",
        match=match("a.txt", "owes the rent", 0.75),
    )
    against = Mark(start=0, end=2, contribution=-0.5, label="lease")
    assert (expected, against) == one.passages
    assert (None, None) == (other.label, other.truth)
    assert (Path(__file__), ("guessed",), (PageStart(1, 0),)) == (
        one.file, one.notes, one.pages,
    )  # fmt: skip


@pytest.mark.parametrize("source", ["", "table.csv, row 3", "a\0b", "x" * 5000])
def test_what_has_no_file_of_its_own_has_no_link(source: str) -> None:
    document = Document(id="x", text="the rent.", source=source)

    (one,) = classified_pile([prediction("x")], [document], title="one").documents

    assert one.file is None


def test_a_prediction_without_its_document_is_told() -> None:
    with pytest.raises(SettingError, match="x is missing"):
        classified_pile([prediction("x")], [], title="one")


def test_places_for_some_only_are_told() -> None:
    documents = [Document(id="x", text="")]
    with pytest.raises(SettingError, match="got 0 for 1"):
        classified_pile([prediction("x")], documents, title="one", positions=[])


@pytest.mark.parametrize(
    ("label", "truth", "is_right"),
    [
        ("lease", "lease", True),
        ("lease", "report", False),
        ("lease", "poem", False),
        (None, "lease", False),
        (None, "poem", True),
        ("lease", None, None),
    ],
)
def test_none_of_these_is_right_for_what_no_label_fits(
    label: str | None, truth: str | None, is_right: bool | None
) -> None:
    assert is_right is pile().is_right(document(0, label=label, truth=truth))
