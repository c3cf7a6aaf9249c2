import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from longshot.embedder import DocumentEmbedder
from longshot.machine.locations import CACHE_VARIABLE
from longshot.reading.ocr import engine


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep the tests' models and vectors out of the user's cache."""
    folder = tmp_path_factory.mktemp("cache")
    former = os.environ.get(CACHE_VARIABLE)
    os.environ[CACHE_VARIABLE] = str(folder)
    yield folder
    os.environ.pop(CACHE_VARIABLE)
    if former is not None:
        os.environ[CACHE_VARIABLE] = former


settings.register_profile("longshot", deadline=None)  # no test asserts a time
settings.load_profile("longshot")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name bytes alike: some hold the time, packed too, and workers must agree."""
    return "bytes" if isinstance(val, bytes) else None


# Processes that tests start import these tests, and not the package of the same name
# that small-text leaves in the environment.
os.environ["PYTHONPATH"] = os.pathsep.join(
    [str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
)


@pytest.fixture(scope="session")
def minilm() -> DocumentEmbedder:
    """Give the article's recipe with the bundled model, loaded once."""
    return DocumentEmbedder()


@pytest.fixture
def without_ocr(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Be where the extra ``ocr`` is not installed."""
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    engine.cache_clear()
    yield
    engine.cache_clear()
