"""The routes of Hugging Face's text-embeddings-inference.

https://huggingface.github.io/text-embeddings-inference. ``truncate`` may say what it
likes: no text is cut. Prompts belong to a model's recipe here, and not to a request.
"""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from longshot import __version__
from longshot.server.encoding import Wanted
from longshot.server.errors import Refused
from longshot.server.routes.openai import (
    check_dimensions,
    encode_inputs,
    normalised,
)
from longshot.server.routes.texts import (
    Labelled,
    Positive,
    Strict,
    TokenIds,
    as_documents,
    classifier_of,
    encode_all,
)
from longshot.server.shared import Shared, SharedOf
from longshot.similarity import cosines

router = APIRouter(tags=["text-embeddings-inference"])

Direction = Literal["Left", "Right", "left", "right"]


class Truncation(Strict):
    """What that server's clients say of long texts; none is cut in any case."""

    truncate: bool | None = None
    truncation_direction: Direction | None = None


class EmbedRequest(Truncation):
    """One text or several, or their token ids."""

    inputs: (
        str
        | Annotated[list[str], Field(min_length=1)]
        | TokenIds
        | Annotated[list[TokenIds], Field(min_length=1)]
    )
    normalize: bool = True
    dimensions: Positive | None = None
    prompt_name: str | None = None


class Score(BaseModel):
    """A label, and how sure it is."""

    label: str
    score: float


class PredictRequest(Truncation):
    """A text, or several, each as a list of one."""

    inputs: (
        str
        | Annotated[list[str], Field(min_length=1, max_length=2)]
        | Annotated[
            list[Annotated[list[str], Field(min_length=1, max_length=2)]],
            Field(min_length=1),
        ]
    )
    raw_scores: bool = False


class SimilarityInputs(Strict):
    """A sentence, and those to compare it with."""

    source_sentence: str
    sentences: Annotated[list[str], Field(min_length=1)]


class SimilarityParameters(Truncation):
    """How the texts are to be read."""

    prompt_name: str | None = None


class SimilarityRequest(Strict):
    """A sentence, and those to compare it with."""

    inputs: SimilarityInputs
    parameters: SimilarityParameters | None = None


class EmbeddingModel(BaseModel):
    """How the tokens of a text become one vector."""

    pooling: str


class ModelType(BaseModel):
    """What the model is for."""

    embedding: EmbeddingModel


class Info(BaseModel):
    """What is served."""

    model_id: str
    model_sha: str
    model_dtype: str
    model_type: ModelType
    max_concurrent_requests: int
    max_input_length: int | None = Field(
        description="Null: a text of any length is read, in windows."
    )
    max_batch_tokens: int
    max_batch_requests: int | None
    max_client_batch_size: int
    auto_truncate: bool
    tokenization_workers: int
    version: str


@router.post("/embed")
async def embed(asked: EmbedRequest, shared: SharedOf) -> list[list[float]]:
    """Turn texts into vectors."""
    _check_prompt(asked.prompt_name)
    check_dimensions(shared, asked.dimensions)
    encoded = await encode_inputs(shared, asked.inputs)
    if asked.normalize:
        rows = list(normalised(encoded))
    else:
        rows = [one.vector for one in encoded]
    return [[float(value) for value in row] for row in rows]


@router.post("/predict")
async def predict(
    asked: PredictRequest, shared: SharedOf
) -> list[Score] | list[list[Score]]:
    """Classify texts by the examples of the project that is served."""
    if asked.raw_scores:
        raise Refused(
            400,
            "raw_scores_unknown",
            "raw_scores must be false: scores are probabilities; got true. "
            "Leave it out.",
        )
    texts, is_batch = _sequences(asked.inputs)
    classifier = await classifier_of(shared, Labelled(project=only_project(shared)))
    await encode_all(shared, texts, what="inputs")
    found = await shared.decisions.classify(
        classifier, as_documents(texts), Wanted(evidence=False)
    )
    ranked = []
    for one in found:
        first = [] if one.label is None else [(one.label, one.confidence)]
        scores = [*first, *one.alternatives]
        ranked.append([Score(label=label, score=score) for label, score in scores])
    return ranked if is_batch else ranked[0]


@router.post("/similarity")
async def similarity(asked: SimilarityRequest, shared: SharedOf) -> list[float]:
    """Give the cosine of a sentence with each of the others."""
    if asked.parameters is not None:
        _check_prompt(asked.parameters.prompt_name)
    texts = [asked.inputs.source_sentence, *asked.inputs.sentences]
    encoded = await encode_all(shared, texts, what="inputs")
    vectors = normalised(encoded)
    return [float(value) for value in cosines(vectors[:1], vectors[1:])[0]]


@router.get("/info")
async def info(shared: SharedOf) -> Info:
    """Tell what is served."""
    encoder, settings = shared.embedder.encoder, shared.settings
    recipe = shared.embedder.recipe
    return Info(
        model_id=settings.model,
        model_sha=encoder.fingerprint,
        model_dtype=recipe.precision,
        model_type=ModelType(embedding=EmbeddingModel(pooling=recipe.token_pooling)),
        max_concurrent_requests=settings.most_waiting,
        max_input_length=None,
        max_batch_tokens=encoder.capacity.batch_tokens,
        max_batch_requests=None,
        max_client_batch_size=settings.most_texts,
        auto_truncate=False,
        tokenization_workers=1,
        version=__version__,
    )


def only_project(shared: Shared) -> str:
    """Give the project that is served, where a request cannot name one.

    Raises
    ------
    Refused
        If there are none or several.
    """
    ids = shared.projects.ids
    if len(ids) != 1:
        raise Refused(
            409,
            "one_project_needed",
            f"this route decides by the one project that is served; there are "
            f"{len(ids)}. Start the server with one, or use /v1/classify.",
        )
    return ids[0]


def _sequences(inputs: str | list[str] | list[list[str]]) -> tuple[list[str], bool]:
    """Give the texts, and whether they came as a batch."""
    if isinstance(inputs, str):
        return [inputs], False
    batch = [[one] if isinstance(one, str) else one for one in inputs]
    is_batch = not isinstance(inputs[0], str)
    if not is_batch and len(inputs) > 1:
        batch = [[str(one) for one in inputs]]
    if any(len(one) > 1 for one in batch):
        raise Refused(
            400,
            "pairs_unknown",
            "inputs must be single texts; got a pair, as for a re-ranker. Write "
            'several texts as [["one"], ["another"]].',
        )
    return [one[0] for one in batch], is_batch


def _check_prompt(name: str | None) -> None:
    if name is not None:
        raise Refused(
            400,
            "prompt_unknown",
            "prompt_name must be left out: what stands before a text belongs to the "
            f"model's recipe; got {name}. Leave it out.",
        )
