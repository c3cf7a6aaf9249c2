"""Every family that AutoModel loads, against the loop that the article writes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tokenizers
import torch
import transformers
from jaxtyping import Float
from tokenizers import models, normalizers, pre_tokenizers, processors, trainers
from torch.overrides import TorchFunctionMode

from longshot.embedder import DocumentEmbedder
from longshot.encoders.base import PADDING_ID
from longshot.encoders.transformers import TransformerEncoder
from longshot.encoders.transformers.loading import longest_window
from longshot.errors import (
    LongshotWarning,
    ModelError,
    ModelIntegrityError,
    ModelNotFoundError,
    ModelOutputError,
    SettingError,
)
from longshot.recipe import Recipe

families: Any = transformers  # its own types refuse what its documentation shows
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
TEXT = (
    "The lease of the warehouse ends in March. The tenant shall repair the roof, said "
    "the owner, before the keys are given back; the café next door stays open."
)
SIZES = {
    "vocab_size": 200,
    "hidden_size": 16,
    "num_hidden_layers": 5,
    "num_attention_heads": 2,
    "intermediate_size": 24,
    "max_position_embeddings": 64,
    "pad_token_id": 0,
}
CONFIGS: dict[str, Callable[..., Any]] = {
    "bert": lambda: families.BertConfig(**SIZES),
    "distilbert": lambda: families.DistilBertConfig(
        vocab_size=200, dim=16, n_layers=5, n_heads=2, hidden_dim=24, pad_token_id=0
    ),
    "roberta": lambda: families.RobertaConfig(**SIZES),
    "mpnet": lambda: families.MPNetConfig(**{**SIZES, "pad_token_id": 1}),
    "xlm-roberta": lambda: families.XLMRobertaConfig(**SIZES),
    "electra": lambda: families.ElectraConfig(**SIZES, embedding_size=8),
    "albert": lambda: families.AlbertConfig(**SIZES, embedding_size=8),
    "deberta-v2": lambda: families.DebertaV2Config(
        **SIZES, relative_attention=True, pos_att_type=["p2c", "c2p"]
    ),
    "modernbert": lambda: families.ModernBertConfig(
        **SIZES, global_attn_every_n_layers=2, local_attention=8
    ),
    "gpt2": lambda: families.GPT2Config(
        vocab_size=200, n_embd=16, n_layer=5, n_head=2, n_positions=64
    ),
}


def make_tokenizer(*, framed: bool) -> Any:
    backend = tokenizers.Tokenizer(models.WordPiece(unk_token="[UNK]"))
    backend.normalizer = normalizers.BertNormalizer()
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=120, special_tokens=SPECIAL, show_progress=False
    )
    backend.train_from_iterator([TEXT], trainer)
    if framed:
        backend.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return families.PreTrainedTokenizerFast(
        tokenizer_object=backend,
        unk_token="[UNK]",
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
    )


def save_model(folder: Path, config: Any, *, framed: bool = True) -> Path:
    torch.manual_seed(7)
    model = families.AutoModel.from_config(config)
    for parameter in model.parameters():  # larger than at the start: layers differ
        torch.nn.init.normal_(parameter, std=0.3)
    model.save_pretrained(folder)
    make_tokenizer(framed=framed).save_pretrained(folder)
    return folder


@pytest.fixture
def bert(tmp_path: Path) -> Path:
    return save_model(tmp_path / "bert", CONFIGS["bert"]())


def article_vector(
    folder: Path,
    text: str,
    *,
    window_tokens: int,
    n_last: int = 4,
    padded_to: int | None = None,
) -> Float[np.ndarray, " dim"]:
    """Embed as the article does: one window at a time, all hidden states stacked."""
    tokenizer = families.AutoTokenizer.from_pretrained(folder)
    model = families.AutoModel.from_pretrained(folder).eval()
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    framed = len(tokenizer("a")["input_ids"]) > 1
    total, n_tokens = torch.zeros(model.config.hidden_size), 0
    for start in range(0, len(ids), window_tokens):
        window = ids[start : start + window_tokens]
        inputs = [2, *window, 3] if framed else window
        n_padding = padded_to - len(inputs) if padded_to else 0
        mask = [1] * len(inputs) + [0] * n_padding
        with torch.no_grad():
            output = model(
                torch.tensor([inputs + [0] * n_padding]),
                attention_mask=torch.tensor([mask]),
                output_hidden_states=True,
            )
        states = torch.stack(output.hidden_states)[-n_last:, 0].mean(dim=0)
        first = int(framed)
        total += states[first : first + len(window)].mean(dim=0) * len(window)
        n_tokens += len(window)
    return np.asarray((total / n_tokens).numpy())


def embedder_of(folder: Path, **settings: Any) -> DocumentEmbedder:
    recipe = Recipe(model=str(folder), **settings)
    return DocumentEmbedder(recipe, engine="torch", cache=None)


@pytest.mark.parametrize("family", CONFIGS)
def test_family_agrees_with_the_articles_loop(family: str, tmp_path: Path) -> None:
    folder = save_model(tmp_path, CONFIGS[family](), framed=family != "gpt2")
    expected = article_vector(folder, TEXT, window_tokens=14)
    embedder = embedder_of(folder, window_tokens=14)
    [vectors] = embedder.vectors([TEXT])
    assert len(vectors.windows) > 2
    assert vectors.layer_means.shape[1:] == (4, 16)
    assert np.abs(expected - vectors.document).max() <= 1e-5
    assert np.abs(expected).max() > 0.1


@pytest.mark.parametrize("family", CONFIGS)
def test_padding_changes_nothing(family: str, tmp_path: Path) -> None:
    """Not even where windows of several lengths come in one call."""
    folder = save_model(tmp_path, CONFIGS[family](), framed=family != "gpt2")
    encoder = TransformerEncoder(folder, family)
    windows = [np.arange(5, 5 + n) for n in (9, 16, 12)]
    ids = np.full((3, 16), PADDING_ID)
    weights = np.zeros((3, 2, 16), dtype=np.float32)
    for row, window in enumerate(windows):
        ids[row, : len(window)] = window
        weights[row, 0, : len(window)] = 1 / len(window)
        weights[row, 1, 3] = 1.0
    together = encoder.means(ids, weights, range(encoder.n_layers))
    for row, window in enumerate(windows):
        own = weights[row, None, :, : len(window)]
        alone = encoder.means(window[None], own, range(encoder.n_layers))
        assert np.abs(together[row] - alone[0]).max() <= 1e-5


def test_last_nine_of_twelve_layers(tmp_path: Path) -> None:
    config = families.BertConfig(**{**SIZES, "num_hidden_layers": 12})
    folder = save_model(tmp_path, config)
    expected = article_vector(folder, TEXT, window_tokens=20, n_last=9)
    layers = tuple(range(-9, 0))
    actual = embedder_of(folder, window_tokens=20, layers=layers).embed([TEXT])[0]
    assert np.abs(expected - actual).max() <= 1e-5


def test_exact_lengths_equal_padding_with_a_mask(bert: Path) -> None:
    expected = article_vector(bert, TEXT, window_tokens=14, padded_to=64)
    actual = embedder_of(bert, window_tokens=14).embed([TEXT])[0]
    assert np.abs(expected - actual).max() <= 1e-5


def test_states_of_single_tokens_average_to_their_means(bert: Path) -> None:
    encoder = TransformerEncoder(bert, "bert")
    ids = np.array([[2, 7, 8, 9, 3], [2, 10, 11, 12, 3]])
    weights = np.full((2, 1, 5), 0.2, dtype=np.float32)
    states = encoder.states(ids, [0, 3])
    means = encoder.means(ids, weights, [0, 3])
    assert states.shape == (2, 2, 5, 16)
    assert np.abs(states.mean(axis=2) - means[:, :, 0]).max() <= 1e-6


def test_attention_is_fused_and_has_no_mask(bert: Path) -> None:
    """With a mask, PyTorch could not take its fastest kernels on a GPU."""
    masks: list[Any] = []

    class Watched(TorchFunctionMode):
        def __torch_function__(
            self, function: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            if function is torch.nn.functional.scaled_dot_product_attention:
                masks.append((kwargs or {}).get("attn_mask"))
            return function(*args, **(kwargs or {}))

    encoder = TransformerEncoder(bert, "bert", device="cpu")
    ids, weights = np.full((3, 5), 7), np.full((3, 1, 5), 0.2, dtype=np.float32)
    with Watched():
        encoder.means(ids, weights, [5])
    assert masks == [None] * 5


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_batch_that_does_not_fit_gives_the_same_vectors(
    bert: Path, precision: Any
) -> None:
    encoder = TransformerEncoder(bert, "bert", precision, device="cpu")
    ids = np.random.default_rng(0).integers(5, 120, size=(8, 12))
    weights = np.full((8, 1, 12), 1 / 12, dtype=np.float32)
    expected = encoder.means(ids, weights, [2, 5])

    def only_three(_: object, args: object, inputs: dict[str, Any]) -> None:
        if len(inputs["input_ids"]) > 3:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory.")

    encoder.module.register_forward_pre_hook(only_three, with_kwargs=True)
    with pytest.warns(LongshotWarning, match="8 windows of 12 tokens did not fit"):
        actual = encoder.means(ids, weights, [2, 5])
    assert expected.shape == actual.shape
    tolerance = {"float32": 1e-5, "bfloat16": 2e-2}[precision]
    assert np.abs(expected - actual).max() <= tolerance * np.abs(expected).max()


def test_float32_is_exact_whatever_the_process_was_told(bert: Path) -> None:
    encoder = TransformerEncoder(bert, "bert", device="cpu")
    told: list[str] = []
    encoder.module.register_forward_pre_hook(
        lambda *_: told.append(torch.get_float32_matmul_precision())
    )
    ids, weights = np.full((1, 5), 7), np.full((1, 1, 5), 0.2, dtype=np.float32)
    torch.set_float32_matmul_precision("medium")
    try:
        encoder.means(ids, weights, [5])
        told.append(torch.get_float32_matmul_precision())
    finally:
        torch.set_float32_matmul_precision("highest")
    assert told == ["highest", "medium"]


def test_bfloat16_keeps_its_numbers_in_bfloat16_and_its_means_in_float32(
    bert: Path,
) -> None:
    encoder = TransformerEncoder(bert, "bert", "bfloat16", device="cpu")
    kinds = {parameter.dtype for parameter in encoder.module.parameters()}
    assert kinds == {torch.bfloat16}
    ids, weights = np.full((1, 5), 7), np.full((1, 1, 5), 0.2, dtype=np.float32)
    assert encoder.means(ids, weights, [5]).dtype == np.float32


@pytest.mark.parametrize(
    ("family", "positions"),
    [("bert", 64), ("roberta", 63), ("mpnet", 62), ("xlm-roberta", 63), ("gpt2", 64)],
)
def test_longest_window_really_runs(
    family: str, positions: int, tmp_path: Path
) -> None:
    """RoBERTa's kin keep the first positions, up to the padding id, for padding."""
    framed = family != "gpt2"
    folder = save_model(tmp_path, CONFIGS[family](), framed=framed)
    window_tokens = positions - 2 * framed
    embedder = embedder_of(folder, window_tokens=window_tokens)
    assert positions == embedder.encoder.max_framed_tokens
    [vectors] = embedder.vectors([TEXT * 3])
    assert vectors.windows[0].n_tokens == window_tokens
    with pytest.raises(
        SettingError, match=f"window_tokens must be in .1, {window_tokens}"
    ):
        embedder_of(folder, window_tokens=window_tokens + 1).embed([TEXT])


