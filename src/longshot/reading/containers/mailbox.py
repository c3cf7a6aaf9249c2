"""mbox: many mails in one file (RFC 4155), each a member by its number."""

from collections.abc import Iterator
from pathlib import Path

from longshot.errors import first_line
from longshot.reading.containers.base import Budget, Exhausted, Member
from longshot.reading.containers.mail import members_of
from longshot.reading.content import Unreadable
from longshot.reading.kinds import FROM_LINE
from longshot.reading.limits import limits

_LONGEST_LINE_BYTES = 1 << 20


def mailbox_members(path: Path, budget: Budget) -> Iterator[Member]:
    """Give the mails: linear in the file, so that their number is not bounded.

    They are parsed where they are found; a file of its own for each would take five
    times as long.
    """
    deeper = budget.deeper()
    for number, mail in enumerate(_mails(path), start=1):
        name = f"{number}.eml"
        if mail is None:
            reason = f"holds more than {limits().most_bytes / 1e6:,.0f} MB as one mail"
            yield Member(name=name, holds=Unreadable(reason))
        else:
            yield from _mail(mail, name, deeper)


def _mail(data: bytes, name: str, budget: Budget) -> Iterator[Member]:
    """Give a mail's members; where it cannot be read, the others are all the same."""
    try:
        yield from members_of(data, name, budget)
    except Exhausted:
        raise
    except Unreadable as error:
        yield Member(name=name, holds=error)
    except Exception as error:  # whatever the parser lets through
        reason = f"cannot be read ({first_line(error)})"
        yield Member(name=name, holds=Unreadable(reason))


def _mails(path: Path) -> Iterator[bytes | None]:
    """Split at lines of that form behind an empty line; None for one too large."""
    most = limits().most_bytes
    mail: list[bytes] = []
    size, before, has_begun = 0, b"", False
    with path.open("rb") as file:
        while line := file.readline(_LONGEST_LINE_BYTES):
            is_first = line.startswith(b"From ") and not before.strip()
            if is_first and FROM_LINE.match(line):
                if has_begun:
                    yield b"".join(mail) if size <= most else None
                mail, size, has_begun = [], 0, True
            else:
                size += len(line)
                if size <= most:
                    mail.append(line[1:] if line.startswith(b">From ") else line)
            before = line
    if has_begun:
        yield b"".join(mail) if size <= most else None
