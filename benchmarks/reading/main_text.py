"""How much of a page's main text is kept, and how much else, beside trafilatura.

Run: python -m benchmarks.reading.main_text PAGES TEXTS
     python -m benchmarks.reading.main_text --sphinx FOLDER --most 60

PAGES and TEXTS are folders with ``NAME.html`` and what is known of its text,
``NAME.txt``, such as the news pages in the tests of newspaper4k's source package. A
manual made by Sphinx holds its sources beside its pages (``_sources``), such as
Debian's python3.11-doc. Words are counted, whatever their order; trafilatura is
measured where it is installed.
"""

import argparse
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.output.tables import print_header, print_row
from longshot.reading.formats.markup.html import main_text

_WORD = re.compile(r"\w+")
_MARKUP = (
    # directives with nothing to read, then roles and links of reStructuredText
    (
        r"(?m)^\.\. (?:index|highlight|_|module\w*|sectionauthor)[^\n]*(?:\n +[^\n]+)*",
        "",
    ),
    (r":[a-z:+-]+:`[!~]*([^`<]*)[^`]*`", r"\1"),
    (r"\.\. [a-z:+-]+::", ""),
    (r"`([^`<]*)<[^>]*>`_+", r"\1"),
)
_SHORTEST = 400
_MADE = ("toctree", "automodule")
"""Pages whose text does not stand in their source."""


def main() -> None:
    """Print a row for each way."""
    options = _options()
    pages = [*_pairs(options.folders), *_sphinx(options.sphinx, options.most)]
    print_header("way", "recall, least", "precision", "F", "ms a page")
    for name, read in _ways().items():
        started = time.process_time()
        found = [_recall_and_precision(text, read(html)) for html, text in pages]
        taken = (time.process_time() - started) / len(pages)
        recalls, precisions = zip(*found, strict=True)
        both = mean(2 * r * p / (r + p) if r + p else 0.0 for r, p in found)
        print_row(
            *(name, f"{mean(recalls):.3f}, {min(recalls):.2f}"),
            *(f"{mean(precisions):.3f}", f"{both:.3f}", f"{1000 * taken:.1f}"),
        )


def _ways() -> dict[str, Callable[[str], str]]:
    ways: dict[str, Callable[[str], str]] = {
        "longshot": lambda html: main_text(html).text
    }
    if find_spec("trafilatura"):
        ways["trafilatura"] = _by_trafilatura
    return ways


def _by_trafilatura(html: str) -> str:
    import trafilatura

    found: Any = trafilatura.bare_extraction(
        html, favor_recall=True, include_comments=False
    )
    return (found.text or "") if found else ""


def _recall_and_precision(expected: str, found: str) -> tuple[float, float]:
    wanted, got = (Counter(_WORD.findall(text.lower())) for text in (expected, found))
    n_common = (wanted & got).total()
    return n_common / max(wanted.total(), 1), n_common / max(got.total(), 1)


def _pairs(folders: list[Path]) -> Iterator[tuple[str, str]]:
    if len(folders) != 2:
        return
    for text in sorted(folders[1].glob("*.txt")):
        page = folders[0] / f"{text.stem}.html"
        if page.is_file():
            yield _read(page), _read(text)


def _sphinx(folder: Path | None, most: int) -> Iterator[tuple[str, str]]:
    if folder is None:
        return
    sources = sorted(folder.rglob("*.rst.txt"))
    random.Random(0).shuffle(sources)
    n_given = 0
    for source in sources:
        page = Path(str(source).replace("/_sources/", "/").removesuffix(".rst.txt"))
        text = _read(source)
        is_made = any(name in text for name in _MADE)
        if n_given == most or len(text) < _SHORTEST or is_made:
            continue
        if page.with_name(f"{page.name}.html").is_file():
            n_given += 1
            for pattern, kept in _MARKUP:
                text = re.sub(pattern, kept, text)
            yield _read(page.with_name(f"{page.name}.html")), text


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", type=Path, metavar="PAGES TEXTS")
    parser.add_argument("--sphinx", type=Path)
    parser.add_argument("--most", type=int, default=100, help="pages of a manual")
    return parser.parse_args()


if __name__ == "__main__":
    main()
