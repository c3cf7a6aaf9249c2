"""Options that several commands share, each stated once."""

from longshot.cli.options.cluster import ClusterOptions
from longshot.cli.options.embedder import with_embedder
from longshot.cli.options.files import (
    ColumnOptions,
    Documents,
    DocumentsOrProject,
    Examples,
    IdColumn,
    Meanings,
    Out,
    TextColumn,
)
from longshot.cli.options.groups import with_options

__all__ = [
    "ClusterOptions",
    "ColumnOptions",
    "Documents",
    "DocumentsOrProject",
    "Examples",
    "IdColumn",
    "Meanings",
    "Out",
    "TextColumn",
    "with_embedder",
    "with_options",
]
