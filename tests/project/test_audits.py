import json
from pathlib import Path

import pytest

from longshot.errors import NotInProjectError, ProjectError, SettingError
from longshot.project import Project, ProjectAudit
from longshot.records import Document


def decided(project: Project) -> Project:
    """Add more documents, label two, and decide."""
    project.add(
        Document(id=f"d{n}", text=f"Letter {n} about {'rent' if n % 2 else 'a boiler'}")
        for n in range(20)
    )
    project.label(["rent-1"], "lease")
    project.label(["leak-1"], "report")
    project.classify()
    return project


def answer_all(project: Project, audit: ProjectAudit, n_wrong: int = 0) -> ProjectAudit:
    for number, id_ in enumerate(audit.document_ids):
        decision = project.decision(id_)
        assert decision is not None
        right = decision.label
        wrong = "lease" if right == "report" else "report"
        label = wrong if number < n_wrong else right
        audit = project.audits.answer(audit.id, id_, label)
    return audit


def test_an_audit_needs_decisions(project: Project) -> None:
    with pytest.raises(ProjectError, match="decisions to check"):
        project.audits.start(5)
    assert project.audits.latest() is None


def test_an_audit_asks_in_order_and_proves_more_with_each_answer(
    project: Project,
) -> None:
    audit = decided(project).audits.start(24, seed=1)
    assert len(audit.document_ids) == 24
    assert audit.next_id == audit.document_ids[0]
    assert audit.certificate.limit == 0.0
    ended = answer_all(project, audit)
    assert ended.answers == ("right",) * 24
    assert ended.next_id is None
    assert ended.certificate.n_right_at_least == 24
    assert ended.is_current
    assert ended.limit_now == 1.0


def test_only_what_the_sample_asks_is_answered(project: Project) -> None:
    audit = decided(project).audits.start(5, seed=1)
    outside = next(
        one.id for one in project.documents().rows if one.id not in audit.document_ids
    )
    with pytest.raises(SettingError, match="sample"):
        project.audits.answer(audit.id, outside, "lease")
    with pytest.raises(NotInProjectError, match="number 99"):
        project.audits.answer(99, audit.document_ids[0], "lease")
    with pytest.raises(SettingError, match="target"):
        project.audits.start(5, target=95.0)


def test_answers_are_no_examples_and_can_be_taken_back(project: Project) -> None:
    audit = decided(project).audits.start(5, seed=1)
    project.audits.answer(audit.id, audit.document_ids[0], "lease")
    assert len(project.examples()) == 2
    assert not project.status().is_stale
    project.undo()
    again = project.audits.numbered(audit.id)
    assert again is not None
    assert again.answers == ()
    assert again.next_id == audit.document_ids[0]


def test_what_was_passed_over_counts_as_unsure(project: Project) -> None:
    audit = decided(project).audits.start(5, seed=1)
    project.audits.answer(audit.id, audit.document_ids[1], None, unsure=True)
    found = project.audits.latest()
    assert found is not None
    assert found.answers == (None, "unsure")
    assert found.next_id == audit.document_ids[0]


def test_what_was_found_wrong_can_be_put_right(project: Project) -> None:
    audit = decided(project).audits.start(24, seed=1)
    ended = answer_all(project, audit, n_wrong=2)
    assert ended.certificate.n_wrong == 2
    project.audits.use(audit.id)
    now = project.audits.numbered(audit.id)
    assert now is not None
    assert now.certificate.limit == ended.certificate.limit
    assert now.limit_now == pytest.approx(ended.certificate.limit + 2 / 24)
    assert not now.is_current


def test_a_label_that_changed_is_covered_no_more(project: Project) -> None:
    audit = decided(project).audits.start(24, seed=1)
    ended = answer_all(project, audit)
    project.label([audit.document_ids[0]], "something else")
    project.remove_documents([audit.document_ids[1]])
    now = project.audits.latest()
    assert now is not None
    assert not now.is_current
    assert now.limit_now == pytest.approx(ended.certificate.limit - 2 / 24)


def test_the_certificate_stands_beside_every_export(
    project: Project, tmp_path: Path
) -> None:
    audit = decided(project).audits.start(24, seed=1, target=0.9)
    project.export(tmp_path / "before.csv")
    assert not (tmp_path / "before.certificate.json").exists()
    answer_all(project, audit)
    project.export(tmp_path / "out.csv")
    project.export(tmp_path / "sorted", "folders")
    project.export(tmp_path / "page.html")
    beside = json.loads((tmp_path / "out.certificate.json").read_text())
    inside = json.loads((tmp_path / "sorted" / "_certificate.json").read_text())
    assert beside == inside
    assert beside["n_right_at_least"] == 24
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "labels are right" in page


def test_a_forecast_tells_what_can_be_left_alone(project: Project) -> None:
    assert project.audits.forecast() is None
    found = decided(project).audits.forecast(0.5)
    assert found is not None
    assert found.n_documents == 24
    assert (found.low, found.high) == (None, None)
    audit = project.audits.start(24, seed=1)
    answer_all(project, audit)
    after = project.audits.forecast(0.5)
    assert after is not None
    assert after.n_checked == 24
    assert after.low is not None
