"""Engines: what computes a model's hidden states, in the precision that is asked for.

PyTorch serves a GPU, and models that nothing else does; the others are for processors.
OpenVINO computes every precision but one: ``int8-tokens`` is ONNX Runtime's, which
multiplies in int8 on processors without instructions for it, too.
"""

import hashlib
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from longshot.encoders.base import Encoder
from longshot.encoders.engines.precision import fastest_encoder, processor_clocks
from longshot.encoders.extra import has_onnx
from longshot.encoders.folder import fingerprint_of_folder
from longshot.errors import LongshotWarning, SettingError
from longshot.recipe import Precision, PrecisionSetting

Engine = Literal["auto", "torch", "openvino"]

OF_TORCH: tuple[Precision, ...] = ("float32", "bfloat16")
"""The precisions that PyTorch serves."""

_OF_OPENVINO: tuple[Precision, ...] = ("float32", "bfloat16", "int8", "int8-bfloat16")
_OF_ONNX: tuple[Precision, ...] = ("int8-tokens",)


def module_of(engine: Engine, precision: PrecisionSetting) -> str:
    """Name the module that most probably loads: it may be imported meanwhile."""
    if engine == "torch":
        return "longshot.encoders.transformers"
    if precision in _OF_ONNX:
        return "longshot.encoders.onnx.network"
    return "longshot.encoders.openvino.network"


def on_torch(folder: Path, name: str, precision: PrecisionSetting) -> Encoder:
    """Load a model on PyTorch: on a GPU where there is one."""
    from longshot.encoders.transformers import TransformerEncoder
    from longshot.encoders.transformers.device import found_device, kind_of, name_of

    def load(precision: Precision) -> Encoder:
        return TransformerEncoder(folder, name, precision)

    if precision != "auto":
        return load(precision)
    device = found_device()
    kept = _measured_path(folder, f"torch {version('torch')} {name_of(device)}")
    is_full = kind_of(device) != "cpu"
    return fastest_encoder(load, OF_TORCH, kept, is_full=is_full)


def compiled(
    folder: Path, name: str, precision: PrecisionSetting, engine: Engine
) -> Encoder:
    """Load a model for the processor: on OpenVINO, or in ONNX Runtime's precision."""

    def load(precision: Precision) -> Encoder:
        if precision in _OF_ONNX:
            return _on_onnx(folder, name, engine)
        from longshot.encoders.openvino import OpenVinoEncoder

        return OpenVinoEncoder(folder, name, precision)

    if precision != "auto":
        return load(precision)
    from longshot.encoders.openvino import processor_name

    choices, where = _OF_OPENVINO, f"openvino {version('openvino')}"
    if engine == "auto" and has_onnx():
        choices += _OF_ONNX
        where += f" onnxruntime {version('onnxruntime')}"
    kept = _measured_path(folder, f"{where} {processor_name()}")
    is_new = not kept.exists()
    encoder = fastest_encoder(load, choices, kept, clocks=processor_clocks())
    if is_new:
        _say_what_may_be_faster(encoder)
    return encoder


def _on_onnx(folder: Path, name: str, engine: Engine) -> Encoder:
    from longshot.encoders.onnx import OnnxEncoder

    if engine != "auto":
        raise SettingError(
            "engine must be auto for precision int8-tokens, which is ONNX Runtime's; "
            f"got {engine}. Leave out --engine."
        )
    return OnnxEncoder(folder, name)


def _say_what_may_be_faster(encoder: Encoder) -> None:
    """Tell, where int8 was found to be no faster, that another engine's may be."""
    precision = getattr(encoder, "precision", None)
    if precision == "float32" and not has_onnx():
        warnings.warn(
            "OpenVINO's int8 is no faster than float32 on this processor; ONNX "
            "Runtime's may be, 1.5 times. Run: pip install 'longshot[onnx]'",
            LongshotWarning,
            stacklevel=2,
        )


def _measured_path(folder: Path, where: str) -> Path:
    """Give the file that holds which precision is fastest for a model there."""
    from longshot.encoders.openvino.store import models_folder

    place = hashlib.sha256(f"{version('longshot')} {where}".encode()).hexdigest()
    model = fingerprint_of_folder(folder)
    return models_folder() / f"{model[:32]}-precision-{place[:16]}.json"
