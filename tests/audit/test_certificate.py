import json
from dataclasses import replace

import numpy as np
import pytest

from longshot.audit import (
    Answer,
    AuditResult,
    Certificate,
    audit_result,
    certify,
    draw_sample,
    population_hash,
)

LABELS: dict[str, str | None] = {str(i): "lease" if i % 2 else None for i in range(300)}


@pytest.fixture(scope="module")
def certificate() -> Certificate:
    sample = draw_sample(np.linspace(0.6, 0.999, 300), 60, seed=5)
    n = len(sample.rows)
    answers: list[Answer | None] = ["right"] * (n - 5)
    found = audit_result(sample, [*answers, "wrong", "unsure"])
    return certify(
        sample,
        found,
        date="2026-11-26",
        population=population_hash(LABELS),
        state="3f2a",
        target=0.8,
    )


def test_it_says_what_was_found_in_plain_english(certificate: Certificate) -> None:
    text = "\n".join(certificate.lines())

    assert "of 300 labels are right, 95 % certain" in text
    assert "The target of 80 % is reached." in text
    assert "1 wrong, 1 unsure, which count as wrong." in text
    assert "was given on 2026-11-26" in text
    assert "Waudby-Smith and Ramdas 2023" in text
    assert "seed 5" in text
    assert population_hash(LABELS) in text


def test_through_json_and_back(certificate: Certificate) -> None:
    kept = json.loads(json.dumps(certificate.as_dict()))

    assert certificate == Certificate.from_dict({**kept, "later": 1})


def test_it_covers_these_labels_only(certificate: Certificate) -> None:
    assert certificate.covers(population_hash(dict(reversed(LABELS.items()))))
    assert not certificate.covers(population_hash({**LABELS, "7": "report"}))
    assert not certificate.covers(population_hash({**LABELS, "new": "lease"}))


def test_what_is_left_after_labels_were_changed(certificate: Certificate) -> None:
    """Worked by hand: 10 may have been right, 5 are new, 1 was put right."""
    one = replace(certificate, n_documents=300, n_right_at_least=270)

    assert one.limit_now(n_documents=300) == 0.9
    assert one.limit_now(n_documents=305, n_lost=10, n_corrected=1) == 261 / 305
    assert one.limit_now(n_documents=10, n_lost=290) == 0.0
    assert one.limit_now(n_documents=0) == 1.0


def test_a_limit_is_never_rounded_up(certificate: Certificate) -> None:
    one = replace(certificate, limit=0.95999, target=None)

    assert one.lines()[0].startswith("At least 95.9 % of")
    assert one.is_target_reached is None


def test_before_the_first_round_nothing_is_estimated() -> None:
    sample = draw_sample(np.linspace(0.6, 0.999, 300), 60, seed=5)
    found: AuditResult = audit_result(sample, [])
    one = certify(sample, found, date="today", population="sha256:0")

    assert one.lines()[0].startswith("At least 0.0 % of 300")
    assert not any("estimate" in line for line in one.lines())
