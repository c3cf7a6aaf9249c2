"""What the layout of PDF files is worth to the classifier, beside the plain text.

    python -m benchmarks.reading.layout make --data FOLDER --work FOLDER
    python -m benchmarks.reading.layout headings --data FOLDER --work FOLDER \
        --kept FOLDER --mpnet FOLDER
    python -m benchmarks.reading.layout furniture --data FOLDER --work FOLDER

``make`` writes the beginnings of the contracts of CUAD as PDF, with LibreOffice: titles
and headings in larger letters, a running head with title and number of the page, and at
the foot of each page what stood there in the filing. What is a heading there is known,
since it was set as one: better than any reading of a strange file could know it.
``headings`` and ``furniture`` compare, on the same draws of examples, what the
classifier makes of headings as they are set in place of those that are guessed, and of
pages without the lines that stand at the same place of most of them.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pypdfium2
import pypdfium2.raw
from scipy import sparse

from benchmarks.data.corpora import Corpus, read_corpus
from benchmarks.data.features import ReadCorpus, measurable, read_features
from benchmarks.data.splits import draw
from benchmarks.formats.corpus import convert
from benchmarks.suite.places import Places
from benchmarks.suite.sets import MODELS, SETS, drawn_rows
from longshot import DocumentEmbedder, LongshotClassifier, Recipe
from longshot.classify import DocumentFeatures
from longshot.classify.features import lexical
from longshot.classify.features.lexical import counted, pieces, words_and_pairs
from longshot.reading.titles import SizedLine, beginning_with, title_of

_CHARACTERS = 12_000
"""Of a contract: about five windows, as in the suite."""

_READ_CHARACTERS = 3_000
"""Of every second one of these, where vectors are needed."""

_FILES_AT_ONCE = 60
_PAGE_NUMBER = re.compile(
    r"(?i)(?:page\s*)?[-–—\s]*(?:[ivxl]+|\d{1,3}|[a-z]-\d+)[-–—\s]*"
)
_TITLE = re.compile(r"(?i)\b(?:agreement|contract|addendum|amendment|lease|plan)\b")
_NUMBERED = re.compile(
    r"(?i)(?:article|section|schedule|exhibit|appendix|recitals)\b.{0,80}"
    r"|\d+(?:\.\d+)*\.?\s+[A-Z][^.;:]{2,80}\.?"
)
_MOST_HEADING_WORDS = 12
_MOST_TITLE_WORDS = 15
_TITLE_WITHIN_LINES = 15
_LEAST_REPEATED = 3


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract in its parts.

    Attributes
    ----------
    title
        Its title; empty where no line looks like one.
    lines
        Kind (``title``, ``heading``, ``text``) and text of each line.
    foot
        What stands at the foot of its pages.
    """

    title: str
    lines: tuple[tuple[str, str], ...]
    foot: str

    @property
    def text(self) -> str:
        """All of it but the furniture."""
        return "\n\n".join(line for _, line in self.lines)


def contract_of(text: str) -> Contract:
    """Take a contract apart: furniture, title, headings, the rest."""
    lines = [" ".join(line.split()) for line in re.split(r"\n| {3,}", text)]
    lines = [line for line in lines if line]
    counts = Counter(_form(line) for line in lines)
    repeated = {
        form
        for form, n in counts.items()
        if n >= _LEAST_REPEATED and len(form) < 120 and _looks_like_furniture(form)
    }
    foot = max(repeated, key=lambda form: counts[form], default="")
    kept = [line for line in lines if _form(line) not in repeated]
    kept = [line for line in kept if not _PAGE_NUMBER.fullmatch(line)]
    foots = [line for line in lines if _form(line) == foot]
    title, kinds = "", []
    for number, line in enumerate(kept):
        words = line.split()
        if (
            not title
            and number < _TITLE_WITHIN_LINES
            and len(words) <= _MOST_TITLE_WORDS
            and _TITLE.search(line)
        ):
            title = line
            kinds.append("title")
        elif len(words) <= _MOST_HEADING_WORDS and (
            line.isupper() or _NUMBERED.fullmatch(line)
        ):
            kinds.append("heading")
        else:
            kinds.append("text")
    pairs = tuple(zip(kinds, kept, strict=True))
    return Contract(title, pairs, foots[0] if foots else "")


