import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.accuracy.__main__ import splits_of
from benchmarks.accuracy.measuring import Plan
from benchmarks.accuracy.results import Result, ResultFile, read_results
from benchmarks.accuracy.summary import cells_of, differences
from benchmarks.accuracy.table import tables
from benchmarks.data.corpora import read_corpus
from benchmarks.data.features import measurable
from benchmarks.learning.setfit import FOUND, known_results

ONE = Result(
    set_name="made",
    shots=1,
    seed=0,
    way="predict",
    accuracy=0.5,
    calibration_error=0.1,
    seconds=1.0,
    n_examples=2,
    n_judged=10,
)


def test_a_run_that_was_killed_goes_on_behind_the_line_that_broke_off(
    tmp_path: Path,
) -> None:
    path = tmp_path / "results.jsonl"
    ResultFile(path).add(ONE)
    with path.open("a") as file:
        file.write('{"set_name": "ma')
    again = ResultFile(path)
    again.add(replace(ONE, seed=1))
    assert ONE.key in again
    assert read_results([path]) == [ONE, replace(ONE, seed=1)]


def test_what_is_measured_again_is_forgotten_and_the_rest_kept(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    results = ResultFile(path)
    other = replace(ONE, way="tf-idf")
    for one in (ONE, other):
        results.add(one)
    results.forget(["made"], ["predict"])
    assert read_results([path]) == [other]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "mine.jsonl"
    rows = [{"text": f"text {i}", "label": "ab"[i % 2]} for i in range(8)]
    rows.append({"text": "text 8", "label": "alone"})
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def test_a_set_of_ones_own_leaves_out_a_class_with_one_document(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = measurable(read_corpus(str(own)))
    assert (corpus.name, len(corpus.texts)) == ("mine", 8)
    assert "alone" in capsys.readouterr().out


def test_only_what_is_missing_is_measured(own: Path) -> None:
    corpus = measurable(read_corpus(str(own)))
    plan = Plan(ways=["predict", "tf-idf"], shots=[0, 1], n_splits=2, n_most=0)
    done = {("mine", 1, 0, "tf-idf"), ("mine", 1, 1, "predict")}
    # Letters say nothing, so that nothing is judged from names alone.
    assert plan.missing(corpus, done) == [(1, 0, ("predict",)), (1, 1, ("tf-idf",))]


def test_a_file_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="is not at hand"):
        read_corpus("nowhere", tmp_path)


def test_a_mean_comes_with_students_interval() -> None:
    found = [replace(ONE, seed=seed, accuracy=0.4 + 0.2 * seed) for seed in (0, 1)]
    cell = cells_of(found, "made")["predict", 1]
    assert (round(cell.accuracy, 6), round(cell.half_width, 2)) == (50.0, 127.06)


def test_ways_are_compared_on_the_same_splits() -> None:
    theirs = replace(ONE, way="tf-idf", accuracy=0.25)
    found = [ONE, theirs, replace(theirs, seed=1, accuracy=1.0)]
    assert differences(found, "made", 1, "predict", "tf-idf") == (25.0, 0.0)


def test_the_table_has_a_row_for_each_way() -> None:
    printed = tables([ONE, replace(ONE, way="tf-idf", accuracy=0.25)])
    assert "| **longshot, each alone** | 50.0 |" in printed
    assert "| TF-IDF, logistic regression | 25.0 |" in printed


def test_splits_can_be_given_for_one_data_set() -> None:
    assert [splits_of(name, ["20", "bbc=5"]) for name in ("bbc", "cuad")] == [5, 20]


def test_what_is_known_of_setfit_can_be_read() -> None:
    accuracies = {one.set_name: one.accuracy for one in known_results(FOUND)}
    assert accuracies["movie"] == 0.53
