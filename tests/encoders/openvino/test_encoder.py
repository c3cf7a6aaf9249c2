"""The compiled engine, against the reference engine."""

import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from longshot.embedder import DocumentEmbedder
from longshot.encoders import load_encoder
from longshot.encoders.openvino import OpenVinoEncoder
from longshot.encoders.openvino.arithmetic import Arithmetic
from longshot.encoders.openvino.conversion import convert
from longshot.encoders.openvino.store import models_folder
from longshot.encoders.transformers import TransformerEncoder
from longshot.errors import LongshotWarning, ModelError, SettingError
from longshot.machine.locations import CACHE_VARIABLE
from longshot.recipe import Recipe
from tests.encoders.transformers.test_encoder import CONFIGS, TEXT, save_model

TEXTS = (TEXT, "The roof.", TEXT * 3, "Keys", TEXT[:60])


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_model(tmp_path_factory.mktemp("models") / "bert", CONFIGS["bert"]())


@pytest.fixture(scope="module")
def deberta(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a model that is none of the BERT family, so that it must be converted."""
    folder = tmp_path_factory.mktemp("models") / "deberta"
    return save_model(folder, CONFIGS["deberta-v2"]())


CONVERTED: dict[tuple[Path, str], Path] = {}


def convert_once(source: Path, target: Path, arithmetic: Arithmetic) -> None:
    """Convert in this process; give a copy where that was done before."""
    if (source, arithmetic) not in CONVERTED:
        convert(source, target, arithmetic)
        kept = source.parent / f"{source.name}-{arithmetic}"
        CONVERTED[source, arithmetic] = shutil.copytree(target, kept)
    else:
        kept = CONVERTED[source, arithmetic]
        shutil.copytree(kept, target, dirs_exist_ok=True)


def converted_here(folder: Path, **settings: Any) -> OpenVinoEncoder:
    """Convert in this process, which has torch loaded already."""
    return OpenVinoEncoder(folder, folder.name, converter=convert_once, **settings)


def vectors_of(encoder: Any, *texts: str, **settings: Any) -> np.ndarray:
    recipe = Recipe(model="tiny", window_tokens=14, **settings)
    return DocumentEmbedder(recipe, encoder=encoder).embed(texts)


def cosines(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    norms = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return np.asarray((a * b).sum(axis=1) / norms)


@pytest.mark.parametrize("family", CONFIGS)
def test_family_agrees_with_the_reference(family: str, tmp_path: Path) -> None:
    folder = save_model(tmp_path / family, CONFIGS[family](), framed=family != "gpt2")
    reference, compiled = TransformerEncoder(folder, "tiny"), converted_here(folder)
    assert reference.fingerprint == compiled.fingerprint
    assert reference.max_framed_tokens == compiled.max_framed_tokens
    expected = vectors_of(reference, *TEXTS)
    assert np.abs(expected - vectors_of(compiled, *TEXTS)).max() <= 1e-4


def test_every_layer_and_single_tokens(bert: Path) -> None:
    reference, compiled = TransformerEncoder(bert, "bert"), converted_here(bert)
    ids = np.array([[2, 7, 8, 9, 3], [2, 10, 11, 12, 3]])
    for layers in [(0,), (5, 1), tuple(range(6))]:
        expected = reference.states(ids, layers)
        assert np.abs(expected - compiled.states(ids, layers)).max() <= 1e-4


@pytest.mark.parametrize("pooling", ["cls", "max"])
def test_other_token_poolings(bert: Path, pooling: str) -> None:
    reference, compiled = TransformerEncoder(bert, "bert"), converted_here(bert)
    expected = vectors_of(reference, *TEXTS, token_pooling=pooling)
    actual = vectors_of(compiled, *TEXTS, token_pooling=pooling)
    assert np.abs(expected - actual).max() <= 1e-4


def test_batch_and_order_do_not_matter(bert: Path) -> None:
    encoder = converted_here(bert)
    together = vectors_of(encoder, *TEXTS)
    alone = np.concatenate([vectors_of(encoder, text) for text in TEXTS])
    backwards = vectors_of(encoder, *TEXTS[::-1])[::-1]
    assert np.abs(together - alone).max() <= 1e-5
    assert np.abs(together - backwards).max() <= 1e-5


@pytest.mark.parametrize("n_tokens", [40, 48, 49, 64])
def test_short_and_long_windows_agree_with_the_reference(
    bert: Path, n_tokens: int
) -> None:
    """They run through networks of their own."""
    reference, compiled = TransformerEncoder(bert, "bert"), converted_here(bert)
    ids = np.random.default_rng(0).integers(5, 120, size=(2, n_tokens))
    weights = np.full((2, 1, n_tokens), 1 / n_tokens, dtype=np.float32)
    expected = reference.means(ids, weights, [2, 5])
    assert np.abs(expected - compiled.means(ids, weights, [2, 5])).max() <= 1e-4


def test_shape_that_keeps_coming_gives_the_same_bits(bert: Path) -> None:
    """It gets a network of its own, after some time."""
    encoder = converted_here(bert)
    ids = np.random.default_rng(0).integers(5, 120, size=(1, 64))
    weights = np.full((1, 1, 64), 1 / 64, dtype=np.float32)
    runs = [encoder.means(ids, weights, [2, 5]) for _ in range(70)]
    assert all(np.array_equal(runs[0], run) for run in runs)
    assert len(encoder._compiled[2, 5]._networks) == 2


def test_networks_of_fixed_shape_stay_few(bert: Path) -> None:
    """Each takes memory, and of mixed lengths every shape comes often in the end."""
    encoder = converted_here(bert)
    for n_tokens in (64, 80, 96, 112):
        ids = np.random.default_rng(0).integers(5, 120, size=(1, n_tokens))
        weights = np.full((1, 1, n_tokens), 1 / n_tokens, dtype=np.float32)
        for _ in range(70):
            encoder.means(ids, weights, [2, 5])
    assert len(encoder._compiled[2, 5]._networks) == 3


@pytest.mark.parametrize("precision", ["bfloat16", "int8", "int8-bfloat16"])
@pytest.mark.parametrize("family", ["bert", "gpt2"])
def test_precisions_stay_near_float32(
    family: str, precision: Any, tmp_path: Path
) -> None:
    """Both built and converted: GPT-2 keeps its matrices the other way round."""
    folder = save_model(tmp_path / family, CONFIGS[family](), framed=family != "gpt2")
    expected = vectors_of(TransformerEncoder(folder, "tiny"), *TEXTS)
    encoder = converted_here(folder, precision=precision)
    assert cosines(expected, vectors_of(encoder, *TEXTS)).min() >= 0.999


def test_torch_serves_bfloat16_and_no_int8(bert: Path) -> None:
    expected = vectors_of(TransformerEncoder(bert, "bert"), *TEXTS)
    encoder = TransformerEncoder(bert, "bert", "bfloat16", device="cpu")
    assert cosines(expected, vectors_of(encoder, *TEXTS)).min() >= 0.999
    with pytest.raises(SettingError, match="must be float32 or bfloat16"):
        TransformerEncoder(bert, "bert", "int8")


def test_second_time_nothing_is_converted(deberta: Path) -> None:
    expected = vectors_of(converted_here(deberta), *TEXTS)

    def never(*_: object) -> None:
        raise AssertionError("it was converted before")

    again = OpenVinoEncoder(deberta, "deberta", converter=never)
    assert np.array_equal(expected, vectors_of(again, *TEXTS))


@pytest.mark.parametrize("name", ["model.bin", "model.xml", "tokenizer.json"])
@pytest.mark.parametrize("harm", ["cut", "alter", "remove"])
def test_harmed_entry_is_made_again(deberta: Path, name: str, harm: str) -> None:
    expected = vectors_of(converted_here(deberta), *TEXTS)
    [entry] = models_folder().iterdir()
    path, content = entry / name, (entry / name).read_bytes()
    path.unlink()
    if harm == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif harm == "alter":
        path.write_bytes(content[:-9] + b"*" + content[-8:])
    assert np.array_equal(expected, vectors_of(converted_here(deberta), *TEXTS))
    assert path.read_bytes() != b""
    assert [entry] == list(models_folder().iterdir())


def test_builders_at_once(deberta: Path, tmp_path: Path) -> None:
    """Each works in a folder of its own; the later one takes the earlier one's."""
    both_made = threading.Barrier(2)

    def together(source: Path, target: Path, arithmetic: Any) -> None:
        shutil.copytree(made, target, dirs_exist_ok=True)
        both_made.wait(timeout=20)

    converted_here(deberta)
    [entry] = models_folder().iterdir()
    made = shutil.copytree(entry, tmp_path / "made")
    shutil.rmtree(entry)
    encoders: list[OpenVinoEncoder] = []

    def build() -> None:
        encoders.append(OpenVinoEncoder(deberta, "deberta", converter=together))

    threads = [threading.Thread(target=build) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = (vectors_of(encoder, *TEXTS) for encoder in encoders)
    assert np.array_equal(first, second)
    assert [entry] == list(models_folder().iterdir())


def test_failed_conversion_leaves_nothing_behind(deberta: Path) -> None:
    def failing(source: Path, target: Path, arithmetic: Any) -> None:
        (target / "model.xml").write_text("half")
        raise ModelError("no")

    with pytest.raises(ModelError, match="no"):
        OpenVinoEncoder(deberta, "deberta", converter=failing)
    assert not list(models_folder().iterdir())


def test_cache_folder_that_takes_nothing(
    deberta: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "file"))
    with pytest.raises(ModelError, match="Set LONGSHOT_CACHE to another folder"):
        converted_here(deberta)


def test_auto_falls_back_and_says_so(
    deberta: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.warns(LongshotWarning, match="must convert for engine openvino"):
        encoder = load_encoder(str(deberta))
    assert isinstance(encoder, TransformerEncoder)
    with pytest.raises(ModelError, match="Use --engine torch"):
        load_encoder(str(deberta), engine="openvino")


def test_auto_converts_in_another_process_and_needs_no_torch(
    deberta: Path, empty_cache: Path
) -> None:
    script = (
        "import sys\n"
        "from longshot.embedder import DocumentEmbedder\n"
        "from longshot.recipe import Recipe\n"
        "recipe = Recipe(model=sys.argv[1], window_tokens=14)\n"
        "print(DocumentEmbedder(recipe, cache=None).embed(['The roof.']).shape)\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(deberta)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.startswith("(1, 16)"), run.stderr
    assert not {"torch", "transformers", "nncf"} & set(run.stdout.split())
    assert not run.stderr


GROWTH = """
import sys
from pathlib import Path
import numpy as np
from longshot.encoders.openvino import OpenVinoEncoder

def memory_bytes():
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(one for one in lines if one.startswith("VmRSS")).split()[1])

encoder, before = OpenVinoEncoder(Path(sys.argv[1]), "bert"), 0
for n_shapes in range(600):
    n_tokens, n_windows = 49 + n_shapes % 60, 1 + n_shapes // 60
    ids = np.full((n_windows, n_tokens), 7)
    weights = np.full((n_windows, 1, n_tokens), 1 / n_tokens, dtype=np.float32)
    encoder.means(ids, weights, [2, 5])
    if n_shapes == 200:
        before = memory_bytes()
print(memory_bytes() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux")
def test_memory_does_not_grow_with_every_new_shape(bert: Path) -> None:
    """What is compiled for a shape is kept for the latest shapes alone."""
    command = [sys.executable, "-c", GROWTH, str(bert)]
    found = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    assert int(found.stdout) < 20e6
