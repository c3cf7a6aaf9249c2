"""``/v1/similar``: how alike texts are, and where."""

from typing import Annotated

import numpy as np
from fastapi import APIRouter
from pydantic import BaseModel, Field

from longshot.records import Vectors
from longshot.server.routes.texts import Strict, Text, as_documents, encode_all
from longshot.server.shared import Shared, SharedOf
from longshot.similarity import best_matches, cosine

router = APIRouter(tags=["decisions"])


class SimilarRequest(Strict):
    """A text, and those to compare it with."""

    text: Text
    texts: Annotated[list[Text], Field(min_length=1)]
    windows: bool = Field(
        default=False,
        description="Also give, for each window of the text, its closest match.",
    )


class WindowMatch(BaseModel):
    """A window of the text, and the closest one of another text."""

    start: int
    end: int
    other_start: int
    other_end: int
    similarity: float


class Similarity(BaseModel):
    """How alike one of the texts is."""

    index: int = Field(description="Its place among the texts, from 0.")
    similarity: float = Field(description="The cosine of the documents' vectors.")
    windows: list[WindowMatch] | None


class SimilarResponse(BaseModel):
    """The texts, the most similar first."""

    results: list[Similarity]


@router.post("/v1/similar")
async def similar(asked: SimilarRequest, shared: SharedOf) -> SimilarResponse:
    """Tell how alike texts are, the most similar first."""
    texts = [asked.text, *asked.texts]
    await encode_all(shared, texts, what="text and texts")
    results = await shared.decisions.run(
        lambda: _compared(shared, texts, with_windows=asked.windows)
    )
    return SimilarResponse(results=results)


def _compared(
    shared: Shared, texts: list[str], *, with_windows: bool
) -> list[Similarity]:
    first, *others = shared.embedder.vectors(as_documents(texts))
    found = [
        Similarity(
            index=index,
            similarity=cosine(first.document, other.document),
            windows=_windows(first, other) if with_windows else None,
        )
        for index, other in enumerate(others)
    ]
    order = np.argsort([-one.similarity for one in found], kind="stable")
    return [found[place] for place in order]


def _windows(first: Vectors, other: Vectors) -> list[WindowMatch]:
    best, similarities = best_matches(first.window_vectors, other.window_vectors)
    return [
        WindowMatch(
            start=window.start,
            end=window.end,
            other_start=other.windows[match].start,
            other_end=other.windows[match].end,
            similarity=similarity,
        )
        for window, match, similarity in zip(
            first.windows, best, similarities, strict=True
        )
    ]
