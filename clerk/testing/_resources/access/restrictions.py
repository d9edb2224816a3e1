"""The allowlist and the blocklist of identifiers, and redirect URLs."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ..._answers import JSON, not_found, refusal
from ..._handling import checks as checks
from ..._handling.listing import bare_page, page
from ..._handling.request import CheckedRequest, answers
from ..._store.tables import Record, Table
from .invitations import invite


@answers("CreateAllowlistIdentifier", "CreateBlocklistIdentifier")
def create_identifier(request: CheckedRequest) -> JSON:
    """POST /allowlist_identifiers and /blocklist_identifiers."""
    table, kind = _table(request)
    identifier, identifier_type = _classified(request.body["identifier"])
    if table.find("identifier", identifier):
        raise refusal("duplicate_record", "The list already has this identifier.", identifiers=[identifier])
    record = request.state.stamped(
        "alid" if kind == "allowlist" else "blid",
        object=f"{kind}_identifier",
        identifier=identifier,
        identifier_type=identifier_type,
        instance_id=request.state.instance_id,
    )
    if request.body.get("notify") and identifier_type == "email_address" and "*" not in identifier:
        record["invitation_id"] = invite(request, {"email_address": identifier, "ignore_existing": True})["id"]
    return shown(table.add(record))


@answers("ListAllowlistIdentifiers")
def list_allowed(request: CheckedRequest) -> JSON:
    """GET /allowlist_identifiers."""
    return bare_page(request, request.state.allowlist.newest(), shown)


@answers("ListBlocklistIdentifiers")
def list_blocked(request: CheckedRequest) -> JSON:
    """GET /blocklist_identifiers."""
    return page(request, request.state.blocklist.newest(), shown)


@answers("DeleteAllowlistIdentifier", "DeleteBlocklistIdentifier")
def delete_identifier(request: CheckedRequest) -> JSON:
    """DELETE /allowlist_identifiers/{identifier_id} and /blocklist_identifiers/{identifier_id}."""
    table, kind = _table(request)
    identifier = request.path["identifier_id"]
    if identifier not in table:
        raise not_found(f"identifier of the {kind}", identifier)
    table.remove(identifier)
    return {"object": f"{kind}_identifier", "id": identifier, "deleted": True}


@answers("CreateRedirectURL")
def create_redirect_url(request: CheckedRequest) -> JSON:
    """POST /redirect_urls."""
    url = request.body["url"]
    if not _is_url(url):
        raise checks.malformed("url", "a URL with its scheme")
    if request.state.redirect_urls.find("url", url):
        raise refusal("duplicate_record", "This redirect URL already exists.", param_name="url")
    return shown(request.state.redirect_urls.add(request.state.stamped("ru", object="redirect_url", url=url)))


@answers("ListRedirectURLs")
def list_redirect_urls(request: CheckedRequest) -> JSON:
    """GET /redirect_urls."""
    return bare_page(request, request.state.redirect_urls.newest(), shown)


@answers("GetRedirectURL")
def get_redirect_url(request: CheckedRequest) -> JSON:
    """GET /redirect_urls/{id}."""
    return shown(_redirect_url(request))


@answers("DeleteRedirectURL")
def delete_redirect_url(request: CheckedRequest) -> JSON:
    """DELETE /redirect_urls/{id}."""
    record = request.state.redirect_urls.remove(_redirect_url(request)["id"])
    return {"object": "redirect_url", "id": record["id"], "deleted": True}


def shown(record: Record) -> JSON:
    """Return a record without its internal fields."""
    return {name: value for name, value in record.items() if name[0] != "_"}


def _table(request: CheckedRequest) -> tuple[Table, str]:
    allowed = "Allowlist" in request.operation.id
    return (request.state.allowlist, "allowlist") if allowed else (request.state.blocklist, "blocklist")


def _classified(identifier: str) -> tuple[str, str]:
    if re.fullmatch(r"\*@.+", identifier):
        return "*@" + checks.domain(identifier[2:], "identifier"), "email_address"
    if "@" in identifier:
        return checks.email_address(identifier, "identifier"), "email_address"
    if identifier.startswith("+"):
        return checks.phone_number(identifier, "identifier"), "phone_number"
    if not checks.is_web3_wallet(identifier):
        raise checks.malformed(
            "identifier", "an email address, *@ followed by a domain, a phone number or a wallet's address"
        )
    return identifier, "web3_wallet"


def _redirect_url(request: CheckedRequest) -> Record:
    record = request.state.redirect_urls.get(request.path["id"])
    if record is None:
        raise not_found("redirect URL", request.path["id"])
    return record


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(parts.scheme and (parts.netloc or parts.path.strip("/")))
