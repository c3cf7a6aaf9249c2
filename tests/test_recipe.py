import dataclasses
import json
import re
from typing import Any

import jaxtyping
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshot.errors import SettingError
from longshot.recipe import Recipe

settings = st.fixed_dictionaries(
    {
        "model": st.sampled_from(["minilm", "bert-base-uncased", "./folder"]),
        "layers": st.lists(st.integers(-13, 12), min_size=1, max_size=9).map(tuple),
        "token_pooling": st.sampled_from(["mean", "cls", "max"]),
        "window_tokens": st.integers(10, 8192),
        "overlap_tokens": st.integers(0, 9),
        "window_pooling": st.sampled_from(["tokens", "windows"]),
        "prefix": st.text(max_size=12),
    }
)


def test_default_is_the_articles_recipe() -> None:
    recipe = Recipe()
    assert recipe.layers == (-4, -3, -2, -1)
    assert recipe.absolute_layers(13) == (9, 10, 11, 12)
    assert (recipe.window_tokens, recipe.overlap_tokens) == (510, 0)
    assert (recipe.token_pooling, recipe.window_pooling) == ("mean", "tokens")


@given(settings)
def test_saved_as_json_and_read_again_is_the_same(settings: dict[str, Any]) -> None:
    recipe = Recipe(**settings)
    saved = json.dumps(recipe.to_dict())
    again = Recipe.from_dict(json.loads(saved))
    assert recipe == again
    assert hash(recipe) == hash(again)
    assert recipe.fingerprint("ab") == again.fingerprint("ab")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"overlap_tokens": 600},
            "overlap_tokens must be in [0, window_tokens - 1 = 509]; got 600. "
            "Lower --overlap-tokens.",
        ),
        (
            {"overlap_tokens": -1},
            "overlap_tokens must be in [0, window_tokens - 1 = 509]; got -1. "
            "Lower --overlap-tokens.",
        ),
        (
            {"window_tokens": 0},
            "window_tokens must be at least 1; got 0. Raise --window-tokens.",
        ),
        (
            {"layers": ()},
            "layers must name at least one hidden state; got none. "
            "Give --layers, for instance --layers=-4,-3,-2,-1.",
        ),
        (
            {"token_pooling": "sum"},
            "token_pooling must be one of mean, cls, max; got sum. "
            "Change --token-pooling.",
        ),
        (
            {"window_pooling": "last"},
            "window_pooling must be one of tokens, windows; got last. "
            "Change --window-pooling.",
        ),
        (
            {"precision": "int3"},
            "precision must be one of auto, float32, bfloat16, int8, int8-bfloat16, "
            "int8-tokens; got int3. Change --precision.",
        ),
    ],
)
def test_setting_out_of_range_is_told(
    settings: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read as saved settings are, without the type checks of the tests."""
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    saved = {**Recipe().to_dict(), **settings}
    with pytest.raises(SettingError, match=f"^{re.escape(message)}$"):
        Recipe.from_dict(saved)


@pytest.mark.parametrize("layer", [-8, 7, 12])
def test_layer_that_the_model_lacks(layer: int) -> None:
    with pytest.raises(SettingError, match=rf"\[-7, 6\].*got {layer}\."):
        Recipe(layers=(-1, layer)).absolute_layers(7)


def test_all_layers_of_a_model_may_be_named() -> None:
    assert Recipe(layers=(-7, 0, 6, -1)).absolute_layers(7) == (0, 0, 6, 6)


def test_setting_of_another_version_is_refused() -> None:
    with pytest.raises(SettingError, match=r"got attention\. Use the longshot version"):
        Recipe.from_dict({**Recipe().to_dict(), "attention": True})


@pytest.mark.parametrize(
    "change",
    [
        {"layers": (-1,)},
        {"token_pooling": "cls"},
        {"window_tokens": 254},
        {"overlap_tokens": 20},
        {"window_pooling": "windows"},
        {"prefix": "query: "},
    ],
)
def test_fingerprint_changes_with_every_setting(change: dict[str, Any]) -> None:
    changed = dataclasses.replace(Recipe(), **change)
    assert Recipe().fingerprint("ab") != changed.fingerprint("ab")


def test_fingerprint_follows_the_weights_and_not_their_name() -> None:
    assert Recipe().fingerprint("ab") != Recipe().fingerprint("cd")
    assert Recipe().fingerprint("ab") == Recipe(model="copy").fingerprint("ab")


@pytest.mark.parametrize(("n_layers", "layers"), [(1, (0,)), (3, (0, 1, 2))])
def test_default_is_all_layers_of_a_model_with_few(
    n_layers: int, layers: tuple[int, ...]
) -> None:
    assert layers == Recipe().absolute_layers(n_layers)
