"""``longshot train-static``: word vectors from a person's own texts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from longshot.cli.consoles import say
from longshot.cli.failures import EXIT_MISTAKE, telling_mistakes
from longshot.cli.options import IdColumn, TextColumn
from longshot.encoders.static_training import Algorithm, TrainingSettings
from longshot.records import SetAside

_DEFAULT = TrainingSettings()


@telling_mistakes
def train_static(
    corpus: Annotated[
        str,
        typer.Argument(
            metavar="CORPUS",
            help="A document, a folder, or a table with the column text.",
            show_default=False,
        ),
    ],
    *,
    out: Annotated[
        Path,
        typer.Option(
            help="The file to write: .vec or .txt (word2vec's text, also fastText's), "
            ".bin (word2vec's binary), or .glove (GloVe's, without a first line)."
        ),
    ],
    algorithm: Annotated[
        Algorithm, typer.Option(help="What is trained.")
    ] = _DEFAULT.algorithm,
    dim: Annotated[int, typer.Option(help="Dimensions of a vector.")] = _DEFAULT.dim,
    context_words: Annotated[
        int, typer.Option(help="Words to each side that are a word's context.")
    ] = _DEFAULT.context_words,
    min_count: Annotated[
        int, typer.Option(help="Occurrences that a word needs.")
    ] = _DEFAULT.min_count,
    epochs: Annotated[
        int, typer.Option(help="How often all is gone through.")
    ] = _DEFAULT.epochs,
    n_workers: Annotated[
        int, typer.Option(help="Threads of gensim; 0 for all cores.")
    ] = _DEFAULT.n_workers,
    seed: Annotated[int, typer.Option(help="Of the first vectors.")] = _DEFAULT.seed,
    text_column: TextColumn = "text",
    id_column: IdColumn = "id",
) -> None:
    """Train word vectors on CORPUS.

    Example: longshot train-static pile/ --algorithm glove --out pile.glove
    """
    from longshot.cli.progress import steps_bar
    from longshot.encoders.static_training import train_static, vector_file_bytes
    from longshot.errors import ReadingError
    from longshot.reading import read_documents
    from longshot.report.files import check_writable, whole_file

    if corpus == "-":
        raise ReadingError(
            "CORPUS must be a file or folder, since it is read once per epoch; got "
            "standard input. Save it to a file."
        )
    check_writable(out)
    set_aside: dict[str, SetAside] = {}

    def note(one: SetAside) -> None:
        set_aside[one.id] = one

    def texts() -> Iterator[str]:
        documents = read_documents(
            corpus,
            text_column=text_column,
            id_column=id_column,
            on_set_aside=note,
        )
        return (document.text for document in documents)

    settings = TrainingSettings(
        algorithm=algorithm,
        dim=dim,
        context_words=context_words,
        min_count=min_count,
        epochs=epochs,
        n_workers=n_workers,
        seed=seed,
    )
    with steps_bar(f"training {algorithm}") as on_epoch:
        trained = train_static(texts, settings, on_epoch=on_epoch)
    with whole_file(out) as file:
        file.writelines(vector_file_bytes(trained, out))
    say("{} word vectors are in {}", f"{len(trained.words):,}", out)
    family = "glove" if out.suffix == ".glove" else "word2vec"
    say("use them with --model {}", f"{family}:{out}")
    for one in set_aside.values():
        say("[yellow]set aside:[/] {} {}", one.source, one.reason)
    if set_aside:
        raise typer.Exit(EXIT_MISTAKE)
