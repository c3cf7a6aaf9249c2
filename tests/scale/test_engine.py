"""How many workers a cluster holds, and what is said of its errors."""

import os
import subprocess
import sys

import pytest

from longshot.errors import SettingError
from longshot.scale.engine import Workers, told_by


@pytest.mark.parametrize(
    ("workers", "resources", "expected"),
    [
        (Workers(), {"CPU": 64.0}, (64, 64)),
        (Workers(threads=4), {"CPU": 64.0}, (16, 16)),
        (Workers(threads=4, n_most=3), {"CPU": 64.0}, (3, 3)),
        (Workers(n_most=100), {"CPU": 64.0}, (64, 100)),  # it may grow
        (Workers(n_least=1), {"CPU": 64.0}, (1, 64)),
        (Workers(gpus=0.25), {"CPU": 64.0, "GPU": 2.0}, (8, 8)),
        (Workers(gpus=1.0), {"CPU": 64.0, "GPU": 2.0}, (2, 2)),
        (Workers(threads=8), {"CPU": 2.0}, (1, 1)),
    ],
)
def test_a_cluster_holds_as_many_workers_as_it_has_room_for(
    workers: Workers, resources: dict[str, float], expected: tuple[int, int]
) -> None:
    assert workers.between(resources) == expected


def test_workers_leave_reading_its_share() -> None:
    assert Workers(threads=2).cpus == pytest.approx(1.8)


def test_a_worker_has_a_thread_and_no_less_than_no_gpu() -> None:
    with pytest.raises(SettingError, match="--worker-threads"):
        Workers(threads=0)
    with pytest.raises(SettingError, match="--worker-gpus"):
        Workers(gpus=-1.0)


@pytest.mark.slow
def test_a_cluster_that_is_started_here_reports_to_nobody() -> None:
    """As Ray reads it when it is to start; the start itself is left out."""
    pytest.importorskip("ray", reason="longshot[cluster] is not installed")
    script = (
        "import ray\n"
        "from longshot.scale.engine import connected\n"
        "from ray._common.usage.usage_lib import usage_stats_enabled\n"
        "ray.init = lambda **_: print(usage_stats_enabled())\n"
        "with connected():\n"
        "    pass\n"
    )
    environment = {
        name: value
        for name, value in os.environ.items()
        if name != "RAY_USAGE_STATS_ENABLED"
    }
    run = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert run.stdout == "False\n"


def test_of_a_traceback_the_line_that_tells_is_said() -> None:
    error = RuntimeError(
        "ray::MapBatches(Worker)()\n"
        "ray.exceptions.UserCodeException: UDF failed to process a data block.\n"
        "  File workers.py, line 3, in write\n"
        "longshot.errors.OutputError: results must go where files can be written\n"
        "To change retry attempts, see the manual."
    )
    assert told_by(error) == (
        "longshot.errors.OutputError: results must go where files can be written"
    )
