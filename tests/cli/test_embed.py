import json
import re
from pathlib import Path

import numpy as np
import pytest
from pyarrow import parquet

from tests.cli.conftest import Run


def test_parquet_names_the_recipe_and_the_model(
    run: Run, tmp_path: Path, pile: Path
) -> None:
    out = tmp_path / "vectors.parquet"

    result = run("embed", pile, "--out", out, "--layers=-1", "--window-tokens", "3")

    table = parquet.read_table(out)
    assert ["1.txt", "2.txt"] == table["id"].to_pylist()
    recipe = json.loads(table.schema.metadata[b"longshot.recipe"])
    assert ([-1], 3) == (recipe["layers"], recipe["window_tokens"])
    assert re.fullmatch("[0-9a-f]{64}", recipe["fingerprint"])
    assert "" == result.stdout
    assert re.fullmatch(
        r"2 documents, 13 tokens in 5 windows, .*\nvectors are in .*\n", result.stderr
    )
    assert 0 == result.exit_code


def test_windows_get_a_vector_each(run: Run, tmp_path: Path, pile: Path) -> None:
    out = tmp_path / "vectors.npz"

    run("embed", pile, "--out", out, "--windows", "--window-tokens", "3")

    with np.load(out) as found:
        assert ["1.txt"] * 2 + ["2.txt"] * 3 == found["id"].tolist()
        assert (5, 8) == found["vector"].shape


@pytest.mark.parametrize("name", ["vectors.csv", "vectors"])
def test_another_ending_is_told_before_anything_is_read(
    run: Run, tmp_path: Path, name: str
) -> None:
    result = run("embed", tmp_path / "missing", "--out", tmp_path / name)

    assert (
        f"error: a file of vectors must end in .parquet, .npz or .npy; got {name}. "
        "Change --out.\n" == result.stderr
    )
    assert 1 == result.exit_code


@pytest.mark.parametrize("ending", ["parquet", "npz", "npy"])
def test_where_every_document_is_set_aside_only_their_list_is_written(
    run: Run, tmp_path: Path, ending: str
) -> None:
    path, out = tmp_path / "blank.txt", tmp_path / f"vectors.{ending}"
    listed = tmp_path / "vectors.set-aside.csv"
    path.write_text(" \n")

    result = run("embed", path, "--out", out)

    assert (
        f"1 set aside:\n  {path}: holds only white space\n"
        f"  the whole list is in {listed}\n"
        "error: DOCUMENTS must hold at least one document that can be used; all of "
        "them were set aside. Fix one of them.\n" == result.stderr
    )
    assert (1, {path, listed}) == (result.exit_code, set(tmp_path.iterdir()))
