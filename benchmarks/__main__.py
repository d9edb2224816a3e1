"""The command line: run the benchmarks, print the table, write results.json and docs/performance.md."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from .benchmark import BENCHMARKS
from .report import PAGE, as_text, write
from .results import RESULTS, Results, run


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says, and return the exit code: 0, even if goals are missed."""
    names = [benchmark.name for benchmark in BENCHMARKS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=names, default=names, help="some of the benchmarks")
    parser.add_argument("--quick", action="store_true", help="measure as little as possible, to see that it runs")
    parser.add_argument("--report", action="store_true", help="only update the page, from results.json")
    options = parser.parse_args(arguments)
    if options.report:
        write(Results.load(RESULTS))
        return 0
    chosen, start = [one for one in BENCHMARKS if one.name in options.only], time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - start:6.0f} s  {line}", file=sys.stderr)

    results = run(chosen, say, quick=options.quick)
    print(as_text(results, chosen))
    if options.quick or len(chosen) < len(BENCHMARKS):
        print("Nothing was written: only a complete run is.")
    else:
        results.dump(RESULTS)
        print(f"Written: {RESULTS}. `python -m benchmarks --report` updates {PAGE}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
