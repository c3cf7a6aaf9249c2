"""Every route, asked what nobody would think of: no 5xx, and answers as promised.

schemathesis makes requests from the description of the routes (OpenAPI), valid ones and
others, and holds each answer against that description.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from longshot.embedder import DocumentEmbedder
from longshot.project import Project
from longshot.recipe import Recipe
from longshot.records import Document
from longshot.server import ServerSettings
from longshot.server.app import make_app
from tests.fakes import FakeEncoder

# A request of the right shape may be refused for what it means (400: a text without a
# token, say), or for its length (413), and never for its shape (422).
# DELETE stops a job, which stays to be looked at.
CONFIGURATION = """
[checks.use_after_free]
enabled = false

[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", 400, 401, 403, 404, 409, 413, 429]
"""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Serve a project, with a real encoder of a few lines."""
    embedder = DocumentEmbedder(Recipe(), encoder=FakeEncoder())
    with Project.create(tmp_path / "mail", embedder=embedder) as project:
        project.add(
            [
                Document(id="a", text="The tenant pays the rent."),
                Document(id="b", text="The roof leaks."),
            ]
        )
        project.label(["a"], "lease")
        project.label(["b"], "report")
    settings = ServerSettings(
        state=tmp_path / "state", cache=False, projects=(str(tmp_path / "mail"),)
    )
    app = make_app(settings, encoder=FakeEncoder())
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.mark.slow
@pytest.mark.filterwarnings("default::longshot.errors.LongshotWarning")
def test_every_route_answers_as_it_is_described(address: str, tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(CONFIGURATION)
    n_examples = os.environ.get("LONGSHOT_FUZZ_EXAMPLES", "3")
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "schemathesis.cli",
            "run",
            f"{address}/openapi.json",
            "--max-examples",
            n_examples,
            "--seed",
            "1",
            "--no-color",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
    )
    assert run.returncode == 0, run.stdout[-20_000:]
