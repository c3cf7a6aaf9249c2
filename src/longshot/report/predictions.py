"""Predictions as rows: the columns of every table that longshot writes of them."""

import json

from longshot.records import Prediction
from longshot.report.tables import Cell, Row


def prediction_row(prediction: Prediction) -> Row:
    """Give one prediction as a row; the evidence's columns are empty without any.

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
        "confidence": prediction.confidence,
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
    if prediction.label_set is not None:
        row["label_set"] = json.dumps(prediction.label_set, ensure_ascii=False)
    if prediction.new_class is not None:
        row["new_class"] = prediction.new_class or None
    return row
