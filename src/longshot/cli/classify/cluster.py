"""``longshot classify --cluster``: the same decisions, past one machine."""

from pathlib import Path
from typing import TYPE_CHECKING

from longshot.cli.classify.options import ClassifyOptions
from longshot.cli.options import ColumnOptions
from longshot.cli.options.cluster import tell_end
from longshot.cli.output.consoles import say
from longshot.errors import SettingError

if TYPE_CHECKING:
    from longshot.embedder import DocumentEmbedder
    from longshot.scale.run import Cluster

_NOT_THERE = ("format", "report", "keep_formulas", "sections")
"""Options that need all documents on this machine, or print labels."""


def classify_on_cluster(
    examples: str,
    documents: str,
    out: str,
    *,
    asked: ClassifyOptions,
    columns: ColumnOptions,
    embedder: "DocumentEmbedder",
    cluster: "Cluster",
) -> None:
    """Learn here, and let a cluster decide.

    Raises
    ------
    LongshotError
        As :func:`~longshot.scale.classify_files`.
    """
    from longshot.cli.input.examples import cut_to_level
    from longshot.cli.output.comparison import tell_right
    from longshot.cli.output.summary import summary_at_end
    from longshot.reading.sources import existing
    from longshot.scale import classify_files, labels_in
    from longshot.scale.run import check_possible

    for name in _NOT_THERE:
        if getattr(asked, name):
            raise SettingError(
                f"--{name.replace('_', '-')} cannot be used with --cluster, whose "
                "results are a folder of Parquet files. Leave it out."
            )
    asked.check_values()
    is_judged_together = asked.pile and asked.head == "views" and not asked.several
    check_possible(
        read=asked.read,
        pile=is_judged_together,
        confidence=asked.confidence,
        names_model=asked.names_model,
    )
    existing(examples, argument="EXAMPLES")
    true_labels = asked.true_labels(columns)
    with summary_at_end() as summary:
        # Ids of documents elsewhere, or of a pattern, cannot be looked up from here.
        is_here = Path(documents).exists()
        given = asked.given(examples, columns, documents if is_here else None)
        training = given.training(asked.labels, summary)
        asked.check_level(training.all_labels)
        classifier = training.fitted(asked.classifier(embedder), summary)
    for line in classifier.explain_fit() if asked.verbose else ():
        say("  {}", line)
    told = classify_files(
        documents,
        out,
        classifier,
        pile=asked.pile,
        **asked.wanted,
        explain=asked.explain,
        given=training.given(asked.level),
        text_column=columns.text_column,
        id_column=columns.id_column,
        cluster=cluster,
    )
    if true_labels is not None:
        labels = {cut_to_level(one, asked.level) for one in training.all_labels}
        tell_right(labels_in(out), true_labels, labels)
    tell_end(told, out, "labels")
