"""Documents that were read before are decided about as if they were read now."""

from longshot import Document, DocumentEmbedder, LongshotClassifier
from tests.fakes import FakeEncoder


def test_vectors_at_hand_are_decided_as_their_documents_are() -> None:
    embedder = DocumentEmbedder(encoder=FakeEncoder())
    texts = ["The tenant pays the rent.", "The boiler leaks.", "Rent is due."]
    classifier = LongshotClassifier(embedder=embedder, verbose=False)
    classifier.fit(texts, ["lease", "report", "lease"])
    documents = [
        Document(id="a", text="The tenant owes rent."),
        Document(id="b", text="A boiler burst."),
    ]
    vectors = list(classifier.embedder_.vectors(documents))
    pairs = [
        (one, document.text) for one, document in zip(vectors, documents, strict=True)
    ]
    for pile in (True, False):
        assert classifier.classify_vectors(pairs, pile=pile) == classifier.classify(
            documents, pile=pile
        )


def test_names_have_features_where_they_say_something() -> None:
    embedder = DocumentEmbedder(encoder=FakeEncoder())
    classifier = LongshotClassifier(embedder=embedder, verbose=False)
    classifier.fit(["rent", "boiler"], ["lease", "report"])
    assert classifier.name_features_ is not None
    assert len(classifier.name_features_) == 2
    nameless = LongshotClassifier(embedder=embedder, names=False, verbose=False)
    assert nameless.fit(["rent", "boiler"], ["lease", "report"]).name_features_ is None
