"""A model's folder to the module, its tokenizer and its longest window.

Whatever ``transformers`` makes of a folder that is not what it expects is told in one
line.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from longshot.encoders import configuration
from longshot.encoders.folder import listing, tokenizer_files
from longshot.encoders.tokenizer import HuggingFaceTokenizer
from longshot.errors import ModelError, ModelIntegrityError, first_line

if TYPE_CHECKING:
    import torch


def longest_window(config: Any) -> int | None:
    """Give the positions that a model has for a framed window; None for no limit."""
    positions = getattr(config, "max_position_embeddings", None)
    return configuration.longest_window(
        config.model_type, positions, config.pad_token_id
    )


def load_module(folder: Path, dtype: "torch.dtype", *, classifies: bool = False) -> Any:
    """Load the weights, in numbers of one kind, ready to be run.

    Parameters
    ----------
    folder, dtype
        The model's folder, and the kind of numbers.
    classifies
        Whether the model's own classifier is wanted, or its hidden states.

    Raises
    ------
    ModelIntegrityError
        If weights are missing.
    """
    from transformers import AutoConfig, AutoModel, AutoModelForSequenceClassification
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
    config.use_cache = False
    kind = AutoModelForSequenceClassification if classifies else AutoModel
    model, loading = kind.from_pretrained(
        folder,
        config=config,
        dtype=dtype,
        use_safetensors=True,
        output_loading_info=True,
    )
    _check_complete(folder, loading["missing_keys"], needs_pooler=classifies)
    return model.eval()


def _check_complete(
    folder: Path, missing: Iterable[str], *, needs_pooler: bool
) -> None:
    """Refuse weights with gaps: ``transformers`` fills them with random numbers.

    The pooler behind the last layer may lack where only a classifier would read it.
    """
    read = sorted(name for name in missing if needs_pooler or "pooler" not in name)
    if read:
        raise ModelIntegrityError(
            f"a model's weights must be complete; those in {folder} lack {read[0]} and "
            f"{len(read) - 1} more. Fetch the model again, or name another one."
        )


def load_tokenizer(folder: Path) -> HuggingFaceTokenizer:
    """Load the tokenizer.

    Raises
    ------
    ModelIntegrityError
        If there is none, or none that gives character offsets.
    """
    return load_tokenizer_and_inputs(folder)[0]


def load_tokenizer_and_inputs(folder: Path) -> tuple[HuggingFaceTokenizer, list[str]]:
    """Load the tokenizer, and tell which inputs it makes for the model.

    Raises
    ------
    ModelIntegrityError
        If there is none, or none that gives character offsets.
    """
    from transformers import AutoTokenizer

    if not tokenizer_files(folder):
        raise ModelIntegrityError(
            "a model's folder must hold its tokenizer (tokenizer.json); "
            f"{folder} holds {listing(folder)}. Save the tokenizer there with "
            "save_pretrained."
        )
    try:
        tokenizer = AutoTokenizer.from_pretrained(
            folder, use_fast=True, trust_remote_code=False
        )
        backend = tokenizer.backend_tokenizer
    except Exception as error:
        raise ModelIntegrityError(
            "a model's tokenizer must be one that gives character offsets; the one in "
            f"{folder} did not load ({first_line(error)}). Save it again with "
            "save_pretrained."
        ) from error
    found = HuggingFaceTokenizer(backend, tokenizer.unk_token_id)
    return found, list(tokenizer.model_input_names)


@contextmanager
def told_as_model_error(name: str, folder: Path) -> Iterator[None]:
    """Tell whatever ``transformers`` raises in one line.

    It raises errors of a dozen kinds, safetensors' and its own, for a folder that is
    not what it expects.
    """
    try:
        yield
    except ModelError:
        raise
    except Exception as error:
        raise ModelError(
            f"model {name} must be one that AutoModel loads; {folder} did not load "
            f"({first_line(error)}). Check its files or name another model."
        ) from error
