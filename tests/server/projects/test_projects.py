"""What /v1/projects answers, of a project that is served."""

import json
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from longshot.project import Project
from longshot.records import SetAside
from tests.server.projects.conftest import TEXTS


def finished(client: TestClient, answer: Any) -> dict[str, Any]:
    """Follow a job to its end, by its events."""
    assert 202 == answer.status_code, answer.text
    job = answer.json()["job"]["id"]
    with client.stream("GET", f"http://127.0.0.1:8000/v1/jobs/{job}/events") as events:
        lines = [one for one in events.iter_lines() if one.startswith("data: ")]
    last: dict[str, Any] = json.loads(lines[-1].removeprefix("data: "))
    return last


def decided(client: TestClient) -> None:
    answer = client.post("/letters/classify")
    if answer.status_code == 202:
        assert "done" == finished(client, answer)["state"]


def labels(client: TestClient) -> dict[str, str | None]:
    rows = client.get("/letters/documents").json()["documents"]
    return {one["id"]: (one["given"] or one)["label"] for one in rows}


def test_projects_are_listed_with_their_counts(served: TestClient) -> None:
    assert [
        {"id": "letters", "name": "letters", "n_documents": 5, "n_labelled": 0}
    ] == served.get("").json()


def test_deciding_is_a_job_where_texts_were_not_read_yet(served: TestClient) -> None:
    end = finished(served, served.post("/letters/classify"))
    assert "done" == end["state"]
    assert 5 == end["result"]["n_documents"]
    again = served.post("/letters/classify")
    assert 200 == again.status_code
    assert 5 == again.json()["n_documents"]
    status = served.get("/letters").json()
    assert (
        5
        == sum(status["histogram"])
        == sum(one["n_decided"] for one in status["labels"])
    )
    assert not status["is_stale"]


def test_a_label_is_kept_shown_and_taken_back(served: TestClient) -> None:
    decided(served)
    entry = {"kind": "label", "documents": ["a.txt", "b.txt"], "label": "lease"}
    made = served.post("/letters/entries", json=entry).json()["entry"]
    assert ["a.txt", "b.txt"] == made["documents"]
    document = served.get("/letters/documents/a.txt").json()
    assert "lease" == document["given"]["label"]
    assert TEXTS["a.txt"] == document["text"]
    assert ["add", "label"] == sorted(one["kind"] for one in document["entries"])
    undone = served.post("/letters/undo").json()
    assert made["seq"] == undone["undone"]["seq"] == undone["entry"]["undoes"]
    assert served.get("/letters/documents/a.txt").json()["given"] is None


def test_undo_tells_of_documents_before_they_go(served: TestClient) -> None:
    rows = [{"id": "new", "text": "Cook the rice."}]
    assert (
        "done"
        == finished(served, served.post("/letters/documents", json=rows))["state"]
    )
    told = served.post("/letters/undo").json()
    assert "add" == told["next"]["kind"]
    assert told["entry"] is None
    assert "new" in labels(served)
    done = served.post("/letters/undo", json={"documents": True}).json()
    assert "add" == done["undone"]["kind"]
    assert "new" not in labels(served)


def test_blind_says_nothing_of_what_was_decided(served: TestClient) -> None:
    decided(served)
    served.post(
        "/letters/entries", json={"kind": "label", "documents": ["a.txt"], "label": "x"}
    )
    document = served.get("/letters/documents/a.txt", params={"blind": True}).json()
    known = ("label", "confidence", "given", "evidence")
    assert [None] * 4 == [document[name] for name in known]
    assert [] == document["entries"] == document["alternatives"]


def test_documents_are_searched_filtered_and_counted(served: TestClient) -> None:
    decided(served)
    found = served.get("/letters/documents", params={"q": "RENT"}).json()
    assert {"a.txt", "e.txt"} == {one["id"] for one in found["documents"]}
    assert all("rent" in one["snippet"] for one in found["documents"])
    brief = served.get("/letters/documents", params={"q": "rent", "fields": "id"})
    assert {"a.txt", "e.txt"} == set(brief.json()["ids"])
    served.post("/letters/entries", json={"kind": "skip", "documents": ["c.txt"]})
    skipped = served.get("/letters/documents", params={"state": "skipped"}).json()
    assert ["c.txt"] == [one["id"] for one in skipped["documents"]]


def test_files_come_with_their_paths_and_what_fails_is_tried_again(
    served: TestClient,
) -> None:
    files = [
        ("files", ("in/f.txt", b"The roof of the house is repaired.")),
        ("files", ("in/blank.txt", b"  ")),
    ]
    end = finished(served, served.post("/letters/documents", files=files))
    assert {"n_added": 1, "n_known": 0, "n_set_aside": 1} == end["result"]
    assert "in/f.txt" in labels(served)
    (aside,) = served.get("/letters/set-aside").json()
    assert "in/blank.txt" == aside["id"]
    again = finished(served, served.post("/letters/set-aside/retry"))
    assert 1 == again["result"]["n_set_aside"]
    assert [aside["id"]] == [
        one["id"] for one in served.get("/letters/set-aside").json()
    ]


