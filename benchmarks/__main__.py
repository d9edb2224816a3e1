"""The command line: run the benchmarks, print the table, write results.json and docs/performance.md."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from .catalogue import BENCHMARKS
from .report import PAGE, as_text, write
from .results import RESULTS, Results, run

_PROCESSES = 7


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks.

    Args:
        arguments: The command line, without the program; by default that of the process.

    Returns:
        The exit code: 0, even if goals are missed.
    """
    options = _parser().parse_args(arguments)
    if options.report:
        write(Results.load(RESULTS))
        return 0
    chosen = [benchmark for benchmark in BENCHMARKS if not options.only or benchmark.name in options.only]
    start = time.monotonic()
    results = run(
        chosen,
        1 if options.quick else options.processes,
        lambda line: sys.stderr.write(f"{time.monotonic() - start:6.0f} s  {line}\n"),
        quick=options.quick,
    )
    sys.stdout.write(as_text(results, chosen))
    if options.only or options.quick or options.processes != _PROCESSES:
        sys.stdout.write("Nothing was written: only a complete run is.\n")
    else:
        results.dump(RESULTS)
        sys.stdout.write(f"Written: {RESULTS}. `python -m benchmarks --report` updates {PAGE}.\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = [benchmark.name for benchmark in BENCHMARKS]
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=f"some of: {', '.join(names)}")
    parser.add_argument(
        "--processes",
        type=int,
        default=_PROCESSES,
        help="how many processes measure each benchmark (default: %(default)s)",
    )
    parser.add_argument("--quick", action="store_true", help="measure as little as possible, to see that it runs")
    parser.add_argument("--report", action="store_true", help="only update the page, from results.json")
    return parser


if __name__ == "__main__":
    sys.exit(main())
