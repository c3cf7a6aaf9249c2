"""Several ways to do one thing, timed in turn.

A machine's speed drifts: what is compared runs in turn, A B C A B C, and the ratio of
medians is what counts, not the seconds.
"""

import statistics
import time
from collections.abc import Callable, Mapping

from benchmarks.output.tables import print_header, print_row


def time_in_turn(
    ways: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, list[float]]:
    """Run every way once to warm up, then `rounds` times in turn; give the seconds."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for round_number in range(rounds + 1):
        for name, run in ways.items():
            started = clock()
            run()
            if round_number:
                seconds[name].append(clock() - started)
    return seconds


def print_ratios(
    title: str, seconds: Mapping[str, list[float]], *, n_tokens: int, base: str
) -> None:
    """Print the ratio of each way's median speed to the first one's."""
    medians = {name: statistics.median(runs) for name, runs in seconds.items()}
    print(f"\n### {title} ({n_tokens:,} tokens)\n")
    print_header("way", f"{base} is faster by", "tokens/s", "least to most")
    for name, median in medians.items():
        speeds = sorted(n_tokens / run for run in seconds[name])
        print_row(
            name,
            f"{median / medians[base]:.2f} ×",
            f"{n_tokens / median:,.0f}",
            f"{speeds[0]:,.0f} to {speeds[-1]:,.0f}",
        )
