"""Looks up the addresses of hosts within a time limit, which the system's lookup doesn't have.

Each lookup runs in a thread of its own. If it takes too long, callers go on without it; whoever asks for the same host
meanwhile waits for the same lookup, so that no more than one thread per host is left waiting for a resolver that is
silent.
"""

from __future__ import annotations

import os
import socket
import threading


class _Lookup:
    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._is_done = threading.Event()
        self._found: list[str] | BaseException = []

    def run(self) -> None:
        """Look the host up, in this thread."""
        try:
            answers = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
            self._found = list(dict.fromkeys(str(address[0]) for *_, address in answers)) or [self._host]
        except UnicodeError as error:  # not a valid host name: too long, for example
            self._found = OSError(str(error))
        except BaseException as error:  # noqa: BLE001  raised again in the threads that wait for it
            self._found = error
        finally:
            if _pending.get((self._host, self._port)) is self:
                del _pending[self._host, self._port]
            self._is_done.set()

    def addresses(self, timeout: float | None) -> list[str]:
        """Wait for the addresses."""
        if not self._is_done.wait(timeout):
            raise TimeoutError(f"the lookup of the host {self._host} timed out")
        if isinstance(self._found, BaseException):
            raise self._found
        return list(self._found)


_pending: dict[tuple[str, int], _Lookup] = {}
if hasattr(os, "register_at_fork"):  # the threads don't exist in the new process
    os.register_at_fork(after_in_child=_pending.clear)


def look_up(host: str, port: int, timeout: float | None) -> list[str]:
    """Return the addresses of a host, at least one.

    Args:
        host: The host's name.
        port: The port to connect to.
        timeout: How many seconds to wait; None for as long as the system takes.

    Raises:
        TimeoutError: It took longer.
        OSError: The host isn't known.
    """
    mine = _Lookup(host, port)
    if timeout is None:
        mine.run()
        return mine.addresses(None)
    lookup = _pending.setdefault((host, port), mine)  # atomic, so that only one of two threads starts it
    if lookup is mine:
        try:
            threading.Thread(target=mine.run, name="clerk-lookup", daemon=True).start()
        except RuntimeError:  # no more threads can be started, for example while the interpreter shuts down
            mine.run()
    return lookup.addresses(timeout)


__all__ = ["look_up"]
