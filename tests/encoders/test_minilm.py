import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers

from longshot.embedder import DocumentEmbedder
from longshot.encoders import catalogue, load_encoder, minilm, usable_models
from longshot.encoders.minilm import check_weights, minilm_folder
from longshot.encoders.published import MINILM
from longshot.errors import LongshotWarning, ModelIntegrityError, ModelNotFoundError
from longshot.machine.locations import CACHE_VARIABLE
from longshot.recipe import Recipe

GOLDEN = Path(__file__).parents[3] / "shared" / "data" / "minilm_golden.json"
TEXT = "The tenant shall repair the roof before the lease ends in March. " * 12


@pytest.fixture
def copied_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the bundled model be found in a copy, which a test may damage."""
    folder = shutil.copytree(minilm_folder(), tmp_path / "model")
    monkeypatch.setattr(catalogue, "minilm_folder", lambda: folder)
    return folder


def test_minilm_agrees_with_the_articles_loop(minilm: DocumentEmbedder) -> None:
    tokenizer = transformers.AutoTokenizer.from_pretrained(minilm_folder())
    model = transformers.AutoModel.from_pretrained(minilm_folder()).eval()
    ids = tokenizer(TEXT, add_special_tokens=False)["input_ids"]
    total = torch.zeros(384)
    for start in range(0, len(ids), 60):
        window = ids[start : start + 60]
        with torch.no_grad():
            framed = torch.tensor([[101, *window, 102]])
            states = model(framed, output_hidden_states=True).hidden_states
        total += torch.stack(states)[-4:, 0, 1:-1].mean(dim=0).sum(dim=0)
    expected = (total / len(ids)).numpy()
    recipe = Recipe(window_tokens=60)
    embedder = DocumentEmbedder(recipe, encoder=minilm.encoder)
    assert len(ids) > 120
    assert np.abs(expected - embedder.embed([TEXT])[0]).max() <= 1e-5


@pytest.mark.skipif(not GOLDEN.is_file(), reason=f"{GOLDEN} is not at hand")
def test_golden_file_of_another_implementation(minilm: DocumentEmbedder) -> None:
    """The mean with special tokens, as another runtime computed it.

    The file lost its signs, so magnitudes are compared. It differs by up to 2.1e-3 from
    `transformers` in float32 (1.4e-3 where GELU is approximated by tanh): no exact run
    comes closer, and the loop above is the sharp test.
    """
    golden = json.loads(GOLDEN.read_text())
    text = golden["texts"][0]
    ids = minilm.encoder.tokenizer.special.frame(
        minilm.encoder.tokenizer.encode(text).ids
    )
    weights = np.full((1, 1, len(ids)), 1 / len(ids), dtype=np.float32)
    mean = minilm.encoder.means(ids[None], weights, [6])[0, 0, 0]
    expected = np.array(golden["mean_single"][0])
    assert np.abs(expected - np.abs(mean)).max() <= 2.5e-3


def test_bundled_model_is_what_was_published() -> None:
    check_weights(minilm_folder() / "model.safetensors")


def test_bundled_model_is_listed_with_its_sizes() -> None:
    model = next(usable_models())
    sizes = (model.name, model.dim, model.n_layers, model.max_framed_tokens)
    assert sizes == ("minilm", 384, 7, 512)
    assert (model.folder / "model.safetensors").is_file()


def test_altered_weights_are_refused(copied_folder: Path) -> None:
    path = copied_folder / "model.safetensors"
    weights = bytearray(path.read_bytes())
    weights[-1000] ^= 1
    path.write_bytes(weights)
    with pytest.raises(ModelIntegrityError, match=r"altered or cut short\. Run: pip"):
        load_encoder("minilm")


def test_untouched_copy_is_accepted(copied_folder: Path) -> None:
    assert load_encoder("minilm").dim == 384


def test_model_that_is_not_here_is_fetched_or_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was fetched before into the cache, or is fetched now: here, from nowhere."""
    import huggingface_hub.constants

    monkeypatch.setattr(minilm, "PACKAGE", "no_such_package_for_longshot")
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    told = pytest.warns(LongshotWarning, match=r"fetching it once \(91 MB\)")
    with told, pytest.raises(ModelNotFoundError, match="neither gave it"):
        minilm_folder()
    MINILM.folder.mkdir(parents=True)
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        (MINILM.folder / name).touch()
    assert minilm_folder() == MINILM.folder


def test_missing_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "half_a_model"
    (package / "model").mkdir(parents=True)
    (package / "model" / "config.json").write_text("{}")
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(minilm, "PACKAGE", package.name)
    with pytest.raises(ModelIntegrityError, match=r"must have tokenizer\.json"):
        minilm_folder()
