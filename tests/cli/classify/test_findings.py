import pytest

from longshot.cli.classify.findings import tell_discovered
from longshot.records import NewClass


def test_an_offer_is_told_with_its_words_and_typical_documents(
    capsys: pytest.CaptureFixture[str],
) -> None:
    offer = NewClass(document_ids=("d7", "d19", "d2", "d4"), words=("strike", "pay"))

    tell_discovered([offer])

    assert (
        "new class 1? 4 documents look alike and fit no label: strike, pay; "
        "most typical: d7, d19, d2\n"
    ) == capsys.readouterr().err
