"""``longshot classify --report``: what a run gathers for its page."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from longshot import __version__
from longshot.cli.output.consoles import say
from longshot.packets import Packets
from longshot.records import (
    Document,
    NewClass,
    Packet,
    Prediction,
    SetAside,
    Vectors,
)
from longshot.report.classified import classified_page, classified_pile
from longshot.report.classified.map import best_map_method, positions
from longshot.report.files import check_page_place
from longshot.report.packets.strip import strips
from longshot.report.pages import write_page

if TYPE_CHECKING:
    from longshot.classify import Classifier
    from longshot.embedder import DocumentEmbedder


class GatheredReport:
    """Keeps what the page shows of documents that otherwise only pass by.

    Parameters
    ----------
    path
        The page to write.
    embedder
        What the documents' vectors came from.

    Raises
    ------
    OutputError
        If there is no place for the page.
    """

    def __init__(self, path: Path, embedder: "DocumentEmbedder") -> None:
        check_page_place(path)
        self._path = path
        self._embedder = embedder
        self._documents: dict[str, Document] = {}
        self._vectors: dict[str, np.ndarray] = {}

    def noting(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Pass documents on, and keep them."""
        for document in documents:
            self._documents[document.id] = document
            yield document

    def keep(self, vectors: Vectors) -> None:
        """Keep a document's vector, which gives it its place on the map."""
        self._vectors[vectors.document_id] = vectors.document

    def write(
        self,
        predictions: Sequence[Prediction],
        *,
        discovered: Sequence[NewClass],
        classifier: "Classifier",
        sources: tuple[str, str],
        truth: Mapping[str, str] | None,
        set_aside: Sequence[SetAside],
        packets: Sequence[Packet] = (),
    ) -> None:
        """Write the page.

        Parameters
        ----------
        predictions
            The decisions.
        discovered
            The new classes among them.
        classifier
            What decided.
        sources
            EXAMPLES and DOCUMENTS, as they were given.
        truth
            The true labels by id, as far as they are known.
        set_aside
            What could not be used.
        packets
            The files that the documents are sections of; none where they are whole.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        ids = [one.document_id for one in predictions]
        vectors = np.array([self._vectors[one] for one in ids])
        method = best_map_method(len(ids))
        pile = classified_pile(
            predictions,
            self._documents.values(),
            title=f"Labels for {_name(sources[1])}",
            labels=_all_labels(predictions),
            settings=self._settings(classifier, sources),
            truth=truth,
            positions=positions(vectors, method),
            map_method=method,
            set_aside=set_aside,
            new_classes=discovered,
            scale="log-likelihood" if classifier.head == "views" else "cosine",
            sections={
                one.document.id: (packet.document.id, one.start, one.end)
                for packet in packets
                for one in packet
            },
        )
        page = classified_page(
            pile,
            folder=self._path.resolve().parent,
            strips=strips(packets, pile.labels),
        )
        write_page(self._path, page)
        say("the report is in {}", self._path)

    def write_packets(
        self,
        found: Packets,
        *,
        classifier: "Classifier",
        sources: tuple[str, str],
        set_aside: Sequence[SetAside],
    ) -> None:
        """Write the page of files that were taken apart, each section a document.

        The parameters and errors are those of :meth:`write`.
        """
        for section in found.sections:
            self._documents[section.document.id] = section.document
            self._vectors[section.document.id] = section.vector
        self.write(
            [section.prediction for section in found.sections],
            discovered=found.discovered,
            classifier=classifier,
            sources=sources,
            truth=None,
            set_aside=set_aside,
            packets=found.packets,
        )

    def _settings(
        self, classifier: "Classifier", sources: tuple[str, str]
    ) -> list[tuple[str, str]]:
        counts = Counter(
            label
            for one in classifier.support_.examples
            for label in (one.label if isinstance(one.label, tuple) else (one.label,))
        )
        shown = ", ".join(f"{label} {n}" for label, n in sorted(counts.items()))
        recipe = self._embedder.recipe.to_dict().items()
        return [
            ("documents", sources[1]),
            ("examples", f"{sources[0]} ({shown})"),
            ("head", classifier.head),
            *((name.replace("_", " "), _shown(value)) for name, value in recipe),
            ("vectors' fingerprint", self._embedder.fingerprint),
            ("longshot", __version__),
        ]


def _all_labels(predictions: Sequence[Prediction]) -> list[str]:
    """Give all labels, which every prediction names: those of the level asked for."""
    return sorted(
        {name for one in predictions[:1] for name, _ in one.alternatives}
        | {one.label for one in predictions if one.label is not None}
    )


def _name(source: str) -> str:
    return "standard input" if source == "-" else Path(source).resolve().name


def _shown(value: Any) -> str:
    """Write a setting's value; a list with commas, as the command line takes it."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
