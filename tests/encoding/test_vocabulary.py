"""What a model's vocabulary lacks is measured, told before, and noted on documents."""

import warnings

import numpy as np
import pytest

from longshot.classify import LongshotClassifier
from longshot.embedder import DocumentEmbedder
from longshot.encoding.vocabulary import Vocabulary, WordCount
from longshot.errors import LongshotWarning
from longshot.records import Document
from longshot.tokens import Tokens
from tests.encoding.test_cache import Halves
from tests.fakes import FakeEncoder, WordTokenizer

ENGLISH = (
    "The tenant shall pay the rent on the first day of each month. The landlord keeps "
    "the roof and the walls in repair, and insures the building against fire and water."
)
GERMAN = (
    "Der Mieter zahlt die Miete am ersten Werktag eines jeden Monats. Der Vermieter "
    "hält Dach und Wände instand und versichert das Gebäude gegen Feuer und Wasser."
)
FRENCH = (
    "Le locataire paie le loyer le premier jour de chaque mois. Le bailleur entretient "
    "la toiture et les murs, et assure le bâtiment contre l'incendie et l'eau."
)
CHINESE = (
    "承租人应于每月第一日支付租金。出租人负责维修屋顶和墙壁,并为建筑物投保火灾险。"
)
JAPANESE = (
    "賃借人は毎月一日に賃料を支払うものとする。"
    "賃貸人は屋根と壁の修繕を行わなければならない。"
)
RUSSIAN = (
    "Арендатор вносит арендную плату в первый день каждого месяца. Арендодатель "
    "содержит крышу и стены в исправном состоянии и страхует здание от пожара."
)


@pytest.mark.parametrize("text", [GERMAN, FRENCH, CHINESE, JAPANESE, RUSSIAN])
def test_other_languages_lack_far_more_words_than_english(
    minilm: DocumentEmbedder, text: str
) -> None:
    vocabulary = Vocabulary(minilm.encoder.tokenizer)

    assert vocabulary.count(ENGLISH).share < 0.1
    assert vocabulary.count(text).share > 0.4
    assert not vocabulary.is_multilingual


def test_words_are_counted_and_digits_and_signs_are_none() -> None:
    found = Vocabulary(WordTokenizer()).count("Rent: 1,200 EUR – due (2024).")

    assert WordCount(n_words=3, n_lacking=0) == found


def test_many_texts_are_counted_as_each_by_itself(minilm: DocumentEmbedder) -> None:
    vocabulary = Vocabulary(minilm.encoder.tokenizer)
    texts = [ENGLISH, "", GERMAN * 9, JAPANESE, "1,200", CHINESE * 20, "ok", RUSSIAN]
    tokens = [minilm.encoder.tokenizer.encode(text) for text in texts]

    expected = [vocabulary.count(text) for text in texts]

    assert expected == vocabulary.count_each(texts, [None] * len(texts))
    assert expected == vocabulary.count_each(texts, tokens)
    assert [] == vocabulary.count_each([], [])


def test_a_word_that_is_read_in_part_is_not_counted() -> None:
    found = Vocabulary(WordTokenizer()).count("ab " * 166 + "landlord and tenant")

    assert WordCount(n_words=166, n_lacking=0) == found


class Multilingual(WordTokenizer):
    """Splits long words in two, but none of the common ones, as many models do."""

    def encode(self, text: str) -> Tokens:
        """Give words; those of more than twelve letters in two pieces."""
        whole = super().encode(text)
        ids, starts, ends = [], [], []
        for id_, start, end in zip(whole.ids, whole.starts, whole.ends, strict=True):
            cuts = [start, start + 6, end] if end - start > 12 else [start, end]
            ids += [id_] * (len(cuts) - 1)
            starts += cuts[:-1]
            ends += cuts[1:]
        return Tokens(ids=np.array(ids), starts=np.array(starts), ends=np.array(ends))


def test_a_multilingual_vocabulary_is_known_by_common_words_of_many_languages() -> None:
    vocabulary = Vocabulary(Multilingual())

    assert vocabulary.is_multilingual
    assert 1.0 == vocabulary.count("Grundstücksverkehrsgenehmigung " * 15).share


