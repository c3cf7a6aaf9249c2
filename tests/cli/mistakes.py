"""Mistakes that people make: what is typed, and the one line that comes.

The page docs/mistakes.md is written from this list by ``make mistakes``; a test runs
every one through the command line, so that the page cannot go stale.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.broken_files import LOCKED_PDF
from tests.reading.containers.test_archives import zipped
from tests.reading.pdf_files import SCAN, pdf_bytes

_GERMAN = (
    "Der Mieter zahlt die vereinbarte Miete jeweils zum dritten Werktag eines Monats "
    "auf das Konto des Vermieters. Schönheitsreparaturen übernimmt der Mieter, soweit "
    "sie durch seinen Gebrauch erforderlich werden. Die Kündigung bedarf der "
    "Schriftform und muss spätestens am dritten Werktag zugehen. "
)

FILES: dict[str, str | bytes] = {
    "labelled/lease/a.txt": "The tenant pays the rent.",
    "labelled/report/b.txt": "The boiler was found to leak.",
    "pile/1.txt": "The tenant owes the rent.",
    "pile/2.txt": "The boiler was found to burst.",
    "one/lease/a.txt": "The tenant pays the rent.",
    "gap/lease/a.txt": "The tenant pays the rent.",
    "gap/report/.keep": "",
    "twice/lease/a.txt": "The tenant pays the rent.",
    "twice/report/b.txt": "The tenant pays the rent.",
    "papers/lease.txt": "The tenant owes the rent.",
    "papers/blank.txt": " \n",
    "papers/letter.rtf": "{\\rtf1\\ansi The rent is due.}",
    "papers/locked.pdf": LOCKED_PDF,
    "papers/old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "papers/photo.png": b"\x89PNG\r\n\x1a\n\0\0",
    "papers/scan.pdf": pdf_bytes([SCAN], [SCAN]),
    "scans/lease.pdf": pdf_bytes(["The tenant owes the rent."], *[[SCAN]] * 9),
    "german/1.txt": _GERMAN,
    "columns.csv": "body,kind\nThe rent is due.,lease\nThe boiler leaks.,report\n",
    "swapped.csv": f"label,text\n{'The rent is due. ' * 20},lease\nThe boiler,report\n",
    "spelling.csv": "text,label\nThe rent,lease\nThe tenant,Lease\nA boiler,report\n",
    "paths.csv": "file,label\npile/1.txt,lease\npile/2.txt,report\n",
    "next.csv": "id,label,text\n1.txt,,The tenant\n2.txt,,The boiler\n",
    "results.csv": (
        "id,label,checked,predicted_label\n1.txt,lease,,lease\n2.txt,report,,report\n"
    ),
    "truth.csv": "id,label\nscan-7.pdf,lease\n",
    "contradiction.csv": "id,label\n1.txt,lease\n1.txt,report\n",
    "pile.csv": "id,text\n1,The rent is due.\n1,The boiler leaks.\n",
    "twice.yaml": "lease: about rent\nreport: about boilers\nlease: about sale\n",
    "spelling.yaml": "lease: about rent\nreprot: about boilers\n",
    "labels.xlsx": zipped({"xl/workbook": b"x"}),
    "notes.txt": "The tenant pays the rent.\n",
    "sentences.txt": "The mouse ran away.\nA mouse was clicked.\n",
    "many.jsonl": "".join(
        json.dumps({"text": f"{text} {number}", "label": label}) + "\n"
        for label, text in (("lease", "The rent is due"), ("report", "A boiler leaks"))
        for number in range(4)
    ),
}
"""What lies in the folder where the commands are typed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mistake:
    """A mistake, and what came of it.

    Attributes
    ----------
    what
        What the person did.
    typed
        The command line, or lines of Python.
    line
        The line on stderr that tells it; of Python, the error's message.
    exit_code
        1 where the run stopped or set something aside, 2 for wrong usage, and 0 where
        it is noted and the run goes on.
    """

    what: str
    typed: str
    line: str
    exit_code: int = 1


