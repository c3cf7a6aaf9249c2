"""A mail as Outlook saves it (.msg), read by python-oxmsg ([MS-OXMSG])."""

import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from longshot.errors import first_line
from longshot.reading.containers.base import Budget, Member, Names, file_name
from longshot.reading.containers.mail import better_body, mail_text
from longshot.reading.content import Content, Unreadable
from longshot.reading.extras import documents_extra
from longshot.reading.formats.office.extractor import extracted
from longshot.reading.formats.text import decode
from longshot.reading.limits import read_bytes

# [MS-OXMSG] sections 2.4.1 and 2.2.2.1: a message, and one that lies in another.
_HEADER_BYTES, _INNER_HEADER_BYTES = 32, 24
_INNER_MESSAGE = "__substg1.0_3701000D"
# [MS-OXPROPS]: names of properties, as python-oxmsg has them.
_SUBJECT, _BODY, _HTML, _RTF = 0x0037, 0x1000, 0x1013, 0x1009
_DATA, _LONG_NAME, _SHORT_NAME = 0x3701, 0x3707, 0x3704


def outlook_members(path: Path, budget: Budget) -> Iterator[Member]:
    """Give a message's text, its attachments, and the messages in it likewise.

    Raises
    ------
    Unreadable
        If it is broken, or what reads it is not installed.
    """
    try:
        from oxmsg import Message
    except ImportError as error:
        raise Unreadable(documents_extra("an Outlook message")) from error
    data = read_bytes(path)
    try:
        storage = Message.load(data)._storage
    except Exception as error:  # olefile lets struct's, index and other errors through
        raise Unreadable(f"is a broken message ({first_line(error)})") from error
    yield from _members(storage, _HEADER_BYTES, "", budget)


def _members(
    storage: Any, header_bytes: int, within: str, budget: Budget
) -> Iterator[Member]:
    try:
        holds: Content | Unreadable = _text(storage, header_bytes)
    except Unreadable as error:
        holds = error
    except Exception as error:
        holds = Unreadable(f"is a broken message ({first_line(error)})")
    yield Member(name=within, holds=holds)
    names = Names()
    for attachment in storage.iter_attachment_storages():
        budget.count_member()
        yield from _attachment(attachment, within, names, budget)


def _attachment(
    storage: Any, within: str, names: Names, budget: Budget
) -> Iterator[Member]:
    properties = _properties(storage, 8)  # [MS-OXMSG] section 2.4.1.2
    name = _string(properties, _LONG_NAME) or _string(properties, _SHORT_NAME)
    inner = next((one for one in storage.storages if one.name == _INNER_MESSAGE), None)
    if inner is not None:
        title = _string(_properties(inner, _INNER_HEADER_BYTES), _SUBJECT) or "mail"
        name = names.apart(f"{file_name(title.replace('/', '-'))}.msg")
    else:
        name = names.apart(file_name(name) if name else "attachment")
    whole = f"{within}/{name}" if within else name
    if inner is None:
        yield Member(name=whole, holds=BytesIO(_binary(properties, _DATA)))
        return
    try:
        deeper = budget.deeper()
    except Unreadable as error:
        yield Member(name=whole, holds=error)
    else:
        yield from _members(inner, _INNER_HEADER_BYTES, whole, deeper)


def _text(storage: Any, header_bytes: int) -> Content:
    properties = _properties(storage, header_bytes)
    subject = " ".join(_string(properties, _SUBJECT).split())
    plain = _string(properties, _BODY)
    body = better_body(Content(text=plain) if plain else None, _html(properties))
    if not body and (rtf := _binary(properties, _RTF)):
        body = [extracted(_unpacked_rtf(rtf), "rtf")]
    return mail_text(subject, body, ())


def _html(properties: Any) -> str | None:
    if data := _binary(properties, _HTML):
        return decode(data, declared=_declared(properties)).text
    return _string(properties, _HTML) or None


def _declared(properties: Any) -> str | None:
    try:
        return str(properties.body_encoding)
    except (LookupError, ValueError, TypeError, AssertionError):
        return None


def _properties(storage: Any, header_bytes: int) -> Any:
    from oxmsg.properties import Properties

    return Properties(storage, properties_header_offset=header_bytes)


def _string(properties: Any, pid: int) -> str:
    try:
        return str(properties.str_prop_value(pid) or "").replace("\0", "")
    except (KeyError, IndexError, LookupError, ValueError, TypeError, struct.error):
        return ""


def _binary(properties: Any, pid: int) -> bytes:
    try:
        return bytes(properties.binary_prop_value(pid) or b"")
    except (KeyError, IndexError, LookupError, ValueError, TypeError, struct.error):
        return b""


def _unpacked_rtf(data: bytes) -> bytes:
    from compressed_rtf import decompress

    try:
        return bytes(decompress(data))
    except Exception as error:  # struct's, index and value errors, by what is broken
        told = f"is a broken message (its text: {first_line(error)})"
        raise Unreadable(told) from error
