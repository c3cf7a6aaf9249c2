"""What people give by mistake: one line that says what to do, and never a traceback."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import transformers

from longshot.encoders.minilm import minilm_folder
from tests.broken_files import LOCKED_PDF, docx_bomb, docx_bytes
from tests.cli.conftest import Run


def table(rows: list[dict[str, str]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def few(tmp_path: Path) -> Path:
    return tmp_path / "few.jsonl"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            [{"text": "the rent", "label": "lease"}],
            "examples must have at least two different labels; got only lease. Add an "
            "example of "
            "another label, or name that label in descriptions (--labels).",
        ),
        (
            [{"text": "the rent", "kind": "lease"}],
            'EXAMPLES must have a column "label"; few.jsonl has: text, kind. Choose '
            "it with --label-column.",
        ),
        (
            [{"label": "the rent " * 99, "text": "lease"}],
            'EXAMPLES must have labels in the column "label"; line 1 of few.jsonl has '
            "890 characters there. Choose the column with --label-column; there are: "
            "label, "
            "text.",
        ),
        ([], "a table must hold at least one row; {few} holds none. Check the file."),
    ],
)
def test_what_is_no_labelled_set_is_told_in_one_line(
    run: Run, few: Path, pile: Path, rows: list[dict[str, str]], told: str
) -> None:
    few.write_text(table(rows))

    result = run("classify", few, pile)

    line = result.stderr.splitlines()[-1]
    assert f"error: {told.format(few=few)}" == line
    assert (1, "") == (result.exit_code, result.stdout)


def test_a_label_whose_documents_hold_no_text_is_named(
    run: Run, labelled: Path, pile: Path
) -> None:
    (labelled / "report" / "b.txt").write_text(" \n ")

    result = run("classify", labelled, pile)

    assert (
        "1 example: lease 1\n"
        "1 set aside:\n"
        f"  {labelled / 'report' / 'b.txt'}: holds only white space\n"
        "error: every label must have a document with text; report has none. Fix one "
        "of those set aside, or remove the label.\n" == result.stderr
    )
    assert 1 == result.exit_code


def test_an_example_that_cannot_be_read_does_not_stop_the_run(
    run: Run, labelled: Path, pile: Path
) -> None:
    (labelled / "report" / "c.pdf").write_bytes(LOCKED_PDF)

    result = run("classify", labelled, pile)

    assert 3 == len(result.stdout.splitlines())
    assert (
        f"{labelled / 'report' / 'c.pdf'}: is protected by a password: save it "
        "without one\n" in result.stderr
    )
    assert 1 == result.exit_code


@pytest.mark.parametrize("examples", ["missing", "labelled"])
def test_a_folder_that_does_not_exist_is_told(
    run: Run, tmp_path: Path, labelled: Path, examples: str
) -> None:
    missing = tmp_path / "missing"

    result = run("classify", tmp_path / examples, missing)

    argument = "EXAMPLES" if examples == "missing" else "DOCUMENTS"
    assert (
        f"error: {argument} must exist; there is no {missing}. Check the path."
        == result.stderr.splitlines()[-1]
    )
    assert 1 == result.exit_code


@pytest.mark.parametrize(
    ("documents", "told"),
    [
        ("missing", "DOCUMENTS must exist; there is no"),
        ("empty", "a folder must hold at least one file to read;"),
        ("pile.csv", 'DOCUMENTS must have a column "text"; pile.csv has: body.'),
    ],
)
@pytest.mark.parametrize("command", ["classify", "suggest"])
def test_documents_are_opened_before_examples_are_encoded(
    run: Run,
    real_models: None,
    labelled: Path,
    tmp_path: Path,
    command: str,
    documents: str,
    told: str,
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "pile.csv").write_text("body\nThe rent is due.\n")

    # A model that is not there is noticed only when the first text is encoded.
    missing = ["--model", str(tmp_path / "no-model")]
    result = run(command, labelled, tmp_path / documents, *missing)

    assert told in result.stderr
    assert "no-model" not in result.stderr


def test_both_on_standard_input_is_told(run: Run) -> None:
    result = run("classify", "-", "-", stdin=b"")

    assert "EXAMPLES and DOCUMENTS must not both be standard input" in result.stderr
    assert 1 == result.exit_code


def test_a_level_that_is_not_there_is_noticed_before_any_work(
    run: Run, labelled: Path, pile: Path
) -> None:
    result = run("classify", labelled, pile, "--level", 2)

    assert ["2 examples: lease 1, report 1"] == result.stderr.splitlines()[:-1]
    assert "error: level needs labels that form a tree" in result.stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("labels.yaml", "lease: about rent\nreport: about roofs\nlease: about sale\n"),
        ("labels.json", '{"lease": "about rent", "report": null, "lease": "sale"}'),
    ],
)
def test_a_label_that_is_described_twice_is_told(
    run: Run, tmp_path: Path, labelled: Path, pile: Path, name: str, content: str
) -> None:
    path = tmp_path / name
    path.write_text(content)

    result = run("classify", labelled, pile, "--labels", path)

    assert (
        f"error: --labels must name each label once; {path} names lease twice. Remove "
        f"one of them.\n" == result.stderr
    )


@pytest.mark.parametrize("command", ["classify", "suggest", "check"])
def test_a_misspelt_label_is_told_before_the_work(
    run: Run, tmp_path: Path, labelled: Path, pile: Path, command: str
) -> None:
    path = tmp_path / "labels.yaml"
    path.write_text("reprot: about roofs\ninvoice: about money\n")

    piles = [] if command == "check" else [pile]
    result = run(command, labelled, *piles, "--labels", path)

    assert (
        "2 labels without examples: invoice, reprot\n"
        "note: --labels has reprot, of which there is no example, and examples have "
        "report: these count as two labels. If you meant one, correct the spelling\n"
    ) in result.stderr


def test_the_same_text_under_two_labels_is_told(
    run: Run, labelled: Path, pile: Path
) -> None:
    (labelled / "report" / "c.txt").write_text("The tenant pays the rent.")

    result = run("classify", labelled, pile)

    assert (
        "note: the same text has two different labels; give it one:\n"
        "  lease/a.txt (lease) and report/c.txt (report)\n"
    ) in result.stderr


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" " * 1_000_000, "holds only white space"),
        ("nul.txt", b"The rent\0is due", "is not a text: it holds binary data"),
        ("locked.pdf", LOCKED_PDF, "is protected by a password"),
        ("cut.docx", docx_bytes()[:-100], "is not a DOCX, or is cut short"),
        ("bomb.docx", docx_bomb(), "a zip bomb"),
        ("ragged.csv", b"id,text\n1,a,b\n2,rent\n", "has 3 columns where the header"),
        ("bad.jsonl", b'{"text": "rent"}\noops\n', "is not JSON"),
        (
            "twice.csv",
            b"id,text\n1,rent\n1,boiler\n",
            'the id "twice.csv#1", which an earlier one',
        ),
    ],
)
def test_a_document_that_cannot_be_used_is_named_and_the_rest_is_labelled(
    run: Run, labelled: Path, pile: Path, name: str, content: bytes, reason: str
) -> None:
    (pile / name).write_bytes(content)

    result = run("classify", labelled, pile)

    assert {"1.txt,lease", "2.txt,report"} <= {
        ",".join(line.split(",")[:2]) for line in result.stdout.splitlines()
    }
    *_, counted, told = result.stderr.splitlines()
    assert "1 set aside:" == counted
    assert told.startswith(f"  {pile / name}")
    assert reason in told
    assert 1 == result.exit_code


@pytest.mark.parametrize("format", ["csv", "jsonl", "table"])
@pytest.mark.parametrize(
    "text",
    [
        "half \ud83d a face",
        "NUL \0 inside",
        "مرحبا بكم في البيت",
        "本契約は、両当事者が署名した日から",
        "👩‍👧 " * 20,
        "e\u0301 " * 20,
        "one\rline\r\nor three",
    ],
)
def test_any_text_goes_through(
    run: Run, tmp_path: Path, labelled: Path, text: str, format: str
) -> None:
    (tmp_path / "pile.jsonl").write_text(json.dumps({"id": text[:9], "text": text}))

    result = run(
        "classify", labelled, tmp_path / "pile.jsonl",
        "--format", format, "--window-tokens", "3",
    )  # fmt: skip

    assert (None, 0) == (result.exception, result.exit_code)


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "parquet"])
def test_a_lone_surrogate_can_be_written(
    run: Run, tmp_path: Path, labelled: Path, ending: str
) -> None:
    (tmp_path / "pile.jsonl").write_text('{"id": "\\ud83d", "text": "half \\ud83d"}\n')

    result = run(
        "classify", labelled, tmp_path / "pile.jsonl",
        "--out", tmp_path / f"labels.{ending}",
    )  # fmt: skip

    assert (None, 0) == (result.exception, result.exit_code)


def test_a_passage_is_cut_between_whole_characters(
    run: Run, tmp_path: Path, labelled: Path
) -> None:
    """A family is three signs, joined: the window's border falls into the first one."""
    (tmp_path / "pile.txt").write_text("one two 👩‍👩‍👧 three four five")

    result = run(
        "classify", labelled, tmp_path / "pile.txt",
        "--format", "jsonl", "--window-tokens", "3",
    )  # fmt: skip

    passage = json.loads(result.stdout)["passage"]
    assert "👩‍👩‍👧" in passage or "👩" not in passage


