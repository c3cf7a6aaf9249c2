"""A tiny model of natural-language inference that was taught two tones in seconds.

"This example is glad." follows from a text in which a glad word stands, "sour" from one
with a sour word, and neither from any other. The labels' names stand in no text, so
that nothing else can tell the tones apart.
"""

from pathlib import Path
from typing import Any

import numpy as np
import tokenizers
import torch
import transformers
from tokenizers import models, normalizers, pre_tokenizers, processors

families: Any = transformers
TONES = {
    "glad": ["bright", "smiling", "lovely", "warm"],
    "sour": ["grim", "scowling", "awful", "cold"],
}
OTHERS = "a bus the ship came over to house river on with of garden and street".split()
NAMES = [*TONES, "this", "example", "is", "."]
_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
_WORDS = [*_SPECIAL, *NAMES, *OTHERS, *(one for tone in TONES.values() for one in tone)]


def texts(n_texts: int, seed: int) -> tuple[list[str], list[str]]:
    """Write texts that hold one word of a tone among others, and give their tones."""
    random = np.random.default_rng(seed)
    tones = random.choice(list(TONES), n_texts).tolist()
    found = []
    for tone in tones:
        words = random.choice(OTHERS, random.integers(2, 6)).tolist()
        words.insert(random.integers(len(words) + 1), random.choice(TONES[tone]))
        found.append(" ".join(words))
    return found, tones


def save_planted(folder: Path) -> str:
    """Teach the model, and save it as any other one is saved."""
    torch.manual_seed(0)
    tokenizer = _tokenizer()
    config = families.BertConfig(
        vocab_size=len(_WORDS),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        initializer_range=0.1,
        id2label={0: "entailment", 1: "not_entailment"},
    )
    model = families.BertForSequenceClassification(config)
    _begin_with_tones(model.get_input_embeddings().weight.data)
    optimiser = torch.optim.Adam(model.parameters(), lr=5e-3)
    random = np.random.default_rng(5)
    loss, step = torch.tensor(1.0), 0
    while loss > 0.002:
        premises, tones = texts(64, seed=step)
        asked = random.choice(list(TONES), len(tones)).tolist()
        hypotheses = [f"This example is {one}." for one in asked]
        inputs = tokenizer(premises, hypotheses, padding=True, return_tensors="pt")
        pairs = zip(tones, asked, strict=True)
        truth = torch.tensor([int(one != other) for one, other in pairs])
        loss = torch.nn.functional.cross_entropy(model(**inputs).logits, truth)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        step += 1
        assert step < 500
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def _begin_with_tones(embeddings: torch.Tensor) -> None:
    """Let words of one tone be alike, as a corpus would have taught.

    Without it, a model of this size takes minutes to find out what two words have to do
    with each other.
    """
    for sign, (name, words) in zip((1, -1), TONES.items(), strict=True):
        embeddings[_WORDS.index(name), 0] = 3.0 * sign
        for word in words:
            embeddings[_WORDS.index(word), 1] = 3.0 * sign


def _tokenizer() -> Any:
    vocabulary = {word: number for number, word in enumerate(_WORDS)}
    backend = tokenizers.Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    backend.normalizer = normalizers.Lowercase()
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return families.PreTrainedTokenizerFast(
        tokenizer_object=backend, unk_token="[UNK]", pad_token="[PAD]"
    )
