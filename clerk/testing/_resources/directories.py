"""Directories of identity providers: their keys, and the roles that the members of their groups get."""

from __future__ import annotations

from dataclasses import dataclass

from .._answers import JSON, not_found, refusal
from .._handling import checks as checks
from .._handling.request import CheckedRequest, answers
from .._handling.stored import Resource, shaped
from .._store.ids import secret
from .._store.tables import Record, Table
from .organizations.roles import show_role


@dataclass(frozen=True)
class _Directories(Resource):
    """A kind of directory.

    Attributes:
        mapping: The `object` of its group mappings.
    """

    mapping: str = ""

    def mappings(self, request: CheckedRequest) -> Table:
        """Return the table with the mappings of all directories of this kind."""
        return request.state.stored(self.mapping)

    def mappings_of(self, request: CheckedRequest, directory: Record) -> list[Record]:
        """Return the mappings of a directory, in the order of their precedence."""
        found = [mapping for mapping in self.mappings(request) if mapping["directory_id"] == directory["id"]]
        return sorted(found, key=lambda mapping: mapping["precedence"])

    def mapped(self, request: CheckedRequest) -> Record:
        """Return the directory of a request about mappings.

        Raises:
            RefusalError: It does not exist, or does not map groups.
        """
        directory = self.find(request)
        if not directory["group_role_mapping_enabled"]:
            raise refusal("authorization_invalid", "The directory has group_role_mapping_enabled set to false.")
        return directory

    def add_mapping(self, request: CheckedRequest, directory: Record, given: Record) -> Record:
        """Map a group to a role; mappings from its precedence on move back by one.

        Raises:
            RefusalError: The group already has a role, or the role does not exist.
        """
        group, present = _group_of(given), self.mappings_of(request, directory)
        if any(mapping["directory_group_id"] == group for mapping in present):
            raise refusal("duplicate_record", f"The group {group!r} already has a role.")
        if given["role_id"] not in request.state.roles:
            raise not_found("role", given["role_id"])
        precedence = given.get("precedence") or max((one["precedence"] for one in present), default=0) + 1
        if any(mapping["precedence"] == precedence for mapping in present):
            for mapping in present:
                if mapping["precedence"] >= precedence:
                    request.state.change(self.mappings(request), mapping, precedence=mapping["precedence"] + 1)
        name = given.get("directory_group_display_name") or given.get("scim_group_display_name") or ""
        mapping = request.state.stamped(
            "dirgrm",
            object=self.mapping,
            directory_id=directory["id"],
            scim_directory_id=directory["id"],
            directory_group_id=group,
            scim_group_id=group,
            directory_group_display_name=name,
            scim_group_display_name=name,
            precedence=precedence,
            _role_id=given["role_id"],
        )
        return self.mappings(request).add(mapping)

    def remove_mappings(self, request: CheckedRequest, directory: Record) -> None:
        """Remove all mappings of a directory."""
        for mapping in self.mappings_of(request, directory):
            self.mappings(request).remove(mapping["id"])

    def list_of_mappings(self, request: CheckedRequest, directory: Record) -> JSON:
        """Return the mappings of a directory as the API shows them."""
        found = self.mappings_of(request, directory)
        return {"data": [_shown(request, mapping) for mapping in found], "total_count": len(found)}

    def _create(self, request: CheckedRequest) -> JSON:
        wanted = request.body.get("group_role_mappings") or []
        directory = self.add(request, group_role_mapping_enabled=bool(wanted), _api_key=secret(""))
        for mapping in wanted:
            self.add_mapping(request, directory, mapping)
        return _with_key(request, directory)

    def _delete(self, request: CheckedRequest) -> JSON:
        self.remove_mappings(request, self.find(request))
        return super()._delete(request)