def test_a_single_line_of_ten_megabytes_is_labelled(
    run: Run, tmp_path: Path, labelled: Path
) -> None:
    (tmp_path / "long.txt").write_text("bureaucratically " * 600_000)

    result = run("classify", labelled, tmp_path / "long.txt", "--format", "jsonl")

    row = json.loads(result.stdout)
    assert (600_000, 1.0) == (row["n_tokens"], row["coverage"])


@pytest.fixture(scope="module")
def whole_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a small BERT with random weights and the bundled model's tokenizer."""
    config = transformers.BertConfig(
        hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=8
    )
    folder = tmp_path_factory.mktemp("models") / "bert"
    transformers.BertModel(config).save_pretrained(folder)
    shutil.copy(minilm_folder() / "tokenizer.json", folder)
    return folder


@pytest.fixture
def bert(tmp_path: Path, whole_bert: Path) -> Path:
    """Give a copy, which may be damaged; undamaged ones are converted once."""
    return shutil.copytree(whole_bert, tmp_path / "bert")


def spoil(folder: Path) -> None:
    model = transformers.BertModel.from_pretrained(folder)
    for parameter in model.parameters():
        torch.nn.init.constant_(parameter, float("nan"))
    model.save_pretrained(folder)


@pytest.mark.usefixtures("real_models")
@pytest.mark.parametrize(
    ("damage", "arguments", "told"),
    [
        (
            lambda folder: (folder / "tokenizer.json").unlink(),
            ["--layers=-1"],
            "a model's folder must hold its tokenizer (tokenizer.json); ",
        ),
        (
            lambda folder: None,
            ["--layers=-4,-1"],
            "layers must be in [-3, 2] for model {bert}, which has 3 hidden states; "
            "got -4. Change --layers.",
        ),
        (spoil, ["--layers=-1"], "a model must give finite numbers; {bert} gave NaN"),
        (
            lambda folder: None,
            ["--layers=-1", "--window-tokens", "511"],
            "window_tokens must be in [1, 510] for model {bert}",
        ),
        (
            lambda folder: (folder / "model.safetensors").write_bytes(b"no weights"),
            ["--layers=-1"],
            "model {bert} must be one that AutoModel loads; ",
        ),
    ],
)
def test_a_model_that_cannot_be_used_is_told_in_one_line(
    run: Run,
    bert: Path,
    labelled: Path,
    pile: Path,
    damage: Callable[[Path], object],
    arguments: list[str],
    told: str,
) -> None:
    damage(bert)

    result = run("classify", labelled, pile, "--model", bert, *arguments)

    counted, *notes, error = result.stderr.splitlines()
    assert "2 examples: lease 1, report 1" == counted
    assert all(note.startswith("note: a model must convert") for note in notes)
    assert error.startswith(f"error: {told.format(bert=bert)}")
    assert (1, "") == (result.exit_code, result.stdout)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--layers="], "layers must be whole numbers separated by commas; got ''."),
        (
            ["--layers=1,x"],
            "layers must be whole numbers separated by commas; got '1,x'.",
        ),
        (["--window-tokens=0"], "window_tokens must be at least 1; got 0."),
        (
            ["--overlap-tokens=600"],
            "overlap_tokens must be in [0, window_tokens - 1 = 509]",
        ),
        (
            ["--truth=missing.csv"],
            "--truth must exist; there is no missing.csv. Check the path.",
        ),
        (
            ["--out=labels.xlsx"],
            "a table's file name must end in .csv, .tsv, .jsonl or .parquet;",
        ),
        (
            ["--out=missing/labels.csv"],
            "a result must go to a folder that can be written",
        ),
    ],
)
def test_an_option_outside_of_what_it_may_be_is_told_in_one_line(
    run: Run, labelled: Path, pile: Path, arguments: list[str], told: str
) -> None:
    result = run("classify", labelled, pile, *arguments)

    (line,) = result.stderr.splitlines()
    assert line.startswith(f"error: {told}")
    assert (1, "") == (result.exit_code, result.stdout)
