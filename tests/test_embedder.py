from tests.fakes import FakeEncoder

from longshot.embedder import DocumentEmbedder
from longshot.recipe import Recipe


def test_a():
    e = DocumentEmbedder(Recipe(model="fake"), encoder=FakeEncoder())
    v = e.embed(["a b c", "a b d", "x y z"])
    assert v.shape == (3, 8)
    print(v @ v.T)
