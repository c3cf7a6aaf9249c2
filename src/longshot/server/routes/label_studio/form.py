"""The question of a project of Label Studio: read from its labelling interface."""

from dataclasses import dataclass
from typing import Any

from lxml import etree

from longshot.server.errors import Refused
from longshot.server.routes.label_studio.shapes import (
    Annotation,
    Choices,
    Region,
    Task,
    TaskPrediction,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """The question of a form: a text, and one of several labels.

    Attributes
    ----------
    from_name, to_name
        What Label Studio calls the question, and the text.
    field
        Where a task holds the text.
    labels
        The labels, with the hint for each.
    """

    from_name: str
    to_name: str
    field: str
    labels: tuple[tuple[str, str | None], ...]

    def text_of(self, task: Task) -> str:
        """Give a task's text.

        Raises
        ------
        Refused
            If it holds none.
        """
        text = task.data.get(self.field)
        if not isinstance(text, str):
            raise Refused(
                400,
                "task_without_text",
                f"a task must hold its text in data.{self.field}; task {task.id} does "
                "not. Import the texts themselves, and no addresses of files.",
            )
        return text

    def prediction(
        self, label: str | None, score: float, version: str
    ) -> TaskPrediction:
        """Give what is suggested for a task; nothing for "none of these"."""
        regions = []
        if label is not None:
            regions.append(
                Region(
                    from_name=self.from_name,
                    to_name=self.to_name,
                    value=Choices(choices=[label]),
                    score=score,
                )
            )
        return TaskPrediction(result=regions, score=score, model_version=version)

    def label_of(self, annotation: Annotation) -> str | None:
        """Give the label that a person chose; None for none.

        Raises
        ------
        Refused
            If there are several.
        """
        chosen: list[str] = []
        for region in annotation.result:
            value = region.get("value")
            if region.get("from_name") == self.from_name and isinstance(value, dict):
                chosen += [str(one) for one in value.get("choices") or ()]
        if len(chosen) > 1:
            raise Refused(
                400,
                "several_labels",
                f"a task must have one label; annotation {annotation.id} has "
                f'{len(chosen)}. Set choice="single" in the form.',
            )
        return chosen[0] if chosen else None


def read_form(label_config: str) -> Form:
    """Read the form of a project of Label Studio.

    Raises
    ------
    Refused
        If it does not ask for one of at least two labels of a text.
    """
    root = _parsed(label_config)
    for choices in () if root is None else root.iter("Choices"):
        to_name = choices.get("toName", "")
        texts = [one for one in root.iter("Text") if one.get("name") == to_name]
        labels = {
            one.get("value"): one.get("hint")
            for one in choices.iter("Choice")
            if (one.get("value") or "").strip()
        }
        name, value = choices.get("name"), texts[0].get("value", "") if texts else ""
        if name and len(labels) > 1 and value.startswith("$"):
            return Form(
                from_name=name,
                to_name=to_name,
                field=value.removeprefix("$"),
                labels=tuple(labels.items()),
            )
    raise Refused(
        400,
        "form_unknown",
        "a form must hold a <Text> with a value such as $text, and <Choices> for it "
        "with at least two labels; this one does not. Change the labeling interface.",
    )


def _parsed(label_config: str) -> Any:
    # No entities, nothing from elsewhere: whoever may ask may send any form.
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return etree.fromstring(label_config.encode(errors="replace"), parser)
    except etree.XMLSyntaxError:
        return None
