"""The generator's command line: vendor, regenerate, bump, report, words, look, release-check."""

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
        arguments: The command line without the program's name; None for that of the process.

    Returns:
        The exit code: 0, or 2 if the input or the tree is wrong.
    """
    parser = argparse.ArgumentParser(prog="python -m generator", description=__doc__)
    parser.add_argument("--root", type=Path, default=_ROOT, help="the project's folder (default: this one)")
    commands = parser.add_subparsers(dest="command", required=True)
    vendor = commands.add_parser("vendor", help="import a document of the Backend API or of the webhooks")
    vendor.add_argument("source", metavar="SPEC", help="file or URL of the document")
    regenerate = commands.add_parser("regenerate", help="generate clerk_generated from openapi/")
    regenerate.add_argument(
        "--check", action="store_true", help="change nothing; fail if clerk_generated is out of date"
    )
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
    bump = commands.add_parser("bump", help="import a document, regenerate, report, write version and changelog")
    bump.add_argument("source", metavar="SPEC", help="file or URL of the document")
    bump.add_argument("--accept", action="store_true", help="accept the proposals where overlays or layout don't fit")
    bump.add_argument("--force", action="store_true", help="accept a document that is older than the vendored one")
    bump.add_argument("--report", type=Path, metavar="FILE", help="write the report there, as Markdown")
    report = commands.add_parser("report", help="report what has changed since the last release")
    report.add_argument("--report", type=Path, metavar="FILE", help="write the report there, as Markdown")
    commands.add_parser("words", help="list drafted descriptions, and what has no description")
    look = commands.add_parser("look", help="print the newest document, if it is newer than the vendored one")
    look.add_argument("listing", metavar="LISTING", nargs="?", help="a file or URL that lists Clerk's documents")
    check = commands.add_parser("release-check", help="check that the tree can be released, and build what is released")
    check.add_argument("--tag", help="the tag of the release; it must match the version")


def _vendor(options: argparse.Namespace) -> str:
    from .document.vendor import vendor

    done = vendor(options.source, options.root)
    return f"vendored {done}; now run `make regenerate`"


def _regenerate(options: argparse.Namespace) -> str:
    from . import build

    built = (build.check if options.check else build.regenerate)(options.root)
    lines = [f"  {count:4} {name}" for name, count in built.rules.items()]
    lines += [f"a correction replaces another value than before: {doubt}" for doubt in built.doubts]
    counts = built.lock.counts
    done = "is up to date" if options.check else "was regenerated"
    lines.append(f"clerk_generated {done}: {counts['operations']} operations, {counts['models']} models")
    return "\n".join(lines)


def _bump(options: argparse.Namespace) -> str:
    from .release.bump import bump

    bumped = bump(options.source, options.root, accept=options.accept, force=options.force)
    if options.report:
        options.report.write_text(bumped.markdown, encoding="utf-8")
    return f"{bumped.text}\n\nclerk_generated was regenerated and CHANGELOG.md drafted; review, test and commit"


def _report(options: argparse.Namespace) -> str:
    from .release.bump import report

    told = report(options.root)
    if options.report:
        options.report.write_text(told.markdown, encoding="utf-8")
    return told.text


def _words(options: argparse.Namespace) -> str:
    from .release import drafts

    lines = [f"{action.place}: drafted: {action.target}" for action in drafts.marked(options.root)]
    lines += [f"no description: {draft.target}: {draft.update}" for draft in drafts.without_words(options.root)]
    return "\n".join(lines).replace(f"{options.root}/", "") or "everything is described, and no description is a draft"


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
