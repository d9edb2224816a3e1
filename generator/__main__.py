"""The generator's command line: `python -m generator vendor SPEC` and `python -m generator regenerate`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ._errors import BuildError

_ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: The command line without the program's name; that of the process where it is None.

    Returns:
        The exit code: 0, or 2 where the input or the tree is not as it should be.
    """
    parser = argparse.ArgumentParser(prog="python -m generator", description=__doc__)
    parser.add_argument("--root", type=Path, default=_ROOT, help="the project's folder (default: this one)")
    commands = parser.add_subparsers(dest="command", required=True)
    vendor = commands.add_parser("vendor", help="take over a Clerk Backend API document")
    vendor.add_argument("source", metavar="SPEC", help="its file or URL")
    regenerate = commands.add_parser("regenerate", help="make clerk_generated from openapi/")
    regenerate.add_argument("--check", action="store_true", help="only compare, and fail on any difference")
    options = parser.parse_args(arguments)
    try:
        report = _vendor(options) if options.command == "vendor" else _regenerate(options)
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(report)
    return 0


def _vendor(options: argparse.Namespace) -> str:
    from .vendoring import vendor

    done = vendor(options.source, options.root)
    return f"vendored {done.version}: {done.operations} operations, {done.schemas} schemas; now run `make regenerate`"


def _regenerate(options: argparse.Namespace) -> str:
    from . import building

    built = (building.check if options.check else building.regenerate)(options.root)
    lines = [f"  {count:4} {name}" for name, count in built.rules.items()]
    counts = built.lock.counts
    done = "is what the generator makes" if options.check else "is new"
    lines.append(f"clerk_generated {done}: {counts['operations']} operations, {counts['models']} models")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
