"""What people hand over from Python: told plainly, or done as it was meant."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from longshot.classify import LongshotClassifier
from longshot.embedder import DocumentEmbedder
from longshot.errors import ExamplesError, LongshotWarning, SettingError
from longshot.recipe import Recipe
from tests.fakes import FakeEncoder

LEASES = [f"the tenant {n} pays rent to the landlord" for n in range(4)]
REPORTS = [f"boiler {n} leaks and the wall cracked" for n in range(4)]
TEXTS = [*LEASES, *REPORTS]
LABELS = ["lease"] * 4 + ["report"] * 4


@pytest.fixture
def fitted(classifier: LongshotClassifier) -> LongshotClassifier:
    return classifier.fit(TEXTS, LABELS)


@pytest.mark.parametrize(
    "table", [pd.DataFrame({"text": TEXTS, "by": "me"}), {"text": TEXTS, "by": TEXTS}]
)
def test_a_table_is_not_taken_for_the_names_of_its_columns(
    fitted: LongshotClassifier, table: Any
) -> None:
    told = r'with the columns text, by. Give one of them, such as texts\["text"\]'
    with pytest.raises(ExamplesError, match=told):
        fitted.predict(table)
    with pytest.raises(ExamplesError, match=told):
        fitted.fit(table, LABELS)


def test_a_column_of_a_table_is_texts(fitted: LongshotClassifier) -> None:
    table = pd.DataFrame({"text": TEXTS})

    assert fitted.predict(TEXTS).tolist() == fitted.predict(table["text"]).tolist()


BLANK = pytest.warns(LongshotWarning, match="1 of 3 hold none")


@pytest.mark.parametrize("pile", [False, True])
def test_a_blank_text_gets_no_label_and_stops_nothing(
    fitted: LongshotClassifier, pile: bool
) -> None:
    predict = fitted.predict_pile if pile else fitted.predict
    with BLANK:
        labels = predict([LEASES[0], " \n", REPORTS[0]])

    assert ["lease", None, "report"] == labels.tolist()


def test_of_a_blank_text_nothing_is_known(fitted: LongshotClassifier) -> None:
    texts = [LEASES[0], "", REPORTS[0]]
    with BLANK:
        probabilities = fitted.predict_proba(texts)
    with BLANK:
        sets = fitted.predict_set(texts)
    with BLANK:
        score = fitted.score(texts, ["lease", "lease", "report"])

    assert [0.5, 0.5] == probabilities[1].tolist()
    expected = fitted.predict_proba([LEASES[0], REPORTS[0]])
    np.testing.assert_allclose(expected, probabilities[[0, 2]])
    assert ("lease", "report") == sets[1]
    assert 2 / 3 == pytest.approx(score)


def test_examples_are_removed_by_their_text_or_id(fitted: LongshotClassifier) -> None:
    (first_id,) = [one.id for one in fitted.support_.examples if one.text == LEASES[1]]

    fitted.remove([LEASES[0], first_id]).remove(REPORTS[0])

    left = {one.text for one in fitted.support_.examples}
    assert {*LEASES[2:], *REPORTS[1:]} == left
    with pytest.raises(ExamplesError, match="or their texts; got no such text"):
        fitted.remove(["no such text"])


def test_settings_of_the_embedder_can_be_searched(embedder: DocumentEmbedder) -> None:
    classifier = LongshotClassifier(embedder=embedder)
    grid = {"embedder__layers": [(-1,), (-2, -1)], "embedder__window_tokens": [4, 8]}

    search = GridSearchCV(classifier, grid, cv=2).fit(TEXTS, LABELS)

    assert grid.keys() == search.best_params_.keys()
    found = search.best_estimator_.embedder.recipe
    assert search.best_params_["embedder__layers"] == found.layers
    assert (-4, -3, -2, -1) == embedder.recipe.layers  # the one given never changes


def test_models_can_be_searched_and_each_is_loaded_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loaded: list[str] = []

    def load(name: str, **_: object) -> FakeEncoder:
        loaded.append(name)
        return FakeEncoder()

    monkeypatch.setattr("longshot.embedder.load_encoder", load)
    embedder = DocumentEmbedder(Recipe(model="one"), cache=None)
    grid = {"embedder__model": ["one", "two"]}

    GridSearchCV(LongshotClassifier(embedder=embedder), grid, cv=2).fit(TEXTS, LABELS)

    assert ["one", "two"] == sorted(loaded)


def test_a_fitted_classifier_keeps_its_embedder(embedder: DocumentEmbedder) -> None:
    classifier = LongshotClassifier(embedder=embedder).fit(TEXTS, LABELS)
    before = classifier.predict_proba(TEXTS)

    clone(classifier).set_params(embedder__window_tokens=16)
    embedder.with_params(window_tokens=16)

    assert before.tolist() == classifier.predict_proba(TEXTS).tolist()


def test_a_setting_that_is_none_is_told(embedder: DocumentEmbedder) -> None:
    with pytest.raises(SettingError, match=r"got windows. Name one of these."):
        embedder.with_params(windows=3)


def test_a_bar_is_drawn_where_it_is_asked_for(
    embedder: DocumentEmbedder, capsys: pytest.CaptureFixture[str]
) -> None:
    LongshotClassifier(embedder=embedder).fit(TEXTS, LABELS).predict(TEXTS)
    embedder.embed(TEXTS)
    assert "" == capsys.readouterr().err

    classifier = LongshotClassifier(embedder=embedder, verbose=True).fit(TEXTS, LABELS)
    classifier.predict(TEXTS)
    classifier.classify(TEXTS)
    embedder.embed(TEXTS, verbose=True)

    shown = capsys.readouterr().err
    assert all(
        f"{what}: 100%" in shown
        for what in ("reading examples", "predicting", "classifying", "embedding")
    )


def test_too_few_labels_are_noticed_before_a_text_is_read() -> None:
    classifier = LongshotClassifier("no-such-model-anywhere")

    with pytest.raises(ExamplesError, match="at least two different labels"):
        classifier.fit(["rent", "boiler"], ["lease", "lease"])
