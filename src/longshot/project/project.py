"""A project: documents, examples and decisions that stay.

Each method is one thing that a person does. What writes is one transaction; who was
told that it is done can rely on it.
"""

import getpass
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from longshot.machine.locations import projects_folder
from longshot.project import browsing, counting, log
from longshot.project.adding import Adder, read_again
from longshot.project.database.connection import WAIT_S
from longshot.project.deciding import decisions
from longshot.project.labels import all_labels, replace_labels
from longshot.project.opening import Opened, create, open_project
from longshot.project.opinions import conflicts, examples, give_label, opinions_on
from longshot.project.records import (
    Added,
    Conflict,
    Decision,
    Decisions,
    DocumentPage,
    DocumentQuery,
    Entry,
    EntryKind,
    ExampleRow,
    Explained,
    Imported,
    OfferedClass,
    PutAside,
    Standing,
    Status,
    StoredDocument,
    Suggestion,
)
from longshot.project.undoing import undo
from longshot.recipe import PrecisionSetting, Recipe
from longshot.records import (
    Document,
    Evidence,
    NamedLabel,
    OnSetAside,
    OnWindow,
    Passage,
    SetAside,
)
from longshot.selection.names import Strategy

if TYPE_CHECKING:
    from longshot.embedder import DocumentEmbedder
    from longshot.project.audits import Audits
    from longshot.project.deciding.decider import ProjectDecider
    from longshot.project.exchange.base import Received


