"""`python -m clerk.testing`: the local service over HTTP, for any language."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial

from clerk._webhook_keys import VARIABLE

from . import SECRET_KEY, SIGNING_SECRET, LocalClerk
from ._events.forwarding import forwarding
from ._events.table import event_table
from ._http.access import Access
from ._http.server import HOST, LocalServer
from ._operations import operation_table


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until somebody presses Ctrl-C.

    Args:
        arguments: The command line without the program's name; by default that of the process.

    Returns:
        The exit code: 0, or 2 if the port is taken.
    """
    options = _parser().parse_args(arguments)
    if options.table:
        print(operation_table(), end="")
        return 0
    if options.events:
        print(event_table(), end="")
        return 0
    local = LocalClerk(secret_key=options.secret_key)
    local.seed_users(options.seed_users)
    access = Access(options.allow_host, options.allow_origin)
    try:
        server = LocalServer(local._service, options.port, access)  # noqa: SLF001  # the same package
    except (OSError, OverflowError) as error:
        print(f"error: cannot serve on {HOST}:{options.port}: {error}", file=sys.stderr)
        return 2
    with server, _webhooks(local, options.webhooks) as secret:
        print(f"CLERK_API_URL={server.url}\nCLERK_SECRET_KEY={local.secret_key}{secret}", flush=True)
        with suppress(KeyboardInterrupt):  # the normal way to stop it
            server.serve_forever()
    return 0


@contextmanager
def _webhooks(local: LocalClerk, url: str | None) -> Iterator[str]:
    """Forward events to an endpoint, if there is one; return the line that shows its signing secret."""
    if url is None:
        yield ""
        return
    secret = os.environ.get(VARIABLE, "").strip() or SIGNING_SECRET
    tell = partial(print, file=sys.stderr, flush=True)
    with forwarding(url, secret, local._service.core.listeners, tell):  # noqa: SLF001  # the same package
        yield f"\n{VARIABLE}={secret}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m clerk.testing",
        description="Serve a local, stateful Clerk Backend API on 127.0.0.1; press Ctrl-C to stop.",
    )
    parser.add_argument(
        "--port", type=int, default=4010, help="the port; 0 for any that is free (default: %(default)s)"
    )
    parser.add_argument(
        "--secret-key", default=SECRET_KEY, help="the secret key that requests must have (default: %(default)s)"
    )
    parser.add_argument("--seed-users", type=_count, default=0, metavar="N", help="start with N users")
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="HOST",
        help="accept requests for this host as well as localhost; may be given several times, * for any",
    )
    parser.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="let pages of this origin call it from a browser; may be given several times, * for any",
    )
    parser.add_argument("--webhooks", metavar="URL", help="post events to this URL as they happen, signed like Clerk's")
    parser.add_argument("--table", action="store_true", help="print how each operation is answered, and exit")
    parser.add_argument("--events", action="store_true", help="print which events it causes, and exit")
    return parser


def _count(text: str) -> int:
    count = int(text)
    if count < 0:
        raise ValueError(text)
    return count


if __name__ == "__main__":
    sys.exit(main())
