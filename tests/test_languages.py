"""Languages are told where they can be, and held against what a model knows."""

import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tokenizers
import transformers
from hypothesis import given, settings
from hypothesis import strategies as st
from py3langid import langid
from tokenizers import models, pre_tokenizers, processors, trainers

from longshot.classify import LongshotClassifier
from longshot.embedder import DocumentEmbedder
from longshot.encoders import languages_of_model
from longshot.errors import LongshotWarning
from longshot.languages import base_language, language_of, languages_of
from longshot.languages.telling import READ_CHARACTERS
from longshot.machine.locations import CACHE_VARIABLE
from longshot.recipe import Recipe
from tests.encoding.test_cache import CountingEncoder
from tests.encoding.test_vocabulary import (
    CHINESE,
    ENGLISH,
    FRENCH,
    GERMAN,
    JAPANESE,
    RUSSIAN,
)

TEXTS = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "zh": CHINESE,
    "ja": JAPANESE,
    "ru": RUSSIAN,
}


@pytest.mark.parametrize(("language", "text"), TEXTS.items(), ids=list(TEXTS))
def test_the_language_of_a_few_sentences_is_told(language: str, text: str) -> None:
    assert language == language_of(text)


@pytest.mark.parametrize(
    "text", ["", "ok", "Rent 2024", "合同", "1,200.00 EUR", "Anna Kowalska, Jean Petit"]
)
def test_of_too_little_no_language_is_told(text: str) -> None:
    assert language_of(text) is None


ODD = [
    "",
    " ",
    "\x00",
    "\ud800 lone",
    "e\u0301" * 600,
    "ÄRGER",
    "\xff",
    "a",
    "👩🏽\u200d🚀" * 9,
]


@cache
def identifier() -> Any:
    return langid._load_identifier(norm_probs=True)


def by_py3langid(text: str) -> tuple[str, float]:
    """Tell the likeliest language, and how likely it is, by the library's own code."""
    chances: dict[str, float] = {}
    for code, chance in identifier().rank(text[:READ_CHARACTERS]):
        language = base_language(code)
        chances[language] = chances.get(language, 0.0) + chance
    best = max(chances, key=lambda code: chances[code])
    return best, chances[best]


def test_languages_are_those_that_py3langid_tells() -> None:
    texts = [*TEXTS.values(), *ODD, "Rent 2024", "Anna Kowalska"]
    texts += [text[:40] for text in TEXTS.values()]
    texts += [" ".join(TEXTS.values())] + [text * 9 for text in TEXTS.values()]

    told = [by_py3langid(text) for text in texts]

    expected = [code if chance >= 0.9 else None for code, chance in told]
    assert expected == languages_of(texts)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=60),
            st.sampled_from(ODD),
            st.sampled_from([*TEXTS.values()]),
        ),
        max_size=9,
    )
)
def test_many_texts_are_told_as_each_by_itself(texts: list[str]) -> None:
    assert [language_of(text) for text in texts] == languages_of(texts)


LOAD = (
    "import lzma, os; from longshot.languages import language_of; "
    "kept = lzma.decompress; "
    "lzma.decompress = lambda packed: print('unpacked') or kept(packed); "
    "print(language_of(os.environ['TEXT']))"
)


def told(cache: Path) -> list[str]:
    """Tell a language in a process of its own, and whether it unpacked the model."""
    run = subprocess.run(
        [sys.executable, "-c", LOAD],
        env={**os.environ, CACHE_VARIABLE: str(cache), "TEXT": GERMAN},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.split()


def test_the_model_is_unpacked_once(tmp_path: Path) -> None:
    assert told(tmp_path) == ["unpacked", "de"]
    assert told(tmp_path) == ["de"]
    [kept] = (tmp_path / "languages").iterdir()
    table = kept / "weights.npy"
    table.write_bytes(table.read_bytes()[:1_000_000])
    assert told(tmp_path) == ["unpacked", "de"]
    assert told(tmp_path) == ["de"]


def test_where_nothing_can_be_kept_languages_are_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert told(tmp_path / "file") == ["unpacked", "de"]


def test_a_document_of_many_megabytes_is_told_by_its_beginning() -> None:
    assert "de" == language_of(GERMAN * 20 + ENGLISH * 20_000)


@pytest.mark.parametrize(
    ("card", "known"),
    [
        ("---\nlanguage: de\n---\n", {"de"}),
        ("---\nlanguage:\n- zh-Hans\n- nb\n- 'no'\n---\n# A model\n", {"zh", "no"}),
        ("---\nlanguage:\n- multilingual\n- de\n---\n", None),
        ("---\nlicense: mit\n---\n", None),
        ("---\nlanguage: [de\n---\n", None),
        ("---\nlanguage: 7\n---\n", None),
        ("\x00\xff no card", None),
        (None, None),
    ],
)
def test_a_models_card_tells_its_languages(
    card: str | None, known: set[str] | None, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    if card is not None:
        (folder / "README.md").write_text(card, encoding="latin-1")

    assert known == languages_of_model(str(folder))


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("mpnet", {"en"}),
        ("someone/bert-base-german-cased", {"de"}),
        ("fasttext:vectors/cc.fr.300.vec.gz", {"fr"}),
        ("someone/xlm-roberta-base", None),
        ("glove:glove.6B.300d.txt", None),
        ("elmo:options.json,weights.hdf5", None),
        ("not a name at all?", None),
    ],
)
def test_a_models_name_may_tell_its_language(name: str, known: set[str] | None) -> None:
    assert known == languages_of_model(name)


