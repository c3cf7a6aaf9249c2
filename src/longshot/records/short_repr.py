"""How a record is printed: in a few lines, however much it holds."""

from dataclasses import fields
from typing import Any

import numpy as np

_CHARACTERS = 60
_ITEMS = 3


def short_repr(record: Any) -> str:
    """Print a dataclass's fields, long ones cut and those at their default left out."""
    shown = (
        f"{one.name}={_short(value)}"
        for one in fields(record)
        if one.repr and not _is_default(value := getattr(record, one.name), one.default)
    )
    return f"{type(record).__name__}({', '.join(shown)})"


def _is_default(value: Any, default: Any) -> bool:
    return type(value) is type(default) and bool(value == default)


def _short(value: Any) -> str:
    if isinstance(value, str) and len(value) > _CHARACTERS:
        return f"{value[:_CHARACTERS]!r}… ({len(value):,} characters)"
    if isinstance(value, np.ndarray):
        return f"<{' x '.join(map(str, value.shape))} {value.dtype}>"
    if isinstance(value, tuple):
        items = [_short(one) for one in value[:_ITEMS]]
        if len(value) > _ITEMS:
            items.append(f"… {len(value):,} in all")
        return f"({', '.join(items)}{',' * (len(items) == 1)})"
    return repr(value)
