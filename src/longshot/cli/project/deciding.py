"""``longshot classify PROJECT``: the form of the command that a project takes."""

import time
from typing import TYPE_CHECKING

from longshot.cli.output.consoles import say
from longshot.cli.project.opening import check_installed, opened, tell_decisions
from longshot.cli.project.starting import read_all
from longshot.errors import SettingError
from longshot.recipe import Recipe

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
    from longshot.cli.output.summary import summary_at_end

    _check(place, asked, embedder)
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
        for path in (asked.out, asked.report):
            if path is not None:
                form = "report" if path is asked.report else None
                project.export(path, form, keep_formulas=asked.keep_formulas)
                say("what stands now is in {}", path)


def _check(place: str, asked: "ClassifyOptions", embedder: "DocumentEmbedder") -> None:
    from dataclasses import MISSING, fields

    check_installed()
    from longshot.project import is_project

    if not is_project(place):
        raise SettingError(
            f"DOCUMENTS must be named unless EXAMPLES is a project; {place} is none. "
            f"Name what to label, or run: longshot init {place}"
        )
    for one in fields(asked):
        is_given = (
            one.default is not MISSING and getattr(asked, one.name) != one.default
        )
        if is_given and one.name not in _TAKEN:
            option = one.name.replace("_", "-")
            raise SettingError(
                f"--{option} must be left out where a project is classified: it keeps "
                "its settings. Set them with longshot init."
            )
    settings = embedder.get_params()
    del settings["engine"]
    if Recipe(**settings) != Recipe():
        raise SettingError(
            "options of the recipe must be left out where a project is classified: it "
            "keeps its own. Set the model with longshot init --model."
        )
