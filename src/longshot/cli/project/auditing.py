"""``longshot audit PROJECT``: the form of the command that a project takes."""

from pathlib import Path
from typing import TYPE_CHECKING

from longshot.cli.output.consoles import counted, put, say
from longshot.cli.project.opening import opened
from longshot.errors import SettingError

if TYPE_CHECKING:
    from longshot.project import Project, ProjectAudit
    from longshot.report.tables import Row


def draw_for_project(
    place: str,
    n: int,
    *,
    seed: int | None,
    level: float,
    target: float | None,
    out: Path | None,
) -> None:
    """Draw a sample of what a project decided, and write what is to be checked.

    Raises
    ------
    SettingError
        If there is no place for the sample.
    """
    from longshot.report.tables import check_table_place, write_table

    if out is None:
        raise SettingError(
            "the sample of a project must go to a table; got none. Give --out "
            "sample.csv, fill in its column label, and give it as --checked."
        )
    check_table_place(out)
    with opened(place) as project:
        audit = project.audits.start(n, seed=seed, level=level, target=target)
        rows: list[Row] = [
            {
                "id": one,
                "label": None,
                "source": project.document(one).source,
                "text": project.document(one).text,
            }
            for one in audit.document_ids
        ]
        write_table(out, rows)
        say("{} to check are in {}", counted(len(rows), "document"), out)
        say("  fill in its column label, from the first row on")
        say("  then: longshot audit {} --checked {}", place, out)


def check_for_project(
    place: str, checked: Path, answers: "list[tuple[str, str | None, bool]]"
) -> None:
    """Write down the answers of a sample, and print what is certain.

    Parameters
    ----------
    place, checked
        The project, and the table.
    answers
        For each document that was checked: its id, its label (None for "none of
        these"), and whether the person was unsure.

    Raises
    ------
    SettingError
        If the project has no audit, or the table is of another one.
    """
    with opened(place) as project:
        audit = _latest(project)
        strangers = {one for one, _, _ in answers} - set(audit.document_ids)
        if strangers:
            raise SettingError(
                f"--checked must be the sample of the latest audit; {checked} holds "
                f"{min(strangers)}, which is not in it. Name that sample."
            )
        said = dict(zip(audit.document_ids, audit.answers, strict=False))
        for id_, label, unsure in answers:
            if said.get(id_) is None:
                audit = project.audits.answer(audit.id, id_, label, unsure=unsure)
        put("".join(f"{line}\n" for line in audit.certificate.lines()))
        if not audit.is_current:
            say(
                "labels have changed since; {} are certain now",
                f"{audit.limit_now:.1%}",
            )


def _latest(project: "Project") -> "ProjectAudit":
    audit = project.audits.latest()
    if audit is None:
        raise SettingError(
            "--checked must be the sample of an audit; the project has none. Draw one "
            "with --out first."
        )
    return audit
