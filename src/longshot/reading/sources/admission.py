"""Which documents go on, and what happens to those that do not."""

from dataclasses import replace
from typing import TypeGuard

from longshot.errors import ReadingError
from longshot.records import Document, OnSetAside, SetAside


class Admission:
    """Lets documents through that hold text and whose id is new.

    Parameters
    ----------
    on_set_aside
        Called with each document that is set aside. Without it, the first one raises.
    """

    def __init__(self, on_set_aside: OnSetAside | None) -> None:
        self._on_set_aside = on_set_aside
        self._ids: set[str] = set()

    def admits(
        self, outcome: Document | SetAside, *, label: str | None = None
    ) -> TypeGuard[Document]:
        """Tell whether a document goes on; report it, with its label, if not.

        Raises
        ------
        ReadingError
            If it does not and nobody asked to be told.
        """
        if isinstance(outcome, Document):
            reason = self._why_not(outcome)
            if reason is None:
                self._ids.add(outcome.id)
                return True
            outcome = SetAside(id=outcome.id, source=outcome.source, reason=reason)
        self.refuse(replace(outcome, label=label))
        return False

    def refuse(self, set_aside: SetAside) -> None:
        """Report a document that does not go on."""
        if self._on_set_aside is None:
            raise ReadingError(
                f"every document must be readable; {set_aside.source} "
                f"{set_aside.reason}. Fix it or remove it."
            )
        self._on_set_aside(set_aside)

    def _why_not(self, document: Document) -> str | None:
        if not document.text:
            return "holds no text"
        if document.text.isspace():
            return "holds only white space"
        if document.id in self._ids:
            return (
                f'has the id "{document.id}", which an earlier one has too: give it '
                "another"
            )
        return None
