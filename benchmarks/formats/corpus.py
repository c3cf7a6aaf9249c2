"""Makes files of every kind of the papers, with the programs that make such files.

LibreOffice and pandoc must be installed (Debian: libreoffice-writer, libreoffice-calc,
libreoffice-impress, pandoc); Python's own libraries write mails and archives, pdfium
and Pillow the scans. Beside the files lies ``truth.jsonl``: each document that is to be
read by its id, with its text.
"""

import bz2
import csv
import gzip
import io
import json
import lzma
import mailbox
import subprocess
import tarfile
import zipfile
from collections.abc import Iterable
from email.message import EmailMessage
from pathlib import Path

import pypdfium2

from benchmarks.formats.papers import Paper, papers

_WRITER = "HTML (StarWriter)"
_CSV = "CSV:44,34,76"  # comma, quote, UTF-8
_PAGES = ("doc", "docx", "epub", "pdf", "rtf")
_PANDOC = ("docx", "epub", "ipynb", "odt", "pptx", "rtf", "tex")
_SHEETS = ("ods", "xls", "xlsx")
_DOTS_PER_INCH = 200
_SECONDS_SHOWN = 4


class Corpus:
    """A folder of files, and the truth about them."""

    def __init__(self, folder: Path) -> None:
        self.files = folder / "files"
        self.files.mkdir(parents=True, exist_ok=True)
        self.sources = folder / "sources"
        self.sources.mkdir(exist_ok=True)
        self.truth: dict[str, str] = {}

    def add(self, name: str, data: bytes, text: str) -> None:
        """Write a file that is one document."""
        (self.files / name).write_bytes(data)
        self.truth[name] = text

    def move(self, made: Path, name: str, text: str) -> None:
        """Take over a file that a program made."""
        made.rename(self.files / name)
        self.truth[name] = text

    def data(self, name: str) -> bytes:
        """Give a file that was made."""
        return (self.files / name).read_bytes()


def make(folder: Path) -> int:
    """Make all files and the truth; give how many files there are."""
    corpus = Corpus(folder)
    texts = papers(8)
    _office(corpus, texts[:4])
    _pandoc(corpus, texts[4:7])
    _sheets(corpus, texts[:2])
    _pages(corpus, texts[:2])
    _mails(corpus, texts)
    _subtitles(corpus, texts[2:4])
    _archives(corpus, texts)
    _scans(corpus, texts[2:4])
    lines = (
        json.dumps({"id": id_, "text": text}, ensure_ascii=False) + "\n"
        for id_, text in corpus.truth.items()
    )
    (folder / "truth.jsonl").write_text("".join(lines), encoding="utf-8")
    return len(list(corpus.files.iterdir()))


def convert(files: Iterable[Path], ending: str, out: Path, reads_as: str = "") -> None:
    """Have LibreOffice make files of another kind of files."""
    reader = [f"--infilter={reads_as}"] if reads_as else []
    profile = f"-env:UserInstallation={(out / 'profile').resolve().as_uri()}"
    command = ["soffice", "--headless", profile, *reader]
    subprocess.run(
        [*command, "--convert-to", ending, "--outdir", str(out), *map(str, files)],
        check=True,
        capture_output=True,
    )


def pandoc(page: Path, target: Path, *options: str) -> None:
    """Have pandoc make a file of a page."""
    command = ["pandoc", "-s", *options, str(page), "-o", str(target)]
    subprocess.run(command, check=True, capture_output=True)


def page_of(paper: Paper, folder: Path) -> Path:
    """Write a paper as a page for programs to read."""
    path = folder / f"{paper.name}.html"
    path.write_text(paper.html, encoding="utf-8")
    return path


def _office(corpus: Corpus, texts: list[Paper]) -> None:
    place = corpus.sources
    convert([page_of(one, place) for one in texts], "odt", place, _WRITER)
    odts = [place / f"{one.name}.odt" for one in texts]
    for ending in _PAGES:
        convert(odts, ending, place)
    for ending in (*_PAGES, "odt"):
        for one in texts:
            made = place / f"{one.name}.{ending}"
            corpus.move(made, f"office-{made.name}", one.text)


def _pandoc(corpus: Corpus, texts: list[Paper]) -> None:
    place = corpus.sources
    for one in texts:
        page = page_of(one, place)
        for ending in _PANDOC:
            pandoc(page, place / f"{one.name}.{ending}")
        pandoc(page, place / f"{one.name}.xml", "-t", "docbook")
    convert([place / f"{one.name}.pptx" for one in texts], "odp", place)
    for ending in (*_PANDOC, "xml", "odp"):
        for one in texts:
            made = place / f"{one.name}.{ending}"
            corpus.move(made, f"pandoc-{made.name}", one.text)


def _sheets(corpus: Corpus, texts: list[Paper]) -> None:
    place = corpus.sources
    for one in texts:
        rows = [("number", "text")]
        lines = one.text.replace("\t", " ").split("\n")
        rows += [(str(number), line) for number, line in enumerate(lines, start=1)]
        with (place / f"{one.name}.csv").open(
            "w", encoding="utf-8", newline=""
        ) as file:
            csv.writer(file).writerows(rows)
        tables = [place / f"{one.name}.csv"]
        for ending in _SHEETS:
            convert(tables, ending, place, _CSV)
            made = place / f"{one.name}.{ending}"
            told = "\n".join(" ".join(row) for row in rows)
            corpus.move(made, f"office-{made.name}", told)


