"""From the start of a process to the first label: the first time ever, and later.

Run: python -m benchmarks.speed.start [--rounds 7] [--examples FOLDER_OR_FILE]

`longshot classify` labels a text of 300 words, another one each time, so that it is
encoded; the model and, after the first time, what it read of names and examples are
there. Seconds on the clock and of the processor, medians; and what a document costs
that is kept already.

The package is compiled before, as pip does when it installs it: in a checkout whose
modules Python may not keep compiled (PYTHONDONTWRITEBYTECODE), each start would compile
all of them again, which takes a fifth of a second.
"""

import argparse
import compileall
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import longshot
from benchmarks.output.tables import print_header, print_row
from longshot import DocumentEmbedder
from longshot.encoding.cache import VectorCache
from longshot.machine.locations import CACHE_VARIABLE, example_folder

_N_WORDS = 300
_N_KEPT = 1_000


def main() -> None:
    """Print a row for each kind of start."""
    options = _options()
    compileall.compile_dir(Path(longshot.__file__).parent, quiet=1)
    examples = options.examples or [_example("labels.yaml"), _example("labelled")]
    print_header("process start to label", "seconds", "of the processor")
    with tempfile.TemporaryDirectory() as folder:
        for given in examples:
            first, later = [], []
            for number in range(options.rounds):
                cache = Path(folder) / f"{Path(given).name}-{number}"
                first.append(_label(given, cache, f"{number} first"))
                later.append(_label(given, cache, f"{number} later"))
            for name, runs in (("first ever", first), ("later", later)):
                clock, processor = map(statistics.median, zip(*runs, strict=True))
                told = f"{clock:.2f}", f"{processor:.2f}"
                print_row(f"{Path(given).name}, {name}", *told)
        kept_ms = _kept_document_ms(Path(folder) / "vectors.sqlite")
    print(f"\nA document of {_N_WORDS} words that is kept: {kept_ms:.2f} ms")


def _label(examples: str, cache: Path, seed: str) -> tuple[float, float]:
    document = cache.with_suffix(".txt")
    document.write_text(_text(seed), encoding="utf-8")
    command = [sys.executable, "-m", "longshot", "classify", examples, str(document)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run(
        command,
        env=os.environ | {CACHE_VARIABLE: str(cache)},
        check=True,
        capture_output=True,
    )
    taken = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return taken, used


def _kept_document_ms(path: Path) -> float:
    texts = [_text(str(number)) for number in range(_N_KEPT)]
    embedder = DocumentEmbedder(cache=VectorCache(path))
    list(embedder.vectors(texts))
    started = time.process_time()
    list(embedder.vectors(texts))
    return 1000 * (time.process_time() - started) / _N_KEPT


def _text(seed: str) -> str:
    """Give words of the bundled papers, in an order of their own."""
    papers = sorted(Path(_example("pile")).iterdir())
    words = papers[0].read_text(encoding="utf-8").split()
    return " ".join(random.Random(seed).choices(words, k=_N_WORDS))


def _example(name: str) -> str:
    folder = example_folder()
    if folder is None:
        sys.exit("the bundled example must be at hand; it is not. Install longshot.")
    return str(folder / name)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--examples", nargs="*", help="folders, tables or names")
    return parser.parse_args()


if __name__ == "__main__":
    main()
