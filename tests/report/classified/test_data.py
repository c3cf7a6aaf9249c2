import base64
import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from longshot.records import PageStart
from longshot.report.classified import Mark
from longshot.report.classified.data import pack, page_data, share_of
from tests.report.classified.piles import document, match, pile


def unpack(packed: str) -> Any:
    return json.loads(gzip.decompress(base64.b64decode(packed)))


def details(content: dict[str, Any]) -> list[Any]:
    return [one for chunk in content["chunks"] for one in unpack(chunk)]


def as_javascript_slices(text: str, start: int, end: int) -> str:
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def test_the_index_holds_what_a_line_shows() -> None:
    content = page_data(pile(3)).content

    assert ["lease", "minutes", "report"] == content["labels"]
    one, _, none = content["documents"]
    assert -1 == none["label"]
    assert {
        "id": "paper-0000.txt",
        "label": 0,
        "sure": 0.0,
        "others": [[2, 0.1], [1, 0.05]],
        "tokens": 60,
        "windows": 1,
        "read": 1.0,
        "snippet": "umber0. the tenant pays",
        "truth": "lease",
        "right": True,
        "at": [0.0, 0.0],
    } == {**one, "snippet": one["snippet"].removeprefix("… ")}


def test_a_document_without_truth_or_place_has_neither() -> None:
    content = page_data(
        pile(documents=(document(0, truth=None, position=None),))
    ).content

    assert not {"truth", "right", "at"} & content["documents"][0].keys()


@given(st.text(min_size=1), st.data())
def test_passages_are_counted_as_javascript_counts(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    passage = Mark(start=start, end=end, contribution=1.0, label="lease")
    one = document(0, text=text, passages=(passage,))

    (detail,) = details(page_data(pile(documents=(one,))).content)

    assert [[0, text]] == detail["parts"]
    found = detail["passages"][0]
    assert text[start:end] == as_javascript_slices(text, found["start"], found["end"])
    assert len(text.encode("utf-16-le")) // 2 == detail["characters"]


def test_an_example_s_passage_that_many_matched_is_held_once() -> None:
    matches = [
        match("a.txt", "owes the rent", similarity) for similarity in (0.5, 0.75)
    ]
    documents = tuple(
        document(
            number,
            passages=(
                Mark(start=0, end=5, contribution=1.0, label="lease", match=one),
            ),
        )
        for number, one in enumerate(matches)
    )

    content = page_data(pile(documents=documents)).content

    assert [{"id": "a.txt", "text": "owes the rent", "left": 0}] == unpack(
        content["matches"]
    )
    assert [(0, 0.5), (0, 0.75)] == [
        (one["passages"][0]["match"], one["passages"][0]["similarity"])
        for one in details(content)
    ]


def test_texts_are_shortened_until_the_page_fits_and_the_passages_stay() -> None:
    letters = np.random.default_rng(0).integers(97, 123, size=400_000, dtype=np.uint8)
    noise = letters.tobytes().decode()  # which hardly compresses
    long = [
        document(
            number,
            text=noise[number * 40_000 :][:40_000],
            passages=(Mark(start=30_000, end=30_500, contribution=1.0, label="lease"),),
        )
        for number in range(10)
    ]
    whole = pile(documents=(*long, document(10)))

    data = page_data(whole, page_bytes=100_000)

    assert len(json.dumps(data.content)) <= 100_000
    assert [*range(10)] == [*data.shortened]
    assert all(0 < share < 1 for share in data.shortened.values())
    *shortened, short = details(data.content)
    assert [[0, document(10).text]] == short["parts"]
    for one, detail in zip(long, shortened, strict=True):
        assert 40_000 == detail["characters"]
        assert all(one.text[a:].startswith(text) for a, text in detail["parts"])
        assert any(
            a <= 30_000 and a + len(text) >= 30_500 for a, text in detail["parts"]
        )


def test_what_fits_is_whole() -> None:
    data = page_data(pile(250))

    assert {} == data.shortened
    assert [document(number).text for number in range(250)] == [
        one["parts"][0][1] for one in details(data.content)
    ]
    assert 3 == len(data.content["chunks"])


def test_a_long_text_is_whole_where_there_is_room() -> None:
    text = "A long lease. " * 100_000

    data = page_data(pile(documents=(document(0, text=text),)))

    assert {} == data.shortened
    assert [[[0, text]]] == [one["parts"] for one in details(data.content)]


def test_what_an_example_s_passage_lacks_is_told() -> None:
    passage = Mark(
        start=0,
        end=5,
        contribution=1.0,
        label="lease",
        match=match("a.txt", "x" * 2_000, 0.5),
    )

    content = page_data(pile(documents=(document(0, passages=(passage,)),))).content

    (one,) = unpack(content["matches"])
    assert 2_000 == len(one["text"]) + one["left"]
    assert one["left"] > 0


@given(st.floats(0, 1))
def test_what_is_not_all_never_becomes_all_or_nothing(share: float) -> None:
    written = share_of(share)

    assert abs(written - share) <= 1e-6
    assert (share in (0, 1)) == (written in (0, 1))


def test_a_pile_s_key_depends_on_its_documents_alone() -> None:
    key = page_data(pile(2)).content["key"]
    decided = tuple(replace(one, label="report") for one in pile(2).documents)

    assert key == page_data(pile(documents=decided, title="other")).content["key"]
    assert key != page_data(pile(3)).content["key"]
    assert (
        key
        != page_data(pile(documents=(document(0, text="other"), document(1)))).content[
            "key"
        ]
    )


def test_a_document_s_file_and_pages_come_along(tmp_path: Path) -> None:
    paged = document(
        0,
        file=tmp_path / "pile" / "a b.pdf",
        source="a b.pdf",
        text="😀 one two",
        pages=(PageStart(1, 0), PageStart(3, 2)),
        notes=("1 of 3 pages hold no text",),
    )
    whole = pile(documents=(paged,))

    (linked,) = details(page_data(whole, folder=tmp_path).content)
    (alone,) = details(page_data(whole).content)

    assert "./pile/a%20b.pdf" == linked["link"]
    assert alone["link"] is None
    assert [[0, 1], [3, 3]] == linked["pages"]
    assert ["1 of 3 pages hold no text"] == linked["notes"]


def test_the_same_always_packs_the_same() -> None:
    assert pack({"a": "b"}) == pack({"a": "b"})
    assert {"a": "?"} == unpack(pack({"a": "\ud800"}))
