import pytest
from hypothesis import settings

from longshot.embedder import DocumentEmbedder

settings.register_profile("longshot", deadline=None)  # no test asserts a time
settings.load_profile("longshot")


@pytest.fixture(scope="session")
def minilm() -> DocumentEmbedder:
    """Give the article's recipe with the bundled model, loaded once."""
    return DocumentEmbedder()
