"""What people say of a label: its name, what it means, and phrases."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedLabel:
    """A label, what it means, and what speaks for or against it.

    Attributes
    ----------
    name, description
        As of ``labels.yaml``; None where the name says all.
    speaks_for, speaks_against
        Words and phrases.
    """

    name: str
    description: str | None = None
    speaks_for: tuple[str, ...] = ()
    speaks_against: tuple[str, ...] = ()

    @property
    def meaning(self) -> str | None:
        """What it means in one text: its description, and what speaks for it."""
        told = [self.description, *self.speaks_for]
        return ". ".join(one for one in told if one) or None
