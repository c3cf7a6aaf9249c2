"""The page of a large classified pile: its size, and how soon a browser shows it.

Run: python -m benchmarks.serving.report [--documents 5000] [--articles 1 10]
     [--data FOLDER]

The documents are put together from the BBC's articles: each joins one article, or
several, drawn at random under one label. Decisions, confidences, passages and vectors
are drawn at random: what is measured is the page. It is opened from its file in
Chromium, headless, in a fresh profile; the median of the runs is told.
"""

import argparse
import shutil
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from benchmarks.data.corpora import DEFAULT_FOLDER, Corpus, read_corpus
from benchmarks.output.tables import print_header, print_row
from longshot.records import Document, Evidence, Match, Passage, Prediction, Window
from longshot.report.classified import ClassifiedPile, classified_page, classified_pile
from longshot.report.classified.map import positions
from longshot.report.pages import write_page

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WORD = "government"
PASSAGE_CHARACTERS = 2_000
DIM = 384
PATIENCE_MS = 120_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """How one opening of the page went; all times in milliseconds from its start."""

    first_paint: float
    listed: float
    searched: float
    n_found: int
    errors: tuple[str, ...]


def main() -> None:
    """Make the pages and measure each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=5_000)
    parser.add_argument("--articles", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    options = parser.parse_args()
    corpus = read_corpus("bbc", options.data)
    chromium = chromium_path()
    print_header(
        "documents",
        "text",
        "page",
        "first paint",
        "list shown",
        "word searched for",
        "script errors",
    )
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for n_articles in options.articles:
            path = Path(folder) / f"{n_articles}.html"
            pile = _pile(corpus, options.documents, n_articles)
            write_page(path, classified_page(pile))
            openings = [_open(browser, path) for _ in range(options.runs)]
            print_row(*_cells(pile, path, openings))
        browser.close()


def chromium_path() -> str:
    """Find the browser that is on the machine."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("chromium is not installed: the page cannot be opened")
    return chromium


def _pile(corpus: Corpus, n_documents: int, n_articles: int) -> ClassifiedPile:
    random = np.random.default_rng(0)
    names = np.array(corpus.labels)
    labels = sorted(set(corpus.labels))
    articles = {name: np.flatnonzero(names == name) for name in labels}
    centres = {name: random.normal(size=DIM) for name in labels}
    texts, predictions, vectors = {}, [], []
    for number in range(n_documents):
        name = str(random.choice(labels))
        chosen = random.choice(articles[name], size=n_articles)
        text = "\n\n".join(corpus.texts[int(i)] for i in chosen)
        texts[f"bbc/{name}/{number:05}.txt"] = text
        predictions.append(_prediction(list(texts)[-1], text, name, labels, random))
        vectors.append(centres[name] + random.normal(size=DIM))
    return classified_pile(
        predictions,
        [Document(id=one, text=text) for one, text in texts.items()],
        title=f"{n_documents:,} documents",
        labels=labels,
        truth={one.document_id: one.document_id.split("/")[1] for one in predictions},
        positions=positions(np.array(vectors), "PCA"),
    )


def _prediction(
    document_id: str,
    text: str,
    label: str,
    labels: Sequence[str],
    random: np.random.Generator,
) -> Prediction:
    sure = random.dirichlet([6.0] + [0.5] * (len(labels) - 1))
    others = [other for other in labels if other != label]
    window = _window(text, random)
    share = float(random.uniform(0.05, 0.5))
    passages = [
        Passage(
            start=window.start + place,
            end=min(window.start + place + PASSAGE_CHARACTERS // 4, len(text)),
            text=text[window.start :][place : place + PASSAGE_CHARACTERS // 4],
            contribution=share,
        )
        for place in range(0, window.end - window.start, PASSAGE_CHARACTERS // 3)
    ]
    evidence = Evidence(
        label=label,
        passage=passages[0],
        window=window,
        text=text[window.start : window.end],
        contribution=share,
        score=share,
        contributions=(share,),
        supporting=tuple(passages),
        match=Match(
            example_id=f"{label}/{random.integers(8)}.txt",
            window=_window(text, random),
            text=f"An example of {label}. " * 60,
            similarity=float(random.uniform(0.5, 1)),
        ),
    )
    return Prediction(
        document_id=document_id,
        label=label,
        confidence=float(sure[0]),
        alternatives=tuple(
            zip(others, map(float, sorted(sure[1:])[::-1]), strict=True)
        ),
        evidence=evidence,
        n_tokens=len(text) // 4,
        n_windows=1 + len(text) // PASSAGE_CHARACTERS,
        coverage=1.0,
    )


def _window(text: str, random: np.random.Generator) -> Window:
    start = int(random.integers(max(len(text) - PASSAGE_CHARACTERS, 1)))
    end = min(start + PASSAGE_CHARACTERS, len(text))
    return Window(index=0, start=start, end=end, n_tokens=510, n_new_tokens=510)


def _open(browser: Browser, path: Path) -> Opening:
    """Open the page as a double click does, and search for a word in all texts."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda line: errors.append(line.text) if line.type == "error" else None,
    )
    page.goto(path.as_uri())
    page.wait_for_selector("#rows tr")
    listed = page.evaluate("performance.now()")
    paint = page.evaluate(
        "performance.getEntriesByType('paint')"
        ".find(one => one.name === 'first-contentful-paint').startTime"
    )
    started = page.evaluate("performance.now()")
    page.fill("#query", WORD)
    page.locator("#count", has_text=" of ").wait_for()
    searched = page.evaluate("performance.now()") - started
    n_found = int(page.inner_text("#count").split(" ")[0].replace(",", ""))
    page.close()
    return Opening(
        first_paint=paint,
        listed=listed,
        searched=searched,
        n_found=n_found,
        errors=tuple(errors),
    )


def _cells(
    pile: ClassifiedPile, path: Path, openings: Sequence[Opening]
) -> Sequence[object]:
    characters = sum(len(one.text) for one in pile.documents)
    n_errors = sum(len(one.errors) for one in openings)
    paint, listed, searched = (
        statistics.median(getattr(one, name) for one in openings) / 1000
        for name in ("first_paint", "listed", "searched")
    )
    return (
        f"{len(pile.documents):,}",
        f"{characters / 1e6:.1f} MB",
        f"{path.stat().st_size / 1e6:.1f} MB",
        f"{paint:.2f} s",
        f"{listed:.2f} s",
        f"{searched:.2f} s ({openings[0].n_found:,} found)",
        n_errors,
    )


if __name__ == "__main__":
    main()
