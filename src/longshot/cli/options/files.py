"""What a command reads and writes, and the columns of its tables."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any

import typer

TextColumn = Annotated[
    str, typer.Option(help="The column of a table that holds the text.")
]
LabelColumn = Annotated[
    str, typer.Option(help="The column of a table that holds the label.")
]
IdColumn = Annotated[str, typer.Option(help="The column of a table that holds the id.")]


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnOptions:
    """The columns of a table of labelled documents."""

    text_column: TextColumn = "text"
    label_column: LabelColumn = "label"
    id_column: IdColumn = "id"

    @property
    def of_documents(self) -> dict[str, str]:
        """Those of a table without labels, as reading takes them."""
        return {"text_column": self.text_column, "id_column": self.id_column}

    @property
    def of_examples(self) -> dict[str, Any]:
        """All of them, as reading takes them."""
        return {**self.of_documents, "label_column": self.label_column}

    @property
    def given(self) -> dict[str, bool]:
        """Tell of each option, by its name, whether it was given."""
        return {
            one.name.replace("_", "-"): getattr(self, one.name) != one.default
            for one in fields(self)
        }


Examples = Annotated[
    str,
    typer.Argument(
        metavar="EXAMPLES",
        help="Labelled documents: a folder with one sub-folder per label, or a table "
        "(csv, tsv, jsonl, parquet) with the columns label and text, or label and "
        "path.",
        show_default=False,
    ),
]
Documents = Annotated[
    str,
    typer.Argument(
        metavar="DOCUMENTS",
        help="A document, a folder, a table with the column text, or - for jsonl on "
        "standard input.",
        show_default=False,
    ),
]
DocumentsOrProject = Annotated[
    str | None,
    typer.Argument(
        metavar="DOCUMENTS",
        help="A document, a folder, a table with the column text, or - for jsonl on "
        "standard input. Left out where EXAMPLES is a project.",
        show_default=False,
    ),
]
Meanings = Annotated[
    Path | None,
    typer.Option(
        "--labels",
        help="What each label means: csv or jsonl with the columns label and "
        "description, or json or yaml with labels and descriptions.",
    ),
]
Out = Annotated[Path | None, typer.Option(help="Write the result to this file.")]
