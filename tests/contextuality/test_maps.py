import numpy as np
from sklearn.decomposition import PCA

from longshot.contextuality.maps import plane


def test_points_are_the_first_two_principal_components() -> None:
    vectors = np.random.default_rng(0).normal(size=(30, 8))
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    pca = PCA(2).fit(units)
    points, others = plane(vectors, 3 * vectors[:2])
    np.testing.assert_allclose(np.abs(points), np.abs(pca.transform(units)), atol=1e-6)
    np.testing.assert_allclose(others, points[:2], atol=1e-9)


def test_static_vectors_are_one_point_and_few_dimensions_do() -> None:
    points, alone = plane(np.ones((4, 3)), np.ones((1, 3)))
    np.testing.assert_allclose(points, 0, atol=1e-12)
    np.testing.assert_allclose(alone, 0, atol=1e-12)
    assert plane(np.ones((2, 1)), np.empty((0, 1)))[0].shape == (2, 2)
