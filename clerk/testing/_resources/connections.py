"""SAML and enterprise connections: stored as they are created."""

from __future__ import annotations

from .._answers import JSON
from .._handling.request import CheckedRequest, answers
from .._handling.stored import Resource, shaped

Resource(
    "SAML connection",
    "samlc",
    create="CreateSAMLConnection",
    listing="ListSAMLConnections",
    get="GetSAMLConnection",
    update="UpdateSAMLConnection",
    delete="DeleteSAMLConnection",
).register()

_CONNECTIONS = Resource(
    "enterprise connection",
    "entconn",
    create="CreateEnterpriseConnection",
    listing="ListEnterpriseConnections",
    get="GetEnterpriseConnection",
    update="UpdateEnterpriseConnection",
    delete="DeleteEnterpriseConnection",
)
_CONNECTIONS.register()


@answers("CreateEnterpriseConnectionTestRun", kind="stored")
def create_test_run(request: CheckedRequest) -> JSON:
    """POST /enterprise_connections/{enterprise_connection_id}/test_runs."""
    connection = _CONNECTIONS.find(request)
    fields = {"url": f"{request.api_url}/v1/enterprise_connections/test?connection={connection['id']}"}
    request.state.stored("test run").add(request.state.stamped("entctr", _connection=connection["id"]))
    return shaped(request.operation, fields)


@answers("ListEnterpriseConnectionTestRuns", kind="stored")
def list_test_runs(request: CheckedRequest) -> JSON:
    """GET /enterprise_connections/{enterprise_connection_id}/test_runs: it is always empty."""
    _CONNECTIONS.find(request)
    return {"data": [], "total_count": 0}
