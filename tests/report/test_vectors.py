import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from longshot.embedder import DocumentEmbedder
from longshot.errors import OutputError, SettingError
from longshot.recipe import Recipe
from longshot.records import Document, Vectors
from longshot.report.vectors import ROWS_AT_ONCE, write_vectors
from tests.fakes import FakeEncoder

RECIPE = Recipe(model="fake", window_tokens=3)
TEXTS = {"lease/a": "the rent is due today", "report/é": "a leak", "c": "x y z u v w q"}


@pytest.fixture
def made() -> list[Vectors]:
    """Give the vectors of three documents, of two, one and three windows."""
    embedder = DocumentEmbedder(RECIPE, encoder=FakeEncoder())
    documents = [Document(id=one, text=text) for one, text in TEXTS.items()]
    return list(embedder.vectors(documents))


def matrix(made: list[Vectors]) -> np.ndarray:
    return np.stack([one.document for one in made])


@pytest.mark.parametrize("windows", [False, True])
def test_parquet_holds_rows_and_recipe(
    tmp_path: Path, made: list[Vectors], windows: bool
) -> None:
    path = tmp_path / "vectors.parquet"

    write_vectors(path, made, recipe=RECIPE.to_dict(), windows=windows)
    table = parquet.read_table(path)

    metadata = json.loads(table.schema.metadata[b"longshot.recipe"])
    assert RECIPE == Recipe.from_dict(metadata)
    found = np.array(table["vector"].to_pylist(), dtype=np.float32)
    if windows:
        spans = [(v.document_id, w.index, w.start) for v in made for w in v.windows]
        rows = table.select(["id", "window", "start"]).to_pylist()
        assert spans == [tuple(row.values()) for row in rows]
        assert np.array_equal(np.concatenate([v.window_vectors for v in made]), found)
    else:
        assert list(TEXTS) == table["id"].to_pylist()
        assert [5, 2, 7] == table["n_tokens"].to_pylist()
        assert np.array_equal(matrix(made), found)


def test_npz_holds_columns_and_recipe_and_needs_no_pickle(
    tmp_path: Path, made: list[Vectors]
) -> None:
    path = tmp_path / "vectors.npz"

    write_vectors(path, made, recipe=RECIPE.to_dict())

    with np.load(path, allow_pickle=False) as found:
        names = {"id", "n_tokens", "n_windows", "coverage", "vector", "recipe"}
        assert names == set(found)
        assert list(TEXTS) == found["id"].tolist()
        assert RECIPE == Recipe.from_dict(json.loads(str(found["recipe"])))
        assert np.array_equal(matrix(made), found["vector"])


def test_npy_holds_the_matrix_and_a_json_beside_it_the_rest(
    tmp_path: Path, made: list[Vectors]
) -> None:
    path = tmp_path / "vectors.npy"

    write_vectors(path, made, recipe=RECIPE.to_dict())

    assert np.array_equal(matrix(made), np.load(path, allow_pickle=False))
    beside = json.loads((tmp_path / "vectors.json").read_text())
    assert RECIPE == Recipe.from_dict(beside["longshot.recipe"])
    assert list(TEXTS) == [row["id"] for row in beside["rows"]]


@settings(max_examples=20)
@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=1))
def test_any_id_comes_back_from_parquet(
    tmp_path_factory: pytest.TempPathFactory, ids: list[str]
) -> None:
    path = tmp_path_factory.mktemp("ids") / "vectors.parquet"
    documents = [Document(id=one, text="rent") for one in ids]
    embedder = DocumentEmbedder(RECIPE, encoder=FakeEncoder())

    write_vectors(path, embedder.vectors(documents), recipe={})

    assert ids == parquet.read_table(path)["id"].to_pylist()


@pytest.mark.parametrize("ending", ["parquet", "npz", "npy"])
def test_an_id_with_a_lone_surrogate_can_be_written(
    tmp_path: Path, ending: str
) -> None:
    embedder = DocumentEmbedder(RECIPE, encoder=FakeEncoder())
    path = tmp_path / f"vectors.{ending}"

    write_vectors(
        path, embedder.vectors([Document(id="\udcff", text="rent")]), recipe={}
    )

    assert path.exists()


def test_parquet_is_written_as_the_vectors_come(
    tmp_path: Path, made: list[Vectors]
) -> None:
    path = tmp_path / "vectors.parquet"
    n_vectors = 2 * ROWS_AT_ONCE + 1

    write_vectors(path, (made[0] for _ in range(n_vectors)), recipe={})

    file = parquet.ParquetFile(path)
    assert (n_vectors, 3) == (file.metadata.num_rows, file.num_row_groups)


@pytest.mark.parametrize("ending", ["parquet", "npz", "npy"])
def test_without_a_single_vector_nothing_is_written(
    tmp_path: Path, ending: str
) -> None:
    with pytest.raises(OutputError, match="must hold at least one; there is none"):
        write_vectors(tmp_path / f"vectors.{ending}", [], recipe={})

    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", ["parquet", "npz", "npy"])
def test_an_error_in_the_middle_leaves_nothing(
    tmp_path: Path, made: list[Vectors], ending: str
) -> None:
    def stopped() -> Iterator[Vectors]:
        yield made[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_vectors(tmp_path / f"vectors.{ending}", stopped(), recipe={})

    assert [] == list(tmp_path.iterdir())


def test_another_ending_is_told_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(
        SettingError, match=r"must end in \.parquet, \.npz or \.npy; got"
    ):
        write_vectors(tmp_path / "vectors.csv", [], recipe={})
