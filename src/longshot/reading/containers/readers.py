"""Which files hold others, told by their content."""

from collections.abc import Iterator
from pathlib import Path

from longshot.reading.containers.archives import tar_members, zip_members
from longshot.reading.containers.base import Budget, Member, MemberReader
from longshot.reading.containers.mail import mail_members
from longshot.reading.containers.mailbox import mailbox_members
from longshot.reading.containers.outlook import outlook_members
from longshot.reading.containers.packed import packed_member, start_of
from longshot.reading.recognition import Format, format_of

_TAR_MARK = slice(257, 262)  # POSIX.1-1988: "ustar"
_READERS: dict[Format, MemberReader] = {
    "mail": mail_members,
    "mailbox": mailbox_members,
    "outlook": outlook_members,
    "tar": tar_members,
    "zip": zip_members,
}


def member_reader(path: Path) -> MemberReader | None:
    """Find what reads the members of a file; None where it holds no others."""
    found = format_of(path)
    if found == "packed":
        return _packed
    return _READERS.get(found) if found is not None else None


def _packed(path: Path, budget: Budget) -> Iterator[Member]:
    """Read a compressed tar as a tar, so that its members have no name twice."""
    is_tar = start_of(path, 512)[_TAR_MARK] == b"ustar"
    return (tar_members if is_tar else packed_member)(path, budget)