_DIRECTORIES = _Directories(
    "directory",
    "dir",
    create="CreateDirectory",
    listing="ListDirectories",
    get="GetDirectory",
    update="UpdateDirectory",
    delete="DeleteDirectory",
    mapping="directory_group_role_mapping",
)
_SCIM_DIRECTORIES = _Directories(
    "SCIM directory",
    "scim",
    create="CreateSCIMDirectory",
    listing="ListSCIMDirectories",
    get="GetSCIMDirectory",
    update="UpdateSCIMDirectory",
    delete="DeleteSCIMDirectory",
    mapping="scim_group_role_mapping",
)
_DIRECTORIES.register()
_SCIM_DIRECTORIES.register()


@answers("ListDirectoryGroupRoleMappings", "ListSCIMGroupRoleMappings")
def list_mappings(request: CheckedRequest) -> JSON:
    """GET /directories/{directory_id}/group_role_mappings, and the same for SCIM directories."""
    kind = _kind(request)
    return kind.list_of_mappings(request, kind.find(request))


@answers("CreateDirectoryGroupRoleMapping", "CreateSCIMGroupRoleMapping")
def create_mapping(request: CheckedRequest) -> JSON:
    """POST /directories/{directory_id}/group_role_mappings, and the same for SCIM directories."""
    kind = _kind(request)
    return _shown(request, kind.add_mapping(request, kind.mapped(request), request.body))


@answers("ReplaceDirectoryGroupRoleMappings", "ReplaceSCIMGroupRoleMappings")
def replace_mappings(request: CheckedRequest) -> JSON:
    """PUT /directories/{directory_id}/group_role_mappings, and the same for SCIM directories."""
    kind = _kind(request)
    directory = kind.mapped(request)
    kind.remove_mappings(request, directory)
    for mapping in request.body["mappings"]:
        kind.add_mapping(request, directory, mapping)
    return kind.list_of_mappings(request, directory)


@answers("DeleteDirectoryGroupRoleMapping", "DeleteSCIMGroupRoleMapping")
def delete_mapping(request: CheckedRequest) -> JSON:
    """DELETE /directories/{directory_id}/group_role_mappings/{mapping_id}, and the same for SCIM directories."""
    kind, identifier = _kind(request), request.path["mapping_id"]
    directory, mapping = kind.mapped(request), kind.mappings(request).get(identifier)
    if mapping is None or mapping["directory_id"] != directory["id"]:
        raise not_found("mapping", identifier)
    kind.mappings(request).remove(identifier)
    return {"object": kind.mapping, "id": identifier, "deleted": True}


@answers("RotateDirectoryAPIKey", "RotateSCIMDirectoryAPIKey")
def rotate_key(request: CheckedRequest) -> JSON:
    """POST /directories/{directory_id}/rotate_api_key, and the same for SCIM directories."""
    kind = _kind(request)
    return _with_key(request, request.state.change(kind.table(request), kind.find(request), _api_key=secret("")))


def _kind(request: CheckedRequest) -> _Directories:
    return _DIRECTORIES if "directory_id" in request.path else _SCIM_DIRECTORIES


def _group_of(given: Record) -> str:
    names = [given[name] for name in ("directory_group_id", "scim_group_id") if given.get(name)]
    if not names:
        message = "A mapping needs the directory_group_id."
        raise refusal("form_param_missing", message, parameter="directory_group_id")
    if len({*names}) > 1:
        message = "directory_group_id and scim_group_id mean the same, so they must not differ."
        raise checks.invalid("directory_group_id", message)
    group: str = names[0]
    return group


def _shown(request: CheckedRequest, mapping: Record) -> JSON:
    shown = {name: value for name, value in mapping.items() if name[0] != "_"}
    role = request.state.roles.get(mapping["_role_id"])
    return shown if role is None else {**shown, "role": show_role(request.state, role)}


def _with_key(request: CheckedRequest, directory: Record) -> JSON:
    return {**shaped(request.operation, directory), "api_key": directory["_api_key"]}
