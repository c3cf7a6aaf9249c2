import csv
import io
import json
import re
from pathlib import Path
from zlib import crc32

import pytest
from pyarrow import parquet

from tests.cli.conftest import Run
from tests.fakes import WordTokenizer
from tests.reading.pdf_files import SCAN, pdf_bytes

COLUMNS = [
    "id",
    "label",
    "checked",
    "confidence",
    "second_label",
    "second_confidence",
    "n_tokens",
    "n_windows",
    "coverage",
    "language",
    "notes",
    "passage_start",
    "passage_end",
    "passage",
    "example_id",
    "example_similarity",
    "predicted_label",
]


def without_times(text: str) -> str:
    """Leave out how long it took."""
    return re.sub(r"[\d.]+ s \([\d,]+ tokens/s\)", "TIME", text)


def test_labels_go_to_stdout_and_everything_else_to_stderr(
    run: Run, labelled: Path, pile: Path
) -> None:
    result = run("classify", labelled, pile)

    rows = list(csv.DictReader(io.StringIO(result.stdout, newline="")))
    assert COLUMNS == list(rows[0])
    assert [("1.txt", "lease"), ("2.txt", "report")] == [
        (row["id"], row["label"]) for row in rows
    ]
    assert "The tenant owes the rent." == rows[0]["passage"]
    assert ("lease/a.txt", "report") == (rows[0]["example_id"], rows[0]["second_label"])
    assert (
        "2 examples: lease 1, report 1\n"
        "2 documents, 13 tokens in 2 windows, TIME\n" == without_times(result.stderr)
    )
    assert 0 == result.exit_code


def test_jsonl_holds_the_same_with_types(run: Run, labelled: Path, pile: Path) -> None:
    result = run("classify", labelled, pile, "--format", "jsonl")

    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert COLUMNS == list(rows[0])
    assert (6, 1, 1.0, 0, 25) == tuple(
        rows[0][name]
        for name in (
            "n_tokens",
            "n_windows",
            "coverage",
            "passage_start",
            "passage_end",
        )
    )


def test_results_that_a_person_corrected_go_back_in_as_examples(
    run: Run, tmp_path: Path, labelled: Path, pile: Path
) -> None:
    out = tmp_path / "labels.csv"
    run("classify", labelled, pile, "--out", out)
    lines = out.read_text().replace("2.txt,report,,", "2.txt,report,x,")
    out.write_text(lines.replace("1.txt,lease,", "1.txt,deed,"))

    result = run("classify", out, pile)

    assert "2 examples: deed 1, report 1" in result.stderr
    rows = csv.DictReader(io.StringIO(result.stdout, newline=""))
    assert [("1.txt", "deed"), ("2.txt", "report")] == [
        (row["id"], row["label"]) for row in rows
    ]


@pytest.mark.parametrize("names", [False, True])
def test_corrections_are_examples_beside_the_others(
    run: Run, tmp_path: Path, labelled: Path, pile: Path, names: bool
) -> None:
    examples, table = labelled, tmp_path / "labels.csv"
    table.write_text(
        "id,label,checked,predicted_label\n1.txt,deed,,lease\n2.txt,a,,a\n"
    )
    if names:
        examples = tmp_path / "names.txt"
        examples.write_text("deed\nreport\n")

    result = run("classify", examples, pile, "--corrections", table)

    told = "1 example: deed 1" if names else "3 examples: deed 1, lease 1, report 1"
    assert told in result.stderr
    assert 0 == result.exit_code, result.output


def test_a_correction_may_have_the_id_of_an_example(
    run: Run, tmp_path: Path, pile: Path
) -> None:
    examples, table = tmp_path / "some.csv", tmp_path / "labels.csv"
    examples.write_text("id,text,label\n1.txt,the rent,lease\n2.txt,a roof,report\n")
    table.write_text("id,label\n1.txt,lease\n")

    result = run("classify", examples, pile, "--corrections", table)

    assert "3 examples: lease 2, report 1" in result.stderr
    assert 0 == result.exit_code, result.output