@pytest.fixture
def multilingual(tmp_path: Path) -> Path:
    """Make a small XLM-RoBERTa of random weights, which reads six languages."""
    folder = tmp_path / "tiny"
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    tokenizer = tokenizers.Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.train_from_iterator(
        TEXTS.values(),
        trainers.UnigramTrainer(
            vocab_size=300,
            special_tokens=special,
            unk_token="<unk>",
            show_progress=False,
        ),
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    made: Any = transformers.PreTrainedTokenizerFast
    made(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        cls_token="<s>",
        sep_token="</s>",
    ).save_pretrained(folder)
    config = transformers.XLMRobertaConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=16,
        num_hidden_layers=4,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=66,
    )
    model: Any = transformers.XLMRobertaModel
    model(config).save_pretrained(folder)
    return folder


def reads(model: Path) -> DocumentEmbedder:
    return DocumentEmbedder(
        Recipe(model=str(model), window_tokens=62), engine="torch", cache=None
    )


def test_a_model_that_names_its_languages_is_silent_on_these_and_warns_of_others(
    multilingual: Path,
) -> None:
    card = multilingual / "README.md"
    card.write_text("---\nlanguage: [en, de, zh]\n---\n", encoding="utf-8")
    embedder = reads(multilingual)

    known = list(embedder.vectors([ENGLISH, GERMAN, CHINESE]))
    told = (
        r"tiny must know the language that it reads; 2 of the first 3 documents are in "
        r"French and Russian, and it knows Chinese, English, German\. "
    )
    with pytest.warns(LongshotWarning, match=told):
        _, french, russian = embedder.vectors([ENGLISH, FRENCH, RUSSIAN])

    assert [("en", ()), ("de", ()), ("zh", ())] == [
        (v.language, v.notes) for v in known
    ]
    assert ("fr", "ru") == (french.language, russian.language)
    assert french.notes == (f"is in French, which {multilingual} does not know",)


def test_the_warning_comes_before_the_first_document_is_encoded() -> None:
    encoder = CountingEncoder()
    encoder.name = "minilm"
    embedder = DocumentEmbedder(encoder=encoder, cache=None)
    met = []

    def pile() -> Iterator[str]:
        for number in range(4_000):
            met.append(number)
            yield f"{number}. {GERMAN}"

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(
            LongshotWarning,
            match=r"^minilm must .*; the first 2 documents are in German",
        ):
            next(embedder.vectors(pile()))

    assert 0 == encoder.n_encoded
    assert [0, 1, 2] == met


def test_one_document_among_many_is_noted_and_not_warned_of(
    minilm: DocumentEmbedder,
) -> None:
    embedder = DocumentEmbedder(encoder=minilm.encoder, cache=None)

    found = list(embedder.vectors([*[ENGLISH] * 14, GERMAN, "Rent"]))

    assert ["en"] * 14 + ["de", None] == [one.language for one in found]
    notes = [one.notes for one in found]
    assert [()] * 14 + [("is in German, which minilm does not know",), ()] == notes


def test_a_prediction_tells_the_language_of_its_document(
    minilm: DocumentEmbedder,
) -> None:
    classifier = LongshotClassifier(embedder=minilm)
    classifier.fit([ENGLISH, "The council met on Monday."], ["lease", "minutes"])

    assert ("en", None) == tuple(
        one.language for one in classifier.classify([ENGLISH * 2, "Rent"])
    )
