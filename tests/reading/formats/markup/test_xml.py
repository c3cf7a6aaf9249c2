from pathlib import Path

import pytest

from longshot.reading.content import Unreadable
from longshot.reading.formats.files import read_file
from longshot.reading.formats.markup.xml import read_xml

LAUGHS = "".join(
    f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" if n else "<!ENTITY e0 'ha'>"
    for n in range(12)
)


def read_as_xml(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return read_xml(path).text


def test_an_element_with_words_is_a_line(tmp_path: Path) -> None:
    text = "<a><p>The <b>rent</b>\n is due.<!-- no --></p><p>It is <i>paid</i></p></a>"

    assert "The rent is due.\nIt is paid" == read_as_xml(tmp_path / "a.xml", text)


def test_the_encoding_that_xml_declares_is_believed(tmp_path: Path) -> None:
    text = '<?xml version="1.0" encoding="iso-8859-1"?><a>Büro</a>'
    (tmp_path / "a").write_bytes(text.encode("latin-1"))

    assert "Büro" == read_file(tmp_path / "a").text


def test_entities_are_shown_and_not_expanded(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    entity = "<!ENTITY e SYSTEM 'file:///etc/passwd'>"
    path.write_text(f"<!DOCTYPE a [{entity}]><a>The rent &e; is due</a>")

    content = read_xml(path)

    assert "The rent \ufffd is due" == content.text
    assert ["not expanded: 1, each" in note for note in content.notes] == [True]


def test_entities_that_grow_without_end_are_a_broken_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(f"<!DOCTYPE a [{LAUGHS}]><a>The rent &e11; is due</a>")

    content = read_xml(path)

    assert content.text.startswith("The rent")
    assert len(content.text) < 30
    assert content.notes


def test_broken_xml_is_read_as_far_as_it_can_be(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text("<a><p>The rent is due.</p><p>The boiler <b>leaks")

    content = read_xml(path)

    assert content.text.startswith("The rent is due.\nThe boiler")
    assert content.notes[0].startswith("is broken XML, and read as far as it can be (")


def test_xml_without_any_element_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"^is broken XML"):
        read_as_xml(tmp_path / "a.xml", "rent")
