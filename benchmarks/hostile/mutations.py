"""Files damaged at random, read one by one, and labelled together.

Each kind of file is read in processes of their own, so that a crash or gigabytes are
seen and told by the kind, the number and the seed that make the file again.
"""

import io
import random
import resource
import sys
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.hostile.seeds import seed_files, seed_labels
from longshot.errors import LongshotError
from longshot.reading import read_documents
from longshot.reading.sources.descriptions import read_descriptions
from longshot.records import Document, SetAside

MOST_SECONDS = 20.0
MOST_MEGABYTES = 1_000
_MOST_CHANGES = 8
# What holds the text of an office file.
_MAIN_MEMBERS = (
    "word/document.xml",
    "content.xml",
    "xl/worksheets/sheet1.xml",
    "ppt/slides/slide1.xml",
)
_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
_NASTY = (
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"%s%n{}",
    b"<![CDATA[",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>&b;",
    b"<meta charset=undefined>",
    b"&#0;&#55296;&#x110000;&lt",
    b"[" * 3_000,
    b"<div>" * 3_000,
    b'"' * 99,
    b"\r\n" * 99,
    b"-" * 5_000,
    b"1" * 5_000,
    b"/Kids [2 0 R]",
    b"/Length 99999999",
    b"stream\nendstream",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """What came of reading one damaged file.

    Attributes
    ----------
    name
        The file's: its number with the ending of its kind.
    n_documents, n_set_aside
        What was read, and what was told not to be readable.
    seconds
        How long it took.
    failure
        A traceback, where reading raised what a person must never see; else empty.
    """

    name: str
    n_documents: int
    n_set_aside: int
    seconds: float
    failure: str


def write_damaged(folder: Path, kind: str, numbers: range, seed: int) -> list[Path]:
    """Write damaged files of one kind; each number gives the same file every time."""
    whole = {**seed_files(), **seed_labels()}
    paths = []
    for number in numbers:
        generator = random.Random(f"{seed} {kind} {number}")
        others = list(whole.values())
        path = folder / f"{number:05d}{kind}"
        path.write_bytes(damaged(whole[kind], others, generator))
        paths.append(path)
    return paths


def damaged(data: bytes, others: list[bytes], generator: random.Random) -> bytes:
    """Damage a file in a few places; inside of an archive's members in half of them."""
    if data.startswith(b"PK") and generator.random() < 0.5:
        return _with_damaged_member(data, others, generator)
    for _ in range(generator.randint(1, _MOST_CHANGES)):
        data = generator.choice(_CHANGES)(data, others, generator)
    return data


def read_all(paths: list[Path]) -> Iterator[Read]:
    """Read files one by one."""
    for path in paths:
        documents: list[Document] = []
        set_aside: list[SetAside] = []
        failure, started = "", time.perf_counter()
        try:
            if path.suffix in (".yaml", ".json") or ".labels." in path.name:
                read_descriptions(path)
            else:
                documents.extend(read_documents(path, on_set_aside=set_aside.append))
        except LongshotError as error:
            if len(str(error).splitlines()) != 1:
                failure = f"more than a line: {error}"
        except BaseException:
            failure = traceback.format_exc()
        yield Read(
            name=path.name,
            n_documents=len(documents),
            n_set_aside=len(set_aside),
            seconds=time.perf_counter() - started,
            failure=failure,
        )


def _flip(data: bytes, others: list[bytes], generator: random.Random) -> bytes:
    if not data:
        return data
    place = generator.randrange(len(data))
    changed = data[place] ^ (1 << generator.randrange(8))
    return data[:place] + bytes([changed]) + data[place + 1 :]


def _random_bytes(data: bytes, others: list[bytes], generator: random.Random) -> bytes:
    start, end = _span(data, generator)
    return data[:start] + generator.randbytes(end - start) + data[end:]


def _cut_out(data: bytes, others: list[bytes], generator: random.Random) -> bytes:
    start, end = _span(data, generator)
    return data[:start] + data[end:]


def _cut_off(data: bytes, others: list[bytes], generator: random.Random) -> bytes:
    return data[: generator.randint(0, len(data))]


def _repeat(data: bytes, others: list[bytes], generator: random.Random) -> bytes:
    start, end = _span(data, generator)
    times = generator.choice((2, 3, 50, 500))
    return data[:start] + data[start:end] * times + data[end:]


def _insert(data: bytes, others: list[bytes], generator: random.Random) -> bytes:
    place = generator.randint(0, len(data))
    return data[:place] + generator.choice(_NASTY) + data[place:]


def _number(data: bytes, others: list[bytes], generator: random.Random) -> bytes:
    """Put a number at the border of what its bytes hold in the place of another."""
    place = generator.randint(0, len(data))
    size = generator.choice((1, 2, 4, 8))
    number = generator.choice(_NUMBERS) % (1 << 8 * size)
    written = number.to_bytes(size, "little")
    written = generator.choice((written, written[::-1]))
    return data[:place] + written + data[place + size :]


def _digits(data: bytes, others: list[bytes], generator: random.Random) -> bytes:
    """Change a written number."""
    places = [i for i, byte in enumerate(data[:20_000]) if chr(byte).isdigit()]
    if not places:
        return data
    place = generator.choice(places)
    number = str(generator.choice((*_NUMBERS, -1, 10**30))).encode()
    return data[:place] + number + data[place + 1 :]


def _swap(data: bytes, others: list[bytes], generator: random.Random) -> bytes:
    (a, b), (c, d) = sorted((_span(data, generator), _span(data, generator)))
    if b > c:
        return data
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def _splice(data: bytes, others: list[bytes], generator: random.Random) -> bytes:
    other = generator.choice(others)
    start, end = _span(other, generator)
    place = generator.randint(0, len(data))
    return data[:place] + other[start:end] + data[place:]


_CHANGES: tuple[Callable[[bytes, list[bytes], random.Random], bytes], ...] = (
    _flip,
    _flip,
    _flip,
    _random_bytes,
    _cut_out,
    _cut_off,
    _repeat,
    _insert,
    _number,
    _digits,
    _swap,
    _splice,
)


def _span(data: bytes, generator: random.Random) -> tuple[int, int]:
    start = generator.randint(0, len(data))
    return start, min(len(data), start + generator.choice((1, 4, 16, 64, 256)))


def _with_damaged_member(
    data: bytes, others: list[bytes], generator: random.Random
) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        names = source.namelist()
        main = [name for name in _MAIN_MEMBERS if name in names]
        struck = {generator.choice([*names, *main * len(names)])}
        for name in names:
            body = source.read(name)
            if name in struck:
                for _ in range(generator.randint(1, _MOST_CHANGES)):
                    body = generator.choice(_CHANGES)(body, others, generator)
            archive.writestr(name, body)
    return buffer.getvalue()


def main(arguments: list[str]) -> None:
    """Write and read damaged files in this process; give a line for each that failed.

    Arguments: the folder to write to, the kind, the first and the last number, the
    seed. The last line holds documents, set aside, the longest time and the memory.
    """
    folder, kind, first, last, seed = arguments
    paths = write_damaged(Path(folder), kind, range(int(first), int(last)), int(seed))
    n_documents = n_set_aside = 0
    longest = 0.0
    for one in read_all(paths):
        n_documents += one.n_documents
        n_set_aside += one.n_set_aside
        longest = max(longest, one.seconds)
        if one.failure or one.seconds > MOST_SECONDS:
            print(f"{one.name} ({one.seconds:.1f} s): {one.failure}", file=sys.stderr)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(n_documents, n_set_aside, f"{longest:.2f}", peak)


if __name__ == "__main__":
    main(sys.argv[1:])
