"""``longshot serve`` as a process: its end, its log, its waiting line."""

import http.client
import json
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from typer.testing import CliRunner

from longshot.cli.app import app
from tests.server.running import running_server

EXAMPLES = [
    {"text": "The tenant pays the rent.", "label": "lease"},
    {"text": "The roof leaks.", "label": "report"},
]
SECRET = "marzipan"
PATIENCE_S = 300  # a busy machine is no mistake


def classify(address: str, *inputs: str, **rest: Any) -> httpx.Response:
    body = {"inputs": inputs, "examples": EXAMPLES, **rest}
    return httpx.post(f"{address}/v1/classify", json=body, timeout=PATIENCE_S)


def get(address: str) -> httpx.Response:
    return httpx.get(address, timeout=PATIENCE_S)


class UnderWay:
    """A request that is under way for as long as a test wants: half of it is sent."""

    def __init__(self, address: str, *inputs: str) -> None:
        content = json.dumps({"inputs": inputs, "examples": EXAMPLES}).encode()
        self._rest = content[10:]
        place = urlsplit(address).netloc
        self._connection = http.client.HTTPConnection(place, timeout=PATIENCE_S)
        self._connection.putrequest("POST", "/v1/classify")
        self._connection.putheader("Content-Type", "application/json")
        self._connection.putheader("Content-Length", str(len(content)))
        self._connection.endheaders(content[:10])
        while not _n_waiting(address):
            time.sleep(0.01)

    def finish(self) -> int:
        """Send the rest, and give the status of the answer."""
        self._connection.send(self._rest)
        response = self._connection.getresponse()
        response.read()
        self._connection.close()
        return response.status


def _n_waiting(address: str) -> int:
    lines = get(f"{address}/metrics").text.splitlines()
    name = "longshot_waiting_requests "
    return next(int(float(li.split()[-1])) for li in lines if li.startswith(name))


def _listens(address: str) -> bool:
    try:
        get(f"{address}/health")
    except httpx.TransportError:  # refused, or closed before it was answered
        return False
    return True


@dataclass(frozen=True)
class Served:
    """What a server with room for one request answered, until a signal ended it.

    Attributes
    ----------
    refused, healthy
        What came while another request was under way.
    after, wrong, finished
        The status of a request once there was room, of one that is wrong, and of the
        one that was under way when the signal came.
    code, lines
        How it ended, and what it wrote.
    """

    refused: httpx.Response
    healthy: int
    after: int
    wrong: int
    finished: int
    code: int
    lines: list[str]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Served:
    state = tmp_path_factory.mktemp("state")
    with running_server(state, "--no-cache", "--most-waiting", "1") as server:
        address = server.address
        first = UnderWay(address, "The boiler leaks.")
        refused = classify(address, "The rent is due.")
        healthy = get(f"{address}/health").status_code
        assert 200 == first.finish()
        after = classify(address, f"The {SECRET} tastes.").status_code
        wrong = classify(address, SECRET, confidence=2).status_code
        get(f"{address}/v1/jobs/{SECRET}?q={SECRET}")
        last = UnderWay(address, "The surveyor went through all rooms. " * 100)
        server.process.send_signal(signal.SIGTERM)
        while _listens(address):
            time.sleep(0.01)
        finished = last.finish()
        code = server.ended()
    return Served(
        refused=refused,
        healthy=healthy,
        after=after,
        wrong=wrong,
        finished=finished,
        code=code,
        lines=server.lines,
    )


@pytest.mark.slow
def test_what_was_begun_is_finished_at_the_end(served: Served) -> None:
    assert 200 == served.finished
    assert served.code in (0, -signal.SIGTERM)


@pytest.mark.slow
def test_the_log_is_lines_of_json_without_texts(served: Served) -> None:
    logged = [json.loads(line) for line in served.lines if line.startswith("{")]
    assert all(line.startswith(("{", "serving on")) for line in served.lines)
    answered = [one for one in logged if one["message"] == "answered"]
    told = [(one["method"], one["route"], one["status"]) for one in answered]
    assert (200, 422) == (served.after, served.wrong)
    assert ("POST", "/v1/classify", 200) in told
    assert ("POST", "/v1/classify", 422) in told
    assert ("GET", "/v1/jobs/{job_id}", 404) in told
    assert SECRET not in "\n".join(served.lines)


@pytest.mark.slow
def test_a_full_line_is_told_when_to_come_again(served: Served) -> None:
    assert 429 == served.refused.status_code
    assert "too_many_waiting" == served.refused.json()["error"]["code"]
    assert int(served.refused.headers["retry-after"]) >= 1
    assert (200, 200) == (served.healthy, served.after)


def test_a_port_that_is_taken_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(
            app, ["serve", "--port", port, "--state", str(tmp_path)]
        )
    assert result.exit_code == 1
    assert "Choose another --port." in result.output


def test_beyond_this_computer_keys_are_needed() -> None:
    result = CliRunner().invoke(app, ["serve", "--host", "0.0.0.0"])
    assert result.exit_code == 1
    assert "longshot keys add" in result.output


def test_keys_are_added_listed_and_removed(tmp_path: Path) -> None:
    file = ["--keys-file", str(tmp_path / "keys.json")]
    added = CliRunner().invoke(app, ["keys", "add", "ada", "--rights", "write", *file])
    assert added.exit_code == 0
    assert added.stdout.startswith("longshot_")
    assert len(added.stdout.splitlines()) == 1
    assert "ada" in CliRunner().invoke(app, ["keys", "list", *file]).stdout
    assert CliRunner().invoke(app, ["keys", "remove", "ada", *file]).exit_code == 0
    assert "ada" not in CliRunner().invoke(app, ["keys", "list", *file]).stdout
