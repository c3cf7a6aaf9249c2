"""Label names and what they mean, from a file of a person's own."""

import json
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

from longshot.errors import ReadingError
from longshot.reading.sources.documents import existing
from longshot.reading.sources.labelled import LONGEST_LABEL_CHARACTERS, named
from longshot.reading.tables.columns import Columns
from longshot.reading.tables.rows import Row
from longshot.reading.tables.table import Table, is_table
from longshot.records import NamedLabel

KINDS = "yaml, json, txt, or a table with the columns label and description"
_MOST_BYTES = 1_000_000  # ten thousand labels with their descriptions
_MOST_DEPTH = 20  # of two that can be used: what is beyond is told like the third
_PHRASES = ("speaks_for", "speaks_against")
_ENDINGS = (".yaml", ".yml", ".json", ".txt")


def names_labels(source: str | Path) -> bool:
    """Tell by its ending whether a file can only be one of label names."""
    return Path(source).suffix.lower() in _ENDINGS


def read_descriptions(source: str | Path) -> dict[str, str | None]:
    """Read labels and what each means in one text, as :func:`read_labels_file` does.

    Returns
    -------
    dict
        The meaning of each label; None where the name says all.
    """
    return {one.name: one.meaning for one in read_labels_file(source)}


def read_labels_file(
    source: str | Path, *, argument: str = "--labels"
) -> list[NamedLabel]:
    """Read labels, what they mean, and phrases that speak for and against them.

    Parameters
    ----------
    source
        A yaml or json file that holds a list of names, or names and descriptions (in
        the place of one, an object with ``description``, ``speaks_for`` and
        ``speaks_against``); a text file with one name on each line; a table with the
        columns ``label`` and, if there are descriptions, ``description``.
    argument
        What the person named it as, for errors.

    Raises
    ------
    ReadingError
        If it cannot be read, is of another kind, or holds something else.
    """
    path = existing(source, argument=argument)
    if is_table(path):
        return _checked(_rows(path, argument), path, argument)
    if not names_labels(path):
        raise ReadingError(
            f"{argument} must be a file of labels ({KINDS}); {path} is another kind "
            "of file. Name another file."
        )
    return _checked(_content(path, argument), path, argument)


def _rows(path: Path, argument: str) -> list[tuple[Any, Any]]:
    columns = Columns(text="label", id="id", label="label", argument=argument)
    rows = Table(path=path, columns=columns).rows()
    values = [row.values for row in rows if isinstance(row, Row)]
    return [(one.get("label"), one.get("description") or None) for one in values]


def _content(path: Path, argument: str) -> Any:
    import yaml

    try:
        text = _read(path, argument)
        if path.suffix.lower() == ".txt":
            return [line.strip() for line in text.splitlines() if line.strip()]
        return _json(text) if path.suffix.lower() == ".json" else _yaml(text)
    except RecursionError:
        return None  # lists in lists in lists: names of labels they are not
    except (OSError, ValueError, yaml.YAMLError) as error:
        reason = str(error).splitlines()[0]
        raise ReadingError(
            f"{argument} must be readable; {path} is not ({reason}). Fix the file."
        ) from error


def _read(path: Path, argument: str) -> str:
    """Read the file, which a person has written: a big one is another file."""
    with path.open("rb") as file:
        data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise ReadingError(
            f"{argument} must be a file of labels ({KINDS}), of at most "
            f"{_MOST_BYTES // 1_000_000} MB; {path} is larger. Name another file."
        )
    return data.decode("utf-8-sig")


def _json(text: str) -> Any:
    """Read json with an object as its pairs, so that a name given twice is seen."""
    return json.loads(text, object_pairs_hook=list)


def _yaml(text: str) -> Any:
    """Read yaml with every plain word as text, so that ``no`` is a label.

    A mapping comes as its pairs: a name that is given twice would replace the first.
    How deep it is nested is found out first: PyYAML takes minutes for lists in lists
    100,000 deep, its time growing with the square of the depth.
    """
    import yaml

    class Loader(yaml.BaseLoader):  # type: ignore[misc]
        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            return self.construct_pairs(node, deep=True)

    depth = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _MOST_DEPTH:
            return None
    return yaml.load(text, Loader=Loader)


def _checked(content: Any, path: Path, argument: str) -> list[NamedLabel]:
    pairs = _pairs(content)
    labels = [_label(name, told) for name, told in pairs]
    read = [one for one in labels if one is not None]
    if not read or len(read) < len(labels):
        raise ReadingError(
            f"{argument} must hold label names, each with or without a description; "
            f"{path} holds something else. Write, for instance, a line 'lease: a "
            "contract about renting' for each label, or below it lines with "
            "description, speaks_for and speaks_against, the last two lists of phrases."
        )
    counts = Counter(one.name for one in read)
    if twice := sorted(name for name, n in counts.items() if n > 1):
        raise ReadingError(
            f"{argument} must name each label once; {path} names {twice[0]} twice. "
            "Remove one of them."
        )
    return read


def _label(name: Any, told: Any) -> NamedLabel | None:
    """Take a name and what is said of it; None where it is something else."""
    if not _is_name(name):
        return None
    if _is_plain(told):
        return NamedLabel(name=named(name), description=_text(told))
    if not all(isinstance(one, tuple) for one in told):
        return None
    values = dict(told)
    description = values.pop("description", None)
    phrases = {key: values.pop(key, None) or [] for key in _PHRASES}
    lists = [*phrases.values()]
    is_meant = _is_plain(description) and all(isinstance(one, list) for one in lists)
    if values or not is_meant or not all(map(_is_name, chain.from_iterable(lists))):
        return None
    return NamedLabel(
        name=named(name),
        description=_text(description),
        **{key: tuple(map(str, one)) for key, one in phrases.items()},
    )


def _text(told: Any) -> str | None:
    return None if told is None else str(told).strip() or None


def _pairs(content: Any) -> list[tuple[Any, Any]]:
    if isinstance(content, list):
        return [one if isinstance(one, tuple) else (one, None) for one in content]
    return []


def _is_name(value: Any) -> bool:
    if value is None or not _is_plain(value):
        return False
    return 0 < len(str(value).strip()) <= LONGEST_LABEL_CHARACTERS  # no paragraph


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)
