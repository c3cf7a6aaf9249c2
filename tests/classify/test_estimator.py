from copy import copy
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longshot.classify import LongshotClassifier
from longshot.classify.models.fitting import Head
from longshot.embedder import DocumentEmbedder
from longshot.errors import EmptyDocumentError, ExamplesError, SettingError
from longshot.recipe import Recipe
from longshot.records import Document, SetAside
from longshot.similarity import cosine
from tests.fakes import FakeEncoder

TEXTS = [
    "the tenant pays rent",
    "rent is due to the landlord of the house each month",
    "the boiler leaks",
    "a crack in the wall was found by the surveyor",
    "members voted and the chair closed",
]
LABELS = ["lease", "lease", "report", "report", "minutes"]
PILE = ["the landlord wants rent", "the wall leaks", "the chair voted", "rent boiler"]


def made(head: Head = "prototype") -> LongshotClassifier:
    embedder = DocumentEmbedder(
        Recipe(model="fake", window_tokens=4), encoder=FakeEncoder()
    )
    return LongshotClassifier(head=head, embedder=embedder)


@cache
def learned_at_once(head: Head) -> tuple[tuple[str, ...], np.ndarray]:
    """Give the ids, and the pile's probabilities, by a fit of all examples."""
    classifier = made(head).fit(TEXTS, LABELS)
    return classifier.example_ids_, classifier.predict_proba(PILE)


def objects(*values: object) -> np.ndarray:
    """Make an array as pandas gives it, where any column may hold anything."""
    return np.array(values, dtype=object)


@pytest.fixture(scope="module")
def learned() -> LongshotClassifier:
    """Give a classifier that learned once; what it learned is never altered."""
    return made("views").fit(TEXTS, LABELS)


@pytest.fixture
def fitted(learned: LongshotClassifier) -> LongshotClassifier:
    """Give a copy, which a test may teach more."""
    return copy(learned)


def test_nearest_takes_the_label_of_the_closest_example_by_cosine(
    embedder: DocumentEmbedder,
) -> None:
    vectors = embedder.embed([*TEXTS, *PILE])
    examples, pile = vectors[: len(TEXTS)], vectors[len(TEXTS) :]
    closest = [np.argmax([cosine(one, other) for other in examples]) for one in pile]

    classifier = LongshotClassifier(head="nearest", embedder=embedder)

    expected = [LABELS[i] for i in closest]
    assert expected == classifier.fit(TEXTS, LABELS).predict(PILE).tolist()


@pytest.mark.parametrize("head", ["views", "nearest", "prototype"])
def test_one_example_per_class_is_enough(head: Head) -> None:
    classifier = made(head).fit(["the rent", "a boiler"], ["lease", "report"])

    assert ["report", "lease"] == classifier.predict(["a boiler", "the rent"]).tolist()


def test_the_real_model_tells_a_lease_from_a_report(minilm: DocumentEmbedder) -> None:
    classifier = LongshotClassifier(head="nearest", embedder=minilm).fit(
        ["The tenant pays the rent.", "The inspector found a leak."],
        ["lease", "report"],
    )

    texts = ["The landlord may end this tenancy.", "Damp was seen on the ceiling."]
    assert ["lease", "report"] == classifier.predict(texts).tolist()


@pytest.mark.parametrize("head", ["views", "nearest", "prototype"])
@settings(max_examples=25)
@given(order=st.permutations(range(len(TEXTS))))
def test_the_order_of_the_examples_never_matters(head: Head, order: list[int]) -> None:
    classifier = made(head).fit([TEXTS[i] for i in order], [LABELS[i] for i in order])

    _, expected = learned_at_once(head)
    assert np.array_equal(expected, classifier.predict_proba(PILE))


@pytest.mark.parametrize("head", ["views", "nearest", "prototype"])
@settings(max_examples=25)
@given(split=st.integers(3, len(TEXTS)), order=st.permutations(range(len(TEXTS))))
def test_added_examples_count_as_if_they_had_always_been_there(
    head: Head, split: int, order: list[int]
) -> None:
    """Three examples hold two labels at least, so that any first part can be fitted."""
    texts, labels = [TEXTS[i] for i in order], [LABELS[i] for i in order]

    grown = made(head).fit(texts[:split], labels[:split])
    grown.add(texts[split:], labels[split:])

    ids, expected = learned_at_once(head)
    assert ids == grown.example_ids_
    assert expected == pytest.approx(grown.predict_proba(PILE), abs=1e-6)


def test_removing_undoes_adding(fitted: LongshotClassifier) -> None:
    before, ids = fitted.predict_proba(PILE), fitted.example_ids_

    fitted.add(["a ferry sank"], ["accident"], ids=["new"])
    assert "accident" in fitted.classes_
    fitted.remove(["new"])

    assert ids == fitted.example_ids_
    assert np.array_equal(before, fitted.predict_proba(PILE))