def _pages(corpus: Corpus, texts: list[Paper]) -> None:
    for one in texts:
        corpus.add(f"{one.name}.html", one.html.encode(), one.text)
        corpus.add(f"{one.name}.txt", one.text.encode(), one.text)


def _mail(paper: Paper, *, version: str = "plain") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = paper.title
    message["From"] = "Ann Müller <ann@example.org>"
    message["Message-ID"] = f"<{paper.name}@example.org>"
    body = "\n\n".join(paper.text.split("\n")[1:])
    if version != "html":
        encoding = "base64" if version == "base64" else "quoted-printable"
        message.set_content(body, cte=encoding)
    if version == "html":
        message.set_content(paper.html, subtype="html")
    elif version == "both":
        message.add_alternative(paper.html, subtype="html")
    return message


def _mails(corpus: Corpus, texts: list[Paper]) -> None:
    versions = ("plain", "html", "both", "base64")
    for one, version in zip(texts, versions, strict=False):
        mail = _mail(one, version=version)
        corpus.add(f"{version}.eml", bytes(mail), one.text)
    mail = _mail(texts[4])
    mail.add_attachment(_mail(texts[5]))
    for ending, one in zip(("docx", "pdf"), texts, strict=False):
        name = f"office-{one.name}.{ending}"
        data = corpus.data(name)
        mail.add_attachment(
            data, maintype="application", subtype="octet-stream", filename=name
        )
        corpus.truth[f"attached.eml/{name}"] = one.text
    corpus.add("attached.eml", bytes(mail), texts[4].text)
    forwarded = texts[5].title.replace("/", "-")[:80]
    corpus.truth[f"attached.eml/{forwarded}.eml"] = texts[5].text
    box = mailbox.mbox(corpus.files / "inbox.mbox")
    for number, one in enumerate(texts[:6], start=1):
        box.add(mailbox.mboxMessage(_mail(one)))
        corpus.truth[f"inbox.mbox/{number}.eml"] = one.text
    box.close()


def _subtitles(corpus: Corpus, texts: list[Paper]) -> None:
    for one in texts:
        for ending, comma in (("srt", ","), ("vtt", ".")):
            shown = ["WEBVTT\n"] if ending == "vtt" else []
            for number, line in enumerate(one.text.split("\n"), start=1):
                start, end = (
                    _clock(n * _SECONDS_SHOWN, comma) for n in (number, number + 1)
                )
                shown.append(f"{number}\n{start} --> {end}\n<i>{line}</i>\n")
            name = f"{one.name}.{ending}"
            corpus.add(name, "\n".join(shown).encode(), one.text)


def _clock(number: int, comma: str) -> str:
    minutes, seconds = divmod(number * _SECONDS_SHOWN, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}{comma}000"


def _archives(corpus: Corpus, texts: list[Paper]) -> None:
    members = {
        name: (corpus.data(name), corpus.truth[name])
        for name in (
            f"office-{texts[0].name}.odt",
            f"{texts[0].name}.txt",
            "both.eml",
        )
    }
    files = {name: data for name, (data, _) in members.items()}
    packed = {
        "pile.zip": zipped(files),
        "pile.tar": tarred(files),
        "pile.tar.gz": gzip.compress(tarred(files)),
        "pile.tar.bz2": bz2.compress(tarred(files)),
        "pile.tar.xz": lzma.compress(tarred(files)),
        "nested.zip": zipped({"inner.tgz": gzip.compress(tarred(files))}),
    }
    for name, data in packed.items():
        (corpus.files / name).write_bytes(data)
        within = f"{name}/inner.tgz" if name == "nested.zip" else name
        for member, (_, text) in members.items():
            corpus.truth[f"{within}/{member}"] = text
    (corpus.files / "one.txt.gz").write_bytes(gzip.compress(texts[1].text.encode()))
    corpus.truth["one.txt.gz/one.txt"] = texts[1].text


def zipped(files: dict[str, bytes]) -> bytes:
    """Put files into a ZIP."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    """Put files into a tar."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def _scans(corpus: Corpus, texts: list[Paper]) -> None:
    """Print pages as a scanner at 200 dpi would see them; their text layer is true."""
    for one, kinds in zip(texts, (("pdf", "tiff"), ("png", "jpg")), strict=True):
        document = pypdfium2.PdfDocument(corpus.data(f"office-{one.name}.pdf"))
        page = document[0]
        text = page.get_textpage().get_text_range().replace("\ufffe", "")
        for kind in kinds:
            image = page.render(scale=_DOTS_PER_INCH / 72, grayscale=True).to_pil()
            buffer = io.BytesIO()
            written = {"jpg": "JPEG"}.get(kind, kind.upper())
            image.save(buffer, written, dpi=(_DOTS_PER_INCH,) * 2)
            corpus.add(f"scan-{one.name}.{kind}", buffer.getvalue(), text)
