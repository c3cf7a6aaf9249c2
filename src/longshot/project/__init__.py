"""A project remembers: documents, what people said of them, and what was decided.

``place`` finds it, ``database`` opens it, ``project`` is what people and programs meet.
What was done stands in the log (``log``, ``labels``, ``adding``, ``audits``); what can
be computed again is kept apart, and decides and suggests (``deciding``). ``browsing``
and ``counting`` look at all of it; ``exchange`` lets it out and in.
"""

from longshot.project.labels import write_labels_file
from longshot.project.place import is_project
from longshot.project.project import Project
from longshot.project.records import (
    Added,
    Conflict,
    Decision,
    Decisions,
    DocumentPage,
    DocumentQuery,
    DocumentRow,
    Entry,
    ExampleRow,
    Forecast,
    Imported,
    LabelCount,
    OfferedClass,
    ProjectAudit,
    PutAside,
    Standing,
    Status,
    StoredDocument,
    Suggestion,
)
from longshot.reading.sources.descriptions import read_labels_file
from longshot.records import NamedLabel

__all__ = [
    "Added",
    "Conflict",
    "Decision",
    "Decisions",
    "DocumentPage",
    "DocumentQuery",
    "DocumentRow",
    "Entry",
    "ExampleRow",
    "Forecast",
    "Imported",
    "LabelCount",
    "NamedLabel",
    "OfferedClass",
    "Project",
    "ProjectAudit",
    "PutAside",
    "Standing",
    "Status",
    "StoredDocument",
    "Suggestion",
    "is_project",
    "read_labels_file",
    "write_labels_file",
]
