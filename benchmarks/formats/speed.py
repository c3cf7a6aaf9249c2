"""Reading each kind beside the library alone: the same long file, the same library.

The processor's time counts, and the least of several runs: the machine may be busy.
That of the process counts too which reads PDFs apart.
"""

import email
import mailbox
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from email.policy import compat32
from pathlib import Path
from typing import Any

import psutil

from benchmarks.formats.corpus import Corpus, convert, page_of, pandoc, zipped
from benchmarks.formats.papers import Paper, papers
from longshot.reading import read_documents

_WORDS_PER_PAGE = 500
_WORDS_PER_MAIL = 300
_RUNS = 3
_READS = 10


def long_files(folder: Path) -> dict[str, Path]:
    """Make a long file of each kind, by its ending: all papers one after the other."""
    place = Corpus(folder).sources
    paper = _joined(papers(36))
    page = page_of(paper, place)
    convert([page], "odt", place, "HTML (StarWriter)")
    odt = place / f"{paper.name}.odt"
    for ending in ("doc", "docx", "pdf", "rtf"):
        convert([odt], ending, place)
    for ending in ("epub", "pptx", "tex"):
        pandoc(page, place / f"{paper.name}.{ending}")
    (place / f"{paper.name}.zip").write_bytes(zipped({"a.odt": odt.read_bytes()}))
    (place / f"{paper.name}.eml").write_bytes(_mail_of(paper.title, paper.text))
    (place / f"{paper.name}.mbox").write_bytes(_mailbox_of(paper))
    kinds = ("doc", "docx", "eml", "epub", "mbox", "odt", "pdf", "pptx", "rtf", "tex")
    return {kind: place / f"{paper.name}.{kind}" for kind in (*kinds, "zip")}


def _mail_of(subject: str, text: str) -> bytes:
    mail = email.message.EmailMessage()
    mail["Subject"], mail["Message-ID"] = subject, "<1@example.org>"
    mail.set_content(text)
    return bytes(mail)


def _mailbox_of(paper: Paper) -> bytes:
    """Give a mail for every 300 words."""
    words = paper.text.split()
    texts = (
        " ".join(words[start : start + _WORDS_PER_MAIL])
        for start in range(0, len(words), _WORDS_PER_MAIL)
    )
    line = b"From - Mon Jan  1 10:00:00 2024\n"
    return b"".join(line + _mail_of(paper.title, text) + b"\n" for text in texts)


def pages_per_second(read: Callable[[Path], str], path: Path) -> float:
    """Measure pages of 500 words in a second of the processor's time."""
    n_words = len(read(path).split())
    least = min(_seconds(read, path) for _ in range(_RUNS))
    return n_words / _WORDS_PER_PAGE / max(least, 1e-9)


def longshot(path: Path) -> str:
    """Read a file as a person does."""
    return "\n".join(one.text for one in read_documents(path))


def alone(kind: str) -> Callable[[Path], str]:
    """Give the library that reads a kind, without anything around it."""
    others = {"docx": _docx, "eml": _mail, "mbox": _mailbox, "pdf": _pdf, "zip": _zip}
    return others.get(kind, _kreuzberg)


def _seconds(read: Callable[[Path], str], path: Path) -> float:
    started = _used()
    for _ in range(_READS):
        read(path)
    return (_used() - started) / _READS


def _used() -> float:
    """Give the processor's time of this process and of those that it started."""
    children = psutil.Process().children(recursive=True)
    times = [one.cpu_times() for one in children]  # in hundredths of a second
    of_children = sum(float(one.user + one.system) for one in times)
    return time.process_time() + of_children


def _joined(texts: list[Paper]) -> Paper:
    blocks = tuple(block for one in texts for block in (one.title, *one.blocks))
    return replace(texts[0], name="long", blocks=blocks)


def _kreuzberg(path: Path) -> str:
    import kreuzberg

    config = kreuzberg.ExtractionConfig(use_cache=False)
    return str(kreuzberg.extract_file_sync(path, config=config).content)


def _docx(path: Path) -> str:
    import docx

    document = docx.Document(str(path))
    rows = (row for table in document.tables for row in table.rows)
    lines = [paragraph.text for paragraph in document.paragraphs]
    return "\n".join([*lines, *("\t".join(c.text for c in row.cells) for row in rows)])


def _pdf(path: Path) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def _mail(path: Path) -> str:
    return _body(email.message_from_bytes(path.read_bytes(), policy=compat32))


def _mailbox(path: Path) -> str:
    factory: Any = email.message_from_binary_file
    return "\n".join(map(_body, mailbox.mbox(path, factory=factory)))


def _body(message: email.message.Message) -> str:
    payload = message.get_payload(decode=True)
    return payload.decode() if isinstance(payload, bytes) else ""


def _zip(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        name = archive.namelist()[0]
        target = path.with_name("unpacked.odt")
        target.write_bytes(archive.read(name))
    return _kreuzberg(target)
