"""What a project gives and takes: small frozen values, none of which knows a database.

``documents`` are what it holds, ``entries`` what people did, ``decisions`` what the
classifier makes of them, ``audits`` how much of that is right, ``status`` the counts.

Times are UTC, as ISO 8601 writes them: ``2026-11-26T03:40:00.000000+00:00``.
"""

from longshot.project.records.audits import Forecast, ProjectAudit
from longshot.project.records.decisions import (
    Decision,
    Decisions,
    Explained,
    OfferedClass,
    Suggestion,
)
from longshot.project.records.documents import (
    Added,
    DocumentPage,
    DocumentQuery,
    DocumentRow,
    DocumentState,
    Imported,
    PutAside,
    QueriedState,
    Standing,
    StoredDocument,
)
from longshot.project.records.entries import Conflict, Entry, EntryKind, ExampleRow
from longshot.project.records.status import LabelCount, Status

__all__ = [
    "Added",
    "Conflict",
    "Decision",
    "Decisions",
    "DocumentPage",
    "DocumentQuery",
    "DocumentRow",
    "DocumentState",
    "Entry",
    "EntryKind",
    "ExampleRow",
    "Explained",
    "Forecast",
    "Imported",
    "LabelCount",
    "OfferedClass",
    "ProjectAudit",
    "PutAside",
    "QueriedState",
    "Standing",
    "Status",
    "StoredDocument",
    "Suggestion",
]