def test_a_new_label_takes_effect_at_once(fitted: LongshotClassifier) -> None:
    fitted.add(["a ferry sank"], ["accident"])

    assert ["accident", "lease", "minutes", "report"] == fitted.classes_.tolist()
    assert ["accident"] == fitted.predict(["a ferry sank"]).tolist()


def test_a_label_without_examples_is_gone(fitted: LongshotClassifier) -> None:
    fitted.add(["a ferry sank"], ["accident"], ids=["new"]).remove(["new"])

    assert ["lease", "minutes", "report"] == fitted.classes_.tolist()


def test_the_same_example_twice_counts_once(fitted: LongshotClassifier) -> None:
    twice = made("views").fit([*TEXTS, TEXTS[0]], [*LABELS, LABELS[0]])

    assert fitted.example_ids_ == twice.example_ids_
    assert np.array_equal(fitted.predict_proba(PILE), twice.predict_proba(PILE))
    assert fitted.example_ids_ == twice.add(TEXTS[:1], LABELS[:1]).example_ids_


def test_the_same_text_under_two_labels_is_kept_under_both() -> None:
    classifier = made().fit(["the rent", "the rent"], ["a", "b"])

    assert [[0.5, 0.5]] == classifier.predict_proba(["any text"]).tolist()


def test_given_ids_name_the_examples(classifier: LongshotClassifier) -> None:
    ids = ["a", "b", "c", "d", "e"]

    assert set(ids) == set(classifier.fit(TEXTS, LABELS, ids=ids).example_ids_)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([3, 10], [3, 10]),
        ([True, False], [False, True]),
        ([np.str_("b"), np.str_("a")], ["a", "b"]),
        (np.array([2, 1]), [1, 2]),
        (np.array(["b", "a"]), ["a", "b"]),
        (np.array(["b", "a"], dtype=object), ["a", "b"]),
    ],
)
def test_labels_come_back_as_they_were_given(
    classifier: LongshotClassifier, labels: Any, expected: list[Any]
) -> None:
    classifier.fit(["the rent", "a boiler"], labels)

    assert expected == classifier.classes_.tolist()
    predicted = classifier.predict(["the rent", "a boiler"]).tolist()
    assert np.asarray(labels).tolist() == predicted


def test_probabilities_and_labels_agree(fitted: LongshotClassifier) -> None:
    sure = fitted.predict_proba(PILE)

    assert (len(PILE), 3) == sure.shape
    assert np.ones(len(PILE)) == pytest.approx(sure.sum(axis=1))
    expected = fitted.classes_[sure.argmax(axis=1)].tolist()
    assert expected == fitted.predict(PILE).tolist()


def test_classify_decides_as_predict(fitted: LongshotClassifier) -> None:
    predictions = fitted.classify(PILE, pile=False)

    assert fitted.predict(PILE).tolist() == [one.label for one in predictions]
    assert ["0", "1", "2", "3"] == [one.document_id for one in predictions]
    expected = fitted.predict_proba(PILE)
    for one, sure in zip(predictions, expected, strict=True):
        ranked = [(one.label, one.confidence), *one.alternatives]
        assert sorted(sure, reverse=True) == pytest.approx([p for _, p in ranked])
        assert set(fitted.classes_) == {label for label, _ in ranked}
        assert (1.0, 1) == (one.coverage, one.n_windows)


def test_no_documents_give_no_labels(fitted: LongshotClassifier) -> None:
    assert [] == fitted.predict([]).tolist()
    assert (0, 3) == fitted.predict_proba([]).shape
    assert () == fitted.classify([]).predictions


def test_a_document_without_tokens_is_set_aside_and_the_rest_goes_on(
    fitted: LongshotClassifier,
) -> None:
    documents = [
        Document(id="a", text=PILE[0]),
        Document(id="b", text=" ", source="b.txt"),
        Document(id="c", text=PILE[1]),
    ]
    set_aside: list[SetAside] = []

    predictions = fitted.classify(documents, on_set_aside=set_aside.append)

    assert ["a", "c"] == [one.document_id for one in predictions]
    assert [("b", "b.txt")] == [(one.id, one.source) for one in set_aside]


def test_documents_of_the_same_id_keep_their_own_text(
    fitted: LongshotClassifier,
) -> None:
    documents = [Document(id="a", text=text) for text in PILE]

    passages = [one.evidence.text for one in fitted.classify(documents) if one.evidence]

    assert PILE == passages


def test_windows_are_told_as_they_are_done(fitted: LongshotClassifier) -> None:
    told: list[tuple[str, int, int]] = []

    fitted.classify(["a b c d e f"], on_window=lambda *window: told.append(window))

    assert [("0", 7, 4), ("0", 4, 2)] == told


