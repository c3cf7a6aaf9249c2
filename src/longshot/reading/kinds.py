"""What a file is that no reader takes, by how it begins, and what to do with it.

Some of these are texts to look at: RTF, raw e-mail, base64. Read as such they would get
a label like any other, for their markup.
"""

import re
from dataclasses import dataclass
from pathlib import Path

HEAD_BYTES = 16_384
_EMAIL_ENDINGS = {".eml", ".emlx", ".mht", ".mhtml"}
_SIGNATURE_ENDINGS = {".p7c", ".p7m", ".p7s", ".sig"}

_OCR = "run it through text recognition (OCR)"
_UNPACK = "unpack it, and name the folder"
_AS_PDF = "save it as PDF or DOCX"
_AS_TEXT = "save it as text, HTML or PDF"
_TRANSCRIBE = "have it transcribed"
_LEAVE_OUT = "leave it out"

# Signatures: https://www.nationalarchives.gov.uk/PRONOM, and each format's own page.
_BEGINNINGS: tuple[tuple[bytes, str, str], ...] = (
    (b"{\\rtf", "an RTF file", _AS_PDF),
    (b"%!PS", "a PostScript file", "save it as PDF"),
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)", _OCR),
    (b"\xff\xd8\xff", "a picture (JPEG)", _OCR),
    (b"GIF8", "a picture (GIF)", _OCR),
    (b"II*\0", "a picture (TIFF)", _OCR),
    (b"MM\0*", "a picture (TIFF)", _OCR),
    (b"AT&TFORM", "a scanned document (DjVu)", _OCR),
    (b"8BPS", "a picture (Photoshop)", _OCR),
    (b"\x1f\x8b", "compressed (gzip)", "unpack it"),
    (b"BZh", "compressed (bzip2)", "unpack it"),
    (b"\xfd7zXZ\0", "compressed (xz)", "unpack it"),
    (b"\x28\xb5\x2f\xfd", "compressed (zstd)", "unpack it"),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z)", _UNPACK),
    (b"Rar!\x1a\x07", "an archive (RAR)", _UNPACK),
    (b"ID3", "a sound recording (MP3)", _TRANSCRIBE),
    (b"fLaC", "a sound recording (FLAC)", _TRANSCRIBE),
    (b"OggS", "a sound recording (Ogg)", _TRANSCRIBE),
    (b"\x1aE\xdf\xa3", "a film (Matroska)", _TRANSCRIBE),
    (b"SQLite format 3\0", "a database (SQLite)", "export its texts as csv"),
    (b"PAR1", "a table (Parquet)", "give it the ending .parquet"),
    (b"\x93NUMPY", "an array (NumPy)", _LEAVE_OUT),
    (b"\x89HDF\r\n\x1a\n", "an array (HDF5)", _LEAVE_OUT),
    (b"\x7fELF", "a program", _LEAVE_OUT),
    (b"MZ\x90\0", "a program", _LEAVE_OUT),
    (b"\xca\xfe\xba\xbe", "a program", _LEAVE_OUT),
    (b"wOFF", "a font", _LEAVE_OUT),
    (b"L\0\0\0\x01\x14\x02\0", "a link (Windows)", "name the file that it leads to"),
    (b"begin 644 ", "an encoded file (uuencode)", "decode it"),
)
# What stands at the twelfth byte of a RIFF, and at the eighth of an ISO media file.
_RIFF = {b"WEBP": "a picture (WebP)", b"WAVE": "a sound recording (WAV)"}
_PICTURE_BRANDS = (b"avif", b"heic", b"heix", b"mif1")
_ZIPPED: tuple[tuple[bytes, str, str], ...] = (
    (b"word/document", "a Word file (DOCX)", "give it the ending .docx"),
    (b"xl/", "a spreadsheet (XLSX)", "save its sheets as csv"),
    (b"ppt/", "a presentation (PPTX)", "save it as PDF"),
    (b"mimetypeapplication/epub", "a book (EPUB)", "save it as HTML or PDF"),
    (b"opendocument.text", "an OpenDocument text (ODT)", _AS_PDF),
    (b"opendocument.spreadsheet", "a spreadsheet (ODS)", "save its sheets as csv"),
    (b"opendocument.presentation", "a presentation (ODP)", "save it as PDF"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] section 2.2
_OLE_ENDINGS = {
    ".msg": ("an Outlook message", _AS_TEXT),
    ".ppt": ("an old presentation (PPT)", "save it as PDF"),
    ".xls": ("an old spreadsheet (XLS)", "save its sheets as csv"),
}

# A header with one of these is written by machines: people quote From and Subject.
_HEADER = re.compile(rb"[!-9;-~]+:[ \t]")  # RFC 5322, section 2.2
_MIME_HEADER = re.compile(
    rb"^(?:mime-version|content-transfer-encoding|received|message-id):", re.I | re.M
)
# Thunderbird writes "From - ", others an address; a weekday and a month follow.
FROM_LINE = re.compile(rb"From \S+ +\w{3} \w{3} +\d")
_PEM = re.compile(rb"\s*-----BEGIN ([A-Z0-9 ]+)-----")
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]{60,}={0,2}")
_FEWEST_BASE64_BYTES = 120


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is, as the rest of a sentence that begins with "is".

    Attributes
    ----------
    what
        Its kind, for people.
    what_to_do
        What makes a document of it that can be read.
    """

    what: str
    what_to_do: str

    def __str__(self) -> str:
        return f"is {self.what}: {self.what_to_do}"


def kind_of(path: Path, data: bytes) -> Kind | None:
    r"""Tell what a file is that must not be read as text; None where it may be.

    Parameters
    ----------
    path
        Its name counts where its content says too little.
    data
        Its content, or the beginning of it.

    Examples
    --------
    >>> print(kind_of(Path("letter"), b"{\\rtf1\\ansi Dear Sir}"))
    is an RTF file: save it as PDF or DOCX
    >>> kind_of(Path("letter"), b"From: me\nSubject: rent\n\nDear Sir")
    """
    head = data[:HEAD_BYTES]
    return (
        _by_beginning(head)
        or _media(head)
        or _container(path, head)
        or _signature(path, head)
        or _encoded(head)
    )


def is_litter(name: str) -> bool:
    """Tell whether a name is that of a file that systems and programs leave behind.

    Examples
    --------
    >>> is_litter("Thumbs.db"), is_litter("~$lease.docx"), is_litter("lease.docx")
    (True, True, False)
    """
    return name.startswith(("~$", ".")) or name.lower() in _LITTER


_LITTER = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__macosx"}


def _by_beginning(head: bytes) -> Kind | None:
    for beginning, what, what_to_do in _BEGINNINGS:
        if head.startswith(beginning):
            return Kind(what, what_to_do)
    return None


def _media(head: bytes) -> Kind | None:
    """Tell pictures, recordings and films whose beginnings leave room."""
    if head.startswith(b"RIFF") and head[8:12] in (*_RIFF, b"AVI "):
        what = _RIFF.get(head[8:12], "a film (AVI)")
        return Kind(what, _OCR if "picture" in what else _TRANSCRIBE)
    if head[4:8] == b"ftyp":
        is_picture = head[8:12] in _PICTURE_BRANDS
        return Kind("a picture (HEIC)", _OCR) if is_picture else _FILM
    if head.startswith(b"BM") and b"\0" in head[:32]:
        return Kind("a picture (BMP)", _OCR)
    return None


def _container(path: Path, head: bytes) -> Kind | None:
    """Look into formats that hold others."""
    if head.startswith(b"PK\x03\x04"):
        for mark, what, what_to_do in _ZIPPED:
            if mark in head:
                return Kind(what, what_to_do)
        return Kind("an archive (ZIP)", _UNPACK)
    if head.startswith(_OLE):
        old_word = ("an old Word file (DOC)", "save it as DOCX")
        return Kind(*_OLE_ENDINGS.get(path.suffix.lower(), old_word))
    if head[257:262] == b"ustar":
        return Kind("an archive (tar)", _UNPACK)
    return None


_FILM = Kind("a film (MP4)", _TRANSCRIBE)


def _signature(path: Path, head: bytes) -> Kind | None:
    pem = _PEM.match(head)
    if pem is not None:
        return Kind(f"encoded or signed ({pem[1].decode().lower()})", _LEAVE_OUT)
    if path.suffix.lower() in _SIGNATURE_ENDINGS:
        return Kind("a signature, or a signed file", "take the document that it signs")
    return None


def is_email(path: Path, head: bytes) -> bool:
    """Tell whether a file is a mail, or a page that is saved as one (MHTML)."""
    block = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    if _HEADER.match(block) is None:
        return False
    is_named = path.suffix.lower() in _EMAIL_ENDINGS
    return is_named or _MIME_HEADER.search(block) is not None


def _encoded(head: bytes) -> Kind | None:
    """Find a file that is one long run of base64, in lines of one length (RFC 2045)."""
    if head.lstrip()[:4].lower() == b"<svg":
        return Kind("a picture (SVG)", _OCR)
    *lines, last = head.strip().splitlines() or [b""]
    whole = lines or [last]
    if len(head.strip()) < _FEWEST_BASE64_BYTES or len(set(map(len, whole))) > 1:
        return None
    if all(_BASE64_LINE.fullmatch(line) for line in whole) and _is_mixed(whole[0]):
        return Kind("an encoded file (base64)", "decode it")
    return None


def _is_mixed(line: bytes) -> bool:
    """Whether it has digits and both cases, as no word of a language has."""
    return all(re.search(kind, line) for kind in (rb"[0-9]", rb"[a-z]", rb"[A-Z]"))
