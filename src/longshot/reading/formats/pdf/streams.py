"""PDF bombs, found before pdfium unpacks them: it gives a stream up to a gigabyte."""

import mmap
import re
import zlib
from pathlib import Path

from longshot.reading.limits import Limits, limits

# Without a sign before it that would keep `re` from searching for the word at once.
_STREAM = re.compile(rb"stream\r?\n(?=[\x08-\x78])")
_LONGEST_DICTIONARY_BYTES = 4_096
_PIECE_BYTES = 1 << 16
_MOST_DEFLATED = 1_032  # times its size, at most: https://zlib.net/zlib_tech.html
_END = b"endstream"


def check_streams(path: Path) -> None:
    """Refuse a PDF with a drawing that unpacks to far more than any page could need.

    Images are left out: those of blank pages do pack that well, and no text is in them.

    Raises
    ------
    Unreadable
        If there is one.
    """
    allowed = limits()
    if allowed.most_ratio is None or not path.is_file() or not path.stat().st_size:
        return
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        for match in _STREAM.finditer(data):
            end = match.start()
            if data[end - 3 : end] == b"end" or _is_short(data, match.end(), allowed):
                continue
            before = data[max(0, end - _LONGEST_DICTIONARY_BYTES) : end]
            dictionary = before[before.rfind(b" obj") + 1 :]
            if b"FlateDecode" in dictionary and b"/Image" not in dictionary:
                _check_stream(data, match.end(), allowed)


def _is_short(data: mmap.mmap, start: int, allowed: Limits) -> bool:
    """Tell whether a stream is too short to unpack to what is counted at all."""
    longest = allowed.ratio_counts_from_bytes // _MOST_DEFLATED
    return data.find(_END, start, start + longest) >= 0


def _check_stream(data: mmap.mmap, start: int, allowed: Limits) -> None:
    """Unpack a stream, never holding more of it than a piece."""
    unpacker, place, unpacked = zlib.decompressobj(), start, 0
    try:
        while not unpacker.eof:
            packed = unpacker.unconsumed_tail
            if not packed:
                packed = data[place : place + _PIECE_BYTES]
                place += len(packed)
            piece = unpacker.decompress(packed, _PIECE_BYTES)
            if not packed and not piece:  # the file ends before the stream does
                return
            unpacked += len(piece)
            read = place - start - len(unpacker.unconsumed_tail)
            allowed.check_ratio(unpacked, packed=read)
    except zlib.error:  # broken, or no such stream: pdfium will tell
        return
