"""What is asked of decisions: about documents, and about sections of files."""

from typing import Annotated

import typer

KeepFormulas = Annotated[
    bool,
    typer.Option(
        "--keep-formulas",
        help="Write cells that begin with = + - or @ unchanged. By default they get an "
        "apostrophe in csv and tsv, so that a spreadsheet does not run them as "
        "formulas.",
    ),
]
Names = Annotated[bool, typer.Option(help="Use the labels' names as evidence.")]
NamesModel = Annotated[
    str | None,
    typer.Option(
        help="A model of natural-language inference to ask about the labels' names: "
        "its id on the Hugging Face hub, or a folder. For opinions and other classes "
        "of tone. Slow: it reads each document once per label.",
        show_default=False,
    ),
]
ShowEvidence = Annotated[
    bool, typer.Option(help="Show the passage that decided each label.")
]
Explain = Annotated[
    bool,
    typer.Option(
        help="Show the passages for and against each label, the runner-up, and why it "
        "lost.",
    ),
]
Verbose = Annotated[
    bool, typer.Option(help="Print what was learned from the examples, and why.")
]
