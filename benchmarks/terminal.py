"""Record what a terminal shows, as a picture that scales.

Run: python -m benchmarks.terminal [--out docs/images/terminal.svg]

The program labels the bundled mail; the picture holds the first rows of the table.
"""

import argparse
import io
import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
COMMAND = (
    "longshot classify examples/mail/answered.csv examples/mail/inbox.csv "
    "--unknown 0.05 --format table"
)
COLUMNS = 104
N_ROWS = 14  # of the table; all forty would be a screen of their own


def main() -> None:
    """Run the command, and write the picture of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/images/terminal.svg"))
    out = parser.parse_args().out
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(picture(*shown(COMMAND)), encoding="utf-8")
    print(f"wrote {out}")


def shown(command: str) -> tuple[str, str]:
    """Give what the program tells on stderr, and the table on stdout in colour."""
    environment = {**os.environ, "COLUMNS": str(COLUMNS)}
    told = subprocess.run(
        [sys.executable, "-m", *command.split()],
        env={**environment, "NO_COLOR": "1"},
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    table = subprocess.run(
        [sys.executable, "-m", *command.split()],
        env={**environment, "FORCE_COLOR": "1"},
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return told.stderr, table.stdout


def picture(told: str, table: str) -> str:
    """Draw both as rich's terminal, without the fonts that it would load from afar."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), color_system=None)
    console.print(Text(f"$ {COMMAND}", style="bold"))
    console.print(Text(told.rstrip()))
    rows = table.rstrip().splitlines()
    for row in rows[:N_ROWS]:
        console.print(Text.from_ansi(row), soft_wrap=True)
    console.print(Text(f"… and {len(rows) - N_ROWS} more", style="dim"))
    drawn = console.export_svg(title="longshot", unique_id="longshot")
    return re.sub(r"@font-face \{.*?\}", "", drawn, flags=re.DOTALL)


if __name__ == "__main__":
    main()
