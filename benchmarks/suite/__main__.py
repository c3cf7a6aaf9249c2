"""Fit the priors of evidence on many sets, and measure them on sets left out.

    python -m benchmarks.suite fit --data FOLDER ... --mpnet FOLDER
    python -m benchmarks.suite report --data FOLDER ... --mpnet FOLDER

``fit`` draws episodes and writes ``classify/combination/priors.json``; ``report``
prints how accurate and how sure the classifier is on every set, with the priors that
were fitted on the others, beside the baselines. What is read of a set is kept in
``--kept``, so that a second run takes minutes.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any

import numpy as np

from benchmarks.suite import fit, report
from benchmarks.suite.episodes import Episode, draw, drawn_tasks
from benchmarks.suite.places import Places
from benchmarks.suite.sets import MODELS, SETS, ReadSet, Suite
from longshot.classify.combination.sources import PRIORS, Priors

_ALONE_SEED, _PILE_SEED = 1, 2


Job = tuple[Suite, str]


def main() -> None:
    """Fit, or report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=["fit", "report"])
    Places.add_options(parser)
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS))
    parser.add_argument("--held-back", action="store_true", help="take these sets too")
    parser.add_argument("--sets", nargs="+", help="only these")
    parser.add_argument("--episodes", type=int, default=60, help="of each set")
    parser.add_argument("--draws", type=int, default=3, help="of each cell reported")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    places = Places.of(options)
    suites = [
        one
        for one in SETS
        if (options.held_back or not one.held_back)
        and (not options.sets or one.name in options.sets)
    ]
    jobs = [(one, model) for one in suites for model in options.models]
    with ProcessPoolExecutor(options.workers) as pool:
        if options.command == "fit":
            fitted(pool, places, jobs, options.episodes)
        else:
            left_out = fit.read_left_out(options.kept)
            measure = partial(report.measured, places.read, left_out, options.draws)
            rows = [row for found in pool.map(measure, jobs) for row in found]
            report.write(options.kept / "report.jsonl", rows)
            print(report.table(rows))


def fitted(
    pool: ProcessPoolExecutor, places: Places, jobs: list[Job], n_episodes: int
) -> None:
    """Fit on all sets and write it; fit without each source, and keep that."""
    alone = [
        case
        for found in pool.map(partial(_alone, places, n_episodes), jobs)
        for case in found
    ]
    sources = fit.sources_of(alone)
    rows = fit.fit_alone(alone)
    _tell("alone", rows)
    of_others = dict(
        zip(sources, pool.map(partial(_alone_without, alone), sources), strict=True)
    )
    priors = {one: fit.priors_of("alone", found) for one, found in of_others.items()}
    pile = [
        case
        for found in pool.map(partial(_pile, places, n_episodes, priors), jobs)
        for case in found
    ]
    pile_rows = fit.fit_pile(pile)
    _tell("pile", pile_rows)
    pile_of_others = pool.map(partial(_pile_without, pile), sources)
    for source, found in zip(sources, pile_of_others, strict=True):
        parts = {"alone": priors[source], "pile": fit.priors_of("pile", found)}
        fit.write(places.kept / f"without.{source}.json", parts, {"without": source})
    held_back = " --held-back" if any(suite.held_back for suite, _ in jobs) else ""
    command = f"python -m benchmarks.suite fit{held_back} --episodes {n_episodes}"
    provenance = {
        "command": command,
        "sets": sorted({suite.name for suite, _ in jobs}),
        "models": sorted({model for _, model in jobs}),
        "episodes": {"alone": len(alone), "pile": len(pile)},
    }
    parts = {
        "alone": fit.priors_of("alone", rows),
        "pile": fit.priors_of("pile", pile_rows),
    }
    fit.write(PRIORS, parts, provenance)


def _episodes(read: ReadSet, n: int, seed: int) -> list[tuple[Episode, Any]]:
    """Draw episodes, each with the random numbers that are left for it."""
    random = np.random.default_rng([seed, *map(ord, read.suite.name)])
    tasks = drawn_tasks(len(read.classes), n, random)
    drawn = ((draw(read, task, random), random) for task in tasks)
    return [(episode, random) for episode, random in drawn if episode is not None]


def _alone(places: Places, n: int, job: Job) -> list[fit.Case]:
    read = places.read(*job)
    if read is None:
        return []
    return [
        fit.case_alone(episode, is_pile=bool(random.random() < 0.6), random=random)
        for episode, random in _episodes(read, n, _ALONE_SEED)
    ]


def _pile(
    places: Places, n: int, priors: dict[str, Priors], job: Job
) -> list[fit.Case]:
    read = places.read(*job)
    if read is None:
        return []
    return [
        fit.case_of_pile(episode, priors[read.source], random)
        for episode, random in _episodes(read, n, _PILE_SEED)
    ]


def _alone_without(cases: list[fit.Case], source: str) -> np.ndarray:
    return fit.fit_alone([case for case in cases if case.source != source])


def _pile_without(cases: list[fit.Case], source: str) -> np.ndarray:
    return fit.fit_pile([case for case in cases if case.source != source])


def _tell(part: str, rows: np.ndarray) -> None:
    print(part, *np.round(rows, 2).tolist(), sep="\n", flush=True)


if __name__ == "__main__":
    main()
