from pathlib import Path

import pytest

from longshot.reading.formats.markup.html import main_text, read_html

PARAGRAPHS = [
    "The tenant shall pay the rent on the first day of each month.",
    "The landlord keeps the roof, the walls and the pipes in repair.",
    "Either party may end this lease with three months' notice.",
]
PAGE = (
    "<html><head><title>Lease of an office</title><style>p {color: red}</style>"
    "<script>var tracking = 1;</script></head>"
    "<body><nav><a href='/'>Home</a> <a href='/about'>About</a></nav><article>"
    + "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    + "</article></body></html>"
)


def test_the_main_text_is_kept_with_the_title_first() -> None:
    lines = main_text(PAGE).text.split("\n")

    assert ["Lease of an office", *PARAGRAPHS] == lines


def test_markup_scripts_and_styles_are_left_out() -> None:
    text = main_text(PAGE).text

    assert not any(piece in text for piece in ("<p>", "tracking", "color"))


def test_a_title_that_the_text_holds_already_is_not_repeated() -> None:
    html = f"<title>Lease</title><body><h1>Lease</h1><p>{PARAGRAPHS[0]}</p></body>"

    assert 1 == main_text(html).text.count("Lease")


def test_where_no_main_text_is_found_the_body_is_taken() -> None:
    html = (
        "<div>" * 500 + "a <b>deep</b> text<script>x()</script> ends" + "</div>" * 500
    )

    assert ["a", "deep", "text", "ends"] == main_text(html).text.split()


@pytest.mark.parametrize("tags", ["<div>", "<ul><li>", "<table><tr><td>", "<b>"])
def test_a_page_keeps_its_text_however_deep_it_is_nested(tags: str) -> None:
    content = main_text(f"before{tags * 3_000}deep <script>x()</script>after")

    assert ["before", "deep", "after"] == content.text.split()
    assert (
        "is nested more than 500 deep: all of its text is kept, not its main text "
        "alone",
    ) == content.notes


def test_a_page_of_very_many_elements_keeps_all_of_its_text() -> None:
    content = main_text("<p>rent" * 100_001)

    assert 100_001 == content.text.count("rent")
    assert "holds more than 100,000 elements" in content.notes[0]


def test_a_page_that_is_mostly_left_out_says_so() -> None:
    links = "".join(f"<li><a href='/{n}'>Link number {n}</a></li>" for n in range(400))
    article = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS * 3)
    html = f"<body><nav><ul>{links}</ul></nav><article>{article}</article></body>"

    assert "the rest was left out" in main_text(html).notes[0]


def test_a_text_longer_than_ten_megabytes_is_not_cut() -> None:
    n_words = 2_200_000

    text = main_text(f"<body><div>{'rent ' * n_words}</div></body>").text

    assert n_words == text.count("rent")


@pytest.mark.parametrize(
    "html", ["", "<!-- nothing -->", "<title>Only a title</title>"]
)
def test_a_page_without_text_gives_an_empty_one(html: str) -> None:
    assert "" == main_text(html).text.strip()


def test_an_xml_declaration_is_accepted() -> None:
    declaration = '<?xml version="1.0" encoding="utf-8"?>'
    html = f"{declaration}<html><body>{PARAGRAPHS[0]}</body></html>"

    assert PARAGRAPHS[0] == main_text(html).text


