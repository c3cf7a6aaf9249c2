import csv
import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from longshot.errors import SettingError
from longshot.evaluation import Evaluation, Settings, evaluate
from longshot.evaluation.learners import LogisticLearner
from longshot.report.evaluation import (
    check_numbers_ending,
    write_numbers,
    write_report,
)
from longshot.report.evaluation_page import frequent_confusions
from tests.evaluation.learners import NearestMean
from tests.report.browser import images_and_width, needs_chromium

pytest.importorskip("matplotlib")

EVIL = "<script>alert(1)</script>$x$"


@pytest.fixture(scope="module")
def found() -> Evaluation:
    """Give an evaluation whose labels would act if they were not escaped."""
    classes = np.repeat([0, 1, 2], 12)
    points = np.random.default_rng(0).normal(size=(36, 5)) + np.eye(5)[classes]
    return evaluate(
        [(EVIL, "b" * 80, "c")[c] for c in classes],
        {
            "longshot": NearestMean(documents=points),
            f"other {EVIL}": LogisticLearner(documents=points),
        },
        settings=Settings(shots=(1, 2, 4), n_splits=3, n_resamples=10),
    )


def test_every_figure_is_a_row(found: Evaluation, tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    write_numbers(path, found)
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))

    assert 2 * 3 * 6 + 3 * 3 + 3 == len(rows)
    assert float(rows[0]["value"]) == found.points[0].accuracy.value
    assert {EVIL, "b" * 80, "c", ""} == {row["class"] for row in rows}
    assert 3 == sum(row["p_value"] != "" for row in rows)


def test_json_holds_everything(found: Evaluation, tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    write_numbers(path, found)
    read = json.loads(path.read_text())

    assert found.closely.confusion.tolist() == read["closely"]["confusion"]
    assert list(found.answers) == read["answers"]


def test_what_is_not_known_is_null(tmp_path: Path) -> None:
    """A class that is never predicted has no precision."""
    classes = np.repeat([0, 1], 5)
    found = evaluate(
        ["a" if c else "b" for c in classes],
        {"always": lambda _, __, test: np.tile([1.0, 0.0], (len(test), 1))},
        settings=Settings(shots=(1,), n_splits=2, n_resamples=5),
    )
    path = tmp_path / "figures.json"
    write_numbers(path, found)
    read = json.loads(path.read_text(), parse_constant=pytest.fail)

    assert [0.5, None] == [
        one["precision"]["value"] for one in read["closely"]["classes"]
    ]


def test_ending_without_a_format_is_told() -> None:
    with pytest.raises(SettingError, match="must end in"):
        check_numbers_ending(Path("figures.xls"))


def test_nothing_from_labels_acts(found: Evaluation, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(path, found)
    text = path.read_text()

    assert "<script" not in text
    assert "http" not in re.sub(r'src="data:[^"]*"', "", text)
    for answer in found.answers:
        assert answer in unescape(text)


def test_page_is_well_formed_and_images_are_told_in_words(
    found: Evaluation, tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    write_report(path, found)
    open_tags: list[str] = []
    alts: list[str | None] = []

    class Checker(HTMLParser):
        def handle_starttag(
            self, tag: str, attrs: list[tuple[str, str | None]]
        ) -> None:
            if tag == "img":
                alts.append(dict(attrs).get("alt"))
            if tag not in ("img", "meta"):
                open_tags.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert tag == open_tags.pop()

    Checker().feed(path.read_text())
    assert [] == open_tags
    assert 3 == len(alts)
    assert all(alts)


def test_same_evaluation_gives_the_same_page(found: Evaluation, tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_report(tmp_path / name, found)

    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_mistakes_come_by_their_number(found: Evaluation) -> None:
    confusion = found.closely.confusion
    labels = [one.label for one in found.closely.classes]
    true, predicted, share = frequent_confusions(found.closely)[0]
    most = confusion[labels.index(true), labels.index(predicted)]

    assert true != predicted
    assert most == (confusion * (1 - np.eye(3))).max()
    assert share == most / confusion[labels.index(true)].sum()


@pytest.mark.slow
@needs_chromium
@pytest.mark.parametrize("width", [500, 1280])
def test_page_fits_its_window_and_draws_its_figures(
    found: Evaluation, tmp_path: Path, width: int
) -> None:
    path = tmp_path / "report.html"
    write_report(path, found)
    assert images_and_width(path, width=width) == ["3 images, fits"]
