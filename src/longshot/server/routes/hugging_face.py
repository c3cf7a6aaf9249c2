"""Hugging Face's zero-shot request: labels by their names alone.

https://huggingface.co/docs/inference-providers/tasks/zero-shot-classification. Point
its client at the route: ``InferenceClient("http://HOST:PORT/zero-shot-classification")``.
"""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from longshot.server.encoding import Wanted
from longshot.server.errors import Refused
from longshot.server.routes.texts import (
    Labelled,
    Open,
    Strict,
    as_documents,
    classifier_of,
    encode_all,
)
from longshot.server.shared import SharedOf

router = APIRouter(tags=["hugging face"])

_SLOT = "{}"


class ZeroShotParameters(Strict):
    """The labels, and a sentence about them."""

    candidate_labels: Annotated[list[str], Field(min_length=2)]
    hypothesis_template: str | None = Field(
        default=None,
        description="A sentence with {} for the label: what each label means.",
    )
    multi_label: bool | None = False


class ZeroShotRequest(Open):
    """One text or several, and the labels."""

    inputs: str | Annotated[list[str], Field(min_length=1)]
    parameters: ZeroShotParameters


class LabelScore(BaseModel):
    """A label, and how sure it is."""

    label: str
    score: float


@router.post("/zero-shot-classification")
async def zero_shot(
    asked: ZeroShotRequest, shared: SharedOf
) -> list[LabelScore] | list[list[LabelScore]]:
    """Classify by label names; the likeliest label comes first."""
    labels = _descriptions(asked.parameters)
    classifier = await classifier_of(shared, Labelled(labels=labels))
    texts = [asked.inputs] if isinstance(asked.inputs, str) else asked.inputs
    await encode_all(shared, texts, what="inputs")
    found = await shared.decisions.classify(
        classifier, as_documents(texts), Wanted(evidence=False)
    )
    ranked = [
        [
            LabelScore(label=label, score=score)
            for label, score in [(str(one.label), one.confidence), *one.alternatives]
        ]
        for one in found
    ]
    return ranked[0] if isinstance(asked.inputs, str) else ranked


def _descriptions(asked: ZeroShotParameters) -> dict[str, str | None]:
    if asked.multi_label:
        raise Refused(
            400,
            "multi_label_unknown",
            "multi_label must be false: names alone do not tell where a label stops to "
            "apply; got true. Give examples to /v1/classify, whose texts may have "
            "several labels.",
        )
    template = asked.hypothesis_template
    if template is not None and _SLOT not in template:
        raise Refused(
            400,
            "template_invalid",
            f"hypothesis_template must hold {_SLOT} for the label; it does not. "
            "Put it in, or leave the template out.",
        )
    return {
        label: template.replace(_SLOT, label) if template else None
        for label in asked.candidate_labels
    }
