"""The contract of files that hold others, and the budget that bounds them all."""

import re
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol, runtime_checkable

from longshot.reading.content import Content, Unreadable
from longshot.reading.kinds import is_litter
from longshot.reading.limits import LIMIT_VARIABLE, limits

_PIECE_BYTES = 1 << 20
_LONGEST_NAME_CHARACTERS = 200
_NO_FILE_NAME = re.compile(r"[^\w.() -]")


@runtime_checkable
class Pieces(Protocol):
    """What bytes can be read from, piece by piece."""

    def read(self, size: int, /) -> bytes:
        """Give at most so many bytes; none at the end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """One thing in a file that holds others.

    Attributes
    ----------
    name
        Its path in that file; empty for a text of the file's own, as a mail has one.
    holds
        A text; or bytes, to be read as a file of that name; or why it cannot be read.
    """

    name: str
    holds: Content | Pieces | Unreadable


class Exhausted(Unreadable):
    """Nothing more of the file that a person named may be unpacked."""


class Budget:
    """What may be unpacked of one file that a person named, and all that lies in it.

    Parameters
    ----------
    packed
        The size of that file, in bytes.
    """

    def __init__(self, packed: int) -> None:
        self.depth = 0
        self._packed = packed
        self._limits = limits()
        self._spent = _Spent()

    def deeper(self) -> "Budget":
        """Give the same budget for what lies in a member.

        Raises
        ------
        Unreadable
            If that is too deep.
        """
        if self.depth >= self._limits.most_depth:
            raise Unreadable(
                f"lies more than {self._limits.most_depth} files deep: unpack it"
            )
        inner = copy(self)
        inner.depth = self.depth + 1
        return inner

    def check_members(self, n: int) -> None:
        """Refuse a file that is known to hold so many, before any of them is read.

        Raises
        ------
        Unreadable
            If these are too many.
        """
        most = self._limits.most_members
        if most is not None and self._spent.n_members + n > most:
            raise Unreadable(_too_many(most))

    def count_member(self) -> None:
        """Count one more member, of a file that does not tell how many it holds.

        Raises
        ------
        Exhausted
            If there are too many.
        """
        self._spent.n_members += 1
        most = self._limits.most_members
        if most is not None and self._spent.n_members > most:
            raise Exhausted(_too_many(most))

    def spend(self, n_bytes: int) -> None:
        """Count bytes that were unpacked.

        Raises
        ------
        Exhausted
            If they are far more than the file could need.
        """
        self._spent.n_bytes += n_bytes
        try:
            self._limits.check_ratio(self._spent.n_bytes, packed=self._packed)
        except Unreadable as error:
            raise Exhausted(str(error)) from error

    def write(self, pieces: Pieces, path: Path) -> None:
        """Unpack a member to a file, never holding more of it than a piece.

        Raises
        ------
        Unreadable
            If it holds more than one document may.
        Exhausted
            If all together are far more than the file could need.
        """
        n_bytes = 0
        with path.open("wb") as file:
            while piece := pieces.read(_PIECE_BYTES):
                n_bytes += len(piece)
                self._limits.check_size(n_bytes)
                self.spend(len(piece))
                file.write(piece)


def _too_many(most: int) -> str:
    return (
        f"holds more than {most:,} files: split it, or set {LIMIT_VARIABLE} to read "
        "them all the same"
    )


@dataclass(slots=True)
class _Spent:
    n_bytes: int = 0
    n_members: int = 0


MemberReader = Callable[[Path, Budget], Iterator[Member]]
"""Gives the members of a file, in its order; raises Unreadable where it breaks off."""


class BoundedPieces:
    """Bytes that count against a budget as they are unpacked."""

    def __init__(self, pieces: Pieces, budget: Budget) -> None:
        self._pieces = pieces
        self._budget = budget

    def read(self, size: int, /) -> bytes:
        """Give at most so many bytes."""
        piece = self._pieces.read(size)
        self._budget.spend(len(piece))
        return piece


def cleaned(name: str) -> str:
    r"""Give a member's name as a path that leads nowhere but down.

    Examples
    --------
    >>> cleaned("../../etc/./passwd"), cleaned("C:\\pile\\lease.txt")
    ('etc/passwd', 'C:/pile/lease.txt')
    """
    whole = name.replace("\\", "/").encode("utf-8", "replace").decode()
    parts = [part for part in whole.split("/") if part not in ("", ".", "..")]
    return "/".join(parts)


def is_left_out(name: str) -> bool:
    """Tell whether a member is none that a folder would give: hidden, or litter."""
    return any(map(is_litter, PurePosixPath(name).parts))


def file_name(name: str) -> str:
    """Give a name for a member's file, with its ending and without surprises.

    Examples
    --------
    >>> file_name("2024/lease: final?.pdf")
    'lease_ final_.pdf'
    """
    last = name.rpartition("/")[2][-_LONGEST_NAME_CHARACTERS:]
    return _NO_FILE_NAME.sub("_", last).lstrip(".") or "member"


class Names:
    """Keeps members of the same name apart, as mails have them."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def apart(self, name: str) -> str:
        """Give a name that was not given before: the same, or one with a number."""
        n = self._seen[name] = self._seen.get(name, 0) + 1
        if n == 1:
            return name
        path = PurePosixPath(name)
        return self.apart(str(path.with_name(f"{path.stem} ({n}){path.suffix}")))
