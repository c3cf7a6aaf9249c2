import random
from collections import Counter

from longshot.contextuality.occurrences.sampling import Reservoir, draw
from longshot.contextuality.occurrences.sentences import Sentence
from longshot.contextuality.occurrences.uses import WordFinder


def sentences(n_sentences: int) -> list[Sentence]:
    return [
        Sentence(id=str(i), text=f"mouse number {i} is a mouse")
        for i in range(n_sentences)
    ]


def test_reservoir_keeps_every_item_as_often() -> None:
    counts: Counter[int] = Counter()
    source = random.Random(0)
    for _ in range(2000):
        reservoir = Reservoir[int](3, source)
        for item in range(10):
            reservoir.offer(item)
        counts.update(reservoir.kept)
    assert min(counts.values()) > 500
    assert max(counts.values()) < 700


def test_one_use_per_sentence_is_drawn_and_all_are_counted() -> None:
    finder = WordFinder(["mouse", "cat"])
    sample = draw(iter(sentences(50)), finder, max_uses=8, n_random=20)
    ids = [use.sentence.id for use in sample.uses["mouse"]]
    assert len(set(ids)) == 8
    assert sample.n_found == {"mouse": 50, "cat": 0}
    assert (len(sample.random_uses), sample.n_sentences) == (20, 50)


def test_same_seed_draws_the_same() -> None:
    finder = WordFinder(["mouse"])
    first, second = (draw(sentences(50), finder, max_uses=5, seed=3) for _ in range(2))
    assert first.uses == second.uses
    assert first.random_uses == second.random_uses


def test_all_words_are_kept_where_there_are_few() -> None:
    sample = draw(sentences(2), WordFinder(["mouse"]))
    texts = [use.sentence.text[use.start : use.end] for use in sample.random_uses]
    assert texts == "mouse number 0 is a mouse mouse number 1 is a mouse".split()
