"""From a label on the page to every decision shown, in a browser.

Run: python -m benchmarks.serving.page [--documents 2000 20000] [--labels 5]
     [--data FOLDER]
     [--made-up]

The documents are paragraphs of the BBC's articles, each under its article's class. Two
of each class are labelled, the pile is opened in Chromium, and documents are labelled
by keys. Measured is the time from the key to the list that shows the new decisions: the
entry is written, everything is decided anew from stored vectors, counts and list come
back and are drawn. Reading the texts once, before, is told beside it. With --made-up,
documents and vectors are those of ``benchmarks.serving.project``: nothing is read,
which takes most of the time, and no data set is needed.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, Response, expect, sync_playwright

from benchmarks.data.corpora import DEFAULT_FOLDER, read_corpus
from benchmarks.output.tables import print_header, print_row
from benchmarks.serving.project import N_TOPICS, WideEncoder, keep_features
from benchmarks.serving.project import documents as made_up_documents
from benchmarks.serving.report import FLAGS, chromium_path
from benchmarks.serving.thread import served
from longshot import DocumentEmbedder, Recipe
from longshot.project import NamedLabel, Project
from longshot.records import Document

LEAST_CHARACTERS = 80  # of a paragraph: shorter ones are captions
N_FIRST = 2  # labelled documents of each class, to begin with
PATIENCE_MS = 600_000


def main() -> None:
    """Make the projects and measure each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, nargs="+", default=[2_000, 20_000])
    parser.add_argument("--labels", type=int, default=5)
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--made-up", action="store_true")
    options = parser.parse_args()
    paragraphs = [] if options.made_up else _paragraphs(options.data)
    print_header("documents", "read once, s", "label to list, s (median)", "slowest, s")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=FLAGS
        )
        for n in options.documents:
            with tempfile.TemporaryDirectory() as folder:
                place = Path(folder) / "paragraphs"
                if options.made_up:
                    n_there, read_s, encoder = n, 0.0, WideEncoder()
                    _make_up(place, n, encoder)
                else:
                    n_there, encoder = min(n, len(paragraphs)), None
                    read_s = _make(place, paragraphs[:n])
                with served(place, Path(folder) / "state", encoder) as address:
                    took = _label(browser, address, options.labels)
            print_row(
                f"{n_there:,}",
                f"{read_s:.0f}",
                f"{statistics.median(took):.2f}",
                f"{max(took):.2f}",
            )
        browser.close()


def _paragraphs(data: Path) -> list[tuple[Document, str]]:
    """Give paragraphs with their classes, the first of each article before the rest."""
    corpus = read_corpus("bbc", data)
    found = []
    for number, (text, label) in enumerate(
        zip(corpus.texts, corpus.labels, strict=True)
    ):
        lines = [line for line in text.split("\n") if len(line) >= LEAST_CHARACTERS]
        found += [
            (place, Document(id=f"{number:04d}-{place:02d}", text=line), str(label))
            for place, line in enumerate(lines)
        ]
    found.sort(key=lambda one: (one[0], one[1].id))
    return [(document, label) for _, document, label in found]


def _make(place: Path, paragraphs: list[tuple[Document, str]]) -> float:
    """Make a project, read all of it, and tell how long that took."""
    names = sorted({label for _, label in paragraphs})
    with Project.create(place, precision="auto") as project:
        project.add(document for document, _ in paragraphs)
        project.set_labels([NamedLabel(name=name) for name in names])
        for name in names:
            ids = [document.id for document, label in paragraphs if label == name]
            project.label(ids[:N_FIRST], name)
        began = time.perf_counter()
        project.encode()
        read_s = time.perf_counter() - began
        project.classify()
    return read_s


def _make_up(place: Path, n: int, encoder: WideEncoder) -> None:
    """Make a project of documents whose vectors are made up."""
    embedder = DocumentEmbedder(Recipe(), encoder=encoder)
    given = list(made_up_documents(n))
    with Project.create(place, embedder=embedder) as project:
        project.add(given)
        keep_features(project, given)
        for number, one in enumerate(given[: N_FIRST * N_TOPICS]):
            project.label([one.id], f"topic-{number % N_TOPICS}")
        project.classify()


def _label(browser: Browser, address: str, n: int) -> list[float]:
    """Label documents of the list, and give the seconds until it was drawn anew."""
    page = browser.new_page(locale="en-GB")
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}#pile")
    page.locator("#rows tr").first.wait_for()
    took = []
    for _ in range(n + 1):
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.locator(".panel")).to_be_visible()
        expect(page.locator("#text")).not_to_be_empty(timeout=PATIENCE_MS)
        began = time.perf_counter()
        with page.expect_response(_is_list):
            page.keyboard.press("1")
        page.evaluate("() => new Promise(requestAnimationFrame)")
        took.append(time.perf_counter() - began)
        _close(page)
    page.close()
    return took[1:]  # the first one also loads what stays in memory


def _is_list(response: Response) -> bool:
    return "/documents?" in response.url


def _close(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden(timeout=PATIENCE_MS)


if __name__ == "__main__":
    main()
