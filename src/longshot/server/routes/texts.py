"""What several routes ask for: texts within limits, and what makes a classifier."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from longshot.classify import LongshotClassifier
from longshot.errors import EmptyDocumentError
from longshot.project import NamedLabel
from longshot.records import Document, Evidence, Match, Passage
from longshot.server.encoding import Encoded, LabelledTexts
from longshot.server.errors import Refused
from longshot.server.shared import Shared


def _whole(value: Any) -> Any:
    """Take 3.0 for 3, as JSON Schema does; a truth value or a text is no number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


_MOST_ID = (1 << 31) - 1

# What is checked before the number stands last: else its bounds are not described.
Whole = Annotated[int, BeforeValidator(_whole)]
Positive = Annotated[int, Field(ge=1), BeforeValidator(_whole)]
TokenIds = Annotated[
    list[Annotated[int, Field(ge=0, le=_MOST_ID), BeforeValidator(_whole)]],
    Field(min_length=1),
]
Text = Annotated[str, Field(description="A text of any length; none of it is cut.")]
Share = Annotated[float, Field(gt=0, lt=1)]


class Strict(BaseModel):
    """A request; a field that nobody knows is an error, and not left aside."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Open(BaseModel):
    """A request of a program that also sends what nobody here needs."""

    model_config = ConfigDict(strict=True)


class LabelledText(Strict):
    """An example."""

    text: Text
    label: str | list[str] = Field(
        description="Its label; a list where texts may have several labels, or none."
    )
    id: str | None = Field(default=None, description="What evidence names it by.")


class LabelMeaning(Strict):
    """What a label means, as a file of labels tells it."""

    description: str | None = None
    speaks_for: list[str] = Field(
        default=[],
        description="Words and phrases that make the label likelier; one counts where "
        "all of its words stand in the text.",
    )
    speaks_against: list[str] = Field(
        default=[], description="Those that make it less likely."
    )


class Labelled(Strict):
    """What the labels are: shown by examples, told by name, or kept in a project."""

    examples: list[LabelledText] | None = Field(
        default=None,
        description="Labelled texts; one for a label is enough to begin with.",
    )
    labels: list[str] | Mapping[str, str | LabelMeaning | None] | None = Field(
        default=None,
        description="Label names, or names with what each means, and with phrases that "
        "speak for and against it; without examples, texts are decided by these alone.",
    )
    project: str | None = Field(
        default=None,
        description="The project whose examples and labels are used instead.",
    )
    unknown: Share | None = Field(
        default=None,
        description="Reject what fits no label: the share of fitting texts that may be "
        "rejected by mistake.",
    )


class PassageOut(BaseModel):
    """A run of a text, and what it adds to a label's score."""

    start: int
    end: int
    text: str
    contribution: float


class MatchOut(BaseModel):
    """The passage of an example that is closest."""

    example_id: str
    start: int
    end: int
    text: str
    similarity: float


class EvidenceOut(BaseModel):
    """The passage that spoke most for a label, and what it matched."""

    label: str
    start: int = Field(description="Its characters: text[start:end].")
    end: int
    text: str
    contribution: float
    match: MatchOut | None


def check_texts(shared: Shared, texts: Sequence[str], *, what: str) -> None:
    """Hold texts against the limits.

    Raises
    ------
    Refused
        If they are too many, or one is too long.
    """
    settings = shared.settings
    if len(texts) > settings.most_texts:
        raise Refused(
            413,
            "too_many_texts",
            f"{what} must hold at most {settings.most_texts:,} texts; got "
            f"{len(texts):,}. Send them in parts, or raise --most-texts.",
        )
    longest = max(map(len, texts), default=0)
    if longest > settings.most_document_characters:
        raise Refused(
            413,
            "document_too_long",
            f"{what} must have at most {settings.most_document_characters:,} characters"
            f" each; got one of {longest:,}. Split it, or raise "
            "--most-document-characters.",
        )


