"""What an audit proves, kept so that anybody can read it and a program can check it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from longshot.audit.result import METHOD, SOURCE, AuditResult
from longshot.audit.sample import AuditSample


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """What is certain about the labels of a pile, and for which labels it holds.

    It covers the labels that the documents had when the sample was drawn, and no
    others: :meth:`limit_now` says what is left of it once labels were changed.

    Attributes
    ----------
    date
        When it was given, as the caller writes it (ISO 8601).
    population
        Hash of all ids with their labels: :func:`population_hash`.
    state
        Whatever names the state of the classifier that decided; may be empty.
    n_documents
        The documents covered.
    n_drawn, n_right, n_wrong, n_unsure, n_counted
        See :class:`~longshot.audit.result.AuditResult`.
    n_right_at_least, limit, level
        So many labels, which is this share, are right with this probability at least.
    estimate
        The share that is right as estimated; None before the first whole round.
    target
        The share that was to be reached; None where none was named.
    stratum_sizes, seed
        How the sample was drawn.
    method, source
        How the limit was computed, and where that is published.
    """

    date: str
    population: str
    state: str
    n_documents: int
    n_drawn: int
    n_right: int
    n_wrong: int
    n_unsure: int
    n_counted: int
    n_right_at_least: int
    limit: float
    level: float
    estimate: float | None
    target: float | None
    stratum_sizes: tuple[int, ...]
    seed: int
    method: str = METHOD
    source: str = SOURCE

    @property
    def n_checked(self) -> int:
        """How many documents were checked."""
        return self.n_right + self.n_wrong + self.n_unsure

    @property
    def is_target_reached(self) -> bool | None:
        """Whether the target is certain; None where there is none."""
        return None if self.target is None else self.limit >= self.target

    def covers(self, population: str) -> bool:
        """Tell whether ids and labels are those that it was given for."""
        return self.population == population

    def limit_now(
        self, *, n_documents: int, n_lost: int = 0, n_corrected: int = 0
    ) -> float:
        """Give what is still certain after labels were changed.

        Nothing new is assumed: every changed label may be wrong, every new one too.

        Parameters
        ----------
        n_documents
            How many there are now; those added since count as wrong.
        n_lost
            Covered documents that are gone or have another label now, without those
            that were found wrong in the audit.
        n_corrected
            Documents that were found wrong in the audit and have their right label now.
        """
        certain = self.n_right_at_least - n_lost + n_corrected
        return min(max(certain, 0) / n_documents, 1.0) if n_documents else 1.0

    def lines(self) -> tuple[str, ...]:
        """Say it in plain English."""
        return (
            f"At least {floored(self.limit)} of {self.n_documents:,} labels are right, "
            f"{_percent(self.level)} certain: {self.n_right_at_least:,} or more.",
            *self._on_the_target(),
            self._on_the_answers(),
            *self._on_the_estimate(),
            f"It covers the labels that these {self.n_documents:,} documents had when "
            f"the sample was drawn, and was given on {self.date}.",
            f"Labels: {self.population}."
            + (f" Classifier: {self.state}." if self.state else ""),
            f"Method: {self.method}, drawn at random with seed {self.seed}; it holds "
            "whenever checking stopped and however well confidences fit.",
            f"Source: {self.source}.",
        )

    def as_dict(self) -> dict[str, Any]:
        """Give what JSON can hold."""
        return {**asdict(self), "stratum_sizes": list(self.stratum_sizes)}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "Certificate":
        """Take it from what :meth:`as_dict` gave; what is unknown is passed over."""
        known = {one.name for one in fields(cls)}
        values = {name: value for name, value in kept.items() if name in known}
        return cls(**{**values, "stratum_sizes": tuple(kept["stratum_sizes"])})

    def _on_the_target(self) -> Iterable[str]:
        if self.target is not None:
            is_reached = "reached" if self.is_target_reached else "not reached"
            yield f"The target of {_percent(self.target)} is {is_reached}."

    def _on_the_answers(self) -> str:
        unsure = ""
        if self.n_unsure:
            unsure = f", {self.n_unsure:,} unsure, which count as wrong"
        waiting = self.n_checked - self.n_counted
        told = f" {waiting:,} wait for the rest of their round." if waiting else ""
        return (
            f"Checked: {self.n_checked:,} of {self.n_drawn:,} drawn at random, "
            f"{self.n_right:,} right, {self.n_wrong:,} wrong{unsure}.{told}"
        )

    def _on_the_estimate(self) -> Iterable[str]:
        if self.estimate is not None:
            yield f"The best estimate is {_percent(self.estimate)}."


def certify(
    sample: AuditSample,
    result: AuditResult,
    *,
    date: str,
    population: str,
    state: str = "",
    target: float | None = None,
) -> Certificate:
    """Give the certificate of an audit, finished or not.

    Parameters
    ----------
    sample, result
        What was drawn and what was found.
    date
        Of today, as it is to be shown.
    population
        From :func:`population_hash`, of the labels when the sample was drawn.
    state
        Whatever names the state of the classifier that decided.
    target
        The share that was to be reached.
    """
    return Certificate(
        date=date,
        population=population,
        state=state,
        n_documents=result.n_documents,
        n_drawn=result.n_drawn,
        n_right=result.n_right,
        n_wrong=result.n_wrong,
        n_unsure=result.n_unsure,
        n_counted=result.n_counted,
        n_right_at_least=result.n_right_at_least,
        limit=result.limit,
        level=result.level,
        estimate=result.estimate,
        target=target,
        stratum_sizes=tuple(sample.sizes.tolist()),
        seed=sample.seed,
    )


def population_hash(labels: Mapping[str, str | None]) -> str:
    """Give a hash of ids and labels that does not depend on their order.

    Examples
    --------
    >>> a = population_hash({"1": "lease", "2": None})
    >>> a == population_hash({"2": None, "1": "lease"}), a[:7]
    (True, 'sha256:')
    """
    lines = json.dumps(sorted(labels.items(), key=lambda one: one[0]))
    return "sha256:" + hashlib.sha256(lines.encode()).hexdigest()


def floored(share: float) -> str:
    """Give a limit in percent, never rounded up.

    Examples
    --------
    >>> floored(0.94199), floored(1.0), floored(0.941)
    ('94.1 %', '100 %', '94.1 %')
    """
    tenths = int(share * 1000 + 1e-9)
    return "100 %" if tenths == 1000 else f"{tenths / 10:.1f} %"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}".removesuffix(".0") + " %"
