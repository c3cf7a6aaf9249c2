"""``longshot demo``: the bundled pile, labelled."""

import typer

from longshot.cli.output.consoles import say
from longshot.cli.output.failures import telling_mistakes
from longshot.errors import ReadingError
from longshot.machine.locations import example_folder


@telling_mistakes
def demo() -> None:
    """Label 36 bundled papers of a small town, from three examples of each kind.

    It needs no files and writes none.
    """
    from longshot.cli.app import app

    folder = example_folder()
    if folder is None:
        raise ReadingError(
            "the bundled example must be in the package; it is missing. Install "
            "longshot again."
        )
    labelled, pile = str(folder / "labelled"), str(folder / "pile")
    truth = str(folder / "truth.csv")
    say("longshot classify {} {} --truth {}", labelled, pile, truth)
    arguments = ["classify", labelled, pile, "--truth", truth, "--format", "table"]
    code = app(arguments, standalone_mode=False)
    if code:
        raise typer.Exit(code)
