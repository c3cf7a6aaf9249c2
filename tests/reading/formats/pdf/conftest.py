from pathlib import Path

import pytest


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return tmp_path / "lease.pdf"
