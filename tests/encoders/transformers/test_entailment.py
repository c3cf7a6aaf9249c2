"""Models of natural-language inference, against a plain run of transformers."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from tokenizers import processors

from longshot.encoders import load_entailment
from longshot.encoders.transformers.entailment import EntailmentModel, Outputs
from longshot.errors import ModelError, ModelIntegrityError
from tests.encoders.transformers.test_encoder import SIZES, TEXT, make_tokenizer

families: Any = transformers
THREE_WAYS = {0: "contradiction", 1: "entailment", 2: "neutral"}
CONFIGS: dict[str, Callable[..., Any]] = {
    "bert": lambda **more: families.BertConfig(**(SIZES | more)),
    "roberta": lambda **more: families.RobertaConfig(
        **SIZES, type_vocab_size=1, **more
    ),
    "bart": lambda **more: families.BartConfig(
        vocab_size=200,
        d_model=16,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=24,
        decoder_ffn_dim=24,
        max_position_embeddings=64,
        pad_token_id=0,
        bos_token_id=2,
        eos_token_id=3,
        decoder_start_token_id=3,
        forced_eos_token_id=3,
        **more,
    ),
    "deberta-v2": lambda **more: families.DebertaV2Config(
        **SIZES,
        relative_attention=True,
        pos_att_type=["p2c", "c2p"],
        position_biased_input=False,
        type_vocab_size=0,
        **more,
    ),
}
PAIRS = [
    (TEXT[:40], "This example is lease."),
    ("The roof", "The tenant shall repair the roof."),
    (TEXT[60:100], "The owner"),
]


def save_nli(folder: Path, family: str = "bert", **more: Any) -> Path:
    """Save a model of random weights with a head of two or three outputs."""
    torch.manual_seed(7)
    config = CONFIGS[family](**{"id2label": THREE_WAYS, **more})
    model = families.AutoModelForSequenceClassification.from_config(config)
    for parameter in model.parameters():  # larger than at the start: outputs differ
        torch.nn.init.normal_(parameter, std=0.3)
    model.save_pretrained(folder)
    tokenizer = make_tokenizer(framed=True)
    tokenizer.model_input_names = ["input_ids", "token_type_ids", "attention_mask"]
    if family in ("roberta", "bart"):  # two signs between two texts, and no types
        backend = tokenizer.backend_tokenizer
        backend.post_processor = processors.RobertaProcessing(
            ("[SEP]", 3), ("[CLS]", 2)
        )
        tokenizer.model_input_names = ["input_ids", "attention_mask"]
    tokenizer.save_pretrained(folder)
    return folder


def plain_logits(folder: Path, premise: str, hypothesis: str) -> np.ndarray:
    """Run a pair as the documentation of transformers writes it."""
    tokenizer = families.AutoTokenizer.from_pretrained(folder)
    model = families.AutoModelForSequenceClassification.from_pretrained(folder).eval()
    with torch.no_grad():
        inputs = tokenizer(premise, hypothesis, return_tensors="pt")
        return np.asarray(model(**inputs).logits[0].numpy())


def logits_of(model: EntailmentModel, pairs: list[tuple[str, str]]) -> np.ndarray:
    encode = model.tokenizer.encode
    return model.logits(
        [encode(premise).ids for premise, _ in pairs],
        [encode(hypothesis).ids for _, hypothesis in pairs],
    )


@pytest.mark.parametrize("family", CONFIGS)
def test_outputs_are_those_of_a_plain_run_one_at_a_time(
    family: str, tmp_path: Path
) -> None:
    folder = save_nli(tmp_path / family, family)

    found = logits_of(load_entailment(str(folder)), PAIRS)

    expected = [plain_logits(folder, *pair) for pair in PAIRS]
    assert np.std(expected) > 0.01
    np.testing.assert_allclose(found, expected, atol=2e-5)


@pytest.mark.parametrize("family", CONFIGS)
def test_the_longest_row_fits(family: str, tmp_path: Path) -> None:
    model = load_entailment(str(save_nli(tmp_path / family, family)))
    ids = np.concatenate([model.tokenizer.encode(TEXT * 4).ids])
    room = model.most_tokens - model.n_special_tokens - 8

    found = model.logits([ids[:room]], [ids[:8]])

    assert (1, 3) == found.shape


def test_rows_are_as_long_as_the_models_positions_and_no_longer_than_bert_s(
    tmp_path: Path,
) -> None:
    bert = save_nli(tmp_path / "bert")
    roberta = save_nli(tmp_path / "roberta", "roberta")
    other = save_nli(tmp_path / "long", "bert", id2label={0: "entailment", 1: "no"})
    config = other / "config.json"
    config.write_text(
        config.read_text().replace('embeddings": 64', 'embeddings": 8192')
    )

    models = [load_entailment(str(one)) for one in (bert, roberta, other)]

    assert [64, 63, 512] == [one.most_tokens for one in models]


@pytest.mark.parametrize(
    ("settings", "entailment", "against"),
    [
        ({"id2label": {"0": "contradiction", "1": "entailment", "2": "x"}}, 1, (0,)),
        (
            {"id2label": {"0": "ENTAILMENT", "1": "NEUTRAL", "2": "CONTRADICTION"}},
            0,
            (2,),
        ),
        ({"id2label": {"0": "entailment", "1": "not_entailment"}}, 0, (1,)),
        ({"id2label": {"0": "no", "1": "maybe", "2": "entailment"}}, 2, (0, 1)),
        ({"label2id": {"contradiction": 0, "entailment": 1}}, 1, (0,)),
    ],
)
def test_outputs_are_found_by_their_names(
    settings: dict[str, Any], entailment: int, against: tuple[int, ...]
) -> None:
    found = Outputs.of(settings, "x")

    assert (entailment, against) == (found.entailment, found.against)


def test_log_odds_are_of_the_probabilities_of_entailment_and_its_contrary() -> None:
    logits = np.array([[0.5, 2.0, -1.0], [3.0, 0.0, 0.25]], dtype=np.float32)
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)

    three = Outputs(3, entailment=1, against=(0,)).log_odds(logits)
    others = Outputs(3, entailment=1, against=(0, 2)).log_odds(logits)

    np.testing.assert_allclose(three, np.log(shares[:, 1] / shares[:, 0]), rtol=1e-6)
    odds = shares[:, 1] / (1 - shares[:, 1])
    np.testing.assert_allclose(others, np.log(odds), rtol=1e-5)


@pytest.mark.parametrize("labels", [["LABEL_0", "LABEL_1"], ["entailment"], []])
def test_a_model_that_names_no_entailment_is_told_in_one_line(
    labels: list[str],
) -> None:
    with pytest.raises(ModelError, match="must have an output called entailment"):
        Outputs.of({"id2label": dict(enumerate(labels))}, "x")


def test_weights_without_a_head_are_told_before_any_document(tmp_path: Path) -> None:
    """Its numbers would be random."""
    folder = save_nli(tmp_path / "bert")
    families.AutoModel.from_pretrained(folder).save_pretrained(tmp_path / "body")
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        (tmp_path / "body" / name).write_bytes((folder / name).read_bytes())

    with pytest.raises(ModelIntegrityError, match="must be complete"):
        logits_of(load_entailment(str(tmp_path / "body")), PAIRS)


def test_another_process_loads_its_own_weights(tmp_path: Path) -> None:
    model = load_entailment(str(save_nli(tmp_path / "bert")))
    expected = logits_of(model, PAIRS)

    sent = pickle.dumps(model)

    assert len(sent) < 2_000
    np.testing.assert_array_equal(expected, logits_of(pickle.loads(sent), PAIRS))
