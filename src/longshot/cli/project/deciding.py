"""``longshot classify PROJECT``: the form of the command that a project takes."""

import time
from typing import TYPE_CHECKING

from longshot.cli.output.consoles import say
from longshot.cli.project.opening import check_settled, opened, tell_decisions
from longshot.cli.project.starting import read_all
from longshot.errors import SettingError

if TYPE_CHECKING:
    from longshot.cli.classify.options import ClassifyOptions
    from longshot.embedder import DocumentEmbedder

_TAKEN = {"out", "report", "verbose", "keep_formulas"}
"""Options of the command that a project takes; the others it has settled itself."""


def classify_project(
    place: str, asked: "ClassifyOptions", embedder: "DocumentEmbedder"
) -> None:
    """Decide about every document of a project, and write what was asked for.

    Raises
    ------
    SettingError
        If an option was given that a project settles itself.
    """
    from longshot.cli.classify.findings import tell_new_class
    from longshot.cli.output.summary import summary_at_end

    check_settled(place, _settled(asked), embedder)
    with opened(place) as project, summary_at_end(asked.out) as summary:
        read_all(project, summary.set_aside)
        started = time.perf_counter()
        found = project.classify(on_set_aside=summary.set_aside)
        tell_decisions(found)
        if found.state is None:
            raise SettingError(found.report[0])
        say("  in {} s", f"{time.perf_counter() - started:.2f}")
        for line in found.report if asked.verbose else ():
            say("  {}", line)
        for number, one in enumerate(found.new_classes, start=1):
            tell_new_class(number, one.n_documents, one.words, one.document_ids)
        for path in (asked.out, asked.report):
            if path is not None:
                form = "report" if path is asked.report else None
                project.export(path, form, keep_formulas=asked.keep_formulas)
                say("what stands now is in {}", path)


def _settled(asked: "ClassifyOptions") -> dict[str, bool]:
    """Tell which options a project settles itself, and whether each was given."""
    from dataclasses import MISSING, fields

    return {
        one.name.replace("_", "-"): getattr(asked, one.name) != one.default
        for one in fields(asked)
        if one.default is not MISSING and one.name not in _TAKEN
    }
