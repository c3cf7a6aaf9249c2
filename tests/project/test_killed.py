"""A handful of kills; ``python -m benchmarks.hostile project`` does hundreds."""

import subprocess
import sys

import pytest

from tests.postgres import missing_reason

if sys.platform == "win32":
    pytest.skip("SIGKILL is POSIX's", allow_module_level=True)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_acknowledged_is_lost_when_a_process_is_killed(database: str) -> None:
    if database == "postgresql" and (reason := missing_reason()):
        pytest.skip(reason)
    counts = {"sqlite": ("5", "0"), "postgresql": ("0", "5")}[database]
    options = ["--kills", counts[0], "--postgresql-kills", counts[1]]
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.hostile", "project", *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 failures" in run.stdout
