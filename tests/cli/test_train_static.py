from pathlib import Path

import pytest
from typer.testing import CliRunner

from longshot.cli.app import app
from longshot.encoders.static import WordEncoder


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.txt"
    path.write_text("the cat ate the mouse and the mouse ate the cheese " * 20)
    return path


@pytest.mark.parametrize("ending", [".vec", ".bin", ".glove"])
def test_trained_vectors_are_a_model(corpus: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"vectors{ending}"
    options = ["--algorithm", "glove", "--dim", "4", "--epochs", "2"]
    command = ["train-static", str(corpus), *options, "--out", str(out)]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    assert "6 word vectors are in" in result.stderr
    assert WordEncoder("trained", out).vector("mouse").shape == (4,)


def test_standard_input_and_too_little_text_are_told(
    corpus: Path, tmp_path: Path
) -> None:
    out = str(tmp_path / "vectors.vec")
    result = CliRunner().invoke(app, ["train-static", "-", "--out", out])
    assert "CORPUS must be a file or folder" in result.stderr
    options = ["--algorithm", "glove", "--min-count", "1000"]
    command = ["train-static", str(corpus), "--out", out, *options]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 1
    assert "at least 1000 times" in result.stderr
    assert not Path(out).exists()
