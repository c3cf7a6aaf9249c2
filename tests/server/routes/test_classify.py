"""``/v1/classify``, ``/v1/explain`` and ``/v1/similar``, held against the library."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sklearn.base import clone

from longshot import DocumentEmbedder, LongshotClassifier, cosine
from longshot.server import ServerSettings
from longshot.server.app import make_app
from tests.fakes import FakeEncoder
from tests.server.conftest import ADDRESS

LEASE = "The tenant pays the rent to the landlord on the first day of the month."
REPORT = "The boiler leaks, and the inspection found the roof damaged."
EXAMPLES = [
    {"text": LEASE, "label": "lease", "id": "first lease"},
    {"text": REPORT, "label": "report", "id": "first report"},
]
INPUTS = ["The landlord may raise the rent.", "An inspection of the boiler and roof."]


@pytest.fixture(scope="module")
def classifier(minilm: DocumentEmbedder) -> LongshotClassifier:
    return LongshotClassifier(embedder=minilm).fit([LEASE, REPORT], ["lease", "report"])


def ask(client: TestClient, path: str, **body: Any) -> Any:
    response = client.post(path, json=body)
    assert response.status_code == 200, response.text
    return response.json()


def code_of(client: TestClient, path: str, **body: Any) -> tuple[int, str]:
    response = client.post(path, json=body)
    return response.status_code, response.json()["error"]["code"]


def test_it_decides_as_the_library_does(
    client: TestClient, classifier: LongshotClassifier
) -> None:
    answer = ask(client, "/v1/classify", inputs=INPUTS, examples=EXAMPLES)
    expected = classifier.classify(INPUTS, pile=False).predictions
    for told, wanted in zip(answer["classifications"], expected, strict=True):
        assert told["prediction"] == wanted.label
        assert told["confidence"] == pytest.approx(wanted.confidence, abs=1e-5)
        assert told["classification_type"] == "single-label"
        assert wanted.evidence is not None
        passage = wanted.evidence.passage
        assert (told["evidence"]["start"], told["evidence"]["end"]) == (
            passage.start,
            passage.end,
        )


def test_evidence_names_passages_by_their_characters(client: TestClient) -> None:
    answer = ask(client, "/v1/classify", inputs=INPUTS, examples=EXAMPLES)
    for told in answer["classifications"]:
        evidence = told["evidence"]
        assert told["input"][evidence["start"] : evidence["end"]] == evidence["text"]
        assert evidence["match"]["example_id"].startswith("first ")


def test_a_long_text_is_read_whole(client: TestClient) -> None:
    text = f"{'Nothing of note happened here. ' * 300}{LEASE}"
    (told,) = ask(client, "/v1/classify", inputs=[text], examples=EXAMPLES)[
        "classifications"
    ]
    assert told["coverage"] == 1.0
    assert told["n_tokens"] > 1_500


def test_labels_alone_decide_by_their_names(client: TestClient) -> None:
    answer = ask(client, "/v1/classify", inputs=INPUTS, labels=["lease", "inspection"])
    found = [one["prediction"] for one in answer["classifications"]]
    assert found == ["lease", "inspection"]


def test_a_set_of_labels_is_given_where_it_is_asked_for(client: TestClient) -> None:
    asked: dict[str, Any] = {"inputs": INPUTS, "examples": EXAMPLES}
    (first, _) = ask(client, "/v1/classify", **asked)["classifications"]
    assert first["label_set"] is None
    (first, _) = ask(client, "/v1/classify", **asked, confidence=0.9)["classifications"]
    assert set(first["label_set"]) == {"lease", "report"}  # too few to leave one out


def test_words_and_phrases_of_labels_count(
    client: TestClient, classifier: LongshotClassifier
) -> None:
    labels = {
        "lease": {"speaks_against": ["raise"]},
        "report": {"description": "an inspection", "speaks_for": ["raise"]},
    }
    body: dict[str, Any] = {"inputs": INPUTS, "examples": EXAMPLES}
    told = ask(client, "/v1/classify", **body, labels=labels)["classifications"]
    expected = classifier_of_phrases(classifier).classify(INPUTS, pile=False)
    for one, wanted in zip(told, expected.predictions, strict=True):
        assert one["prediction"] == wanted.label == one["evidence"]["label"]
        assert one["confidence"] == pytest.approx(wanted.confidence, abs=1e-5)
    named = {"lease": None, "report": "an inspection. raise"}
    before = ask(client, "/v1/classify", **body, labels=named)["classifications"]
    first, second = (
        [one["labels"]["report"]["confidence"] for one in found]
        for found in (before, told)
    )
    assert odds(second[0]) > 3 * odds(first[0])
    assert first[1] == pytest.approx(second[1], abs=1e-5)


def odds(confidence: float) -> float:
    return confidence / (1 - confidence)


def classifier_of_phrases(classifier: LongshotClassifier) -> LongshotClassifier:
    learned = clone(classifier).fit(
        [LEASE, REPORT],
        ["lease", "report"],
        {"lease": None, "report": "an inspection. raise"},
    )
    counting: LongshotClassifier = learned.counting_phrases(
        {"report": ["raise"]}, {"lease": ["raise"]}
    )
    return counting


def test_phrases_are_for_texts_with_one_label(client: TestClient) -> None:
    body: dict[str, Any] = {
        "inputs": INPUTS,
        "examples": [{**one, "label": [one["label"]]} for one in EXAMPLES],
        "labels": {"lease": {"speaks_for": ["rent"]}},
    }
    assert code_of(client, "/v1/classify", **body) == (400, "setting_invalid")


def test_texts_may_have_several_labels(client: TestClient) -> None:
    examples = [
        {"text": LEASE, "label": ["lease"]},
        {"text": REPORT, "label": ["report"]},
        {"text": f"{LEASE} {REPORT}", "label": ["lease", "report"]},
    ]
    answer = ask(client, "/v1/classify", inputs=INPUTS, examples=examples)
    for told in answer["classifications"]:
        assert told["classification_type"] == "multi-label"
        assert len(told["confidences"]) == len(told["predictions"])


def test_a_pile_is_judged_together(
    client: TestClient, classifier: LongshotClassifier
) -> None:
    texts = [*INPUTS, "The rent is due.", "The roof leaks.", "A tenant moves out."]
    answer = ask(client, "/v1/classify", inputs=texts, examples=EXAMPLES, pile=True)
    expected = classifier.classify(texts, pile=True).predictions
    told = [one["confidence"] for one in answer["classifications"]]
    assert told == pytest.approx([one.confidence for one in expected], abs=1e-5)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"examples": []}, (400, "examples_missing")),
        ({"examples": EXAMPLES[:1]}, (400, "examples_invalid")),
        ({"inputs": ["rent", "  "]}, (400, "document_empty")),
        ({"inputs": []}, (422, "request_invalid")),
        ({"confidence": 1.5}, (422, "request_invalid")),
        ({"model": "large"}, (404, "model_not_found")),
        ({"preset": "mine"}, (400, "preset_unknown")),
        ({"unheard_of": 1}, (422, "request_invalid")),
        ({"unknown": 0.01}, (400, "examples_invalid")),
    ],
)
def test_a_mistake_has_its_code(
    client: TestClient, change: dict[str, Any], expected: tuple[int, str]
) -> None:
    body = {"inputs": INPUTS, "examples": EXAMPLES, **change}
    assert code_of(client, "/v1/classify", **body) == expected


def test_a_mistake_is_told_as_the_library_tells_it(client: TestClient) -> None:
    body = {"inputs": INPUTS, "examples": EXAMPLES[:1]}
    message = client.post("/v1/classify", json=body).json()["error"]["message"]
    with pytest.raises(Exception, match="label") as raised:
        LongshotClassifier().fit([LEASE], ["lease"])
    assert message == str(raised.value)


def test_explain_gives_the_passages_for_a_label(
    client: TestClient, classifier: LongshotClassifier
) -> None:
    told = ask(client, "/v1/explain", text=LEASE, examples=EXAMPLES)
    expected = classifier.explain(LEASE)
    assert told["label"] == expected.label == "lease"
    assert told["score"] == pytest.approx(expected.score, abs=1e-5)
    assert told["supporting"][0]["start"] == expected.passage.start
    other = ask(client, "/v1/explain", text=LEASE, examples=EXAMPLES, label="report")
    assert other["label"] == "report"


def test_explaining_an_unknown_label_is_a_mistake(client: TestClient) -> None:
    body = {"text": LEASE, "examples": EXAMPLES, "label": "novel"}
    assert code_of(client, "/v1/explain", **body) == (400, "examples_invalid")


def test_similar_ranks_texts_by_cosine(
    client: TestClient, minilm: DocumentEmbedder
) -> None:
    texts = [REPORT, "The tenant owes two months of rent."]
    told = ask(client, "/v1/similar", text=LEASE, texts=texts, windows=True)["results"]
    assert [one["index"] for one in told] == [1, 0]
    first, other = minilm.embed([LEASE, texts[1]])
    assert told[0]["similarity"] == pytest.approx(cosine(first, other), abs=1e-5)
    assert told[0]["windows"][0]["end"] == len(LEASE)


# --- limits ---------------------------------------------------------------------------


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[TestClient]:
    settings = ServerSettings(
        state=tmp_path,
        cache=False,
        most_texts=2,
        most_document_characters=100,
        most_body_bytes=2_000,
    )
    app = make_app(settings, encoder=FakeEncoder())
    with TestClient(app, base_url=ADDRESS) as client:
        yield client


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        (["a"] * 3, (413, "too_many_texts")),
        (["a" * 101], (413, "document_too_long")),
        (["a" * 3_000], (413, "body_too_large")),
    ],
)
def test_limits_are_held(
    narrow: TestClient, inputs: list[str], expected: tuple[int, str]
) -> None:
    body = {"inputs": inputs, "labels": ["lease", "report"]}
    assert code_of(narrow, "/v1/classify", **body) == expected


def test_a_body_that_does_not_tell_its_length_is_counted(narrow: TestClient) -> None:
    pieces = iter([b'{"inputs": ["', b"a" * 3_000, b'"]}'])
    response = narrow.post("/v1/classify", content=pieces)
    assert response.status_code == 413
    assert response.json()["error"]["code"] == "body_too_large"


# --- kept classifiers -----------------------------------------------------------------


def n_fitted(client: TestClient) -> float:
    lines = client.get("/metrics").text.splitlines()
    name = 'longshot_classifiers_total{outcome="fitted"} '
    return next((float(li.split()[-1]) for li in lines if li.startswith(name)), 0.0)


def test_the_same_examples_are_learned_once(client: TestClient) -> None:
    before = n_fitted(client)
    examples = [{**one, "id": f"{one['id']} again"} for one in EXAMPLES]
    for order in (examples, examples[::-1]):
        ask(client, "/v1/classify", inputs=INPUTS, examples=order)
    assert n_fitted(client) == before + 1


def test_kept_classifiers_are_bounded(tmp_path: Path, minilm: DocumentEmbedder) -> None:
    settings = ServerSettings(state=tmp_path, cache=False, kept_classifiers=1)
    app = make_app(settings, encoder=minilm.encoder)
    with TestClient(app, base_url=ADDRESS) as client:
        for labels in (["lease", "report"], ["law", "novel"], ["lease", "report"]):
            ask(client, "/v1/classify", inputs=INPUTS, labels=labels)
        assert n_fitted(client) == 3
