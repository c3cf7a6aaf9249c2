"""`longshot classify --cluster` and `embed --cluster`, as people type them."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from longshot.cli.app import app
from tests.scale.conftest import (
    TOPICS,
    cluster,  # noqa: F401  (a fixture)
    documents_of,
    rows_in,
    text_of,
    write_parquet,
)


def examples_in(folder: Path) -> Path:
    for topic in TOPICS:
        (folder / topic).mkdir(parents=True)
        for number in (100, 101):
            path = folder / topic / f"{number}.txt"
            path.write_text(text_of(topic, number))
    return folder


@pytest.mark.filterwarnings("ignore")  # Ray's own
@pytest.mark.usefixtures("cluster")
def test_labels_go_to_a_folder_and_the_end_is_told(tmp_path: Path) -> None:
    rows = documents_of(8)
    rows.append({"id": "blank", "text": " "})
    pile = write_parquet(tmp_path / "pile.parquet", rows)
    out = tmp_path / "labels"
    run = CliRunner().invoke(
        app,
        [
            "classify",
            str(examples_in(tmp_path / "examples")),
            str(pile),
            *("--out", str(out), "--cluster", "local", "--no-cache"),
            *("--price-per-hour", "3", "--no-pile"),
        ],
    )
    assert run.exit_code == 1, run.output  # one document was set aside
    assert "1 document set aside" in run.output
    assert "cost so far 0." in run.output
    found = {str(row["id"]): row["label"] for row in rows_in(out / "labels")}
    assert found == {f"d{i}": list(TOPICS)[i % 2] for i in range(8)}


@pytest.mark.filterwarnings("ignore")  # Ray's own
@pytest.mark.usefixtures("cluster")
def test_corrections_stand_and_labels_are_held_against_the_true_ones(
    tmp_path: Path,
) -> None:
    rows = documents_of(8)
    pile = write_parquet(tmp_path / "pile.parquet", rows)
    corrections = tmp_path / "corrections.csv"
    corrections.write_text("id,label\nd0,lease\n")
    truth = tmp_path / "truth.csv"
    truth.write_text("id,label\nd0,lease\nd1,recipe\nd2,recipe\nd4,lease\n")
    out = tmp_path / "labels"
    run = CliRunner().invoke(
        app,
        [
            "classify",
            str(examples_in(tmp_path / "examples")),
            str(pile),
            *("--out", str(out), "--cluster", "local", "--no-cache", "--explain"),
            *("--corrections", str(corrections), "--truth", str(truth)),
        ],
    )
    assert run.exit_code == 0, run.output
    lines = [line.strip() for line in run.output.splitlines()]
    assert "2 of 3 are right" in lines
    assert "1 document not counted: also among the examples" in lines
    assert "4 documents without a true label: not in --truth" in lines
    assert "d2 is recipe, not lease" in lines
    found = {str(row["id"]): row for row in rows_in(out / "labels")}
    assert {id_ for id_, row in found.items() if row["checked"] == "yes"} == {"d0"}
    assert all(row["passages_for"] is not None for row in found.values())


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--report", "r.html"], "--report cannot be used with --cluster"),
        (["--sections"], "--sections cannot be used with --cluster"),
        (["--confidence", "7"], "confidence must"),
        (["--worker-threads", "0"], "a worker must have at least one thread"),
        (["--read", "adaptive"], "read must be all on a cluster"),
        (["--names-model", "nli"], "names_model cannot be asked on a cluster"),
    ],
)
def test_what_a_cluster_cannot_do_is_told_before_any_work(
    tmp_path: Path, options: list[str], told: str
) -> None:
    pytest.importorskip("ray", reason="longshot[cluster] is not installed")
    examples = str(examples_in(tmp_path / "examples"))
    out = str(tmp_path / "out")
    run = CliRunner().invoke(
        app,
        ["classify", examples, "pile", "--out", out, "--cluster", "local", *options],
    )
    assert run.exit_code == 1
    assert told in " ".join(run.output.split())


def test_a_cluster_needs_a_place_for_its_results(tmp_path: Path) -> None:
    examples = str(examples_in(tmp_path / "examples"))
    run = CliRunner().invoke(app, ["classify", examples, "pile", "--cluster", "local"])
    assert run.exit_code == 1
    assert "there is no --out" in " ".join(run.output.split())
