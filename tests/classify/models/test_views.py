"""The default head, through the estimator."""

from copy import copy

import numpy as np
import pytest

from longshot.classify import LongshotClassifier
from longshot.classify.models import views
from longshot.classify.models.views import ViewsModel, evidence_in_pile
from longshot.embedder import DocumentEmbedder
from longshot.errors import ExamplesError
from longshot.recipe import Recipe
from tests.fakes import FakeEncoder

TEXTS = [
    "the tenant pays rent to the landlord",
    "rent is due to the landlord of the house each month",
    "the boiler leaks and the roof leaks",
    "a crack in the wall and a leak were found by the surveyor",
    "members voted and the chair closed the meeting",
    "the chair opened the meeting and members spoke",
]
LABELS = ["lease", "lease", "report", "report", "minutes", "minutes"]
PILE = [
    "the landlord wants rent",
    "the wall leaks",
    "the chair voted with members",
    "rent for the boiler house is due",
    "leaks in the roof and the wall",
    "the meeting of members was closed",
    "rent rent rent",
    "a surveyor found the crack",
]


def made(*, names: bool = True, **settings: object) -> LongshotClassifier:
    recipe = Recipe(model="fake", **{"window_tokens": 4, **settings})  # type: ignore[arg-type]
    embedder = DocumentEmbedder(recipe, encoder=FakeEncoder())
    return LongshotClassifier(names=names, embedder=embedder)


@pytest.fixture(scope="module")
def learned() -> LongshotClassifier:
    """Give a classifier that learned once; what it learned is never altered."""
    return made().fit(TEXTS, LABELS)


@pytest.fixture
def fitted(learned: LongshotClassifier) -> LongshotClassifier:
    """Give a copy, which a test may teach more."""
    return copy(learned)


def test_examples_are_recognised(fitted: LongshotClassifier) -> None:
    assert LABELS == fitted.predict(TEXTS).tolist()


@pytest.mark.parametrize("together", [False, True])
def test_the_order_of_the_pile_does_not_matter(
    fitted: LongshotClassifier, together: bool
) -> None:
    decide = fitted.predict_proba_pile if together else fitted.predict_proba
    order = np.random.default_rng(0).permutation(len(PILE))

    expected = decide(PILE)[order]

    # Sums in another order differ by rounding, which the regressions' few rounds raise.
    assert expected == pytest.approx(decide([PILE[i] for i in order]), abs=1e-3)


def test_a_document_alone_does_not_depend_on_the_others(
    fitted: LongshotClassifier,
) -> None:
    whole = fitted.predict_proba(PILE)

    for text, expected in zip(PILE, whole, strict=True):
        assert expected == pytest.approx(fitted.predict_proba([text])[0], abs=1e-6)


def test_names_alone_are_enough() -> None:
    classifier = made().fit([], [], descriptions=["landlord rent", "roof leaks"])

    decided = classifier.predict(["rent to the landlord", "the roof leaks"])
    assert ["landlord rent", "roof leaks"] == decided.tolist()
    (one,) = classifier.classify(["rent to the landlord"])
    assert one.evidence is not None
    assert one.evidence.match is None


def test_a_description_stands_for_a_name() -> None:
    names = {"A1": "rent landlord tenant", "B2": "boiler roof leaks"}
    classifier = made().fit([], [], descriptions=names)

    assert ["B2"] == classifier.predict(["the roof leaks"]).tolist()


def test_a_label_may_have_only_a_name() -> None:
    classifier = made().fit(TEXTS[:4], LABELS[:4], descriptions=["members meeting"])

    assert ["lease", "members meeting", "report"] == classifier.classes_.tolist()
    decided = classifier.predict(["members meeting", "rent is due to the landlord"])
    assert ["members meeting", "lease"] == decided.tolist()


def test_a_label_without_name_and_example_is_an_error() -> None:
    with pytest.raises(
        ExamplesError,
        match="must have a name that is used as evidence, or a description; 3 has",
    ):
        made().fit(TEXTS[:2], [1, 2], descriptions={3: None})


def test_numbers_as_names_say_nothing() -> None:
    numbered = made().fit(TEXTS, [int(label == "lease") for label in LABELS])
    without = made(names=False).fit(TEXTS, [int(label == "lease") for label in LABELS])

    assert np.array_equal(without.predict_proba(PILE), numbered.predict_proba(PILE))


def test_names_that_mislead_cost_nothing() -> None:
    """Each label is named by another label's words."""
    wrong = {
        "lease": "boiler roof leaks crack wall",
        "report": "members chair meeting voted",
        "minutes": "rent landlord tenant house",
    }
    misled = made().fit(TEXTS, LABELS, descriptions=wrong)

    assert LABELS == misled.predict(TEXTS).tolist()
    texts = ["the tenant pays rent", "the roof leaks", "members voted"]
    assert ["lease", "report", "minutes"] == misled.predict(texts).tolist()


def test_what_was_learned_can_be_asked_for(fitted: LongshotClassifier) -> None:
    lines = fitted.explain_fit()

    assert any(line.startswith("examples in body: weight") for line in lines)
    assert any(line.startswith("names in spans: weight") for line in lines)
    assert "weights fitted on 6 held-out examples" == lines[-1]
    report = fitted.classify(PILE).report
    assert any(line.startswith("what the pile says: weights") for line in report)
    assert lines == fitted.explain_fit()


def test_a_pile_of_one_is_judged(fitted: LongshotClassifier) -> None:
    assert ["lease"] == fitted.predict_pile(PILE[:1]).tolist()
    assert [] == fitted.predict_pile([]).tolist()


def test_the_model_is_a_pure_function_of_the_set(fitted: LongshotClassifier) -> None:
    order = np.random.default_rng(0).permutation(len(TEXTS))
    again = made().fit([TEXTS[row] for row in order], [LABELS[row] for row in order])

    expected = fitted.predict_proba(PILE)
    assert np.array_equal(expected, again.predict_proba(PILE))


def test_of_a_very_large_pile_some_is_learned_from_and_all_is_judged(
    fitted: LongshotClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [
        f"{text} {word}" for word in "again still now once".split() for text in PILE
    ]
    whole = fitted.predict_proba_pile(texts)
    monkeypatch.setattr(views, "MOST_SCORES", 3 * 24)

    found = fitted.predict_proba_pile(texts)

    assert whole.shape == found.shape
    assert pytest.approx(1.0, abs=1e-5) == found.sum(axis=1)
    assert (whole.argmax(axis=1) == found.argmax(axis=1)).mean() > 0.9
    order = np.random.default_rng(0).permutation(len(texts))
    again = fitted.predict_proba_pile([texts[row] for row in order])
    assert pytest.approx(found[order], abs=1e-5) == again


def test_documents_are_held_against_what_the_pile_has_in_common(
    fitted: LongshotClassifier,
) -> None:
    model = fitted._model
    assert isinstance(model, ViewsModel)
    pile = fitted.features(PILE)

    of_pile = evidence_in_pile(model.examples, model.names, pile)

    assert not np.allclose(of_pile.statistics.layers, model.evidence.statistics.layers)


def test_a_pile_of_nearly_one_class_is_still_told_apart(
    fitted: LongshotClassifier,
) -> None:
    rents = [f"the tenant pays rent to the landlord {n}" for n in range(20)]

    decided = fitted.predict_pile([*rents, "the roof leaks"])

    assert ["lease"] * 20 + ["report"] == decided.tolist()
