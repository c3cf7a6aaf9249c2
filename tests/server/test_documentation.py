"""The page about the server tells the truth: each example runs, against a server."""

import gc
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from longshot.server import ServerSettings
from tests.server.running import RunningServer, running_server

PAGE = (Path(__file__).parents[2] / "docs" / "server.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
ADDRESS = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("state"), "--no-cache") as server:
        yield server


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_every_example_runs(
    server: RunningServer, number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    code = BLOCKS[number].replace(ADDRESS, server.address)
    exec(compile(code, "server.md", "exec"), {})
    assert capsys.readouterr().out
    gc.collect()  # some clients leave their connections open


def test_the_limits_are_those_of_the_settings() -> None:
    settings = ServerSettings()
    rows = re.findall(r"\| ([\d,]+)(?: (MB|GB))? \| `--(most-[a-z-]+)`", PAGE)
    units = {"": 1, "MB": 1_000_000, "GB": 1_000_000_000}
    told = {
        name.replace("-", "_"): int(value.replace(",", "")) * units[unit]
        for value, unit, name in rows
    }
    assert len(told) == 6
    assert told == {name: getattr(settings, name) for name in told}
