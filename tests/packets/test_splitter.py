"""Files taken apart: sections cover all of them, in order, each with its label."""

from dataclasses import replace
from itertools import accumulate, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longshot import Document, LongshotClassifier, Packet, Section, split
from longshot.errors import EmptyDocumentError, SettingError
from longshot.records import PageStart, SetAside
from tests.packets.conftest import LEASE, MINUTES, OTHER_MINUTES, REPORT, pages_of

ALL = (*LEASE, *MINUTES, *OTHER_MINUTES, *REPORT)


def as_document(pages: tuple[str, ...], id_: str = "pile.pdf") -> Document:
    text, starts = "", []
    for number, page in enumerate(pages, start=1):
        if page:
            starts.append(PageStart(number, len(text)))
            text += page + "\n\n"
    return Document(id=id_, text=text, pages=tuple(starts))


def check_covers(packet: Packet) -> None:
    text, sections = packet.document.text, packet.sections
    assert "".join(text[one.start : one.end] for one in sections) == text
    assert [one.number for one in sections] == list(range(1, len(sections) + 1))
    assert all(one.end == other.start for one, other in pairwise(sections))
    assert all(one.document.text == text[one.start : one.end] for one in sections)
    assert sections[0].boundary_confidence == pytest.approx(1.0)
    if packet.n_pages is not None:
        pages = [page for one in sections for page in pages_in(one)]
        assert pages == list(range(1, packet.n_pages + 1))


def pages_in(section: Section) -> range:
    assert section.first_page is not None
    assert section.last_page is not None
    return range(section.first_page, section.last_page + 1)


def test_documents_joined_are_found_again_with_their_labels(
    papers: dict[str, list[str]], taught: LongshotClassifier
) -> None:
    joined = [(kind, pages_of(texts[2])) for kind, texts in papers.items()]
    pages = tuple(page for _, of_paper in joined for page in of_paper)
    (packet,) = split([as_document(pages)], taught)
    check_covers(packet)
    starts = [1, *(1 + n for n in accumulate(len(p) for _, p in joined))][:-1]
    assert {one.first_page for one in packet} >= set(starts)
    assert len(packet) <= len(starts) + 1  # a chapter may look like a beginning
    labels = [one.label for one in packet for _ in pages_in(one)]
    assert labels == [kind for kind, of_paper in joined for _ in of_paper]


def test_a_section_is_decided_as_the_document_that_it_is(
    classifier: LongshotClassifier,
) -> None:
    (packet,) = split([as_document((*LEASE, *REPORT))], classifier, pile=False)
    alone = classifier.classify([one.document for one in packet], pile=False)
    for section, prediction in zip(packet, alone, strict=True):
        assert section.label == prediction.label
        # windows end with pages here, and not there
        assert section.confidence == pytest.approx(prediction.confidence, abs=0.1)
        assert section.prediction.evidence is not None
        passage = section.prediction.evidence.passage
        assert section.document.text[passage.start : passage.end] == passage.text
        assert section.prediction.n_tokens == prediction.n_tokens


def test_evidence_is_that_of_the_joined_vectors(classifier: LongshotClassifier) -> None:
    found = split([as_document(ALL)], classifier).sections
    for section in found:
        assert section.prediction.document_id == section.document.id
        assert section.prediction.evidence is not None
        assert section.prediction.coverage == 1.0


def test_blank_pages_belong_to_the_section_before_them(
    classifier: LongshotClassifier,
) -> None:
    pages = ("", *LEASE, "", *MINUTES)
    (packet,) = split([as_document(pages)], classifier)
    check_covers(packet)
    assert packet.sections[0].first_page == 1
    assert 5 in {one.last_page for one in packet}


def test_a_page_without_a_token_stays_with_its_neighbour(
    classifier: LongshotClassifier,
) -> None:
    (packet,) = split([as_document(("\u200b", *LEASE, "\u200b", *MINUTES))], classifier)
    check_covers(packet)
    assert packet.sections[0].label == "lease"


