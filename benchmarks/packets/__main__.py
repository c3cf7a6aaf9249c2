"""Fits the weights of packets' cues, and measures how well packets are taken apart.

    python -m benchmarks.packets fit --data FOLDER ... --models minilm mpnet --write
    python -m benchmarks.packets report --data FOLDER ...

Both join documents of one set to files of three to eight, after some of the others were
taken as examples. Learning and reporting use different sets. Where the source is text,
pages are simulated, of about 3,000 characters. Weights for passages are fitted on all
sets but two; ``report --cross`` fits them anew without a third of these sets, three
times, and reports on each with weights that were fitted without it.
"""

import argparse
import json
from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.output.tables import print_header, print_row
from benchmarks.packets.fit import fitted
from benchmarks.packets.joining import Draw, Packet, draw_packets
from benchmarks.packets.measures import Tally
from benchmarks.packets.pages import SETS, ReadPages, read_pages
from benchmarks.packets.sections import section_labels
from benchmarks.suite.places import Places
from longshot.packets.chain import ChainScores, marginals
from longshot.packets.cues import CUES
from longshot.packets.units import UnitKind
from longshot.packets.weights import WEIGHTS, Weights, fitted_weights

KINDS: tuple[UnitKind, ...] = ("page", "passage")
MODELS = ("minilm", "mpnet")
SHOTS = (0, 1, 2, 2, 4)
SAME = (0.0, 0.0, 0.4)
N_FOLDS = 3


def main() -> None:
    """Fit or measure, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("fit", "report"):
        one = commands.add_parser(name)
        Places.add_options(one)
        one.add_argument("--sets", nargs="+", help="only these")
        one.add_argument("--models", nargs="+", default=["minilm"], choices=MODELS)
        one.add_argument("--kinds", nargs="+", default=KINDS, choices=KINDS)
        one.add_argument("--draws", type=int, default=12, help="of examples, each set")
        if name == "fit":
            one.add_argument("--write", action="store_true", help="keep the weights")
        else:
            one.add_argument("--shots", type=int, nargs="+", default=[2])
            one.add_argument(
                "--cross",
                action="store_true",
                help="fit without a third of the sets in turn",
            )
    options = parser.parse_args()
    (fit if options.command == "fit" else report)(options)


def sets_of(
    options: argparse.Namespace, model: str, kind: UnitKind, *, learned_from: bool
) -> Iterator[ReadPages]:
    """Read the sets that are learned from, or those that are reported on."""
    places = Places.of(options)
    for one in SETS:
        wanted = one.name in options.sets if options.sets else True
        if one.is_learned_from(kind) == learned_from and wanted:
            read = read_pages(one, model, kind, places.data, places.kept, places.mpnet)
            if read is not None:
                yield read


def drawn(read: ReadPages, n_draws: int) -> Iterator[Packet]:
    """Draw packets of many kinds to learn from."""
    random = np.random.default_rng(0)
    for _ in range(n_draws):
        draw = Draw(
            shots=int(random.choice(SHOTS)),
            names=bool(random.random() < 0.85),
            most_classes=int(random.integers(2, 9)),
            n_packets=2,
            same=float(random.choice(SAME)),
        )
        yield from draw_packets(read, draw, random)


def fit(options: argparse.Namespace) -> None:
    """Fit the weights of each kind of unit, for all models together."""
    for kind in options.kinds:
        packets: list[Packet] = []
        names: set[str] = set()
        for model in options.models:
            for read in sets_of(options, model, kind, learned_from=True):
                packets += drawn(read, options.draws)
                names.add(read.name)
        weights = fitted(packets, kind)
        print_header(kind, "weight")
        for name, value in zip(CUES[kind], weights.cues, strict=True):
            print_row(name, f"{value:.2f}")
        for name in ("first", "inner", "same"):
            print_row(name, f"{getattr(weights, name):.2f}")
        if options.write:
            _write(kind, weights, sorted(names), options)


def _write(
    kind: UnitKind, weights: Weights, names: list[str], options: argparse.Namespace
) -> None:
    """Keep the weights of one kind, and how they came about; the others stay."""
    models = " ".join(options.models)
    command = (
        f"python -m benchmarks.packets fit --kinds {kind} --models {models} "
        f"--draws {options.draws} --write"
    )
    kept = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    kept["weights"][kind] = _plain(kind, weights)
    kept["provenance"][kind] = {
        "command": command,
        "models": options.models,
        "sets": names,
    }
    WEIGHTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def _plain(kind: UnitKind, weights: Weights) -> dict[str, object]:
    cues = zip(CUES[kind], weights.cues.tolist(), strict=True)
    return {
        "cues": {name: round(value, 3) for name, value in cues},
        "first": round(weights.first, 3),
        "inner": round(weights.inner, 3),
        "same": round(weights.same, 3),
        "doubt": weights.doubt,
        "price": weights.price,
    }


def report(options: argparse.Namespace) -> None:
    """Print how well packets of the sets that were left out are taken apart."""
    for kind in options.kinds:
        for model in options.models:
            print_header(
                f"{kind}, {model}",
                "classes",
                "shots",
                "packets",
                "alone: F1",
                "alone: right",
                "F1",
                "precision",
                "recall",
                "between two of a class",
                "right",
                "right, true boundaries",
            )
            for read, weights in _with_weights(options, model, kind):
                for shots in options.shots:
                    _row(read, weights, shots, options.draws)


def _with_weights(
    options: argparse.Namespace, model: str, kind: UnitKind
) -> Iterator[tuple[ReadPages, Weights]]:
    """Give each set with weights that were fitted without it."""
    for read in sets_of(options, model, kind, learned_from=False):
        yield read, fitted_weights(kind)
    if not options.cross:
        return
    learned = list(sets_of(options, model, kind, learned_from=True))
    packets = {read.name: list(drawn(read, options.draws)) for read in learned}
    for fold in range(N_FOLDS):
        left_out = learned[fold::N_FOLDS]
        names = {read.name for read in left_out}
        others = [one for name in packets.keys() - names for one in packets[name]]
        weights = fitted(others, kind)
        for read in left_out:
            yield read, weights


def scores_of(packet: Packet, weights: Weights) -> ChainScores:
    """Score a packet's units."""
    return weights.scores(
        packet.cues, packet.log_probabilities, packet.units.n_tokens, packet.lengths
    )


