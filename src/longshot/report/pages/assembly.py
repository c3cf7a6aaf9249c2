"""Pages that stand alone: one file that holds its style, scripts and data.

A page works by a double click and without a network. Its content security policy names
its style and its scripts by their hashes and allows nothing else beside images that the
file itself holds, so that no text that came in with a document can act, whatever it
holds.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from longshot.report.files import encodable, whole_file

_STYLES = ("pages/styles/base.css",)
_STILL_STYLES = (*_STYLES, "pages/styles/still.css", "pages/styles/print.css")
_PRINT_STYLES = ("pages/styles/print.css",)
_SCRIPTS = tuple(
    f"pages/scripts/{name}.js"  # each after those that it imports
    for name in (
        "words",
        "elements",
        "colours",
        "marks",
        "reasons",
        "choices",
        "rows",
        "points",
        "keys",
    )
)
_IMPORT = re.compile(r'^import [^;]*? from "[^"]*";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=async |function |const |class )", re.MULTILINE)
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
_REPORTS = "longshot.report"


def asset(name: str) -> str:
    """Read a file that comes along for pages, by its path below this package's parent.

    Examples
    --------
    >>> asset("pages/page.html")[:15]
    '<!doctype html>'
    """
    return files(_REPORTS).joinpath(*name.split("/")).read_text(encoding="utf-8")


def write_page(path: Path, page: str) -> None:
    """Write a page.

    Raises
    ------
    OutputError
        If it cannot be written; then nothing is left of it.
    """
    with whole_file(path) as file:
        file.write(page.encode())


def json_block(value: Any) -> str:
    r"""Give JSON that can stand in an HTML page: nothing in it ends a script.

    Examples
    --------
    >>> json_block({"text": "</script>"})
    '{"text":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return encodable(text.translate(_ESCAPES))


def still_page(*, title: str, body: Iterable[str]) -> str:
    """Put a page of figures and tables together, which needs no script.

    Parameters
    ----------
    title
        Its title, as plain text.
    body
        Its HTML in pieces, in which all that comes from people is escaped already.
    """
    return _framed(title=title, body="".join(body), style=_joined(_STILL_STYLES))


def scripted_page(
    *, title: str, body: str, styles: Iterable[str], scripts: Iterable[str], data: Any
) -> str:
    """Put a page with scripts together.

    Parameters
    ----------
    title
        Its title, as plain text.
    body
        Its HTML, in which all that comes from people is escaped already.
    styles, scripts
        Names of assets beside those that all pages have, in the order in which they are
        needed. The scripts share one scope, with the modules that all pages have.
    data
        What the scripts read; anything that JSON can hold.
    """
    script = f'"use strict";\n{{\n{_one_scope((*_SCRIPTS, *scripts))}}}\n'
    return _framed(
        title=title,
        body=body,
        style=_joined((*_STYLES, *styles, *_PRINT_STYLES)),
        script=script,
        data=f'<script type="application/json" id="data">{json_block(data)}</script>\n',
    )


def _framed(
    *, title: str, body: str, style: str, script: str = "", data: str = ""
) -> str:
    return Template(asset("pages/page.html")).substitute(
        title=escape(encodable(title)),
        policy=_policy(style, script),
        style=style,
        body=encodable(body),
        scripts=f"{data}<script>{script}</script>\n" if script else "",
    )


def _joined(names: Iterable[str]) -> str:
    return "\n".join(map(asset, names))


def _one_scope(names: Iterable[str]) -> str:
    """Join modules into one script, as a file that is opened by a double click needs.

    Browsers load no module from a file. What the modules export has one meaning in all
    of them, so that nothing is lost with their imports and exports.
    """
    return _EXPORT.sub("", _IMPORT.sub("", _joined(names)))


def _policy(style: str, script: str) -> str:
    of_script = f"script-src {_hash(script)}; " if script else ""
    return (
        f"default-src 'none'; img-src data:; style-src {_hash(style)}; {of_script}"
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
