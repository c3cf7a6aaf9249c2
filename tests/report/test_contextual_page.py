import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

from longshot.contextuality import Sentence, Settings, study
from longshot.report.contextual import write_report
from tests.fakes import FakeEncoder

pytest.importorskip("matplotlib")

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

ASK = """<script>addEventListener("load", () => {
  const images = [...document.images].filter(image => image.naturalWidth > 0);
  const wide = document.documentElement.scrollWidth > innerWidth;
  document.title = `${images.length} images, ${wide ? "too wide" : "fits"}`;
});</script>"""


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
@pytest.mark.parametrize("width", [500, 1280])
def test_page_fits_its_window_and_draws_its_figures(tmp_path: Path, width: int) -> None:
    sentences = [
        Sentence(id=str(i), text=f"a mouse {'x' * 300} number{i}", label=f"{i % 2}")
        for i in range(8)
    ]
    found = study(
        sentences, ["mouse"], [FakeEncoder()], settings=Settings(n_resamples=20)
    )
    path = tmp_path / "report.html"
    write_report(path, found)
    path.write_text(path.read_text().replace("</body>", f"{ASK}</body>"))
    # a browser of a continuous integration runs as root, which its sandbox refuses
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    options += ["--disable-background-networking", f"--window-size={width},900"]
    shown = subprocess.run(
        [str(CHROMIUM), *options, path.as_uri()],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    titles = re.findall("<title>(.*?)</title>", unescape(shown))
    assert titles == ["5 images, fits"]
