"""The page's files: what stands in them, and what the server gives."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from longshot.server.page_files import PAGE, REPORT

SCRIPTS = sorted(PAGE.rglob("*.js"))
SHARED = sorted((REPORT / "pages" / "scripts").glob("*.js"))
STYLES = sorted(PAGE.rglob("*.css"))
LANGUAGES = sorted((PAGE / "languages").glob("*.json"))
_PHRASE = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)*)"')
_VALUE = re.compile(r"\{(\w+)\}")


def phrases() -> list[str]:
    texts = (path.read_text(encoding="utf-8") for path in (*SCRIPTS, *SHARED))
    return [phrase for text in texts for phrase in _PHRASE.findall(text)]


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_a_language_translates_every_phrase_and_no_other(path: Path) -> None:
    table = json.loads(path.read_text(encoding="utf-8"))
    assert set(phrases()) == set(table)
    for phrase, translated in table.items():
        assert set(_VALUE.findall(translated)) == set(_VALUE.findall(phrase)), phrase
        assert len(translated.split("|")) <= len(phrase.split("|")), phrase


def test_phrases_are_written_where_they_are_said() -> None:
    """A phrase that a variable holds would never be translated."""
    for path in (*SCRIPTS, *SHARED):
        text = path.read_text(encoding="utf-8").replace("function t(phrase", "")
        assert [] == re.findall(r"\bt\((?!\s*\")[^)\n]*", text), path


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_scripts_write_no_html_and_load_nothing_from_elsewhere(path: Path) -> None:
    forbidden = "innerHTML outerHTML insertAdjacentHTML document.write eval( "
    forbidden += "XMLHttpRequest WebSocket import( https: //cdn"
    script = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not [word for word in forbidden.split() if word in script]
    for name in re.findall(r'from "([^"]+)"', script):
        target = (path.parent / name).resolve()
        shared = REPORT / name.partition("/report/")[2]
        assert target.is_file() or shared.is_file(), name


_EXPORTED = re.compile(r"^export (?:async )?(?:function|class|const|let) (\w+)", re.M)
_MADE = re.compile(r"(?:function|class|const|let) (\w+)")
_GIVEN = re.compile(r"function \w+\(([^)]*)\)")
_IMPORTED = re.compile(r"import \{([^}]*)\} from")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_scripts_import_what_they_use_of_others(path: Path) -> None:
    """A browser says so only once it comes there."""
    exported = {
        name
        for script in (*SCRIPTS, *SHARED)
        for name in _EXPORTED.findall(script.read_text(encoding="utf-8"))
    }
    script = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
    named = ",".join([*_IMPORTED.findall(script), *_GIVEN.findall(script)])
    here = {*re.findall(r"\w+", named), *_MADE.findall(script)}
    used = set(re.findall(r"(?<![.\w#])(\w+)\(", script))
    assert not (used & exported) - here


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.stem)
def test_styles_load_nothing(path: Path) -> None:
    style = path.read_text(encoding="utf-8")
    assert "@import" not in style
    assert "url(" not in style


def files() -> Iterator[str]:
    yield ""
    for path in PAGE.rglob("*"):
        if path.is_file():
            yield path.relative_to(PAGE).as_posix()
    for path in re.findall(r'href="(report/[^"]+)"', (PAGE / "index.html").read_text()):
        yield path


@pytest.mark.parametrize("name", list(files()))
def test_the_server_gives_the_page_as_it_is(client: TestClient, name: str) -> None:
    answer = client.get(f"/page/{name}")
    assert 200 == answer.status_code
    assert "no-cache" == answer.headers["cache-control"]
    folder = REPORT.parent if name.startswith("report/") else PAGE
    assert (folder / (name or "index.html")).read_bytes() == answer.content


@pytest.mark.parametrize(
    "name", ["pages/assembly.py", "../errors.py", "pages/page.html"]
)
def test_nothing_of_the_report_but_scripts_and_styles(
    client: TestClient, name: str
) -> None:
    assert 404 == client.get(f"/page/report/{name}").status_code
