"""What an audit says of a project's labels, beside whatever is made of them."""

import json
from pathlib import Path

from longshot.audit.certificate import floored
from longshot.project.records import ProjectAudit
from longshot.report.files import whole_file


def certificate_beside(path: Path) -> Path:
    """Give the place of the certificate of an export: in a folder, or beside a file."""
    if path.is_dir():
        return path / "_certificate.json"
    return path.with_suffix(".certificate.json")


def write_certificate(path: Path, audit: ProjectAudit) -> None:
    """Write what is certain by now, as JSON.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    told = {
        **audit.certificate.as_dict(),
        "limit_now": audit.limit_now,
        "is_current": audit.is_current,
        "text": list(audit.certificate.lines()),
    }
    with whole_file(path) as file:
        text = json.dumps(told, ensure_ascii=False, indent=2)
        file.write(f"{text}\n".encode())


def certificate_line(audit: ProjectAudit) -> str:
    """Tell it in one line, with what is still certain where labels were changed."""
    lines = audit.certificate.lines()
    now = f"Of the labels as they stand in this report: {floored(audit.limit_now)}."
    return " ".join(lines if audit.is_current else (*lines, now))