@pytest.mark.usefixtures("without_ocr")
def test_scanned_pages_are_told_in_every_place(
    run: Run, tmp_path: Path, labelled: Path, pile: Path
) -> None:
    (pile / "3.pdf").write_bytes(pdf_bytes(["The tenant pays."], *[[SCAN]] * 9))
    out, page = tmp_path / "labels.jsonl", tmp_path / "labels.html"

    result = run("classify", labelled, pile, "--out", out, "--report", page)

    note = "pages 2 to 10 are pictures: pip install 'longshot[ocr]' to read them"
    *_, row = [json.loads(line) for line in out.read_text().splitlines()]
    assert (0.1, note) == (row["coverage"], row["notes"])
    assert f'"read":0.1,"snippet":"The tenant pays.","notes":["{note}"]' in (
        page.read_text()
    )
    assert "3.pdf: 10.0% of it was read" in result.stderr
    assert f"3.pdf: {note}" in result.stderr


def test_a_table_in_a_pipe_is_never_cut_to_the_width_of_a_screen(
    run: Run, labelled: Path, pile: Path
) -> None:
    name = f"{'long-name-' * 12}.txt"
    (pile / "2.txt").rename(pile / name)

    result = run("classify", labelled, pile, "--format", "table", "--head", "nearest")

    lines = result.stdout.splitlines()
    assert [
        "document",
        "label",
        "sure",
        "tokens",
        "read",
        "the passage that decided",
    ] == (re.split(r"  +", lines[0]))
    assert [
        ["1.txt", "lease", "6", "100%", "The tenant owes the rent."],
        [name, "report", "7", "100%", "The boiler was found to burst."],
    ] == [
        [*words[:2], *words[3:]]
        for words in (re.split(r"  +", one) for one in lines[1:])
    ]


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "parquet"])
def test_out_is_written_by_its_ending(
    run: Run, tmp_path: Path, labelled: Path, pile: Path, ending: str
) -> None:
    out = tmp_path / f"labels.{ending}"

    result = run("classify", labelled, pile, "--out", out)

    if ending == "parquet":
        rows = parquet.read_table(out).to_pylist()
    elif ending == "jsonl":
        rows = [json.loads(line) for line in out.read_text().splitlines()]
    else:
        delimiter = "\t" if ending == "tsv" else ","
        rows = list(csv.DictReader(io.StringIO(out.read_text()), delimiter=delimiter))
    assert COLUMNS == list(rows[0])
    assert ["lease", "report"] == [row["label"] for row in rows]
    assert "" == result.stdout
    assert f"labels are in {out}\n" in result.stderr


def test_without_evidence_its_columns_are_empty(
    run: Run, labelled: Path, pile: Path
) -> None:
    result = run("classify", labelled, pile, "--no-evidence", "--format", "jsonl")

    row = json.loads(result.stdout.splitlines()[0])
    assert {None} == {row[name] for name in COLUMNS[10:-1]}


def test_tables_on_both_sides(run: Run, tmp_path: Path) -> None:
    (tmp_path / "few.csv").write_text("body,kind\nthe rent,lease\na boiler,report\n")
    (tmp_path / "pile.jsonl").write_text('{"body": "the rent", "key": "x"}\n')

    result = run(
        "classify", tmp_path / "few.csv", tmp_path / "pile.jsonl",
        "--text-column", "body", "--label-column", "kind",
    )  # fmt: skip

    assert "1,lease," == result.stdout.splitlines()[1][:8]


def test_a_dash_reads_jsonl_from_standard_input(run: Run, labelled: Path) -> None:
    stdin = b'{"id": "mail-7", "text": "The boiler was found to leak."}\n'

    result = run("classify", labelled, "-", stdin=stdin)

    assert "mail-7,report," == result.stdout.splitlines()[1][:14]


def test_the_truth_tells_how_many_are_right_and_which_are_not(
    run: Run, tmp_path: Path, labelled: Path, pile: Path
) -> None:
    truth = tmp_path / "truth.csv"
    truth.write_text("id,label\n1.txt,lease\n2.txt,lease\n")

    result = run("classify", labelled, pile, "--truth", truth)

    assert "1 of 2 are right\n  2.txt is lease, not report\n" in result.stderr
    assert 0 == result.exit_code


def test_the_truth_may_be_any_table_with_other_columns(
    run: Run, tmp_path: Path, labelled: Path, pile: Path
) -> None:
    truth = tmp_path / "truth.jsonl"
    truth.write_text('{"file": "1.txt", "kind": "lease"}\n{"file": "2.txt"}\n')

    columns = ["--id-column", "file", "--label-column", "kind"]
    result = run("classify", labelled, pile, "--truth", truth, *columns)

    assert "1 of 1 are right\n  1 document without a true label" in result.stderr


