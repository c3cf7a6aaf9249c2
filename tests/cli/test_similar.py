import re
from pathlib import Path

from tests.cli.conftest import Run


def test_the_cosine_and_the_windows_that_answer_to_each_other(
    run: Run, tmp_path: Path
) -> None:
    a, b = tmp_path / "a.txt", tmp_path / "b.txt"
    a.write_text("the rent is due a boiler has burst")
    b.write_text("a boiler has burst the rent is due")

    result = run("similar", a, b, "--window-tokens", "4")

    assert [
        ["cosine 1.0000"],
        ["cosine", "a.txt", "b.txt"],
        ["1.0000", "0–15 the rent is due", "19–34 … the rent is due"],
        ["1.0000", "16–34 … a boiler has burst", "0–18 a boiler has burst"],
    ] == [re.split(r"  +", line) for line in result.stdout.splitlines()]
    assert ("", 0) == (result.stderr, result.exit_code)


def test_a_folder_is_not_one_document(run: Run, pile: Path) -> None:
    result = run("similar", pile, pile / "1.txt")

    assert (
        f"error: A must be one document; {pile} holds 2. "
        "Name a single file.\n" == result.stderr
    )
    assert 1 == result.exit_code


def test_an_empty_document_is_told(run: Run, pile: Path) -> None:
    (pile / "2.txt").write_text("")

    result = run("similar", pile / "1.txt", pile / "2.txt")

    assert (
        f"error: every document must be readable; {pile / '2.txt'} is empty. "
        "Fix it or remove it.\n" == result.stderr
    )
    assert 1 == result.exit_code


def test_a_document_that_is_missing_is_told(run: Run, pile: Path) -> None:
    result = run("similar", pile / "1.txt", pile / "3.txt")

    assert f"error: B must exist; there is no {pile / '3.txt'}. Check the path.\n" == (
        result.stderr
    )


def test_a_guessed_encoding_is_told(run: Run, pile: Path) -> None:
    (pile / "2.txt").write_bytes(
        "Die Wohnung ist für zwei Jahre gemietet.".encode("cp1252")
    )

    result = run("similar", pile / "1.txt", pile / "2.txt")

    assert f"{pile / '2.txt'}: decoded as cp1252 (guessed)\n" == result.stderr
