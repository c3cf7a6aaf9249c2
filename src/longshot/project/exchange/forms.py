"""The forms in which a project goes out and comes in, by their names."""

from pathlib import Path
from typing import get_args

from longshot.errors import SettingError
from longshot.recipe import check_choice
from longshot.records.forms import ExchangeForm

FORMS: tuple[ExchangeForm, ...] = get_args(ExchangeForm)


TABLES = ("csv", "tsv", "jsonl", "parquet")


def form_of(path: Path, form: str | None) -> ExchangeForm:
    """Give the form that a path's name asks for, unless one is named.

    Raises
    ------
    SettingError
        If there is none of that name, or the path's name tells none.

    Examples
    --------
    >>> form_of(Path("labels.csv"), None), form_of(Path("labels.json"), "argilla")
    ('csv', 'argilla')
    """
    if form is not None:
        check_choice("form", form, FORMS)
        return form  # type: ignore[return-value]
    ending = path.suffix.lower().removeprefix(".")
    if ending in ("html", "htm"):
        return "report"
    if ending in TABLES:
        return ending  # type: ignore[return-value]
    if path.is_dir() or not ending:
        return "folders"
    raise SettingError(
        f"the form must be clear from the name's ending (csv, tsv, jsonl, parquet, "
        f"html) or be named; got {path.name}. Give --form: {', '.join(FORMS)}."
    )
