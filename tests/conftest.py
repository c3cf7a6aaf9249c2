import pytest
from hypothesis import settings

from longshot.embedder import DocumentEmbedder

settings.register_profile("longshot", deadline=None)  # no test asserts a time
settings.load_profile("longshot")


@pytest.fixture(scope="session")
def minilm() -> DocumentEmbedder:
    """Give the article's recipe with the bundled model, loaded once."""
    return DocumentEmbedder()


@pytest.fixture(autouse=True)
def own_cache(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keep what tests convert out of the person's cache."""
    monkeypatch.setenv("LONGSHOT_CACHE", str(tmp_path_factory.mktemp("cache")))
