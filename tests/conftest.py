import pytest

from longshot.embedder import DocumentEmbedder


@pytest.fixture(scope="session")
def minilm() -> DocumentEmbedder:
    """Give the article's recipe with the bundled model, loaded once."""
    return DocumentEmbedder()
