"""``/v1/classify``, in the shape of Cohere's retired endpoint, and what it adds.

Cohere's clients send ``inputs``, ``examples``, ``model``, ``preset`` and ``truncate``
(https://docs.cohere.com/reference/classify). Whatever ``truncate`` says, no text is
cut: each is read whole, and ``coverage`` says so.
"""

import uuid
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from longshot.records import Prediction
from longshot.server.encoding import Wanted
from longshot.server.errors import Refused
from longshot.server.routes.models import check_model
from longshot.server.routes.texts import (
    EvidenceOut,
    Labelled,
    Share,
    Text,
    as_documents,
    classifier_of,
    encode_all,
    evidence_out,
)
from longshot.server.shared import SharedOf

router = APIRouter(tags=["decisions"])


class ClassifyRequest(Labelled):
    """Texts to classify, and what the labels are."""

    inputs: Annotated[list[Text], Field(min_length=1)]
    model: str | None = Field(
        default=None, description="The model that is served, if any."
    )
    preset: str | None = Field(default=None, description="Not known here.")
    truncate: Literal["NONE", "START", "END"] | None = Field(
        default=None,
        description="Taken from Cohere's clients; no text is cut in any case.",
    )
    pile: bool = Field(
        default=False,
        description="Judge the inputs together, so that their likeness helps; each by "
        "itself, by default.",
    )
    evidence: bool = Field(default=True, description="Give the passage that decided.")
    confidence: Share | None = Field(
        default=None,
        description="Give for each input the labels that hold the true one so often.",
    )


class LabelConfidence(BaseModel):
    """How sure a label is."""

    confidence: float


class Alternative(BaseModel):
    """A label, and how sure it is."""

    label: str
    confidence: float


class Classification(BaseModel):
    """The decision for one input."""

    id: str
    input: str
    prediction: str | None = Field(description="The label; null for none of these.")
    predictions: list[str]
    confidence: float
    confidences: list[float]
    labels: dict[str, LabelConfidence]
    classification_type: Literal["single-label", "multi-label"]
    evidence: EvidenceOut | None
    label_set: list[str] | None
    levels: list[Alternative] | None
    coverage: float = Field(description="The share of the text that was read.")
    n_tokens: int
    notes: list[str]


class BilledUnits(BaseModel):
    """Cohere's count of what was done."""

    classifications: int


class Meta(BaseModel):
    """Cohere's notes on the answer."""

    api_version: dict[str, str] = {"version": "1"}
    billed_units: BilledUnits


class ClassifyResponse(BaseModel):
    """The decisions, in the order of the inputs."""

    id: str
    classifications: list[Classification]
    meta: Meta


@router.post("/v1/classify")
async def classify(asked: ClassifyRequest, shared: SharedOf) -> ClassifyResponse:
    """Classify texts by examples, by label names, or by a project's examples."""
    check_model(shared, asked.model)
    if asked.preset is not None:
        raise Refused(
            400,
            "preset_unknown",
            "preset must be left out: it stands for examples kept elsewhere; got one. "
            "Give the examples, or name a project.",
        )
    classifier = await classifier_of(shared, asked)
    await encode_all(shared, asked.inputs, what="inputs")
    wanted = Wanted(
        pile=asked.pile, evidence=asked.evidence, confidence=asked.confidence
    )
    documents = as_documents(asked.inputs)
    found = await shared.decisions.classify(classifier, documents, wanted)
    return ClassifyResponse(
        id=str(uuid.uuid4()),
        classifications=[
            _classification(one, text)
            for one, text in zip(found, asked.inputs, strict=True)
        ],
        meta=Meta(billed_units=BilledUnits(classifications=len(found))),
    )


def _classification(found: Prediction, text: str) -> Classification:
    several = found.labels is not None
    ranked = list(found.alternatives)
    if found.label is not None:
        ranked.insert(0, (found.label, found.confidence))
    sure = dict(ranked)
    predictions = list(found.labels or ())
    if not several and found.label is not None:
        predictions = [found.label]
    return Classification(
        id=str(uuid.uuid4()),
        input=text,
        prediction=None if several else found.label,
        predictions=predictions,
        confidence=found.confidence,
        confidences=[sure[label] for label in predictions],
        labels={label: LabelConfidence(confidence=one) for label, one in ranked},
        classification_type="multi-label" if several else "single-label",
        evidence=None if found.evidence is None else evidence_out(found.evidence),
        label_set=None if found.label_set is None else list(found.label_set),
        levels=None
        if found.levels is None
        else [Alternative(label=label, confidence=one) for label, one in found.levels],
        coverage=found.coverage,
        n_tokens=found.n_tokens,
        notes=list(found.notes),
    )
