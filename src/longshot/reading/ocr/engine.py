"""RapidOCR on OpenVINO reads one picture of a page; its models come with its package.

Why this one: docs/decisions/012-text-recognition.md. Its third model, which turns lines
that stand on their heads, is off: it takes some upright lines for such.
"""

import hashlib
from collections import OrderedDict
from functools import cache
from typing import Any

import numpy as np
from jaxtyping import UInt8

Picture = UInt8[np.ndarray, "height width 3"]

MOST_PAGES = 500
"""How many pages of one document are read so: an hour's work of two processors."""

# Below it, RapidOCR's own default leaves a line out: what it reads there is no text.
_LEAST_SCORE = 0.5
_REMEMBERED_PAGES = 10_000
_SETTINGS = {
    "Global.log_level": "critical",
    "Global.text_score": 0.0,
    "Global.use_cls": False,
    "Rec.rec_batch_num": 1,
}


class Engine:
    """Reads pictures, and remembers what it read in them.

    Where a bar is shown, a pile is read once to count it and once to label it.
    """

    def __init__(self, recognise: Any) -> None:
        self._recognise = recognise
        self._read: OrderedDict[bytes, tuple[str, int]] = OrderedDict()

    def read(self, picture: Picture) -> tuple[str, int]:
        """Read a picture.

        Returns
        -------
        tuple
            Its lines, from top to bottom; and how many lines could not be made out.
        """
        key = hashlib.sha256(picture.tobytes()).digest()
        if key not in self._read:
            self._read[key] = self._lines(picture)
            if len(self._read) > _REMEMBERED_PAGES:
                self._read.popitem(last=False)
        return self._read[key]

    def _lines(self, picture: Picture) -> tuple[str, int]:
        found = self._recognise(np.ascontiguousarray(picture[:, :, ::-1]))  # it is BGR
        texts, scores = found.txts or (), found.scores or ()
        good = [
            text
            for text, score in zip(texts, scores, strict=True)
            if score >= _LEAST_SCORE
        ]
        return "\n".join(good), len(texts) - len(good)


@cache
def engine() -> Engine | None:
    """Give the engine; None where the extra is not installed."""
    try:
        from rapidocr import EngineType, RapidOCR
    except ImportError:
        return None
    on_openvino = {f"{model}.engine_type": EngineType.OPENVINO for model in _MODELS}
    return Engine(RapidOCR(params={**_SETTINGS, **on_openvino}))


_MODELS = ("Det", "Cls", "Rec")
