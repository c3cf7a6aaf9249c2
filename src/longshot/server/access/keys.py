"""API keys: kept as hashes, each with a name and what it may do.

A key is 32 random bytes, so that its plain SHA-256 cannot be guessed back; a slow hash
is for passwords that people choose (NIST SP 800-63B, section 5.1.2.2, lets look-up
secrets of 112 bits and more be hashed once).
"""

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from longshot.errors import ReadingError, SettingError
from longshot.recipe import check_choice
from longshot.report.files import whole_file

Rights = Literal["read", "write"]
_PREFIX = "longshot_"
_KEY_BYTES = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """A key, as it is kept: nobody can read the key itself from it.

    Attributes
    ----------
    name
        Whose it is.
    rights
        ``read`` lets ask and decide; ``write`` also changes projects.
    hash
        SHA-256 of the key, in hexadecimal digits.
    made_at
        When, in UTC.
    """

    name: str
    rights: Rights
    hash: str
    made_at: str


class KeyFile:
    """The keys of a server, in one file.

    Parameters
    ----------
    path
        The file; it need not exist yet to add a key.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> tuple[Key, ...]:
        """Give all keys.

        Raises
        ------
        ReadingError
            If the file cannot be read as keys.
        """
        if not self.path.exists():
            return ()
        try:
            rows = json.loads(self.path.read_text(encoding="utf-8"))["keys"]
            return tuple(Key(**row) for row in rows)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise ReadingError(
                f"{self.path} must hold keys as `longshot keys add` writes them; it "
                f"does not ({type(error).__name__}). Name another --keys-file."
            ) from error

    def add(self, name: str, rights: Rights) -> str:
        """Make a key, keep its hash, and give the key, which is not kept.

        Raises
        ------
        SettingError
            If the name is taken, or there are no such rights.
        """
        check_choice("rights", rights, ("read", "write"))
        keys = self.read()
        if any(one.name == name for one in keys):
            raise SettingError(
                f"a key's name must be new; {name} has one. Remove it, or choose "
                "another name."
            )
        key = _PREFIX + secrets.token_urlsafe(_KEY_BYTES)
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        made = Key(name=name, rights=rights, hash=hash_of(key), made_at=made_at)
        self._write([*keys, made])
        return key

    def remove(self, name: str) -> None:
        """Let a key count no more, from the server's next start on.

        Raises
        ------
        SettingError
            If there is none of that name.
        """
        keys = self.read()
        rest = [one for one in keys if one.name != name]
        if len(rest) == len(keys):
            raise SettingError(
                f"a key of that name must exist; there is none for {name}. "
                "Run `longshot keys list`."
            )
        self._write(rest)

    def _write(self, keys: Iterable[Key]) -> None:
        rows = {"keys": [asdict(one) for one in keys]}
        with whole_file(self.path) as file:
            file.write(f"{json.dumps(rows, indent=1)}\n".encode())
        self.path.chmod(0o600)  # hashes tell nothing, but names and times do


def hash_of(key: str) -> str:
    """Give what is kept of a key."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