def test_the_encoding_that_a_page_declares_is_used(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    html = "<meta charset='windows-1251'><body><p>Договор аренды</p></body>"
    page.write_bytes(html.encode("cp1251"))

    assert "Договор аренды" == read_html(page).text
    assert () == read_html(page).notes


MENU = "".join(f"<li><a href='/{n}'>Part {n}</a></li>" for n in range(9))
TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


@pytest.mark.parametrize(
    "beside",
    [
        f"<nav><ul>{MENU}</ul></nav>",
        f"<div class='top-menu'>{MENU}</div>",
        f"<div role='navigation'><ul>{MENU}</ul></div>",
        f"<table><tr><td><ul>{MENU}</ul></td></tr></table>",
        f"<div><ul>{MENU}</ul></div>",
        "<div id='cookie-banner'><p>This site uses cookies. Part 1.</p></div>",
        "<footer><p>© Example Part 1. All rights reserved.</p></footer>",
        "<div hidden>Part 1</div>",
        "<div style='display: none'>Part 1</div>",
        "<form><select><option>Part 1</option></select></form>",
    ],
)
def test_what_stands_beside_the_text_is_left_out(beside: str) -> None:
    page = f"<body>{beside}<div class='post'><h1>Lease</h1>{TEXT}</div></body>"

    assert ["Lease", *PARAGRAPHS] == main_text(page).text.split("\n")


def test_a_heading_outside_of_the_text_comes_first() -> None:
    page = f"<body><div><h1>Lease</h1></div><div><div>{TEXT}</div></div></body>"

    assert ["Lease", *PARAGRAPHS] == main_text(page).text.split("\n")


@pytest.mark.parametrize(
    "wrapped",
    [
        f"<div class='has-sidebar menu-open'>{TEXT}</div>",
        f"<div style='display:none'>{TEXT}</div>",  # shown by a script, once it ran
        f"<section id='menu-and-navigation'><h2>Menu and navigation</h2>{TEXT}"
        "</section>",
    ],
)
def test_a_name_is_not_believed_where_the_text_is_within(wrapped: str) -> None:
    text = main_text(f"<body>{wrapped}<p>{'Another part. ' * 9}</p></body>").text

    assert all(paragraph in text for paragraph in PARAGRAPHS)


def test_parts_called_after_their_headings_are_kept() -> None:
    part = (
        "<section id='edit-menu'><h2>Edit menu</h2><p>Undo comes first.</p></section>"
    )

    assert "Undo comes first." in main_text(f"<body>{TEXT}{part}</body>").text


def test_a_table_beside_the_text_is_kept() -> None:
    rows = "".join(f"<tr><td>Room {n}</td><td>{n} EUR</td></tr>" for n in range(30))
    text = main_text(f"<body><div>{TEXT}</div><table>{rows}</table></body>").text

    assert "Room 29" in text
    assert "29 EUR" in text


def test_text_behind_a_comment_is_kept() -> None:
    html = f"<body>{TEXT}<p>The keys <!-- both --> are <b>two</b>.</p></body>"

    assert "The keys are two." in main_text(html).text


def test_a_page_of_links_alone_keeps_them() -> None:
    assert "Part 8" in main_text(f"<body><ul>{MENU}</ul></body>").text


def test_lines_of_preformatted_text_stay_lines() -> None:
    html = f"<body>{TEXT}<pre>if rent:\n    pay()</pre></body>"

    assert "if rent:\n    pay()" in main_text(html).text


@pytest.mark.parametrize(
    "name", ["_advert" * 200_000 + ".", "display" + " " * 1_000_000, "-" * 1_000_000]
)
def test_names_of_megabytes_are_read_in_time(name: str) -> None:
    html = f"<body><div class='{name}' id='{name}' style='{name}'>{TEXT}</div></body>"

    assert PARAGRAPHS[0] in main_text(html).text


def test_headings_in_headings_are_read_in_time() -> None:
    nested = "<div id='menu'><h1>rent" * 200 + "</h1></div>" * 200

    assert "rent" in main_text(f"<body>{nested}{'<p>rent' * 2_000}</body>").text


def test_a_page_without_menus_keeps_its_headings() -> None:
    """As mails and office programs write pages: what is left out is no menu."""
    sections = "".join(
        f"<h2>Part {number}</h2><p>{'The tenant <b>pays</b> the rent. ' * 9}</p>"
        for number in range(1, 6)
    )

    lines = main_text(f"<body><h1>Lease</h1>{sections}</body>").text.split("\n")

    assert ["Lease", "Part 1"] == lines[:2]
    assert 11 == len(lines)
