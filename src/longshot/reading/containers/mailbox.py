"""mbox: many mails in one file (RFC 4155), each a member by its number."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from longshot.reading.containers.base import Budget, Member
from longshot.reading.content import Unreadable
from longshot.reading.kinds import FROM_LINE
from longshot.reading.limits import limits

_LONGEST_LINE_BYTES = 1 << 20


def mailbox_members(path: Path, budget: Budget) -> Iterator[Member]:
    """Give the mails: linear in the file, so that their number is not bounded."""
    for number, mail in enumerate(_mails(path), start=1):
        name = f"{number}.eml"
        if mail is None:
            reason = f"holds more than {limits().most_bytes / 1e6:,.0f} MB as one mail"
            yield Member(name=name, holds=Unreadable(reason))
        else:
            yield Member(name=name, holds=BytesIO(mail))


def _mails(path: Path) -> Iterator[bytes | None]:
    """Split at lines of that form behind an empty line; None for one too large."""
    most = limits().most_bytes
    mail, size, was_empty, has_begun = bytearray(), 0, True, False
    with path.open("rb") as file:
        while line := file.readline(_LONGEST_LINE_BYTES):
            if was_empty and FROM_LINE.match(line):
                if has_begun:
                    yield bytes(mail) if size <= most else None
                mail, size, has_begun = bytearray(), 0, True
            else:
                size += len(line)
                if size <= most:
                    mail += line[1:] if line.startswith(b">From ") else line
            was_empty = not line.strip()
    if has_begun:
        yield bytes(mail) if size <= most else None
