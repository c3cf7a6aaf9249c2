"""What the measurement of packets counts."""

import numpy as np

from benchmarks.packets.joining import as_mails, joined_passages
from benchmarks.packets.measures import Tally, matches
from benchmarks.packets.pages import simulated_pages


def test_each_found_boundary_stands_for_one_true_one_at_most() -> None:
    assert matches([3, 9], [2, 4, 20], 1) == {3}
    assert matches([3, 4], [4], 1) == {4}
    assert matches([3, 5], [4], 1) == {3}
    assert matches([3], [5], 1) == set()


def test_a_tally_counts_boundaries_and_units() -> None:
    tally = Tally()
    begins = np.array([True, False, True, False, True])
    labels = np.array([0, 0, 1, 1, 1])
    found = np.array([True, True, False, False, True])
    tally.add(begins, labels, found, np.array([0, 1, 1, 1, 1]))
    assert (tally.recall, tally.precision, tally.f1) == (1.0, 1.0, 1.0)
    assert tally.recall_same == 1.0  # the one between two documents of class 1
    assert tally.right == 0.8


def test_simulated_pages_cover_a_text_and_end_with_lines() -> None:
    text = "".join(f"line {number} of a long text\n" for number in range(900))
    starts = [page.start for page in simulated_pages(text)]
    assert starts[0] == 0
    assert all(text[start - 1] == "\n" for start in starts[1:])
    assert max(np.diff([*starts, len(text)])) <= 3_600


def test_texts_are_joined_before_they_are_cut() -> None:
    """A short last passage must not tell where the next document begins."""
    sentence = "The rent of the shop is due on the first of May. "
    texts = [f"Title {name}\n\n{sentence * 20}\n\nSigned." for name in "abc"]
    for seed in range(5):
        passages, firsts = joined_passages(texts, np.random.default_rng(seed))
        kept = "".join("".join(passages).split())
        assert all("".join(text.split()) in kept for text in texts)
        assert all("Title" in passages[first] for first in firsts[1:])
        assert not any(passage.strip() == "Signed." for passage in passages)


def test_a_thread_has_headers_above_each_mail() -> None:
    mails = as_mails(["the rent\nis due", "the roof"], np.random.default_rng(0))
    assert all(any(w in mail for w in ("From:", "wrote:")) for mail in mails)
    assert mails[0].endswith("\n\nthe rent\nis due")
