"""Requests that arrive together are answered together, each as if it were alone."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from longshot import LongshotClassifier
from longshot.embedder import DocumentEmbedder
from longshot.records import Document
from longshot.server.encoding import (
    Classifiers,
    Decisions,
    LabelledTexts,
    SharedEncoder,
    Wanted,
    WindowMemory,
)
from longshot.server.encoding.batches import Batches, Question
from longshot.server.metrics import Metrics
from tests.fakes import FakeEncoder

LEASE, REPORT = "The tenant pays the rent.", "The roof leaks, and the boiler too."
TEXTS = [
    f"{subject} {verb} {'and so on ' * n}"
    for n, subject in enumerate(["The tenant", "A roof", "The council", "Nobody"])
    for verb in ("pays the rent", "leaks", "decides")
]


@pytest.fixture
def embedder() -> DocumentEmbedder:
    return DocumentEmbedder(encoder=FakeEncoder(), cache=WindowMemory())


@pytest.fixture
def encoder(embedder: DocumentEmbedder) -> Iterator[SharedEncoder]:
    encoder = SharedEncoder(embedder, Metrics())
    yield encoder
    encoder.close()


@pytest.fixture
def decisions() -> Iterator[Decisions]:
    decisions = Decisions()
    yield decisions
    decisions.close()


# --- batches --------------------------------------------------------------------------


def test_what_gathers_meanwhile_is_answered_together() -> None:
    may_go_on, begun = threading.Event(), threading.Event()
    batches: list[list[int]] = []

    def work(questions: Sequence[Question[int]]) -> None:
        batches.append([one.asked for one in questions])
        begun.set()
        assert may_go_on.wait(60)
        for one in questions:
            one.give(2 * one.asked)

    asking = Batches("test", work, most=3)

    async def ask() -> list[int]:
        first = asyncio.create_task(asking.ask(0))
        await asyncio.to_thread(begun.wait, 60)
        others = [asyncio.create_task(asking.ask(one)) for one in range(1, 6)]
        await asyncio.sleep(0)  # each has asked
        may_go_on.set()
        return list(await asyncio.gather(first, *others))

    assert asyncio.run(ask()) == [0, 2, 4, 6, 8, 10]
    assert batches == [[0], [1, 2, 3], [4, 5]]
    asking.close()


def test_a_question_that_fails_harms_no_other() -> None:
    def work(questions: Sequence[Question[int]]) -> None:
        for one in questions:
            one.give(10 // one.asked)

    asking = Batches("test", work, most=10)

    async def ask() -> list[Any]:
        asked = [asking.ask(one) for one in (1, 0, 5)]
        return list(await asyncio.gather(*asked, return_exceptions=True))

    first, failed, last = asyncio.run(ask())
    assert (first, last) == (10, 2)
    assert isinstance(failed, ZeroDivisionError)
    asking.close()


def test_what_nobody_waits_for_is_not_begun() -> None:
    may_go_on, begun = threading.Event(), threading.Event()
    done: list[int] = []

    def work(questions: Sequence[Question[int]]) -> None:
        begun.set()
        assert may_go_on.wait(60)
        done.extend(one.asked for one in questions)
        for one in questions:
            one.give(None)

    asking = Batches("test", work, most=1)

    async def ask() -> None:
        first = asyncio.create_task(asking.ask(1))
        await asyncio.to_thread(begun.wait, 60)
        given_up = asyncio.create_task(asking.ask(2))
        await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
        may_go_on.set()
        await first
        await asking.ask(3)

    asyncio.run(ask())
    assert done == [1, 3]
    asking.close()


# --- encoding -------------------------------------------------------------------------


def test_texts_encoded_together_are_as_alone(encoder: SharedEncoder) -> None:
    async def ask() -> list[Any]:
        return list(await asyncio.gather(*(encoder.encode([one]) for one in TEXTS)))

    found = [one.vector for (one,) in asyncio.run(ask())]
    alone = DocumentEmbedder(encoder=FakeEncoder())
    expected = [alone.embed([text])[0] for text in TEXTS]
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_text_without_a_token_has_no_vector(encoder: SharedEncoder) -> None:
    first, blank, last = asyncio.run(encoder.encode([LEASE, "  ", REPORT]))
    assert blank is None
    assert first is not None
    assert last is not None
    assert (first.n_tokens, last.n_tokens) == (6, 9)


# --- deciding -------------------------------------------------------------------------


def test_decisions_made_together_are_as_alone(
    embedder: DocumentEmbedder, decisions: Decisions
) -> None:
    classifier = LongshotClassifier(embedder=embedder, verbose=False)
    classifier.fit([LEASE, REPORT], ["lease", "report"])
    documents = [Document(id="0", text=text) for text in TEXTS]

    async def ask() -> list[Any]:
        asked = (decisions.classify(classifier, [one], Wanted()) for one in documents)
        return list(await asyncio.gather(*asked))

    for (found,), document in zip(asyncio.run(ask()), documents, strict=True):
        (expected,) = classifier.classify([document], pile=False)
        assert found.document_id == "0"
        assert found.label == expected.label
        assert found.confidence == pytest.approx(expected.confidence, abs=1e-6)
        assert found.evidence is not None
        assert expected.evidence is not None
        assert found.evidence.passage.text == expected.evidence.passage.text


def test_the_order_of_examples_makes_no_other_classifier() -> None:
    texts, labels = (LEASE, REPORT), ("lease", "report")
    one = LabelledTexts(texts=texts, labels=labels)
    other = LabelledTexts(texts=texts[::-1], labels=labels[::-1])
    assert one.key == other.key
    assert one.key != LabelledTexts(texts=texts, labels=labels[::-1]).key
    assert one.key != LabelledTexts(texts=texts, labels=labels, unknown=0.1).key


def test_requests_that_want_one_classifier_at_once_share_its_fitting(
    encoder: SharedEncoder, decisions: Decisions
) -> None:
    classifiers = Classifiers(encoder, decisions.run, most=2, metrics=Metrics())
    wanted = LabelledTexts(texts=(LEASE, REPORT), labels=("lease", "report"))

    async def ask() -> list[LongshotClassifier]:
        return list(await asyncio.gather(*(classifiers.of(wanted) for _ in range(3))))

    first, *others = asyncio.run(ask())
    assert all(one is first for one in others)


def test_examples_that_make_no_classifier_are_not_kept(
    encoder: SharedEncoder, decisions: Decisions
) -> None:
    classifiers = Classifiers(encoder, decisions.run, most=2, metrics=Metrics())
    wanted = LabelledTexts(texts=(LEASE,), labels=("lease",))

    async def ask() -> list[Any]:
        asked = (classifiers.of(wanted) for _ in range(2))
        return list(await asyncio.gather(*asked, return_exceptions=True))

    assert all(isinstance(one, ValueError) for one in asyncio.run(ask()))
    assert not classifiers._kept


# --- memory ---------------------------------------------------------------------------


def test_windows_at_hand_are_not_encoded_again(embedder: DocumentEmbedder) -> None:
    (first,) = embedder.vectors([LEASE * 100])
    assert isinstance(embedder.cache, WindowMemory)
    told: list[Any] = []
    (again,) = embedder.vectors([LEASE * 100], on_window=lambda *one: told.append(one))
    np.testing.assert_array_equal(first.layer_means, again.layer_means)
    assert [one.index for one in again.windows] == [one.index for one in first.windows]


def test_memory_is_bounded_and_what_was_used_last_stays() -> None:
    memory = WindowMemory(max_bytes=100_000)
    embedder = DocumentEmbedder(encoder=FakeEncoder(), cache=memory)
    for number in range(50):
        list(embedder.vectors([LEASE, f"{number} {REPORT * 50}"]))
    assert memory._size_bytes <= 100_000
    assert memory._size_bytes == sum(one.size_bytes for one in memory._kept.values())
    assert len(memory._kept) > 1
