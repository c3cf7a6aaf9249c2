"""The contract of scikit-learn, as far as it applies to an estimator over texts."""

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone, is_classifier
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import estimator_checks, get_tags

from longshot.classify import LongshotClassifier
from longshot.embedder import DocumentEmbedder
from longshot.recipe import Recipe
from tests.fakes import FakeEncoder

LEASES = [f"the tenant {n} pays rent to the landlord" for n in range(6)]
REPORTS = [f"boiler {n} leaks and the wall cracked" for n in range(6)]
TEXTS = [*LEASES, *REPORTS]
LABELS = ["lease"] * 6 + ["report"] * 6
FAKE = DocumentEmbedder(Recipe(model="fake"), encoder=FakeEncoder())


@pytest.mark.filterwarnings("ignore:Can't test estimator")  # those that need numbers
def test_the_checks_for_any_input_pass() -> None:
    results = estimator_checks.check_estimator(LongshotClassifier(embedder=FAKE))

    assert {"passed"} == {result["status"] for result in results}


@pytest.mark.parametrize(
    "check",
    [
        estimator_checks.check_estimator_repr,
        estimator_checks.check_estimator_tags_renamed,
        estimator_checks.check_get_params_invariance,
        estimator_checks.check_mixin_order,
        estimator_checks.check_no_attributes_set_in_init,
        estimator_checks.check_parameters_default_constructible,
        estimator_checks.check_set_params,
        estimator_checks.check_valid_tag_types,
    ],
)
def test_the_checks_that_need_no_numbers_pass(check: Callable[..., None]) -> None:
    """scikit-learn leaves them out for text input, though they can run."""
    check("LongshotClassifier", LongshotClassifier(embedder=FAKE))


def test_it_is_a_classifier_over_strings() -> None:
    tags = get_tags(LongshotClassifier())

    assert is_classifier(LongshotClassifier())
    assert (True, False) == (tags.input_tags.string, tags.input_tags.two_d_array)


def test_parameters_are_few_and_stored_as_given() -> None:
    classifier = LongshotClassifier(head="nearest", embedder=FAKE)

    expected = {
        "model": "minilm",
        "head": "nearest",
        "names": True,
        "names_model": None,
        "unknown": None,
        "read": "all",
        "verbose": None,
        "embedder": FAKE,
    }
    assert expected == classifier.get_params(deep=False)


def test_a_clone_is_not_fitted_and_shares_the_loaded_model() -> None:
    classifier = LongshotClassifier(head="nearest", embedder=FAKE).fit(TEXTS, LABELS)

    copy = clone(classifier)

    assert classifier.get_params() == copy.get_params()
    with pytest.raises(NotFittedError):
        copy.predict(TEXTS)


@pytest.mark.parametrize(
    "use",
    [
        lambda one: one.predict(TEXTS),
        lambda one: one.predict_proba(TEXTS),
        lambda one: one.classify(TEXTS),
        lambda one: one.explain(TEXTS[0]),
        lambda one: one.add(TEXTS, LABELS),
        lambda one: one.remove(["a"]),
        lambda one: one.save("anywhere"),
    ],
)
def test_nothing_works_before_fit(use: Callable[[LongshotClassifier], Any]) -> None:
    with pytest.raises(NotFittedError):
        use(LongshotClassifier(embedder=FAKE))


def test_fit_gives_itself_and_forgets_what_it_knew() -> None:
    classifier = LongshotClassifier(embedder=FAKE)

    assert classifier is classifier.fit(["a", "b"], ["x", "y"])
    assert ["lease", "report"] == classifier.fit(TEXTS, LABELS).classes_.tolist()


def test_score_is_the_share_of_right_labels() -> None:
    classifier = LongshotClassifier(embedder=FAKE).fit(TEXTS, LABELS)

    assert 1.0 == classifier.score(TEXTS, LABELS)
    assert 0.5 == classifier.score(TEXTS, ["lease"] * 12)


def test_it_works_in_a_pipeline() -> None:
    lower = FunctionTransformer(lambda texts: [text.lower() for text in texts])
    pipeline = Pipeline(
        [("lower", lower), ("label", LongshotClassifier(embedder=FAKE))]
    )

    pipeline.fit(TEXTS, LABELS)

    assert ["lease"] == pipeline.predict(["RENT TO THE LANDLORD"]).tolist()
    assert (1, 2) == pipeline.predict_proba(["RENT"]).shape


def test_cross_validation_holds_out_each_part_once() -> None:
    scores = cross_val_score(
        LongshotClassifier(embedder=FAKE), TEXTS, LABELS, cv=3, error_score="raise"
    )

    assert [1.0, 1.0, 1.0] == scores.tolist()


def test_a_grid_search_over_heads_and_recipes_runs() -> None:
    embedders = [
        DocumentEmbedder(Recipe(model="fake", layers=(layer,)), encoder=FakeEncoder())
        for layer in (0, 3)
    ]
    grid = {"head": ["nearest", "prototype"], "embedder": embedders}

    search = GridSearchCV(LongshotClassifier(), grid, cv=2, error_score="raise").fit(
        np.array(TEXTS, dtype=object), LABELS
    )

    assert 4 == len(search.cv_results_["params"])
    assert 1.0 == search.best_score_


def test_a_fitted_classifier_travels_to_another_process() -> None:
    classifier = LongshotClassifier(embedder=FAKE).fit(TEXTS, LABELS)

    copy = pickle.loads(pickle.dumps(classifier))

    expected = classifier.predict_proba(TEXTS)
    assert np.array_equal(expected, copy.predict_proba(TEXTS))


def test_a_loaded_model_does_not_travel_with_its_embedder(
    minilm: DocumentEmbedder,
) -> None:
    assert minilm.encoder is not None

    assert len(pickle.dumps(minilm)) < 10_000
