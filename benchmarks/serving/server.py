"""The server beside the same texts encoded directly: 32 clients, mixed lengths.

Run: python -m benchmarks.serving.server [--clients 32] [--seconds 15] [--rounds 4]
     [--fuzz 200]

In turn, so that whatever else the machine does strikes both alike: for some seconds
clients classify texts that nobody sent before, over HTTP, with the examples in every
request; then a process without a server encodes the texts that were answered. Where
other programs want the processors too, seconds tell little: "share of time" compares
what of the processors' time both took for the same texts. With --fuzz, schemathesis
also asks every route as many examples.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from benchmarks.output.tables import print_header, print_row
from longshot import DocumentEmbedder, read_documents, read_examples
from longshot.machine.locations import example_folder
from longshot.machine.processors import usable_processors
from tests.server.running import RunningServer, running_server

SHORTEST_WORDS, LONGEST_WORDS = 30, 3_000
EXAMPLE_CHARACTERS = 2_000


@dataclass(slots=True)
class Answers:
    """What clients got in a round."""

    texts: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    n_errors: int = 0
    took_s: float = 0.0


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--fuzz", type=int, default=0)
    parser.add_argument("--direct", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.direct:
        _encode_directly()
        return
    print(f"{usable_processors()} processors, load {os.getloadavg()[0]:.1f}\n")
    with tempfile.TemporaryDirectory() as folder:
        _measure(Path(folder), options.clients, options.seconds, options.rounds)
    if options.fuzz:
        _fuzz(options.fuzz)


def _measure(folder: Path, n_clients: int, seconds: float, n_rounds: int) -> None:
    texts = mixed_texts(random.Random(0))
    examples = _examples()
    latencies: list[float] = []
    spent_s, worked_s = np.zeros(2), np.zeros(2)
    print_header(
        "round",
        "requests",
        "errors",
        "tokens/s",
        "directly",
        "share",
        "share of time",
        "memory",
        "of it kept vectors",
    )
    with running_server(folder, "--no-cache") as server, _direct() as direct:
        asyncio.run(_ask(server, examples, iter(["The rent is due."]), 1, 0.0))
        for number in range(1, n_rounds + 1):
            before_s = _worked_seconds(server)
            answers = asyncio.run(_ask(server, examples, texts, n_clients, seconds))
            server_worked_s = _worked_seconds(server) - before_s
            told = _directly(direct, answers.texts)
            n_tokens, direct_s = told["tokens"], told["seconds"]
            rates = n_tokens / answers.took_s, n_tokens / direct_s
            print_row(
                number,
                len(answers.texts),
                answers.n_errors,
                f"{rates[0]:,.0f}",
                f"{rates[1]:,.0f}",
                f"{rates[0] / rates[1]:.0%}",
                f"{told['worked'] / server_worked_s:.0%}",
                f"{_memory_bytes(server) / 1e6:,.0f} MB",
                f"{_kept_bytes(server) / 1e6:,.0f} MB",
            )
            latencies += answers.seconds
            spent_s += answers.took_s, direct_s
            worked_s += server_worked_s, told["worked"]
    p50, p99 = np.percentile(latencies, [50, 99])
    print(
        f"\nall: {spent_s[1] / spent_s[0]:.0%} of the throughput, "
        f"{worked_s[1] / worked_s[0]:.0%} by the processors' time; "
        f"p50 {p50:.2f} s, p99 {p99:.2f} s; load {os.getloadavg()[0]:.1f}"
    )


def mixed_texts(rng: random.Random) -> Iterator[str]:
    """Give texts that nobody gave before, as many short ones as long ones."""
    folder = example_folder()
    assert folder is not None
    words = " ".join(one.text for one in read_documents(folder / "pile")).split()
    while True:
        low, high = np.log([SHORTEST_WORDS, LONGEST_WORDS])
        n_words = int(np.exp(rng.uniform(low, high)))
        start = rng.randrange(len(words) - n_words)
        yield f"{rng.random()} " + " ".join(words[start : start + n_words])


def _examples() -> list[dict[str, str]]:
    folder = example_folder()
    assert folder is not None
    return [
        {"text": one.document.text[:EXAMPLE_CHARACTERS], "label": one.label}
        for one in read_examples(folder / "labelled")
    ]


async def _ask(
    server: RunningServer,
    examples: list[dict[str, str]],
    texts: Iterator[str],
    n_clients: int,
    seconds: float,
) -> Answers:
    """Let clients ask, each its next text once it has its answer, until time is up."""
    answers = Answers()
    started = time.perf_counter()
    limits = httpx.Limits(max_connections=n_clients)
    async with httpx.AsyncClient(timeout=600, limits=limits) as client:

        async def ask_on() -> None:
            while True:
                text = next(texts)
                body = {"inputs": [text], "examples": examples}
                asked_at = time.perf_counter()
                response = await client.post(f"{server.address}/v1/classify", json=body)
                answers.seconds.append(time.perf_counter() - asked_at)
                answers.n_errors += response.status_code != 200
                answers.texts.append(text)
                if time.perf_counter() - started >= seconds:
                    return

        await asyncio.gather(*(ask_on() for _ in range(n_clients)))
    answers.took_s = time.perf_counter() - started
    return answers


@contextlib.contextmanager
def _direct() -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "benchmarks.serving.server", "--direct"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def _directly(process: "subprocess.Popen[str]", texts: list[str]) -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(texts) + "\n")
    process.stdin.flush()
    told: dict[str, Any] = json.loads(process.stdout.readline())
    return told


def _encode_directly() -> None:
    """Encode each list of texts that comes, and tell how long it took."""
    embedder = DocumentEmbedder(cache=None)
    embedder.embed(["The model is loaded before the clock starts."])
    for line in sys.stdin:
        texts = json.loads(line)
        started, worked = time.perf_counter(), time.process_time()
        n_tokens = sum(one.n_tokens for one in embedder.vectors(texts))
        told = {
            "seconds": time.perf_counter() - started,
            "worked": time.process_time() - worked,
            "tokens": n_tokens,
        }
        print(json.dumps(told), flush=True)


def _worked_seconds(server: RunningServer) -> float:
    """Read what of the processors' time the server took, as Linux counts it."""
    stat = Path(f"/proc/{server.process.pid}/stat").read_text()
    user, system = stat.rpartition(")")[2].split()[11:13]  # proc(5): fields 14 and 15
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _memory_bytes(server: RunningServer) -> int:
    """Read what the server has in memory, as Linux counts it."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    line = next(one for one in status.splitlines() if one.startswith("VmRSS"))
    return 1024 * int(line.split()[1])


def _kept_bytes(server: RunningServer) -> float:
    """Ask the server what its vectors for the next request take."""
    lines = httpx.get(f"{server.address}/metrics").text.splitlines()
    name = "longshot_kept_vectors_bytes "
    return float(next(one for one in lines if one.startswith(name)).split()[1])


def _fuzz(n_examples: int) -> None:
    print(f"\nschemathesis, {n_examples} examples for each route:\n", flush=True)
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/server/test_openapi.py"],
        env={**os.environ, "LONGSHOT_FUZZ_EXAMPLES": str(n_examples)},
        check=True,
    )


if __name__ == "__main__":
    main()
