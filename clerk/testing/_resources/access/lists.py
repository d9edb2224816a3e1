"""The lists of identifiers that may sign up, and that may not; and redirect URLs."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ..._answers import JSON, not_found, refusal
from ..._handling import checks as checks
from ..._handling.call import Call, answers
from ..._handling.listing import bare_page, page
from ..._store.tables import Record, Table
from .invitations import invite


@answers("CreateAllowlistIdentifier", "CreateBlocklistIdentifier")
def create_identifier(call: Call) -> JSON:
    """POST /allowlist_identifiers and /blocklist_identifiers."""
    table, kind = _table(call)
    identifier, identifier_type = _classified(call.body["identifier"])
    if table.find("identifier", identifier):
        raise refusal("duplicate_record", "The list has this identifier already.", identifiers=[identifier])
    record = call.state.stamped(
        "alid" if kind == "allowlist" else "blid",
        object=f"{kind}_identifier",
        identifier=identifier,
        identifier_type=identifier_type,
        instance_id=call.state.instance_id,
    )
    if call.body.get("notify") and identifier_type == "email_address" and "*" not in identifier:
        record["invitation_id"] = invite(call, {"email_address": identifier, "ignore_existing": True})["id"]
    return shown(table.add(record))


@answers("ListAllowlistIdentifiers")
def list_allowed(call: Call) -> JSON:
    """GET /allowlist_identifiers."""
    return bare_page(call, call.state.allowlist.newest(), shown)


@answers("ListBlocklistIdentifiers")
def list_blocked(call: Call) -> JSON:
    """GET /blocklist_identifiers."""
    return page(call, call.state.blocklist.newest(), shown)


@answers("DeleteAllowlistIdentifier", "DeleteBlocklistIdentifier")
def delete_identifier(call: Call) -> JSON:
    """DELETE /allowlist_identifiers/{identifier_id} and /blocklist_identifiers/{identifier_id}."""
    table, kind = _table(call)
    identifier = call.path["identifier_id"]
    if identifier not in table:
        raise not_found(f"identifier of the {kind}", identifier)
    table.remove(identifier)
    return {"object": f"{kind}_identifier", "id": identifier, "deleted": True}


@answers("CreateRedirectURL")
def create_redirect_url(call: Call) -> JSON:
    """POST /redirect_urls."""
    url = call.body["url"]
    if not _is_url(url):
        raise checks.malformed("url", "a URL with its scheme")
    if call.state.redirect_urls.find("url", url):
        raise refusal("duplicate_record", "There is this redirect URL already.", param_name="url")
    return shown(call.state.redirect_urls.add(call.state.stamped("ru", object="redirect_url", url=url)))


@answers("ListRedirectURLs")
def list_redirect_urls(call: Call) -> JSON:
    """GET /redirect_urls."""
    return bare_page(call, call.state.redirect_urls.newest(), shown)


@answers("GetRedirectURL")
def get_redirect_url(call: Call) -> JSON:
    """GET /redirect_urls/{id}."""
    return shown(_redirect_url(call))


@answers("DeleteRedirectURL")
def delete_redirect_url(call: Call) -> JSON:
    """DELETE /redirect_urls/{id}."""
    record = call.state.redirect_urls.remove(_redirect_url(call)["id"])
    return {"object": "redirect_url", "id": record["id"], "deleted": True}


def shown(record: Record) -> JSON:
    """Return a record without what is not for the outside."""
    return {name: value for name, value in record.items() if name[0] != "_"}


def _table(call: Call) -> tuple[Table, str]:
    allowed = "Allowlist" in call.operation.id
    return (call.state.allowlist, "allowlist") if allowed else (call.state.blocklist, "blocklist")


def _classified(identifier: str) -> tuple[str, str]:
    if re.fullmatch(r"\*@.+", identifier):
        return "*@" + checks.domain(identifier[2:], "identifier"), "email_address"
    if "@" in identifier:
        return checks.email_address(identifier, "identifier"), "email_address"
    if identifier.startswith("+"):
        return checks.phone_number(identifier, "identifier"), "phone_number"
    return checks.web3_wallet(identifier, "identifier"), "web3_wallet"


def _redirect_url(call: Call) -> Record:
    record = call.state.redirect_urls.get(call.path["id"])
    if record is None:
        raise not_found("redirect URL", call.path["id"])
    return record


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(parts.scheme and (parts.netloc or parts.path.strip("/")))
