"""What a project keeps decides, for those who name it and for Label Studio."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from longshot import DocumentEmbedder, LongshotClassifier
from longshot.project import NamedLabel, Project
from longshot.records import Document
from longshot.server import ServerSettings
from longshot.server.app import make_app

ADDRESS = "http://127.0.0.1:8000"
LEASE = "The tenant pays the rent to the landlord on the first day of the month."
REPORT = "The boiler leaks, and the inspection found the roof damaged."
INPUTS = ["The landlord may raise the rent.", "An inspection of the boiler and roof."]
FORM = """
<View>
  <Text name="letter" value="$body"/>
  <Choices name="kind" toName="letter" choice="single">
    <Choice value="lease"/><Choice value="report" hint="an inspection report"/>
  </Choices>
</View>
"""


@pytest.fixture
def project(tmp_path: Path, minilm: DocumentEmbedder) -> Iterator[Project]:
    with Project.create(tmp_path / "mail", who="ada", embedder=minilm) as project:
        project.add([Document(id="a", text=LEASE), Document(id="b", text=REPORT)])
        yield project


@pytest.fixture
def client(
    tmp_path: Path, project: Project, minilm: DocumentEmbedder
) -> Iterator[TestClient]:
    settings = ServerSettings(
        state=tmp_path / "state", cache=False, projects=(str(tmp_path / "mail"),)
    )
    app = make_app(settings, encoder=minilm.encoder)
    with TestClient(app, base_url=ADDRESS) as client:
        yield client


def ask(client: TestClient, path: str, status: int = 200, **body: Any) -> Any:
    response = client.post(path, json=body)
    assert response.status_code == status, response.text
    return response.json()


def test_a_projects_examples_decide(
    client: TestClient, project: Project, minilm: DocumentEmbedder
) -> None:
    project.label(["a"], "lease")
    project.label(["b"], "report")
    answer = ask(client, "/v1/classify", inputs=INPUTS, project="mail")
    classifier = LongshotClassifier(embedder=minilm).fit(
        [LEASE, REPORT], ["lease", "report"], ["lease", "report"], ids=["a", "b"]
    )
    expected = classifier.classify(INPUTS, pile=False).predictions
    for told, wanted in zip(answer["classifications"], expected, strict=True):
        assert told["prediction"] == wanted.label
        assert told["confidence"] == pytest.approx(wanted.confidence, abs=1e-5)


def test_a_projects_phrases_count(client: TestClient, project: Project) -> None:
    def sure() -> float:
        answer = ask(client, "/v1/classify", inputs=INPUTS[:1], project="mail")
        found: float = answer["classifications"][0]["labels"]["report"]["confidence"]
        return found

    project.set_labels([NamedLabel(name="lease"), NamedLabel(name="report")])
    before = sure()
    against = NamedLabel(name="lease", speaks_against=("landlord", "rent"))
    project.set_labels([against, NamedLabel(name="report", speaks_for=("raise",))])
    assert sure() > before + 0.1


def test_what_is_labelled_meanwhile_counts_for_the_next_request(
    client: TestClient, project: Project
) -> None:
    project.set_labels([NamedLabel(name="lease"), NamedLabel(name="report")])
    ask(client, "/v1/classify", inputs=INPUTS, project="mail")
    project.label(["a"], "contract")
    answer = ask(client, "/v1/classify", inputs=INPUTS, project="mail")
    assert set(answer["classifications"][0]["labels"]) == {
        "contract",
        "lease",
        "report",
    }


def test_predict_decides_by_the_project_that_is_served(
    client: TestClient, project: Project
) -> None:
    project.label(["a"], "lease")
    project.label(["b"], "report")
    (best, _) = ask(client, "/predict", inputs=INPUTS[0])
    assert best["label"] == "lease"
    batch = ask(client, "/predict", inputs=[[text] for text in INPUTS])
    assert [scores[0]["label"] for scores in batch] == ["lease", "report"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"project": "other"}, 404, "project_not_found"),
        ({"project": "mail"}, 400, "examples_invalid"),
        ({"project": "mail", "labels": ["a", "b"]}, 400, "examples_twice"),
    ],
)
def test_a_mistake_has_its_code(
    client: TestClient, body: dict[str, Any], status: int, code: str
) -> None:
    answer = ask(client, "/v1/classify", status, inputs=INPUTS, **body)
    assert answer["error"]["code"] == code


# --- Label Studio ---------------------------------------------------------------------


def tasks() -> list[dict[str, Any]]:
    return [{"id": 7 + i, "data": {"body": text}} for i, text in enumerate(INPUTS)]


def annotated(task: int, text: str, *choices: str) -> dict[str, Any]:
    """Give what Label Studio's webhook sends, with more than anyone needs."""
    region = {
        "id": "x1",
        "from_name": "kind",
        "to_name": "letter",
        "type": "choices",
        "origin": "manual",
        "value": {"choices": list(choices)},
    }
    return {
        "action": "ANNOTATION_CREATED",
        "annotation": {
            "id": 1,
            "completed_by": {"id": 1, "email": "ada@example.org"},
            "result": [region] if choices else [],
            "was_cancelled": False,
            "lead_time": 3.2,
            "task": task,
        },
        "task": {"id": task, "data": {"body": text}, "is_labeled": True},
        "project": {"id": 3, "title": "Letters", "label_config": FORM},
    }


