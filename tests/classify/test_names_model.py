"""Names that a model of natural-language inference is asked about."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from sklearn.base import clone

from longshot.classify import LongshotClassifier
from longshot.classify.combination.sources import NOT_FITTED, fitted_priors
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.models.phrased import views_below
from longshot.embedder import DocumentEmbedder
from longshot.encoding.cache import VectorCache
from longshot.errors import (
    ExamplesError,
    ModelError,
    ModelNotFoundError,
    SavedClassifierError,
    SettingError,
)
from longshot.recipe import Recipe
from tests.classify.planted import TONES, save_planted, texts
from tests.encoders.transformers.test_encoder import TEXT
from tests.encoders.transformers.test_entailment import save_nli
from tests.fakes import FakeEncoder

families: Any = transformers
LABELS = ["key", "roof"]
SHORT = ["The keys are given back.", "The tenant shall repair the roof."]
LONG = TEXT * 6
Passes = list[tuple[int, int]]


@pytest.fixture(scope="module")
def nli(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give a model of random weights."""
    return str(save_nli(tmp_path_factory.mktemp("nli") / "bert"))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give a model that tells two tones apart."""
    return save_planted(tmp_path_factory.mktemp("nli") / "planted")


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[VectorCache]:
    made = VectorCache(tmp_path / "vectors.sqlite")
    yield made
    made.close()


def classifier(
    names_model: str | None, cache: VectorCache | None = None, **settings: Any
) -> LongshotClassifier:
    recipe = Recipe(model="fake", window_tokens=400)
    embedder = DocumentEmbedder(recipe, encoder=FakeEncoder(), cache=cache)
    return LongshotClassifier(
        embedder=embedder, names_model=names_model, verbose=False, **settings
    )


def counting(asker: LongshotClassifier) -> Passes:
    """Take note of the forward passes that a classifier tells of."""
    told: Passes = []
    asker.on_pass = lambda n_done, n_all: told.append((n_done, n_all))
    return told


def n_passes(told: Passes) -> int:
    """Add up the passes of each time that something was asked."""
    assert all(n_done <= n_all for n_done, n_all in told)
    return sum(n_all for n_done, n_all in told if n_done == n_all)


def scores_of(features: DocumentFeatures) -> np.ndarray:
    return np.stack(list(features.entailment.values()), axis=1)


def plain_score(folder: str, text: str, hypothesis: str) -> tuple[float, int]:
    """Ask a model about a text of any length, one window after the other."""
    tokenizer = families.AutoTokenizer.from_pretrained(folder)
    model = families.AutoModelForSequenceClassification.from_pretrained(folder).eval()
    premise, asked = (
        tokenizer(one, add_special_tokens=False)["input_ids"]
        for one in (text, hypothesis)
    )
    room = 64 - 3 - len(asked)
    odds, weights = [], []
    for start in range(0, len(premise), room):
        window = premise[start : start + room]
        ids = torch.tensor([[2, *window, 3, *asked, 3]])
        types = torch.tensor([[0] * (len(window) + 2) + [1] * (len(asked) + 1)])
        with torch.no_grad():
            shares = model(input_ids=ids, token_type_ids=types).logits.softmax(-1)[0]
        odds.append(float(torch.log(shares[1] / shares[0])))
        weights.append(len(window))
    assert len(premise) == sum(weights)
    return float(np.average(odds, weights=weights)), len(odds)


def test_a_document_has_the_mean_of_all_its_windows_each_asked_by_itself(
    nli: str,
) -> None:
    asker = classifier(nli).fit(SHORT, LABELS, {"roof": "the owner repairs the roof"})
    told = counting(asker)
    asked = ["This example is key.", "the owner repairs the roof"]
    expected = [[plain_score(nli, one, other) for other in asked] for one in [LONG]]
    assert expected[0][0][1] > 3

    found = asker.features([LONG])

    scores = [[score for score, _ in row] for row in expected]
    np.testing.assert_allclose(scores_of(found), scores, atol=1e-4)
    assert sum(n for row in expected for _, n in row) == n_passes(told)


def test_batches_change_nothing(nli: str) -> None:
    asker = classifier(nli).fit(SHORT, LABELS)
    documents = [LONG, *SHORT, TEXT[:50], TEXT]

    together = scores_of(asker.features(documents))

    apart = [scores_of(asker.features([one]))[0] for one in documents]
    np.testing.assert_allclose(together, apart, atol=1e-4)


def test_a_document_in_which_the_model_finds_no_token_says_nothing(nli: str) -> None:
    asker = classifier(nli).fit(SHORT, LABELS)

    found = scores_of(asker.features(["\u200b\x01", SHORT[0]]))

    np.testing.assert_array_equal([0.0, 0.0], found[0])
    assert np.all(found[1])


def test_a_second_run_asks_nothing_and_a_new_label_only_about_itself(
    nli: str, cache: VectorCache
) -> None:
    first = classifier(nli, cache)
    told = counting(first)
    expected = first.fit(SHORT, LABELS).predict_proba([*SHORT, "the lease"])
    assert n_passes(told) == 2 * 2 + 3 * 2 - 2 * 2  # the examples are asked once

    second = classifier(nli, cache)
    again = counting(second)
    found = second.fit(SHORT, LABELS).predict_proba([*SHORT, "the lease"])
    np.testing.assert_array_equal(expected, found)
    assert [] == again

    second.add(["the lease ends"], ["lease"])
    assert n_passes(again) == 2 + 3  # a new document's old labels, a new label's all
    second.predict([*SHORT, "the lease"])
    assert n_passes(again) == 2 + 3 + 1


def test_examples_that_were_asked_are_not_asked_again_without_a_cache(
    nli: str,
) -> None:
    asker = classifier(nli).fit(SHORT, LABELS)
    told = counting(asker)

    asker.add(["the café stays open"], ["roof"])

    assert n_passes(told) == 2


def test_a_changed_description_is_asked_about_anew(
    nli: str, cache: VectorCache
) -> None:
    asker = classifier(nli, cache).fit(SHORT, LABELS)
    told = counting(asker)

    asker.fit(SHORT, LABELS, {"key": "the key is given back"})

    assert n_passes(told) == 2


def test_tones_are_told_by_their_names_where_vectors_say_nothing(planted: str) -> None:
    documents, tones = texts(60, seed=999)
    asker = classifier(planted).fit([], [], descriptions=list(TONES))
    other = classifier(None).fit([], [], descriptions=list(TONES))

    by_model = [np.mean(one == np.array(tones)) for one in _all_ways(asker, documents)]
    by_vectors = [
        np.mean(one == np.array(tones)) for one in _all_ways(other, documents)
    ]

    assert min(by_model) > 0.8
    assert max(by_vectors) < 0.7


def _all_ways(fitted: LongshotClassifier, documents: list[str]) -> list[np.ndarray]:
    return [fitted.predict(documents), fitted.predict_pile(documents)]


def test_examples_find_out_what_the_model_is_worth(planted: str) -> None:
    documents, tones = texts(60, seed=999)
    examples, labels = texts(8, seed=5)

    right = classifier(planted).fit(examples, labels)
    swapped = {"glad": "This example is sour.", "sour": "This example is glad."}
    wrong = classifier(planted).fit(examples, labels, swapped)

    assert (
        min(np.mean(one == np.array(tones)) for one in _all_ways(right, documents))
        > 0.95
    )
    assert _weight(right) > 1 > _weight(wrong)


def _weight(fitted: LongshotClassifier) -> float:
    line = next(one for one in fitted.explain_fit() if one.startswith(NOT_FITTED))
    return float(line.split()[-1])


def test_a_description_stands_as_it_is_written(planted: str) -> None:
    """Labels that are numbers say nothing, and need one."""
    documents, tones = texts(60, seed=999)
    meanings = {f"{n}": f"This example is {one}." for n, one in enumerate(TONES)}

    found = classifier(planted).fit([], [], descriptions=meanings).predict(documents)

    named = np.array(list(TONES))[found.astype(int)]
    assert np.mean(named == np.array(tones)) > 0.8


def test_features_decide_as_their_texts_do(nli: str) -> None:
    asker = classifier(nli).fit(SHORT, LABELS)
    documents = [*SHORT, LONG, "the lease", "the café"]
    features = asker.features(documents)

    np.testing.assert_array_equal(
        asker.predict_proba(documents),
        asker.predict_proba_features(features, pile=False),
    )
    found = asker.classify_features(features)
    np.testing.assert_array_equal(
        asker.predict_proba_pile(documents), found.probabilities
    )
    assert any(line.startswith(NOT_FITTED) for line in found.report)


def test_features_that_hold_no_answers_can_be_asked_with_their_texts(nli: str) -> None:
    plain = classifier(None).features(SHORT)
    asker = classifier(nli)
    with pytest.raises(SettingError, match="those of 2 of 2 documents do not"):
        asker.fit_features(plain, LABELS)

    asked = asker.with_names_asked(plain, SHORT, LABELS)
    found = asker.fit_features(asked, LABELS).predict_proba_features(asked)

    expected = classifier(nli).fit(SHORT, LABELS).predict_proba_pile(SHORT)
    np.testing.assert_allclose(expected, found, atol=1e-6)


def test_a_saved_classifier_decides_bit_by_bit_the_same(
    nli: str, tmp_path: Path
) -> None:
    asker = classifier(nli).fit(SHORT, LABELS)
    asker.save(tmp_path / "saved")

    copy = LongshotClassifier.load(tmp_path / "saved", embedder=asker.embedder)

    assert nli == copy.names_model
    told = counting(copy)
    np.testing.assert_array_equal(
        asker.predict_proba([LONG]), copy.predict_proba([LONG])
    )
    assert n_passes(told) > 0
    assert copy.explain_fit() == asker.explain_fit()


def test_a_saved_classifier_wants_the_model_that_it_was_fitted_with(
    tmp_path: Path,
) -> None:
    folder = save_nli(tmp_path / "bert")
    asker = classifier(str(folder)).fit(SHORT, LABELS)
    asker.save(tmp_path / "saved")

    save_nli(folder, "bert", num_hidden_layers=1)
    with pytest.raises(SavedClassifierError, match="must ask the model that it was"):
        LongshotClassifier.load(tmp_path / "saved", embedder=asker.embedder)

    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(ModelNotFoundError, match="there is no folder"):
        LongshotClassifier.load(tmp_path / "saved", embedder=asker.embedder)


def test_a_classifier_without_it_is_saved_as_before(tmp_path: Path) -> None:
    classifier(None).fit(SHORT, LABELS).save(tmp_path / "saved")

    content = (tmp_path / "saved" / "classifier.json").read_text()

    assert '"names_model"' not in content


def test_it_is_asked_where_documents_have_several_labels(planted: str) -> None:
    examples, labels = texts(12, seed=5)
    fitted = classifier(planted).fit(examples, [[one] for one in labels])
    documents, tones = texts(40, seed=999)

    found = fitted.predict_proba(documents)

    right = found.argmax(axis=1) == [sorted(TONES).index(one) for one in tones]
    assert np.mean(right) > 0.9


def test_documents_that_fit_no_label_are_rejected_beside_it(planted: str) -> None:
    examples, labels = texts(24, seed=5)
    fitted = classifier(planted, unknown=0.1).fit(examples, labels)
    documents, tones = texts(40, seed=999)

    found = fitted.classify(documents)

    pairs = zip(found.predictions, tones, strict=True)
    assert np.mean([one.label == tone for one, tone in pairs]) > 0.7


def test_what_decided_is_told_and_adds_up(planted: str) -> None:
    documents, _ = texts(12, seed=999)
    long = " . ".join(documents * 40)
    fitted = classifier(planted).fit([], [], descriptions=list(TONES))

    short, whole = (fitted.explain(one) for one in (documents[0], long))

    assert short.runner_up is not None
    reasons = dict(short.runner_up.reasons)
    assert abs(reasons[NOT_FITTED]) > 0.1
    assert len(whole.contributions) > 2
    np.testing.assert_allclose(sum(whole.contributions), whole.score, atol=1e-6)


def test_it_is_believed_as_much_as_all_views_and_no_more_than_it_says() -> None:
    priors = fitted_priors("alone")
    views = ["names in last", "names in spans"]
    usual = dict.fromkeys(priors.observables, 0.3)
    sources = [*views, NOT_FITTED, "examples in body"]

    logs = priors.log_weights(sources, [usual] * 2 + [{**usual, "spread": 2.0}, usual])
    timid = priors.log_weights(
        sources, [usual] * 2 + [{**usual, "spread": -4.0}, usual]
    )

    without_examples = priors.log_weights(views, [{**usual, "shots": 0.0}] * 2)
    assert np.exp(logs[2]) == pytest.approx(np.exp(without_examples).sum())
    assert timid[2] == -4.0
    np.testing.assert_array_equal(priors.log_weights(views, [usual] * 2), logs[:2])


def test_names_in_vectors_are_worth_what_they_are_without_it(planted: str) -> None:
    """That a model likes the examples speaks for it, and not for them."""
    examples, labels = texts(8, seed=5)

    asking, other = (
        views_below(classifier(one).fit(examples, labels)._model)
        for one in (planted, None)
    )

    assert asking is not None
    assert other is not None
    for source, observed in zip(
        other.evidence.sources, other.evidence.observed, strict=True
    ):
        place = asking.evidence.sources.index(source)
        if source.kind == "names":
            assert observed == asking.evidence.observed[place]


@pytest.mark.parametrize(
    "settings", [{"head": "nearest"}, {"names": False}, {"read": "adaptive"}]
)
def test_settings_that_leave_nothing_to_ask_are_told(
    settings: dict[str, Any], nli: str
) -> None:
    with pytest.raises(SettingError, match="with names_model; got"):
        classifier(nli, **settings).fit(SHORT, LABELS)


def test_labels_without_names_are_told(nli: str) -> None:
    with pytest.raises(ExamplesError, match="must have names or descriptions"):
        classifier(nli).fit(SHORT, [0, 1])


def test_a_hypothesis_that_leaves_no_room_is_told(nli: str) -> None:
    with pytest.raises(SettingError, match=r"that of roof takes \d+. Shorten it"):
        classifier(nli).fit(SHORT, LABELS, {"roof": TEXT})


def test_a_model_of_another_kind_is_told_before_texts_are_read(tmp_path: Path) -> None:
    other = save_nli(tmp_path / "other", id2label={0: "good", 1: "bad"})

    with pytest.raises(ModelError, match="an output called entailment"):
        classifier(str(other)).fit([""], ["lease"])  # that there is no text comes after


def test_it_is_a_parameter_as_scikit_learn_wants(nli: str) -> None:
    made = clone(classifier(nli))

    assert nli == made.get_params()["names_model"]
    assert made.set_params(names_model=None).names_model is None


def test_orders_of_labels_and_texts_change_nothing(nli: str) -> None:
    pairs = list(zip([*SHORT, "the café"], [*LABELS, "lease"], strict=True))
    one, other = (
        classifier(nli).fit([text for text, _ in order], [label for _, label in order])
        for order in (pairs, pairs[::-1])
    )

    np.testing.assert_allclose(
        one.predict_proba([LONG]), other.predict_proba([LONG]), atol=1e-6
    )
