import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from longshot.classify import LongshotClassifier
from longshot.classify.labels.tree import LabelTree
from longshot.embedder import DocumentEmbedder
from longshot.errors import SettingError
from longshot.recipe import Recipe
from tests.fakes import FakeEncoder

TEXTS = [
    "the tenant pays rent",
    "rent is due to the landlord of the house each month",
    "the boiler leaks",
    "a crack in the wall was found by the surveyor",
    "members voted and the chair closed",
]
LABELS = ["house/lease", "house/lease", "house/report/roof", "house/report", "club"]
PILE = ["the landlord wants rent", "the wall leaks", "the chair voted", "rent boiler"]


@pytest.fixture
def tree() -> LongshotClassifier:
    embedder = DocumentEmbedder(
        Recipe(model="fake", window_tokens=4), encoder=FakeEncoder()
    )
    return LongshotClassifier(embedder=embedder).fit(TEXTS, LABELS)


def test_nodes_are_the_first_parts_of_the_labels(tree: LongshotClassifier) -> None:
    assert ["club", "house"] == tree.classes_at(1).tolist()
    assert ["club", "house/lease", "house/report"] == tree.classes_at(2).tolist()
    assert tree.classes_.tolist() == tree.classes_at(3).tolist()


@pytest.mark.parametrize("ask", ["predict_proba", "predict_proba_pile"])
def test_a_node_is_as_probable_as_what_lies_below_it_together(
    tree: LongshotClassifier, ask: str
) -> None:
    leaves = getattr(tree, ask)(PILE)
    classes = tree.classes_.tolist()

    for level in (1, 2, 3):
        nodes = tree.classes_at(level).tolist()
        below = [
            sum(
                leaves[:, i]
                for i, label in enumerate(classes)
                if label.split("/")[:level] == node.split("/")
            )
            for node in nodes
        ]
        asked = getattr(tree, ask)(PILE, level=level)
        assert np.stack(below, axis=1) == pytest.approx(asked)
        assert np.ones(len(PILE)) == pytest.approx(asked.sum(axis=1))


def test_the_levels_of_a_decision_lie_on_one_path(tree: LongshotClassifier) -> None:
    whole = [label.split("/") for label in tree.predict(PILE)]

    for level in (1, 2, 3):
        expected = ["/".join(path[:level]) for path in whole]
        assert expected == tree.predict(PILE, level=level).tolist()


def test_the_trunk_decides_before_the_leaf() -> None:
    """Two leaves of 0.3 under one node outweigh another's single 0.4."""
    tree = LabelTree.of(["a/x", "a/y", "b/z"])

    assert tree is not None
    assert [0] == tree.down(np.array([[0.31, 0.29, 0.4]])).tolist()


def test_a_label_with_others_below_it_stands_for_the_rest() -> None:
    tree = LabelTree.of(["a", "a/x", "b"])

    assert tree is not None
    assert [0] == tree.down(np.array([[0.4, 0.3, 0.3]])).tolist()
    assert ["a", "a/x", "b"] == tree.nodes(2).tolist()


paths = st.lists(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map("/".join),
    min_size=2,
    max_size=8,
    unique=True,
).map(sorted)


@settings(max_examples=60)
@given(labels=paths, data=st.data())
def test_each_step_down_takes_the_greatest_node(
    labels: list[str], data: st.DataObject
) -> None:
    """Worked out by hand: label by label, part by part."""
    tree = LabelTree.of(labels)
    if tree is None:
        return
    sure = data.draw(arrays(float, len(labels), elements=st.floats(0.01, 1)))
    left = dict(zip(labels, sure, strict=True))
    for level in range(1, 5):
        sums: dict[str, float] = {}
        for label, one in left.items():
            node = "/".join(label.split("/")[:level])
            sums[node] = sums.get(node, 0.0) + one
        greatest = max(sums.values())
        if sum(greatest - one < 1e-9 for one in sums.values()) > 1:
            return  # a tie
        best = max(sums, key=sums.__getitem__)
        left = {
            label: one
            for label, one in left.items()
            if "/".join(label.split("/")[:level]) == best
        }

    assert list(left) == [labels[tree.down(sure[None])[0]]]


def test_predictions_tell_how_sure_each_level_is(tree: LongshotClassifier) -> None:
    leaves, trunks = tree.predict_proba(PILE), tree.predict_proba(PILE, level=1)
    trunk_names = tree.classes_at(1).tolist()

    for row, one in enumerate(tree.classify(PILE, pile=False)):
        assert one.levels is not None
        assert one.label == one.levels[-1][0]
        rest = [other for other in tree.classes_ if other.startswith(f"{one.label}/")]
        if not rest:
            assert one.confidence == pytest.approx(one.levels[-1][1])
        assert one.confidence <= one.levels[-1][1] + 1e-9
        name, sure = one.levels[0]
        assert trunks[row, trunk_names.index(name)] == pytest.approx(sure)
        index = tree.classes_.tolist().index(one.label)
        assert leaves[row, index] == pytest.approx(one.confidence)


def test_classify_gives_the_level_that_is_asked_for(tree: LongshotClassifier) -> None:
    predictions = tree.classify(PILE, pile=False, level=1)

    assert tree.predict(PILE, level=1).tolist() == [one.label for one in predictions]
    for one in predictions:
        named = {one.label, *(name for name, _ in one.alternatives)}
        assert {"club", "house"} == named
        assert one.levels is not None
        assert [one.label] == [name for name, _ in one.levels]
        assert one.confidence == pytest.approx(one.levels[0][1])


@pytest.mark.parametrize(
    "labels",
    [
        ["lease", "report"],
        ["TCP/IP", "UDP"],
        ["and/or", "either/or"],
        ["/a", "/b"],
        ["a//b", "a//c"],
        [1, 2],
    ],
)
def test_labels_that_share_no_part_are_no_tree(labels: list[str | int]) -> None:
    assert LabelTree.of(labels) is None


def test_a_level_that_is_not_there_is_an_error(tree: LongshotClassifier) -> None:
    with pytest.raises(SettingError, match="from 1 to 3"):
        tree.predict(PILE, level=4)
    with pytest.raises(SettingError, match="from 1 to 3"):
        tree.classes_at(0)


def test_a_level_needs_a_tree(tree: LongshotClassifier) -> None:
    flat = tree.fit(TEXTS, ["a", "a", "b", "b", "c"])

    with pytest.raises(SettingError, match="labels that form a tree"):
        flat.predict(PILE, level=1)
    assert all(one.levels is None for one in flat.classify(PILE))
