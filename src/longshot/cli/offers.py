"""What a run tells of the new classes that it offers."""

from collections.abc import Sequence

from longshot.cli.consoles import counted, say
from longshot.records import NewClass

_SHOWN_DOCUMENTS = 3


def tell_offers(offers: Sequence[NewClass]) -> None:
    """Tell how large each is, its words, and its most typical documents."""
    for number, one in enumerate(offers, start=1):
        say(
            "new class {}? {} look alike and fit no label: {}; most typical: {}",
            number,
            counted(len(one.document_ids), "document"),
            ", ".join(one.words) or "no words in common",
            ", ".join(one.document_ids[:_SHOWN_DOCUMENTS]),
        )
