"""Each file as a strip: its pages from left to right, coloured by their label."""

from collections.abc import Iterator, Sequence
from html import escape
from urllib.parse import quote

from longshot.records import Packet, Section
from longshot.report.pages.wording import counted, percent

N_COLOURS = 8
"""Of labels on a page; after the last one they begin again."""

_GAP = 0.003
"""Between two sections, as a share of the strip."""


def strips(packets: Sequence[Packet], labels: Sequence[str]) -> Iterator[str]:
    """Give the strips of several files as HTML.

    Parameters
    ----------
    packets
        What was taken apart.
    labels
        All labels, in the order in which the page lists them: that gives the colours.
    """
    if not packets:
        return
    yield '<section class="strips" aria-labelledby="strips-heading">'
    yield '<h2 id="strips-heading">What each file holds</h2>'
    for packet in packets:
        yield from _strip(packet, labels)
    yield "</section>"


def _strip(packet: Packet, labels: Sequence[str]) -> Iterator[str]:
    n_sections = counted(len(packet), "section")
    of_pages = f", {counted(packet.n_pages, 'page')}" if packet.n_pages else ""
    name = packet.document.id
    yield f"<h3>{escape(name)} <small>{n_sections}{of_pages}</small></h3>"
    yield (
        f'<svg class="strip" viewBox="0 0 1 0.02" preserveAspectRatio="none" role="img"'
        f' aria-label="{escape(name)}: {n_sections}, listed below">'
    )
    for section in packet:
        start, end = _share(packet, section)
        width = max(end - start - _GAP, _GAP)
        colour = _colour(section.label, labels)
        told = f"{place_of(section)}: {_label(section)}"
        yield (
            f'<rect class="{colour}" x="{start:.4f}" width="{width:.4f}" height="0.02">'
            f"<title>{escape(told)}</title></rect>"
        )
    yield from _page_lines(packet)
    yield "</svg><ol>"
    for section in packet:
        address = "#document=" + quote(section.document.id, safe="")
        sure = percent(section.confidence)
        if section.number > 1:
            sure += f", boundary {percent(section.boundary_confidence)}"
        yield (
            f'<li><span class="swatch {_colour(section.label, labels)}" '
            f'aria-hidden="true"></span> <a href="{escape(address)}">'
            f"{escape(place_of(section))}</a> {escape(_label(section))} "
            f"<small>{escape(sure)}</small></li>"
        )
    yield "</ol>"


def _page_lines(packet: Packet) -> Iterator[str]:
    """Draw a thin line between two pages."""
    if packet.n_pages:
        steps = "".join(
            f"M{page / packet.n_pages:.4f} 0v0.02" for page in range(1, packet.n_pages)
        )
        yield f'<path d="{steps}"/>' if steps else ""


def _share(packet: Packet, section: Section) -> tuple[float, float]:
    """Tell which part of its file a section is: by pages where there are any."""
    first, last, n_pages = section.first_page, section.last_page, packet.n_pages
    if first is not None and last is not None and n_pages:
        pages_apart = len({one.first_page for one in packet}) == len(packet)
        if pages_apart:
            return (first - 1) / n_pages, last / n_pages
    length = max(len(packet.document.text), 1)
    return section.start / length, section.end / length


def place_of(section: Section) -> str:
    """Say where a section stands in its file: its pages, or its characters."""
    if section.first_page is None:
        return f"characters {section.start:,} to {section.end:,}"
    if section.first_page == section.last_page:
        return f"page {section.first_page}"
    return f"pages {section.first_page} to {section.last_page}"


def _label(section: Section) -> str:
    return section.label or "none of these"


def _colour(label: str | None, labels: Sequence[str]) -> str:
    return f"c{labels.index(label) % N_COLOURS}" if label in labels else "c-none"