def test_files_that_were_mended_where_they_lie_keep_their_names(
    served: TestClient, place: Path, tmp_path: Path
) -> None:
    """The server reads again what a command had added, and known by its own id."""
    path = tmp_path / "g.txt"
    path.write_text("The tenant moves out in May.")
    with Project.open(place, who="Ada") as project:
        project.add([SetAside(id="in/g.txt", source=str(path), reason="was locked")])
    end = finished(served, served.post("/letters/set-aside/retry"))
    assert {"n_added": 1, "n_known": 0, "n_set_aside": 0} == end["result"]
    assert str(path) == served.get("/letters/documents/in/g.txt").json()["source"]
    assert [] == served.get("/letters/set-aside").json()


def test_a_passage_is_ignored_everywhere(served: TestClient) -> None:
    decided(served)
    entry = {"kind": "ignore", "documents": ["a.txt"], "passage": "The tenant pays the"}
    made = served.post("/letters/entries", json=entry).json()["entry"]
    assert ("ignore", ["a.txt"]) == (made["kind"], made["documents"])
    assert served.get("/letters").json()["is_stale"]
    refused = served.post("/letters/entries", json={**entry, "passage": "the"})
    assert 400 == refused.status_code


def test_the_passages_that_decided_are_told_for_a_part_of_the_list(
    served: TestClient,
) -> None:
    asked = {"document": ["a.txt", "b.txt", "gone.txt"]}
    assert {"passages": {}} == served.get("/letters/passages", params=asked).json()
    decided(served)
    told = served.get("/letters/passages", params=asked).json()["passages"]
    assert {"a.txt", "b.txt"} == set(told)
    assert " ".join(TEXTS["a.txt"].split()).startswith(told["a.txt"].removesuffix(" …"))
    rows = served.get("/letters/export", params={"form": "jsonl", "evidence": True})
    row = next(one for one in map(json.loads, rows.text.splitlines()) if one["label"])
    assert row["text"][row["passage_start"] : row["passage_end"]] == row["passage"]
    too_many = {"document": ["a.txt"] * 101}
    assert 422 == served.get("/letters/passages", params=too_many).status_code


def test_suggestions_say_why(served: TestClient) -> None:
    decided(served)
    found = served.get("/letters/next", params={"n": 2}).json()
    assert 2 == len(found)
    for one in found:
        assert one["id"] in TEXTS
        assert one["reason"]["kind"] in ("hesitates", "typical")
    places = served.get("/letters/map").json()["places"]
    assert set(TEXTS) == {one[0] for one in places}


def test_what_labelling_more_would_bring_is_told(served: TestClient) -> None:
    assert served.get("/letters/gain").json() is None  # nothing is decided yet
    decided(served)
    told = served.get("/letters/gain").json()
    assert 5 == told["n_labels"]
    assert told["low"] <= told["value"] <= told["high"]
    forecast = served.get("/letters").json()["forecast"]
    assert 0 <= forecast["n_alone"] <= forecast["n_documents"] == 5


def test_an_audit_ends_in_a_certificate_and_its_answers_can_be_labels(
    served: TestClient,
) -> None:
    decided(served)
    audit = served.post("/letters/audits", json={"n": 5}).json()
    address = f"/letters/audits/{audit['id']}"
    wanted = {"form": "certificate"}
    assert 409 == served.get("/letters/export", params=wanted).status_code
    while audit["next"]:
        answer = {"document": audit["next"], "label": "lease"}
        audit = served.post(f"{address}/answers", json=answer).json()
    assert 5 == audit["n_answered"]
    certificate = served.get(address).json()["certificate"]
    assert 0 <= certificate["limit"] <= certificate["estimate"] <= 1
    assert 5 == certificate["n_right"] + certificate["n_wrong"]
    exported = served.get("/letters/export", params=wanted)
    assert "letters.certificate.json" in exported.headers["content-disposition"]
    assert certificate["limit"] == exported.json()["limit"]
    assert {None} != set(labels(served).values())
    served.post(f"{address}/use")
    assert {"lease"} == set(labels(served).values())
    assert [audit["id"]] == [one["id"] for one in served.get("/letters/audits").json()]


def test_labels_go_out_and_come_back_in(served: TestClient) -> None:
    decided(served)
    served.post(
        "/letters/entries",
        json={"kind": "label", "documents": ["a.txt"], "label": "recipe"},
    )
    exported = served.get("/letters/export", params={"form": "doccano"})
    assert 'filename="letters-doccano.jsonl"' in exported.headers["content-disposition"]
    served.post("/letters/undo")
    made = served.post(
        "/letters/import",
        data={"form": "doccano"},
        files={"file": ("letters.jsonl", exported.content)},
    ).json()
    assert 5 == made["n_known"]
    assert 1 == made["n_labels"]
    assert "recipe" == labels(served)["a.txt"]


def test_what_is_not_there_is_told_in_one_shape(served: TestClient) -> None:
    for path in ("/none", "/letters/documents/none", "/letters/audits/9"):
        answer = served.get(path)
        assert 404 == answer.status_code
        assert {"code", "message"} == set(answer.json()["error"])
    empty = served.post("/letters/set-aside/retry")
    assert 409 == empty.status_code
