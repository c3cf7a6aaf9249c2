import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run


def data_of(page: Path) -> Any:
    block = re.search(r'id="data">(.*?)</script>', page.read_text("utf-8"), re.DOTALL)
    assert block is not None
    return json.loads(block[1])


def test_a_report_holds_every_document_with_its_label_passage_and_place(
    run: Run, tmp_path: Path, labelled: Path, pile: Path
) -> None:
    out = tmp_path / "out.html"

    result = run("classify", labelled, pile, "--report", out)

    assert 0 == result.exit_code
    assert f"the report is in {out}\n" in result.stderr
    data = data_of(out)
    assert ["lease", "report"] == data["labels"]
    assert [("1.txt", 0), ("2.txt", 1)] == [
        (one["id"], one["label"]) for one in data["documents"]
    ]
    first = data["documents"][0]
    assert "The tenant owes the rent." == first["snippet"]
    assert 2 == len(first["at"])
    assert "truth" not in first
    page = out.read_text("utf-8")
    assert "<h1>Labels for pile</h1>" in page
    assert f"{labelled} (lease 1, report 1)" in page
    assert "1.txt" in result.stdout


def details_of(data: Any) -> list[Any]:
    chunks = [gzip.decompress(base64.b64decode(one)) for one in data["chunks"]]
    return [one for chunk in chunks for one in json.loads(chunk)]


@pytest.mark.parametrize(
    ("head", "scale"), [("views", "log-likelihood"), ("nearest", "cosine")]
)
def test_documents_lead_to_their_files_and_passages_have_a_unit(
    run: Run, tmp_path: Path, labelled: Path, pile: Path, head: str, scale: str
) -> None:
    out = tmp_path / "out.html"

    run("classify", labelled, pile, "--report", out, "--head", head)

    data = data_of(out)
    assert scale == data["scale"]
    links = [one["link"] for one in details_of(data)]
    assert [f"./{pile.name}/1.txt", f"./{pile.name}/2.txt"] == links


def test_the_truth_and_what_was_set_aside_are_in_the_report(
    run: Run, tmp_path: Path, labelled: Path, pile: Path
) -> None:
    out, truth = tmp_path / "out.html", tmp_path / "truth.csv"
    truth.write_text("id,label\n1.txt,lease\n2.txt,lease\n")
    (pile / "3.txt").write_text(" ")

    result = run("classify", labelled, pile, "--report", out, "--truth", truth)

    assert 1 == result.exit_code
    assert [True, False] == [one["right"] for one in data_of(out)["documents"]]
    assert f"{pile / '3.txt'}</b>" in out.read_text("utf-8")


@pytest.mark.parametrize("options", [["--no-evidence"], ["--no-cache"]])
def test_without_evidence_or_cache_there_is_a_report_too(
    run: Run, tmp_path: Path, labelled: Path, pile: Path, options: list[str]
) -> None:
    out = tmp_path / "out.html"

    result = run("classify", labelled, pile, "--report", out, *options)

    assert 0 == result.exit_code
    assert 2 == len(data_of(out)["documents"])


def test_a_pile_from_standard_input_has_a_report(
    run: Run, tmp_path: Path, labelled: Path
) -> None:
    out = tmp_path / "out.html"
    stdin = b'{"id": "a", "text": "The tenant </script> \\u2028 pays."}\n'

    run("classify", labelled, "-", "--report", out, stdin=stdin)

    assert "<h1>Labels for standard input</h1>" in out.read_text("utf-8")
    assert "The tenant </script> pays." == data_of(out)["documents"][0]["snippet"]


def test_a_report_without_a_place_is_told_before_anything_is_read(
    run: Run, tmp_path: Path, labelled: Path, pile: Path
) -> None:
    result = run("classify", labelled, pile, "--report", tmp_path / "no" / "out.html")

    assert 1 == result.exit_code
    assert "" == result.stdout
    assert result.stderr.startswith("error: a result must go to a folder that can be")
