"""Subtitles (srt, WebVTT) become what is said, without times, numbers and markup."""

import html
import re
from dataclasses import replace
from pathlib import Path

from longshot.reading.content import Content
from longshot.reading.formats.text import decode
from longshot.reading.limits import read_bytes

_TIME = re.compile(r"\s*(?:\d+:)?\d+:\d\d[.,]\d+\s*-->")
# WebVTT, section 4.1: blocks that are not shown; and its header.
_NOT_SHOWN = re.compile(r"(?:WEBVTT|NOTE|STYLE|REGION)\b")
_MARKUP = re.compile(
    r"</?(?:[bciuv]|font|lang|ruby|rt)\b[^<>]*>|<\d[\d:.]*>|\{\\[^{}]*\}"
)


def read_subtitles(path: Path) -> Content:
    """Read what is said, a line for each subtitle."""
    content = decode(read_bytes(path))
    blocks = re.split(r"\n\s*\n", content.text.replace("\r\n", "\n"))
    return replace(content, text="\n".join(filter(None, map(_said, blocks))))


def _said(block: str) -> str:
    r"""Take what is said out of a block.

    Examples
    --------
    >>> _said("7\n00:01:02,000 --> 00:01:04,000\n<i>The rent</i>\nis due.")
    'The rent is due.'
    """
    lines = block.strip("\ufeff\n").split("\n")
    time = next((i for i, line in enumerate(lines) if _TIME.match(line)), None)
    if time is None and _NOT_SHOWN.match(lines[0]):
        return ""
    said = " ".join(lines[(-1 if time is None else time) + 1 :])
    return " ".join(html.unescape(_MARKUP.sub("", said)).split())
