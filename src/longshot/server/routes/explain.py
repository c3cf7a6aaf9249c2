"""``/v1/explain``: which passages speak for a label, and which against it."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from longshot.records import RunnerUp
from longshot.server.routes.texts import (
    EvidenceOut,
    Labelled,
    PassageOut,
    Text,
    classifier_of,
    encode_all,
    evidence_out,
    passage_out,
)
from longshot.server.shared import SharedOf

router = APIRouter(tags=["decisions"])


class ExplainRequest(Labelled):
    """A text, the label to explain, and what the labels are."""

    text: Text
    label: str | None = Field(
        default=None, description="The label it gets, by default."
    )


class Reason(BaseModel):
    """What told two labels apart, and how much of it."""

    reason: str
    lost_by: float


class RunnerUpOut(BaseModel):
    """The label that would have been second, and why it lost."""

    label: str
    lost_by: float
    reasons: list[Reason]
    passage: PassageOut


class ExplainResponse(EvidenceOut):
    """The evidence for a label."""

    score: float
    supporting: list[PassageOut]
    opposing: list[PassageOut]
    runner_up: RunnerUpOut | None


@router.post("/v1/explain")
async def explain(asked: ExplainRequest, shared: SharedOf) -> ExplainResponse:
    """Give the passages that speak for a label and against it."""
    classifier = await classifier_of(shared, asked)
    await encode_all(shared, [asked.text], what="text")
    evidence = await shared.decisions.run(
        lambda: classifier.explain(asked.text, asked.label)
    )
    return ExplainResponse(
        **evidence_out(evidence).model_dump(),
        score=evidence.score,
        supporting=[passage_out(one) for one in evidence.supporting],
        opposing=[passage_out(one) for one in evidence.opposing],
        runner_up=evidence.runner_up and _runner_up(evidence.runner_up),
    )


def _runner_up(found: RunnerUp) -> RunnerUpOut:
    return RunnerUpOut(
        label=found.label,
        lost_by=found.lost_by,
        reasons=[Reason(reason=name, lost_by=part) for name, part in found.reasons],
        passage=passage_out(found.passage),
    )