def test_roberta_base_reads_512() -> None:
    config = families.RobertaConfig(max_position_embeddings=514)
    assert longest_window(config) == 512


def test_model_without_special_tokens_gets_none(tmp_path: Path) -> None:
    folder = save_model(tmp_path, CONFIGS["gpt2"](), framed=False)
    assert TransformerEncoder(folder, "gpt2").tokenizer.special.n_tokens == 0


def test_layers_beyond_the_model(bert: Path) -> None:
    embedder = embedder_of(bert, window_tokens=14, layers=(9, 10, 11, 12))
    with pytest.raises(SettingError, match=r"which has 6 hidden states; got 9"):
        embedder.embed([TEXT])


def test_fingerprint_follows_weights_and_tokenizer(bert: Path) -> None:
    before = TransformerEncoder(bert, "bert").fingerprint
    assert before == TransformerEncoder(bert, "another name").fingerprint
    settings = bert / "tokenizer_config.json"
    settings.write_text(settings.read_text().replace("}", "} ", 1))
    retokenized = TransformerEncoder(bert, "bert").fingerprint
    _change_weight(bert, 0.5)
    reweighted = TransformerEncoder(bert, "bert").fingerprint
    assert len({before, retokenized, reweighted}) == 3


def _change_weight(folder: Path, value: float) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    weights["encoder.layer.2.output.dense.bias"][3] = value
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def test_nan_weights_are_told(bert: Path) -> None:
    _change_weight(bert, float("nan"))
    with pytest.raises(ModelOutputError, match="gave NaN or infinity"):
        embedder_of(bert, window_tokens=14).embed([TEXT])


