"""A page that stands alone: one file that holds its style, script and data.

It works by a double click and without a network. Its content security policy names the
style and the script by their hashes and allows nothing else, so that no text that came
in with a document can act, whatever it holds.
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


def stand_alone_page(
    *, title: str, body: str, styles: Iterable[str], scripts: Iterable[str], data: Any
) -> str:
    """Put a page together.

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
    style = "\n".join(map(page_file, styles))
    pieces = "\n".join(map(page_file, scripts))
    script = f'"use strict";\n{{\n{pieces}}}\n'
    return Template(page_file("page.html")).substitute(
        title=escape(encodable(title)),
        policy=_policy(style, script),
        style=style,
        body=encodable(body),
        data=json_block(data),
        script=script,
    )


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