def test_a_model_that_lacks_the_words_is_told_of_before_the_labels(
    minilm: DocumentEmbedder,
) -> None:
    embedder = DocumentEmbedder(encoder=minilm.encoder)
    classifier = LongshotClassifier(embedder=embedder)
    classifier.fit([], [], ["lease", "recipe"])

    told = (
        r"minilm must know the language that it reads; 2 of the first 3 documents are "
        r"in German and Russian, and it knows English.*paraphrase-multilingual-MiniLM"
    )
    with pytest.warns(LongshotWarning, match=told):
        found = classifier.classify([ENGLISH, GERMAN, RUSSIAN])

    assert () == found.predictions[0].notes
    assert ("is in German, which minilm does not know",) == found.predictions[1].notes
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        classifier.classify([GERMAN])  # once is enough


def test_short_texts_of_no_language_are_told_of_by_their_words(
    minilm: DocumentEmbedder,
) -> None:
    embedder = DocumentEmbedder(encoder=minilm.encoder)
    words = [f"{word} {number}" for number, word in enumerate(RUSSIAN.split())]

    told = (
        r"\d\d% of the words at the beginning of the first 40 documents are not in its "
        "vocabulary, and it knows English"
    )
    with pytest.warns(LongshotWarning, match=told):
        embedder.embed(words[:20] * 2)


def test_the_words_decide_where_a_models_languages_are_not_known() -> None:
    encoder = FakeEncoder()
    encoder.tokenizer = Halves()
    embedder = DocumentEmbedder(encoder=encoder)

    told = (
        "fake must know .*; the first 2 documents are in German, and it does not know"
    )
    with pytest.warns(LongshotWarning, match=told):
        found = list(embedder.vectors([GERMAN, GERMAN + "!"]))

    notes = {note for one in found for note in one.notes}
    assert {"100% of its words are not in the model's vocabulary"} == notes


def test_english_is_not_warned_of(minilm: DocumentEmbedder) -> None:
    embedder = DocumentEmbedder(encoder=minilm.encoder)

    embedder.embed([ENGLISH] * 30)  # a warning would be an error


def test_names_beside_english_are_no_other_language(minilm: DocumentEmbedder) -> None:
    names = "Okonkwo, Yildirim, Gutierrez, Haraldsson, Kowalska"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        minilm.embed([ENGLISH] * 12 + [names] * 10)


def test_a_few_names_of_labels_are_too_little_to_warn_of(
    minilm: DocumentEmbedder,
) -> None:
    """Each is read in five sentences: "pros" is met twelve times, and lacking."""
    classifier = LongshotClassifier(embedder=DocumentEmbedder(encoder=minilm.encoder))

    classifier.fit([], [], ["pros", "cons"])  # a warning would be an error


class HalfUnknown(WordTokenizer):
    """Does not know words in capitals."""

    def encode(self, text: str) -> Tokens:
        """Give words, unknown where they are in capitals."""
        tokens = super().encode(text)
        for row, (start, end) in enumerate(
            zip(tokens.starts, tokens.ends, strict=True)
        ):
            if text[start:end].isupper():
                tokens.ids[row] = self.unknown_id
        return tokens


class HalfUnknownEncoder(FakeEncoder):
    """Reads with that tokenizer."""

    tokenizer = HalfUnknown()


def test_unknown_tokens_lower_the_confidence_and_change_no_label() -> None:
    embedder = DocumentEmbedder(encoder=HalfUnknownEncoder())
    texts = ["the tenant pays", "the boiler leaks", "members voted"]
    classifier = LongshotClassifier(embedder=embedder)
    classifier.fit(texts, ["lease", "report", "minutes"])

    document = Document(id="a", text="the tenant pays THE RENT DUE")
    features = classifier.features([document])
    as_if_known = classifier.predict_proba_features(features, pile=False)[0]
    lowered = classifier.predict_proba([document.text])[0]
    (prediction,) = classifier.classify([document], pile=False)

    expected = 0.5 * as_if_known + 0.5 / 3
    assert expected.tolist() == pytest.approx(lowered.tolist())
    assert lowered.max() == pytest.approx(prediction.confidence)
    assert as_if_known.argmax() == lowered.argmax()