def _form(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _looks_like_furniture(form: str) -> bool:
    return form.startswith("Source:") or bool(
        re.search(r"(?i)confidential|exhibit|page|execution|#", form)
    )


_PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">
<office:styles>
<style:style style:name="Body" style:family="paragraph">
<style:paragraph-properties fo:margin-bottom="6pt"/>
<style:text-properties fo:font-size="10pt"/></style:style>
<style:style style:name="Head" style:family="paragraph">
<style:paragraph-properties fo:margin-top="8pt" fo:margin-bottom="6pt"/>
<style:text-properties fo:font-size="13pt" fo:font-weight="bold"/></style:style>
<style:style style:name="Top" style:family="paragraph">
<style:paragraph-properties fo:text-align="center" fo:margin-bottom="12pt"/>
<style:text-properties fo:font-size="18pt" fo:font-weight="bold"/></style:style>
<style:style style:name="Small" style:family="paragraph">
<style:text-properties fo:font-size="8pt"/></style:style>
</office:styles>
<office:automatic-styles><style:page-layout style:name="P">
<style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm"
 fo:margin="2cm"/>
<style:header-style><style:header-footer-properties fo:min-height="1cm"/>
</style:header-style>
<style:footer-style><style:header-footer-properties fo:min-height="1cm"/>
</style:footer-style>
</style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard"
 style:page-layout-name="P">
<style:header><text:p text:style-name="Small">{title} – page <text:page-number
 text:select-page="current">1</text:page-number></text:p></style:header>
<style:footer><text:p text:style-name="Small">{foot}</text:p></style:footer>
</style:master-page></office:master-styles>
<office:body><office:text>{body}</office:text></office:body></office:document>
"""
_STYLES = {"title": "Top", "heading": "Head", "text": "Body"}


def page_of(contract: Contract) -> str:
    """Write a contract as a flat OpenDocument text."""
    body = "".join(
        f'<text:p text:style-name="{_STYLES[kind]}">{_clean(line)}</text:p>\n'
        for kind, line in contract.lines
    )
    return _PAGE.format(
        title=_clean(contract.title), foot=_clean(contract.foot), body=body
    )


def _clean(text: str) -> str:
    return escape("".join(c for c in text if c.isprintable()))


def make(corpus: Corpus, work: Path) -> None:
    """Write all contracts as PDF, those that are there already left out."""
    work.mkdir(parents=True, exist_ok=True)
    pages = []
    for number, text in enumerate(corpus.texts):
        if not (work / f"{number}.pdf").is_file():
            path = work / f"{number}.fodt"
            path.write_text(page_of(contract_of(text[:_CHARACTERS])), encoding="utf-8")
            pages.append(path)
    for start in range(0, len(pages), _FILES_AT_ONCE):
        convert(pages[start : start + _FILES_AT_ONCE], "pdf", work)
        print(f"{min(start + _FILES_AT_ONCE, len(pages))} of {len(pages)}", flush=True)


def lines_of(path: Path) -> list[list[SizedLine]]:
    """Read the lines of each page of a PDF, with what tells how they are set."""
    with pypdfium2.PdfDocument(path) as document:
        return [list(_lines_of_page(page)) for page in document]


def _lines_of_page(page: pypdfium2.PdfPage) -> Iterator[SizedLine]:
    text_page = page.get_textpage()
    text = text_page.get_text_range()
    start = 0
    for line in text.split("\n"):
        if line.strip():
            middle = start + len(line) // 2
            size = pypdfium2.raw.FPDFText_GetFontSize(text_page, middle)
            yield SizedLine(line.strip(), round(size, 1))
        start += len(line) + 1


_AT_EDGE = 2
"""Lines at the top and at the foot of a page among which furniture is looked for."""

_SHARE_OF_PAGES = 0.5


def furniture(pages: Sequence[Sequence[SizedLine]]) -> set[str]:
    """Find the forms of lines that stand at the edge of most pages."""
    counts: Counter[str] = Counter()
    for lines in pages:
        edge = [*lines[:_AT_EDGE], *lines[-_AT_EDGE:]]
        counts.update({_form(line.text) for line in edge})
    least = max(2, _SHARE_OF_PAGES * len(pages))
    return {form for form, n in counts.items() if n >= least}


def usual_size(pages: Sequence[Sequence[SizedLine]]) -> float:
    """Give the size of most letters."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for one in page:
            sizes[one.size] += len(one.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def headings(pages: Sequence[Sequence[SizedLine]], forms: set[str]) -> list[str]:
    """Find the lines in larger letters than most of the text is."""
    least = 1.1 * usual_size(pages)
    lines = [one for page in pages for one in page]
    return [
        one.text for one in lines if one.size > least and _form(one.text) not in forms
    ]


def measure_headings(
    corpus: Corpus, places: Places, options: argparse.Namespace
) -> None:
    """Print what headings as they are set are worth, beside those that are guessed.

    The contracts' vectors are those of the suite: only the view of titles differs.
    """
    suite = next(one for one in SETS if one.name == "cuad")
    rows = {text: row for row, text in enumerate(corpus.texts)}
    for model in options.models:
        found = places.read(suite, model)
        assert found is not None
        which = MODELS.index(model)
        path = next(one / "cuad.jsonl.gz" for one in places.data)
        drawn = drawn_rows(path, 1_000 * suite.tokens[which], suite.windows[which])
        texts = [row["text"] for row in drawn]
        paged = [lines_of(options.work / f"{rows[text]}.pdf") for text in texts]
        name = model if model == "minilm" else str(places.mpnet)
        read = ReadCorpus(
            corpus=corpus.take([rows[text] for text in texts]),
            labels=found.labels,
            classes=found.classes,
            name_texts=(),
            documents=found.documents,
            names=None,
            embedder=DocumentEmbedder(Recipe(model=name)),
        )
        print(f"{model}: {len(texts)} contracts", flush=True)
        readings = readings_of_headings(read, paged)
        if options.only:
            wanted = [next(iter(readings)), *options.only]
            readings = {name: readings[name] for name in wanted}
        compare(readings, options.splits)


def title(pages: Sequence[Sequence[SizedLine]], forms: set[str]) -> str:
    """Give the title as longshot finds it."""
    kept = [[one for one in page if _form(one.text) not in forms] for page in pages]
    return title_of(kept[:3])


def readings_of_headings(
    read: ReadCorpus, paged: Sequence[Sequence[Sequence[SizedLine]]]
) -> dict[str, ReadCorpus]:
    """Give the same contracts with several views of their titles."""
    forms = [furniture(pages) for pages in paged]
    pairs = list(zip(paged, forms, strict=True))
    bare = [without(pages, out) for pages, out in pairs]
    titles = [title(pages, out) for pages, out in pairs]
    found = [" | ".join(headings(pages, out))[:300] for pages, out in pairs]
    guessed = [lexical.title_of(text) for text in bare]
    readings = {
        "as now": guessed,
        "title as set, then as now": [
            f"{one} | {rest}" for one, rest in zip(titles, guessed, strict=True)
        ],
        "title put first where another line is": [
            lexical.title_of(beginning_with(one, text) if one else text)
            for one, text in zip(titles, bare, strict=True)
        ],
        "headings as set for those guessed": [
            f"{text[:300]} | {some}" for text, some in zip(bare, found, strict=True)
        ],
        "as now, running heads not left out": [
            lexical.title_of(without(pages, set())) for pages in paged
        ],
    }
    return {name: _with_titles(read, titles) for name, titles in readings.items()}


def measure_furniture(corpus: Corpus, work: Path, n_splits: int, model: str) -> None:
    """Print what leaving the furniture out of a document's text is worth."""
    rows = range(0, len(corpus.texts), 2)
    corpus = corpus.take(list(rows))
    paged = [lines_of(work / f"{n}.pdf") for n in rows]
    forms = [furniture(pages) for pages in paged]
    as_read = [without(pages, set()) for pages in paged]
    bare = [without(pages, out) for pages, out in zip(paged, forms, strict=True)]
    shares = [1 - len(b) / len(a) for a, b in zip(as_read, bare, strict=True)]
    print(f"{np.mean(shares):.1%} of the characters are furniture", flush=True)
    pairs = zip(paged, forms, strict=True)
    titles = [title(pages, out) for pages, out in pairs]
    texts = [
        [
            (beginning_with(one, text) if one else text)[:_READ_CHARACTERS]
            for one, text in zip(titles, some, strict=True)
        ]
        for some in (as_read, bare)
    ]
    words = [lexical.title_of(text) for text in texts[1]]
    embedder = DocumentEmbedder(Recipe(model=model))
    # The words of titles are the same in both: it is the vectors that differ.
    readings = {
        name: _with_titles(
            read_features(replace(corpus, texts=tuple(some)), embedder), words
        )
        for name, some in zip(("with furniture", "without"), texts, strict=True)
    }
    compare(readings, n_splits)


def without(pages: Sequence[Sequence[SizedLine]], forms: set[str]) -> str:
    """Give the text of pages without some of their lines."""
    return "\n\n".join(
        "\n".join(line.text for line in lines if _form(line.text) not in forms)
        for lines in pages
    )


def compare(readings: dict[str, ReadCorpus], n_splits: int) -> None:
    """Print the accuracy of each reading, and what it gains over the first."""
    for shots in (1, 8):
        first = None
        for name, read in readings.items():
            found = 100 * np.array(
                [_accuracies(read, shots, seed) for seed in range(n_splits)]
            )
            first = found if first is None else first
            for way, (own, base) in enumerate(zip(found.T, first.T, strict=True)):
                gain = own - base
                error = gain.std(ddof=1) / np.sqrt(len(gain))
                print(
                    f"{shots} examples, {('alone', 'pile')[way]:5}  {name:42} "
                    f"{own.mean():5.1f} ({gain.mean():+.2f} ± {error:.2f})",
                    flush=True,
                )


def _with_titles(read: ReadCorpus, titles: Sequence[str]) -> ReadCorpus:
    words = counted(titles, words_and_pairs)
    both = sparse.hstack([words, 0.5 * counted(titles, pieces)]).tocsr()
    documents: DocumentFeatures = replace(read.documents, title_words=both)
    return replace(read, documents=documents)


def _accuracies(read: ReadCorpus, shots: int, seed: int) -> tuple[float, float]:
    split = draw(read.corpus, shots, seed)
    classifier = read.fit(split.examples, LongshotClassifier(embedder=read.embedder))
    pile = read.documents.take(split.judged)
    truth = read.classes[read.labels[split.judged]]
    alone = classifier.predict_proba_features(pile, pile=False).argmax(axis=1)
    together = classifier.classify_features(pile, pile=True).probabilities.argmax(
        axis=1
    )
    return (
        float((classifier.classes_[alone] == truth).mean()),
        float((classifier.classes_[together] == truth).mean()),
    )


def main() -> None:
    """Make the files, or measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=["make", "headings", "furniture"])
    Places.add_options(parser)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--splits", type=int, default=10)
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS))
    parser.add_argument("--only", nargs="+", help="of the readings, besides the first")
    options = parser.parse_args()
    places = Places.of(options)
    corpus = measurable(read_corpus("cuad", places.data[0]))
    if options.command == "make":
        make(corpus, options.work)
    elif options.command == "headings":
        measure_headings(corpus, places, options)
    else:
        measure_furniture(corpus, options.work, options.splits, "minilm")


if __name__ == "__main__":
    main()