def _error(what: str, typed: str, line: str, exit_code: int = 1) -> Mistake:
    return Mistake(what=what, typed=typed, line=f"error: {line}", exit_code=exit_code)


def _note(what: str, typed: str, line: str) -> Mistake:
    return Mistake(what=what, typed=typed, line=f"note: {line}", exit_code=0)


def _python(what: str, typed: str, line: str) -> Mistake:
    return Mistake(what=what, typed=typed, line=line)


_KINDS = "csv, tsv, jsonl, parquet, each also as .gz"
_SWAP = (
    "Put the documents of each label into a folder named after it, or swap EXAMPLES "
    "and DOCUMENTS if they are the wrong way round."
)

SECTIONS: dict[str, list[Mistake]] = {
    "Words of the command line": [
        _error(
            "The name of a command is misspelt",
            "longshot clasify labelled pile",
            "no such command 'clasify'. Did you mean 'classify'? See: longshot --help",
            2,
        ),
        _error(
            "An option is misspelt",
            "longshot classify labelled pile --lables labels.yaml",
            "no such option: --lables (Possible options: --labels, --layers, --names). "
            "See: longshot classify --help",
            2,
        ),
        _error(
            "A cluster gets no place for its results",
            "longshot classify labelled pile --cluster local",
            "--cluster must have a folder for its results; there is no --out. Add "
            "--out FOLDER, or an address such as s3://bucket/labels.",
        ),
        _error(
            "DOCUMENTS is left out",
            "longshot classify labelled",
            "DOCUMENTS must be named unless EXAMPLES is a project; labelled is none. "
            "Name what to label, or run: longshot init labelled",
        ),
        _error(
            "The shell makes many files of a pattern",
            "longshot classify labelled pile/1.txt pile/2.txt",
            "got unexpected extra argument(s) (pile/2.txt); name one folder in place "
            "of several files, and put quotes around a path with spaces. See: "
            "longshot classify --help",
            2,
        ),
        _error(
            "A choice is misspelt",
            "longshot classify labelled pile --head nearset",
            "invalid value for '--head': 'nearset' is not one of 'views', 'nearest', "
            "'prototype'. See: longshot classify --help",
            2,
        ),
        _error(
            "A rate is written with a sign of per cent",
            "longshot classify labelled pile --unknown 5%",
            "invalid value for '--unknown': it must be a valid number. See: longshot "
            "classify --help",
            2,
        ),
        _error(
            "A rate is given in per cent",
            "longshot classify labelled pile --unknown 5",
            "unknown must be a false-rejection rate between 0 and 1; got 5.0. For 5 %, "
            "give 0.05.",
        ),
        _error(
            "So is a confidence",
            "longshot classify labelled pile --confidence 90",
            "confidence must be between 0 and 1, the share of prediction sets that "
            "should include the true label; got 90.0. Give, for instance, 0.9.",
        ),
        _error(
            "Two options do not go together",
            "longshot classify labelled pile --several --unknown 0.1",
            "unknown cannot be used where documents may have several labels; got 0.1. "
            "Leave it out: a document to which no label applies gets none anyway.",
        ),
    ],
    "Where files are": [
        _error(
            "DOCUMENTS is misspelt",
            "longshot classify labelled pil",
            "DOCUMENTS must exist; there is no pil. Check the path.",
        ),
        _error(
            "EXAMPLES and DOCUMENTS are swapped",
            "longshot classify pile labelled",
            f"EXAMPLES must hold one sub-folder per label; pile has no sub-folders. "
            f"{_SWAP}",
        ),
        _error(
            "The folder is empty",
            "longshot classify labelled empty",
            "a folder must hold at least one file to read; empty holds none. Check the "
            "path.",
        ),
        _error(
            "DOCUMENTS is an address of the web",
            "longshot classify labelled https://example.org/pile.csv",
            "DOCUMENTS must be on this machine; got the address "
            "https://example.org/pile.csv. Download it, and name the file.",
        ),
        _error(
            "Both come on standard input",
            "longshot classify - -",
            "EXAMPLES and DOCUMENTS must not both be standard input, which can be read "
            "only once. Save one of them to a file.",
        ),
        _error(
            "The result goes to a folder that is not there",
            "longshot classify labelled pile --out results/labels.csv",
            "a result must go to a folder that can be written; results is missing or "
            "read-only. Create it, or name another with --out.",
        ),
        _error(
            "The result is to be a spreadsheet",
            "longshot classify labelled pile --out labels.xlsx",
            "a table's file name must end in .csv, .tsv, .jsonl or .parquet; got "
            "labels.xlsx. Change --out.",
        ),
        _error(
            "The report is to be a PDF",
            "longshot classify labelled pile --report labels.pdf",
            "a report's file name must end in .html or .htm; got labels.pdf. Change "
            "--report.",
        ),
        _error(
            "Table and report get one name",
            "longshot classify labelled pile --out a.csv --report a.csv",
            "--out and --report must be different files; both are a.csv. Name another.",
        ),
        _error(
            "The result would overwrite what is read",
            "longshot classify labelled pile.csv --out pile.csv",
            "--out must not overwrite DOCUMENTS; both are pile.csv. Name another file.",
        ),
    ],
    "Examples and labels": [
        _error(
            "There is one label only",
            "longshot classify one pile",
            "examples must have at least two different labels; got only lease. Add an "
            "example of another label, or name that label in descriptions (--labels).",
        ),
        _error(
            "The folder of a label is empty",
            "longshot classify gap pile",
            "every label must have a document; the folder gap/report is empty. Add a "
            "document, or remove the folder.",
        ),
        _error(
            "A single document stands for EXAMPLES",
            "longshot classify notes.txt pile",
            "EXAMPLES must name at least two labels; notes.txt names one. Add a label, "
            "or give a folder or a table of labelled documents.",
        ),
        _error(
            "EXAMPLES is a spreadsheet",
            "longshot classify labels.xlsx pile",
            "EXAMPLES must be a folder with one sub-folder per label, or a table "
            f"({_KINDS}); labels.xlsx is a spreadsheet (XLSX): save its sheets as csv.",
        ),
        _error(
            "The columns have other names",
            "longshot classify columns.csv pile",
            'EXAMPLES must have a column "text"; columns.csv has: body, kind. Choose '
            'it with --text-column, or call a column of file names "path".',
        ),
        _error(
            "The columns are swapped",
            "longshot classify swapped.csv pile",
            'EXAMPLES must have labels in the column "label"; line 2 of swapped.csv '
            "has 339 characters there. Choose the column with --label-column; there "
            "are: label, text.",
        ),
        _error(
            "The column of texts holds names of files",
            "longshot classify paths.csv pile --text-column file",
            'EXAMPLES must hold texts; the column "file" of paths.csv holds names of '
            'files. Call the column "path" and leave out --text-column: the files are '
            "then read.",
        ),
        Mistake(
            what="What `suggest` gave is handed back before it is filled in",
            typed="longshot classify next.csv pile",
            line='  next.csv, line 2: has no label in its column "label": fill it in',
        ),
        _error(
            "Results are given as corrections before anyone corrected them",
            "longshot classify labelled pile --corrections results.csv",
            "--corrections must hold labels that a person gave; none of the 2 rows of "
            "results.csv was labelled, corrected or checked. Correct labels, or put an "
            'x into the column "checked".',
        ),
        _note(
            "A label is written in two ways",
            "longshot classify spelling.csv pile",
            "examples have Lease and lease, which count as two labels. If you meant "
            "one, correct the spelling",
        ),
        _note(
            "A label in `--labels` is misspelt",
            "longshot classify labelled pile --labels spelling.yaml",
            "--labels has reprot, of which there is no example, and examples have "
            "report: these count as two labels. If you meant one, correct the spelling",
        ),
        _error(
            "`--labels` names a label twice",
            "longshot classify labelled pile --labels twice.yaml",
            "--labels must name each label once; twice.yaml names lease twice. Remove "
            "one of them.",
        ),
        Mistake(
            what="One text stands under two labels",
            typed="longshot classify twice pile",
            line="  lease/a.txt (lease) and report/b.txt (report)",
            exit_code=0,
        ),
        _error(
            "A file is to be split, and no labels are given",
            "longshot split papers/lease.txt",
            "split must know the labels; got neither EXAMPLES nor --labels. Give "
            "labelled documents after DOCUMENTS, or a file of labels with --labels.",
        ),
        _error(
            "`--sections` with what sections have not",
            "longshot classify labelled pile --sections --level 1",
            "--sections must stand without --several, --truth, --confidence, --level, "
            "--read, --head, --no-pile, --names-model; got --level. Leave out one of "
            "the two.",
        ),
        _error(
            "`--names-model` with a model that tells nothing of entailment",
            "longshot classify labelled pile --names-model minilm",
            "a model that is asked about names must have an output called entailment "
            "and another one (id2label in its config.json); minilm has none. Name a "
            "model of natural-language inference.",
        ),
        _error(
            "`--names-model` beside a decision that reads no names",
            "longshot classify labelled pile --names-model minilm --head nearest",
            "head must be views with names_model; got nearest. Leave out one of the "
            "two.",
        ),
        _error(
            "`--level` with labels that form no tree",
            "longshot classify labelled pile --level 2",
            "level needs labels that form a tree, such as finance/tax and "
            "finance/audit; got lease, report. Leave it out, or name the labels as "
            "paths.",
        ),
    ],
    "Documents that cannot be read": [
        Mistake(
            what="An old Word file lies in the folder (so for thirty other kinds)",
            typed="longshot classify labelled papers",
            line="  papers/old.doc: is an old Word file (DOC): save it as DOCX",
        ),
        Mistake(
            what="A picture, and no text recognition (OCR) is installed",
            typed="longshot classify labelled papers",
            line="  papers/photo.png: is a picture (PNG): pip install 'longshot[ocr]' "
            "to read it",
        ),
        Mistake(
            what="A PDF with a password",
            typed="longshot classify labelled papers",
            line="  papers/locked.pdf: is protected by a password: save it without one",
        ),
        Mistake(
            what="A scanned PDF",
            typed="longshot classify labelled papers",
            line="  papers/scan.pdf: holds no text on its 2 pages: pages 1 to 2 are "
            "pictures: pip install 'longshot[ocr]' to read them",
        ),
        Mistake(
            what="A PDF of one page of text and nine scanned ones",
            typed="longshot classify labelled scans",
            line="scans/lease.pdf: pages 2 to 10 are pictures: pip install "
            "'longshot[ocr]' to read them",
            exit_code=0,
        ),
        Mistake(
            what="Two rows have one id",
            typed="longshot classify labelled pile.csv",
            line='  pile.csv, line 3: has the id "1", which an earlier one has too: '
            "give it another",
        ),
        _note(
            "The model does not know the language",
            "longshot classify labelled german",
            "minilm must know the language that it reads; the document is in German, "
            "and it knows English. Many labels will be wrong, and confidence too high. "
            "Use a model for the language, such as sentence-transformers/"
            "paraphrase-multilingual-MiniLM-L12-v2, with --model.",
        ),
    ],
    "Models and their settings": [
        _error(
            "The name of a model is misspelt (offline: no hub is asked)",
            "longshot classify labelled pile --model minlm",
            "model minlm must be on this machine, or on a hub that can be reached; it "
            "is on neither (LocalEntryNotFoundError). Did you mean minilm? `longshot "
            "models` lists those that are here.",
        ),
        _error(
            "The folder of a model is not there",
            "longshot classify labelled pile --model ./bert",
            "a model must be minilm, mpnet, a folder or the id of a model on the hub; "
            "there is no folder ./bert. Check the path.",
        ),
        _error(
            "A layer that the model does not have",
            "longshot classify labelled pile --layers 12",
            "layers must be in [-7, 6] for model minilm, which has 7 hidden states; "
            "got 12. Change --layers.",
        ),
        _error(
            "Windows longer than the model reads",
            "longshot classify labelled pile --window-tokens 5000",
            "window_tokens must be in [1, 510] for model minilm, which reads 512 "
            "tokens at once, 2 of them special or prefix tokens; got 5000. Lower "
            "--window-tokens.",
        ),
    ],
    "Measuring, and the other commands": [
        _error(
            "`--truth` has the ids of other documents",
            "longshot classify labelled pile --truth truth.csv",
            "--truth must hold ids of DOCUMENTS; none of its ids is one (it has "
            '"scan-7.pdf", DOCUMENTS has "1.txt"). Compare them, or name the column of '
            "ids with --id-column.",
        ),
        _error(
            "`--truth` gives a document two labels",
            "longshot classify labelled pile --truth contradiction.csv",
            "--truth must give each document one label; contradiction.csv gives "
            '"1.txt" both lease and report. Remove one of them.',
        ),
        _error(
            "There are too few examples to measure anything",
            "longshot evaluate labelled",
            "at least two labels must have 2 documents or more, to learn from one and "
            "test on another; none has. Label more.",
        ),
        _error(
            "There are too few examples for `--unknown`",
            "longshot classify labelled pile --unknown 0.05",
            "a false-rejection rate of 5% needs at least 19 examples that share their "
            "label with another example; got 0. Add examples, or allow a higher rate.",
        ),
        Mistake(
            what="A forecast is wanted of one number of examples",
            typed="longshot evaluate many.jsonl --shots 2 --splits 3",
            line="To learn how much more labels would help, measure at 3 or more "
            "numbers of examples per class, for instance --shots 1,2,4.",
            exit_code=0,
        ),
        _error(
            "`similar` is asked about a folder",
            "longshot similar labelled pile/1.txt",
            "A must be one document; labelled holds 2. Name a single file.",
        ),
        _error(
            "`contextual` looks for a word that is not there",
            "longshot contextual sentences.txt --words rat",
            "a word must occur in at least 2 sentences; of 2 sentences, rat occurs in "
            "0. Check --words, or count other forms too with --inflected or --words "
            "mouse/mice.",
        ),
        _error(
            "Vectors go to a file of another kind",
            "longshot embed pile --out vectors.txt",
            "a file of vectors must end in .parquet, .npz or .npy; got vectors.txt. "
            "Change --out.",
        ),
    ],
    "In Python": [
        _python(
            "A table is given for texts",
            "import pandas\n\n"
            'LongshotClassifier().fit(pandas.DataFrame({"body": ["a", "b"]}), [0, 1])',
            "texts must be a sequence of strings; got a DataFrame with the "
            'columns body. Give one of them, such as texts["body"].',
        ),
        _python(
            "A single text is given",
            'LongshotClassifier().fit("The rent is due.", ["lease"])',
            "texts must be a sequence of strings; got one string. Put it in a list.",
        ),
        _python(
            "There are more texts than labels",
            'LongshotClassifier().fit(["The rent", "A boiler"], ["lease"])',
            "there must be one label for each text; got 2 texts and 1 labels. "
            "Add or remove some.",
        ),
        _python(
            "Labels are numbers and words",
            'LongshotClassifier().fit(["The rent", "A boiler"], ["lease", 1])',
            "labels must all be of one type; got 1 (number) and 'lease' (text). "
            "Convert one of the types.",
        ),
    ],
}


def page() -> str:
    """Write the page of all mistakes."""
    parts = [_HEAD]
    for title, mistakes in SECTIONS.items():
        parts.append(f"## {title}")
        parts += [_shown(one) for one in mistakes]
    return "\n\n".join(parts) + "\n"


def _shown(one: Mistake) -> str:
    if one.typed.startswith("longshot "):
        return f"{one.what}:\n\n```console\n$ {one.typed}\n{one.line}\n```"
    return f"{one.what}:\n\n```python\n{one.typed}\n```\n\n```text\n{one.line}\n```"


_HEAD = """# Mistakes, and what longshot says

Every mistake that longshot can recognise is told in one line: what must hold, what came
instead, and what to do. There is no traceback, and no file is written. The exit code is
1 where the run stopped or a document was set aside, 2 where the command itself was
wrong, and 0 where the line is only a note and the run went on.

A test types each of these commands and compares the line: this page stays true."""


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
