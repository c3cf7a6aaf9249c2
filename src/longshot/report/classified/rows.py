"""Predictions as rows: the columns of every table that longshot writes of them."""

import json
from collections.abc import Sequence

from longshot.reading.sources.references import CHECKED, PREDICTED
from longshot.records import Passage, Prediction, RunnerUp
from longshot.report.tables import Cell, Row


def prediction_row(prediction: Prediction) -> Row:
    """Give one prediction as a row; the evidence's columns are empty without any.

    The table goes back in as EXAMPLES once a person went through it: a ``label`` that
    differs from ``predicted_label`` is a correction, and a mark in ``checked`` confirms
    one. Where documents may have several labels, ``labels`` and ``predicted_labels``
    hold all that apply, with ``;`` between. Where labels are paths,
    ``level_confidences`` holds how sure each part of the path is, with ``/`` between.
    The set of labels has a column only where sets were asked for: JSON, so that any
    label can stand in it. The number of an offered new class has one where such were
    looked for; it is empty for documents of none.
    """
    second = prediction.alternatives[0] if prediction.alternatives else (None, None)
    evidence = prediction.evidence
    match = evidence.match if evidence else None
    row: dict[str, Cell] = {
        "id": prediction.document_id,
        "label": prediction.label,
        **_of_several(prediction),
        CHECKED: None,
        "confidence": prediction.confidence,
        **_of_levels(prediction),
        "second_label": second[0],
        "second_confidence": second[1],
        "n_tokens": prediction.n_tokens,
        "n_windows": prediction.n_windows,
        "coverage": prediction.coverage,
        "language": prediction.language,
        "notes": "; ".join(prediction.notes) or None,
        "passage_start": evidence.passage.start if evidence else None,
        "passage_end": evidence.passage.end if evidence else None,
        "passage": evidence.passage.text if evidence else None,
        "example_id": match.example_id if match else None,
        "example_similarity": match.similarity if match else None,
    }
    row |= {PREDICTED[name]: row[name] for name in PREDICTED if name in row}
    if prediction.label_set is not None:
        row["label_set"] = json.dumps(prediction.label_set, ensure_ascii=False)
    if prediction.new_class is not None:
        row["new_class"] = prediction.new_class or None
    return row


def explained_row(prediction: Prediction) -> Row:
    """Give one prediction as a row, with all that spoke for its label and against it.

    Contributions are natural logarithms: together they tell how many times likelier the
    label is than among equal ones. The passage's own columns come first among those of
    `passages_for`.
    """
    evidence = prediction.evidence
    second = evidence.runner_up if evidence else None
    return {
        **prediction_row(prediction),
        "score": evidence.score if evidence else None,
        "contribution": evidence.passage.contribution if evidence else None,
        "passages_for": _places(evidence.supporting) if evidence else None,
        "passages_against": _places(evidence.opposing) if evidence else None,
        "second_behind_by": second.lost_by if second else None,
        "second_because": told_reasons(second) if second else None,
        "second_passage_start": second.passage.start if second else None,
        "second_passage_end": second.passage.end if second else None,
        "second_passage": second.passage.text if second else None,
    }


def told_reasons(second: RunnerUp) -> str:
    """Tell what put the label before the second, the greatest first."""
    return ", ".join(f"{name} {part:+.2f}" for name, part in second.reasons)


def _places(passages: Sequence[Passage]) -> str:
    return ", ".join(
        f"{one.start}-{one.end} ({one.contribution:+.2f})" for one in passages
    )


def _of_several(prediction: Prediction) -> Row:
    if prediction.labels is None:
        return {}
    return {"labels": ";".join(prediction.labels)}


def _of_levels(prediction: Prediction) -> Row:
    if prediction.levels is None:
        return {}
    sure = (f"{confidence:.4f}" for _, confidence in prediction.levels)
    return {"level_confidences": "/".join(sure)}
