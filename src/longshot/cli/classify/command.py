"""``longshot classify``: a few labelled documents and a pile in, labels out."""

from typing import TYPE_CHECKING

from longshot.cli.classify.options import ClassifyOptions
from longshot.cli.input.documents import check_sources
from longshot.cli.options import (
    ClusterOptions,
    ColumnOptions,
    DocumentsOrProject,
    Examples,
    with_embedder,
    with_options,
)
from longshot.cli.output.failures import telling_mistakes

if TYPE_CHECKING:
    from longshot.embedder import DocumentEmbedder


@telling_mistakes
@with_embedder
@with_options
def classify(
    examples: Examples,
    documents: DocumentsOrProject = None,
    *,
    asked: ClassifyOptions,
    columns: ColumnOptions,
    cluster: ClusterOptions,
    embedder: "DocumentEmbedder",
) -> None:
    """Label DOCUMENTS from a few labelled EXAMPLES, or decide about a project.

    EXAMPLES may also be a file of label names (yaml, json, txt), or a table of ids of
    DOCUMENTS and their labels, such as an earlier result that you corrected.

    A folder that longshot init made stands alone: all of its documents are decided
    from the labels that people gave.

    Example: longshot classify labelled/ pile/ --out labels.csv
    """
    if documents is None:
        from longshot.cli.project.deciding import classify_project

        classify_project(examples, asked, embedder)
        return
    if (chosen := cluster.chosen(asked.out)) is not None:
        from longshot.cli.classify.cluster import classify_on_cluster

        classify_on_cluster(
            examples,
            documents,
            chosen[1],
            asked=asked,
            columns=columns,
            embedder=embedder,
            cluster=chosen[0],
        )
        return
    asked.check(examples, documents)
    if asked.sections:
        from longshot.cli.packets.run import take_apart

        take_apart(
            asked.given(examples, columns, documents),
            documents,
            labels=asked.labels,
            asked=asked.of_sections,
            columns=columns,
            embedder=embedder,
        )
        return
    check_sources(examples, documents)
    embedder.load_ahead()  # before more is imported: it takes a third of the start
    from longshot.cli.classify.run import classify_here

    classify_here(examples, documents, asked=asked, columns=columns, embedder=embedder)
