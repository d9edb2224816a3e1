"""Authentication with a cached public key, and webhooks."""

from __future__ import annotations

import base64
import hmac
import json
from importlib import import_module
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from clerk import ClerkClient, verify_webhook
from clerk.testing import SIGNING_SECRET, LocalClerk, sign_webhook

from .. import payloads
from ..benchmark import Work, check

PARTY = "https://app.example.com"
_HOUR = 3600
_BROWSER = {
    "Host": "api.example.com",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Accept": "*/*",
    "Accept-Language": "en-US,en;q=0.5",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Origin": PARTY,
    "Referer": f"{PARTY}/",
    "Connection": "keep-alive",
}


def _signed(*, of_organization: bool = False) -> tuple[str, str]:
    """Return a session token, and the key to check it with; the user may have an active organization."""
    with LocalClerk() as local, local.client() as client:
        user = client.users.create_user(email_address=["ada@example.com"])
        acme = client.organizations.create_organization(name="Acme", created_by=user.id) if of_organization else None
        token = local.session_token(user, organization=acme, expires_in=_HOUR, authorized_party=PARTY)
        return token, local.jwt_key


def bare_rsa() -> Work:
    """Check the signature alone, with `cryptography`."""
    token, pem = _signed()
    key: Any = load_pem_public_key(pem.encode())  # of RSA
    text, _, signature = token.rpartition(".")
    content, decoded = text.encode(), base64.urlsafe_b64decode(signature + "==")
    return lambda: key.verify(decoded, content, PKCS1v15(), SHA256())


def clerk_token() -> Work:
    """Check a token with `verify_token`."""
    token, pem = _signed()
    client = ClerkClient(jwt_key=pem)
    check(client.verify_token(token)["v"] == 2)
    return lambda: client.verify_token(token)


def clerk_request(*, of_organization: bool = False) -> Work:
    """Check a request with `authenticate_request`."""
    token, pem = _signed(of_organization=of_organization)
    client, headers = ClerkClient(jwt_key=pem), {**_BROWSER, "Authorization": f"Bearer {token}"}
    check(client.authenticate_request(headers, authorized_parties=[PARTY]).is_authenticated)
    return lambda: client.authenticate_request(headers, authorized_parties=[PARTY])


def official_token() -> Work:
    """Check a token with the official SDK."""
    (token, pem), security = _signed(), import_module("clerk_backend_api.security")
    options = security.VerifyTokenOptions(jwt_key=pem)
    check(security.verify_token(token, options)["v"] == 2)
    return lambda: security.verify_token(token, options)


def official_request() -> Work:
    """Check a request with the official SDK."""
    (token, pem), security = _signed(), import_module("clerk_backend_api.security")
    headers = {**_BROWSER, "Authorization": f"Bearer {token}"}
    request = httpx.Request("GET", "https://api.example.com/", headers=headers)
    options = security.AuthenticateRequestOptions(jwt_key=pem, authorized_parties=[PARTY])
    check(security.authenticate_request(request, options).is_signed_in)
    return lambda: security.authenticate_request(request, options)


_EVENT = json.dumps({"object": "event", "type": "user.created", "data": payloads.USER})


def bare_hmac() -> Work:
    """Check the signature of a webhook alone, and read its JSON."""
    headers = {name.lower(): value for name, value in sign_webhook(_EVENT).headers.items()}
    key, expected = base64.b64decode(SIGNING_SECRET.removeprefix("whsec_")), headers["svix-signature"].encode()
    text = f"{headers['svix-id']}.{headers['svix-timestamp']}.{_EVENT}".encode()

    def verify() -> object:
        found = b"v1," + base64.b64encode(hmac.digest(key, text, "sha256"))
        check(hmac.compare_digest(found, expected))
        return json.loads(_EVENT)

    return verify


def clerk_webhook() -> Work:
    """Verify a webhook, and read its event."""
    signed = sign_webhook(_EVENT)
    return lambda: verify_webhook(signed.body, signed.headers, signing_secret=SIGNING_SECRET, tolerance=_HOUR)
