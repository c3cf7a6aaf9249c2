"""Options in groups: a command takes a dataclass, the person sees its fields."""

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

Command = Callable[..., None]


def with_options(command: Command) -> Command:
    """Give a command one option for each field of the dataclasses that it takes.

    A field is annotated as an option of a command is: with its type and a
    ``typer.Option``. The options come where the dataclass stands among the parameters,
    in the order of its fields.
    """
    parameters = inspect.signature(command).parameters.values()
    groups: dict[str, Any] = {
        one.name: one.annotation for one in parameters if is_dataclass(one.annotation)
    }

    @functools.wraps(command)
    def grouping(**options: Any) -> None:
        for name, group in groups.items():
            own = {field.name: options.pop(field.name) for field in fields(group)}
            options[name] = group(**own)
        command(**options)

    shown: list[inspect.Parameter] = []
    for one in parameters:
        group = groups.get(one.name)
        shown += [one] if group is None else map(_option, fields(group))
    return showing(grouping, shown)


def showing(command: Command, parameters: Sequence[inspect.Parameter]) -> Command:
    """Let a command be taken for one that has these parameters."""
    signature = inspect.Signature(list(parameters))
    command.__signature__ = signature  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    return command


def _option(field: "Field[Any]") -> inspect.Parameter:
    required = field.default is MISSING
    return inspect.Parameter(
        field.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if required else field.default,
        annotation=field.type,
    )
