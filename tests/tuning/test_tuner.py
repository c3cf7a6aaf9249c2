"""A tiny BERT is tuned by the real trainer."""

import importlib.util
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers

from longshot.embedder import DocumentEmbedder
from longshot.errors import MissingExtraError, ModelError, SettingError
from longshot.recipe import Recipe
from longshot.tuning import HeldOutMeasure, Tuner, TuningSettings
from longshot.tuning.contrastive import supervised_contrastive
from longshot.tuning.measuring import Probe
from longshot.tuning.sentence_model import check_installed
from longshot.tuning.watching import MEASURE_STEPS, PATIENCE
from tests.tuning.conftest import TOPICS, improve_always, make_examples

SETTINGS = TuningSettings(
    steps=50, batch_windows=8, window_tokens=16, learning_rate=3e-3
)
needs_extra = pytest.mark.skipif(
    any(
        importlib.util.find_spec(one) is None
        for one in ("sentence_transformers", "datasets", "accelerate")
    ),
    reason="longshot[tune] is not installed",
)


def weights_of(folder: Path) -> dict[str, torch.Tensor]:
    return dict(transformers.AutoModel.from_pretrained(folder).state_dict())


@pytest.fixture
def without_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every measure be better than the one before."""
    improve_always(monkeypatch)


@needs_extra
@pytest.mark.usefixtures("without_measures")
def test_the_loss_falls_and_the_folder_is_a_model(
    tiny_bert: Path, tmp_path: Path
) -> None:
    steps: list[tuple[int, int]] = []
    tuner = Tuner(str(tiny_bert), make_examples(per_label=8), SETTINGS)
    tuned = tuner.tune(on_step=lambda n_done, n: steps.append((n_done, n)))
    assert steps == [(n_done, 50) for n_done in range(1, 51)]
    assert np.mean(tuned.losses[-5:]) < 0.8 * np.mean(tuned.losses[:5])
    assert tuned.n_windows_drawn == tuner.material.n_windows
    assert tuned.is_better
    tuned.save(tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= names
    assert not any(path.suffix == ".bin" for path in tmp_path.iterdir())
    before, after = weights_of(tiny_bert), weights_of(tmp_path)
    name = "encoder.layer.4.output.dense.weight"
    assert before.keys() == after.keys()
    assert not torch.equal(before[name], after[name])


@needs_extra
@pytest.mark.usefixtures("without_measures")
def test_the_tuned_model_draws_the_topics_apart(
    tiny_bert: Path, tmp_path: Path
) -> None:
    Tuner(str(tiny_bert), make_examples(per_label=8), SETTINGS).tune().save(tmp_path)

    def contrast(folder: Path) -> float:
        recipe = Recipe(model=str(folder), window_tokens=30, layers=(-1,))
        embedder = DocumentEmbedder(recipe, engine="torch", cache=None)
        texts = [TOPICS["law"], " ".join(sorted(TOPICS["law"].split())), TOPICS["talk"]]
        rows = embedder.embed(texts)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return float(rows[0] @ rows[1] - rows[0] @ rows[2])

    assert contrast(tmp_path) > contrast(tiny_bert) + 0.05


@needs_extra
@pytest.mark.usefixtures("without_measures")
def test_the_same_examples_in_any_order_give_the_same_model(tiny_bert: Path) -> None:
    examples = make_examples(per_label=4)
    settings = TuningSettings(steps=3, batch_windows=4, window_tokens=16)
    first = Tuner(str(tiny_bert), examples, settings).tune()
    second = Tuner(str(tiny_bert), examples[::-1], settings).tune()
    assert first.losses == second.losses


@needs_extra
def test_nothing_of_a_window_is_cut_off_by_the_trainer(tiny_bert: Path) -> None:
    settings = TuningSettings(window_tokens=32, batch_windows=4)
    tuner = Tuner(str(tiny_bert), make_examples(per_label=8, n_words=200), settings)
    documents = [*tuner.material.trained, *tuner.material.held_out]
    texts = [text for document in documents for text in document.texts]
    read = sum(tuner.model.count_tokens(texts)) - 2 * len(texts)
    tokenizer = transformers.AutoTokenizer.from_pretrained(tiny_bert)
    whole = sum(
        len(tokenizer(example.document.text, add_special_tokens=False)["input_ids"])
        for example in make_examples(per_label=8, n_words=200)
    )
    assert read >= whole


def measures(*surprises: float) -> Callable[..., HeldOutMeasure]:
    """Make a measure that goes through these values."""
    values = iter(surprises)

    def measure(_: Probe, encode: object, step: int) -> HeldOutMeasure:
        return HeldOutMeasure(step=step, accuracy=0.5, surprise=next(values))

    return measure


@needs_extra
def test_it_stops_without_progress_and_goes_back_to_the_best_weights(
    tiny_bert: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = TuningSettings(
        steps=1000, batch_windows=4, window_tokens=16, learning_rate=1e-2
    )
    monkeypatch.setattr(Probe, "measure", measures(1.0, 1.5, 1.5, 1.5, 0.1))
    told: list[HeldOutMeasure] = []
    tuner = Tuner(str(tiny_bert), make_examples(per_label=4), settings)
    tuned = tuner.tune(on_measure=told.append)
    assert len(tuned.losses) == PATIENCE * MEASURE_STEPS
    assert [one.step for one in told] == [0, 25, 50, 75]
    assert not tuned.is_better
    assert tuned.after == tuned.before
    tuned.save(tmp_path)
    before, after = weights_of(tiny_bert), weights_of(tmp_path)
    assert all(torch.equal(before[name], after[name]) for name in before)


@needs_extra
def test_models_and_windows_that_will_not_do_are_told(
    tiny_bert: Path, tmp_path: Path
) -> None:
    examples = make_examples(per_label=4)
    with pytest.raises(ModelError, match=r"must be a transformer; glove:x\.txt is of"):
        Tuner("glove:x.txt", examples, SETTINGS)
    with pytest.raises(SettingError, match=r"at most 32 .* got 40\. Lower --window"):
        Tuner(str(tiny_bert), examples, TuningSettings(window_tokens=40))


def test_a_missing_library_is_named_with_its_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "longshot.tuning.sentence_model.find_spec",
        lambda name: None if name == "datasets" else found("json"),
    )
    with pytest.raises(MissingExtraError, match=r"datasets must .*'longshot\[tune\]'"):
        check_installed()


def test_the_loss_is_the_papers() -> None:
    """Against the formula of the paper, written out with loops."""
    random = np.random.default_rng(0)
    vectors, labels = random.normal(size=(6, 5)), [0, 0, 1, 1, 1, 2]
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    surprises = []
    for i in range(6):
        alike = [p for p in range(6) if p != i and labels[p] == labels[i]]
        shares = [math.exp(units[i] @ units[a] / 0.1) for a in range(6) if a != i]
        if alike:
            terms = [
                math.log(math.exp(units[i] @ units[p] / 0.1) / sum(shares))
                for p in alike
            ]
            surprises.append(-sum(terms) / len(terms))
    loss = supervised_contrastive(torch.tensor(vectors), torch.tensor(labels))
    assert float(loss) == pytest.approx(np.mean(surprises), rel=1e-5)
