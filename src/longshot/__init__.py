"""Label a few. Sort the pile.

longshot classifies documents of any length from a handful of labelled ones, on an
ordinary computer, and shows which passage decided each label.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from longshot.classify import LongshotClassifier
    from longshot.embedder import DocumentEmbedder
    from longshot.packets import Packets, split
    from longshot.reading import read_documents, read_examples
    from longshot.recipe import Recipe
    from longshot.records import (
        Document,
        Evidence,
        Packet,
        Prediction,
        Section,
        Vectors,
        Window,
    )
    from longshot.similarity import cosine

__version__ = "0.1.0"

__all__ = [
    "Document",
    "DocumentEmbedder",
    "Evidence",
    "LongshotClassifier",
    "Packet",
    "Packets",
    "Prediction",
    "Recipe",
    "Section",
    "Vectors",
    "Window",
    "cosine",
    "read_documents",
    "read_examples",
    "split",
]

_MODULES = {
    "Document": "longshot.records",
    "DocumentEmbedder": "longshot.embedder",
    "Evidence": "longshot.records",
    "LongshotClassifier": "longshot.classify",
    "Packet": "longshot.records",
    "Packets": "longshot.packets",
    "Prediction": "longshot.records",
    "Recipe": "longshot.recipe",
    "Section": "longshot.records",
    "Vectors": "longshot.records",
    "Window": "longshot.records",
    "cosine": "longshot.similarity",
    "read_documents": "longshot.reading",
    "read_examples": "longshot.reading",
    "split": "longshot.packets",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: ``--help`` answers at once."""
    if name not in _MODULES:
        raise AttributeError(f"module 'longshot' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_MODULES[name]), name)