def test_folder_without_tokenizer(bert: Path) -> None:
    for path in bert.glob("*token*"):
        path.unlink()
    with pytest.raises(ModelIntegrityError, match="must hold its tokenizer"):
        embedder_of(bert, window_tokens=14).embed([TEXT])


def test_folder_with_pickled_weights_only(bert: Path) -> None:
    (bert / "model.safetensors").rename(bert / "pytorch_model.bin")
    with pytest.raises(ModelIntegrityError, match="nothing is unpickled"):
        embedder_of(bert, window_tokens=14).embed([TEXT])


def test_folder_with_nothing_in_it(tmp_path: Path) -> None:
    with pytest.raises(ModelIntegrityError, match="holds nothing"):
        embedder_of(tmp_path).embed([TEXT])


def test_weights_cut_short(bert: Path) -> None:
    weights = bert / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    with pytest.raises(ModelError, match="did not load"):
        embedder_of(bert, window_tokens=14).embed([TEXT])


def test_weights_that_lack_a_layer(bert: Path) -> None:
    """Transformers would fill what is missing with random numbers."""
    from safetensors.torch import load_file, save_file

    weights = load_file(bert / "model.safetensors")
    kept = {name: value for name, value in weights.items() if "layer.3." not in name}
    save_file(kept, bert / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelIntegrityError, match=r"lack encoder\.layer\.3\."):
        embedder_of(bert, window_tokens=14).embed([TEXT])


