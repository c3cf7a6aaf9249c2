"""Simulated audits: whether limits hold, how wide they are, and what labels bring.

    python -m benchmarks.audit held --data FOLDER ... --kept FOLDER
    python -m benchmarks.audit compare
    python -m benchmarks.audit gains --data FOLDER ... --kept FOLDER

``held`` decides about a pile of each of the suite's development sets, and audits it
1,000 times; ``compare`` sets several methods side by side on piles drawn at random;
``gains`` labels what ``suggest`` names, and fits what
:func:`longshot.audit.expected_gain` expects of it.
"""

import argparse

from benchmarks.audit import compare, gains, held
from benchmarks.suite.places import Places


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    of_held = commands.add_parser("held")
    of_gains = commands.add_parser("gains")
    for one in (of_held, of_gains):
        Places.add_options(one)
        one.add_argument("--sets", nargs="+", help="only these")
    of_held.add_argument("--audits", type=int, default=1_000)
    of_held.add_argument("--answers", type=int, default=60)
    of_held.add_argument("--shots", type=int, default=4)
    of_gains.add_argument("--write", action="store_true", help="keep what was fitted")
    of_compare = commands.add_parser("compare")
    of_compare.add_argument("--audits", type=int, default=200)
    options = parser.parse_args()
    if options.command == "compare":
        compare.measure(options.audits)
        return
    places = Places.of(options)
    if options.command == "held":
        measured = (options.shots, options.answers, options.audits)
        held.measure(places, options.sets, *measured)
    else:
        gains.measure(places, options.sets, write=options.write)


if __name__ == "__main__":
    main()
