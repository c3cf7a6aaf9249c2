"""What a person must know of words, sentences and models, a line each."""

from collections import Counter
from collections.abc import Iterator, Sequence

from longshot.contextuality.occurrences.sampling import Sample
from longshot.contextuality.occurrences.uses import Use
from longshot.contextuality.settings import FEWEST_USES
from longshot.contextuality.word_vectors import WordVector


def notes_on_sample(sample: Sample) -> Iterator[str]:
    """Tell of words that occur too seldom or too often, and of lone senses."""
    for word, uses in sample.uses.items():
        n_found = sample.n_found[word]
        if n_found < FEWEST_USES:
            often = "only once" if n_found else "in no sentence"
            yield f'"{word}" occurs {often}: it is left out'
            continue
        if n_found > len(uses):
            yield f'"{word}": {len(uses):,} of its {n_found:,} sentences were drawn'
        yield from _notes_on_senses(word, uses)


def _notes_on_senses(word: str, uses: Sequence[Use]) -> Iterator[str]:
    counts = Counter(use.sentence.label for use in uses)
    n_unlabelled = counts.pop(None, 0)
    if not counts:
        return
    if n_unlabelled:
        yield (
            f'"{word}": {n_unlabelled} of {len(uses)} sentences have no label, so that '
            "no separation of senses is measured"
        )
    elif len(counts) == 1:
        yield (
            f'"{word}" has one sense only ({next(iter(counts))}): there is nothing to '
            "separate"
        )
    for sense, n_uses in sorted(counts.items(), key=str):
        if n_uses == 1 and len(counts) > 1:
            yield f'"{word}": sense {sense} has a single sentence'


def notes_on_reading(
    model: str, word: str, uses: Sequence[Use], kept: Sequence[WordVector]
) -> Iterator[str]:
    """Tell of uses that a model has no vector for, or whose sentence it cuts."""
    if len(kept) < len(uses):
        lost = "no vector" if not kept else f"no vector for {len(uses) - len(kept)}"
        yield f'{model} has {lost} of the {len(uses)} uses of "{word}"'
    n_cut = sum(one.is_cut for one in kept)
    if n_cut:
        yield (
            f'"{word}": {n_cut} sentences are longer than {model} reads at once; '
            "they were read around the word"
        )
