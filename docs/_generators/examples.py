"""A short call of every method, for the reference; the tests run each of them."""

from __future__ import annotations

import re
from typing import NamedTuple

from generator.names import snake_case

from .signatures import Method

_WIDTH = 60
_ID = "2NNEqL2nrIRdJ194ndJqAHwEfxC"  # the form that ids have
_MOMENT = "datetime(2030, 1, 31, tzinfo=UTC)"

# What is shown for a parameter of a name, wherever it stands.
_VALUES = {
    "action": '"increase"',
    "actor": '{"sub": "user_2staff"}',
    "amount": "500",
    "claims": '{"role": "{{user.public_metadata.role}}"}',
    "code": '"123456"',
    "email_address": '"ada@example.com"',
    "expired_token": "expired_token",
    "extend_to": _MOMENT,
    "file": '"ada.png"',
    "first_name": '"Ada"',
    "from_": '{"address": "hello@example.com"}',
    "identifier": '"ada@example.com"',
    "is_satellite": "True",
    "mappings": '[{"scim_group_id": "group_1", "role_id": "role_1"}]',
    "on_behalf_of": f'{{"user_id": "user_{_ID}"}}',
    "password": "password",
    "permissions": '"*"',
    "phone_number": '"+15555550100"',
    "previous_token_ttl": "3600",
    "provider": '"oauth_google"',
    "redirect_url": '"https://app.example.com/done"',
    "refresh_token": "refresh_token",
    "request_origin": '"https://app.example.com"',
    "role": '"org:member"',
    "role_keys": '["org:member"]',
    "role_set_key_or_id": '"role_set:default"',
    "roles": '["org:admin", "org:member"]',
    "secret": "secret",
    "slug": '"verification_code"',
    "subject": f'"user_{_ID}"',
    "template_type": '"email"',
    "to": f'{{"user_id": "user_{_ID}"}}',
    "token": "token",
    "url": '"https://app.example.com/done"',
    "user_ids": f'["user_{_ID}"]',
}
_MESSAGE = (
    '{"from": {"address": "hello@example.com"}, "to": {"address": "ada@example.com"},'
    ' "subject": "Welcome", "text": "Welcome aboard."}'
)
# Where the same name means something else.
_VALUES_OF = {
    "emails.create_batch": {"messages": f"[{_MESSAGE}]"},
    "domains.add": {"name": '"app.example.org"'},
    "emails.create": {"subject": '"Welcome"', "text": '"Welcome aboard."', "to": '{"address": "ada@example.com"}'},
    "idp_oauth_access_token.verify": {"access_token": "token"},
    "jwt_templates.create": {"name": '"reports"'},
    "organization_permissions.create_organization_permission": {"key": '"org:invoices:create"'},
    "organization_roles.create_organization_role": {"key": '"org:editor"'},
    "role_sets.create_role_set": {"default_role_key": '"org:member"', "creator_role_key": '"org:admin"'},
    "role_sets.replace_role_in_role_set": {"role_key": '"org:member"', "to_role_key": '"org:admin"'},
    "beta_features.change_domain": {"home_url": '"https://example.com"'},
    "beta_features.update_domain": {"home_url": '"https://example.com"'},
    "beta_features.update_instance_settings": {"from_email_address": '"hello"'},
    "domains.update": {"name": '"satellite.example.com"'},
    "instance.change_domain": {"home_url": '"https://example.com"'},
    "instance.update": {"allowed_origins": '["https://app.example.com"]'},
    "instance.update_communication": {"blocked_country_codes": '["AQ"]'},
    "organizations.create_organization_domain": {"name": '"example.com"'},
    "role_sets.replace_role_set": {"dest_role_set_key": '"role_set:teams"'},
    "enterprise_connections.create_enterprise_connection": {
        "provider": '"oidc_custom"',
        "domains": '["example.com"]',
    },
    "invitations.create_invitation_bulk": {"body": '[{"email_address": "ada@example.com"}]'},
    "m2m.list": {"subject": f'"mch_{_ID}"'},
    "organizations.create_organization_invitation_bulk": {
        "body": '[{"email_address": "ada@example.com", "role": "org:member"}]'
    },
    "saml_connections.create_saml_connection": {"provider": '"saml_okta"', "domain": '"example.com"'},
    "users.create_user": {"email_address": '["ada@example.com"]'},
    "waitlist_entries.create_bulk": {"body": '[{"email_address": "ada@example.com"}]'},
}
# Keywords that make an example tell more than what is required.
_TELLING = {
    "create": ("email_address", "first_name", "name"),
    "list": ("limit",),
}
# Of a method that changes something and requires nothing, the first of these that it has.
_CHANGES = ("public_metadata", "first_name", "name", "verified", "external_id", "enabled")
_PREFIXES = {
    "api_key": "ak",
    "client": "client",
    "email_address": "idn",
    "id": "sua",
    "invitation": "inv",
    "machine": "mch",
    "organization": "org",
    "phone_number": "idn",
    "session": "sess",
    "user": "user",
    "verification": "ver",
}
_SECRETS = {"expired_token", "password", "refresh_token", "secret", "token"}


