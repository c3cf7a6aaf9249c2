"""Each file, folder and name that was ever found to hurt, given to ``classify``.

In a folder beside a good document, which must come out labelled whatever else there is.
"""

import gzip
import io
import itertools
import lzma
import os
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from benchmarks.formats.corpus import tarred, zipped
from benchmarks.hostile.seeds import pdf_of, seed_files

Place = Callable[[Path], object]

_MEGABYTE = b"x" * 1_000_000
_ZEROS = bytes(10_000_000)
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def special_piles() -> dict[str, Place]:
    """Give what puts each special thing into a folder, by what it is called."""
    return {
        "codec that raises": _written(
            "a.html", b"<meta charset=undefined><body>caf\xe9 rent</body>"
        ),
        "link to /dev/zero": _linked("/dev/zero"),
        "link to a pipe": _pipe,
        "links between siblings": _siblings,
        "gzip bomb, csv": _written("a.csv.gz", _gzip_bomb(b"text\n")),
        "gzip bomb, jsonl": _written("a.jsonl.gz", _gzip_bomb(b'{"text": "')),
        "gzip bomb, parquet": _written("a.parquet.gz", _gzip_bomb(b"PAR1")),
        "parquet bomb": _parquet_bomb,
        "docx bomb": _written("a.docx", _docx(b" " * 100_000_000)),
        "docx with an entity": _written("a.docx", _docx(_entity("", "&rent;"))),
        "docx, external entity": _written(
            "a.docx", _docx(_entity(" SYSTEM 'file:///etc/passwd'", "&rent;"))
        ),
        "docx, billion laughs": _written("a.docx", _docx(_laughs())),
        "pdf bomb": _written("a.pdf", _pdf_bomb()),
        "pdf of pages in a circle": _written("a.pdf", _pdf_circle()),
        "html, 100,000 deep": _written("a.html", b"<div>" * 100_000 + b"rent"),
        "html, 300,000 elements": _written("a.html", b"<p>rent" * 300_000),
        "html of comments": _written("a.html", b"<!--" * 200_000),
        "csv of 10,000,000 columns": _written("a.csv", b"," * 10_000_000),
        "jsonl, 1,000,000 deep": _written("a.jsonl", b"[" * 1_000_000),
        "a line of 30 MB": _written("a.txt", b"rent " * 6_000_000),
        "a word of 5 MB": _written("a.txt", b"x" * 5_000_000),
        "control characters": _written("a.txt", bytes(range(1, 32)) * 1_000),
        "newline in a name": _written("a\nerror: all is lost", b" "),
        "bidirectional name": _written("\u202ea.txt", b"the rent"),
        "escape sequence in a name": _written("\x1b[2Ja.txt", b" "),
        "formula as a name": _written("=1+1.txt", b"the rent"),
        "zips in zips, 16 each, 5 deep": _made("a.zip", lambda: _zips_in_zips(16, 5)),
        "zips in zips, 1,000 deep": _made("a.zip", lambda: _zips_in_zips(1, 1_000)),
        "zip of 200,000 files": _many_files,
        "zip bomb, tar.xz": _made("a.tar.xz", lambda: _tar_xz_bomb()),
        "tar with a name of 400 MB": _made("a.tar.gz", lambda: _tar_name_bomb()),
        "mails in mails, 1,000 deep": _made("a.eml", lambda: _mails_in_mails(1_000)),
        "mail, 1,000 parts deep": _made("a.eml", lambda: _parts_in_parts(1_000)),
        "mail of 200,000 parts": _made("a.eml", lambda: _many_parts(200_000)),
        "mail, 1,000,000 parameters": _made("a.eml", lambda: _long_header(b";a=b")),
        "mail, subject of 4 MB": _made("a.eml", lambda: _long_header(b"=?utf-8?q?a?=")),
        "mail of markup without end": _made("a.eml", lambda: _open_markup()),
        "mailbox of 20,000 mails": _made("a.mbox", lambda: _mailbox(20_000)),
        "odt bomb": _made("a.odt", lambda: _office_bomb("content.xml")),
        "pptx bomb": _made("a.pptx", lambda: _office_bomb("ppt/presentation.xml")),
        "epub bomb": _made("a.epub", lambda: _office_bomb("META-INF/container.xml")),
        "xml, billion laughs": _made("a.xml", lambda: _laughs_xml()),
        "xml, 100,000 deep": _written("a.xml", b"<a>" * 100_000 + b"rent"),
        "rtf, 1,000,000 groups deep": _written("a.rtf", b"{\\rtf1" + b"{" * 1_000_000),
        "tex, 1,000,000 groups deep": _written(
            "a.tex", b"\\documentclass{a}" + b"{" * 1_000_000
        ),
        "notebook, 1,000,000 deep": _written("a.ipynb", b"[" * 1_000_000),
        "pdf of 100,000 pages": _made("a.pdf", lambda: _long_pdf(100_000)),
        "pdf of 10,000 pages of one drawing": _made("a.pdf", lambda: _shared_drawing()),
        "pdf of drawings in each other": _made("a.pdf", lambda: _drawn_in_each_other()),
        "png of 400,000,000 dots": _picture_bomb,
        "folder 1,500 deep": _deep,
        "no permission": _no_permission,
    }


