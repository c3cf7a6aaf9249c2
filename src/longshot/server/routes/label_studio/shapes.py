"""What Label Studio sends to a backend, and what it is answered."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from longshot.server.routes.texts import Open, Whole


class Task(Open):
    """A task of Label Studio."""

    id: Whole | None = None
    data: dict[str, Any]


class PredictRequest(Open):
    """Tasks to suggest labels for."""

    tasks: list[Task]
    label_config: str
    project: str | Whole | None = None


class Choices(BaseModel):
    """The labels that are suggested."""

    choices: list[str]


class Region(BaseModel):
    """One answer to one question of the form."""

    from_name: str
    to_name: str
    type: Literal["choices"] = "choices"
    value: Choices
    score: float


class TaskPrediction(BaseModel):
    """What is suggested for a task; no region where nothing can be."""

    result: list[Region]
    score: float
    model_version: str


class PredictResponse(BaseModel):
    """The suggestions, in the order of the tasks."""

    results: list[TaskPrediction]
    model_version: str


class SetupRequest(Open):
    """The form of a project of Label Studio."""

    label_schema: str = Field(alias="schema")
    project: str | Whole | None = None


class SetupResponse(BaseModel):
    """What suggests."""

    model_version: str


class Annotation(Open):
    """What a person said of a task."""

    id: Whole | None = None
    result: list[dict[str, Any]] = Field(default=[])
    was_cancelled: bool | None = None
    completed_by: Any = None


class LabelStudioProject(Open):
    """A project of Label Studio."""

    id: Whole
    label_config: str


class WebhookRequest(Open):
    """What happened in Label Studio."""

    action: str
    task: Task | None = None
    annotation: Annotation | None = None
    project: LabelStudioProject | None = None


class AnnotatedTask(Task):
    """A task with what people said of it."""

    annotations: list[Annotation] = Field(default=[])


class TrainRequest(Open):
    """Tasks with labels, as older versions send them."""

    annotations: list[AnnotatedTask] = Field(default=[])
    label_config: str | None = None
    project: str | Whole | dict[str, Any] | None = None


class Learned(BaseModel):
    """What was learned from."""

    status: Literal["ok", "ignored"]
    n_learned: int


class Up(BaseModel):
    """The backend answers."""

    status: Literal["UP"] = "UP"
    model_class: str = "longshot"
