"""Records print in a few lines, whatever they hold."""

import numpy as np

from longshot.records import (
    Classified,
    Document,
    Evidence,
    Passage,
    Prediction,
    Vectors,
    Window,
)

LONG = "The tenant pays the rent. " * 1000


def prediction() -> Prediction:
    window = Window(index=0, start=0, end=9, n_tokens=9, n_new_tokens=9)
    passage = Passage(start=0, end=len(LONG), text=LONG, contribution=1.5)
    evidence = Evidence(
        label="lease",
        passage=passage,
        window=window,
        text=LONG,
        contribution=1.5,
        match=None,
        score=2.0,
        contributions=(2.0,) * 1000,
    )
    return Prediction(
        document_id="a.txt",
        label="lease",
        confidence=0.75,
        alternatives=tuple((f"label {i}", 0.01) for i in range(150)),
        evidence=evidence,
        n_tokens=9,
        n_windows=1,
        coverage=1.0,
    )


def test_a_prediction_takes_a_few_lines() -> None:
    shown = repr(prediction())

    assert shown.startswith("Prediction(document_id='a.txt', label='lease', confidence")
    assert "… 150 in all" in shown
    assert "(26,000 characters)" in shown
    assert len(shown) < 800


def test_many_predictions_are_counted() -> None:
    shown = repr(Classified(predictions=(prediction(),) * 500))

    assert "… 500 in all" in shown
    assert len(shown) < 3000


def test_texts_and_arrays_are_not_printed() -> None:
    window = Window(index=0, start=0, end=9, n_tokens=9, n_new_tokens=9)
    vectors = Vectors(
        document_id="a",
        windows=(window,),
        layer_means=np.ones((1, 4, 384), dtype=np.float32),
        document=np.ones(384, dtype=np.float32),
        span_vectors=np.ones((1, 384), dtype=np.float16),
    )

    assert len(repr(Document(id="a", text=LONG))) < 150
    assert "layer_means=<1 x 4 x 384 float32>" in repr(vectors)