@pytest.mark.parametrize("base", ["/label-studio", "/label-studio/mail"])
def test_label_studio_connects(client: TestClient, base: str) -> None:
    assert client.get(f"{base}/health").json()["status"] == "UP"
    answer = ask(
        client,
        f"{base}/setup",
        project="3.1763",
        schema=FORM,
        hostname="http://localhost:8080",
        access_token="abc",
        extra_params="",
    )
    assert answer["model_version"].startswith("longshot-")


def test_tasks_get_suggestions_in_the_form_that_was_given(client: TestClient) -> None:
    answer = ask(
        client,
        "/label-studio/predict",
        tasks=tasks(),
        project="3.1763",
        label_config=FORM,
        params={"login": None, "password": None, "context": None},
    )
    (first, second) = answer["results"]
    assert first["result"][0]["from_name"] == "kind"
    assert first["result"][0]["to_name"] == "letter"
    assert first["result"][0]["type"] == "choices"
    assert first["result"][0]["value"] == {"choices": ["lease"]}
    assert second["result"][0]["value"] == {"choices": ["report"]}
    assert 0 < first["score"] <= 1


def test_what_is_labelled_there_is_kept_and_learned_from(
    client: TestClient, project: Project
) -> None:
    body: dict[str, Any] = {"tasks": tasks(), "label_config": FORM}
    before = ask(client, "/label-studio/predict", **body)
    answer = ask(
        client, "/label-studio/webhook", 201, **annotated(9, INPUTS[1], "lease")
    )
    assert answer == {"status": "ok", "n_learned": 1}
    (row,) = project.examples()
    assert (row.document_id, row.label) == ("label-studio/3/9", "lease")
    assert row.who == "Label Studio ada@example.org"
    after = ask(client, "/label-studio/predict", **body)
    assert after["model_version"] != before["model_version"]
    assert after["results"][1]["score"] != before["results"][1]["score"]


def test_a_label_taken_away_is_forgotten(client: TestClient, project: Project) -> None:
    ask(client, "/label-studio/webhook", 201, **annotated(9, INPUTS[1], "lease"))
    changed = {**annotated(9, INPUTS[1]), "action": "ANNOTATION_UPDATED"}
    ask(client, "/label-studio/webhook", 201, **changed)
    assert project.examples() == []


def test_a_cancelled_annotation_and_other_events_change_nothing(
    client: TestClient, project: Project
) -> None:
    cancelled = annotated(9, INPUTS[1], "lease")
    cancelled["annotation"]["was_cancelled"] = True
    ask(client, "/label-studio/webhook", 201, **cancelled)
    answer = ask(client, "/label-studio/webhook", 201, action="PROJECT_UPDATED")
    assert answer["status"] == "ignored"
    assert project.history(limit=1)[0].kind == "add"


def test_labelled_tasks_can_be_sent_to_train(
    client: TestClient, project: Project
) -> None:
    event = annotated(9, INPUTS[0], "lease")
    task = {**event["task"], "annotations": [event["annotation"]]}
    answer = ask(
        client,
        "/label-studio/train",
        201,
        annotations=[task],
        project="3",
        label_config=FORM,
    )
    assert answer == {"status": "ok", "n_learned": 1}
    assert [row.label for row in project.examples()] == ["lease"]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ("<View/>", "form_unknown"),
        ("not a form", "form_unknown"),
        (FORM.replace('<Choice value="lease"/>', ""), "form_unknown"),
        (FORM.replace("$body", "$missing"), "task_without_text"),
    ],
)
def test_a_form_that_asks_for_something_else_is_refused(
    client: TestClient, form: str, code: str
) -> None:
    body = {"tasks": tasks(), "label_config": form}
    answer = ask(client, "/label-studio/predict", 400, **body)
    assert answer["error"]["code"] == code


def test_an_entity_of_a_form_is_not_read(client: TestClient) -> None:
    form = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><View>&e;</View>'
    answer = ask(client, "/label-studio/setup", 400, schema=form)
    assert answer["error"]["code"] == "form_unknown"


def test_several_labels_of_a_task_are_refused(client: TestClient) -> None:
    event = annotated(9, INPUTS[0], "lease", "report")
    answer = ask(client, "/label-studio/webhook", 400, **event)
    assert answer["error"]["code"] == "several_labels"


def test_without_a_project_labels_are_suggested_by_name(
    tmp_path: Path, minilm: DocumentEmbedder
) -> None:
    settings = ServerSettings(state=tmp_path / "other", cache=False)
    app = make_app(settings, encoder=minilm.encoder)
    with TestClient(app, base_url=ADDRESS) as client:
        body: dict[str, Any] = {"tasks": tasks(), "label_config": FORM}
        results = ask(client, "/label-studio/predict", **body)["results"]
        assert results[0]["result"][0]["value"] == {"choices": ["lease"]}
        event = annotated(9, INPUTS[0], "lease")
        answer = ask(client, "/label-studio/webhook", 409, **event)
        assert answer["error"]["code"] == "one_project_needed"
