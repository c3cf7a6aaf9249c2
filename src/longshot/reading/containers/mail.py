"""A mail: its subject and body are its own text, its attachments its members.

Python's parser takes it apart (RFC 5322, RFC 2045 to 2047). Its modern policy raises on
headers that people's programs really write, so the older one is used, and text is
decoded as all texts here are: what a part declares is believed where it is not UTF-8.

Pictures that the body shows (logos, mostly) and signatures are no documents: they are
left out, and a note counts them.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from io import BytesIO
from pathlib import Path
from typing import Any

from longshot.reading.containers.base import Budget, Member, Names, cleaned, file_name
from longshot.reading.content import Content, Unreadable
from longshot.reading.formats.markup.html import main_text
from longshot.reading.formats.text import decode
from longshot.reading.limits import read_bytes

_EMLX = re.compile(rb"(\d{1,12}) *\r?\n")
# Atomic: a line that ends in \r\n is one line, and not two.
_END_OF_HEADERS = re.compile(rb"(?>\r\n|\r|\n)(?>\r\n|\r|\n)")
# Python's parsers of these take minutes for a megabyte, their time growing with the
# square of the length. RFC 5322 allows lines of 998 characters; names of files and
# subjects that people wrote have less than a thousand, in whatever encoding.
_LONGEST_HEADER_CHARACTERS = 65_536
_TAG = re.compile(r"<[^<>]*>")
_TOO_DEEP = "holds mails or parts that are nested too deep"
# The parser asks each line of all the parts around it: lines times parts must be few
# enough for some seconds. A digest of a thousand mails of a hundred lines is read.
_DEEPEST_PARSED = 250  # Python calls functions no deeper than 1,000
_MOST_STEPS = 30_000_000
_SIGNATURES = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
}
_ENCRYPTED = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
# What says of another part, or to a machine, what a person does not read.
_FOR_MACHINES = {"message/delivery-status", "text/rfc822-headers", "text/calendar"}
_STUB = 4  # a plain version of so many times fewer words only says "see the HTML"
_LONGEST_TITLE = 80
_ENDINGS = {"text/plain": ".txt", "text/html": ".html", "application/pdf": ".pdf"}


class _Mail(Message):
    """A message or a part of one, in which no header takes minutes to parse."""

    _content_type: str | None = None

    def get_content_type(self) -> str:
        """Give the kind, which is asked for at every step, and does not change."""
        if self._content_type is None:
            self._content_type = super().get_content_type()
        return self._content_type

    def get_param(
        self,
        param: str,
        failobj: Any = None,
        header: str = "content-type",
        unquote: bool = True,
    ) -> Any:
        """Give a parameter of a header; none, where the header is none of a mail's."""
        if len(str(self.get(header, ""))) > _LONGEST_HEADER_CHARACTERS:
            return failobj
        return super().get_param(param, failobj, header, unquote)


@dataclass(slots=True)
class _Parts:
    """What a mail falls into.

    Attributes
    ----------
    texts
        The pieces of its body, in order.
    attached
        Its attachments, named.
    mails
        The mails in it, named.
    n_shown, n_signatures
        How many pictures its body shows, and how many signatures it has.
    is_encrypted
        Whether its body is.
    """

    texts: list[Content] = field(default_factory=list)
    attached: list[tuple[str, Any]] = field(default_factory=list)
    mails: list[tuple[str, Any]] = field(default_factory=list)
    n_shown: int = 0
    n_signatures: int = 0
    is_encrypted: bool = False


def mail_members(path: Path, budget: Budget) -> Iterator[Member]:
    """Give a mail's text, then its attachments, and the mails in it likewise.

    Raises
    ------
    Unreadable
        If its parts are nested too deep.
    """
    data = read_bytes(path)
    if counted := _EMLX.match(data):  # Apple's Mail writes the length before a mail
        data = data[counted.end() : counted.end() + int(counted[1])]
    yield from members_of(data, "", budget)


def members_of(data: bytes, name: str, budget: Budget) -> Iterator[Member]:
    """Give the members of a mail that is at hand, its text by the name.

    Raises
    ------
    Unreadable
        If its parts are nested too deep.
    """
    yield from _members(parsed(data), name, budget)


