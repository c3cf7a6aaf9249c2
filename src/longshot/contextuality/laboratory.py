"""The study: sentences, words and models enter; every number and map leaves."""

from collections.abc import Iterable, Sequence

from longshot.contextuality.model_study import ModelStudy, OnProgress, WordResult
from longshot.contextuality.notes import notes_on_sample
from longshot.contextuality.occurrences.sampling import Sample, draw
from longshot.contextuality.occurrences.sentences import Sentence
from longshot.contextuality.occurrences.uses import WordFinder
from longshot.contextuality.results import Study
from longshot.contextuality.settings import FEWEST_USES, Settings
from longshot.encoders import Encoder, load_encoder
from longshot.errors import SettingError


def study(
    sentences: Iterable[Sentence],
    words: Sequence[str],
    models: Sequence[str | Encoder] = ("minilm",),
    *,
    settings: Settings | None = None,
    on_progress: OnProgress | None = None,
) -> Study:
    """Measure how contextual words are in models.

    Sentences are read once; memory holds the uses that were drawn and one model.

    Parameters
    ----------
    sentences
        Of any number; those with a label tell a word's senses.
    words
        The words; ``mouse/mice`` counts both forms as one word.
    models
        Models, or their names.
    settings
        How it is done.
    on_progress
        Told how far it is.

    Raises
    ------
    SettingError
        If no word occurs in two sentences, or a setting is out of its range.
    ModelError
        If a model cannot be loaded.
    """
    chosen = settings or Settings()
    finder = WordFinder(words, inflected=chosen.inflected)
    sample = draw(
        sentences,
        finder,
        max_uses=chosen.max_uses,
        n_random=chosen.n_random,
        seed=chosen.seed,
    )
    notes = list(notes_on_sample(sample))
    _check_enough(sample)
    results: list[WordResult] = []
    for model in models:
        encoder = load_encoder(model) if isinstance(model, str) else model
        one_model = ModelStudy(encoder, sample, chosen, on_progress)
        results += one_model.words()
        notes += one_model.notes
    return Study(
        rows=tuple(row for one in results for row in one.rows),
        maps=tuple(one.map for one in results),
        found_senses=tuple(sense for one in results for sense in one.found),
        n_sentences=sample.n_sentences,
        n_found=sample.n_found,
        notes=tuple(notes),
    )


def _check_enough(sample: Sample) -> None:
    if not any(len(uses) >= FEWEST_USES for uses in sample.uses.values()):
        told = ", ".join(f"{word} occurs in {n}" for word, n in sample.n_found.items())
        raise SettingError(
            f"a word must occur in at least 2 sentences; of {sample.n_sentences:,} "
            f"sentences, {told}. Check --words, or count other forms too with "
            "--inflected or --words mouse/mice."
        )