class Example(NamedTuple):
    """An example with the sync client and with the async one."""

    sync: str
    awaited: str


def call(sub_api: str, method: Method) -> Example:
    """Write an example of a method."""
    given = _arguments(sub_api, method)
    called = f"clerk_client.{sub_api}.{method.name}"
    lines = _imports(given)
    text = _use(method, _laid_out(called, given))
    awaited = _use(method, _laid_out(f"async_{called}", given), awaited=True)
    return Example(
        "\n".join(["from clerk import clerk_client", *lines, "", text]),
        "\n".join(["from clerk import async_clerk_client", *lines, "", awaited]),
    )


def _laid_out(called: str, given: list[str]) -> str:
    """Write a call, each argument on a line of its own where it would be too wide for a page."""
    line = f"{called}({', '.join(given)})"
    if len(line) <= _WIDTH or not given:
        return line
    return f"{called}(\n" + "".join(f"    {argument},\n" for argument in given) + ")"


def _arguments(sub_api: str, method: Method) -> list[str]:
    kind = "list" if "Page[" in method.returns else method.name.partition("_")[0]
    wanted = _TELLING.get(kind, ())
    place = f"{sub_api}.{method.name}"
    arguments = []
    for value in method.parameters:
        shown = _value(place, value.name, value.annotation)
        if value.is_positional:
            arguments += [shown] if value.is_required else []
        elif value.is_required or value.name in wanted or value.name in _VALUES_OF.get(place, {}):
            arguments.append(f"{value.name}={shown}")
    keywords = {value.name: value for value in method.parameters if not value.is_positional}
    if kind in ("add", "update", "replace", "change", "set", "upsert") and keywords and "=" not in str(arguments):
        name = next((name for name in _CHANGES if name in keywords), next(iter(keywords)))
        arguments.append(f"{name}={_value(place, name, keywords[name].annotation)}")
    return arguments


def _value(place: str, name: str, annotation: str) -> str:
    values = _VALUES | _VALUES_OF.get(place, {})
    if name in values:
        return values[name]
    if name == "limit":
        return "100"
    if name.endswith("_id") or name == "id":
        kind = name.removesuffix("_id")
        return f'"{_PREFIXES.get(kind, kind)}_{_ID}"'
    if "list[" in annotation or "Sequence[" in annotation:
        return "[]"
    if annotation.startswith("int"):
        return "1"
    if annotation.startswith("bool"):
        return "True"
    if annotation.startswith("Mapping["):
        return '{"plan": "pro"}'
    return f'"{_text(name)}"'


def _text(name: str) -> str:
    if name.endswith("key"):
        return "org:editor" if "role" in name else "key-1"
    return {"agent_name": "Deputy", "task_description": "Tidy up", "nonce": "nonce"}.get(name, "Engines")


def _imports(given: list[str]) -> list[str]:
    return ["", "from datetime import UTC, datetime"] if any(_MOMENT in text for text in given) else []


def _use(method: Method, called: str, *, awaited: bool = False) -> str:
    page = re.fullmatch(r"(?:Async)?Page\[(\w+)\]", method.returns)
    if page:
        name = snake_case(page[1])
        head = f"page = await {called}\nasync for" if awaited else f"page = {called}\nfor"
        return f"{head} {name} in page.auto_paging_iter():\n    print({name})"
    text = f"await {called}" if awaited else called
    if method.returns == "None":
        return text
    name = snake_case(re.sub(r"\W.*", "", method.returns))
    return f"{name if name not in ('list', 'str', 'int') else 'found'} = {text}"


__all__ = ["Example", "call"]
