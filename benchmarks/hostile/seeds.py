"""A whole file of every kind that longshot reads, small enough to be damaged often."""

import bz2
import csv
import gzip
import io
import json
import lzma
import zlib
from email.message import EmailMessage
from pathlib import Path

import docx
import pyarrow as pa
from pyarrow import parquet

from benchmarks.formats.corpus import tarred, zipped

_FILES = Path(__file__).parents[2] / "tests" / "reading" / "files"
TEXTS = (
    "The tenant pays the rent of the office at 14 Quay Street on the first of a month.",
    "The boiler of the school was found to leak, and was taken out of use at once.",
    "Die Mieterin zahlt die Miete für das Büro in der Königstraße monatlich im Voraus.",
    "Le conseil a approuvé le procès-verbal de la séance du 3 février à l'unanimité.",
)
_LABELS = ("lease", "report", "lease", "minutes")


def seed_files() -> dict[str, bytes]:
    """Give a file of each kind by its ending."""
    rows = [
        {"id": f"{number}", "text": text, "label": label}
        for number, (text, label) in enumerate(zip(TEXTS, _LABELS, strict=True))
    ]
    text = "\n\n".join(TEXTS)
    jsonl = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    tables = {
        ".csv": _delimited(rows, ","),
        ".tsv": _delimited(rows, "\t"),
        ".jsonl": jsonl,
        ".parquet": _parquet(rows),
    }
    return {
        ".txt": text.encode(),
        ".utf16.txt": text.encode("utf-16"),
        ".latin.txt": text.encode("cp1252"),
        ".md": f"# Lease\n\n- {TEXTS[0]}\n- {TEXTS[1]}\n".encode(),
        ".html": _page("utf-8"),
        ".latin.html": _page("cp1252"),
        ".xhtml": b'<?xml version="1.0" encoding="utf-8"?>\n' + _page("utf-8"),
        ".pdf": _pdf(compressed=False),
        ".flate.pdf": _pdf(compressed=True),
        ".docx": _docx(),
        **tables,
        **{f"{ending}.gz": gzip.compress(data) for ending, data in tables.items()},
        **_other_files(),
    }


def _other_files() -> dict[str, bytes]:
    """Give the kinds that office programs and mail clients write, and archives."""
    kinds = ("doc", "epub", "odp", "ods", "odt", "pptx", "rtf", "tex", "xls", "xlsx")
    office = {f".{kind}": (_FILES / f"lease.{kind}").read_bytes() for kind in kinds}
    text = "\n\n".join(TEXTS).encode()
    members = {"a.txt": text, "b/a.odt": office[".odt"]}
    cells = [{"cell_type": "markdown", "source": list(TEXTS)}]
    shown = (
        f"{number}\n00:0{number}:00,000 --> 00:0{number}:02,000\n{line}\n"
        for number, line in enumerate(TEXTS)
    )
    lines = "".join(f"<p>{line} &amp; <b>so on</b></p>" for line in TEXTS)
    mail = _mail()
    return {
        **office,
        ".msg": (_FILES / "mail.msg").read_bytes(),
        ".eml": mail,
        ".mbox": b"".join(
            b"From - Mon Jan  1 10:00:00 2024\n%s\n" % mail for _ in "ab"
        ),
        ".ipynb": json.dumps({"cells": cells, "nbformat": 4}).encode(),
        ".xml": f'<?xml version="1.0" encoding="utf-8"?><a>{lines}</a>'.encode(),
        ".srt": "\n".join(shown).encode(),
        ".zip": zipped(members),
        ".tar": tarred(members),
        ".tar.gz": gzip.compress(tarred(members)),
        ".tar.xz": lzma.compress(tarred(members)),
        ".txt.bz2": bz2.compress(text),
    }


def _mail() -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["Message-ID"] = "Miete für Mai", "<1@example.org>"
    mail.set_content("\n".join(TEXTS))
    mail.add_alternative(_page("utf-8").decode(), subtype="html")
    mail.add_attachment(_docx(), maintype="a", subtype="b", filename="lease.docx")
    inner = EmailMessage()
    inner["Subject"] = "Boiler"
    inner.set_content(TEXTS[1])
    mail.add_attachment(inner)
    return bytes(mail)


def seed_labels() -> dict[str, bytes]:
    """Give a file of labels of each kind by its ending."""
    meanings = {"lease": "a contract about renting", "report": None, "minutes": "what"}
    yaml = "lease: a contract about renting\nreport:\nminutes: 'what was said'\n"
    return {
        ".yaml": yaml.encode(),
        ".json": json.dumps(meanings).encode(),
        ".labels.txt": b"lease\nreport\nminutes\n",
        ".labels.csv": b"label,description\nlease,renting\nreport,\n",
    }


def _delimited(rows: list[dict[str, str]], delimiter: str) -> bytes:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()


def _parquet(rows: list[dict[str, str]]) -> bytes:
    buffer = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(rows), buffer, compression="zstd")
    return buffer.getvalue()


def _page(encoding: str) -> bytes:
    paragraphs = "".join(f"<p class='text'>{text}</p>" for text in TEXTS)
    page = (
        f"<!DOCTYPE html><html><head><meta charset='{encoding}'><title>Lease</title>"
        "<style>p {color: red}</style></head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>Lease &amp; rent</h1>{paragraphs}<table><tr><td>1</td></tr>"
        "</table></article><script>var x = 1;</script></body></html>"
    )
    return page.encode(encoding)


def _pdf(*, compressed: bool) -> bytes:
    """Write two pages by hand: ISO 32000-1, annex H.3."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [4 0 R 6 0 R] /Count 2 >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for page, text in zip((4, 6), TEXTS[:2], strict=True):
        drawing = f"BT /F1 12 Tf 14 TL 72 720 Td ({text}) Tj T* ET".encode()
        told = b"/Filter /FlateDecode " if compressed else b""
        drawing = zlib.compress(drawing) if compressed else drawing
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources "
            b"<< /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (page + 1)
        )
        objects.append(
            b"<< %s/Length %d >>\nstream\n%s\nendstream" % (told, len(drawing), drawing)
        )
    return pdf_of(objects)


def pdf_of(objects: list[bytes]) -> bytes:
    """Put a PDF together from its numbered objects, the catalogue first."""
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(b"%010d 00000 n \n" % len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    size = len(objects) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, b"".join(offsets))
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return data + table + end % (size, len(data))


def _docx() -> bytes:
    document = docx.Document()
    document.add_heading("Lease")
    for text in TEXTS:
        document.add_paragraph(text)
    table = document.add_table(rows=2, cols=2)
    for number, cell in enumerate(table._cells):
        cell.text = f"cell {number}"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
