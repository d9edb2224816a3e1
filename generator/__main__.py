"""The generator's command line: vendor, regenerate, bump, look, release-check."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ._errors import BuildError

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  # argparse has no public name for it

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
    vendor = commands.add_parser("vendor", help="take over a document of the Backend API or of the webhooks")
    vendor.add_argument("source", metavar="SPEC", help="its file or URL")
    regenerate = commands.add_parser("regenerate", help="make clerk_generated from openapi/")
    regenerate.add_argument("--check", action="store_true", help="only compare, and fail on any difference")
    _add_maintenance(commands)
    options = parser.parse_args(arguments)
    run: Callable[[argparse.Namespace], str] = _COMMANDS[options.command]
    try:
        report = run(options)
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(report)
    return 0


def _add_maintenance(commands: Commands) -> None:
    bump = commands.add_parser("bump", help="take over a document, regenerate, report, write version and changelog")
    bump.add_argument("source", metavar="SPEC", help="its file or URL")
    bump.add_argument("--accept", action="store_true", help="decide as proposed where overlays or layout don't fit")
    bump.add_argument("--force", action="store_true", help="take a document that is older than the vendored one")
    bump.add_argument("--report", type=Path, metavar="FILE", help="write the report there, as Markdown")
    report = commands.add_parser("report", help="tell what changed since the last release")
    report.add_argument("--report", type=Path, metavar="FILE", help="write the report there, as Markdown")
    commands.add_parser("words", help="list drafted words, and what has none")
    look = commands.add_parser("look", help="tell the newest document, if it is newer than the vendored one")
    look.add_argument("listing", metavar="LISTING", nargs="?", help="a file or URL that lists Clerk's documents")
    check = commands.add_parser("release-check", help="check that the tree can be released, and build what is released")
    check.add_argument("--tag", help="the tag of the release, which must name the version")


def _vendor(options: argparse.Namespace) -> str:
    from .document.vendor import vendor

    done = vendor(options.source, options.root)
    return f"vendored {done}; now run `make regenerate`"


def _regenerate(options: argparse.Namespace) -> str:
    from . import build

    built = (build.check if options.check else build.regenerate)(options.root)
    lines = [f"  {count:4} {name}" for name, count in built.rules.items()]
    lines += [f"what a correction replaces has changed: {doubt}" for doubt in built.doubts]
    counts = built.lock.counts
    done = "is what the generator makes" if options.check else "is new"
    lines.append(f"clerk_generated {done}: {counts['operations']} operations, {counts['models']} models")
    return "\n".join(lines)


def _bump(options: argparse.Namespace) -> str:
    from .release.bump import bump

    bumped = bump(options.source, options.root, accept=options.accept, force=options.force)
    if options.report:
        options.report.write_text(bumped.markdown, encoding="utf-8")
    return f"{bumped.text}\n\nclerk_generated is new, CHANGELOG.md drafted; review, test and commit"


def _report(options: argparse.Namespace) -> str:
    from .release.bump import report

    told = report(options.root)
    if options.report:
        options.report.write_text(told.markdown, encoding="utf-8")
    return told.text


def _words(options: argparse.Namespace) -> str:
    from .release import drafts

    lines = [f"{action.place}: drafted: {action.target}" for action in drafts.marked(options.root)]
    lines += [f"no words: {draft.target}: {draft.action['update']}" for draft in drafts.without_words(options.root)]
    return "\n".join(lines).replace(f"{options.root}/", "") or "everything has words that somebody wrote"


def _look(options: argparse.Namespace) -> str:
    from .release.look import LISTING, newer_document

    return f"spec={newer_document(options.listing or LISTING, options.root) or ''}"


def _release_check(options: argparse.Namespace) -> str:
    from .release.check import check

    return check(options.root, options.tag)


_COMMANDS = {
    "vendor": _vendor,
    "regenerate": _regenerate,
    "bump": _bump,
    "report": _report,
    "words": _words,
    "look": _look,
    "release-check": _release_check,
}


if __name__ == "__main__":
    sys.exit(main())
