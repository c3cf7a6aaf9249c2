"""The requests of OpenAI's, text-embeddings-inference's and Hugging Face's clients."""

import base64
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from longshot import DocumentEmbedder
from longshot.server import ServerSettings
from longshot.similarity import cosines, unit

TEXTS = ["The tenant pays the rent.", "The roof leaks."]
LONG = "The surveyor went through all rooms of the house. " * 400


def ask(client: TestClient, path: str, **body: Any) -> Any:
    response = client.post(path, json=body)
    assert response.status_code == 200, response.text
    return response.json()


def refusal(client: TestClient, path: str, **body: Any) -> tuple[int, str]:
    response = client.post(path, json=body)
    return response.status_code, response.json()["error"]["code"]


def embedded(client: TestClient, given: Any, **rest: Any) -> np.ndarray:
    body = {"input": given, "model": "minilm", **rest}
    data = ask(client, "/v1/embeddings", **body)["data"]
    assert [one["index"] for one in data] == list(range(len(data)))
    return np.array([one["embedding"] for one in data], dtype=np.float32)


def ids_of(minilm: DocumentEmbedder, text: str) -> list[int]:
    ids: list[int] = minilm.encoder.tokenizer.encode(text).ids.tolist()
    return ids


# --- OpenAI ---------------------------------------------------------------------------


def test_embeddings_are_the_librarys_at_length_one(
    client: TestClient, minilm: DocumentEmbedder
) -> None:
    expected = unit(minilm.embed(TEXTS))
    np.testing.assert_allclose(embedded(client, TEXTS), expected, atol=1e-5)


def test_a_single_text_is_a_list_of_one(client: TestClient) -> None:
    np.testing.assert_allclose(
        embedded(client, TEXTS[0]), embedded(client, TEXTS)[:1], atol=1e-5
    )


def test_token_ids_are_as_their_text(
    client: TestClient, minilm: DocumentEmbedder
) -> None:
    runs = [ids_of(minilm, text) for text in TEXTS]
    expected = embedded(client, TEXTS)
    np.testing.assert_allclose(embedded(client, runs), expected, atol=1e-5)
    np.testing.assert_allclose(embedded(client, runs[0]), expected[:1], atol=1e-5)


def test_special_tokens_around_ids_change_nothing(
    client: TestClient, minilm: DocumentEmbedder
) -> None:
    ids = ids_of(minilm, TEXTS[0])
    framed = minilm.encoder.tokenizer.special.frame(np.array(ids)).tolist()
    np.testing.assert_allclose(
        embedded(client, framed), embedded(client, ids), atol=1e-6
    )


def test_a_text_longer_than_the_model_is_windowed_and_not_cut(
    client: TestClient, minilm: DocumentEmbedder
) -> None:
    expected = unit(minilm.embed([LONG]))
    np.testing.assert_allclose(embedded(client, LONG), expected, atol=1e-5)
    ids = ids_of(minilm, LONG)
    assert len(ids) > 3_000
    np.testing.assert_allclose(embedded(client, ids), expected, atol=1e-5)


def test_base64_holds_the_same_numbers(client: TestClient) -> None:
    body = {"input": TEXTS, "model": "minilm", "encoding_format": "base64"}
    data = ask(client, "/v1/embeddings", **body)["data"]
    decoded = [
        np.frombuffer(base64.b64decode(one["embedding"]), dtype="<f4") for one in data
    ]
    np.testing.assert_allclose(np.stack(decoded), embedded(client, TEXTS), atol=1e-6)


