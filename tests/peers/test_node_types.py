"""Clerk's client for Node.js and ours have the same methods, and take the same parameters.

What that client declares is compared with the corrected document, method by method: a new one shows here first.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from clerk.testing._document.operations import load_document
from generator.document.walk import Schema
from generator.prepare import layout
from tests.peers.node_types import ENDPOINTS, DeclaredMethod, declared_methods, snake_case

pytestmark = pytest.mark.skipif(not ENDPOINTS.is_dir(), reason="the client for Node.js is not installed: make env")

ROOT = Path(__file__).parents[2]
# Parameters by (sub-API, method) that are none of the operation's, each with what they are.
NOT_SENT = {
    ("__experimental_accountlessApplications", "createAccountlessApplication"): {"request_headers"},  # passed through
    ("__experimental_accountlessApplications", "completeAccountlessApplicationOnboarding"): {"request_headers"},
    ("actorTokens", "create"): {"k", "additional_properties"},  # any more properties of the actor
    ("domains", "update"): {"is_satellite"},  # its type is that of adding, and the operation takes none
    ("idPOAuthAccessToken", "verify"): {"audience"},  # compared with the answer
    ("m2m", "createToken"): {"machine_secret_key"},  # an option of the client
    ("m2m", "revokeToken"): {"machine_secret_key"},
    ("m2m", "verify"): {"machine_secret_key"},
    ("organizations", "getOrganization"): {"slug"},  # goes where the id goes
    ("organizations", "updateOrganization"): {"private_metadata", "public_metadata"},  # sent to /metadata
    ("organizations", "updateOrganizationDomain"): {"name"},  # its type is that of creating
    ("signUps", "update"): {"sign_up_attempt_id"},  # the id in the path
    ("users", "updateUser"): {"private_metadata", "public_metadata", "unsafe_metadata"},  # sent to /metadata
}


def ours() -> dict[tuple[str, str], layout.MethodEntry]:
    return {
        (sub_api.js, method.js): method
        for sub_api in layout.load(ROOT).sub_apis
        for method in sub_api.methods
        if sub_api.js and method.js
    }


def known(method: layout.MethodEntry) -> set[str]:
    """All names that the operations of a method know, at any depth."""
    operations = [load_document().operations[name] for name in method.operations]
    names = {snake_case(name) for operation in operations for name in operation.path_parameters}
    names |= {name.replace("-", "_") for operation in operations for name in (*operation.query, *operation.headers)}
    return names.union(*(properties(operation.body_schema) for operation in operations))


def properties(schema: Schema) -> set[str]:
    schema = load_document().resolve(schema)
    inner = list(schema.get("properties", {}).values())
    inner += [member for keyword in ("allOf", "anyOf", "oneOf") for member in schema.get(keyword, [])]
    inner += [schema["items"]] if "items" in schema else []
    return set(schema.get("properties", {})).union(*map(properties, inner))


def test_every_method_has_a_counterpart() -> None:
    declared = {(one.sub_api, one.name) for one in declared_methods()}
    assert len(declared) > 180
    assert declared - ours().keys() - {("m2m", "constructor")} == set()


@pytest.mark.parametrize("declared", list(declared_methods()), ids=lambda one: f"{one.sub_api}.{one.name}")
def test_every_parameter_is_known(declared: DeclaredMethod) -> None:
    method = ours().get((declared.sub_api, declared.name))
    if method is not None:
        allowed = NOT_SENT.get((declared.sub_api, declared.name), set())
        assert declared.parameters - known(method) == allowed


def test_the_declarations_are_read() -> None:
    """What is compared is more than names of types."""
    read = {(one.sub_api, one.name): one.parameters for one in declared_methods()}
    assert {"email_address", "skip_password_checks", "timezone"} <= read["users", "createUser"]
    assert {"limit", "offset", "order_by", "organization_id"} <= read["users", "getUserList"]
    assert {"attachments", "bcc", "filename", "user_id"} <= read["emails", "createBatch"]
