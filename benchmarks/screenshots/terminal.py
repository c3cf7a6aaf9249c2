"""Record what a terminal shows, as a moving picture that scales.

Run: python -m benchmarks.screenshots.terminal [--out docs/images/terminal.svg]

The program labels the bundled mail in a terminal of its own (a pty). The picture shows
what it wrote, in the order and at the pace in which it wrote it, but for the seconds,
which are brought to the same few on every machine; and the first rows of the table. It
plays once; where a reader asks for less motion, it shows the end at once.
"""

import argparse
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

from longshot.machine.locations import CACHE_VARIABLE

ROOT = Path(__file__).parents[2]
COMMAND = (
    "longshot classify examples/mail/answered.csv examples/mail/inbox.csv "
    "--unknown 0.05 --format table"
)
COLUMNS, ROWS = 104, 60
N_SHOWN = 20
"""Lines of the picture: all forty rows of the table would be a screen of their own."""

PLAYED_S = 5.0
TYPING_S = 2.5
SHORTEST_S = 0.12
"""What is shown for less is not seen, and left out."""

CHARACTER, LINE, EDGE = 8.4, 18.0, 16.0
_CONTROL = re.compile(r"\x1b\[([?\d;]*)([A-Za-z])")


@dataclass(frozen=True, slots=True)
class Line:
    """What a line of the screen held for a while.

    Attributes
    ----------
    row, text
        Where, and what.
    is_bold
        Whether it is set in bold.
    start_s, end_s
        From when until when; None for to the end.
    """

    row: int
    text: str
    is_bold: bool
    start_s: float
    end_s: float | None


class Screen:
    """The lines of a terminal: what rich's bars and tables need of one."""

    def __init__(self) -> None:
        self.lines: list[str] = [""]
        self.bold: set[int] = set()
        self._row = self._column = 0

    def write(self, text: str) -> None:
        """Take in what a program wrote."""
        end = 0
        for control in _CONTROL.finditer(text):
            self._put(text[end : control.start()])
            self._obey(control[1], control[2])
            end = control.end()
        self._put(text[end:])

    def _put(self, text: str) -> None:
        for character in text:
            if character == "\n":
                self._row += 1
            elif character == "\r":
                self._column = 0
            else:
                self._set(character)
        while len(self.lines) <= self._row:
            self.lines.append("")

    def _set(self, character: str) -> None:
        if self._column == COLUMNS:
            self._row, self._column = self._row + 1, 0
        while len(self.lines) <= self._row:
            self.lines.append("")
        line = self.lines[self._row].ljust(self._column)
        self.lines[self._row] = (
            line[: self._column] + character + line[self._column + 1 :]
        )
        self._column += 1

    def _obey(self, arguments: str, kind: str) -> None:
        if kind == "A":
            self._row = max(0, self._row - int(arguments or 1))
        elif kind == "K":
            self.lines[self._row] = ""
            self.bold.discard(self._row)
        elif kind == "m" and "1" in arguments.split(";"):
            self.bold.add(self._row)


