"""``longshot serve`` as a process: its end, its log, its waiting line."""

import json
import signal
import socket
import threading
from pathlib import Path
from typing import Any

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


def classify(address: str, *inputs: str, **rest: Any) -> httpx.Response:
    body = {"inputs": inputs, "examples": EXAMPLES, **rest}
    return httpx.post(f"{address}/v1/classify", json=body, timeout=300)


@pytest.mark.slow
def test_what_was_begun_is_finished_at_the_end(tmp_path: Path) -> None:
    with running_server(tmp_path, "--no-cache") as server:
        long = "The surveyor went through all rooms of the house. " * 1_000
        answers: list[httpx.Response] = []
        asking = threading.Thread(
            target=lambda: answers.append(classify(server.address, long))
        )
        asking.start()
        while not _n_waiting(server.address):
            assert asking.is_alive()
        server.process.send_signal(signal.SIGTERM)
        asking.join(300)
        assert [one.status_code for one in answers] == [200]
        assert server.ended() in (0, -signal.SIGTERM)
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{server.address}/health")


def _n_waiting(address: str) -> int:
    lines = httpx.get(f"{address}/metrics").text.splitlines()
    name = "longshot_waiting_requests "
    return next(int(float(li.split()[-1])) for li in lines if li.startswith(name))


@pytest.mark.slow
def test_the_log_is_lines_of_json_without_texts(tmp_path: Path) -> None:
    with running_server(tmp_path, "--no-cache") as server:
        assert classify(server.address, f"The {SECRET} tastes.").status_code == 200
        assert classify(server.address, SECRET, confidence=2).status_code == 422
        httpx.get(f"{server.address}/v1/jobs/{SECRET}?q={SECRET}")
        server.process.send_signal(signal.SIGTERM)
        server.ended()
    logged = [json.loads(line) for line in server.lines if line.startswith("{")]
    assert all(line.startswith(("{", "serving on")) for line in server.lines)
    answered = [one for one in logged if one["message"] == "answered"]
    told = [(one["method"], one["route"], one["status"]) for one in answered]
    assert ("POST", "/v1/classify", 200) in told
    assert ("POST", "/v1/classify", 422) in told
    assert ("GET", "/v1/jobs/{job_id}", 404) in told
    assert SECRET not in "\n".join(server.lines)


@pytest.mark.slow
def test_a_full_line_is_told_when_to_come_again(tmp_path: Path) -> None:
    options = ("--no-cache", "--most-waiting", "1")
    with running_server(tmp_path, *options) as server:
        long = "The surveyor went through all rooms of the house. " * 1_000
        asking = threading.Thread(target=classify, args=(server.address, long))
        asking.start()
        while not _n_waiting(server.address):
            assert asking.is_alive()
        refused = classify(server.address, "The rent is due.")
        assert refused.status_code == 429
        assert refused.json()["error"]["code"] == "too_many_waiting"
        assert int(refused.headers["retry-after"]) >= 1
        assert httpx.get(f"{server.address}/health").status_code == 200
        asking.join(300)
        assert classify(server.address, "The rent is due.").status_code == 200


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