def test_examples_do_not_count_as_right(
    run: Run, tmp_path: Path, labelled: Path, pile: Path
) -> None:
    (pile / "3.txt").write_text("The tenant pays the rent.")  # an example's text
    truth, page = tmp_path / "truth.csv", tmp_path / "labels.html"
    truth.write_text("id,label\n1.txt,lease\n2.txt,lease\n3.txt,lease\n")

    result = run("classify", labelled, pile, "--truth", truth, "--report", page)

    assert (
        "1 of 2 are right\n  1 document not counted: also among the examples"
        in result.stderr
    )
    shown = page.read_text()
    assert "match the true labels" in shown
    assert "1 of 2" in shown


def test_a_truth_of_other_documents_is_a_mistake(
    run: Run, tmp_path: Path, labelled: Path, pile: Path
) -> None:
    truth = tmp_path / "truth.csv"
    truth.write_text("id,label\npile/1.txt,lease\n")

    result = run("classify", labelled, pile, "--truth", truth)

    assert result.stderr.endswith(
        "error: --truth must hold ids of DOCUMENTS; none of its ids is one (it has "
        '"pile/1.txt", DOCUMENTS has "1.txt"). Compare them, or name the column of ids '
        "with --id-column.\n"
    )
    assert 1 == result.exit_code
    assert 3 == len(result.stdout.splitlines())


def test_a_truth_that_contradicts_itself_is_a_mistake(
    run: Run, tmp_path: Path, labelled: Path, pile: Path
) -> None:
    truth = tmp_path / "truth.csv"
    truth.write_text("id,label\n1.txt,lease\n1.txt,report\n")

    result = run("classify", labelled, pile, "--truth", truth)

    assert 'gives "1.txt" both lease and report. Remove one of them.' in result.stderr


def test_a_truth_without_labels_is_told(
    run: Run, tmp_path: Path, labelled: Path, pile: Path
) -> None:
    truth = tmp_path / "truth.csv"
    truth.write_text("id,class\n1.txt,lease\n")

    result = run("classify", labelled, pile, "--truth", truth)

    assert (
        'error: --truth must have a column "label"; truth.csv has: id, class. '
        "Choose it with --label-column.\n" == result.stderr
    )


def test_documents_that_are_examples_too_are_named(
    run: Run, labelled: Path, pile: Path
) -> None:
    (pile / "2.txt").write_text((labelled / "report" / "b.txt").read_text())

    result = run("classify", labelled, pile)

    assert (
        "1 document among the examples, too: the label stays as you gave it\n"
        "  2.txt\n" in result.stderr
    )
    assert result.stderr.count("among the examples") == 1


def test_a_document_of_tokens_unknown_to_the_model_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, labelled: Path, pile: Path
) -> None:
    rent = crc32(b"rent") % 100_000 + 10
    monkeypatch.setattr(WordTokenizer, "unknown_id", rent)
    (pile / "2.txt").write_text("Rent, rent, rent!")

    result = run("classify", labelled, pile)

    assert (
        "2 documents, 12 tokens in 2 windows, TIME\n"
        "  2.txt: 50.0% of its tokens are unknown to the model\n"
    ) in without_times(result.stderr)


def test_documents_without_a_true_label_are_counted(
    run: Run, tmp_path: Path, labelled: Path, pile: Path
) -> None:
    truth = tmp_path / "truth.csv"
    truth.write_text("id,label\n1.txt,lease\n")

    result = run("classify", labelled, pile, "--truth", truth)

    assert (
        "1 of 1 are right\n  1 document without a true label: not in --truth\n"
        in result.stderr
    )


def test_a_guessed_encoding_is_told(run: Run, labelled: Path, pile: Path) -> None:
    text = "Le café était fermé à cause de la fête de Noël ; les élèves, déçus."
    (pile / "3.txt").write_bytes(text.encode("cp1252"))

    result = run("classify", labelled, pile)

    assert f"{pile / '3.txt'}: decoded as cp1252 (guessed)\n" in result.stderr
    assert "élèves" in result.stdout


def test_what_stands_in_a_document_never_commands_the_terminal(
    run: Run, labelled: Path, pile: Path
) -> None:
    (pile / "1.txt").write_text("The [bold]tenant[/bold] \x1b[2J pays")

    result = run("classify", labelled, pile, "--format", "table")

    assert "The [bold]tenant[/bold] \ufffd[2J pays" in result.stdout


