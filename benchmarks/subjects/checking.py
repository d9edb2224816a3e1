"""Authentication with a cached public key, and webhooks."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

from .. import payloads
from ..benchmark import check

Check = Callable[[], object]

PARTIES = ["https://app.example.com"]
_BROWSER = {
    "Host": "api.example.com",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Accept": "*/*",
    "Accept-Language": "en-US,en;q=0.5",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Origin": PARTIES[0],
    "Referer": f"{PARTIES[0]}/",
    "Connection": "keep-alive",
}


class Signed(NamedTuple):
    """A session token, and the key that it can be checked with.

    Attributes:
        token: The token.
        pem: The public key in PEM.
        public: The same as an object of cryptography.
    """

    token: str
    pem: str
    public: Any  # cryptography may not be installed


def signed(*, of_organization: bool = False) -> Signed:
    """Make a key, and a token signed with it.

    Args:
        of_organization: Whether the user has an active organization.
    """
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    padding = import_module("cryptography.hazmat.primitives.asymmetric.padding")
    key, now = generate_private_key(public_exponent=65537, key_size=2048), int(time.time())
    header = {"alg": "RS256", "cat": "cl_B7d4PD111AAA", "kid": "ins_2GIoQhbUpy0hX7B2cVkuTMinXoD", "typ": "JWT"}
    claims: dict[str, object] = {
        "azp": PARTIES[0],
        "exp": now + 3600,
        "fva": [3, -1],
        "iat": now,
        "iss": "https://clerk.example.com",
        "jti": "72d0402675598b87acca",
        "nbf": now - 10,
        "sid": "sess_2GIoQhbUpy0hX7B2cVkuTMinXoD",
        "sts": "active",
        "sub": "user_2GIoQhbUpy0hX7B2cVkuTMinXoD",
        "v": 2,
    }
    if of_organization:
        organization = {"fpm": "3,1", "id": "org_2GIoQhbUpy0hX7B2cVkuTMinXoD", "per": "create,read", "rol": "admin"}
        claims |= {"fea": "o:invoices,o:reports", "o": {**organization, "slg": "acme"}}
    parts = ".".join(_base64(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
    signature = key.sign(parts.encode(), padding.PKCS1v15(), SHA256())
    public = key.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return Signed(f"{parts}.{_base64(signature)}", pem, public)


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def bare() -> Check:
    """Check the signature alone, with `cryptography`."""
    made = signed()
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    data, _, text = made.token.rpartition(".")
    content, signature = data.encode(), base64.urlsafe_b64decode(text + "==")
    return lambda: made.public.verify(signature, content, PKCS1v15(), SHA256())


def clerk_token() -> Check:
    """Check a token with `verify_token`."""
    from clerk import ClerkClient

    made = signed()
    client = ClerkClient(jwt_key=made.pem)
    check(client.verify_token(made.token)["v"] == 2)
    return lambda: client.verify_token(made.token)


def clerk_request() -> Check:
    """Check a request with `authenticate_request`."""
    return _clerk_request(signed())


def clerk_request_of_organization() -> Check:
    """Check the request of an organization's member with `authenticate_request`."""
    return _clerk_request(signed(of_organization=True))


def _clerk_request(made: Signed) -> Check:
    from clerk import ClerkClient

    client, headers = ClerkClient(jwt_key=made.pem), {**_BROWSER, "Authorization": f"Bearer {made.token}"}
    check(client.authenticate_request(headers, authorized_parties=PARTIES).is_authenticated)
    return lambda: client.authenticate_request(headers, authorized_parties=PARTIES)


def official_token() -> Check:
    """Check a token with the official SDK."""
    made, security = signed(), _official()
    options = security.VerifyTokenOptions(jwt_key=made.pem)
    check(security.verify_token(made.token, options)["v"] == 2)
    return lambda: security.verify_token(made.token, options)


def official_request() -> Check:
    """Check a request with the official SDK."""
    import httpx

    made, security = signed(), _official()
    request = httpx.Request(
        "GET", "https://api.example.com/", headers={**_BROWSER, "Authorization": f"Bearer {made.token}"}
    )
    options = security.AuthenticateRequestOptions(jwt_key=made.pem, authorized_parties=PARTIES)
    authenticate: Callable[..., Any] = import_module("clerk_backend_api.security").authenticate_request
    check(authenticate(request, options).is_signed_in)
    return lambda: authenticate(request, options)


def _official() -> Any:  # a module that has no types here
    return import_module("clerk_backend_api.security")


_SECRET = base64.b64encode(b"a benchmark's signing secret").decode()
_EVENT = json.dumps({"object": "event", "type": "user.created", "data": payloads.user(0)}).encode()


def _signed_event() -> tuple[bytes, dict[str, str], bytes]:
    key, moment = base64.b64decode(_SECRET), str(int(time.time()))
    text = b"msg_1." + moment.encode() + b"." + _EVENT
    signature = base64.b64encode(hmac.digest(key, text, "sha256")).decode()
    return key, {"svix-id": "msg_1", "svix-timestamp": moment, "svix-signature": f"v1,{signature}"}, text


def bare_hmac() -> Check:
    """Check the signature of a webhook alone, and read its JSON."""
    key, headers, text = _signed_event()
    expected = headers["svix-signature"].encode()

    def verify() -> object:
        found = b"v1," + base64.b64encode(hmac.digest(key, text, "sha256"))
        check(hmac.compare_digest(found, expected))
        return json.loads(_EVENT)

    return verify


def clerk_webhook() -> Check:
    """Verify a webhook, and read its event."""
    from clerk import verify_webhook

    _, headers, _ = _signed_event()
    verify_webhook(_EVENT, headers, signing_secret=_SECRET)
    return lambda: verify_webhook(_EVENT, headers, signing_secret=_SECRET, tolerance=3600)
