"""``longshot train-static``: word vectors from a person's own texts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from longshot.cli.options import IdColumn, TextColumn
from longshot.cli.output.consoles import say
from longshot.cli.output.failures import EXIT_MISTAKE, telling_mistakes
from longshot.encoders.static import Algorithm, TrainingSettings
from longshot.errors import ReadingError
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
        Algorithm, typer.Option(help="The algorithm.")
    ] = _DEFAULT.algorithm,
    dim: Annotated[int, typer.Option(help="Dimensions per vector.")] = _DEFAULT.dim,
    context_words: Annotated[
        int, typer.Option(help="Context words on each side.")
    ] = _DEFAULT.context_words,
    min_count: Annotated[
        int, typer.Option(help="Leave out words that occur less often.")
    ] = _DEFAULT.min_count,
    epochs: Annotated[
        int, typer.Option(help="Passes over the corpus.")
    ] = _DEFAULT.epochs,
    n_workers: Annotated[
        int, typer.Option(help="Threads for gensim; 0 uses all cores.")
    ] = _DEFAULT.n_workers,
    seed: Annotated[
        int, typer.Option(help="Seed of the initial vectors.")
    ] = _DEFAULT.seed,
    text_column: TextColumn = "text",
    id_column: IdColumn = "id",
) -> None:
    """Train word vectors on CORPUS.

    Example: longshot train-static pile/ --algorithm glove --out pile.glove
    """
    from longshot.cli.input.places import check_apart
    from longshot.cli.output.progress import steps_bar
    from longshot.encoders.static import train_static, vector_file_bytes
    from longshot.report.files import check_writable, whole_file

    texts = _Corpus(corpus, {"text_column": text_column, "id_column": id_column})
    check_apart({"--out": out}, {"CORPUS": corpus})
    check_writable(out)
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
        trained = train_static(texts.read, settings, on_epoch=on_epoch)
    with whole_file(out) as file:
        file.writelines(vector_file_bytes(trained, out))
    say("{} word vectors are in {}", f"{len(trained.words):,}", out)
    family = "glove" if out.suffix == ".glove" else "word2vec"
    say("use them with --model {}", f"{family}:{out}")
    texts.tell_set_aside()


class _Corpus:
    """Texts that are read once per epoch.

    Raises
    ------
    ReadingError
        If they come on standard input, which can be read only once.
    """

    def __init__(self, source: str, columns: dict[str, str]) -> None:
        if source == "-":
            raise ReadingError(
                "CORPUS must be a file or folder, since it is read once per epoch; "
                "got standard input. Save it to a file."
            )
        self._source = source
        self._columns = columns
        self._set_aside: dict[str, SetAside] = {}

    def read(self) -> Iterator[str]:
        """Give the texts from the beginning."""
        from longshot.reading import read_documents

        documents = read_documents(
            self._source, on_set_aside=self._note, **self._columns
        )
        return (document.text for document in documents)

    def tell_set_aside(self) -> None:
        """Name what could not be read; if anything could not, the exit code is 1."""
        for one in self._set_aside.values():
            say("[yellow]set aside:[/] {} {}", one.source, one.reason)
        if self._set_aside:
            raise typer.Exit(EXIT_MISTAKE)

    def _note(self, one: SetAside) -> None:
        self._set_aside[one.id] = one
