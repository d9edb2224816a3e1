"""The types used by `authenticate_request` and `verify_token`, which are methods of both clients.

::

    from clerk import clerk_client

    state = clerk_client.authenticate_request(request, authorized_parties=["https://app.example.com"])
    if state.is_authenticated:
        print(state.auth.user_id)
"""

from __future__ import annotations

from ._auth import APIKeyAuth, Auth, M2MAuth, MachineAuth, NoAuth, OAuthAuth, SessionAuth
from ._request import PlainRequest
from ._state import RequestState
from ._types import (
    AcceptsToken,
    AnyRequest,
    AuthenticateRequestOptions,
    Claims,
    HasHeaders,
    Reason,
    Reverification,
    ReverificationLevel,
    Status,
    TokenType,
    VerifyTokenOptions,
)

__all__ = [
    "APIKeyAuth",
    "AcceptsToken",
    "AnyRequest",
    "Auth",
    "AuthenticateRequestOptions",
    "Claims",
    "HasHeaders",
    "M2MAuth",
    "MachineAuth",
    "NoAuth",
    "OAuthAuth",
    "PlainRequest",
    "Reason",
    "RequestState",
    "Reverification",
    "ReverificationLevel",
    "SessionAuth",
    "Status",
    "TokenType",
    "VerifyTokenOptions",
]
