"""A classified pile as an HTML page that stands alone.

What can be told without a script is in the page's HTML: the summary, the labels with
their counts, what was set aside, the settings. The list, the map and the documents are
drawn by the scripts under ``scripts/``, by text nodes only.
"""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template

from longshot.records import NewClass
from longshot.report.classified.data import page_data
from longshot.report.classified.pile import ClassifiedDocument, ClassifiedPile
from longshot.report.pages import asset, scripted_page
from longshot.report.pages.pieces import (
    bullets,
    definitions,
    folded,
    footer,
    masthead,
    note,
)
from longshot.report.pages.wording import counted, percent

NONE_OF_THESE = "none of these"

_STYLES = tuple(
    f"classified/styles/{name}.css"
    for name in ("layout", "list", "document", "strips", "paper")
)
_SCRIPTS = tuple(
    f"classified/scripts/{name}.js"
    for name in (
        "texts",
        "judgements",
        "filters",
        "list",
        "document",
        "address",
        "saving",
        "keys",
        "main",
    )
)
_N_COLOURS = 8
_N_BINS = 10
_TYPICAL_DOCUMENTS = 5
_MOST_NAMED = 200
_OUTCOME = """<optgroup label="By true label">
<option value="right">right</option>
<option value="wrong">wrong</option>
<option value="unknown">not known</option>
</optgroup>"""


def classified_page(
    pile: ClassifiedPile, *, folder: Path | None = None, strips: Iterable[str] = ()
) -> str:
    """Give the page of a classified pile; the same pile gives the same page.

    Parameters
    ----------
    pile
        What is shown.
    folder
        Where the page will lie, so that it can link to the documents' files. Without,
        there are no links.
    strips
        HTML of the files that the documents are sections of, where they are.
    """
    data = page_data(pile, folder=folder)
    is_judged = any(one.truth is not None for one in pile.documents)
    body = Template(asset("classified/body.html")).substitute(
        masthead="\n".join(masthead(pile.title, _lede(pile), _figures(pile))),
        strips="\n".join(strips),
        labels="\n".join(_labels(pile)),
        histogram=_histogram([one.confidence for one in pile.documents]),
        map_caption=escape(_map_caption(pile)),
        notes="\n".join(_notes(pile, data.shortened)),
        outcome=_OUTCOME if is_judged else "",
        footer="\n".join(footer(_settings(pile.settings))),
    )
    return scripted_page(
        title=pile.title,
        body=body,
        styles=_STYLES,
        scripts=_SCRIPTS,
        data=data.content,
    )


def _lede(pile: ClassifiedPile) -> str:
    n_documents = counted(len(pile.documents), "document")
    return f"{n_documents}, {counted(len(pile.labels), 'label')}"


def _figures(pile: ClassifiedPile) -> Iterator[tuple[str, str]]:
    """Give the numbers that sum the pile up."""
    documents = pile.documents
    if documents:
        middle = statistics.median(one.confidence for one in documents)
        yield "median confidence", percent(middle)
        yield "of all text read", _share_read(documents)
    sizes = [len(one.label_set) for one in documents if one.label_set is not None]
    if sizes:
        yield "labels per prediction set", f"{statistics.mean(sizes):.2f}"
    judged = [right for one in documents if (right := pile.is_right(one)) is not None]
    if judged:
        yield "match the true labels", f"{sum(judged):,} of {len(judged):,}"
    if pile.set_aside:
        yield "set aside", f"{len(pile.set_aside):,}"


def _share_read(documents: Sequence[ClassifiedDocument]) -> str:
    n_tokens = sum(one.n_tokens for one in documents)
    n_read = sum(one.n_tokens * one.coverage for one in documents)
    share = n_read / n_tokens if n_tokens else 1.0
    return percent(share)


def _labels(pile: ClassifiedPile) -> Iterator[str]:
    """Give one button for each label, with its documents and their confidence."""
    confidences: dict[str | None, list[float]] = defaultdict(list)
    for one in pile.documents:
        for label in one.labels or (one.label,):
            confidences[label].append(one.confidence)
    most = max(map(len, confidences.values()), default=1)
    for number, label in enumerate(pile.labels):
        yield _label(number, label, confidences[label], most)
    if None in confidences:
        yield _label(-1, None, confidences[None], most)


