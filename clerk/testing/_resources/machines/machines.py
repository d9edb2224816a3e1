"""Machines, their keys, and their scopes: which machines they may talk to."""

from __future__ import annotations

from ..._answers import JSON, not_found, refusal
from ..._handling import checks as checks
from ..._handling.listing import matches, page, sort
from ..._handling.request import CheckedRequest, answers
from ..._store.ids import secret
from ..._store.state import State
from ..._store.tables import Record

_SCOPES_LIMIT = 150


@answers("CreateMachine")
def create_machine(request: CheckedRequest) -> JSON:
    """POST /machines."""
    state, body = request.state, request.body
    machine = state.stamped(
        "mch",
        object="machine",
        name=body["name"],
        instance_id=state.instance_id,
        default_token_ttl=body.get("default_token_ttl", 3600),
        _secret=secret("ak_"),
    )
    state.machines.add(machine)
    scopes = list(dict.fromkeys(body.get("scoped_machines", [])))
    for identifier in scopes:
        if identifier not in state.machines:
            raise checks.invalid("scoped_machines", f"There is no machine with the id {identifier!r}.")
        _add_scope(state, machine["id"], identifier, "scoped_machines")
    return {**_show(state, machine), "secret_key": machine["_secret"]}


@answers("ListMachines")
def list_machines(request: CheckedRequest) -> JSON:
    """GET /machines."""
    fitting = [machine for machine in request.state.machines if matches(request.query.get("query"), machine, "name")]
    return page(request, sort(request, fitting, ("name", "created_at")), lambda machine: _show(request.state, machine))


@answers("GetMachine")
def get_machine(request: CheckedRequest) -> JSON:
    """GET /machines/{machine_id}."""
    return _show(request.state, _machine(request))


@answers("UpdateMachine")
def update_machine(request: CheckedRequest) -> JSON:
    """PATCH /machines/{machine_id}."""
    return _show(request.state, request.state.change(request.state.machines, _machine(request), **request.body))


@answers("DeleteMachine")
def delete_machine(request: CheckedRequest) -> JSON:
    """DELETE /machines/{machine_id}."""
    state, identifier = request.state, _machine(request)["id"]
    for scope in state.machine_scopes.find("from_machine_id", identifier):
        state.machine_scopes.remove(scope["id"])
    for scope in state.machine_scopes.find("to_machine_id", identifier):
        state.machine_scopes.remove(scope["id"])
    for token in state.m2m_tokens.find("subject", identifier):
        state.m2m_tokens.remove(token["id"])
    state.machines.remove(identifier)
    return {"object": "machine", "id": identifier, "deleted": True}


@answers("GetMachineSecretKey")
def get_secret_key(request: CheckedRequest) -> JSON:
    """GET /machines/{machine_id}/secret_key."""
    return {"object": "machine_secret_key", "secret": _machine(request)["_secret"]}


@answers("RotateMachineSecretKey")
def rotate_secret_key(request: CheckedRequest) -> JSON:
    """POST /machines/{machine_id}/secret_key/rotate."""
    state, machine = request.state, _machine(request)
    until = state.now() + request.body["previous_token_ttl"] * 1000
    state.change(state.machines, machine, _secret=secret("ak_"), _previous=machine["_secret"], _previous_until=until)
    return {"object": "machine_secret_key", "secret": machine["_secret"]}


@answers("CreateMachineScope")
def create_scope(request: CheckedRequest) -> JSON:
    """POST /machines/{machine_id}/scopes."""
    machine, target = _machine(request), request.body["to_machine_id"]
    if target not in request.state.machines:
        raise not_found("machine", target)
    scope = _add_scope(request.state, machine["id"], target, "to_machine_id")
    names = ("object", "from_machine_id", "to_machine_id", "created_at")
    return {name: scope[name] for name in names}


@answers("DeleteMachineScope")
def delete_scope(request: CheckedRequest) -> JSON:
    """DELETE /machines/{machine_id}/scopes/{other_machine_id}."""
    pair = (_machine(request)["id"], request.path["other_machine_id"])
    scope = next(iter(request.state.machine_scopes.find("_pair", pair)), None)
    if scope is None:
        raise refusal("resource_not_found", "The machine does not have this scope.")
    request.state.machine_scopes.remove(scope["id"])
    return {"object": "machine_scope", "from_machine_id": pair[0], "to_machine_id": pair[1], "deleted": True}


def machine_with_key(state: State, key: str) -> Record | None:
    """Return the machine with a secret key, including one that was just rotated, or None."""
    found = state.machines.find("_secret", key)
    if found:
        return found[0]
    for machine in state.machines:
        if machine.get("_previous") == key and machine["_previous_until"] > state.now():
            return machine
    return None


def scope_of(state: State, machine_id: str) -> list[str]:
    """Return the ids of the machines that a machine may talk to."""
    return [scope["to_machine_id"] for scope in state.machine_scopes.find("from_machine_id", machine_id)]


def _machine(request: CheckedRequest) -> Record:
    machine = request.state.machines.get(request.path["machine_id"])
    if machine is None:
        raise not_found("machine", request.path["machine_id"])
    return machine


def _add_scope(state: State, source: str, target: str, parameter: str) -> Record:
    if source == target:
        raise checks.invalid(parameter, "A machine cannot have a scope for itself.")
    if state.machine_scopes.find("_pair", (source, target)):
        raise refusal("resource_conflict", "The machine already has this scope.")
    if state.machine_scopes.count("from_machine_id", source) >= _SCOPES_LIMIT:
        message = f"A machine may have at most {_SCOPES_LIMIT} scopes."
        raise refusal("form_param_array_size_exceeded", message, parameter=parameter)
    fields = {"object": "machine_scope", "from_machine_id": source, "to_machine_id": target, "_pair": (source, target)}
    return state.machine_scopes.add(state.stamped("mchscp", **fields))


def _show_alone(machine: Record) -> JSON:
    return {name: value for name, value in machine.items() if name[0] != "_"}


def _show(state: State, machine: Record) -> JSON:
    scoped = [state.machines.get(identifier) for identifier in scope_of(state, machine["id"])]
    return {**_show_alone(machine), "scoped_machines": [_show_alone(one) for one in scoped if one is not None]}
