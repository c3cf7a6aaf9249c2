"""Uploaded files to documents, by a process that is ended where it must be."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from longshot.errors import ReadingError
from longshot.project.exchange.base import Received
from longshot.records import Document, OnSetAside, PageStart, SetAside
from longshot.records.forms import ExchangeForm
from longshot.server.settings import ServerSettings

# Every thread of a numerical library reserves memory, which is what is limited.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def read_uploads(
    folder: Path, settings: ServerSettings, *, on_set_aside: OnSetAside
) -> Iterator[Document]:
    """Read all files below a folder, within limits of memory and time for each.

    Parameters
    ----------
    folder
        What holds the files, and nothing that belongs to others.
    settings
        The limits.
    on_set_aside
        Told of each file that cannot be read, or not within the limits.

    Yields
    ------
    Document
        Its id and source are the path below the folder; of a table's row, the path,
        a ``#`` and the row's id.
    """
    files = sorted(one for one in folder.rglob("*") if one.is_file())
    for outcome in read_files(
        ((path, path.relative_to(folder).as_posix()) for path in files), settings
    ):
        if isinstance(outcome, Document):
            yield outcome
        else:
            on_set_aside(outcome)


def read_files(
    files: Iterable[tuple[Path, str]], settings: ServerSettings
) -> Iterator[Document | SetAside]:
    """Read files, each known by its place, within limits of memory and time for each.

    Parameters
    ----------
    files
        Each file, and what its document's id and source are to be.
    settings
        The limits.
    """
    child: ReadingProcess | None = None
    try:
        for path, place in files:
            child = child or ReadingProcess(settings)
            yield from child.read(path, place)
            if child.has_ended:
                child.close()
                child = None
    finally:
        if child is not None:
            child.close()


def read_import(
    path: Path, form: ExchangeForm, settings: ServerSettings
) -> Iterator[Received | SetAside]:
    """Read an export of longshot or of another tool, within the same limits.

    Raises
    ------
    ReadingError
        If it cannot be read, or not within the limits.
    """
    with closing(ReadingProcess(settings)) as child:
        yield from child.received(path, form)


class ReadingProcess:
    """A process that reads files, one after the other, until one of them ends it."""

    def __init__(self, settings: ServerSettings) -> None:
        self._seconds = settings.most_parsing_seconds
        self._timed_out = threading.Event()
        self._is_ready = False
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "longshot.server.uploads.child",
                str(settings.most_parsing_bytes),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # libraries complain there, and quote texts
            encoding="utf-8",
            env={**os.environ, **_ONE_THREAD},
        )

    @property
    def has_ended(self) -> bool:
        """Whether the process is no more."""
        return self._process.poll() is not None

    def read(self, path: Path, place: str) -> Iterator[Document | SetAside]:
        """Give what is in a file; where it ends the process, it is set aside."""
        for answer in self._answers(path=str(path), place=place):
            if "document" in answer:
                yield _document(answer["document"])
            else:
                yield SetAside(**answer["set_aside"])
        if self.has_ended:
            yield SetAside(id=place, source=place, reason=self._why_ended())

    def received(self, path: Path, form: ExchangeForm) -> Iterator[Received | SetAside]:
        """Give what a file of some form says about documents.

        Raises
        ------
        ReadingError
            If it cannot be read, or ends the process.
        """
        for answer in self._answers(path=str(path), form=form):
            if "error" in answer:
                raise ReadingError(answer["error"])
            if "received" in answer:
                yield Received.from_dict(answer["received"])
            else:
                yield SetAside(**answer["set_aside"])
        if self.has_ended:
            raise ReadingError(
                f"a file to import must be readable within the server's limits; "
                f"{path.name} {self._why_ended()}. Import it in parts."
            )

    def _wait_until_ready(self) -> None:
        """Let it start: that takes its time too, and is no file's fault."""
        if not self._is_ready:
            assert self._process.stdout is not None
            self._process.stdout.readline()
            self._is_ready = True

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    def _answers(self, **question: str) -> Iterator[dict[str, Any]]:
        """Ask for a file, and give the answers until it ends, or its time does."""
        self._wait_until_ready()
        questions, answers = self._process.stdin, self._process.stdout
        assert questions is not None
        assert answers is not None
        timer = threading.Timer(self._seconds, self._time_out)
        timer.start()
        try:
            questions.write(json.dumps(question) + "\n")
            questions.flush()
            while line := answers.readline():
                answer = json.loads(line)
                if "end" in answer:
                    return
                yield answer
            self._process.wait()
        except (BrokenPipeError, json.JSONDecodeError):
            self._process.wait()  # it ended before the file, or in the middle of a line
        finally:
            timer.cancel()

    def _time_out(self) -> None:
        self._timed_out.set()
        self._process.kill()

    def _why_ended(self) -> str:
        if self._timed_out.is_set():
            return f"takes more than {self._seconds} seconds to read"
        return (
            "cannot be read: it ended the process that reads it "
            f"(exit code {self._process.returncode})"
        )


def _document(fields: dict[str, Any]) -> Document:
    pages = tuple(PageStart(*page) for page in fields["pages"])
    return Document(**{**fields, "pages": pages, "notes": tuple(fields["notes"])})