def special_labels() -> dict[str, tuple[str, bytes]]:
    """Give files of labels that no person wrote, with their names."""
    deep = b"[" * 100_000
    laughs = "".join(f"b{n}: &b{n} [*b{n - 1},*b{n - 1}]\n" for n in range(1, 40))
    return {
        "labels, json, 100,000 deep": ("labels.json", deep),
        "labels, yaml, 100,000 deep": ("labels.yaml", deep),
        "labels, yaml, billion laughs": (
            "labels.yaml",
            f"b0: &b0 [x,x]\n{laughs}".encode(),
        ),
        "labels, 900,000 in a list": ("labels.yaml", b"[" + b"a," * 400_000 + b"a]"),
        "labels, 2 MB": ("labels.txt", b"lease\n" * 400_000),
    }


def _written(name: str, data: bytes) -> Place:
    return lambda folder: (folder / name).write_bytes(data)


def _made(name: str, make: Callable[[], bytes]) -> Place:
    """Put what takes time and memory to make: not before it is put."""
    return lambda folder: (folder / name).write_bytes(make())


def _linked(target: str) -> Place:
    return lambda folder: (folder / "a.txt").symlink_to(target)


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    (folder / "a.txt").symlink_to(folder / "pipe")


def _siblings(folder: Path) -> None:
    names = "abcdefgh"
    for name in names:
        (folder / name).mkdir()
        (folder / name / f"{name}.txt").write_text(f"the rent of {name}")
    for name, other in itertools.permutations(names, 2):
        (folder / name / other).symlink_to(folder / other)


def _deep(folder: Path) -> None:
    former = Path.cwd()
    os.chdir(folder)
    for _ in range(1_500):
        os.mkdir("d")
        os.chdir("d")
    Path("a.txt").write_text("the rent")
    os.chdir(former)


def _no_permission(folder: Path) -> None:
    (folder / "a").mkdir()
    (folder / "a" / "b.txt").write_text("the rent")
    (folder / "c.txt").write_text("the rent")
    (folder / "c.txt").chmod(0)
    (folder / "a").chmod(0)


def _gzip_bomb(start: bytes) -> bytes:
    """Pack a gigabyte into one megabyte; members of a gzip file follow each other."""
    return gzip.compress(start) + gzip.compress(_MEGABYTE * 50) * 20


def _parquet_bomb(folder: Path) -> None:
    """Write 100 MB that two thousand rows share, in nine kilobytes."""
    one = pa.array(["x" * 100_000_000])
    shared = pa.DictionaryArray.from_arrays(pa.array([0] * 2_000, pa.int32()), one)
    table = pa.table({"text": shared})
    parquet.write_table(table, folder / "a.parquet", compression="zstd")


def _docx(body: bytes) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(seed_files()[".docx"])) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            is_main = name == "word/document.xml"
            archive.writestr(name, body if is_main else source.read(name))
    return buffer.getvalue()


def _entity(declared: str, used: str, more: str = "") -> bytes:
    value = declared or " 'a thousand'"
    return (
        f"<!DOCTYPE a [<!ENTITY rent{value}>{more}]><w:document xmlns:w='{_W}'><w:body>"
        f"<w:p><w:r><w:t>The rent {used} is due</w:t></w:r></w:p></w:body></w:document>"
    ).encode()


def _laughs() -> bytes:
    more = "".join(
        f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" if n else "<!ENTITY e0 'ha'>"
        for n in range(12)
    )
    return _entity("", "&e11;", more)


def _zips_in_zips(n_each: int, depth: int) -> bytes:
    data = zipped({"zeros.txt": _ZEROS})
    for _ in range(depth):
        data = zipped({f"{number}.zip": data for number in range(n_each)})
    return data


def _many_files(folder: Path) -> None:
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        for number in range(200_000):
            archive.writestr(f"{number}.txt", f"The rent of house {number} is due.")


def _tar_xz_bomb() -> bytes:
    return lzma.compress(tarred({"a.txt": bytes(200_000_000)}), preset=0)


