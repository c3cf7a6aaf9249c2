"""What is left of a run when a node, an actor or the driver is killed: everything.

Run: python -m benchmarks.cluster.faults [--times 20] [node actor driver upload]

A pile of short texts and one long one is encoded by two workers, on two nodes of one
processor each; somewhere in the middle one of these is killed. The output must hold
each document once. ``upload`` kills a driver that writes to an S3 server on loopback
(moto), and looks for objects that cannot be read.

What encodes is a model of a few numbers that sleeps: what is tried is who survives.
"""

import argparse
import logging
import multiprocessing
import os
import random
import signal
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.cluster.slow_encoder import SlowEncoder
from benchmarks.cluster.storage import BUCKET, served_bucket
from benchmarks.output.tables import print_header, print_row
from longshot import DocumentEmbedder
from longshot.scale import Workers, embed_files
from longshot.scale.place import Place
from longshot.scale.run import Cluster

N_DOCUMENTS = 400
ROWS_PER_GROUP = 20


def main() -> None:
    """Kill, start again, and print what is left."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", nargs="*", default=["node", "actor", "driver"])
    parser.add_argument("--times", type=int, default=20)
    options = parser.parse_args()
    os.environ.setdefault("RAY_worker_niceness", "0")
    tries = {"node": _node, "actor": _actor, "driver": _driver, "upload": _upload}
    print_header("killed", "times", "whole, each document once", "kills that hit")
    for what in options.what:
        with tempfile.TemporaryDirectory() as folder:
            pile = Path(folder) / "pile.parquet"
            _write(pile)
            found = tries[what](str(pile), folder, options.times)
        n_whole, n_hit = np.sum(found, axis=0)
        print_row(what, len(found), n_whole, n_hit)


def _embed(pile: str, out: str, cluster: Cluster | None = None) -> None:
    embedder = DocumentEmbedder(encoder=SlowEncoder(), cache=None)
    embed_files(pile, out, embedder, cluster=cluster or Cluster())


def _node(pile: str, folder: str, n_times: int) -> list[tuple[bool, bool]]:
    """Kill one of two nodes, beside a head that computes nothing."""
    import ray
    from ray.cluster_utils import Cluster as RayCluster

    found = []
    nodes = RayCluster(initialize_head=True, head_node_args={"num_cpus": 0})
    kept = nodes.add_node(num_cpus=1)
    ray.init(address=nodes.address, logging_level=logging.ERROR, log_to_driver=False)
    for time_number in range(n_times):
        out = f"{folder}/node-{time_number}"
        lost = nodes.add_node(num_cpus=1)
        nodes.wait_for_nodes()
        hits: list[bool] = []

        def kill(node: Any = lost, to: list[bool] = hits, out: str = out) -> None:
            n_before = _wait_for_parts(out, 1 + random.randrange(8))
            nodes.remove_node(node, allow_graceful=False)
            to.append(n_before)

        killer = threading.Thread(target=kill, daemon=True)
        killer.start()
        _embed(pile, out, Cluster(workers=Workers(n_most=2, n_least=2)))
        killer.join()
        found.append((_is_whole(out), hits[0]))
    del kept
    ray.shutdown()
    nodes.shutdown()  # type: ignore[no-untyped-call]
    return found


def _actor(pile: str, folder: str, n_times: int) -> list[tuple[bool, bool]]:
    """Kill the process of a worker."""
    import psutil
    import ray

    found = []
    ray.init(
        address="local",
        num_cpus=2,
        include_dashboard=False,
        logging_level=logging.ERROR,
        log_to_driver=False,
    )
    for time_number in range(n_times):
        out = f"{folder}/actor-{time_number}"
        hits: list[bool] = []

        def kill(to: list[bool] = hits, out: str = out) -> None:
            _wait_for_parts(out, 1 + random.randrange(8))
            workers = [
                one
                for one in psutil.Process().children(recursive=True)
                if "MapWorker" in " ".join(one.cmdline())
            ]
            if workers:
                random.choice(workers).kill()
            to.append(bool(workers))

        killer = threading.Thread(target=kill, daemon=True)
        killer.start()
        _embed(pile, out)
        killer.join()
        found.append((_is_whole(out), hits[0]))
    ray.shutdown()
    return found


def _driver(pile: str, folder: str, n_times: int) -> list[tuple[bool, bool]]:
    """Kill the driver, and start it again."""
    return [
        _killed_and_started_again(pile, f"{folder}/driver-{number}")
        for number in range(n_times)
    ]


def _upload(pile: str, folder: str, n_times: int) -> list[tuple[bool, bool]]:
    """Kill a driver that writes to an S3 server; what is there must be readable."""
    del folder
    with served_bucket() as query:
        return [
            _killed_and_started_again(pile, f"{BUCKET}/run-{number}{query}")
            for number in range(n_times)
        ]


def _killed_and_started_again(pile: str, out: str) -> tuple[bool, bool]:
    process = multiprocessing.get_context("spawn").Process(
        target=_in_own_group, args=(pile, out)
    )
    process.start()
    _wait_for_parts(out, 1 + random.randrange(8), process.is_alive)
    time.sleep(random.random() / 2)
    was_alive = process.is_alive()
    assert process.pid is not None
    os.killpg(process.pid, signal.SIGKILL)
    process.join()
    is_readable = all(_rows(out, name) for name in _parts(out))
    again = multiprocessing.get_context("spawn").Process(
        target=_in_own_group, args=(pile, out)
    )
    again.start()
    again.join()
    return is_readable and _is_whole(out), was_alive


def _in_own_group(pile: str, out: str) -> None:
    os.setpgrp()  # Ray's processes go with it
    _embed(pile, out)


def _wait_for_parts(
    out: str, n: int, is_running: Callable[[], bool] = lambda: True
) -> bool:
    """Wait until so many parts are finished; False if the run ended before."""
    while is_running() and not Place(out).has("manifest.json"):
        time.sleep(0.1)
        if len(_parts(out)) >= n:
            return True
    return False


def _parts(out: str) -> list[str]:
    return Place(out).names("vectors")


def _rows(out: str, name: str) -> list[str]:
    import pyarrow as pa
    from pyarrow import parquet

    content = Place(out).read(f"vectors/{name}")
    return list(parquet.read_table(pa.BufferReader(content))["id"].to_pylist())


def _is_whole(out: str) -> bool:
    ids = [id_ for name in _parts(out) for id_ in _rows(out, name)]
    wanted = [str(number) for number in range(N_DOCUMENTS)] + ["book"]
    return sorted(ids) == sorted(wanted) and Place(out).has("manifest.json")


def _write(path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    words = "rent lease tenant flour butter oven".split()
    rows = [
        {"id": str(i), "text": " ".join(words[(i * j) % 6] for j in range(1, 40 + i))}
        for i in range(N_DOCUMENTS)
    ]
    book = " ".join(words[(j * j) % 6] for j in range(120_000))
    rows.insert(N_DOCUMENTS // 3, {"id": "book", "text": book})
    parquet.write_table(pa.Table.from_pylist(rows), path, row_group_size=ROWS_PER_GROUP)


if __name__ == "__main__":
    main()