@pytest.mark.parametrize(
    ("texts", "labels", "ids", "error", "told"),
    [
        (
            [],
            [],
            None,
            ExamplesError,
            "examples must have at least two different labels; got no",
        ),
        (
            ["a", "b"],
            ["x", "x"],
            None,
            ExamplesError,
            "two different labels; got only x",
        ),
        (["a", "b"], ["x"], None, ExamplesError, "got 2 texts and 1 labels"),
        ("ab", ["x", "y"], None, ExamplesError, "Put it in a list"),
        (objects("a", 3), ["x", "y"], None, ExamplesError, "number 1 is of type int"),
        (
            objects("a", None),
            ["x", "y"],
            None,
            ExamplesError,
            "number 1 is of type NoneType",
        ),
        (["a", "b"], objects("x", None), None, ExamplesError, "number 1 is None"),
        (["a", "b"], ["x", 1], None, ExamplesError, r"1 \(number\) and 'x' \(text\)"),
        (["a", "b"], [True, 0], None, ExamplesError, r"0 \(number\) and True \(truth"),
        (["a", "b"], [1, True], None, ExamplesError, "must all be of one type"),
        (["a", "b"], ["x", ""], None, ExamplesError, "must have a name; got ''"),
        (["a", "b"], ["x", " \n"], None, ExamplesError, "must have a name"),
        (
            ["a", "b"],
            ["caf\xe9", "cafe\u0301"],
            None,
            ExamplesError,
            "written in one way",
        ),
        (["a", "b"], ["x", "y"], ["1"], ExamplesError, "got 1 ids and 2 texts"),
        (["a", "b"], ["x", "y"], ["1", "1"], ExamplesError, "1 occurs twice"),
        (["a", " "], ["x", "y"], None, EmptyDocumentError, "at least one token"),
        (["a", ""], ["x", "y"], None, EmptyDocumentError, "at least one token"),
        (["a", "b"], [1.0, float("nan")], None, ExamplesError, "number 1 is nan"),
        (["a", "b"], [0.5, 1.5], None, ValueError, "continuous"),
    ],
)
def test_what_is_no_labelled_set_is_an_error(
    classifier: LongshotClassifier,
    texts: Any,
    labels: Any,
    ids: list[str] | None,
    error: type[Exception],
    told: str,
) -> None:
    with pytest.raises(error, match=told):
        classifier.fit(texts, labels, ids=ids)


def test_a_failed_addition_changes_nothing(fitted: LongshotClassifier) -> None:
    before = fitted.predict_proba(PILE)
    fitted.add(["a ferry sank"], ["report"], ids=["x"]).remove(["x"])

    with pytest.raises(EmptyDocumentError):
        fitted.add(["a ferry", " "], ["x", "y"])

    assert np.array_equal(before, fitted.predict_proba(PILE))


def test_a_taken_id_is_an_error(fitted: LongshotClassifier) -> None:
    with pytest.raises(ExamplesError, match="occurs twice"):
        fitted.add(["a ferry"], ["x"], ids=[fitted.example_ids_[0]])


def test_an_unknown_id_cannot_be_removed(fitted: LongshotClassifier) -> None:
    with pytest.raises(ExamplesError, match="got nobody, which no example has"):
        fitted.remove(["nobody"])


def test_the_last_two_labels_cannot_be_removed() -> None:
    classifier = made().fit(["a", "b"], ["x", "y"], ids=["1", "2"])

    with pytest.raises(ExamplesError, match="got only y"):
        classifier.remove(["1"])

    assert ("1", "2") == classifier.example_ids_


def test_an_unknown_head_is_told_with_the_known_ones(
    embedder: DocumentEmbedder,
) -> None:
    classifier = LongshotClassifier(embedder=embedder).set_params(head="tail")

    with pytest.raises(
        SettingError, match="one of views, nearest, prototype; got tail"
    ):
        classifier.fit(TEXTS, LABELS)


def test_one_string_is_no_list_of_documents(fitted: LongshotClassifier) -> None:
    with pytest.raises(ExamplesError, match="Put it in a list"):
        fitted.predict("a text")


def test_an_added_label_is_checked_against_those_before(
    fitted: LongshotClassifier,
) -> None:
    label = str(fitted.classes_[0])

    with pytest.raises(ExamplesError, match="must have a name"):
        fitted.add(["a new text"], [""])
    with pytest.raises(ExamplesError, match="written in one way"):
        fitted.add(["one", "two"], [f"{label}\xe9", f"{label}e\u0301"])


def test_a_description_needs_a_name(classifier: LongshotClassifier) -> None:
    with pytest.raises(ExamplesError, match="must have a name"):
        classifier.fit([], [], {"lease": None, " ": "nothing"})


def test_one_example_of_each_of_many_classes_is_nothing_to_warn_of() -> None:
    """scikit-learn takes so many distinct labels for measurements, and says so."""
    labels = [f"kind {number}" for number in range(25)]

    classifier = made().fit([f"text number {label}" for label in labels], labels)

    assert sorted(labels) == classifier.classes_.tolist()
