import subprocess
import sys

import numpy as np
import pytest
from sklearn.decomposition import PCA

from longshot.errors import MissingExtraError
from longshot.report.classified.map import best_map_method, positions


def clusters(n_each: int) -> np.ndarray:
    """Give three tight clusters that lie far apart."""
    random = np.random.default_rng(0)
    centres = np.repeat(np.eye(3, 16), n_each, axis=0)
    return np.asarray(centres + 0.02 * random.normal(size=centres.shape))


def test_pca_is_scikit_learn_s_up_to_signs() -> None:
    vectors = np.random.default_rng(0).normal(size=(20, 8))

    places = np.array(positions(vectors, "PCA"))

    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    expected = PCA(2).fit_transform(units)
    assert np.abs(expected) == pytest.approx(np.abs(places), abs=1e-5)


@pytest.mark.parametrize("n_documents", [1, 2])
def test_the_fewest_documents_have_places_too(n_documents: int) -> None:
    places = positions(np.ones((n_documents, 4)), "PCA")

    assert [(0.0, 0.0)] * n_documents == places


@pytest.mark.slow
def test_umap_keeps_clusters_together_and_always_gives_the_same() -> None:
    """In a process of its own: numba warns of itself while it compiles."""
    pytest.importorskip("umap")
    program = (
        "import numpy as np; from longshot.report.classified.map import positions\n"
        "from tests.report.classified.test_map import clusters\n"
        "first, second = (positions(clusters(15), 'UMAP') for _ in range(2))\n"
        "assert first == second; print(np.array(first).tolist())"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    places = np.array(eval(run.stdout))
    distances = np.linalg.norm(places[:, None] - places[None], axis=2)
    nearest = (distances + 1e9 * np.eye(len(places))).argmin(axis=1)
    assert (np.arange(len(places)) // 15 == nearest // 15).all()


def test_few_documents_are_drawn_by_pca() -> None:
    assert "PCA" == best_map_method(20)


def test_umap_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "umap", None)

    with pytest.raises(MissingExtraError, match=r"longshot\[map\]"):
        positions(np.eye(40), "UMAP")
