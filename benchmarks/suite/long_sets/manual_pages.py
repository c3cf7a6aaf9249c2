"""Manual pages by kind, which is the section of the manual that they stand in."""

import gzip
import random
import re
import subprocess
from collections import defaultdict

from benchmarks.suite.long_sets.labels import MANUAL_SECTIONS
from benchmarks.suite.long_sets.packages import Files, Rows

MOST_PAGES = 90
"""Of a section; some more are rendered, because some will be too short."""

_SPARE_PAGES = 10
_LEAST_BYTES = 2_000
_REFERENCE = b".so"
_RENDER = [
    *("groff", "-K", "utf8", "-t", "-Tascii", "-P-cbou", "-mandoc"),
    *("-rcR=1", "-rHY=0"),  # one long page, and no hyphens
]


def manual_pages(files: Files) -> Rows:
    """Give drawn pages of each section, rendered."""
    pages = defaultdict[str, list[bytes]](list)
    for path, data in files:
        found = re.search(r"^\./usr/share/man/man(\d)/[^/]*\.\d[^/]*\.gz$", path)
        source = gzip.decompress(data) if found else b""
        if found and len(source) > _LEAST_BYTES and not source.startswith(_REFERENCE):
            pages[found[1]].append(source)
    for section, sources in sorted(pages.items()):
        random.Random(section).shuffle(sources)
        for source in sources[: MOST_PAGES + _SPARE_PAGES]:
            yield MANUAL_SECTIONS[section], _rendered(source)


def _rendered(source: bytes) -> str:
    # groff warns of pages that it renders all the same, and fails for some of them.
    done = subprocess.run(_RENDER, input=source, capture_output=True, check=False)
    return without_section(done.stdout.decode("ascii", errors="replace"))


def without_section(page: str) -> str:
    r"""Strip header, footer and what else tells a page's section, and its layout.

    Examples
    --------
    >>> without_section("LS(1)    User Commands\n\nls  lists.  See stat(2).\n\nLS(1)\n")
    'ls lists. See stat.'
    """
    text = "\n".join(page.strip().split("\n")[1:-1])
    text = re.sub(r"\((?:[1-9]\w{0,3}|n|l)\)", "", text)
    text = re.sub(r"(?i)\bsection [1-9]\b", "section", text)
    text = re.sub(r"(?<=\S) {2,}", " ", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")
