"""What the environment says about outgoing connections: proxies, and trusted certificate authorities."""

from __future__ import annotations

import os
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies

from ._errors import ClerkConfigurationError

IGNORE = "http_options={'trust_env': False} ignores the environment's proxies and certificates"


def proxy_of_environment(url: str) -> str | None:
    """Return the URL of the proxy that the environment names for a URL, or None."""
    # This also reads the system settings of Windows and macOS.
    proxies = getproxies()
    parts = urlsplit(url)
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or _is_exempt(proxies.get("no", ""), parts.scheme, parts.hostname or "", parts.port):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def variable_of_proxy(url: str) -> str:
    """Return the name of the environment variable that sets the proxy for a URL, for messages."""
    for name in (f"{urlsplit(url).scheme}_proxy", "all_proxy"):
        for spelt in (name, name.upper()):
            if os.environ.get(spelt):
                return f"the environment variable {spelt}"
    return "the system's setting"


def check_authorities() -> None:
    """Check the paths that the environment names.

    Raises:
        ClerkConfigurationError: One of them cannot be read.
    """
    for variable, is_there in (("SSL_CERT_FILE", Path.is_file), ("SSL_CERT_DIR", Path.is_dir)):
        if path := os.environ.get(variable):
            if not (is_there(Path(path)) and os.access(path, os.R_OK)):
                raise ClerkConfigurationError(
                    f"the environment variable {variable} names {path}, which cannot be read: correct it ({IGNORE})"
                )
            return  # the first one counts


def _is_exempt(no_proxy: str, scheme: str, host: str, port: int | None) -> bool:
    return any(_matches(entry.strip().lower(), scheme, host, port) for entry in no_proxy.split(","))


def _matches(entry: str, scheme: str, host: str, port: int | None) -> bool:
    if entry in ("", "*"):
        return entry == "*"
    if "://" in entry:
        wanted, _, entry = entry.partition("://")
        if wanted not in ("all", scheme):
            return False
    try:
        return ip_address(host) in ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        pass  # the host or the entry is a name, or the entry has a port
    name, _, number = entry.rpartition(":")
    if name and number.isdecimal():
        if int(number) != (port or {"http": 80, "https": 443}.get(scheme)):
            return False
        entry = name.strip("[]")
    if entry.startswith((".", "*.")):
        return host.endswith(entry.lstrip("*"))
    return host == entry or host.endswith(f".{entry}")


__all__ = ["IGNORE", "check_authorities", "proxy_of_environment", "variable_of_proxy"]
