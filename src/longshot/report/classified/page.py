"""A classified pile as an HTML page that stands alone.

What can be told without a script is in the page's HTML: the summary, the labels with
their counts, what was set aside, the settings. The list, the map and the documents are
drawn by the scripts under ``page/``, by text nodes only.
"""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from string import Template

from longshot.records import NewClass, SetAside
from longshot.report.classified.data import page_data
from longshot.report.classified.pile import ClassifiedDocument, ClassifiedPile
from longshot.report.files import whole_file
from longshot.report.pages import page_file, stand_alone_page

NONE_OF_THESE = "none of these"

_STYLES = ("base.css", "classified.css", "document.css", "print.css")
_SCRIPTS = (
    "elements.js",
    "texts.js",
    "filters.js",
    "list.js",
    "map.js",
    "marks.js",
    "document.js",
    "classified.js",
)
_N_COLOURS = 8
_N_BINS = 10
_TYPICAL_DOCUMENTS = 5
_OUTCOME = """<label><span>Outcome</span>
<select id="outcome">
<option value="all">all</option>
<option value="right">right</option>
<option value="wrong">wrong</option>
<option value="unknown">truth not known</option>
</select></label>"""


def write_classified(path: Path, pile: ClassifiedPile) -> None:
    """Write the page of a classified pile.

    Raises
    ------
    OutputError
        If it cannot be written; then nothing is left of it.
    """
    text = classified_page(pile)
    with whole_file(path) as file:
        file.write(text.encode())


def classified_page(pile: ClassifiedPile) -> str:
    """Give the page of a classified pile; the same pile gives the same page."""
    data = page_data(pile)
    is_judged = any(one.truth is not None for one in pile.documents)
    body = Template(page_file("classified.html")).substitute(
        title=escape(pile.title),
        lede=escape(_lede(pile)),
        figures="\n".join(_figures(pile)),
        labels="\n".join(_labels(pile)),
        histogram=_histogram([one.confidence for one in pile.documents]),
        map_caption=escape(_map_caption(pile)),
        notes="\n".join(_notes(pile, data.n_shortened)),
        outcome=_OUTCOME if is_judged else "",
        settings=_settings(pile.settings),
    )
    return stand_alone_page(
        title=pile.title,
        body=body,
        styles=_STYLES,
        scripts=_SCRIPTS,
        data=data.content,
    )


def _lede(pile: ClassifiedPile) -> str:
    return (
        f"{_counted(len(pile.documents), 'document')} under "
        f"{_counted(len(pile.labels), 'label')}, each with how sure the decision is "
        "and the passages that it rests on."
    )


def _figures(pile: ClassifiedPile) -> Iterator[str]:
    """Give the numbers that sum the pile up."""
    documents = pile.documents
    yield _figure("documents", f"{len(documents):,}")
    if documents:
        middle = statistics.median(one.confidence for one in documents)
        yield _figure("sure, at the middle", _percent(middle))
        yield _figure("of all tokens read", _share_read(documents))
    sizes = [len(one.label_set) for one in documents if one.label_set is not None]
    if sizes:
        yield _figure("labels in a set, on the mean", f"{statistics.mean(sizes):.2f}")
    judged = [right for one in documents if (right := pile.is_right(one)) is not None]
    if judged:
        told = f"right, of {len(judged):,} whose label is known"
        yield _figure(told, _percent(sum(judged) / len(judged)))
    if pile.set_aside:
        yield _figure("set aside", f"{len(pile.set_aside):,}")


def _figure(name: str, value: str) -> str:
    return f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"


def _share_read(documents: Sequence[ClassifiedDocument]) -> str:
    n_tokens = sum(one.n_tokens for one in documents)
    n_read = sum(one.n_tokens * one.coverage for one in documents)
    share = n_read / n_tokens if n_tokens else 1.0
    return _percent(share)


def _labels(pile: ClassifiedPile) -> Iterator[str]:
    """Give one button for each label, with its documents and how sure they are."""
    confidences = defaultdict(list)
    for one in pile.documents:
        confidences[one.label].append(one.confidence)
    most = max(map(len, confidences.values()), default=1)
    labels: list[str | None] = list(pile.labels)
    for number, label in enumerate(labels):
        yield _label(number, label, confidences[label], most)
    if None in confidences:
        yield _label(-1, None, confidences[None], most)