def _tar_name_bomb() -> bytes:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 400_000_000
    return gzip.compress(info.tobuf(tarfile.GNU_FORMAT) + bytes(400_000_000), 1)


def _mails_in_mails(depth: int) -> bytes:
    head = b"Subject: %d\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n"
    return b"".join(head % number for number in range(depth)) + b"Subject: a\n\nrent\n"


def _parts_in_parts(depth: int) -> bytes:
    part = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n"
    parts = b"".join(part % (number, number) for number in range(depth))
    return b"Subject: a\nMIME-Version: 1.0\n" + parts + b"\nrent\n" * 1_000


def _many_parts(n: int) -> bytes:
    part = b"--b\nContent-Disposition: attachment; filename=a.txt\n\nrent\n"
    head = (
        b"Subject: a\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    )
    return head + part * n + b"--b--\n"


def _long_header(piece: bytes) -> bytes:
    """Write a header whose parsing takes time with the square of its length."""
    header = b"Content-Type: text/plain" if piece.startswith(b";") else b"Subject: "
    long = piece * (4_000_000 // len(piece))
    return header + long + b"\nMIME-Version: 1.0\n\nThe rent is due.\n"


def _open_markup() -> bytes:
    part = b"--b\nContent-Type: text/%b\n\n%b\n"
    parts = part % (b"plain", b"The rent is due.") + part % (b"html", b"<" * 1_000_000)
    kind = b"Content-Type: multipart/alternative; boundary=b\n\n"
    return b"Subject: a\nMIME-Version: 1.0\n" + kind + parts + b"--b--\n"


def _mailbox(n: int) -> bytes:
    mail = b"From - Mon Jan  1 10:00:00 2024\nSubject: a\nMIME-Version: 1.0\n\nrent\n\n"
    return mail * n


def _office_bomb(name: str) -> bytes:
    kinds = {"mimetype": b"application/vnd.oasis.opendocument.text"}
    return zipped({**kinds, name: b"<a>" + b" " * 300_000_000 + b"</a>"})


def _laughs_xml() -> bytes:
    entities = "".join(
        f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" if n else "<!ENTITY e0 'ha'>"
        for n in range(12)
    )
    return f"<!DOCTYPE a [{entities}]><a>The rent &e11; is due</a>".encode()


def _long_pdf(n_pages: int) -> bytes:
    """Show one drawing on every page."""
    drawing = b"BT /F1 12 Tf 72 720 Td (The rent is due on the first of May.) Tj ET"
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources "
        b"<< /Font << /F1 3 0 R >> >> /Contents 4 0 R >>"
    )
    kids = b" ".join(b"%d 0 R" % (number + 5) for number in range(n_pages))
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, n_pages),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
            *[page] * n_pages,
        ]
    )


def _shared_drawing() -> bytes:
    """Show 100 kB of text on each of 10,000 pages: a gigabyte in two megabytes."""
    line = b"(The rent of the office is due on the first of May.) Tj T* "
    packed = zlib.compress(b"BT /F1 1 Tf 1 TL 9 780 Td " + line * 1_800 + b"ET")
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources "
        b"<< /Font << /F1 3 0 R >> >> /Contents 4 0 R >>"
    )
    kids = b" ".join(b"%d 0 R" % (number + 5) for number in range(10_000))
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [%s] /Count 10000 >>" % kids,
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
            % (len(packed), packed),
            *[page] * 10_000,
        ]
    )


def _drawn_in_each_other() -> bytes:
    """Show a drawing ten times, in which each shows the next ten times, 14 deep."""
    stream = b"<< %s /Length %d >>\nstream\n%s\nendstream"
    shown = b"/Resources << /XObject << /X %d 0 R >> >>"
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] "
    ten = b"/X Do " * 10
    last = b"BT /F1 12 Tf 72 720 Td (The rent) Tj ET"
    font = form + b"/Resources << /Font << /F1 3 0 R >> >>"
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R "
            + shown % 6
            + b" >>",
            stream % (b"", len(ten), ten),
            *(
                stream % (form + shown % (7 + level), len(ten), ten)
                for level in range(13)
            ),
            stream % (font, len(last), last),
        ]
    )


def _picture_bomb(folder: Path) -> None:
    from PIL import Image

    Image.new("1", (20_000, 20_000)).save(folder / "a.png")


def _pdf_bomb() -> bytes:
    """Pack 200 MB of white space into the drawing of a page."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 1_000_000) for _ in range(200))
    packed += packer.flush()
    stream = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
            stream % (len(packed), packed),
        ]
    )


def _pdf_circle() -> bytes:
    pages = b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 99999999 >>"
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", pages])
