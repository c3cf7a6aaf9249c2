"""The same vectors and labels as on one machine: public sets, alone and with the pile.

Run: python -m benchmarks.cluster.agreement [--data FOLDER] [--documents 100] [bbc cuad]

From each set, as many documents as are asked for are drawn, of the labels that are most
frequent, with three more of each as examples. They are labelled by the classifier here,
and by two workers on Ray. What this machine encoded before it takes from its cache; the
workers never do.
"""

import argparse
import os
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

from benchmarks.data.corpora import DEFAULT_FOLDER, read_corpus
from benchmarks.output.tables import print_header, print_row
from longshot import DocumentEmbedder
from longshot.classify import Classifier
from longshot.records import Document, Prediction
from longshot.scale import Workers, classify_files, embed_files
from longshot.scale.engine import connected
from longshot.scale.place import Place
from longshot.scale.run import Cluster

SHOTS = 3


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", default=["bbc", "cuad"])
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--labels", type=int, default=1000, help="the most frequent")
    parser.add_argument("--characters", type=int, help="of the longest document")
    options = parser.parse_args()
    os.environ.setdefault("RAY_worker_niceness", "0")
    print_header(
        "set",
        "documents",
        "tokens",
        "largest difference of a vector",
        "pile",
        "labels that differ",
        "largest difference of a confidence",
        "passages that differ",
    )
    with connected():
        for name in options.names:
            _measure(name, options)


def _measure(name: str, options: argparse.Namespace) -> None:
    corpus = read_corpus(name, options.data)
    most = options.characters or max(map(len, corpus.texts))
    frequent = dict(Counter(corpus.labels).most_common(options.labels))
    corpus = corpus.take(
        [
            row
            for row, text in enumerate(corpus.texts)
            if len(text) <= most and corpus.labels[row] in frequent
        ]
    )
    order = np.random.default_rng(0).permutation(len(corpus.texts)).tolist()
    shown: list[int] = []
    for label in sorted(set(corpus.labels)):
        shown += [row for row in order if corpus.labels[row] == label][:SHOTS]
    rows = [row for row in order if row not in set(shown)][: options.documents]
    documents = [Document(id=str(row), text=corpus.texts[row]) for row in rows]
    embedder = DocumentEmbedder()
    cluster = Cluster(workers=Workers(n_most=2))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "pile.parquet"
        _write(place, documents)
        vectors = {one.document_id: one for one in embedder.vectors(documents)}
        embed_files(str(place), f"{folder}/vectors", embedder, cluster=cluster)
        of_cluster = _rows(Path(folder) / "vectors" / "vectors")
        assert of_cluster.keys() == vectors.keys()
        difference = max(
            np.abs(np.array(of_cluster[key]["vector"]) - one.document).max()
            for key, one in vectors.items()
        )
        classifier = Classifier(embedder=embedder, verbose=False).fit(
            [corpus.texts[row] for row in shown], [corpus.labels[row] for row in shown]
        )
        for pile in (False, True):
            wanted = classifier.classify(documents, pile=pile).predictions
            out = f"{folder}/labels-{pile}"
            classify_files(str(place), out, classifier, pile=pile, cluster=cluster)
            found = _rows(Path(out) / "labels")
            assert len(found) == len(wanted)
            print_row(
                name,
                len(documents),
                f"{sum(one.n_tokens for one in vectors.values()):,}",
                f"{difference:.1e}",
                "together" if pile else "alone",
                sum(found[o.document_id]["label"] != o.label for o in wanted),
                f"{max(_apart(found[o.document_id], o) for o in wanted):.1e}",
                sum(
                    found[o.document_id]["passage"]
                    != (o.evidence and o.evidence.passage.text)
                    for o in wanted
                ),
            )


def _apart(row: dict[str, object], wanted: Prediction) -> float:
    return abs(float(str(row["confidence"])) - wanted.confidence)


def _write(path: Path, documents: list[Document]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    rows = [{"id": one.id, "text": one.text} for one in documents]
    parquet.write_table(pa.Table.from_pylist(rows), path, row_group_size=64)


def _rows(folder: Path) -> dict[str, dict[str, object]]:
    """Read all parts of a result by id; each id stands once."""
    from pyarrow import parquet

    found = {}
    place = Place(str(folder))
    for name in place.names():
        for row in parquet.read_table(folder / name).to_pylist():
            assert row["id"] not in found, f"{row['id']} stands twice"
            found[row["id"]] = row
    return found


if __name__ == "__main__":
    main()