def _label(
    number: int, label: str | None, confidences: Sequence[float], most: int
) -> str:
    sure = f"{_percent(statistics.median(confidences))} sure" if confidences else ""
    length = 100 * len(confidences) / most
    return (
        f'<li><button type="button" class="label" data-label="{number}" '
        f'aria-pressed="false"><span class="{_swatch(number)}" aria-hidden="true">'
        f'</span> <span class="name">{escape(label or NONE_OF_THESE)}</span> '
        f'<span class="number">{len(confidences):,}'
        '<span class="unseen"> documents,</span></span> '
        f'<span class="sure">{sure}</span>'
        f'<svg class="rule" aria-hidden="true"><rect class="{_colour(number)}" '
        f'width="{length:.1f}%" height="100%"/></svg></button></li>'
    )


def _swatch(number: int) -> str:
    square = " square" if number // _N_COLOURS % 2 and number >= 0 else ""
    return f"swatch {_colour(number)}{square}"


def _colour(number: int) -> str:
    """Name the colour of a label; after the last one they begin again."""
    return "c-none" if number < 0 else f"c{number % _N_COLOURS}"


def _histogram(confidences: Sequence[float]) -> str:
    """Draw how many documents fall into each tenth of confidence."""
    counts = Counter(min(int(_N_BINS * one), _N_BINS - 1) for one in confidences)
    most = max(counts.values(), default=1)
    told = ", ".join(
        f"{10 * i} to {10 * i + 10} %: {counts[i]:,}" for i in range(_N_BINS)
    )
    bars = "".join(
        f'<rect x="{10 * i + 0.4}" width="9.2" y="{30 - height:.2f}" '
        f'height="{height:.2f}"/>'
        for i in range(_N_BINS)
        if (height := 29.0 * counts[i] / most)
    )
    return (
        f'<svg class="histogram" viewBox="0 0 100 31" preserveAspectRatio="none" '
        f'role="img" aria-label="Documents by confidence: {told}">{bars}'
        '<path d="M0 30.5h100"/></svg><p class="axis" aria-hidden="true">'
        "<span>0 %</span><span>50 %</span><span>100 %</span></p>"
    )


def _map_caption(pile: ClassifiedPile) -> str:
    how = {
        "PCA": "the two directions in which the documents differ most (PCA)",
        "UMAP": "documents that are alike lie close together (UMAP)",
    }.get(pile.map_method, pile.map_method)
    return (
        f"One point for each document: {how}. Choose a point to open its document; the "
        "list below holds them all."
    )


def _notes(pile: ClassifiedPile, n_shortened: int) -> Iterator[str]:
    """Give what a person must know before trusting the page."""
    n_partly = sum(one.coverage < 1.0 for one in pile.documents)
    if n_partly:
        n_documents = _counted(n_partly, "document")
        yield _note(f"{n_documents} could not be read as a whole.")
    if n_shortened:
        yield _note(
            f"{_counted(n_shortened, 'long text')} would make this file too large: "
            "of each, it holds the beginning and the passages with what is around them."
        )
    if pile.new_classes:
        yield _offers(pile.new_classes)
    if pile.set_aside:
        yield _set_aside(pile.set_aside)


def _note(text: str) -> str:
    return f'<p class="note">{escape(text)}</p>'


def _offers(ones: Sequence[NewClass]) -> str:
    rows = (
        f"<li><b>{escape(', '.join(one.words) or 'no words in common')}</b> "
        f"{_counted(len(one.document_ids), 'document')} that fit no label; most "
        f"typical: {escape(', '.join(one.document_ids[:_TYPICAL_DOCUMENTS]))}</li>"
        for one in ones
    )
    title = f"Offered as new: {_counted(len(ones), 'group')} of documents"
    return _folded(title, "ul", rows)


def _set_aside(ones: Sequence[SetAside]) -> str:
    rows = (
        f"<li><b>{escape(one.source or one.id)}</b> {escape(one.reason)}</li>"
        for one in ones
    )
    return _folded(f"Set aside: {_counted(len(ones), 'document')}", "ul", rows)


def _settings(settings: Sequence[tuple[str, str]]) -> str:
    if not settings:
        return ""
    pairs = (f"<dt>{escape(name)}</dt><dd>{escape(v)}</dd>" for name, v in settings)
    return _folded("How this was made", "dl", pairs)


def _folded(title: str, element: str, rows: Iterable[str]) -> str:
    return (
        f"<details><summary>{escape(title)}</summary>"
        f"<{element}>{''.join(rows)}</{element}></details>"
    )


def _percent(share: float) -> str:
    """Write a share; only what is whole is told as 100 %."""
    rounded = round(100 * share)
    return f"{99 if rounded == 100 and share < 1 else rounded}\u00a0%"


def _counted(n: int, what: str) -> str:
    return f"{n:,} {what}" if n == 1 else f"{n:,} {what}s"
