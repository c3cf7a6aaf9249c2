import csv
import re
from pathlib import Path

import pytest

from longshot.contextuality import Sentence, Settings, Study, study
from longshot.report.contextual import write_figures, write_numbers, write_report
from longshot.report.contextual_figures import short_name
from tests.fakes import FakeEncoder

matplotlib = pytest.importorskip("matplotlib")

EVIL = "<script>alert('x')</script> $mouse$ &"


@pytest.fixture(scope="module")
def found() -> Study:
    sentences = [
        Sentence(id=str(i), text=f"the mouse {EVIL} {i}", label=f"<b>{i % 2}</b>$x$")
        for i in range(8)
    ]
    settings = Settings(n_resamples=20)
    return study(sentences, ["mouse", "the"], [FakeEncoder()], settings=settings)


def test_numbers_are_one_per_line(found: Study, tmp_path: Path) -> None:
    path = tmp_path / "numbers.csv"
    write_numbers(path, found)
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(found.rows)
    assert float(rows[0]["value"]) == found.rows[0].value


def test_page_stands_alone_and_no_text_can_act(found: Study, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(path, found)
    page = path.read_text()
    assert "<script" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;" in page
    links = re.findall(r'(?:src|href)="([^"]{0,30})', page)
    assert links
    assert all(link.startswith("data:image/svg+xml;base64,") for link in links)
    assert page.count("<img") == 2 * (1 + 4)  # a map and four curves per word


def test_figures_are_png_and_svg_and_come_again(found: Study, tmp_path: Path) -> None:
    written = write_figures(tmp_path, found)
    assert sorted(path.name for path in written) == [
        "layers-0-mouse.png",
        "layers-0-mouse.svg",
        "layers-1-the.png",
        "layers-1-the.svg",
        "map-0-mouse.png",
        "map-0-mouse.svg",
        "map-1-the.png",
        "map-1-the.svg",
    ]
    first = {path.name: path.read_bytes() for path in written}
    assert first["map-0-mouse.png"].startswith(b"\x89PNG")
    again = {path.name: path.read_bytes() for path in write_figures(tmp_path, found)}
    assert first == again


def test_model_is_named_without_its_folders() -> None:
    assert short_name("elmo:/a/options.json,/b/w.hdf5") == "elmo:options.json,w.hdf5"
    assert short_name("bert-base-uncased") == "bert-base-uncased"
