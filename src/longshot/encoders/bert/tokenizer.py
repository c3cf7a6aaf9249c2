"""The tokenizer of a model, through ``transformers`` where nothing else reads it."""

from pathlib import Path

from longshot.encoders.extra import require_torch
from longshot.encoders.folder import tokenizer_files
from longshot.encoders.tokenizer import HuggingFaceTokenizer

_READ_HERE = {"tokenizer.json", "vocab.txt"}


def read_tokenizer(folder: Path) -> HuggingFaceTokenizer:
    """Read a model's tokenizer.

    Raises
    ------
    ModelIntegrityError
        If the folder holds none that loads.
    MissingExtraError
        If only ``transformers`` reads it, and it is not installed.
    """
    names = {path.name for path in tokenizer_files(folder)}
    if not names or names & _READ_HERE:
        return HuggingFaceTokenizer.from_folder(folder)
    require_torch(f"a tokenizer without tokenizer.json ({', '.join(sorted(names))})")
    from longshot.encoders.transformers.loading import load_tokenizer

    return load_tokenizer(folder)