async def encode_all(
    shared: Shared, texts: Sequence[str], *, what: str
) -> list[Encoded]:
    """Encode texts, each of which must hold a token.

    Raises
    ------
    EmptyDocumentError
        If one does not.
    """
    check_texts(shared, texts, what=what)
    found = await shared.encoder.encode(texts)
    encoded = [one for one in found if one is not None]
    if len(encoded) < len(found):
        raise EmptyDocumentError(
            f"{what} must hold at least one token each; number {found.index(None)} "
            "(from 0) holds none. Leave it out."
        )
    return encoded


async def classifier_of(shared: Shared, asked: Labelled) -> LongshotClassifier:
    """Fit a classifier to what a request asks for, or find it.

    Raises
    ------
    Refused
        If nothing tells what the labels are.
    LongshotError
        If the examples make no classifier.
    """
    if asked.project is not None:
        _check_project_alone(asked)
        project = await asyncio.to_thread(shared.projects.get, asked.project)
        labelled = await asyncio.to_thread(shared.project_examples.of, project)
        if asked.unknown is not None:
            labelled = replace(labelled, unknown=asked.unknown)
    else:
        labelled = labelled_texts(asked)
        check_texts(shared, labelled.texts, what="examples")
    return await shared.classifiers.of(labelled)


def _check_project_alone(asked: Labelled) -> None:
    if asked.examples or asked.labels:
        raise Refused(
            400,
            "examples_twice",
            "a request must tell what the labels are by examples and labels, or by "
            "project; it has both. Leave one out.",
        )


def labelled_texts(asked: Labelled) -> LabelledTexts:
    """Give what a classifier is made from.

    Raises
    ------
    Refused
        If nothing tells what the labels are.
    """
    if not asked.examples and not asked.labels:
        raise Refused(
            400,
            "examples_missing",
            "a request must tell what the labels are: by examples, labels or project; "
            "it has none of them. Give one.",
        )
    examples = asked.examples or []
    labels: Any = tuple(one.label for one in examples)
    if any(isinstance(label, list) for label in labels):
        labels = tuple(
            tuple(label) if isinstance(label, list) else (label,) for label in labels
        )
    has_ids = bool(examples) and all(one.id is not None for one in examples)
    return LabelledTexts(
        texts=tuple(one.text for one in examples),
        labels=labels,
        ids=tuple(str(one.id) for one in examples) if has_ids else None,
        unknown=asked.unknown,
    ).of_labels(_told_labels(asked.labels or []))


def _told_labels(
    told: list[str] | Mapping[str, str | LabelMeaning | None],
) -> Iterator[NamedLabel]:
    if isinstance(told, list):
        yield from (NamedLabel(name=name) for name in told)
        return
    for name, means in told.items():
        if isinstance(means, LabelMeaning):
            yield NamedLabel(
                name=name,
                description=means.description,
                speaks_for=tuple(means.speaks_for),
                speaks_against=tuple(means.speaks_against),
            )
        else:
            yield NamedLabel(name=name, description=means)


def as_documents(texts: Sequence[str]) -> list[Document]:
    """Give texts their number as id."""
    return [Document(id=str(number), text=text) for number, text in enumerate(texts)]


def evidence_out(evidence: Evidence) -> EvidenceOut:
    """Give evidence as clients see it."""
    return EvidenceOut(
        label=evidence.label,
        **passage_out(evidence.passage).model_dump(),
        match=None if evidence.match is None else _match_out(evidence.match),
    )


def _match_out(match: Match) -> MatchOut:
    return MatchOut(
        example_id=match.example_id,
        start=match.window.start,
        end=match.window.end,
        text=match.text,
        similarity=match.similarity,
    )


def passage_out(passage: Passage) -> PassageOut:
    """Give a passage as clients see it."""
    return PassageOut(
        start=passage.start,
        end=passage.end,
        text=passage.text,
        contribution=passage.contribution,
    )
