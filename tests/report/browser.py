"""What Chromium shows of a page that is only drawn."""

import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
# a browser of a continuous integration runs as root, which its sandbox refuses
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium is on this machine"
)

_ASK = """<script>addEventListener("load", () => {
  const images = [...document.images].filter(image => image.naturalWidth > 0);
  const wide = document.documentElement.scrollWidth > innerWidth;
  document.title = `${images.length} images, ${wide ? "too wide" : "fits"}`;
});</script>"""


def images_and_width(page: Path, *, width: int) -> list[str]:
    """Ask how many images are drawn, and whether the page fits its window."""
    page.write_text(page.read_text().replace("</body>", f"{_ASK}</body>"))
    options = ["--headless", *FLAGS, "--dump-dom", f"--window-size={width},900"]
    shown = subprocess.run(
        [str(CHROMIUM), *options, page.as_uri()],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    return re.findall("<title>(.*?)</title>", unescape(shown))
