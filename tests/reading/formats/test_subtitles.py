from pathlib import Path

import pytest

from longshot.reading.formats.files import read_file
from longshot.reading.formats.subtitles import read_subtitles

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