def parsed(data: bytes) -> Message:
    """Parse a mail, as Python's parser does.

    The parser goes through a body line by line, in search of boundaries; where there
    are none, only the headers are parsed, in half of the time.

    Raises
    ------
    Unreadable
        If its parts are nested too deep.
    """
    parser = BytesParser(_Mail, policy=compat32)
    if end := _END_OF_HEADERS.search(data):
        message = parser.parsebytes(data[: end.end()])
        has_parts = message.get_content_maintype() in ("multipart", "message")
        broke_off = message.get_payload() != ""  # before that line: rare
        if not has_parts and not broke_off:
            message.set_payload(data[end.end() :].decode("ascii", "surrogateescape"))
            return message
    _check_steps(data)
    try:
        return parser.parsebytes(data)
    except RecursionError as error:
        raise Unreadable(_TOO_DEEP) from error


def _check_steps(data: bytes) -> None:
    n_lines = data.count(b"\n")
    if n_lines * _DEEPEST_PARSED <= _MOST_STEPS:
        return
    lower = data.lower()
    n_nested = lower.count(b"multipart/") + lower.count(b"message/")
    if min(n_nested, _DEEPEST_PARSED) * n_lines > _MOST_STEPS:
        raise Unreadable(_TOO_DEEP)


def mail_text(subject: str, bodies: list[Content], notes: tuple[str, ...]) -> Content:
    """Put a mail's subject and its body together."""
    texts = [subject, *(body.text.strip() for body in bodies)]
    told = tuple(note for body in bodies for note in body.notes)
    return Content(text="\n\n".join(filter(None, texts)), notes=(*told, *notes))


def better_body(plain: Content | None, html: str | None) -> list[Content]:
    """Choose between two versions of a body: the plain one, unless it is a stub."""
    if html is None:
        return [] if plain is None else [plain]
    if plain is not None and plain.text.strip():
        n_words = len(plain.text.split())
        if _STUB * n_words >= len(_TAG.sub(" ", html).split()):
            return [plain]
    return [main_text(html)]


def _members(message: Any, within: str, budget: Budget) -> Iterator[Member]:
    parts = _Parts()
    _take(message, parts)
    if parts.texts or not parts.is_encrypted:
        subject = _header(message, "subject")
        text = mail_text(subject, parts.texts, tuple(_notes(parts)))
        yield Member(name=within, holds=text)
    else:
        yield Member(name=within, holds=Unreadable("is encrypted"))
    budget.check_members(len(parts.attached) + len(parts.mails))
    names = Names()
    for name, part in parts.attached:
        budget.count_member()
        whole = _below(within, names.apart(name))
        yield Member(name=whole, holds=BytesIO(_payload(part)))
    for name, inner in parts.mails:
        budget.count_member()
        whole = _below(within, names.apart(name))
        try:
            deeper = budget.deeper()
        except Unreadable as error:
            yield Member(name=whole, holds=error)
        else:
            yield from _members(inner, whole, deeper)


def _below(within: str, name: str) -> str:
    return f"{within}/{name}" if within else name


def _notes(parts: _Parts) -> Iterator[str]:
    if parts.n_shown:
        n = parts.n_shown
        pictures = "a picture" if n == 1 else f"{n} pictures"
        yield f"{pictures} in its text left out"
    if parts.n_signatures:
        yield "its digital signature was left out"


def _take(part: Any, parts: _Parts, *, is_shown: bool = False) -> None:
    """Sort a part, and those in it: no deeper than the parser, which was not deep."""
    kind = part.get_content_type()
    if kind == "message/rfc822" and part.is_multipart():
        inner = part.get_payload(0)
        title = _name_of(part) or cleaned(_header(inner, "subject").replace("/", "-"))
        title = (title or "mail")[:_LONGEST_TITLE].removesuffix(".eml")
        parts.mails.append((f"{title}.eml", inner))
    elif kind == "multipart/alternative":
        _take_alternative(part, parts)
    elif part.is_multipart():
        for number, one in enumerate(part.get_payload()):
            # RFC 2387: the first is what is read, the others are shown in it.
            shown = is_shown or (kind == "multipart/related" and number > 0)
            _take(one, parts, is_shown=shown)
    else:
        _take_leaf(part, kind, parts, is_shown=is_shown)


