"""Folders with links, devices and pipes in them."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from longshot.errors import LongshotWarning
from longshot.reading import read_examples, read_labelled_documents
from tests.reading.reading import read


@pytest.fixture
def pile(tmp_path: Path) -> Path:
    folder = tmp_path / "pile"
    folder.mkdir()
    (folder / "good.txt").write_text("good")
    return folder


@pytest.mark.parametrize("ending", ["txt", "csv", "pdf"])
def test_links_to_devices_and_pipes_are_set_aside(pile: Path, ending: str) -> None:
    os.mkfifo(pile / "pipe")
    for name, target in (("zero", "/dev/zero"), ("link", pile / "pipe")):
        (pile / f"{name}.{ending}").symlink_to(target)

    documents, set_aside = read(pile)

    assert ["good.txt"] == [one.id for one in documents]
    assert [f"link.{ending}", "pipe", f"zero.{ending}"] == [one.id for one in set_aside]
    assert {"is neither a file nor a folder"} == {one.reason for one in set_aside}


def test_links_between_sibling_folders_do_not_multiply(tmp_path: Path) -> None:
    names = "abcdef"
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text(name)
    for name, other in itertools.permutations(names, 2):
        (tmp_path / name / other).symlink_to(tmp_path / other)

    with pytest.warns(LongshotWarning, match="each file is read once"):
        documents, _ = read(tmp_path)

    assert list(names) == sorted(one.text for one in documents)


def test_a_file_that_is_reached_twice_is_read_once_and_told(pile: Path) -> None:
    (pile / "hard.txt").hardlink_to(pile / "good.txt")
    (pile / "soft.txt").symlink_to(pile / "good.txt")

    with pytest.warns(
        LongshotWarning,
        match=r"left out: hard\.txt is good\.txt, soft\.txt is good\.txt\. To count",
    ):
        documents, set_aside = read(pile)

    assert ["good.txt"] == [one.id for one in documents]
    assert [] == set_aside


def test_a_file_may_be_linked_under_several_labels(tmp_path: Path) -> None:
    for label in ("lease", "tax"):
        (tmp_path / label).mkdir()
    (tmp_path / "lease" / "a.txt").write_text("rent and tax")
    (tmp_path / "tax" / "a.txt").symlink_to(tmp_path / "lease" / "a.txt")

    assert ["lease", "tax"] == [one.label for one in read_examples(tmp_path)]
    [both] = read_labelled_documents(tmp_path)
    assert ("lease", "tax") == both.labels


@pytest.fixture
def deep(pile: Path) -> Iterator[Path]:
    """Put a file deeper than Python calls functions, and take it away again.

    The test framework's own cleaning would call itself too often.
    """
    former, n_folders = Path.cwd(), 1_100
    os.chdir(pile)
    for _ in range(n_folders):
        os.mkdir("d")
        os.chdir("d")
    Path("deep.txt").write_text("deep")
    below = os.open(".", os.O_RDONLY)
    os.chdir(former)
    yield pile
    os.fchdir(below)
    os.close(below)
    os.unlink("deep.txt")
    for _ in range(n_folders):
        os.chdir("..")
        os.rmdir("d")
    os.chdir(former)


def test_folders_lie_as_deep_as_they_like(deep: Path) -> None:
    documents, _ = read(deep)

    assert ["deep", "good"] == sorted(one.text for one in documents)