def main() -> None:
    """Run the command, and write the picture of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/images/terminal.svg"))
    out = parser.parse_args().out
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as cache:
        drawn = picture(list(shown(recorded(COMMAND, cache))))
    out.write_text(drawn, encoding="utf-8")
    print(f"wrote {out}, {len(drawn) / 1000:.0f} kB")


def recorded(command: str, cache: str) -> Iterator[tuple[float, str]]:
    """Run the command in a terminal; give what it writes, each with its second."""
    leader, follower = pty.openpty()
    set_size(follower)
    process = subprocess.Popen(
        [sys.executable, "-m", *command.split()],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        cwd=ROOT,
        env={**os.environ, "TERM": "xterm", CACHE_VARIABLE: cache},
    )
    os.close(follower)
    started = time.monotonic()
    while True:
        ready, _, _ = select.select([leader], [], [], 0.2)
        try:
            data = os.read(leader, 1 << 16) if ready else b""
        except OSError:  # how Linux ends a terminal that nobody writes to any more
            break
        if not data:
            continue
        yield time.monotonic() - started, data.decode(errors="replace")
    os.close(leader)
    if process.wait():
        raise SystemExit(f"the command ended with {process.returncode}")


def set_size(terminal: int) -> None:
    """Tell a terminal how many characters it shows."""
    import fcntl
    import termios

    size = struct.pack("HHHH", ROWS, COLUMNS, 0, 0)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, size)


def shown(written: Iterator[tuple[float, str]]) -> Iterator[Line]:
    """Give what each line of the screen held, and from when until when."""
    screen = Screen()
    held: dict[int, tuple[str, float]] = {}
    for now, text in written:
        screen.write(text)
        for row, line in enumerate(screen.lines):
            before, since = held.get(row, ("", now))
            if line.rstrip() == before:
                continue
            if before:
                yield Line(row, before, row in screen.bold, since, now)
            held[row] = line.rstrip(), now
    for row, (text, since) in held.items():
        if text:
            yield Line(row, text, row in screen.bold, since, None)


def picture(lines: list[Line]) -> str:
    """Draw the lines, each from its second on."""
    lines = _in_time(lines)
    last = max(one.row for one in lines if one.end_s is None)
    n_more = max(0, last + 1 - N_SHOWN)
    kept = [one for one in lines if one.row < N_SHOWN]
    end_s = max(one.start_s for one in kept)
    if n_more:
        told = f"… and {n_more} more"
        kept.append(Line(N_SHOWN, told, False, end_s, None))
    height = 2 * EDGE + LINE * (min(last + 1, N_SHOWN + 1) + 1)
    width = 2 * EDGE + CHARACTER * COLUMNS
    typed = f"$ {COMMAND}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} '
            f'{height:g}" role="img" aria-label="A terminal that labels 40 mails">',
            f"<style>{_STYLE}</style>",
            f'<rect width="{width:g}" height="{height:g}" rx="8" class="ground"/>',
            _text(typed, 0, "bold"),
            f'<rect x="{EDGE + 2 * CHARACTER:g}" y="{EDGE:g}" height="{LINE:g}" '
            f'width="{width - EDGE:g}" class="ground cover" style="--to:'
            f"{CHARACTER * len(COMMAND):g}px;animation-timing-function:"
            f'steps({len(COMMAND)})"/>',
            *map(_line, kept),
            "</svg>\n",
        ]
    )


def _in_time(lines: list[Line]) -> list[Line]:
    """Bring the seconds to those that are played; leave out what flashes by."""
    first_s = min(one.start_s for one in lines)  # until then Python starts
    scale = PLAYED_S / (max(one.start_s for one in lines) - first_s)
    found = []
    for one in lines:
        end_s = None if one.end_s is None else (one.end_s - first_s) * scale
        start_s = (one.start_s - first_s) * scale
        scaled = replace(one, start_s=start_s, end_s=end_s)
        if end_s is None or end_s - scaled.start_s >= SHORTEST_S:
            found.append(scaled)
    return found


def _line(one: Line) -> str:
    kind = "bold " * one.is_bold + ("stays" if one.end_s is None else "goes")
    start = TYPING_S + one.start_s
    length = "" if one.end_s is None else f";--for:{one.end_s - one.start_s:.2f}s"
    return _text(one.text, one.row + 1, kind, style=f"--at:{start:.2f}s{length}")


def _text(text: str, row: int, kind: str, *, style: str = "") -> str:
    indented = len(text) - len(text.lstrip())
    own = text.strip()
    return (
        f'<text x="{EDGE + CHARACTER * indented:g}" y="{EDGE + LINE * (row + 0.75):g}" '
        f'textLength="{CHARACTER * len(own):g}" class="{kind}" style="{style}">'
        f"{escape(own)}</text>"
    )


_STYLE = f"""
text {{ font: 14px ui-monospace, Menlo, Consolas, monospace; fill: #d5d8d6;
  white-space: pre }}
.ground {{ fill: #1f2326 }}
.bold {{ font-weight: bold }}
.cover {{ animation: type {TYPING_S}s both }}
.stays {{ animation: come .01s var(--at) both }}
.goes {{ opacity: 0; animation: flash var(--for) var(--at) steps(1) }}
@keyframes type {{ to {{ transform: translateX(var(--to)) }} }}
@keyframes come {{ from {{ opacity: 0 }} }}
@keyframes flash {{ from, to {{ opacity: 1 }} }}
@media (prefers-reduced-motion: reduce) {{
  .cover, .goes {{ display: none }}
  .stays {{ animation: none }}
}}
"""


if __name__ == "__main__":
    main()
