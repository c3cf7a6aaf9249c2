"""The picture of the report at the top of the README, taken of the bundled example.

Run: python -m benchmarks.screenshots.report [--out docs/images/report.png]

The pile is classified as ``make demo`` does it, its page is opened in Chromium, and two
keys are pressed: the least sure document is opened and found right, the next one gets
another label. Needs Chromium on the machine; the fonts are the machine's.
"""

import argparse
import io
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from benchmarks.serving.report import FLAGS, chromium_path

EXAMPLES = Path(__file__).parents[2] / "examples"
SIZE: ViewportSize = {"width": 1280, "height": 800}
MOST_BYTES = 200_000  # what a reader of the README waits for
RUN = "import sys; from longshot.cli import main; sys.argv[0] = 'longshot'; main()"


def main() -> None:
    """Classify, open the page, and take the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/images/report.png"))
    out = parser.parse_args().out
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.html"
        given = ("labelled", "pile")
        subprocess.run(
            [sys.executable, "-c", RUN, "classify", *given, "--report", str(report)],
            cwd=EXAMPLES,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium_path(), args=FLAGS
            )
            page = browser.new_page(viewport=SIZE, color_scheme="light")
            page.goto(report.as_uri())
            _review(page)
            shot = page.screenshot()
            browser.close()
    write_picture(shot, out)


def write_picture(shot: bytes, out: Path) -> None:
    """Write a picture in 256 colours: a third of the size, and it looks the same.

    Those of small dots are kept beside those of large grounds.
    """
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    fewer = picture.quantize(
        256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
    )
    fewer.save(out, optimize=True)
    size = out.stat().st_size
    print(f"{out}: {size:,} bytes")
    if size > MOST_BYTES:
        raise SystemExit(f"the picture must be of {MOST_BYTES:,} bytes at most")


def _review(page: Page) -> None:
    """Check the least sure document, and give the next one another label."""
    page.locator("#rows tr").first.wait_for()
    page.keyboard.press("u")
    expect(page.locator("#text")).not_to_be_empty()
    page.keyboard.press("c")
    expect(page.locator("#document-place")).to_contain_text("2 of")
    expect(page.locator("#text")).not_to_be_empty()
    page.keyboard.press("2")
    expect(page.locator("#verdict")).to_contain_text("Changed")


if __name__ == "__main__":
    main()
