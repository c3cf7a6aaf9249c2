import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import event

from longshot.embedder import DocumentEmbedder
from longshot.errors import NotInProjectError, ProjectError, SettingError
from longshot.project import DocumentQuery, NamedLabel, Project
from longshot.records import Document, SetAside
from longshot.tokens import Tokens
from tests.fakes import FakeEncoder, WordTokenizer
from tests.project.conftest import DOCUMENTS, TEXTS, reopened


def labels_of(project: Project) -> dict[str, str | None]:
    return {one.document_id: one.label for one in project.examples()}


def label_two(project: Project) -> None:
    project.label(["rent-1"], "lease")
    project.label(["leak-1"], "report")


# --- making and opening ---------------------------------------------------------------


def test_a_project_keeps_documents_and_labels(project: Project) -> None:
    project.label(["rent-1"], "lease", why="says so")
    with reopened(project) as again:
        assert [one.id for one in again.documents().rows] == list(TEXTS)
        assert again.document("rent-1").text == TEXTS["rent-1"]
        assert labels_of(again) == {"rent-1": "lease"}
        assert again.history()[0].why == "says so"
        assert again.name == "letters"
        assert again.recipe == project.recipe


def test_a_folder_holds_one_project(project: Project) -> None:
    assert project.place is not None
    with pytest.raises(ProjectError, match="holds a project"):
        Project.create(project.place)


def test_a_folder_without_a_project_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="longshot init"):
        Project.open(tmp_path)


