"""``longshot suggest PROJECT``: the form of the command that a project takes."""

from pathlib import Path
from typing import TYPE_CHECKING

from longshot.cli.output.consoles import counted, say
from longshot.cli.project.opening import check_settled, opened
from longshot.cli.project.starting import read_all
from longshot.selection.names import Strategy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from longshot.embedder import DocumentEmbedder
    from longshot.project import Project, Suggestion
    from longshot.report.tables import Row


def suggest_for_project(
    place: str,
    n: int,
    *,
    strategy: Strategy,
    seed: int,
    out: Path | None,
    settled: "Mapping[str, bool]",
    embedder: "DocumentEmbedder",
) -> None:
    """Name the documents of a project to label next, and why: as its page does.

    Parameters
    ----------
    place, n, strategy, seed, out
        As of the command.
    settled
        Options that a project settles itself, and whether each was given.
    embedder
        What the options of the recipe ask for; a project has its own.

    Raises
    ------
    SettingError
        If an option was given that a project settles itself.
    """
    from longshot.cli.output.summary import summary_at_end
    from longshot.cli.output.table import print_table
    from longshot.report.tables import check_table_place, write_table

    check_settled(place, settled, embedder)
    if out is not None:
        check_table_place(out)
    with opened(place) as project, summary_at_end(out) as summary:
        read_all(project, summary.set_aside)
        # The page decides after every label: what is unsure must be known of now.
        project.classify(on_set_aside=summary.set_aside)
        chosen = project.suggest(n, strategy=strategy, seed=seed)
        rows = [_row(project, one) for one in chosen]
        if out is None:
            shown = [[_cell(one[name]) for name in _SHOWN] for one in rows]
            print_table(list(_SHOWN.values()), shown, numbers={2}, passages={4})
            return
        write_table(out, rows)
        say("{} to label are in {}", counted(len(rows), "document"), out)
        say("  fill in the column label, then: longshot import {} {}", place, out)


_SHOWN = {
    "id": "document",
    "likely_label": "likely",
    "confidence": "sure",
    "reason": "why",
    "begins": "begins",
}


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _row(project: "Project", one: "Suggestion") -> "Row":
    from longshot.report.openings import opening

    return {
        "id": one.document_id,
        "label": None,
        "likely_label": one.likely_label,
        "confidence": one.confidence,
        "second_label": one.second_label,
        "reason": why(one),
        "begins": opening(project.document(one.document_id).text),
    }


def why(suggestion: "Suggestion") -> str:
    """Tell why a document was chosen, in a few words.

    Examples
    --------
    >>> from longshot.project import Suggestion
    >>> why(Suggestion(document_id="a", number=1, likely_label="lease",
    ...     confidence=0.5, second_label="report", second_confidence=0.4,
    ...     reason="hesitates", n_alike=2))
    'between lease and report; stands for 2 others'
    """
    told = []
    if suggestion.reason == "hesitates":
        told.append(f"between {suggestion.likely_label} and {suggestion.second_label}")
    if suggestion.n_alike:
        told.append(f"stands for {counted(suggestion.n_alike, 'other')}")
    plain = "typical" if suggestion.reason == "typical" else "drawn at random"
    return "; ".join(told) or plain
