"""The passages for and against a label, and what they matched."""

from dataclasses import dataclass, field

from longshot.records.short_repr import short_repr
from longshot.records.vectors import Window


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """The window of an example that a window of a document is closest to.

    Attributes
    ----------
    example_id
        The example.
    window, text
        Its window, and that window's text.
    similarity
        The cosine of the two windows.
    """

    example_id: str
    window: Window = field(repr=False)
    text: str
    similarity: float

    __repr__ = short_repr


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A run of a document's text, and what it adds to a label's score.

    Attributes
    ----------
    start, end
        Its characters: ``text[start:end]``.
    text
        Those characters.
    contribution
        What it adds to the score; negative where it speaks against the label.
    """

    start: int
    end: int
    text: str
    contribution: float

    __repr__ = short_repr


@dataclass(frozen=True, kw_only=True, slots=True)
class RunnerUp:
    """The label that would have been second, and why it lost.

    Attributes
    ----------
    label
        The label.
    lost_by
        The logarithm of how many times less likely it is than the label that was
        explained; negative where it is likelier.
    reasons
        What separated the two, each with its part of `lost_by`, the greatest first.
    passage
        What contributed most to it.
    """

    label: str
    lost_by: float
    reasons: tuple[tuple[str, float], ...]
    passage: Passage

    __repr__ = short_repr


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """The passage that contributed most to a label, and what it matched.

    Attributes
    ----------
    label
        The label that it is evidence for.
    passage
        The passage that contributed most: about a hundred tokens, shorter than a
        window.
    window, text, contribution
        The window that holds it, that window's text, and what it adds to the score.
    match
        The window of an example with the label that this window is closest to; None
        where the label has only a name.
    score
        The score of the label.
    contributions
        What each window of the document adds to the score, in reading order; together
        they are the score.
    supporting, opposing
        The passages that contributed most to the label, `passage` first, and those that
        contributed most against it; none of them overlap.
    runner_up
        The best of the other labels; None where it was not asked for.
    """

    label: str
    passage: Passage
    window: Window = field(repr=False)
    text: str = field(repr=False)
    contribution: float
    match: Match | None
    score: float
    contributions: tuple[float, ...] = field(repr=False)
    supporting: tuple[Passage, ...] = field(default=(), repr=False)
    opposing: tuple[Passage, ...] = field(default=(), repr=False)
    runner_up: RunnerUp | None = field(default=None, repr=False)

    __repr__ = short_repr