def test_weights_without_the_unused_pooler(tmp_path: Path) -> None:
    """Checkpoints of masked language models have none, and no recipe reads it."""
    torch.manual_seed(7)
    model = families.BertForMaskedLM(CONFIGS["bert"]())
    model.save_pretrained(tmp_path)
    make_tokenizer(framed=True).save_pretrained(tmp_path)
    assert embedder_of(tmp_path, window_tokens=14).embed([TEXT]).shape == (1, 16)


def test_broken_configuration(bert: Path) -> None:
    (bert / "config.json").write_text("{")
    with pytest.raises(ModelError, match="did not load"):
        embedder_of(bert, window_tokens=14).embed([TEXT])


@pytest.mark.parametrize("name", ["/no/such/folder", "./missing", "a/b/c"])
def test_folder_that_does_not_exist(name: str) -> None:
    with pytest.raises(ModelNotFoundError, match="there is no folder"):
        DocumentEmbedder(Recipe(model=name)).embed([TEXT])


def test_name_that_no_hub_can_have() -> None:
    with pytest.raises(ModelNotFoundError, match="got 'not a name'"):
        DocumentEmbedder(Recipe(model="not a name")).embed([TEXT])


def test_hub_out_of_reach(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(
        ModelNotFoundError, match="on a hub that can be reached; it is on neither"
    ):
        DocumentEmbedder(Recipe(model="someone/no-such-model")).embed([TEXT])
