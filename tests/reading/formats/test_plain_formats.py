"""Kinds that the standard library and lxml read: XML, notebooks, subtitles."""

import json
from pathlib import Path

import pytest

from longshot.reading.content import Unreadable
from longshot.reading.formats.files import read_file
from longshot.reading.formats.notebook import read_notebook
from longshot.reading.formats.subtitles import read_subtitles
from longshot.reading.formats.xml import read_xml

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


def test_a_notebook_is_its_cells_and_what_they_printed(tmp_path: Path) -> None:
    outputs = [
        {"output_type": "stream", "text": ["300\n"]},
        {"data": {"text/plain": "<Figure>", "image/png": "iVBO"}},
    ]
    cells = [
        {"cell_type": "markdown", "source": ["# Rent\n", "It is due."]},
        {"cell_type": "code", "source": "print(300)", "outputs": outputs},
    ]
    path = tmp_path / "a"
    path.write_text(json.dumps({"cells": cells, "nbformat": 4}))

    content = read_file(path)

    assert "# Rent\nIt is due.\n\nprint(300)\n300\n<Figure>" == content.text
    assert ("1 of its outputs are pictures, left out",) == content.notes


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"cells": 7}', "[" * 100_000])
def test_what_is_no_notebook_says_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(text)

    with pytest.raises(Unreadable, match=r"^is no notebook"):
        read_notebook(path)


SRT = """1
00:00:01,000 --> 00:00:02,500
<i>The rent</i>
is due.

2
00:00:03,000 --> 00:00:04,000
{\\an8}It is 3 &amp; more, 1984.
"""
VTT = """WEBVTT - lease

NOTE nobody sees this

intro
00:01.000 --> 00:02.500 align:start
<v Anna>The <c.loud>rent</c> is due.

00:03.000 --> 00:04.000
1984
"""


@pytest.mark.parametrize("name", ["a.srt", "a"])
def test_what_is_said_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(SRT)

    said = "The rent is due.\nIt is 3 & more, 1984."
    assert said == read_file(tmp_path / name).text


def test_web_subtitles_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.vtt").write_bytes(VTT.replace("\n", "\r\n").encode())

    assert "The rent is due.\n1984" == read_subtitles(tmp_path / "a.vtt").text


def test_a_page_that_is_saved_as_another_kind_is_a_page(tmp_path: Path) -> None:
    page = "<!DOCTYPE html>\n<html><body><p>The rent is due.</p></body></html>"
    for name in ("a.doc", "a.txt", "a.pdf"):
        (tmp_path / name).write_text(page)

        assert "The rent is due." == read_file(tmp_path / name).text
