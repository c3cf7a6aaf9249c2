"""The capacity page: its tables are those of the simulation."""

import argparse
import re
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.cluster.capacity import (
    BEGIN,
    END,
    Model,
    Pile,
    Storage,
    lines,
    simulated,
    with_tables,
)

PAGE = Path(__file__).parents[2] / "docs" / "scale.md"
ENDLESS = Storage(
    bytes_per_second=1e18,
    requests_per_second=1e18,
    entries_per_second=1e18,
    latency_s=0.0,
)


def test_the_page_holds_what_the_simulation_gives() -> None:
    page = PAGE.read_text(encoding="utf-8")
    core, gpu = (
        re.search(rf"One {one} reads ([\d,]+) tokens/s", page)
        for one in ("core", "GPU")
    )
    assert core is not None
    assert gpu is not None
    options = argparse.Namespace(
        core_tokens=float(core[1].replace(",", "")),
        gpu_tokens=float(gpu[1].replace(",", "")),
        hours=24.0,
        cores=64,
        classes=10,
    )
    assert with_tables(page, "\n".join(lines(options))) == page
    assert page.count(BEGIN) == page.count(END) == 1


@pytest.mark.parametrize("n_workers", [1, 10, 100])
def test_with_endless_storage_work_is_shared_evenly(n_workers: int) -> None:
    pile = Pile(n_documents=2_600)  # 100 parts of 26 documents
    run = simulated(pile, n_workers, 1_000.0, ENDLESS)
    ideal = pile.n_parts * pile.part_tokens / 1_000.0 / n_workers
    assert ideal - 1e-6 <= run.seconds <= ideal + pile.part_tokens / 1_000.0 + 1e-6
    assert run.bottleneck == "encoding"


def test_one_process_that_takes_entries_in_is_what_holds_up_too_many_workers() -> None:
    pile = Pile(n_documents=10**7)
    slow = replace(ENDLESS, entries_per_second=10.0)
    run = simulated(pile, pile.n_parts, 1_000.0, slow)
    assert run.bottleneck == "entries"
    assert run.seconds == pytest.approx(pile.n_parts / 10.0)


def test_memory_to_learn_from_a_pile_is_bounded() -> None:
    sizes = [
        Pile(n_documents=n).learning_bytes(Model()) for n in (10**6, 10**8, 10**10)
    ]
    assert sizes[0] < sizes[1] == sizes[2]
