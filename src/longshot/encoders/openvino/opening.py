"""A model's folder to the graph that runs, and what must be known besides.

The BERT family is built from the folder's own files, at once. Another family, which
only ``transformers`` knows, was converted before, or is now: that needs the extra
``longshot[torch]``, and a process of its own.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longshot.encoders.bert import is_served, read_checkpoint
from longshot.encoders.bert.tokenizer import read_tokenizer
from longshot.encoders.configuration import Configuration, read_configuration
from longshot.encoders.openvino.arithmetic import arithmetic_of
from longshot.encoders.openvino.store import Converter, converted_model
from longshot.encoders.tokenizer import HuggingFaceTokenizer
from longshot.recipe import Precision


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedModel:
    """A model, ready to be compiled.

    Attributes
    ----------
    graph
        Framed windows and the weights of their tokens to weighted sums of every hidden
        state.
    n_layers, dim
        Hidden states with the input embeddings, and dimensions of each.
    max_framed_tokens
        Tokens of its longest window, special ones included; None for no limit.
    tokenizer
        What gives its token ids.
    holds
        What the graph uses where it lies.
    """

    graph: Any
    n_layers: int
    dim: int
    max_framed_tokens: int | None
    tokenizer: HuggingFaceTokenizer
    holds: object = None


def opened_model(
    folder: Path, fingerprint: str, precision: Precision, converter: Converter
) -> OpenedModel:
    """Open a model.

    Parameters
    ----------
    folder, fingerprint
        The model's.
    precision
        Of its arithmetic.
    converter
        What converts a model that is none of the BERT family.

    Raises
    ------
    ModelError
        If its files are not what they should be, or it does not convert.
    MissingExtraError
        If it must be converted, and what converts it is not installed.
    """
    configuration = read_configuration(folder)
    if is_served(configuration):
        return _built(folder, configuration, precision)
    return _converted(folder, configuration, fingerprint, precision, converter)


def _built(
    folder: Path, configuration: Configuration, precision: Precision
) -> OpenedModel:
    from longshot.encoders.openvino.network import build_network

    checkpoint = read_checkpoint(folder)
    return OpenedModel(
        graph=build_network(checkpoint, arithmetic_of(precision)),
        n_layers=configuration.n_layers + 1,
        dim=configuration.dim,
        max_framed_tokens=configuration.max_framed_tokens,
        tokenizer=read_tokenizer(folder),
        holds=checkpoint,
    )


def _converted(
    folder: Path,
    configuration: Configuration,
    fingerprint: str,
    precision: Precision,
    converter: Converter,
) -> OpenedModel:
    import openvino

    what = f"a model of the family {configuration.family}"
    converted = converted_model(folder, what, fingerprint, precision, converter)
    return OpenedModel(
        graph=openvino.Core().read_model(converted.model_path),
        n_layers=converted.facts.n_layers,
        dim=converted.facts.dim,
        max_framed_tokens=converted.facts.max_framed_tokens,
        tokenizer=HuggingFaceTokenizer.from_file(
            converted.tokenizer_path, converted.facts.unknown_id
        ),
    )