def _take_leaf(part: Any, kind: str, parts: _Parts, *, is_shown: bool) -> None:
    if kind.startswith("multipart/"):  # it says so, and has no parts
        kind = "text/plain"
    disposition = str(part.get("content-disposition") or "").lower()
    is_attached = disposition.lstrip().startswith("attachment")
    if kind in _SIGNATURES:
        parts.n_signatures += 1
    elif kind in _FOR_MACHINES and not is_attached:
        return
    elif kind in _ENCRYPTED:
        parts.is_encrypted = True
    elif (is_shown or part.get("content-id")) and not is_attached:
        if part.get_content_maintype() == "image" or is_shown:
            parts.n_shown += 1
        else:
            parts.attached.append((_name_of(part) or _made_up(kind), part))
    elif is_attached or _name_of(part) or not kind.startswith("text/"):
        parts.attached.append((_name_of(part) or _made_up(kind), part))
    else:
        parts.texts += better_body(*_versions(part, kind))


def _take_alternative(part: Any, parts: _Parts) -> None:
    """Take one version of a body, and what is attached beside the versions."""
    plain: Content | None = None
    html: str | None = None
    for one in part.get_payload() if part.is_multipart() else []:
        kind = one.get_content_type()
        if kind in ("text/plain", "text/html") and not _name_of(one):
            its_plain, its_html = _versions(one, kind)
            plain, html = its_plain or plain, its_html or html
        elif kind == "multipart/related":
            within = _Parts()
            _take(one, within)
            root = next(iter(one.get_payload()), None) if one.is_multipart() else None
            if isinstance(root, Message) and root.get_content_type() == "text/html":
                html = _versions(root, "text/html")[1]
            parts.attached += within.attached
            parts.n_shown += within.n_shown
        else:
            _take(one, parts)
    parts.texts += better_body(plain, html)


def _versions(part: Any, kind: str) -> tuple[Content | None, str | None]:
    declared = part.get_param("charset")
    charset = declared if isinstance(declared, str) else None
    data = _payload(part)
    try:
        content = decode(data, declared=charset)
    except Unreadable as error:
        text = data.decode("utf-8", "replace").replace("\0", "")
        content = Content(text=text, notes=(f"a part of it {error}",))
    if kind == "text/html":
        return None, content.text
    return content, None


def _payload(part: Any) -> bytes:
    """Decode what a part holds; where that is broken, as it stands."""
    try:
        data = part.get_payload(decode=True)
    except (ValueError, AssertionError, LookupError, binascii.Error):
        data = str(part.get_payload()).encode("utf-8", "surrogateescape")
    return data if isinstance(data, bytes) else b""


def _header(message: Any, name: str) -> str:
    """Decode a header, whatever is wrong with it (RFC 2047)."""
    raw = next((v for k, v in message.raw_items() if k.lower() == name), "")
    return _decoded(str(raw))


def _decoded(raw: str) -> str:
    try:
        is_bomb = len(raw) > _LONGEST_HEADER_CHARACTERS
        pieces = [(raw, None)] if is_bomb else decode_header(raw)
    except (HeaderParseError, ValueError, binascii.Error):
        pieces = [(raw, None)]
    words = []
    for piece, charset in pieces:
        data = (
            piece.encode("utf-8", "surrogateescape")
            if isinstance(piece, str)
            else piece
        )
        try:
            words.append(decode(data, declared=charset).text)
        except Unreadable:
            words.append(data.decode("utf-8", "replace"))
    return " ".join("".join(words).split())


def _name_of(part: Any) -> str:
    """Give the name of an attachment; empty where it has none."""
    if not part.get("content-disposition") and (
        "name" not in str(part.get("content-type")).lower()
    ):
        return ""
    try:
        name = part.get_filename()
    except (ValueError, LookupError, AttributeError, TypeError):
        return ""
    return file_name(cleaned(_decoded(str(name)))) if name else ""


def _made_up(kind: str) -> str:
    return f"attachment{_ENDINGS.get(kind, '')}"
