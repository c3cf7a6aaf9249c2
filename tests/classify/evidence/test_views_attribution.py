"""Why the default head decided as it did."""

import itertools
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshot.classify import LongshotClassifier
from longshot.classify.evidence.passages import Runs, whole_sentences
from longshot.classify.evidence.views_attribution import adding_up
from longshot.embedder import DocumentEmbedder
from longshot.errors import ExamplesError
from longshot.recipe import Recipe
from longshot.records import Evidence
from tests.classify.models.test_views import LABELS, PILE, TEXTS, made

LONG = " ".join(PILE)


@cache
def learned(token_pooling: str) -> LongshotClassifier:
    """Give one classifier for all texts: explaining changes nothing in it."""
    return made(token_pooling=token_pooling).fit(TEXTS, LABELS)


@pytest.mark.parametrize("token_pooling", ["mean", "cls", "max"])
@pytest.mark.parametrize("text", [*PILE, LONG])
def test_contributions_add_up_to_how_much_likelier_the_label_is(
    token_pooling: str, text: str
) -> None:
    classifier = learned(token_pooling)
    (probabilities,) = classifier.predict_proba([text])

    for label, probability in zip(classifier.classes_, probabilities, strict=True):
        evidence = classifier.explain(text, label=label)

        expected = np.log(probability * len(classifier.classes_))
        assert expected == pytest.approx(evidence.score, abs=1e-9)
        assert expected == pytest.approx(sum(evidence.contributions), abs=1e-9)
        (vectors,) = classifier._embedder.vectors([text])
        assert len(vectors.windows) == len(evidence.contributions)
        of_window = evidence.contributions[evidence.window.index]
        assert of_window == evidence.contribution


shares = st.floats(-50, 50).map(lambda value: round(value, 3))


@given(st.lists(shares, min_size=1, max_size=9), shares)
def test_shares_are_scaled_to_their_total_and_keep_their_signs(
    of_spans: list[float], total: float
) -> None:
    before = np.array(of_spans)[:, None]
    weights = np.full(len(before), 1 / len(before))

    after = adding_up(before, np.array([total]), weights)

    assert total == pytest.approx(float(after.sum()), abs=1e-6)
    if (before > 1e-3).any() and (before < -1e-3).any():
        assert (np.sign(before) == np.sign(after.round(9)))[np.abs(after) > 1e-6].all()


def test_passages_lie_apart_and_are_the_documents_own_text() -> None:
    classifier = made().fit(TEXTS, LABELS)

    evidence = classifier.explain(LONG)

    told = [*evidence.supporting, *evidence.opposing]
    assert evidence.passage == evidence.supporting[0]
    for one in told:
        assert LONG[one.start : one.end] == one.text
    places = sorted((one.start, one.end) for one in told)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(places))


def test_what_speaks_for_a_label_counts_up_and_what_speaks_against_it_down() -> None:
    classifier = made().fit(TEXTS, LABELS)

    evidence = classifier.explain(
        "rent landlord rent landlord\n\nmembers voted members voted", label="lease"
    )

    (best,), (worst,) = evidence.supporting, evidence.opposing
    assert "rent" in best.text
    assert "voted" in worst.text
    assert best.contribution > 0 > worst.contribution


@pytest.mark.parametrize("pile", [True, False])
def test_the_reasons_add_up_to_how_far_the_second_lost(pile: bool) -> None:
    classifier = made().fit(TEXTS, LABELS)

    for prediction in classifier.classify([*PILE, LONG], pile=pile):
        evidence = prediction.evidence
        assert isinstance(evidence, Evidence)
        second = evidence.runner_up
        assert second is not None
        label, confidence = prediction.alternatives[0]
        assert (prediction.label, label) == (evidence.label, second.label)
        lost_by = np.log(prediction.confidence / confidence)
        assert lost_by == pytest.approx(second.lost_by, abs=1e-6)
        parts = [part for _, part in second.reasons]
        assert lost_by == pytest.approx(sum(parts), abs=1e-6)
        assert parts == sorted(parts, reverse=True)


