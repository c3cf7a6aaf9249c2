"""The manual of Perl, in its own markup (perlpod)."""

import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.suite.long_sets.labels import KINDS_OF_PERL_DOCUMENTS
from benchmarks.suite.long_sets.packages import Files, Rows, text_of

_NESTED_CODES = (
    (r"\b[A-Z]<<+ (.*?) >>+", r"\1"),
    (r"\b[BCFIS]<([^<>]*)>", r"\1"),
)
_DEPTH = 3
"""To which formatting codes stand within each other."""

_MARKUP: Sequence[tuple[str, str]] = (
    (r"(?s)^=begin.*?^=end.*?$", ""),
    # The title tells what kind of document it is: perl5100delta, what is new.
    (r"(?s)\A.*?^=head1 NAME.*?(?=^=head1)", ""),
    (r"^=(encoding|over|back|cut|pod|for)\b.*$", ""),
    (r"^=(head\d|item)\b *(\*$)?", ""),
    (r"[XZ]<[^<>]*>", ""),
    (r"L<(?:[^<>|]*\|)?([^<>|]*)>", r"\1"),
    *(_NESTED_CODES * _DEPTH),
    (r"E<lt>", "<"),
    (r"E<gt>", ">"),
    (r"\bperl\d*delta\b", "that document"),
    (r"\n{3,}", "\n\n"),
)
"""What is markup, or tells the kind, and what is left of it; in this order."""


def perl(files: Files) -> Rows:
    """Give the manual's parts by the heading that its overview lists them under."""
    parts = {Path(path).stem: data for path, data in files if path.endswith(".pod")}
    overview = text_of(parts["perl"])
    for section in re.split(r"^=head2 ", overview, flags=re.MULTILINE)[1:]:
        label = KINDS_OF_PERL_DOCUMENTS.get(section.partition("\n")[0].strip())
        for name in re.findall(r"^ {4,}(perl\w+)", section, re.MULTILINE):
            if label and name in parts:
                yield label, plain(parts[name].decode("utf-8", errors="replace"))


def plain(text: str) -> str:
    r"""Strip the markup, and the title.

    Examples
    --------
    >>> plain("=head1 NAME\n\nperlx - x\n\n=head1 Use\n\nB<Run I<perl>>, L<perlrun>.")
    'Use\n\nRun perl, perlrun.'
    """
    for pattern, left in _MARKUP:
        text = re.sub(pattern, left, text, flags=re.MULTILINE)
    return text
