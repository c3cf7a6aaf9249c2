"""A PDF that holds several documents, written as one PDF for each of them.

pikepdf (qpdf's library) copies pages as they are: scans stay what they were, and links
and form fields within a part go on working. The parts together are the whole: every
page stands in one of them, and either all parts of a file are written or none.
"""

import re
from collections.abc import Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from longshot.errors import MissingExtraError, OutputError, first_line
from longshot.reading.formats.pdf.page_count import is_pdf
from longshot.records import Packet, Section
from longshot.report.files import make_folder, whole_file

_NOT_IN_NAMES = re.compile(r"[^\w.-]+")
_MOST_CHARACTERS = 60
"""Of a file's or a label's part of a name: names may have 255 bytes."""


def check_parts_place(folder: Path) -> None:
    """Find out before a long run that PDF files can be written to a folder.

    Raises
    ------
    MissingExtraError
        If pikepdf is not installed.
    OutputError
        If the folder cannot be made.
    """
    if find_spec("pikepdf") is None:
        raise MissingExtraError.naming("pikepdf", extra="documents")
    make_folder(folder)


def write_parts(packet: Packet, folder: Path) -> list[Path]:
    """Write each section of a PDF as a PDF; of any other file, nothing.

    Parameters
    ----------
    packet
        What was taken apart.
    folder
        Where the parts go, named by the file, their number and their label.

    Returns
    -------
    list of Path
        The parts, in the order of their pages.

    Raises
    ------
    OutputError
        If they cannot be written, or the PDF is not the one that was read; then none
        of them is there.
    """
    import pikepdf

    source = packet.document.source
    if packet.n_pages is None or not is_pdf(source):
        return []
    paths = part_paths(packet, folder)
    _check_apart(paths, source)
    with ExitStack() as stack:
        try:
            whole = stack.enter_context(pikepdf.open(source))
            parts = [_part(whole, one) for one in packet]
            n_written = sum(len(part.pages) for part in parts)
            if not n_written == packet.n_pages == len(whole.pages):
                raise OutputError(
                    f"{source} must be the PDF that was read; it has "
                    f"{len(whole.pages)} pages now, and had {packet.n_pages}. Run "
                    "this again."
                )
            for part, path in zip(parts, paths, strict=True):
                part.save(stack.enter_context(whole_file(path)))
        except pikepdf.PdfError as error:
            raise OutputError(
                f"{source} must be a PDF that can be divided; it cannot "
                f"({first_line(error)}). Print it to a new PDF."
            ) from error
    return paths


def part_paths(packet: Packet, folder: Path) -> list[Path]:
    """Name the parts of a file: by it, their number, and their label."""
    stem = _in_name(Path(packet.document.id).with_suffix("").as_posix())
    digits = len(str(len(packet)))
    return [
        folder / f"{stem}-{one.number:0{digits}}-{_in_name(one.label or 'none')}.pdf"
        for one in packet
    ]


def _in_name(text: str) -> str:
    return _NOT_IN_NAMES.sub("-", text).strip("-.")[:_MOST_CHARACTERS] or "part"


def _check_apart(paths: Sequence[Path], source: str) -> None:
    taken = Path(source).resolve()
    for path in paths:
        if path.resolve() == taken:
            raise OutputError(
                f"a part must not overwrite the file that it comes from; {path} is "
                "both. Name another folder."
            )


def _part(whole: Any, section: Section) -> Any:
    import pikepdf

    assert section.first_page is not None
    assert section.last_page is not None
    part = pikepdf.Pdf.new()
    pages = range(section.first_page - 1, section.last_page)
    part.add_pages_from(whole, pages=pages)
    return part
