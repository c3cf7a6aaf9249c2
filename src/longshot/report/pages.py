"""Pages that stand alone: one file that holds its style, scripts and data.

A page works by a double click and without a network. Where it has scripts, its content
security policy names them and the style by their hashes and allows nothing else, so
that no text that came in with a document can act, whatever it holds.
"""

import base64
import hashlib
import json
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from longshot.report.files import encodable

_PAGE_FOLDER = "page"
_REPORT_STYLES = ("base.css", "report.css", "print.css")
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def page_file(name: str) -> str:
    """Read a file that comes along for pages: ``page/NAME``."""
    return (files(__package__) / _PAGE_FOLDER / name).read_text(encoding="utf-8")


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
    return _framed(title=title, body="".join(body), style=_joined(_REPORT_STYLES))


def stand_alone_page(
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
        Names of files that come along, in the order in which they are needed. The
        scripts share one scope and find the data as ``data``.
    data
        What the scripts read; anything that JSON can hold.
    """
    style = _joined(styles)
    script = f'"use strict";\n{{\n{_joined(scripts)}}}\n'
    policy = _policy(style, script)
    return _framed(
        title=title,
        body=body,
        style=style,
        head=f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n',
        scripts=(
            f'<script type="application/json" id="data">{json_block(data)}</script>\n'
            f"<script>{script}</script>\n"
        ),
    )


def _framed(
    *, title: str, body: str, style: str, head: str = "", scripts: str = ""
) -> str:
    return Template(page_file("page.html")).substitute(
        title=escape(encodable(title)),
        head=head,
        style=style,
        body=encodable(body),
        scripts=scripts,
    )


def _joined(names: Iterable[str]) -> str:
    return "\n".join(map(page_file, names))


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
