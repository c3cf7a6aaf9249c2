"""The tensors of a model's safetensors files, read where they lie.

A file is mapped into memory, not copied: what no layer asks for is never read. The
format: eight bytes with the length of a header in JSON, the header, the numbers
(huggingface.co/docs/safetensors).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from longshot.errors import ModelError, first_line

_INDEX = "model.safetensors.index.json"
_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}


def read_tensors(folder: Path) -> Mapping[str, Float[np.ndarray, "..."]]:
    """Give a model's tensors of real numbers by name, each in float32.

    Raises
    ------
    ModelError
        If a file is not what safetensors writes, or is cut short.
    """
    try:
        tensors: dict[str, np.ndarray] = {}
        for path in _files(folder):
            tensors |= _tensors_of(path)
        return tensors
    except Exception as error:
        # safetensors raises an exception of its own, which derives from Exception.
        raise ModelError(
            f"a model's weights must be whole safetensors files; those in {folder} "
            f"did not load ({first_line(error)}). Fetch the model again, or name "
            "another one."
        ) from error


def _files(folder: Path) -> list[Path]:
    """Find the files that the tensors are dealt to: one, or what the index names."""
    if (folder / "model.safetensors").is_file():
        return [folder / "model.safetensors"]
    if (folder / _INDEX).is_file():
        index = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
        return [folder / name for name in sorted(set(index["weight_map"].values()))]
    return sorted(folder.glob("*.safetensors"))


def _tensors_of(path: Path) -> dict[str, Float[np.ndarray, "..."]]:
    from safetensors import safe_open

    with safe_open(path, framework="numpy"):
        pass  # it holds the header against the file's length
    numbers = np.memmap(path, dtype=np.uint8, mode="c")  # OpenVINO takes no read-only
    n_header = int(numbers[:8].view("<u8")[0])
    header = json.loads(numbers[8 : 8 + n_header].tobytes())
    data = numbers[8 + n_header :]
    return {
        name: _float32(data[slice(*entry["data_offsets"])], entry)
        for name, entry in header.items()
        if name != "__metadata__" and entry["dtype"] in _TYPES
    }


def _float32(data: np.ndarray, entry: Mapping[str, Any]) -> np.ndarray:
    kind = entry["dtype"]
    values = data.view(_TYPES[kind]).reshape(entry["shape"])
    if kind == "BF16":  # the upper half of a float32
        values = (values.astype(np.uint32) << 16).view(np.float32)
    return np.asarray(values, dtype=np.float32)
