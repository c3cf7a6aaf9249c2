"""Bytes become text: which encoding a file is in.

UTF-8 comes first, because a text in another encoding is hardly ever valid UTF-8 by
accident (RFC 3629, section 1); a byte order mark decides before it. Whatever else it is
can only be guessed, so each guess leaves a note.
"""

import codecs
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from longshot.reading.content import Content, Unreadable
from longshot.reading.kinds import kind_of
from longshot.reading.limits import read_bytes

# UTF-32 before UTF-16: the little-endian mark of the one begins with that of the other.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESSED_FROM_BYTES = 65_536
_BYTES_BEFORE_GUESS = 1_000
_MOST_DAMAGED_SHARE = 0.1
_MOST_CONTROL_SHARE = 0.01
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SIGNS_INSIDE_WORDS = re.compile(r"(?<=[^\W\d_])[¡-¶¸-¿×÷](?=[^\W\d_])")
_MOST_SIGNS_SHARE = 0.05
_FOREIGN = re.compile(rb"[\x80-\xff]+")
_FOREIGN_WORD = re.compile(rb"[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*")
_FEW_FOREIGN_WORDS = 12
_NEAR_CHAOS = 0.05
_NEAR_COHERENCE = 0.2
# Without a byte order mark any even number of bytes is some UTF-16, mostly Chinese.
_NEVER_GUESSED = [
    "utf_16",
    "utf_16_be",
    "utf_16_le",
    "utf_32",
    "utf_32_be",
    "utf_32_le",
]
# What a page must not declare (https://encoding.spec.whatwg.org/#names-and-labels), and
# Python's codecs that are no encodings of characters, or raise whatever they like.
_NEVER_BELIEVED = {
    codecs.lookup(name).name
    for name in (
        *_NEVER_GUESSED,
        "idna",
        "punycode",
        "raw_unicode_escape",
        "undefined",
        "unicode_escape",
        "utf_7",
    )
}


def read_text(path: Path) -> Content:
    """Read a text file in whatever encoding it is.

    Raises
    ------
    Unreadable
        If it is something else, whether or not it looks like a text.
    """
    data = read_bytes(path)
    kind = kind_of(path, data)
    if kind is not None:
        raise Unreadable(str(kind))
    return decode(data)


def decode(data: bytes, *, declared: str | None = None) -> Content:
    r"""Decode a whole text.

    Parameters
    ----------
    data
        The bytes of one document.
    declared
        The encoding that the document itself names, believed where it is not UTF-8.

    Raises
    ------
    Unreadable
        If the bytes are no text, or none in a known encoding.

    Examples
    --------
    >>> decode("Genève".encode()).text
    'Genève'
    >>> decode(b"\x00\x01").text
    Traceback (most recent call last):
    longshot.reading.content.Unreadable: is not a text: it holds binary data. ...
    """
    marked = encoding_of_mark(data)
    if marked is not None:
        return Content(text=_decoded(data, marked))
    if b"\0" in data:
        raise Unreadable(
            "is not a text: it holds binary data. Save it as text, PDF or DOCX"
        )
    try:
        return Content(text=data.decode("utf-8"))
    except UnicodeDecodeError as error:
        return _decode_declared(data, declared) or _decode_guessed(data, error.start)


def decode_damaged(data: bytes) -> Content:
    """Decode UTF-8 in which some bytes are damaged, and say so."""
    return Content(
        text=data.decode("utf-8", errors="replace"),
        notes=("decoded as utf-8 with damaged bytes, shown as \ufffd",),
    )


def encoding_of_mark(data: bytes) -> str | None:
    """Name the encoding that a byte order mark announces; None where there is none."""
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return name
    return None


def guess_encodings(data: bytes, first_foreign: int) -> list[str]:
    """Guess the encoding of bytes that are not UTF-8, best guess first.

    Parameters
    ----------
    data
        The bytes.
    first_foreign
        Where they stop being UTF-8: the guess is made on what stands there.
    """
    from charset_normalizer import from_bytes

    piece = _piece_around(data, first_foreign)
    matches = list(from_bytes(piece, cp_exclusion=_NEVER_GUESSED))
    encodings = [match.encoding for match in matches]
    return ["cp1252", *encodings] if _is_western(piece, matches) else encodings


def mostly_utf8(data: bytes) -> bool:
    """Whether it is UTF-8 with a few damaged bytes, rather than another encoding."""
    text = data.decode("utf-8", errors="replace")
    n_foreign = len(text) - len(text.encode("ascii", errors="ignore"))
    return text.count("\ufffd") <= _MOST_DAMAGED_SHARE * n_foreign


def _is_western(piece: bytes, matches: Sequence[Any]) -> bool:
    """Whether to prefer windows-1252, by far the commonest, among near equals.

    charset-normalizer cannot tell it from Central European and Macintosh encodings, and
    takes a sentence with a single accent for anything (Big5, say). Polish read as
    windows-1252 shows itself by signs inside of words: mo¿e, by³a.
    """
    text = piece.decode("cp1252", errors="replace")
    n_foreign = len(text) - len(text.encode("ascii", errors="ignore"))
    if len(_SIGNS_INSIDE_WORDS.findall(text)) > _MOST_SIGNS_SHARE * n_foreign:
        return False
    return _has_few_accents(piece) or any(
        "cp1252" in match.could_be_from_charset
        and match.chaos <= matches[0].chaos + _NEAR_CHAOS
        and match.coherence >= matches[0].coherence - _NEAR_COHERENCE
        for match in matches
    )


def _has_few_accents(piece: bytes) -> bool:
    """Whether only single bytes are foreign, in too few words to tell more by."""
    if any(len(run) > 1 for run in _FOREIGN.findall(piece)):
        return False
    return len(set(_FOREIGN_WORD.findall(piece))) <= _FEW_FOREIGN_WORDS


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"is marked as {encoding} and is not ({error.reason})"
        ) from error


def _decode_declared(data: bytes, declared: str | None) -> Content | None:
    try:
        if declared is None or codecs.lookup(declared).name in _NEVER_BELIEVED:
            return None
        return Content(text=data.decode(declared))
    except (ValueError, LookupError):  # some codecs raise no UnicodeDecodeError
        return None


def _decode_guessed(data: bytes, first_foreign: int) -> Content:
    if mostly_utf8(data):
        return decode_damaged(data)
    for encoding in guess_encodings(data, first_foreign):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if len(_CONTROLS.findall(text)) <= _MOST_CONTROL_SHARE * len(text):
            return Content(text=text, notes=(f"decoded as {encoding} (guessed)",))
    raise Unreadable("is not a text in any known encoding: save it as UTF-8")


def _piece_around(data: bytes, first_foreign: int) -> bytes:
    """Cut the piece to guess on, between whole characters where possible."""
    line = data.rfind(b"\n", 0, first_foreign) + 1
    begin = max(line, first_foreign - _BYTES_BEFORE_GUESS)
    piece = data[begin : begin + _GUESSED_FROM_BYTES]
    if begin + len(piece) == len(data):
        return piece
    end = max(piece.rfind(b"\n"), piece.rfind(b" ")) + 1
    return piece[:end] if end > first_foreign - begin else piece
