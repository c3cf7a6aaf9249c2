import pytest

from longshot.contextuality import Sentence, Settings, Study, study
from tests.fakes import FakeEncoder

EVIL = "<script>alert('x')</script> $mouse$ &"


@pytest.fixture(scope="session")
def found() -> Study:
    """Give a study whose sentences and labels would act if they were not escaped."""
    sentences = [
        Sentence(id=str(i), text=f"the mouse {EVIL} {i}", label=f"<b>{i % 2}</b>$x$")
        for i in range(8)
    ]
    settings = Settings(n_resamples=20)
    return study(sentences, ["mouse", "the"], [FakeEncoder()], settings=settings)