def test_runs_are_no_longer_than_a_window_and_hold_every_span() -> None:
    for window_tokens, length in ((32, 1), (64, 2), (510, 4)):
        recipe = Recipe(model="fake", window_tokens=window_tokens)
        embedder = made().embedder
        assert embedder is not None
        embedder = DocumentEmbedder(recipe, encoder=embedder.encoder)
        (vectors,) = embedder.vectors([" ".join([LONG] * 12)])

        runs = Runs.of(vectors, -1)

        assert length == runs.length
        held = {span for run in range(len(runs)) for span in _members(runs, run)}
        assert set(range(len(runs.spans))) == held
        tokens = runs.tokens[: runs.length]
        mean = tokens @ runs.vectors[: runs.length].astype(float) / tokens.sum()
        assert mean == pytest.approx(runs.means(np.array([0]))[0])


def _members(runs: Runs, run: int) -> range:
    members = runs.members(run)
    return range(members.start, members.stop)


@given(st.text("ab. \n", max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_rounding_out_to_sentences_never_cuts(text: str, a: int, b: int) -> None:
    start, end = sorted((min(a, len(text)), min(b, len(text))))

    rounded = whole_sentences(text, start, end)

    assert 0 <= rounded[0] <= start <= end <= rounded[1] <= len(text)


def test_a_passage_reaches_for_a_sentence_as_far_as_a_span_is_long() -> None:
    """A quarter of it: not 160 characters, which may be more than all of it."""
    text = "It is. The rent is due. " + 40 * "x" + " Pay. " + 40 * "y"
    start, end = text.index("rent"), text.index("due") + 2

    assert (start, end) == whole_sentences(text, start, end)
    assert "The rent is due. " == text[slice(*whole_sentences(text, 8, 23))]


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_a_planted_passage_is_found_in_the_middle_of_a_window(
    minilm: DocumentEmbedder, place: int
) -> None:
    classifier = LongshotClassifier(embedder=minilm).fit(
        RENT + COOKING, ["lease"] * 2 + ["recipe"] * 2
    )
    planted = (
        "The landlord may end this tenancy if the tenant owes two months of rent. "
        "The tenant must then leave the flat and give back all keys to the landlord. "
    )
    others = [6 * FILLERS[i % 3] for i in range(3)]
    text = " ".join([*others[:place], planted, *others[place:]])

    evidence = classifier.explain(text, label="lease")

    assert 0 == evidence.window.index
    assert "owes two months" in evidence.passage.text
    assert len(evidence.passage.text) < len(text) / 2


RENT = [
    "The tenant pays the rent to the landlord on the first of the month.",
    "Either party may end the lease with three months' notice in writing.",
]
COOKING = [
    "Fry the onions in oil until soft, then stir in the rice and the stock.",
    "Knead the dough, let it rise for an hour and bake it in a hot oven.",
]
FILLERS = [
    "Chop the carrots and roast them in butter. Serve the soup hot with bread. ",
    "Whisk the eggs with sugar and pour the cream in. Bake the cake until brown. ",
    "Boil the potatoes in salted water and mash them. Grate the cheese on top. ",
]


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_the_passage_that_decided_is_found_wherever_it_stands(
    minilm: DocumentEmbedder, place: int
) -> None:
    embedder = DocumentEmbedder(Recipe(window_tokens=24), encoder=minilm.encoder)
    classifier = LongshotClassifier(embedder=embedder).fit(
        RENT + COOKING, ["lease"] * 2 + ["recipe"] * 2
    )
    passages = [
        "The bus was late again this morning because of the snow on the hill road.",
        "She put her book down, looked at the sea and thought of her brother's boat.",
        "The museum shows some nine thousand coins, tools and clothes of the region.",
    ]
    planted = "The landlord may end this tenancy if the tenant owes two months of rent."
    passages.insert(place, planted)

    evidence = classifier.explain(" ".join(passages))

    assert evidence.label == "lease"
    assert "tenancy" in evidence.text or "tenant owes" in evidence.text


def test_the_passage_for_another_label_can_be_asked_for(
    minilm: DocumentEmbedder,
) -> None:
    embedder = DocumentEmbedder(Recipe(window_tokens=12), encoder=minilm.encoder)
    classifier = LongshotClassifier(embedder=embedder).fit(TEXTS, LABELS)
    rent = "The tenant pays the rent to the landlord every month."
    leak = "A leak in the roof and a crack in the wall were found."

    for text in (f"{rent} {leak}", f"{leak} {rent}"):
        assert "rent" in classifier.explain(text, label="lease").text
        assert "roof" in classifier.explain(text, label="report").text
    with pytest.raises(ExamplesError, match="one of lease, minutes, report; got rent"):
        classifier.explain(rent, label="rent")
