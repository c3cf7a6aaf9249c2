"""The clients that people have, unchanged, against a server that really runs."""

import gc
from collections.abc import Iterator
from typing import Any

import cohere
import numpy as np
import openai
import pytest
from huggingface_hub import InferenceClient
from langchain_openai import OpenAIEmbeddings

from longshot import DocumentEmbedder
from longshot.similarity import unit
from tests.server.running import RunningServer, running_server

pytestmark = [
    pytest.mark.slow,
    # Some clients leave their connections open, and have no way to close them.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

TEXTS = ["The tenant pays the rent.", "The roof leaks."]
LONG = "The surveyor went through all rooms of the house. " * 400


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("state"), "--no-cache") as server:
        yield server


@pytest.fixture(autouse=True)
def _connections_left_open() -> Iterator[None]:
    yield
    gc.collect()  # here, where they are expected


@pytest.fixture
def client(server: RunningServer) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(
        base_url=f"{server.address}/v1", api_key="none", max_retries=0
    ) as client:
        yield client


# --- openai ---------------------------------------------------------------------------


@pytest.mark.parametrize("form", [{"encoding_format": "float"}, {}])
def test_openais_client_embeds(
    client: openai.OpenAI, minilm: DocumentEmbedder, form: Any
) -> None:
    # Where nothing is said, the client asks for base64 and reads it itself.
    answer = client.embeddings.create(model="minilm", input=[*TEXTS, LONG], **form)
    found = [one.embedding for one in answer.data]
    expected = unit(minilm.embed([*TEXTS, LONG]))
    np.testing.assert_allclose(np.array(found), expected, atol=1e-5)
    n_tokens = len(minilm.encoder.tokenizer.encode(LONG).ids)
    assert answer.usage.prompt_tokens > n_tokens > 3_000


def test_openais_client_sends_token_ids(
    client: openai.OpenAI, minilm: DocumentEmbedder
) -> None:
    runs = [minilm.encoder.tokenizer.encode(text).ids.tolist() for text in TEXTS]
    answer = client.embeddings.create(model="minilm", input=runs)
    found = [one.embedding for one in answer.data]
    np.testing.assert_allclose(found, unit(minilm.embed(TEXTS)), atol=1e-5)
    single = client.embeddings.create(model="minilm", input=runs[0])
    np.testing.assert_allclose(single.data[0].embedding, found[0], atol=1e-5)


def test_openais_client_understands_a_refusal(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        client.embeddings.create(model="minilm", input=TEXTS, dimensions=7)
    assert refused.value.code == "dimensions_invalid"
    assert "dimensions must be 384" in str(refused.value)
    with pytest.raises(openai.NotFoundError):
        client.embeddings.create(model="text-embedding-3-small", input=TEXTS)


def test_openais_client_lists_the_model(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["minilm"]


def test_langchain_embeds(server: RunningServer, minilm: DocumentEmbedder) -> None:
    # Without this setting LangChain sends token ids of OpenAI's own tokenizer.
    embeddings = OpenAIEmbeddings(
        model="minilm",
        base_url=f"{server.address}/v1",
        api_key="none",  # type: ignore[arg-type]
        check_embedding_ctx_length=False,
    )
    expected = unit(minilm.embed([*TEXTS, LONG]))
    found = embeddings.embed_documents([*TEXTS, LONG])
    np.testing.assert_allclose(found, expected, atol=1e-5)
    np.testing.assert_allclose(embeddings.embed_query(LONG), expected[2], atol=1e-5)


# --- cohere ---------------------------------------------------------------------------


def test_coheres_client_classifies(server: RunningServer) -> None:
    client = cohere.Client(api_key="none", base_url=server.address)
    examples = [
        cohere.ClassifyExample(text=TEXTS[0], label="lease"),
        cohere.ClassifyExample(text="The landlord signs.", label="lease"),
        cohere.ClassifyExample(text=TEXTS[1], label="report"),
        cohere.ClassifyExample(text="The boiler is broken.", label="report"),
    ]
    inputs = ["The landlord may raise the rent.", "The roof of the house is damaged."]
    answer = client.classify(inputs=inputs, examples=examples)
    first, second = answer.classifications
    assert (first.prediction, second.prediction) == ("lease", "report")
    assert first.input == inputs[0]
    assert first.predictions == ["lease"]
    assert first.confidences == [first.confidence]
    assert first.classification_type == "single-label"
    sure = {label: one.confidence or 0.0 for label, one in first.labels.items()}
    assert set(sure) == {"lease", "report"}
    assert sum(sure.values()) == pytest.approx(1)


def test_coheres_client_understands_a_refusal(server: RunningServer) -> None:
    client = cohere.Client(api_key="none", base_url=server.address)
    with pytest.raises(cohere.BadRequestError) as refused:
        client.classify(inputs=["a"], examples=[])
    assert refused.value.body["error"]["code"] == "examples_missing"


# --- Hugging Face ---------------------------------------------------------------------


def test_hugging_faces_client_decides_by_names(server: RunningServer) -> None:
    client = InferenceClient(f"{server.address}/zero-shot-classification")
    found = client.zero_shot_classification(TEXTS[1], ["rent", "damage"])
    assert [one.label for one in found] == ["damage", "rent"]
