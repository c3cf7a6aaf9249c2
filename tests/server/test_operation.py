"""Whether it is up and ready, what it counts, and what happens when time is up."""

import asyncio
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from longshot.errors import SettingError
from longshot.server import ServerSettings
from longshot.server.access.waiting_line import WaitingLine
from longshot.server.app import make_app
from longshot.server.jobs import Job, JobRun, Jobs
from longshot.server.metrics import Metrics
from tests.fakes import FakeEncoder

ADDRESS = "http://127.0.0.1:8000"


def test_the_server_is_up_before_it_is_ready(settings: ServerSettings) -> None:
    client = TestClient(make_app(settings, encoder=FakeEncoder()), base_url=ADDRESS)
    assert client.get("/health").json() == {"status": "up"}
    response = client.get("/ready")
    assert response.status_code == 503
    assert response.json()["error"]["code"] == "not_ready"


def test_it_is_ready_once_the_model_is_loaded(client: TestClient) -> None:
    while client.get("/ready").status_code != 200:
        pass
    assert client.get("/ready").json() == {"status": "ready", "model": "minilm"}


def test_requests_are_counted_by_route_and_status(client: TestClient) -> None:
    client.get("/v1/jobs/one")
    client.get("/v1/jobs/another")
    line = (
        'longshot_requests_total{method="GET",route="/v1/jobs/{job_id}",status="404"} '
        "2.0"
    )
    assert line in client.get("/metrics").text.splitlines()


def test_the_memory_of_kept_vectors_is_counted(client: TestClient) -> None:
    def kept_bytes() -> float:
        lines = client.get("/metrics").text.splitlines()
        name = "longshot_kept_vectors_bytes "
        return float(next(one for one in lines if one.startswith(name)).split()[1])

    assert kept_bytes() == 0
    asked = {"model": "minilm", "input": "The rent is due."}
    answer = client.post("/v1/embeddings", json=asked)
    assert answer.status_code == 200, answer.text
    assert kept_bytes() > 0


def test_what_is_no_route_is_an_error_of_the_one_shape(client: TestClient) -> None:
    response = client.get("/v1/nowhere")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"
    response = client.put("/v1/classify")
    assert response.status_code == 405
    assert response.json()["error"]["code"] == "method_not_allowed"
    assert response.headers["allow"] == "POST"


def test_all_methods_of_a_path_are_named(client: TestClient) -> None:
    response = client.put("/v1/jobs/one")
    assert response.headers["allow"] == "DELETE, GET"


def test_a_bug_is_told_without_its_text(settings: ServerSettings) -> None:
    app = make_app(settings, encoder=FakeEncoder())

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("the secret text of a document")

    response = TestClient(app, base_url=ADDRESS).get("/broken")
    assert response.status_code == 500
    assert response.json()["error"]["code"] == "internal_error"
    assert "secret" not in response.text


def test_a_request_whose_time_is_up_is_given_up() -> None:
    async def never(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.Event().wait()

    line = WaitingLine(never, ServerSettings(most_seconds=1), Metrics())

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=line)
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
            return await client.post("/v1/classify", json={})

    response = asyncio.run(ask())
    assert response.status_code == 503
    assert response.json()["error"]["code"] == "timed_out"


def test_a_stream_of_events_ends_with_the_server(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path / "jobs")

    def never_ending(run: JobRun) -> None:
        while True:
            run.check()

    jobs.handle("wait", never_ending)
    job = jobs.start("wait")

    async def follow() -> list[Job]:
        seen = []
        async for one in jobs.changes(job.id):
            seen.append(one)
            if one.state == "running":
                jobs.stop_watching()
        return seen

    assert asyncio.run(follow())[-1].state == "running"
    jobs.close()


@pytest.mark.parametrize(
    "change",
    [{"most_texts": 0}, {"kept_classifiers": 0}, {"port": 70_000}, {"port": -1}],
)
def test_a_setting_outside_of_what_it_may_be_is_told(change: dict[str, int]) -> None:
    with pytest.raises(SettingError, match=next(iter(change))):
        ServerSettings(**change)  # type: ignore[arg-type]


def test_without_the_extra_it_says_what_to_install() -> None:
    script = (
        "import sys\n"
        "sys.modules['fastapi'] = None\n"
        "sys.argv = ['longshot', 'serve']\n"
        "from longshot.cli import main\n"
        "main()\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "pip install 'longshot[server]'" in run.stderr
