import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longshot.classify import LongshotClassifier
from longshot.classify.models.fitting import Head
from longshot.classify.persistence import SETTINGS_FILE, VECTORS_FILE
from longshot.embedder import DocumentEmbedder
from longshot.errors import LongshotError, OutputError, SavedClassifierError
from longshot.recipe import Recipe
from tests.fakes import FakeEncoder

TEXTS = ["the tenant pays rent to the landlord", "a boiler leaks", "ships sail"]
LABELS = ["lease", "report", "log"]
PILE = ["the landlord of the ships", "a leak", "rent " * 30]


class OtherEncoder(FakeEncoder):
    fingerprint = "0e" * 32


def made(head: Head = "prototype", window_tokens: int = 4) -> LongshotClassifier:
    recipe = Recipe(model="fake", window_tokens=window_tokens)
    embedder = DocumentEmbedder(recipe, encoder=FakeEncoder())
    return LongshotClassifier(head=head, embedder=embedder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made().fit(TEXTS, LABELS).save(tmp_path / "saved")
    return tmp_path / "saved"


def loaded(folder: Path, window_tokens: int = 4) -> LongshotClassifier:
    return LongshotClassifier.load(
        folder, embedder=made(window_tokens=window_tokens).embedder
    )


@pytest.mark.parametrize("head", ["views", "nearest", "prototype"])
def test_a_saved_classifier_decides_bit_by_bit_the_same(
    tmp_path: Path, head: Head
) -> None:
    classifier = made(head).fit([*TEXTS, "rent is due"], [*LABELS, "lease"])

    classifier.save(tmp_path / "deep" / "saved")
    copy = loaded(tmp_path / "deep" / "saved")

    assert head == copy.head
    expected = classifier.predict_proba(PILE)
    assert np.array_equal(expected, copy.predict_proba(PILE))
    assert classifier.classify(PILE) == copy.classify(PILE)
    assert classifier.example_ids_ == copy.example_ids_


@pytest.mark.parametrize("labels", [[1, 2, 3], [0.0, 1.0, 2.0], [True, False, True]])
def test_labels_keep_their_type(
    tmp_path: Path, labels: list[int] | list[float] | list[bool]
) -> None:
    classifier = made().fit(TEXTS, labels)
    classifier.save(tmp_path / "saved")

    copy = loaded(tmp_path / "saved")

    assert classifier.classes_.tolist() == copy.classes_.tolist()
    assert classifier.classes_.dtype == copy.classes_.dtype


@settings(max_examples=20)
@given(st.lists(st.text(), min_size=1, max_size=4))
def test_any_text_comes_back(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("any") / "saved"
    texts = [f"word {number} {text}" for number, text in enumerate(texts)]
    classifier = made().fit([*texts, "other \ud83d"], [*["a"] * len(texts), "b"])

    classifier.save(folder)

    assert classifier.classify(texts) == loaded(folder).classify(texts)


def test_what_is_loaded_can_grow(folder: Path) -> None:
    copy = loaded(folder).add(["a ferry sank"], ["accident"])

    assert ["accident"] == copy.predict(["a ferry sank"]).tolist()


def test_nothing_but_json_and_safetensors_is_written(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}

    assert {SETTINGS_FILE, VECTORS_FILE} == names
    assert [folder] == list(folder.parent.iterdir())


def test_saving_again_replaces_what_was_saved(folder: Path) -> None:
    other = made().fit(["a", "b"], ["x", "y"])

    other.save(folder)

    assert ["x", "y"] == loaded(folder).classes_.tolist()
    assert [folder] == list(folder.parent.iterdir())


def test_a_folder_with_something_else_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("the only copy")

    with pytest.raises(OutputError, match="holds something else"):
        made().fit(TEXTS, LABELS).save(tmp_path)
    with pytest.raises(OutputError, match="holds something else"):
        made().fit(TEXTS, LABELS).save(tmp_path / "thesis.txt")

    assert "the only copy" == (tmp_path / "thesis.txt").read_text()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(OutputError, match="must be writable"):
        made().fit(TEXTS, LABELS).save(tmp_path / "file" / "saved")


def rewritten(folder: Path, key: str, value: object) -> None:
    path = folder / SETTINGS_FILE
    path.write_text(json.dumps({**json.loads(path.read_text()), key: value}))


def test_another_format_is_refused(folder: Path) -> None:
    rewritten(folder, "format", 99)

    with pytest.raises(SavedClassifierError, match=r"must have format 3; .* has 99"):
        loaded(folder)


def test_another_recipe_is_refused(folder: Path) -> None:
    with pytest.raises(SavedClassifierError, match="was made under another"):
        loaded(folder, window_tokens=5)


def test_another_model_is_refused(folder: Path) -> None:
    recipe = Recipe(model="fake", window_tokens=4)
    embedder = DocumentEmbedder(recipe, encoder=OtherEncoder())

    with pytest.raises(SavedClassifierError, match="was made under another"):
        LongshotClassifier.load(folder, embedder=embedder)


def test_a_model_that_is_not_here_is_told(folder: Path) -> None:
    content = json.loads((folder / SETTINGS_FILE).read_text())
    content["settings"]["recipe"]["model"] = "./nowhere"
    rewritten(folder, "settings", content["settings"])

    with pytest.raises(LongshotError, match=r"there is no folder \./nowhere"):
        LongshotClassifier.load(folder)


def flip_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        (VECTORS_FILE, flip_a_bit),
        (VECTORS_FILE, cut_short),
        (VECTORS_FILE, Path.unlink),
        (SETTINGS_FILE, cut_short),
        (SETTINGS_FILE, lambda path: path.write_bytes(b"\xff\xfe")),
        (SETTINGS_FILE, lambda path: path.write_text("[]")),
        (SETTINGS_FILE, lambda path: path.write_text("{}")),
        (SETTINGS_FILE, lambda path: path.write_text('{"format": 3}')),
    ],
)
def test_a_damaged_file_is_refused(
    folder: Path, name: str, damage: Callable[[Path], object]
) -> None:
    damage(folder / name)

    with pytest.raises(SavedClassifierError, match=r"must be whole; .* is damaged"):
        loaded(folder)


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch, lambda path: None])
def test_what_is_no_saved_classifier_is_told(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "place")

    with pytest.raises(SavedClassifierError, match=r"must be a folder with classifier"):
        loaded(tmp_path / "place")
