from pathlib import Path

import pytest

from longshot.contextuality import Sentence, Settings, Study, study
from longshot.report.contextual import write_report
from tests.fakes import FakeEncoder
from tests.report.browser import images_and_width, needs_chromium

pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def found() -> Study:
    """Give a study whose sentences hold a word that is wider than a page."""
    sentences = [
        Sentence(id=str(i), text=f"a mouse {'x' * 300} number{i}", label=f"{i % 2}")
        for i in range(8)
    ]
    return study(
        sentences, ["mouse"], [FakeEncoder()], settings=Settings(n_resamples=20)
    )


@pytest.mark.slow
@needs_chromium
@pytest.mark.parametrize("width", [500, 1280])
def test_page_fits_its_window_and_draws_its_figures(
    found: Study, tmp_path: Path, width: int
) -> None:
    path = tmp_path / "report.html"
    write_report(path, found)
    assert images_and_width(path, width=width) == ["5 images, fits"]
