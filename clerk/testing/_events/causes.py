"""Which events a request causes, derived from what it changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from .._answers import JSON
from .._resources.access.waitlist import show_entry
from .._resources.organizations.domains import show_domain
from .._resources.organizations.invitations import show_organization_invitation
from .._resources.organizations.memberships import show_membership
from .._resources.organizations.organizations import show_organization
from .._resources.organizations.roles import show_permission, show_role
from .._resources.sessions.sessions import show_session
from .._resources.users.records import show_user
from .._store.state import State
from .._store.tables import Record, Table
from .messages_to_users import MESSAGES, show_email, show_sent_code


class Happening(NamedTuple):
    """The type and the data of an event."""

    type: str
    data: JSON


@dataclass
class _Fate:
    """What a request did to a record."""

    table: Table
    record: Record
    is_new: bool = False
    is_gone: bool = False
    was: Record | None = None  # the former values of what changed


def happened(state: State) -> list[Happening]:
    """Return the events for the uncommitted changes of a request, in the order of the changes.

    Records that are deleted along with a user or an organization cause no events of their own.
    """
    fates = [fate for fate in _fates(state) if not (fate.is_new and fate.is_gone)]
    gone = {fate.record["id"] for fate in fates if fate.is_gone and fate.table in (state.users, state.organizations)}
    told: list[Happening] = []
    for fate in fates:
        if not gone & {fate.record.get("user_id"), fate.record.get("organization_id")}:
            told += [one for one in _told(state, fate) if one not in told]
    return told


def _fates(state: State) -> list[_Fate]:
    fates: dict[tuple[int, str], _Fate] = {}
    for change in state.journal.changes:
        key = id(change.table), change.record["id"]
        fate = fates.setdefault(key, _Fate(change.table, change.record))
        fate.is_new |= change.kind == "added"
        fate.is_gone |= change.kind == "removed"
        if change.kind == "changed":
            fate.was = {**change.before, **(fate.was or {})}
    _touch_owners(state, fates)
    return list(fates.values())


def _touch_owners(state: State, fates: dict[tuple[int, str], _Fate]) -> None:
    """Turn a change of an email address, phone number or wallet into one of its user."""
    for fate in list(fates.values()):
        if fate.table in (state.email_addresses, state.phone_numbers, state.web3_wallets):
            user = state.users.get(fate.record["user_id"])
            if user is not None:
                owner = fates.setdefault((id(state.users), user["id"]), _Fate(state.users, user))
                owner.was = owner.was or {}


def _told(state: State, fate: _Fate) -> Iterator[Happening]:
    if fate.table is state.sessions:
        yield from _of_session(state, fate)
    elif fate.table is state.organization_invitations:
        yield from _of_invitation(state, fate)
    elif fate.is_new and (message := _message(state, fate)) is not None:
        yield message
    else:
        for name, watched in _WATCHED.items():
            if watched.table(state) is fate.table:
                yield from watched.told(name, state, fate)


def _of_session(state: State, fate: _Fate) -> Iterator[Happening]:
    session = fate.record
    is_told = fate.is_new or (fate.was is not None and "status" in fate.was and session["status"] in _SESSION_STATUSES)
    if is_told and not fate.is_gone:
        user = state.users.get(session["user_id"])
        assert user is not None  # its sessions are deleted with it
        event = "created" if fate.is_new else session["status"]
        yield Happening(f"session.{event}", {**show_session(state, session), "user": show_user(state, user)})


def _of_invitation(state: State, fate: _Fate) -> Iterator[Happening]:
    shown = show_organization_invitation(state, fate.record)
    if fate.is_new:
        yield Happening("organizationInvitation.created", shown)
    elif fate.record["status"] == "revoked" and "status" in (fate.was or {}):
        yield Happening("organizationInvitation.revoked", shown)


def _message(state: State, fate: _Fate) -> Happening | None:
    if fate.table is state.verifications:
        return Happening(*show_sent_code(state, fate.record))
    if fate.table is state.stored("email"):
        return Happening(*show_email(fate.record))
    return None


@dataclass(frozen=True)
class _Watched:
    """A kind of record whose events are named after what was done to it.

    Attributes:
        table: Its table.
        kind: The kind of object, by name.
        show: How a record is shown in an event.
        events: Which of `created`, `updated` and `deleted` exist.
        is_whole: Whether the event of a deleted record shows its last state.
    """

    table: Callable[[State], Table]
    kind: str
    show: Callable[[State, Record], JSON]
    events: tuple[str, ...] = ("created", "updated", "deleted")
    is_whole: bool = False

    def told(self, name: str, state: State, fate: _Fate) -> Iterator[Happening]:
        event = "deleted" if fate.is_gone else "created" if fate.is_new else "updated"
        if event in self.events:
            shown = self._stub(fate.record) if fate.is_gone and not self.is_whole else self.show(state, fate.record)
            yield Happening(f"{name}.{event}", shown)

    def _stub(self, record: Record) -> JSON:
        known = {name: record[name] for name in ("slug", "external_id") if record.get(name) is not None}
        return {"object": self.kind, "id": record["id"], **known, "deleted": True}


_SESSION_STATUSES = ("revoked",)
_WATCHED = {
    "user": _Watched(lambda state: state.users, "user", show_user),
    "organization": _Watched(lambda state: state.organizations, "organization", show_organization),
    "organizationDomain": _Watched(lambda state: state.organization_domains, "organization_domain", show_domain),
    "organizationMembership": _Watched(
        lambda state: state.memberships, "organization_membership", show_membership, is_whole=True
    ),
    "role": _Watched(lambda state: state.roles, "role", show_role),
    "permission": _Watched(lambda state: state.permissions, "permission", lambda _, record: show_permission(record)),
    "waitlistEntry": _Watched(lambda state: state.waitlist, "waitlist_entry", show_entry, ("created", "updated")),
}

CAUSED = frozenset(
    {
        *(f"{name}.{event}" for name, watched in _WATCHED.items() for event in watched.events),
        *("session.created", *(f"session.{status}" for status in _SESSION_STATUSES)),
        *("organizationInvitation.created", "organizationInvitation.revoked"),
        *MESSAGES,
    }
)
"""The types of event that the local service causes."""

__all__ = ["CAUSED", "Happening", "happened"]