def _row(read: ReadPages, weights: Weights, shots: int, n_draws: int) -> None:
    alone, ours, known = Tally(), Tally(), Tally()
    within = 1
    random = np.random.default_rng(1)
    n_packets = n_classes = 0
    for _ in range(n_draws):
        draw = Draw(shots=shots, n_packets=4)
        for packet in draw_packets(read, draw, random):
            n_packets += 1
            n_classes = packet.log_probabilities.shape[1]
            add = partial(Tally.add, begins=packet.begins, labels=packet.labels)
            each = packet.log_probabilities.argmax(axis=1)
            changes = np.concatenate([[True], each[1:] != each[:-1]])
            add(alone, found_begins=changes, found_labels=each, within=within)
            begins = weights.boundaries(marginals(scores_of(packet, weights)).begins)
            found = section_labels(packet, begins)
            add(ours, found_begins=begins, found_labels=found, within=within)
            true = section_labels(packet, packet.begins)
            add(known, found_begins=packet.begins, found_labels=true, within=within)
    if not n_packets:
        return
    print_row(
        read.name,
        str(n_classes),
        str(shots),
        str(n_packets),
        *(f"{100 * one:.1f}" for one in (alone.f1, alone.right)),
        *(f"{100 * one:.1f}" for one in (ours.f1, ours.precision, ours.recall)),
        f"{100 * ours.recall_same:.0f} (of {ours.n_same})",
        *(f"{100 * one:.1f}" for one in (ours.right, known.right)),
    )


if __name__ == "__main__":
    main()