def _label(
    number: int, label: str | None, confidences: Sequence[float], most: int
) -> str:
    middle = percent(statistics.median(confidences)) if confidences else ""
    length = 100 * len(confidences) / most
    noun = "document" if len(confidences) == 1 else "documents"
    return (
        f'<li><button type="button" class="label" data-label="{number}" '
        f'aria-pressed="false"><span class="{_swatch(number)}" aria-hidden="true">'
        f'</span> <span class="name">{escape(label or NONE_OF_THESE)}</span> '
        f'<span class="number"><span class="n">{len(confidences):,}</span>'
        f'<span class="unseen"> {noun},</span></span> '
        '<span class="middle"><span class="unseen">median confidence </span>'
        f"{escape(middle)}</span>"
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
        f"{10 * i} to {10 * i + 10}%: {counts[i]:,}" for i in range(_N_BINS)
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
        "<span>0%</span><span>50%</span><span>100%</span></p>"
    )


def _map_caption(pile: ClassifiedPile) -> str:
    how = {
        "PCA": "Drawn along the two directions in which documents differ most (PCA).",
        "UMAP": "Documents that are alike lie close together (UMAP).",
    }.get(pile.map_method, pile.map_method)
    return f"One point per document; choose one to open it. {how}"


def _notes(pile: ClassifiedPile, shortened: Mapping[int, float]) -> Iterator[str]:
    """Give what a person must know before trusting the page."""
    partly = [one for one in pile.documents if one.coverage < 1.0]
    if partly:
        named = [(one.id, f"{percent(one.coverage)} was read") for one in partly]
        yield from _named(
            f"{counted(len(partly), 'document')} not read as a whole", named
        )
    guessed = [one for one in pile.documents if one.notes]
    if guessed:
        named = [(one.id, "; ".join(one.notes)) for one in guessed]
        yield from _named(f"{counted(len(guessed), 'document')} with a note", named)
    if shortened:
        named = [
            (pile.documents[number].id, f"{percent(share)} of its text is here")
            for number, share in shortened.items()
        ]
        why = (
            "All texts together would make this file too large. Of each of these "
            "documents it holds the beginning and the passages that decided, with what "
            "is around them; search finds what is held."
        )
        title = f"{counted(len(shortened), 'text')} shortened in this file"
        yield from _named(title, named, why=why)
    if pile.new_classes:
        n_classes = counted(len(pile.new_classes), "group")
        yield from folded(
            f"{n_classes} of documents that may be a new class",
            bullets(_new_classes(pile.new_classes)),
        )
    if pile.set_aside:
        yield from _named(
            f"{counted(len(pile.set_aside), 'document')} set aside",
            [(one.source or one.id, one.reason) for one in pile.set_aside],
            most=len(pile.set_aside),
        )


def _named(
    title: str,
    documents: Sequence[tuple[str, str]],
    *,
    why: str = "",
    most: int = _MOST_NAMED,
) -> Iterator[str]:
    """Give a line that unfolds into the documents that it speaks of."""
    lines = [f"<b>{escape(name)}</b> {escape(what)}" for name, what in documents[:most]]
    if len(documents) > most:
        lines.append(f"and {len(documents) - most:,} more")
    told = [note(why)] if why else []
    yield from folded(title, [*told, *bullets(lines)])


def _new_classes(ones: Sequence[NewClass]) -> Iterator[str]:
    for one in ones:
        yield (
            f"<b>{escape(', '.join(one.words) or 'no words in common')}</b> "
            f"{counted(len(one.document_ids), 'document')} that fit no label; most "
            f"typical: {escape(', '.join(one.document_ids[:_TYPICAL_DOCUMENTS]))}"
        )


def _settings(settings: Sequence[tuple[str, str]]) -> Iterator[str]:
    if settings:
        yield from folded("How this was made", definitions(settings))
