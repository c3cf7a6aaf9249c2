from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from longshot.records import Document, Example
from longshot.tuning import HeldOutMeasure
from longshot.tuning.measuring import Probe
from tests.encoders.transformers.test_encoder import SIZES, families, make_tokenizer

TOPICS = {
    "law": "the lease of the warehouse ends in March the tenant shall repair",
    "talk": "said the owner before keys are given back next door stays open",
}


def make_examples(*, per_label: int, n_words: int = 30) -> list[Example]:
    """Draw words of two topics."""
    random = np.random.default_rng(0)
    return [
        Example(
            document=Document(
                id=f"{label}-{number}",
                text=" ".join(random.choice(words.split(), size=n_words)),
            ),
            label=label,
        )
        for label, words in TOPICS.items()
        for number in range(per_label)
    ]


def save_tiny_bert(folder: Path) -> Path:
    """Save a BERT of random weights."""
    torch.manual_seed(1)
    families.BertModel(families.BertConfig(**SIZES)).save_pretrained(folder)
    make_tokenizer(framed=True).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a BERT of random weights."""
    return save_tiny_bert(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(autouse=True)
def same_threads() -> Iterator[None]:
    """Compute on one thread, so that sums come out the same."""
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(n_threads)


def improve_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every measure be better than the one before."""
    monkeypatch.setattr(
        Probe,
        "measure",
        lambda self, encode, step: HeldOutMeasure(
            step=step, accuracy=0.5, surprise=1 / (1 + step)
        ),
    )
