"""`python -m clerk.testing`: the local service over HTTP, for any language."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import suppress

from . import SECRET_KEY, LocalClerk
from ._http.access import Access
from ._http.server import HOST, LocalServer
from ._operations import operation_table


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until somebody presses Ctrl-C.

    Args:
        arguments: The command line, without the program; what the process was started with by default.

    Returns:
        The exit code: 0, or 2 where the port is taken.
    """
    options = _parser().parse_args(arguments)
    if options.table:
        print(operation_table(), end="")
        return 0
    local = LocalClerk(secret_key=options.secret_key)
    local.seed_users(options.seed_users)
    access = Access(options.allow_host, options.allow_origin)
    try:
        server = LocalServer(local._service, options.port, access)  # noqa: SLF001  # the same package
    except (OSError, OverflowError) as error:
        print(f"error: cannot serve on {HOST}:{options.port}: {error}", file=sys.stderr)
        return 2
    with server:
        print(f"CLERK_API_URL={server.url}\nCLERK_SECRET_KEY={local.secret_key}", flush=True)
        with suppress(KeyboardInterrupt):  # that is how it is ended
            server.serve_forever()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m clerk.testing",
        description="Serve a local, stateful Clerk Backend API on 127.0.0.1; Ctrl-C ends it.",
    )
    parser.add_argument(
        "--port", type=int, default=4010, help="the port; 0 for any that is free (default: %(default)s)"
    )
    parser.add_argument("--secret-key", default=SECRET_KEY, help="the key to ask for (default: %(default)s)")
    parser.add_argument("--seed-users", type=_count, default=0, metavar="N", help="begin with N users")
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="HOST",
        help="let in requests that ask for this host, beside localhost; may be given several times, * for any",
    )
    parser.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="let pages of this origin call it from a browser; may be given several times, * for any",
    )
    parser.add_argument("--table", action="store_true", help="print how each operation is answered, and end")
    return parser


def _count(text: str) -> int:
    count = int(text)
    if count < 0:
        raise ValueError(text)
    return count


if __name__ == "__main__":
    sys.exit(main())
