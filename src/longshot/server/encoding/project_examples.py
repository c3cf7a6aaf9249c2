"""What a project's people said of labels, as what a classifier is made from."""

import threading
from dataclasses import replace

from longshot.project import Project
from longshot.server.encoding.classifiers import LabelledTexts


class ProjectExamples:
    """Reads the examples of projects, again only where something was said since."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, LabelledTexts]] = {}
        self._lock = threading.Lock()

    def of(self, project: Project) -> LabelledTexts:
        """Give a project's examples, with the labels that it names.

        What fits none of the labels is no example of any.
        """
        latest = project.history(limit=1)
        number = latest[0].number if latest else 0
        with self._lock:
            before = self._known.get(project.id)
            if before is not None and before[0] == number:
                return before[1]
        found = self._read(project)
        with self._lock:
            self._known[project.id] = number, found
        return found

    def _read(self, project: Project) -> LabelledTexts:
        shown = [
            (row.document_id, row.label)
            for row in project.examples()
            if row.label is not None
        ]
        found = LabelledTexts(
            texts=tuple(project.document(one).text for one, _ in shown),
            labels=tuple(label for _, label in shown),
            ids=tuple(one for one, _ in shown),
        ).of_labels(project.labels())
        # Too few examples to tell what fits none are no reason to decide nothing.
        return replace(found, unknown=project.unknown if shown else None)
