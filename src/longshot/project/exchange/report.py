"""The stand-alone report of a project: the page of ``longshot classify --report``."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from longshot.project.exchange.base import Known
from longshot.records import Evidence, Prediction, SetAside
from longshot.report.classified import classified_page, classified_pile
from longshot.report.classified.map import best_map_method, positions
from longshot.report.files import check_page_place
from longshot.report.pages import write_page


def write(
    path: Path,
    known: Sequence[Known],
    *,
    title: str,
    labels: Sequence[str],
    settings: Sequence[tuple[str, str]],
    evidence: Mapping[str, Evidence],
    vectors: Mapping[str, np.ndarray],
    set_aside: Sequence[SetAside],
) -> int:
    """Write the page, and count the documents on it.

    Parameters
    ----------
    path
        The page.
    known
        The documents; those without a label and a decision are left out.
    title, labels, settings, set_aside
        As of :func:`~longshot.report.classified.classified_pile`.
    evidence, vectors
        By the document's id.

    Raises
    ------
    OutputError, SettingError
        If there is no place for it.
    """
    check_page_place(path)
    shown = [one for one in known if one.is_labelled or one.decision is not None]
    predictions = [_prediction(one, evidence) for one in shown]
    method = best_map_method(len(shown))
    whole = np.array([vectors[one.document.id] for one in shown])
    pile = classified_pile(
        predictions,
        [one.document for one in shown],
        title=title,
        labels=labels,
        settings=settings,
        positions=positions(whole, method) if len(shown) else None,
        map_method=method,
        set_aside=set_aside,
    )
    write_page(path, classified_page(pile, folder=path.resolve().parent))
    return len(shown)


def _prediction(known: Known, evidence: Mapping[str, Evidence]) -> Prediction:
    """Give what stands about a document; a person's word is certain."""
    decision, document = known.decision, known.document
    given = Prediction(
        document_id=document.id,
        label=known.shown_label,
        confidence=decision.confidence if decision else 1.0,
        alternatives=decision.alternatives if decision else (),
        evidence=evidence.get(document.id),
        n_tokens=decision.n_tokens if decision else 0,
        n_windows=decision.n_windows if decision else 0,
        coverage=decision.coverage if decision else 1.0,
        n_unknown=decision.n_unknown if decision else 0,
        new_class=decision.new_class if decision else None,
        notes=document.notes,
    )
    if not known.is_labelled:
        return given
    return replace(
        given, confidence=1.0, notes=(*given.notes, f"labelled by {known.labelled_by}")
    )
