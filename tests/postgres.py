"""A PostgreSQL server of one's own, for tests: started and stopped by them.

It takes Debian's programs, runs as a user without privileges, as PostgreSQL demands,
and listens on a socket in its own folder alone.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PLACES = Path("/usr/lib/postgresql")
_USERS = ("postgres", "nobody")


def missing_reason() -> str | None:
    """Say why no server can be started here; None where it can."""
    if _programs() is None:
        return "PostgreSQL's programs initdb and pg_ctl are not installed"
    if os.geteuid() == 0 and _user() is None:
        return "PostgreSQL does not run as root, and there is no user to run it as"
    return None


@contextmanager
def server() -> Iterator[str]:
    """Start a server, and give the address of its first database."""
    programs = _programs()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        folder.chmod(0o755)
        data = folder / "data"
        _run(folder, programs / "initdb", "--auth=trust", "-U", "longshot", "-D", data)
        options = f"-c listen_addresses='' -k {folder} -c max_connections=40 "
        options += "-c fsync=off -c full_page_writes=off"  # no test cuts the power
        control = (programs / "pg_ctl", "-D", data)
        _run(folder, *control, "-w", "-l", data / "log", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://longshot@/postgres?host={folder}"
        finally:
            _run(folder, *control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    found = sorted(_PLACES.glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    return Path(on_path).resolve().parent if on_path else None


def _user() -> str | None:
    for name in _USERS:
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    return None


def _run(folder: Path, *command: object) -> None:
    user = _user() if os.geteuid() == 0 else None
    if user is not None:
        shutil.chown(folder, user)
    subprocess.run(
        [str(one) for one in command],
        user=user,
        check=True,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
