"""The command line: run the benchmarks, print the table, write results.json and docs/performance.md."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from .catalogue import BENCHMARKS
from .profiling import PATHS
from .report import PAGE, as_text, write
from .results import RESULTS, Results
from .running import run

_ROUNDS = 7


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks.

    Args:
        arguments: The command line, without the program; what the process was started with by default.

    Returns:
        The exit code: 0, whether or not the goals are met.
    """
    options = _parser().parse_args(arguments)
    if options.report:
        results = Results.load(RESULTS)
        write(results)
        _say(as_text(results, BENCHMARKS))
        return 0
    chosen = [benchmark for benchmark in BENCHMARKS if not options.only or benchmark.name in options.only]
    rounds = options.rounds or (1 if options.smallest else _ROUNDS)
    start = time.monotonic()
    results = run(
        chosen,
        () if options.only else tuple(PATHS),
        rounds,
        lambda line: sys.stderr.write(f"{time.monotonic() - start:6.0f} s  {line}\n"),
        smallest=options.smallest,
    )
    _say(as_text(results, chosen))
    if options.only or options.smallest or options.rounds:
        _say("Nothing was written: that takes a run of everything.\n")
        return 0
    results.dump(RESULTS)
    write(results)
    _say(f"Written: {RESULTS}, {PAGE}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = [benchmark.name for benchmark in BENCHMARKS]
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=f"some of: {', '.join(names)}")
    parser.add_argument("--rounds", type=int, help=f"how often each is measured (default: {_ROUNDS})")
    parser.add_argument("--smallest", action="store_true", help="measure as little as can be, to see that it works")
    parser.add_argument("--report", action="store_true", help="only write the page anew, from results.json")
    return parser


def _say(text: str) -> None:
    sys.stdout.write(text)


if __name__ == "__main__":
    sys.exit(main())