@pytest.mark.usefixtures("real_models")
def test_the_bundled_model_labels_real_sentences(
    run: Run, labelled: Path, pile: Path
) -> None:
    """And sets aside what its tokenizer leaves nothing of."""
    (pile / "1.txt").write_text("The landlord may end this tenancy in May.")
    (pile / "2.txt").write_text("Our heating engineer saw water under the tank.")
    (pile / "3.txt").write_text("\u200b" * 9)

    result = run("classify", labelled, pile, "--format", "jsonl")

    labels = [json.loads(line)["label"] for line in result.stdout.splitlines()]
    assert ["lease", "report"] == labels
    assert (
        f"1 set aside:\n  {pile / '3.txt'}: holds no token that the model can read\n"
        in result.stderr
    )
    assert 1 == result.exit_code


def test_adaptive_reading_tells_how_much_was_read(run: Run, tmp_path: Path) -> None:
    topics = {"lease": "rent tenant landlord", "report": "leak boiler roof"}
    examples, pile = tmp_path / "examples.jsonl", tmp_path / "pile.jsonl"
    rows = [
        {"text": " ".join([words, str(n)] * 12), "label": label}
        for n in range(8)
        for label, words in topics.items()
    ]
    examples.write_text("".join(json.dumps(row) + "\n" for row in rows))
    texts = [{"text": words + " and" * 400} for words in topics.values()]
    pile.write_text("".join(json.dumps(row) + "\n" for row in texts))

    settings = ["--read", "adaptive", "--window-tokens", 8, "--format", "jsonl"]
    result = run("classify", examples, pile, "--no-pile", *settings)

    given = [json.loads(line) for line in result.stdout.splitlines()]
    read = [round(one["coverage"] * one["n_tokens"]) for one in given]
    assert [403, 403] == [one["n_tokens"] for one in given]
    assert [min(8 * one["n_windows"], 403) for one in given] == read
    assert f"read {sum(read) / 806:.0%} of 806 tokens, as asked\n" in result.stderr
    assert 0 == result.exit_code


def test_one_by_one_gives_the_same_rows_to_a_file_and_to_a_pipe(
    run: Run, labelled: Path, pile: Path, tmp_path: Path
) -> None:
    alone = ["classify", labelled, pile, "--no-pile"]
    out, parquet = tmp_path / "labels.csv", tmp_path / "labels.parquet"

    printed = run(*alone, "--format", "csv")
    written = run(*alone, "--out", out)
    at_once = run(*alone, "--out", parquet)

    assert printed.stdout == out.read_text()
    assert f"finished rows are in {out}.partial until all" in written.stderr
    assert f"labels are in {out}\n" in written.stderr
    assert "partial" not in at_once.stderr
    assert parquet.is_file()
    assert not Path(f"{out}.partial").exists()


def test_one_by_one_the_report_and_the_comparison_have_what_they_need(
    run: Run, labelled: Path, pile: Path, tmp_path: Path
) -> None:
    truth, out = tmp_path / "truth.csv", tmp_path / "labels.csv"
    truth.write_text("id,label\n1.txt,lease\n2.txt,report\n")
    page = tmp_path / "labels.html"
    options = ["--truth", truth, "--report", page, "--out", out]

    result = run("classify", labelled, pile, "--no-pile", *options)

    assert "2 of 2 are right\n" in result.stderr
    assert page.is_file()
    assert 3 == len(out.read_text().splitlines())


def test_confidence_gives_each_document_its_set_of_labels(
    run: Run, labelled: Path, pile: Path
) -> None:
    result = run("classify", labelled, pile, "--confidence", "0.9")

    rows = list(csv.DictReader(io.StringIO(result.stdout, newline="")))
    assert [*COLUMNS, "label_set"] == list(rows[0])
    assert ["lease", "report"] == json.loads(rows[0]["label_set"])
    assert (
        "prediction sets at 90%: 2.00 labels on average\n"
        "  every set holds all labels: for smaller ones, at least 9 examples must "
        "share their label with another\n"
    ) in result.stderr
    table = run(
        "classify", labelled, pile, "--confidence", "0.9", "--format", "table"
    ).stdout
    assert "set of labels" in table
    assert "lease, report" in table


def test_a_confidence_outside_of_its_bounds_is_told_before_any_work(
    run: Run, labelled: Path, pile: Path
) -> None:
    result = run("classify", labelled, pile, "--confidence", "90")

    assert 1 == result.exit_code
    assert "confidence must be between 0 and 1" in result.stderr
