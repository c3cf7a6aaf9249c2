"""The forms in which a project's documents leave and enter."""

from typing import Literal

ExchangeForm = Literal[
    "csv",
    "tsv",
    "jsonl",
    "parquet",
    "folders",
    "report",
    "label-studio",
    "argilla",
    "prodigy",
    "doccano",
]
