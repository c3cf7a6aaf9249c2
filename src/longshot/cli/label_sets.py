"""What a run tells of the sets of labels that ``--confidence`` asked for."""

from collections.abc import Sequence

from longshot.cli.consoles import counted, say
from longshot.records import Prediction


def tell_sets(predictions: Sequence[Prediction], confidence: float) -> None:
    """Tell how large the sets are; and where no label could be left out, why."""
    from longshot.classify.conformal import n_needed

    sizes = [len(one.label_set or ()) for one in predictions]
    n_empty = sizes.count(0)
    say(
        "sets at {}: {} on the mean{}",
        f"{confidence:.0%}",
        f"{sum(sizes) / len(sizes):.2f} labels",
        f"; {counted(n_empty, 'document')} that no label fits" if n_empty else "",
    )
    if all(
        size == _n_labels(one) for size, one in zip(sizes, predictions, strict=True)
    ):
        say(
            "  every set holds all labels: fewer may take at least {} that share their "
            "label with another",
            counted(n_needed(confidence), "example"),
        )


def _n_labels(prediction: Prediction) -> int:
    return len(prediction.alternatives) + (prediction.label is not None)
