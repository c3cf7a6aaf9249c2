"""What plain text shows of a beginning or an end."""

import pytest

from longshot.packets.headings import (
    begins_message,
    closes,
    greets,
    has_title,
    is_numbered,
    looks_like_head,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Report on the roof\n\nIt leaks.", True),
        ("Report on the roof\n==================\nIt leaks.", True),
        ("LEASE OF A SHOP\nmade on the first of May", True),
        ("# The rent\nIt is due.", True),
        ("Chapter 3. In which it rains", True),
        ("The rent of the shop is due on the first of\nthe month.", False),
        ("The rent is due.\n\nSo it is.", False),
        ("and so on\n\nIt leaks.", False),
    ],
)
def test_a_title_stands_by_itself(text: str, expected: bool) -> None:
    assert has_title(text) is expected


def test_a_short_line_is_a_title_among_long_ones_only() -> None:
    text = "Report on the roof\nIt leaks, and it has leaked since the storm of May."
    assert has_title(text, usual_length=60.0)
    assert not has_title(text, usual_length=20.0)


@pytest.mark.parametrize(
    "text",
    [
        "From: Ann <a@b.org>\nTo: Ben\nSubject: rent\n\nDear Ben,",
        "> From: Ann\n> Sent: Monday\n> Subject: rent",
        "From ann@b.org Mon May  6 10:12:00 2024\nSubject: rent",
        "-----Original Message-----\nFrom: Ann",
        "On 6 May 2024 at 10:12, Ann Pole wrote:\n> the rent",
        "Von: Ann\nGesendet: Montag\nBetreff: Miete",
    ],
)
def test_messages_begin_with_headers(text: str) -> None:
    assert begins_message(text)
    assert looks_like_head(text)


@pytest.mark.parametrize("text", ["From: here to there", "To: be\nor not", "--- or so"])
def test_one_word_with_a_colon_is_no_message(text: str) -> None:
    assert not begins_message(text)


def test_letters_greet_and_close() -> None:
    assert greets("5 Net Street\n\nDear Miss Fairlie,\n\nthank you.")
    assert not greets("He is dear to me.")
    assert closes("The rent is paid.\n\nYours sincerely,\n\nA. Pole")
    assert not closes("The rent is paid with regards to the shop.")


def test_a_part_bears_a_number_and_a_letterhead_has_short_lines() -> None:
    assert is_numbered("12. The tenant pays")
    assert is_numbered("(b) the rent")
    assert not is_numbered("The tenant pays")
    assert looks_like_head(
        "Orme & Hallett, Surveyors\nStaithe Street, Harrow Quay\n\nDear"
    )
    assert looks_like_head("EXHIBIT 10.3 SUPPLY AGREEMENT This Agreement is made")
