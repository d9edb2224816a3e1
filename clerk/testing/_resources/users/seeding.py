"""Many users at once."""

from __future__ import annotations

from ..._store.state import State
from .identifiers import add_contact

_FIRST_NAMES = ("Ada", "Alan", "Barbara", "Donald", "Edsger", "Frances", "Grace", "John", "Katherine", "Niklaus")
_LAST_NAMES = ("Allen", "Dijkstra", "Hopper", "Johnson", "Knuth", "Liskov", "Lovelace", "McCarthy", "Turing", "Wirth")


def seed_users(state: State, count: int) -> list[str]:
    """Create users, each with a name and a verified email address.

    Args:
        state: The state to add them to.
        count: How many.

    Returns:
        Their ids, oldest first.
    """
    ids = []
    number = 0
    for _ in range(count):
        number += 1
        while state.email_addresses.find("email_address", f"user{number}@example.com"):
            number += 1
        ids.append(_seed(state, number))
        state.journal.commit()
    return ids


def _seed(state: State, number: int) -> str:
    address = f"user{number}@example.com"
    user = state.stamped("user", first_name=_FIRST_NAMES[number % 10], last_name=_LAST_NAMES[number // 10 % 10])
    user |= {"public_metadata": {}, "private_metadata": {}, "unsafe_metadata": {}, "_email_address": address}
    contact = add_contact(state, user["id"], "email_address", address, verified=True)
    user["primary_email_address_id"] = contact["id"]
    state.users.add(user)
    identifier: str = user["id"]
    return identifier
