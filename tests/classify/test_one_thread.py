"""Probabilities are the same to the last bit, however many threads multiply."""

import os
from functools import partial
from typing import Literal

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from longshot.classify import DocumentFeatures, LongshotClassifier
from longshot.embedder import DocumentEmbedder
from longshot.recipe import Recipe
from tests.fakes import FakeEncoder

N_EXAMPLES, N_DOCUMENTS = 96, 1_200
WORDS = (
    "rent tenant lease boiler leak school minutes council vote grant bread van".split()
)


def drawn(n_texts: int, generator: np.random.Generator) -> list[str]:
    return [" ".join(generator.choice(WORDS, size=40)) for _ in range(n_texts)]


def _processors(n_usable: int, _: int) -> set[int]:
    return set(range(n_usable))


class WideEncoder(FakeEncoder):
    """As wide as a real model: small matrices are multiplied on one thread anyway."""

    dim = 384


@pytest.fixture(scope="module")
def read() -> tuple[LongshotClassifier, DocumentFeatures, DocumentFeatures]:
    """Give examples and a pile as features, which are the same for both."""
    generator = np.random.default_rng(0)
    embedder = DocumentEmbedder(Recipe(model="fake"), encoder=WideEncoder(), cache=None)
    classifier = LongshotClassifier(embedder=embedder)
    examples = classifier.features(drawn(N_EXAMPLES, generator))
    return classifier, examples, classifier.features(drawn(N_DOCUMENTS, generator))


@pytest.mark.parametrize("head", ["views", "prototype"])
@pytest.mark.parametrize("pile", [True, False])
def test_probabilities_do_not_depend_on_the_number_of_threads(
    read: tuple[LongshotClassifier, DocumentFeatures, DocumentFeatures],
    head: Literal["views", "prototype"],
    pile: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    classifier, examples, documents = read
    labels = [f"label {number % 8}" for number in range(N_EXAMPLES)]
    found = []
    for n_threads in (1, 2, 4):
        monkeypatch.setattr(
            os, "sched_getaffinity", partial(_processors, n_threads), raising=False
        )
        with threadpool_limits(limits=n_threads, user_api="blas"):
            fitted = LongshotClassifier(head=head, embedder=classifier.embedder)
            fitted.fit_features(examples, labels)
            found.append(fitted.predict_proba_features(documents, pile=pile))

    assert found[0].tobytes() == found[1].tobytes() == found[2].tobytes()
