"""Jobs: progress, cancelling, going on after a restart."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from longshot.errors import ReadingError
from longshot.server.jobs import Job, JobRun, Jobs


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    jobs = Jobs(tmp_path / "jobs")
    yield jobs
    jobs.close()


def finished(jobs: Jobs, job: Job) -> Job:
    """Wait until a job is finished."""
    done = threading.Event()
    jobs._watching.setdefault(job.id, []).append(done.set)
    while not jobs.get(job.id).is_finished:
        assert done.wait(60)
        done.clear()
    return jobs.get(job.id)


def test_a_job_gives_its_result(jobs: Jobs) -> None:
    jobs.handle("double", lambda run: 2 * run.parameters["number"])
    job = finished(jobs, jobs.start("double", number=21))
    assert (job.state, job.result, job.error) == ("done", 42, None)


def test_a_mistake_is_told_with_its_code(jobs: Jobs) -> None:
    def work(_: JobRun) -> None:
        raise ReadingError("DOCUMENTS must exist; there is no pile.csv. Check it.")

    jobs.handle("read", work)
    job = finished(jobs, jobs.start("read"))
    assert job.state == "failed"
    assert job.error == {
        "code": "reading_failed",
        "message": "DOCUMENTS must exist; there is no pile.csv. Check it.",
    }


def test_a_bug_is_told_without_its_text(jobs: Jobs) -> None:
    def work(_: JobRun) -> None:
        raise ValueError("the secret text of a document")

    jobs.handle("read", work)
    job = finished(jobs, jobs.start("read"))
    assert job.error is not None
    assert job.error["code"] == "internal_error"
    assert "secret" not in job.error["message"]


def test_a_cancelled_job_stops_where_it_next_tells_how_far_it_is(jobs: Jobs) -> None:
    begun, reached = threading.Event(), []

    def work(run: JobRun) -> None:
        begun.set()
        assert run.cancelled.wait(60)
        reached.append("before")
        run.report(1, 2)
        reached.append("after")

    jobs.handle("wait", work)
    job = jobs.start("wait")
    assert begun.wait(60)
    jobs.cancel(job.id)
    assert finished(jobs, job).state == "cancelled"
    assert reached == ["before"]


def test_what_was_under_way_goes_on_after_a_restart(tmp_path: Path) -> None:
    begun = threading.Event()

    def never_ending(run: JobRun) -> None:
        begun.set()
        while True:
            run.check()

    first = Jobs(tmp_path / "jobs")
    first.handle("add", never_ending)
    under_way = first.start("add", "mail", path="upload")
    assert begun.wait(60)
    first.close()

    second = Jobs(tmp_path / "jobs")
    second.handle("add", lambda run: [run.project, run.parameters["path"]])
    second.resume()
    job = finished(second, under_way)
    assert (job.state, job.result) == ("done", ["mail", "upload"])
    second.close()


def test_a_finished_job_is_remembered_and_not_done_again(tmp_path: Path) -> None:
    first = Jobs(tmp_path / "jobs")
    first.handle("count", lambda _: 1)
    job = finished(first, first.start("count"))
    first.close()

    second = Jobs(tmp_path / "jobs")
    second.handle("count", lambda _: 2)
    second.resume()
    assert second.get(job.id) == job
    second.close()


def test_a_job_that_always_ends_the_server_is_given_up(tmp_path: Path) -> None:
    folder = tmp_path / "jobs"
    folder.mkdir()
    job = Job(
        id="a", kind="crash", project=None, state="running", created_at=0.0, n_starts=3
    )
    (folder / "a.json").write_text(json.dumps({**job.shown(), "parameters": {}}))
    jobs = Jobs(folder)
    jobs.handle("crash", lambda _: pytest.fail("it was begun again"))
    jobs.resume()
    error = jobs.get("a").error
    assert error is not None
    assert error["code"] == "job_given_up"
    jobs.close()


# --- as clients see them --------------------------------------------------------------


def lines_of(events: str) -> list[dict[str, Any]]:
    return [
        json.loads(line.removeprefix("data: "))
        for line in events.splitlines()
        if line.startswith("data: ")
    ]


def test_events_tell_of_a_job_until_its_end(client: TestClient, app: FastAPI) -> None:
    jobs: Jobs = app.state.shared.jobs
    may_go_on = threading.Event()

    def work(run: JobRun) -> int:
        run.report(1, 2, tokens_per_second=3.0)
        assert may_go_on.wait(60)
        return 5

    jobs.handle("read", work)
    job = jobs.start("read", "mail", text="a text that no client sees")
    with client.stream("GET", f"/v1/jobs/{job.id}/events") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        may_go_on.set()
        events = lines_of("".join(response.iter_text()))
    assert events[-1]["state"] == "done"
    assert events[-1]["result"] == 5
    assert all("parameters" not in event for event in events)


def test_jobs_are_listed_and_told_one_by_one(client: TestClient, app: FastAPI) -> None:
    jobs: Jobs = app.state.shared.jobs
    jobs.handle("count", lambda _: 1)
    job = finished(jobs, jobs.start("count"))
    assert [one["id"] for one in client.get("/v1/jobs").json()] == [job.id]
    assert client.get(f"/v1/jobs/{job.id}").json() == job.shown()


@pytest.mark.parametrize("path", ["/v1/jobs/none", "/v1/jobs/none/events"])
def test_an_unknown_job_is_an_error_of_the_one_shape(
    client: TestClient, path: str
) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "job_not_found"