class Project:
    """A project that is open; safe to share between threads.

    Made by :meth:`create` and :meth:`open`, and closed by :meth:`close` or at the end
    of a ``with`` block.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp()) / "letters"
    >>> with Project.create(folder, who="ada") as project:
    ...     added = project.add([Document(id="a", text="The rent is due.")])
    ...     entry = project.label(["a"], "lease")
    >>> with Project.open(folder) as project:
    ...     [(one.document_id, one.label, one.who) for one in project.examples()]
    [('a', 'lease', 'ada')]
    """

    def __init__(
        self,
        opened: Opened,
        *,
        who: str | None = None,
        embedder: "DocumentEmbedder | None" = None,
    ) -> None:
        self._opened = opened
        self._database = opened.database
        self._given_embedder = embedder
        self.who = who or _user()

    # --- making and opening -----------------------------------------------------------

    @classmethod
    def create(
        cls,
        place: str | Path,
        *,
        model: str = "minilm",
        precision: PrecisionSetting = "float32",
        database: str | None = None,
        unknown: float | None = None,
        who: str | None = None,
        embedder: "DocumentEmbedder | None" = None,
    ) -> "Project":
        """Make a project.

        Parameters
        ----------
        place
            Its folder, which need not exist.
        model, precision
            What reads the documents; see :class:`~longshot.Recipe`.
        database
            The address of a PostgreSQL database, empty or without a project; a SQLite
            file in the folder by default.
        unknown
            As of :class:`~longshot.LongshotClassifier`: the share of known documents
            that may be rejected by mistake; None for no "none of these".
        who
            Who makes it, and works on it unless told otherwise; the user by default.
        embedder
            What reads the documents, in the place of `model` and `precision`.

        Raises
        ------
        ProjectError
            If there is a project already.
        OutputError
            If the folder cannot be made.
        """
        recipe = Recipe(model=model, precision=precision)
        if embedder is not None:
            recipe = embedder.recipe
        made = create(Path(place), database=database, recipe=recipe, unknown=unknown)
        return cls(made, who=who, embedder=embedder)

    @classmethod
    def open(
        cls,
        place: str | Path,
        *,
        who: str | None = None,
        embedder: "DocumentEmbedder | None" = None,
        wait_s: float = WAIT_S,
    ) -> "Project":
        """Open a project by its folder, or by its database's address.

        An older one is brought up to date first, and its copy kept.

        Parameters
        ----------
        place
            The folder, or an address such as ``postgresql+psycopg://host/name``.
        who, embedder
            As of :meth:`create`.
        wait_s
            How long a write waits for another process.

        Raises
        ------
        ProjectError
            If there is none, or a newer version of longshot made it.
        """
        return cls(open_project(place, wait_s=wait_s), who=who, embedder=embedder)

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def __enter__(self) -> "Project":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- what it is -------------------------------------------------------------------

    @property
    def name(self) -> str:
        """What it is called: its folder's name when it was made."""
        return self._opened.settings.name

    @property
    def id(self) -> str:
        """What tells it from every other project."""
        return self._opened.settings.id

    @property
    def place(self) -> Path | None:
        """Its folder; None where it was opened by its database's address."""
        return self._opened.place.folder

    @property
    def migrated_copy(self) -> str | None:
        """Where the copy of an older project is kept, if this opening migrated it."""
        return self._opened.migrated_copy

    @property
    def recipe(self) -> Recipe:
        """What decides the documents' vectors."""
        return self._opened.settings.recipe

    @property
    def unknown(self) -> float | None:
        """The share of known documents that may be rejected by mistake."""
        return self._opened.settings.unknown

    @cached_property
    def embedder(self) -> "DocumentEmbedder":
        """What reads documents."""
        from longshot.embedder import DocumentEmbedder

        return self._given_embedder or DocumentEmbedder(self.recipe)

    # --- documents --------------------------------------------------------------------

    def add(
        self,
        documents: Iterable[Document | SetAside],
        *,
        who: str | None = None,
        on_set_aside: OnSetAside | None = None,
        on_written: Any = None,
    ) -> Added:
        """Add documents; what was added before is known by its id and text.

        They are written some at a time, so that a killed process loses the last ones
        alone. Their vectors are computed when they are first needed; see
        :meth:`encode`.

        Parameters
        ----------
        documents
            Documents; and what could not be read of them, to be kept in a list.
        who
            Who adds them.
        on_set_aside
            Told of each document that cannot be used.
        on_written
            Told, after each part, of the counts so far.
        """
        adder = Adder(self._database, who=who or self.who, on_set_aside=on_set_aside)
        return adder.add(documents, on_written)

    def remove_documents(self, ids: Sequence[str], *, who: str | None = None) -> Entry:
        """Remove documents; undoing it brings them back with their labels.

        Raises
        ------
        NotInProjectError
            If one is not there.
        """
        return self._log("remove", ids, who=who)

    def document(self, document_id: str) -> StoredDocument:
        """Give a document with its text.

        Raises
        ------
        NotInProjectError
            If it is not there.
        """
        with self._database.reading() as connection:
            return browsing.stored_document(connection, document_id)

    def documents(self, query: DocumentQuery | None = None) -> DocumentPage:
        """Give a part of the list of documents."""
        with self._database.reading() as connection:
            return browsing.document_page(connection, query or DocumentQuery())

    def standings(self, query: DocumentQuery | None = None) -> list[Standing]:
        """Give what stands about all documents of a query; its limit does not count."""
        with self._database.reading() as connection:
            return browsing.standings(connection, query or DocumentQuery())

    def set_aside(self) -> list[PutAside]:
        """Give what could not be added, and why."""
        with self._database.reading() as connection:
            return browsing.put_aside(connection)

    def retry_set_aside(
        self,
        *,
        read: Callable[[list[PutAside]], Iterable[Document | SetAside]] | None = None,
        who: str | None = None,
        on_set_aside: OnSetAside | None = None,
    ) -> Added:
        """Read the files again that could not be read, as far as they are still there.

        Parameters
        ----------
        read
            Reads again what was set aside; by default, files where they lie, and no
            rows of tables: add their table again.
        who, on_set_aside
            As of :meth:`add`.
        """
        found = (read or read_again)(self.set_aside())
        return self.add(found, who=who, on_set_aside=on_set_aside)

    # --- labels -----------------------------------------------------------------------

    def labels(self) -> tuple[NamedLabel, ...]:
        """Give the labels that were named, then those that only examples show."""
        with self._database.reading() as connection:
            return tuple(all_labels(connection))

    def set_labels(
        self, labels: Iterable[NamedLabel], *, who: str | None = None
    ) -> Entry:
        """Name the labels, in their order, and say what they mean.

        Raises
        ------
        SettingError
            If one is blank, or stands there twice.
        """
        with self._database.writing() as connection:
            number = replace_labels(connection, list(labels), who=who or self.who)
            return log.entry_of(connection, number)

    # --- the log ----------------------------------------------------------------------

    def label(
        self,
        ids: Sequence[str],
        label: str | None,
        *,
        who: str | None = None,
        why: str = "",
        blind: bool = False,
    ) -> Entry:
        """Give documents a label; None for "none of these".

        Parameters
        ----------
        ids, label
            Which documents, and what they are.
        who, why
            Who says so, and the reason, for people.
        blind
            Whether the person saw neither a suggestion nor another's label.

        Raises
        ------
        NotInProjectError
            If a document is not there.
        SettingError
            If the label is blank.
        """
        with self._database.writing() as connection:
            name = who or self.who
            return give_label(connection, ids, label, who=name, why=why, blind=blind)

    def forget(
        self, ids: Sequence[str], *, who: str | None = None, why: str = ""
    ) -> Entry:
        """Take documents out of the examples, whoever labelled them.

        Raises
        ------
        NotInProjectError
            If a document is not there.
        """
        return self._log("forget", ids, who=who, why=why)

    def skip(
        self, ids: Sequence[str], *, who: str | None = None, note: str = ""
    ) -> Entry:
        """Put documents off: they are suggested no more until they get a label.

        Raises
        ------
        NotInProjectError
            If a document is not there.
        """
        return self._log("skip", ids, who=who, why=note)

    def ignore(
        self, document_id: str, passage: str, *, who: str | None = None
    ) -> Entry:
        """Say that a passage is boilerplate, to be ignored in every document.

        Documents that hold it are read anew, without it, before the next decisions.

        Parameters
        ----------
        document_id, passage
            A document in which it stands, and its words; white space may differ.

        Raises
        ------
        NotInProjectError
            If the document is not there.
        SettingError
            If the passage is too short, or does not stand in it.
        """
        from longshot.project.deciding.boilerplate import checked_passage

        kept = checked_passage(log.storable(passage), self.document(document_id).text)
        return self._log("ignore", [document_id], who=who, details={"passage": kept})

    def ignored(self) -> list[str]:
        """Give the passages that are ignored everywhere."""
        with self._database.reading() as connection:
            return log.ignored(connection)

    def undo(self, *, who: str | None = None) -> Entry | None:
        """Take back the latest thing that a person did and has not taken back.

        It can be done again and again, back to the first entry.

        Returns
        -------
        Entry or None
            The new entry; None where nothing is left.

        Raises
        ------
        ProjectError
            If a document cannot come back, since another one has its id now.
        """
        with self._database.writing() as connection:
            return undo(connection, who=who or self.who)

    def history(self, limit: int = 50, before: int | None = None) -> list[Entry]:
        """Give the latest entries of the log, the newest first.

        Parameters
        ----------
        limit
            How many.
        before
            Only those with a smaller number.
        """
        with self._database.reading() as connection:
            return log.history(connection, limit, before)

    def entries_about(self, document_id: str) -> list[Entry]:
        """Give the entries about a document, the newest first."""
        with self._database.reading() as connection:
            (number,) = log.numbers_of(connection, [document_id])
            return log.entries_about(connection, number)

    def examples(self) -> list[ExampleRow]:
        """Give every document that carries a person's label."""
        with self._database.reading() as connection:
            return examples(connection)

    def opinions(self, ids: Sequence[str]) -> dict[str, dict[str, str | None]]:
        """Give what each person says of documents, as far as they are there."""
        with self._database.reading() as connection:
            return opinions_on(connection, ids)

    def conflicts(self) -> list[Conflict]:
        """Give the documents that people gave several labels."""
        with self._database.reading() as connection:
            return conflicts(connection)

    def _log(
        self,
        kind: EntryKind,
        ids: Sequence[str],
        *,
        who: str | None,
        why: str = "",
        details: dict[str, Any] | None = None,
    ) -> Entry:
        with self._database.writing() as connection:
            name = who or self.who
            return log.write(connection, kind, ids, who=name, why=why, details=details)

    # --- deciding ---------------------------------------------------------------------

    def n_to_encode(self) -> int:
        """Count the documents whose texts must be read before deciding."""
        return self._decider.n_to_encode()[0]

    def n_characters_to_encode(self) -> int:
        """Count the characters of these documents, for a bar."""
        return self._decider.n_to_encode()[1]

    def encode(
        self,
        *,
        on_set_aside: OnSetAside | None = None,
        on_window: OnWindow | None = None,
    ) -> int:
        """Read the texts that were not read yet, and give the size of the pile."""
        pile = self._decider.pile(on_set_aside, on_window)
        return 0 if pile is None else len(pile)

    def classify(
        self,
        *,
        on_set_aside: OnSetAside | None = None,
        on_window: OnWindow | None = None,
    ) -> Decisions:
        """Decide about every document from the examples and labels as they stand.

        Only texts that were not read yet are read.

        Raises
        ------
        ExamplesError
            If the examples are too few for ``unknown``.
        """
        return self._decider.classify(on_set_aside, on_window)

    def new_classes(self) -> tuple[OfferedClass, ...]:
        """Give the groups of documents that fitted no label in the latest decisions."""
        with self._database.reading() as connection:
            state = decisions.current_state(connection)
            is_decided = state is not None and state.last_entry > 0
            return decisions.offered_by(state) if is_decided else ()

    def decision(self, document_id: str) -> Decision | None:
        """Give the decision about a document; None where there is none yet.

        Raises
        ------
        NotInProjectError
            If the document is not there.
        """
        with self._database.reading() as connection:
            (number,) = log.numbers_of(connection, [document_id])
            return decisions.decision_of(connection, number, document_id)

    def evidence(self, document_id: str, label: str | None = None) -> Evidence | None:
        """Give the passages that speak for a label; for the decided one by default.

        The document is judged by itself.

        Returns
        -------
        Evidence or None
            None before there are two labels.
        """
        return self._decider.evidence(document_id, label)

    def passages(self, ids: Collection[str]) -> dict[str, Passage]:
        """Give the passages that spoke most for what was decided about documents.

        Nobody waits long for them: none is found while texts are to be read. Nor is
        there one for "none of these".
        """
        return self._decider.passages(ids)

    def explained(self) -> Explained:
        """Give the evidence and vector of every document that can be decided.

        All vectors are taken from the cache, and all texts are looked at again: for a
        report, and not for a page that waits.
        """
        return self._decider.explained()

    # --- in and out -------------------------------------------------------------------

    def export(
        self,
        path: str | Path,
        form: str | None = None,
        *,
        keep_formulas: bool = False,
        evidence: bool = False,
    ) -> int:
        """Write all documents, labels and decisions to a file or folder.

        Parameters
        ----------
        path
            Where; its ending tells the form where none is named.
        form
            ``csv``, ``tsv``, ``jsonl``, ``parquet``; ``folders``, the files themselves,
            one folder for each label; ``report``, the page; or the form of another
            tool: ``label-studio``, ``argilla``, ``prodigy``, ``doccano``.
        keep_formulas
            Whether csv and tsv hold cells as they are, though a spreadsheet may compute
            some.
        evidence
            Whether a table tells the passage that decided, too: every text is looked at
            again for it. The page always does.

        Returns
        -------
        int
            How many documents there are in it.

        Raises
        ------
        SettingError
            If there is no such form.
        OutputError
            If it cannot be written.
        """
        from longshot.project.exchange.exporting import Exporter
        from longshot.project.exchange.forms import form_of

        target = Path(path)
        exporter = Exporter(
            database=self._database,
            settings=self._opened.settings,
            explained=self.explained,
            audit=self.audits.latest(),
        )
        return exporter.write(
            target,
            form_of(target, form),
            keep_formulas=keep_formulas,
            evidence=evidence,
        )

    def import_(
        self,
        path: str | Path,
        form: str | None = None,
        *,
        who: str | None = None,
        on_set_aside: OnSetAside | None = None,
        **columns: str,
    ) -> Imported:
        """Add documents and labels from a file or folder.

        A document without an id is known by its text. Labels stay those of the people
        whom the file names; ``undo`` takes them back for who imported them.

        Parameters
        ----------
        path, form
            As of :meth:`export`; a page cannot be read.
        who, on_set_aside
            As of :meth:`add`.
        columns
            Of a table: ``text_column``, ``label_column``, ``id_column``.

        Raises
        ------
        ReadingError
            If it cannot be read.
        SettingError
            If there is no such form.
        """
        from longshot.project.exchange.forms import form_of
        from longshot.project.exchange.importing import read_form
        from longshot.reading.sources import existing

        source = existing(path, argument="PATH")
        return self.take_in(
            read_form(source, form_of(source, form), **columns),
            who=who,
            why=f"import of {source.name}",
            on_set_aside=on_set_aside,
        )

    def take_in(
        self,
        received: "Iterable[Received | SetAside]",
        *,
        who: str | None = None,
        why: str = "",
        on_set_aside: OnSetAside | None = None,
    ) -> Imported:
        """Add documents and labels that were read already; see :meth:`import_`."""
        from longshot.project.exchange.importing import take_in

        return take_in(
            self._database,
            received,
            who=who or self.who,
            why=why,
            on_set_aside=on_set_aside,
        )

    # --- what comes next --------------------------------------------------------------

    def suggest(
        self, n: int = 10, *, strategy: Strategy = "both", seed: int = 0
    ) -> list[Suggestion]:
        """Choose open documents to label next, the most useful first."""
        return self._decider.suggest(n, strategy, seed)

    def map(self) -> dict[str, tuple[float, float]]:
        """Place every document on a plane: close ones are alike."""
        return self._decider.map()

    # --- how much is right ------------------------------------------------------------

    @cached_property
    def audits(self) -> "Audits":
        """How much of what was decided is right: forecasts, and audits by people."""
        from longshot.project.audits import Audits

        return Audits(self._database, self.who)

    # --- counts -----------------------------------------------------------------------

    def status(self) -> Status:
        """Count what the project holds."""
        with self._database.reading() as connection:
            return counting.status(connection, self.name, self.recipe.model)

    @cached_property
    def _decider(self) -> "ProjectDecider":
        from longshot.project.deciding.decider import ProjectDecider

        return ProjectDecider(
            self._database,
            self.embedder,
            projects_folder() / self.id,
            unknown=self.unknown,
        )


def _user() -> str:
    """Name the user, as the system does."""
    with suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return "someone"
