import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import longshot.report.classified.page as classified
from longshot.report.pages import assembly, asset, scripted_page, still_page
from longshot.report.pages.assembly import json_block

REPORTS = Path(assembly.__file__).parents[1]
LEAST_FOR_TEXT, LEAST_FOR_MARKS = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11


@given(st.recursive(st.text(), lambda inner: st.lists(inner, max_size=4)))
def test_a_block_holds_the_same_and_no_sign_that_html_knows(value: object) -> None:
    block = json_block(value)

    assert value == json.loads(block)
    assert not set("<>&\u2028\u2029") & set(block)


def test_a_lone_surrogate_does_not_keep_a_page_from_being_written() -> None:
    assert '"a?"' == json_block("a\ud800")


class Parts(HTMLParser):
    """Collects the text of each element, and the policy."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: dict[str, list[str]] = {}
        self.policy = ""
        self._open = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element; the block of data counts as one of its own."""
        given = dict(attrs)
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"] or ""
        if given.get("type") == "application/json":
            tag = "data"
        self._open = tag
        self.texts.setdefault(tag, []).append("")

    def handle_data(self, data: str) -> None:
        """Add to the element's text."""
        if self._open:
            self.texts[self._open][-1] += data

    def handle_endtag(self, tag: str) -> None:
        """End it; what follows belongs to none."""
        self._open = ""


def hash_of(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def test_the_policy_allows_the_page_s_own_style_and_script_and_nothing_else() -> None:
    page = scripted_page(
        title="a <b> $c", body="<p>body</p>", styles=[], scripts=[], data="</script>"
    )

    parts = Parts(page)
    ((style,), (script,)) = (parts.texts[name] for name in ("style", "script"))
    assert (
        f"default-src 'none'; img-src data:; style-src {hash_of(style)}; "
        f"script-src {hash_of(script)}; base-uri 'none'; form-action 'none'"
    ) == parts.policy
    assert ["a <b> $c"] == parts.texts["title"]
    assert ["</script>"] == [json.loads(one) for one in parts.texts["data"]]


def test_a_page_without_scripts_allows_none() -> None:
    parts = Parts(still_page(title="still", body=["<p>body</p>"]))

    (style,) = parts.texts["style"]
    assert "script" not in parts.texts
    assert (
        f"default-src 'none'; img-src data:; style-src {hash_of(style)}; "
        "base-uri 'none'; form-action 'none'"
    ) == parts.policy


def luminance(colour: str) -> float:
    """Compute the relative luminance as WCAG 2.2 defines it."""
    shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in shares
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_colours_can_be_told_from_their_ground_by_day_and_by_night() -> None:
    light, dark, *rest = re.findall(
        r":root \{(.*?)\}", asset("pages/styles/base.css"), re.DOTALL
    )
    assert rest == []
    for block in (light, dark):
        colour = dict(re.findall(r"--([\w-]+): (#\w{6});", block))
        assert 21 == len(colour)
        marks = [name for name in colour if re.fullmatch("c[0-7]|c-none", name)]
        for ground in ("ground", "raised", "soft"):
            for name in ("ink", "quiet", "accent", "bad"):
                assert contrast(colour[name], colour[ground]) >= LEAST_FOR_TEXT, name
            for name in marks:
                assert contrast(colour[name], colour[ground]) >= LEAST_FOR_MARKS, name
        assert contrast(colour["on-accent"], colour["accent"]) >= LEAST_FOR_TEXT
        for name in ("for", "against", "hit"):
            assert contrast(colour["ink"], colour[name]) >= LEAST_FOR_TEXT, name


SCRIPTS = (*assembly._SCRIPTS, *classified._SCRIPTS)
STYLES = (*assembly._STILL_STYLES, *classified._STYLES)


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_write_no_html_and_reach_for_nothing(name: str) -> None:
    forbidden = "innerHTML outerHTML insertAdjacentHTML document.write eval( fetch("
    forbidden += " XMLHttpRequest WebSocket import( http: https: //cdn"
    script = asset(name).replace("http://www.w3.org/2000/svg", "")
    assert not [word for word in forbidden.split() if word in script]


@pytest.mark.parametrize("name", assembly._SCRIPTS)
def test_a_module_comes_after_those_that_it_imports(name: str) -> None:
    imported = re.findall(r'^import [^;]* from "\./([^"]*)";$', asset(name), re.M)
    before = assembly._SCRIPTS[: assembly._SCRIPTS.index(name)]
    assert {f"pages/scripts/{one}" for one in imported} <= set(before)


def test_modules_become_one_script_without_imports_and_exports() -> None:
    script = assembly._one_scope(SCRIPTS)
    assert not re.findall(r"^(?:import|export)\b.*", script, re.M)


@pytest.mark.parametrize("name", STYLES)
def test_style_keeps_to_what_the_page_holds(name: str) -> None:
    style = asset(name)
    assert "@import" not in style
    assert "url(" not in style
    assert all(a != b for a, b in pairwise(style.splitlines()) if a.strip("} "))


def test_every_script_and_style_that_comes_along_is_used() -> None:
    there = {
        path.relative_to(REPORTS).as_posix()
        for folder in ("scripts", "styles")
        for path in REPORTS.glob(f"*/{folder}/*")
    }
    assert {*SCRIPTS, *STYLES} == there
