"""Labels' names that a model is asked about, from the command line."""

from pathlib import Path

import pytest

from tests.cli.classify.test_labels import rows_of
from tests.cli.conftest import Run
from tests.cli.output.test_terminal import run_on_terminal
from tests.encoders.transformers.test_entailment import save_nli


@pytest.fixture
def nli(tmp_path: Path) -> Path:
    return save_nli(tmp_path / "nli")


def test_a_model_is_asked_once_for_each_window_and_label(
    run: Run, labelled: Path, pile: Path, nli: Path
) -> None:
    result = run("classify", labelled, pile, "--names-model", nli, "--verbose")

    assert 0 == result.exit_code, result.output
    n_documents = len(rows_of(result.stdout))
    passes = 2 * (2 + n_documents)  # the examples are asked about, too
    told = f"asked {nli}: {passes} forward passes, one for each window of a document"
    assert told in result.stderr
    assert "names in entailment: weight" in result.stderr


def test_by_names_alone_each_document_by_itself(
    run: Run, pile: Path, nli: Path, tmp_path: Path
) -> None:
    labels = tmp_path / "labels.txt"
    labels.write_text("lease\nreport\n")

    result = run("classify", labels, pile, "--no-pile", "--names-model", nli)

    assert 0 == result.exit_code, result.output
    assert {"lease", "report"} >= {row["label"] for row in rows_of(result.stdout)}


def test_no_bar_is_left_on_a_terminal(
    fake_longshot: list[str], labelled: Path, pile: Path, nli: Path
) -> None:
    """Its own bar stands in for that of the documents."""
    command = [*fake_longshot, "classify", str(labelled), str(pile)]

    lines = run_on_terminal([*command, "--names-model", str(nli)])

    assert "2 examples: lease 1, report 1" == lines[0]
    assert not any("━" in line for line in lines)


def test_evaluate_holds_it_against_the_rest(
    run: Run, nli: Path, tmp_path: Path
) -> None:
    table = tmp_path / "labelled.csv"
    rows = [f"The tenant pays {n}.,lease\nA leak {n}.,report\n" for n in range(6)]
    table.write_text("text,label\n" + "".join(rows))
    options = ["--shots", "1", "--splits", 2, "--names-model", nli]

    result = run("evaluate", table, *options)

    assert 0 == result.exit_code, result.output
    assert f"difference between longshot and longshot, asking {nli}" in result.stdout
    assert f"asked {nli}: 24 forward passes" in result.stderr
