"""A fitted classifier, kept in a folder: its settings, names and examples."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longshot.classify.labels.several_support import SeveralSupportSet
from longshot.classify.labels.support import Label, SupportExample, SupportSet
from longshot.classify.persistence import check_fingerprint, load_examples, save_support
from longshot.embedder import DocumentEmbedder
from longshot.recipe import Recipe

_PARAMETERS = ("head", "names", "unknown", "read")
"""Of the estimator, without its embedder."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Kept:
    """All that makes a fitted classifier.

    Attributes
    ----------
    parameters
        Those of the estimator, the embedder among them.
    descriptions
        What is said of the labels.
    support
        The examples.
    """

    parameters: Mapping[str, Any]
    descriptions: dict[Label, str | None]
    support: SupportSet

    @property
    def embedder(self) -> DocumentEmbedder:
        """What gave the examples their vectors."""
        embedder: DocumentEmbedder = self.parameters["embedder"]
        return embedder

    def save(self, folder: Path) -> None:
        """Write it to a folder: safetensors and JSON.

        Raises
        ------
        OutputError
            If the folder holds something else, or cannot be written.
        """
        settings = {
            **{name: self.parameters[name] for name in _PARAMETERS},
            "descriptions": list(self.descriptions.items()),
            "recipe": self.embedder.recipe.to_dict(),
            "fingerprint": self.embedder.fingerprint,
        }
        if isinstance(self.support, SeveralSupportSet):
            settings["several"] = [self.support.form, list(self.support.named)]
        save_support(folder, self.support, settings)

    @classmethod
    def load(cls, folder: Path, embedder: DocumentEmbedder | None) -> "Kept":
        """Read what was saved.

        Raises
        ------
        SavedClassifierError
            If it was written by another version, or under another recipe or model.
        """
        examples, settings = load_examples(folder)
        embedder = embedder or DocumentEmbedder(Recipe.from_dict(settings["recipe"]))
        check_fingerprint(folder, settings, embedder.fingerprint)
        parameters = {name: settings[name] for name in _PARAMETERS if name in settings}
        descriptions = dict(map(tuple, settings["descriptions"]))
        return cls(
            parameters={**parameters, "embedder": embedder},
            descriptions=descriptions,
            support=_support(examples, descriptions, settings.get("several")),
        )


def _support(
    examples: list[SupportExample],
    descriptions: Mapping[Label, str | None],
    several: list[Any] | None,
) -> SupportSet:
    """Make the support set: where documents have several labels, of their form."""
    if several is None:
        return SupportSet(examples, descriptions)
    form, named = several
    return SeveralSupportSet(examples, named, form)