def test_another_file_of_that_name_is_told(tmp_path: Path) -> None:
    (tmp_path / "project.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(ProjectError, match="must be readable") as caught:
        Project.open(tmp_path)
    assert "\n" not in str(caught.value)


# --- documents ------------------------------------------------------------------------


def test_what_is_there_already_is_known(project: Project) -> None:
    added = project.add([*DOCUMENTS, Document(id="new", text="A new one.")])
    assert (added.n_added, added.n_known, added.n_set_aside) == (1, 6, 0)


def test_an_id_with_another_text_is_set_aside(project: Project) -> None:
    told: list[SetAside] = []
    changed = Document(id="rent-1", text="Something else.", source="a.txt")
    added = project.add([changed], on_set_aside=told.append)
    assert added.n_set_aside == 1
    assert "another text" in told[0].reason
    assert project.document("rent-1").text == TEXTS["rent-1"]
    (aside,) = project.set_aside()
    assert aside.source == "a.txt"


def test_what_was_set_aside_leaves_the_list_once_it_is_added(project: Project) -> None:
    project.add([SetAside(id="scan", source="scan.pdf", reason="holds no text")])
    assert [one.id for one in project.set_aside()] == ["scan"]
    project.add([Document(id="scan", text="It was read after all.")])
    assert project.set_aside() == []


def test_files_that_were_mended_are_read_again(
    project: Project, tmp_path: Path
) -> None:
    path = tmp_path / "scan.txt"
    path.write_text("")
    gone = SetAside(id="gone.txt", source=str(tmp_path / "gone.txt"), reason="broken")
    aside = SetAside(id="in/scan.txt", source=str(path), reason="holds no text")
    project.add([aside, gone])
    assert project.retry_set_aside().n_added == 0
    path.write_text("It was read after all.")
    assert project.retry_set_aside().n_added == 1
    assert project.document("in/scan.txt").text == "It was read after all."
    assert [one.id for one in project.set_aside()] == ["gone.txt"]


def test_parts_of_a_file_that_is_read_again_have_ids_of_their_own(
    project: Project, tmp_path: Path
) -> None:
    path = tmp_path / "pile.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("rent.txt", "The rent is due.")
        archive.writestr("roof.txt", "The roof leaks.")
    project.add([SetAside(id="in/pile.zip", source=str(path), reason="was locked")])
    assert 2 == project.retry_set_aside().n_added
    assert "The roof leaks." == project.document("in/pile.zip/roof.txt").text
    assert [] == project.set_aside()


def test_characters_that_no_database_holds_keep_their_places(project: Project) -> None:
    project.add([Document(id="odd\udc80", text="a\0b\ud800c")])
    assert project.document("odd\udc80").text == "a\ufffdb\ufffdc"


def test_a_removed_document_comes_back_with_its_label(project: Project) -> None:
    project.label(["rent-1"], "lease")
    project.remove_documents(["rent-1"])
    assert project.status().n_documents == 5
    with pytest.raises(NotInProjectError):
        project.document("rent-1")
    project.undo()
    assert labels_of(project) == {"rent-1": "lease"}


def test_the_id_of_a_removed_document_is_free(project: Project) -> None:
    project.remove_documents(["rent-1"])
    project.add([Document(id="rent-1", text="Another text.")], who="ben")
    assert project.document("rent-1").text == "Another text."
    with pytest.raises(ProjectError, match="an id of its own"):
        project.undo()
    assert project.document("rent-1").text == "Another text."


def test_adding_is_taken_back_as_a_whole(project: Project) -> None:
    project.add([Document(id=str(n), text=f"Text {n}.") for n in range(500)])
    assert project.status().n_documents == 506
    project.undo()
    assert project.status().n_documents == 6


# --- the log --------------------------------------------------------------------------


def test_undo_goes_back_without_end(project: Project) -> None:
    project.label(["rent-1"], "lease")
    project.label(["rent-1", "rent-2"], "contract")
    project.forget(["rent-1"])
    seen = [labels_of(project)]
    while project.undo() is not None:
        seen.append(labels_of(project))
    assert seen == [
        {"rent-2": "contract"},
        {"rent-1": "contract", "rent-2": "contract"},
        {"rent-1": "lease"},
        {},
        {},  # the documents were added by the first entry
    ]
    assert project.status().n_documents == 0
    assert len(project.history()) == 8


def test_each_person_takes_back_their_own(project: Project) -> None:
    project.label(["rent-1"], "lease", who="ada")
    project.label(["rent-1"], "report", who="ben")
    project.undo(who="ada")
    assert labels_of(project) == {"rent-1": "report"}
    project.undo(who="ben")
    assert labels_of(project) == {}


def test_conflicts_name_what_each_person_said(project: Project) -> None:
    project.label(["rent-1", "rent-2"], "lease", who="ada")
    project.label(["rent-1"], None, who="ben")
    project.label(["rent-2"], "lease", who="ben")
    (one,) = project.conflicts()
    assert [(said.who, said.label) for said in one.opinions] == [
        ("ada", "lease"),
        ("ben", None),
    ]


def test_a_skipped_document_is_suggested_no_more(project: Project) -> None:
    project.skip([one for one in TEXTS if one != "rent-1"], note="later")
    assert [one.document_id for one in project.suggest(5)] == ["rent-1"]


def test_phrases_speak_for_and_against_labels(project: Project) -> None:
    def sure(label: str, *phrases: str, against: bool = False) -> float:
        named = NamedLabel(name=label, speaks_for=phrases)
        if against:
            named = NamedLabel(name=label, speaks_against=phrases)
        others = {"lease", "report"} - {label}
        project.set_labels([named, *map(lambda name: NamedLabel(name=name), others)])
        project.classify()
        decision = project.decision("rent-3")
        assert decision is not None
        return dict([(decision.label, decision.confidence), *decision.alternatives])[
            "report"
        ]

    before = sure("report")
    assert sure("report", "landlord tenant") > before
    assert sure("lease", "landlord tenant", against=True) > before
    assert sure("report", "landlord roof", against=True) == before
    assert any("phrases: weight" in line for line in project.classify().report)


def test_passages_are_shown_for_the_label_that_phrases_decide(project: Project) -> None:
    label_two(project)
    told = NamedLabel(name="report", speaks_for=("landlord", "tenant", "first"))
    against = NamedLabel(name="lease", speaks_against=("landlord", "tenant"))
    project.set_labels([told, against])
    project.classify()
    decision, shown = project.decision("rent-3"), project.explained().evidence["rent-3"]
    assert decision is not None
    assert decision.label == shown.label == "report"


def test_the_passages_that_decided_are_those_of_the_evidence(project: Project) -> None:
    label_two(project)
    assert project.passages(["rent-3"]) == {}  # nothing is decided
    project.classify()
    evidence = project.evidence("rent-3")
    assert evidence is not None
    assert project.passages(["rent-3", "gone"]) == {"rent-3": evidence.passage}
    project.add([Document(id="new", text="Neither read nor decided.")])
    assert project.passages(["rent-3"]) == {}  # nobody waits until it is read
    assert project.n_to_encode() == 1


def test_the_pile_is_looked_at_again_only_after_something_happened(
    project: Project,
) -> None:
    label_two(project)
    project.classify()
    asked: list[str] = []

    def note(_: object, __: object, statement: str, *others: object) -> None:
        asked.append(statement)

    engine = project._database.engine
    event.listen(engine, "before_cursor_execute", note)
    project.passages(["rent-3"])
    project.n_to_encode()
    assert not [one for one in asked if "unreadable IS NULL" in one]

    for happened in (
        lambda: project.skip(["rent-2"]),
        lambda: project.add([Document(id="new", text="The rent is due.")]),
    ):
        happened()
        asked.clear()
        project.passages(["rent-3"])
        assert [one for one in asked if "unreadable IS NULL" in one]


def test_documents_added_under_an_entry_that_stands_are_seen(project: Project) -> None:
    """A long adding writes one entry, and documents in many transactions."""
    label_two(project)
    project.classify()

    def found() -> Iterator[Document]:
        for n in range(200):
            yield Document(id=f"new-{n}", text="The rent is due on the first.")
        assert 206 == project.classify().n_documents
        yield Document(id="last", text="The roof leaks above the office.")

    project.add(found())

    assert 207 == project.classify().n_documents


def test_what_is_ignored_is_read_by_nobody(project: Project) -> None:
    """Documents with it are decided as those without it, and its places stay."""
    label_two(project)
    head = "Sent from the office of the landlord and tenant. "
    project.add([Document(id="roof", text=f"{head}\nThe roof leaks.")])
    project.add([Document(id="bare", text="The roof leaks.")])
    project.classify()
    assert project.decision("roof") != project.decision("bare")
    entry = project.ignore("roof", head.replace(" of ", " \n of "))
    assert ("ignore", ("roof",)) == (entry.kind, entry.document_ids)
    assert [head.strip()] == project.ignored()
    assert 0 == project.n_to_encode()  # what is left of it was read before
    assert project.status().is_stale
    project.classify()
    roof, bare = project.decision("roof"), project.decision("bare")
    assert roof is not None
    assert bare is not None
    assert (roof.label, roof.confidence) == (bare.label, bare.confidence)
    evidence = project.evidence("roof")
    assert evidence is not None
    assert "The roof leaks." == evidence.passage.text.strip()
    assert evidence.passage.end == len(f"{head}\nThe roof leaks.")
    project.undo()
    assert [] == project.ignored()
    assert 0 == project.n_to_encode()  # and nothing of what was read is lost


def test_what_is_ignored_must_be_a_passage_of_the_document(project: Project) -> None:
    for passage, reason in (("the rent", "at least 3"), ("no such words", "stand in")):
        with pytest.raises(SettingError, match=reason):
            project.ignore("rent-1", passage)


def test_an_unknown_document_changes_nothing(project: Project) -> None:
    with pytest.raises(NotInProjectError, match="nowhere"):
        project.label(["rent-1", "nowhere"], "lease")
    assert project.examples() == []


# --- labels ---------------------------------------------------------------------------


def test_labels_are_named_and_shown_by_examples(project: Project) -> None:
    lease = NamedLabel(
        name="lease", description="a contract", speaks_for=("rent", "tenant")
    )
    project.set_labels([NamedLabel(name="report"), lease])
    project.label(["rent-1"], "letter")
    assert [one.name for one in project.labels()] == ["report", "lease", "letter"]
    assert project.labels()[1] == lease
    project.undo()
    project.undo()
    assert project.labels() == ()


# --- deciding -------------------------------------------------------------------------


def test_nothing_is_decided_before_there_are_two_labels(project: Project) -> None:
    project.label(["rent-1"], "lease")
    found = project.classify()
    assert found.state is None
    assert "at least two" in found.report[0]


def test_every_document_is_decided_with_the_state_that_did(project: Project) -> None:
    label_two(project)
    found = project.classify()
    assert (found.n_documents, found.n_examples) == (6, 2)
    decision = project.decision("rent-2")
    assert decision is not None
    assert decision.state == found.state
    assert decision.label in ("lease", "report")
    assert 0.5 <= decision.confidence <= 1.0
    page = project.documents(DocumentQuery(state="decided", order="least_sure"))
    assert page.total == 4
    sure = [one.confidence or 0.0 for one in page.rows]
    assert sure == sorted(sure)


def test_decisions_are_those_of_the_classifier(project: Project) -> None:
    from longshot.classify import LongshotClassifier

    label_two(project)
    project.classify()
    classifier = LongshotClassifier(embedder=project.embedder)
    features = classifier.features(DOCUMENTS)
    classifier.fit_features(features.take(np.array([0, 3])), ["lease", "report"])
    expected = classifier.predict_proba_features(features)
    for row, one in enumerate(DOCUMENTS):
        decision = project.decision(one.id)
        assert decision is not None
        assert decision.confidence == pytest.approx(expected[row].max(), abs=1e-4)


def test_the_same_state_decides_nothing_anew(project: Project) -> None:
    label_two(project)
    first = project.classify()
    project.label(["rent-3"], "lease")
    assert project.status().is_stale
    project.undo()
    with reopened(project) as again:
        second = again.classify()
        assert (second.state, second.n_changed) == (first.state, 0)
        assert not again.status().is_stale


def test_a_label_decides_otherwise_without_reading_a_text(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    label_two(project)
    project.classify()
    read: list[object] = []
    with reopened(project) as again:
        again.label(["rent-2"], "letter")
        found = again.classify(on_window=lambda *window: read.append(window))
    assert read == []
    assert found.n_changed == 6


def test_features_that_were_lost_are_computed_again(
    project: Project, own_cache: Path
) -> None:
    import shutil

    label_two(project)
    first = project.classify()
    decided = project.decision("rent-2")
    shutil.rmtree(own_cache / "projects" / project.id)
    with reopened(project) as again:
        assert again.n_to_encode() == 6
        again.label(["rent-3"], "lease")
        again.classify()
        again.undo()
        assert again.classify().state == first.state
        assert again.decision("rent-2") == decided


class _NoDigits(WordTokenizer):
    """Reads no digits, as some models read no emoji."""

    def encode(self, text: str) -> Tokens:
        return super().encode("".join(" " if c.isdigit() else c for c in text))


class _NoDigitsEncoder(FakeEncoder):
    tokenizer = _NoDigits()


def test_a_document_without_a_token_is_marked_and_left_out(tmp_path: Path) -> None:
    embedder = DocumentEmbedder(encoder=_NoDigitsEncoder())
    with Project.create(tmp_path / "p", embedder=embedder) as project:
        project.add([*DOCUMENTS, Document(id="blank", text="2026")])
        label_two(project)
        told: list[SetAside] = []
        found = project.classify(on_set_aside=told.append)
        assert found.n_documents == 6
        assert [one.id for one in told] == ["blank"]
        assert project.document("blank").unreadable is not None
        assert project.status().n_unreadable == 1
        assert project.decision("blank") is None


def test_evidence_is_a_passage_of_the_text(project: Project) -> None:
    label_two(project)
    assert project.evidence("rent-2") is None or project.classify()
    project.classify()
    evidence = project.evidence("rent-2")
    assert evidence is not None
    passage = evidence.passage
    assert TEXTS["rent-2"][passage.start : passage.end] == passage.text


def test_suggestions_are_open_documents(project: Project) -> None:
    label_two(project)
    project.classify()
    found = project.suggest(10)
    assert {one.document_id for one in found} == set(TEXTS) - {"rent-1", "leak-1"}
    assert all(one.likely_label in ("lease", "report") for one in found)


def test_the_map_has_a_place_for_each_document(project: Project) -> None:
    assert set(project.map()) == set(TEXTS)


# --- looking --------------------------------------------------------------------------


def test_documents_are_found_by_their_text(project: Project) -> None:
    page = project.documents(DocumentQuery(search="SURVEYOR"))
    assert [one.id for one in page.rows] == ["leak-1", "leak-2", "leak-3"]
    assert project.documents(DocumentQuery(search="100%")).total == 0


def test_documents_are_found_by_the_label_that_stands_now(project: Project) -> None:
    label_two(project)
    project.label(["rent-3"], None)
    project.classify()
    leases = project.documents(DocumentQuery(labels=("lease",))).rows
    assert "rent-1" in [one.id for one in leases]
    assert all(one.label == "lease" for one in leases)
    none = project.documents(DocumentQuery(labels=("",))).rows
    assert [one.id for one in none] == ["rent-3"]
    both = project.documents(DocumentQuery(labels=("", "lease")))
    assert both.total == len(leases) + 1
    counts = {one.label: one for one in project.status().counts}
    assert counts[None].n_given == 1
    assert counts["lease"].n_given == 1
    assert sum(one.n_decided for one in counts.values()) == 3


def test_what_a_person_changed_is_found(project: Project) -> None:
    label_two(project)
    project.classify()
    decided = project.decision("rent-2")
    assert decided is not None
    other = "report" if decided.label == "lease" else "lease"
    project.label(["rent-2"], other)
    found = project.documents(DocumentQuery(state="changed")).rows
    assert [one.id for one in found] == ["rent-2"]


def test_standings_tell_of_every_document_in_short(project: Project) -> None:
    label_two(project)
    project.classify()
    found = {one.id: one for one in project.standings()}
    assert set(found) == set(TEXTS)
    assert found["rent-1"].label == "lease"
    assert [one for one in found if found[one].is_labelled] == ["rent-1", "leak-1"]
    some = project.standings(DocumentQuery(search="boiler", limit=1))
    assert [one.id for one in some] == ["leak-1", "leak-2", "leak-3"]


def test_documents_that_fit_no_label_are_offered_with_their_words(
    tmp_path: Path, embedder: DocumentEmbedder
) -> None:
    def texts(words: str, n: int, seed: int) -> list[str]:
        random = np.random.default_rng(seed)
        return [" ".join(random.choice(words.split(), 30)) for _ in range(n)]

    strange = "onion rice butter oven dough flour stir pan salt pepper"
    kinds = {
        "lease": "tenant landlord rent month house key deposit notice term clause",
        "report": "boiler roof leak crack wall damp survey repair mould gutter",
        "strange": strange,
    }
    with Project.create(tmp_path / "new", unknown=0.1, embedder=embedder) as project:
        for seed, (kind, words) in enumerate(kinds.items()):
            project.add(
                Document(id=f"{kind}-{n}", text=text)
                for n, text in enumerate(texts(words, 52, seed))
            )
            if kind != "strange":
                project.label([f"{kind}-{n}" for n in range(12)], kind)
        decided = project.classify()
        (offered,) = project.new_classes()
        assert (offered,) == decided.new_classes == project.classify().new_classes
        assert set(offered.words) <= set(strange.split())
        assert len(offered.words) >= 3
        assert all(one.startswith("strange") for one in offered.document_ids)
        assert offered.n_documents >= 40
