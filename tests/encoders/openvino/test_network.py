"""The BERT family, built from its files, against ``transformers``."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers

from longshot.encoders.bert.checkpoint import distance_buckets, is_served
from longshot.encoders.configuration import read_configuration
from longshot.encoders.minilm import minilm_folder
from longshot.encoders.openvino import OpenVinoEncoder
from longshot.errors import ModelError, ModelIntegrityError
from tests.encoders.transformers.test_encoder import CONFIGS, SIZES, TEXT, save_model

families: Any = transformers  # its own types refuse what its documentation shows
PADDED = {**SIZES, "pad_token_id": 1}
FAMILIES: dict[str, Callable[..., Any]] = {
    **{name: CONFIGS[name] for name in ("bert", "distilbert", "roberta", "mpnet")},
    **{name: CONFIGS[name] for name in ("xlm-roberta", "electra", "albert")},
    "albert in groups": lambda: families.AlbertConfig(
        **SIZES, embedding_size=8, num_hidden_groups=2
    ),
    "camembert": lambda: families.CamembertConfig(**PADDED),
    "data2vec-text": lambda: families.Data2VecTextConfig(**PADDED),
    "ernie": lambda: families.ErnieConfig(**SIZES, use_task_id=True),
    "minilm": lambda: families.BertConfig(**{**SIZES, "num_attention_heads": 4}),
}


def never(*_: object) -> None:
    raise AssertionError("this family needs no conversion")


def built(folder: Path, **settings: Any) -> OpenVinoEncoder:
    return OpenVinoEncoder(folder, folder.name, converter=never, **settings)


def hidden_states(folder: Path, ids: np.ndarray) -> np.ndarray:
    """Give every hidden state of every token as ``transformers`` computes it."""
    model = families.AutoModel.from_pretrained(folder).eval()
    with torch.no_grad():
        output = model(torch.from_numpy(ids), output_hidden_states=True)
    return np.asarray(torch.stack(output.hidden_states, dim=1).numpy())


@pytest.mark.parametrize("family", FAMILIES)
def test_every_layer_of_every_token(family: str, tmp_path: Path) -> None:
    """Token 0 and 1, which pad in some families, are among them."""
    folder = save_model(tmp_path, FAMILIES[family]())
    encoder = built(folder)
    for n_tokens in (3, 17, 55):
        ids = np.random.default_rng(n_tokens).integers(0, 120, size=(2, n_tokens))
        expected = hidden_states(folder, ids)
        actual = encoder.states(ids, range(encoder.n_layers))
        assert expected.shape == actual.shape
        assert np.abs(expected - actual).max() <= 1e-5


def test_every_layer_of_the_bundled_model() -> None:
    encoder = built(minilm_folder())
    ids = encoder.tokenizer.special.frame(encoder.tokenizer.encode(TEXT * 9).ids)
    expected = hidden_states(minilm_folder(), ids[None])
    actual = encoder.states(ids[None], range(encoder.n_layers))
    assert np.abs(expected - actual).max() <= 1e-5


@pytest.mark.parametrize("activation", ["gelu_new", "relu", "silu", "gelu_fast"])
def test_other_activations(activation: str, tmp_path: Path) -> None:
    config = families.BertConfig(**SIZES, hidden_act=activation)
    folder = save_model(tmp_path, config)
    ids = np.random.default_rng(0).integers(5, 120, size=(1, 20))
    actual = built(folder).states(ids, range(6))
    assert np.abs(hidden_states(folder, ids) - actual).max() <= 1e-5


@pytest.mark.parametrize(
    "config",
    [
        lambda: CONFIGS["deberta-v2"](),
        lambda: CONFIGS["gpt2"](),
        lambda: families.BertConfig(**SIZES, hidden_act="mish"),
        lambda: families.BertConfig(**SIZES, is_decoder=True),
    ],
)
def test_what_is_not_of_the_family_is_left_to_others(
    config: Callable[[], Any], tmp_path: Path
) -> None:
    config().save_pretrained(tmp_path)
    assert not is_served(read_configuration(tmp_path))


@pytest.mark.parametrize("n_buckets", [8, 32, 64])
def test_buckets_of_distances_are_mpnets(n_buckets: int) -> None:
    from transformers.models.mpnet import modeling_mpnet

    untyped: Any = modeling_mpnet
    distances = np.arange(-600, 601)
    expected = untyped.MPNetEncoder.relative_position_bucket(
        torch.from_numpy(distances), num_buckets=n_buckets
    )
    actual = distance_buckets(distances, n_buckets)
    assert np.array_equal(expected.numpy(), actual)


@pytest.mark.parametrize("kind", ["float16", "bfloat16"])
def test_weights_kept_in_half_the_bytes(kind: str, tmp_path: Path) -> None:
    folder = save_model(tmp_path, CONFIGS["bert"]())
    model = families.AutoModel.from_pretrained(folder, dtype=getattr(torch, kind))
    model.save_pretrained(folder)
    model.float().save_pretrained(tmp_path / "float32")
    ids = np.random.default_rng(0).integers(5, 120, size=(1, 20))
    expected = hidden_states(tmp_path / "float32", ids)
    assert np.abs(expected - built(folder).states(ids, range(6))).max() <= 1e-5


def test_weights_dealt_to_several_files(tmp_path: Path) -> None:
    folder = save_model(tmp_path, CONFIGS["bert"]())
    ids = np.random.default_rng(0).integers(5, 120, size=(1, 20))
    expected = built(folder).states(ids, range(6))
    model = families.AutoModel.from_pretrained(folder)
    (folder / "model.safetensors").unlink()
    model.save_pretrained(folder, max_shard_size="20KB")
    assert len(list(folder.glob("*.safetensors"))) > 2
    assert np.array_equal(expected, built(folder).states(ids, range(6)))


def test_checkpoint_of_a_model_with_a_head(tmp_path: Path) -> None:
    """Its tensors have a prefix, and there is no pooler."""
    folder = save_model(tmp_path, CONFIGS["bert"]())
    families.BertForMaskedLM(CONFIGS["bert"]()).save_pretrained(folder)
    ids = np.random.default_rng(0).integers(5, 120, size=(1, 20))
    actual = built(folder).states(ids, range(6))
    assert np.abs(hidden_states(folder, ids) - actual).max() <= 1e-5


def test_checkpoint_with_the_names_of_2018(tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    folder = save_model(tmp_path, CONFIGS["bert"]())
    ids = np.random.default_rng(0).integers(5, 120, size=(1, 20))
    expected = built(folder).states(ids, range(6))
    weights = {
        name.replace("Norm.weight", "Norm.gamma").replace("Norm.bias", "Norm.beta"): one
        for name, one in load_file(folder / "model.safetensors").items()
    }
    save_file(weights, folder / "model.safetensors")
    assert np.array_equal(expected, built(folder).states(ids, range(6)))


def test_weights_that_lack_a_layer(tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    folder = save_model(tmp_path, CONFIGS["bert"]())
    weights = load_file(folder / "model.safetensors")
    kept = {name: value for name, value in weights.items() if "layer.3." not in name}
    save_file(kept, folder / "model.safetensors")
    with pytest.raises(
        ModelIntegrityError, match=r"lack encoder\.layer\.3\..* 15 more"
    ):
        built(folder)


def test_weights_cut_short(tmp_path: Path) -> None:
    folder = save_model(tmp_path, CONFIGS["bert"]())
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    with pytest.raises(ModelError, match="must be whole safetensors files"):
        built(folder)


@pytest.mark.parametrize("text", ["{", "[]", '{"model_type": "bert"}'])
def test_broken_configuration(text: str, tmp_path: Path) -> None:
    folder = save_model(tmp_path, CONFIGS["bert"]())
    (folder / "config.json").write_text(text)
    with pytest.raises(ModelError, match=r"config\.json must tell its model_type"):
        built(folder)


def test_vocabulary_in_place_of_a_tokenizer_file(tmp_path: Path) -> None:
    """Models were saved so before there was tokenizer.json."""
    folder = save_model(tmp_path, CONFIGS["bert"]())
    expected = built(folder).tokenizer
    tokens = families.AutoTokenizer.from_pretrained(folder).get_vocab()
    lines = sorted(tokens, key=lambda token: int(tokens[token]))
    (folder / "vocab.txt").write_text("\n".join(lines), encoding="utf-8")
    (folder / "tokenizer.json").unlink()
    actual = built(folder).tokenizer
    assert expected.special == actual.special
    assert expected.unknown_id == actual.unknown_id
    for text in (TEXT, "Ünïcode [SEP] 你好", "UPPER"):
        one, other = expected.encode(text), actual.encode(text)
        assert np.array_equal(one.ids, other.ids)
        assert np.array_equal(one.starts, other.starts)


def test_int8_has_another_fingerprint_than_float32(tmp_path: Path) -> None:
    """Its embeddings are in float32 now: vectors kept before are other ones."""
    folder = save_model(tmp_path, CONFIGS["bert"]())
    assert built(folder).fingerprint != built(folder, precision="int8").fingerprint
