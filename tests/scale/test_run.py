"""From files to files on a cluster: what one machine gives, whole, and once each."""

import json
from pathlib import Path

import numpy as np
import pytest

from longshot import DocumentEmbedder
from longshot.classify import Classifier
from longshot.errors import OutputError, ReadingError, SettingError
from longshot.records import Classified, Document
from longshot.report.classified.rows import explained_row
from longshot.scale import Workers, classify_files, embed_files, labels_in
from longshot.scale.run import Cluster, Told
from tests.scale.conftest import documents_of, rows_in, write_parquet

pytestmark = [
    pytest.mark.usefixtures("cluster"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # Ray's, of its own
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]

ONE_WORKER = Cluster(workers=Workers(n_most=1))
"""Where two would only take twice as long to start."""


def as_documents(rows: list[dict[str, str]]) -> list[Document]:
    return [Document(id=row["id"], text=row["text"]) for row in rows]


def test_vectors_are_those_of_one_machine_also_of_documents_cut_among_workers(
    tmp_path: Path, embedder: DocumentEmbedder
) -> None:
    rows = documents_of(24, n_long=2)
    rows.insert(3, {"id": "blank", "text": "  "})
    pile = write_parquet(tmp_path / "pile.parquet", rows)
    told: list[Told] = []
    cluster = Cluster(price_per_hour=7.2, on_told=told.append)

    end = embed_files(str(pile), str(tmp_path / "out"), embedder, cluster=cluster)

    found = {row["id"]: row for row in rows_in(tmp_path / "out" / "vectors")}
    wanted = list(
        embedder.vectors(as_documents([r for r in rows if r["id"] != "blank"]))
    )
    assert found.keys() == {one.document_id for one in wanted}
    for one in wanted:
        np.testing.assert_allclose(
            np.array(found[one.document_id]["vector"]), one.document, atol=1e-6
        )
        assert found[one.document_id]["n_tokens"] == one.n_tokens
    (failed,) = rows_in(tmp_path / "out" / "failed")
    assert failed["id"] == "blank"
    assert failed["reason"] == "holds only white space"
    assert (end.n_documents, end.n_failed) == (24, 1)
    assert end.n_tokens == sum(one.n_tokens for one in wanted)
    assert end.cost == pytest.approx(7.2 * end.seconds / 3600)
    assert told[-1].n_new_tokens == end.n_tokens
    assert (told[-1].n_documents, told[-1].n_failed) == (24, 1)
    sums = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert sums["n_documents"] == 24
    assert not (tmp_path / "out" / "work").exists()


def check_labels(out: Path, wanted: Classified) -> dict[str, dict[str, object]]:
    """Hold what lies in a folder against one machine's labels; give it by document."""
    rows = rows_in(out / "labels")
    found = {str(row["id"]): row for row in rows}
    assert len(found) == len(rows) == len(wanted.predictions)
    for one in wanted.predictions:
        row = found[one.document_id]
        assert row.get("predicted_label", row["label"]) == one.label
        assert row["confidence"] == pytest.approx(one.confidence, abs=1e-5)
        assert one.evidence is not None
        assert row["passage"] == one.evidence.passage.text
    return found


def test_labels_are_those_of_one_machine(
    tmp_path: Path, classifier: Classifier
) -> None:
    rows = documents_of(40, n_long=1)
    place = write_parquet(tmp_path / "pile.parquet", rows)

    out = tmp_path / "out"
    classify_files(str(place), str(out), classifier, cluster=ONE_WORKER)

    check_labels(out, classifier.classify(as_documents(rows)))


def test_what_a_person_said_stands_beside_what_was_decided(
    tmp_path: Path, classifier: Classifier
) -> None:
    """Each document by itself, which is labelled as on one machine, too."""
    rows = documents_of(12, n_long=1)
    place = write_parquet(tmp_path / "pile.parquet", rows)
    given = {rows[0]["text"]: ["recipe"]}  # it is a lease

    out = str(tmp_path / "out")
    classify_files(
        str(place),
        out,
        classifier,
        pile=False,
        explain=True,
        given=given,
        cluster=ONE_WORKER,
    )

    alone = classifier.classify(as_documents(rows), pile=False)
    found = check_labels(tmp_path / "out", alone)
    told = [found["d0"][name] for name in ("label", "predicted_label", "checked")]
    assert told == ["recipe", "lease", "yes"]
    assert found["d1"]["checked"] is None
    wanted = [
        explained_row(one) for one in classifier.classify_stream(as_documents(rows))
    ]
    assert [list(found[str(row["id"])]) for row in wanted] == [
        list(row) for row in wanted
    ]
    assert {one: label for one, label, is_given in labels_in(out) if not is_given} == {
        row["id"]: row["label"] for row in wanted[1:]
    }


def test_a_run_started_again_does_only_what_is_missing_and_takes_no_other_pile(
    tmp_path: Path, embedder: DocumentEmbedder
) -> None:
    rows = documents_of(40, n_long=1)
    pile = write_parquet(tmp_path / "pile.parquet", rows)
    out = tmp_path / "out"
    embed_files(str(pile), str(out), embedder, cluster=ONE_WORKER)
    first = sorted((out / "manifest" / "vectors").iterdir())[0]
    lost = out / "vectors" / f"{first.stem}.parquet"
    kept = {path: path.stat().st_mtime_ns for path in (out / "vectors").iterdir()}
    # As where it was killed: an entry, its results and the sums are not there yet.
    for path in (first, lost, out / "manifest.json"):
        path.unlink()
    (out / "vectors" / ".half-written.unfinished").write_bytes(b"PAR1")

    told = embed_files(str(pile), str(out), embedder, cluster=ONE_WORKER)

    assert sorted(str(row["id"]) for row in rows_in(out / "vectors")) == sorted(
        row["id"] for row in rows
    )
    assert told.n_documents == 40
    again = {path: path.stat().st_mtime_ns for path in (out / "vectors").iterdir()}
    assert again.keys() == kept.keys()
    assert [path for path in kept if again[path] != kept[path]] == [lost]

    # As where the pile is another one by now: nothing is mixed.
    write_parquet(pile, documents_of(6))
    with pytest.raises(OutputError, match="begun with another documents"):
        embed_files(str(pile), str(out), embedder)


def test_a_folder_of_another_run_is_left_alone(
    tmp_path: Path, embedder: DocumentEmbedder
) -> None:
    pile = write_parquet(tmp_path / "pile.parquet", documents_of(4))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")

    with pytest.raises(OutputError, match="a folder of their own"):
        embed_files(str(pile), str(tmp_path / "out"), embedder)


def test_nothing_to_read_is_told(tmp_path: Path, embedder: DocumentEmbedder) -> None:
    with pytest.raises(ReadingError, match="at least one file"):
        embed_files(str(tmp_path / "none"), str(tmp_path / "out"), embedder)


def test_sets_of_labels_are_refused_with_the_pile(
    tmp_path: Path, classifier: Classifier
) -> None:
    with pytest.raises(SettingError, match="--no-pile"):
        classify_files("pile", str(tmp_path / "out"), classifier, confidence=0.9)
