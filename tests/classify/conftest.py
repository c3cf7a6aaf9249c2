import pytest

from longshot.classify import LongshotClassifier
from longshot.embedder import DocumentEmbedder
from longshot.recipe import Recipe
from tests.fakes import FakeEncoder


@pytest.fixture
def embedder() -> DocumentEmbedder:
    """Give an embedder with small windows over the fake encoder."""
    recipe = Recipe(model="fake", window_tokens=4)
    return DocumentEmbedder(recipe, encoder=FakeEncoder())


@pytest.fixture
def classifier(embedder: DocumentEmbedder) -> LongshotClassifier:
    """Give a classifier that has learnt nothing yet."""
    return LongshotClassifier(embedder=embedder)