def test_usage_counts_every_token(client: TestClient, minilm: DocumentEmbedder) -> None:
    usage = ask(client, "/v1/embeddings", input=[LONG], model="minilm")["usage"]
    n_tokens = len(ids_of(minilm, LONG))
    assert usage == {"prompt_tokens": n_tokens, "total_tokens": n_tokens}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"dimensions": 64}, (400, "dimensions_invalid")),
        ({"model": "text-embedding-3-small"}, (404, "model_not_found")),
        ({"input": ""}, (400, "document_empty")),
        ({"input": []}, (422, "request_invalid")),
        ({"input": [100_000]}, (400, "setting_invalid")),
        ({"input": [101, 102]}, (400, "document_empty")),
        ({"input": [[5], []]}, (422, "request_invalid")),
        ({"input": [True]}, (422, "request_invalid")),
        ({"encoding_format": "int8"}, (422, "request_invalid")),
    ],
)
def test_a_mistake_has_its_code(
    client: TestClient, change: dict[str, Any], expected: tuple[int, str]
) -> None:
    body = {"input": TEXTS, "model": "minilm", **change}
    assert refusal(client, "/v1/embeddings", **body) == expected


def test_all_dimensions_may_be_asked_for(client: TestClient) -> None:
    assert embedded(client, TEXTS, dimensions=384).shape == (2, 384)


def test_the_served_model_is_listed(client: TestClient) -> None:
    (model,) = client.get("/v1/models").json()["data"]
    assert model["id"] == "minilm"


# --- text-embeddings-inference --------------------------------------------------------


def test_embed_gives_rows_of_length_one_unless_told_otherwise(
    client: TestClient, minilm: DocumentEmbedder
) -> None:
    expected = minilm.embed(TEXTS)
    rows = ask(client, "/embed", inputs=TEXTS)
    np.testing.assert_allclose(rows, unit(expected), atol=1e-5)
    rows = ask(client, "/embed", inputs=TEXTS, normalize=False, truncate=True)
    np.testing.assert_allclose(rows, expected, atol=1e-5)


def test_similarity_compares_a_sentence_with_others(
    client: TestClient, minilm: DocumentEmbedder
) -> None:
    inputs = {"source_sentence": TEXTS[0], "sentences": [TEXTS[1], TEXTS[0]]}
    vectors = minilm.embed(TEXTS)
    expected = cosines(vectors[:1], vectors[::-1])[0]
    found = ask(client, "/similarity", inputs=inputs)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_info_tells_the_model_and_the_limits(
    client: TestClient, minilm: DocumentEmbedder
) -> None:
    info = client.get("/info").json()
    assert info["model_id"] == "minilm"
    assert info["model_sha"] == minilm.encoder.fingerprint
    assert info["max_input_length"] is None
    assert info["max_client_batch_size"] == ServerSettings().most_texts


def test_predict_needs_a_project_that_is_served(client: TestClient) -> None:
    assert refusal(client, "/predict", inputs="rent") == (409, "one_project_needed")


@pytest.mark.parametrize("inputs", [["a", "b"], [["a", "b"]], [["a"], ["b", "c"]]])
def test_a_pair_for_a_re_ranker_is_refused(client: TestClient, inputs: Any) -> None:
    assert refusal(client, "/predict", inputs=inputs) == (400, "pairs_unknown")


# --- Hugging Face ---------------------------------------------------------------------


def test_zero_shot_ranks_labels_by_their_names(client: TestClient) -> None:
    parameters = {"candidate_labels": ["rent", "damage"]}
    (first, second) = ask(
        client, "/zero-shot-classification", inputs=TEXTS[0], parameters=parameters
    )
    assert (first["label"], second["label"]) == ("rent", "damage")
    assert first["score"] + second["score"] == pytest.approx(1)


def test_several_texts_get_a_list_each(client: TestClient) -> None:
    parameters = {
        "candidate_labels": ["rent", "damage"],
        "hypothesis_template": "This text is about {}.",
    }
    found = ask(
        client, "/zero-shot-classification", inputs=TEXTS, parameters=parameters
    )
    assert [one[0]["label"] for one in found] == ["rent", "damage"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"multi_label": True}, "multi_label_unknown"),
        ({"hypothesis_template": "about"}, "template_invalid"),
    ],
)
def test_what_names_cannot_tell_is_refused(
    client: TestClient, change: dict[str, Any], code: str
) -> None:
    parameters = {"candidate_labels": ["rent", "damage"], **change}
    body = {"inputs": TEXTS, "parameters": parameters}
    assert refusal(client, "/zero-shot-classification", **body) == (400, code)
