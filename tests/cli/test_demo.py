"""``longshot demo`` labels what comes with the package."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_demo_needs_no_files_and_writes_none(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("demo")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.count("paper-") == 36
    assert "of 36 are right" in result.stderr
    assert not list(tmp_path.iterdir())
