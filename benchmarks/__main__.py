"""The command line: run the benchmarks, print the table, write results.json and docs/performance.md."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from .benchmark import BENCHMARKS
from .report import PAGE, as_text, write
from .results import PROCESSES, RESULTS, Results, run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks.

    Args:
        arguments: The command line, without the program; by default that of the process.

    Returns:
        The exit code: 0, even if goals are missed.
    """
    options = _options(arguments)
    if options.report:
        write(Results.load(RESULTS))
        return 0
    chosen = [benchmark for benchmark in BENCHMARKS if benchmark.name in options.only]
    processes = 1 if options.quick else options.processes
    start = time.monotonic()
    results = run(
        chosen,
        processes,
        lambda line: print(f"{time.monotonic() - start:6.0f} s  {line}", file=sys.stderr),
        quick=options.quick,
    )
    print(as_text(results, chosen))
    if processes == PROCESSES and len(chosen) == len(BENCHMARKS):
        results.dump(RESULTS)
        print(f"Written: {RESULTS}. `python -m benchmarks --report` updates {PAGE}.")
    else:
        print("Nothing was written: only a complete run is.")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    names = [benchmark.name for benchmark in BENCHMARKS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    option = parser.add_argument
    option("--only", nargs="+", choices=names, default=names, metavar="NAME", help=f"some of: {', '.join(names)}")
    option("--processes", type=int, default=PROCESSES, help="how many measure each benchmark (default: %(default)s)")
    option("--quick", action="store_true", help="measure as little as possible, to see that it runs")
    option("--report", action="store_true", help="only update the page, from results.json")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
