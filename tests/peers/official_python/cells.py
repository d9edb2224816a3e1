"""Runs code written for Clerk's SDK for Python: a JSON list of cells comes in, their outcomes go out."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from tests.peers.cells import run
from tests.peers.official_python.steps import sdk, security

httpx: Any = import_module("httpx")  # of the peer's environment
utils: Any = import_module("clerk_backend_api.utils")


def names() -> dict[str, Any]:  # what the cells are about
    """Return what the cells may use."""
    url, key = f"{os.environ['CLERK_API_URL']}/v1", os.environ["CLERK_SECRET_KEY"]
    clerk = sdk.Clerk(server_url=url, bearer_auth=key, retry_config=None)
    request = SimpleNamespace(headers={"Authorization": "Bearer forged"})
    try:
        error = clerk.users.get(user_id="user_missing")
    except sdk.models.ClerkErrors as refused:
        error = refused
    return {
        "AuthenticateRequestOptions": security.AuthenticateRequestOptions,
        "BackoffStrategy": utils.BackoffStrategy,
        "Clerk": sdk.Clerk,
        "RetryConfig": utils.RetryConfig,
        "clerk": clerk,
        "error": error,
        "httpx": httpx,
        "json": json,
        "logging": logging,
        "models": sdk.models,
        "picture": b"\x89PNG\r\n\x1a\n",
        "request": request,
        "state": clerk.authenticate_request(request, security.AuthenticateRequestOptions()),
        "user": clerk.users.list(request={})[0],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(run(json.load(sys.stdin), names()))))
