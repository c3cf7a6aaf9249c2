"""Predictions as rows: the columns of every table that longshot writes of them."""

from longshot.records import Prediction
from longshot.report.tables import Row


def prediction_row(prediction: Prediction) -> Row:
    """Give one prediction as a row; the evidence's columns are empty without any.

    Where documents may have several labels, ``labels`` holds all that apply, with ``;``
    between. Where labels are paths, ``level_confidences`` holds how sure each part of
    the path is, with ``/`` between.
    """
    second = prediction.alternatives[0] if prediction.alternatives else (None, None)
    evidence = prediction.evidence
    match = evidence.match if evidence else None
    return {
        "id": prediction.document_id,
        "label": prediction.label,
        **_of_several(prediction),
        "confidence": prediction.confidence,
        **_of_levels(prediction),
        "second_label": second[0],
        "second_confidence": second[1],
        "n_tokens": prediction.n_tokens,
        "n_windows": prediction.n_windows,
        "coverage": prediction.coverage,
        "passage_start": evidence.window.start if evidence else None,
        "passage_end": evidence.window.end if evidence else None,
        "passage": evidence.text if evidence else None,
        "example_id": match.example_id if match else None,
        "example_similarity": match.similarity if match else None,
    }


def _of_several(prediction: Prediction) -> Row:
    if prediction.labels is None:
        return {}
    return {"labels": ";".join(prediction.labels)}


def _of_levels(prediction: Prediction) -> Row:
    if prediction.levels is None:
        return {}
    sure = (f"{confidence:.4f}" for _, confidence in prediction.levels)
    return {"level_confidences": "/".join(sure)}
