import pytest

from longshot.report.openings import opening

LATER = 2_000


@pytest.mark.parametrize(
    ("passage", "shown"),
    [
        (
            "from it. 6.4 The roof. It holds, as he said to all of us.",
            "It holds, as he said to all of us.",
        ),
        (
            "from the floor.\n\n6.4 The roof is mended by us.",
            "6.4 The roof is mended by us.",
        ),
        ("was said?” “Then he shall pay,” she said.", "“Then he shall pay,” she said."),
        ("The roof is old. It leaks.", "The roof is old. It leaks."),
        ("（合同）租赁期限为三年。屋顶漏水。", "（合同）租赁期限为三年。屋顶漏水。"),
        (
            "which was to be mended by the tenant",
            "… which was to be mended by the tenant",
        ),
        (
            "all of this and much more beside. End",
            "… all of this and much more beside. End",
        ),
    ],
)
def test_a_passage_is_shown_from_the_next_sentence_on(passage: str, shown: str) -> None:
    assert shown == opening(passage, start=LATER)


def test_the_beginning_of_a_document_is_shown_as_it_is() -> None:
    assert "lower case. Then not." == opening("lower case. Then not.")


def test_a_long_passage_is_cut_between_words() -> None:
    shown = opening("word " * 100)
    assert shown.endswith("word …")
    assert len(shown) <= 74
