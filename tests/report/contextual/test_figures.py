from pathlib import Path

import pytest

from longshot.contextuality import Study
from longshot.report.contextual import write_figures
from longshot.report.contextual.figures import short_name

pytest.importorskip("matplotlib")


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