@given(st.lists(st.sampled_from(ALL), min_size=1, max_size=6), st.booleans())
@settings(max_examples=15, deadline=None)
def test_sections_cover_whatever_is_joined(
    classifier: LongshotClassifier, pages: list[str], by_page: bool
) -> None:
    document = as_document(tuple(pages))
    by = "page" if by_page else "passage"
    (packet,) = split([document], classifier, by=by, evidence=False)  # type: ignore[arg-type]
    text = document.text
    assert "".join(text[one.start : one.end] for one in packet) == text
    if by_page:
        check_covers(packet)


def decided(section: Section) -> tuple[object, ...]:
    """Give where a section lies, its label, and the passage that decided."""
    evidence = section.prediction.evidence
    where = section.start, section.end, section.first_page, section.last_page
    return *where, section.label, evidence and evidence.passage.text


def sureness(section: Section) -> tuple[float, ...]:
    """Give how sure its beginning, its label and all other labels are."""
    others = (confidence for _, confidence in section.prediction.alternatives)
    return section.boundary_confidence, section.prediction.confidence, *others


def test_several_files_are_split_as_each_would_be_alone(
    classifier: LongshotClassifier,
) -> None:
    files = [as_document(LEASE, "a"), as_document((*MINUTES, *REPORT), "b")]
    together = split(files, classifier, pile=False)
    for file, packet in zip(files, together, strict=True):
        (alone,) = split([file], classifier, pile=False)
        assert [decided(one) for one in alone] == [decided(one) for one in packet]
        for one, other in zip(alone, packet, strict=True):  # sums may round otherwise
            assert sureness(one) == pytest.approx(sureness(other), abs=1e-6)


def test_a_plain_text_is_split_by_its_characters(
    classifier: LongshotClassifier,
) -> None:
    text = "\n\n".join([*LEASE, *MINUTES])
    (packet,) = split([text], classifier)
    assert packet.n_pages is None
    assert {one.first_page for one in packet} == {None}
    assert "".join(text[one.start : one.end] for one in packet) == text


def test_names_of_labels_are_enough() -> None:
    names = ["lease", "minutes of a meeting", "incident report"]
    by_name = LongshotClassifier(verbose=False).fit([], [], descriptions=names)
    (packet,) = split([as_document((*LEASE, *MINUTES))], by_name)
    check_covers(packet)
    assert packet.sections[0].label == "lease"


def test_a_file_without_a_token_is_set_aside_and_the_others_go_on(
    classifier: LongshotClassifier,
) -> None:
    aside: list[SetAside] = []
    files = [
        Document(id="empty", text=" \n"),
        as_document(LEASE),
        Document(id="void", text="\u200b"),
    ]
    found = split(files, classifier, on_set_aside=aside.append)
    assert [one.document.id for one in found] == ["pile.pdf"]
    assert [one.id for one in aside] == ["empty", "void"]
    with pytest.raises(EmptyDocumentError, match="empty holds none"):
        split(files, classifier)


def test_no_file_at_all_gives_nothing(classifier: LongshotClassifier) -> None:
    assert len(split([], classifier)) == 0


def test_documents_of_several_labels_cannot_be_split() -> None:
    texts = ["rent and roof", "rent", "roof", "rent is due", "the roof leaks"]
    labels = [["lease", "report"], ["lease"], ["report"], ["lease"], ["report"]]
    several = LongshotClassifier(verbose=False).fit(texts, labels)
    with pytest.raises(SettingError, match="may have several"):
        split(["text"], several)


def test_pages_that_could_not_be_read_lower_the_coverage_of_their_section(
    classifier: LongshotClassifier,
) -> None:
    pages = ("", LEASE[0], LEASE[1], *REPORT)
    document = replace(as_document(pages), text_share=0.8)
    (packet,) = split([document], classifier)
    first, *others = packet
    n_read = first.last_page - 1  # type: ignore[operator]
    assert first.prediction.coverage == pytest.approx(n_read / (n_read + 1))
    assert {one.prediction.coverage for one in others} == {1.0}
