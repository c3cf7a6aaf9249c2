"""``/v1/embeddings`` and ``/v1/models``, as OpenAI's clients call them.

https://platform.openai.com/docs/api-reference/embeddings. Vectors have length one, as
OpenAI's have. A text longer than the model's window is read in windows and averaged,
and never cut. Token ids are those of the model that is served.
"""

import base64
import time
from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter
from jaxtyping import Float
from pydantic import BaseModel, Field

from longshot.server.encoding import Encoded
from longshot.server.errors import Refused
from longshot.server.routes.models import check_model
from longshot.server.routes.texts import (
    Positive,
    Strict,
    TokenIds,
    check_texts,
    encode_all,
)
from longshot.server.shared import Shared, SharedOf
from longshot.similarity import unit

router = APIRouter(prefix="/v1", tags=["embeddings"])

_STARTED = int(time.time())


class EmbeddingsRequest(Strict):
    """One text or several, as text or as the model's token ids."""

    input: (
        str
        | Annotated[list[str], Field(min_length=1)]
        | TokenIds
        | Annotated[list[TokenIds], Field(min_length=1)]
    )
    model: str
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: Positive | None = Field(
        default=None, description="All that the model has; it cannot give fewer."
    )
    user: str | None = None


class Embedding(BaseModel):
    """The vector of one input."""

    object: Literal["embedding"] = "embedding"
    index: int
    embedding: list[float] | str = Field(
        description="Numbers, or the base64 of their bytes as little-endian float32."
    )


class Usage(BaseModel):
    """The tokens that were read."""

    prompt_tokens: int
    total_tokens: int


class EmbeddingsResponse(BaseModel):
    """The vectors, in the order of the inputs."""

    object: Literal["list"] = "list"
    data: list[Embedding]
    model: str
    usage: Usage


class Model(BaseModel):
    """A model that is served."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str = "longshot"


class ModelList(BaseModel):
    """The models that are served."""

    object: Literal["list"] = "list"
    data: list[Model]


@router.post("/embeddings")
async def embeddings(asked: EmbeddingsRequest, shared: SharedOf) -> EmbeddingsResponse:
    """Turn texts of any length into vectors of length one."""
    check_model(shared, asked.model)
    check_dimensions(shared, asked.dimensions)
    encoded = await encode_inputs(shared, asked.input)
    vectors = normalised(encoded)
    n_tokens = sum(one.n_tokens for one in encoded)
    return EmbeddingsResponse(
        data=[
            Embedding(index=index, embedding=_written(row, asked.encoding_format))
            for index, row in enumerate(vectors)
        ],
        model=asked.model,
        usage=Usage(prompt_tokens=n_tokens, total_tokens=n_tokens),
    )


@router.get("/models")
async def models(shared: SharedOf) -> ModelList:
    """List the model that is served."""
    return ModelList(data=[Model(id=shared.settings.model, created=_STARTED)])


def check_dimensions(shared: Shared, dimensions: int | None) -> None:
    """Hold the dimensions that a request wants against those of the model.

    Raises
    ------
    Refused
        If they are fewer or more: the first ones of a vector that was not trained for
        it are no vector.
    """
    dim = shared.embedder.encoder.dim
    if dimensions not in (None, dim):
        raise Refused(
            400,
            "dimensions_invalid",
            f"dimensions must be {dim} for model {shared.settings.model}, which was "
            f"not trained to be cut; got {dimensions}. Leave it out.",
        )


async def encode_inputs(shared: Shared, given: Any) -> list[Encoded]:
    """Encode a text, several, or their token ids.

    Raises
    ------
    LongshotError, Refused
        If there are too many, one is too long, or one holds no token.
    """
    if isinstance(given, str):
        return await encode_all(shared, [given], what="input")
    if isinstance(given[0], str):
        return await encode_all(shared, given, what="input")
    runs = [given] if isinstance(given[0], int) else given
    # A token has at least a character: ids are held to the same limit.
    check_texts(shared, [" " * len(run) for run in runs], what="input")
    return await shared.encoder.encode_ids(runs)


def normalised(encoded: list[Encoded]) -> Float[np.ndarray, "text dim"]:
    """Scale vectors to length one."""
    return unit(np.stack([one.vector for one in encoded])).astype(np.float32)


def _written(row: Float[np.ndarray, " dim"], form: str) -> list[float] | str:
    if form == "base64":
        return base64.b64encode(row.astype("<f4").tobytes()).decode()
    return [float(value) for value in row]
