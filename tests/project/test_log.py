"""The log against a model of it: a list of what was done, replayed from its start."""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select

from longshot.project import Project, log
from longshot.project.database.schema import documents, opinions
from longshot.records import Document

IDS = ["a", "b", "c"]
PEOPLE = st.sampled_from(["ada", "ben"])
SOME = st.lists(st.sampled_from(IDS), min_size=1, unique=True)
LABELS = st.sampled_from(["lease", "report", None])


class Model:
    """Replays what was done and not taken back, document by document."""

    def __init__(self) -> None:
        self.done: list[dict[str, Any]] = []

    def do(self, kind: str, who: str, ids: list[str], label: str | None = None) -> None:
        """Do something."""
        self.done.append({"kind": kind, "who": who, "ids": ids, "label": label})

    def undo(self, who: str) -> bool:
        """Take back a person's latest; False where there is none."""
        for place in reversed(range(len(self.done))):
            if self.done[place]["who"] == who:
                del self.done[place]
                return True
        return False

    def about(self, id_: str) -> list[dict[str, Any]]:
        """Give what was done to a document."""
        return [one for one in self.done if id_ in one["ids"]]

    def is_there(self, id_: str) -> bool:
        """Tell whether it is in the project."""
        ways = [one["kind"] for one in self.about(id_)]
        last = [kind for kind in ways if kind in ("add", "remove")]
        return bool(last) and last[-1] == "add"

    def state(self, id_: str) -> tuple[str, str | None, str | None]:
        """Give its state, label, and whose label it is."""
        state, label, who = "open", None, None
        for one in self.about(id_):
            if one["kind"] == "label":
                state, label, who = "labelled", one["label"], one["who"]
            elif one["kind"] == "forget":
                state, label, who = "open", None, None
            elif one["kind"] == "skip" and state == "open":
                state = "skipped"
        return state, label, who

    def opinions(self, id_: str) -> dict[str, str | None]:
        """Give what each person says."""
        found: dict[str, str | None] = {}
        for one in self.about(id_):
            if one["kind"] == "label":
                found[one["who"]] = one["label"]
            elif one["kind"] == "forget":
                found = {}
        return found


class LogMachine(RuleBasedStateMachine):
    """Does the same to a project and to the model."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.project = Project.create(Path(self._folder.name) / "p", who="eve")
        self.project.add(Document(id=id_, text=f"Text {id_}.") for id_ in IDS)
        self.model = Model()
        self.model.do("add", "eve", list(IDS))
        self.n_entries = 1

    def teardown(self) -> None:
        """Remove the project."""
        self.project.close()
        self._folder.cleanup()

    def _there(self, ids: list[str]) -> list[str]:
        return [id_ for id_ in ids if self.model.is_there(id_)]

    @rule(ids=SOME, label=LABELS, who=PEOPLE)
    def label(self, ids: list[str], label: str | None, who: str) -> None:
        """Give a label."""
        if there := self._there(ids):
            self.project.label(there, label, who=who)
            self.model.do("label", who, there, label)
            self.n_entries += 1

    @rule(ids=SOME, who=PEOPLE, kind=st.sampled_from(["forget", "skip"]))
    def forget_or_skip(self, ids: list[str], who: str, kind: str) -> None:
        """Forget or put off."""
        if there := self._there(ids):
            getattr(self.project, kind)(there, who=who)
            self.model.do(kind, who, there)
            self.n_entries += 1

    @rule(ids=SOME, who=PEOPLE)
    def remove(self, ids: list[str], who: str) -> None:
        """Remove documents."""
        if there := self._there(ids):
            self.project.remove_documents(there, who=who)
            self.model.do("remove", who, there)
            self.n_entries += 1

    @rule(who=st.sampled_from(["ada", "ben", "eve"]))
    def undo(self, who: str) -> None:
        """Take back a person's latest; False where there is none."""
        undone = self.project.undo(who=who)
        assert (undone is not None) == self.model.undo(who)
        self.n_entries += undone is not None

    @rule()
    def reopen(self) -> None:
        """Close the project, and open it again."""
        place = self.project.place
        assert place is not None
        self.project.close()
        self.project = Project.open(place, who="eve")

    @invariant()
    def documents_stand_as_in_the_model(self) -> None:
        """Compare state, label and person."""
        with self.project._database.reading() as connection:
            rows = {one.id: one for one in connection.execute(select(documents))}
        for id_ in IDS:
            row = rows[id_]
            assert row.is_removed == (not self.model.is_there(id_))
            assert (row.state, row.label, row.labelled_by) == self.model.state(id_)

    @invariant()
    def opinions_stand_as_in_the_model(self) -> None:
        """Compare what each person says."""
        there = self._there(IDS)
        expected = {id_: self.model.opinions(id_) for id_ in there}
        assert self.project.opinions(IDS) == expected

    @invariant()
    def the_log_only_grows(self) -> None:
        """Count the entries."""
        assert self.project.status().n_entries == self.n_entries

    @invariant()
    def settling_again_changes_nothing(self) -> None:
        """Compare with what the log comes to."""

        def seen() -> list[Any]:
            found = connection.execute(select(documents).order_by("number")).all()
            said = connection.execute(select(opinions).order_by("document", "who"))
            return [*map(tuple, found), *map(tuple, said)]

        with self.project._database.writing() as connection:
            before = seen()
            log.settle(connection, [1, 2, 3])
            assert before == seen()


LogMachine.TestCase.settings = settings(
    max_examples=8,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestLog = LogMachine.TestCase
