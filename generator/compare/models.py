"""Finds the models that changed between two versions of the API, and the methods that this affects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..code.blueprint import Blueprint, Model, Type, Value
from .changes import Change, Effect
from .types import Direction
from .values import compare_values

_Pair = tuple[str, str]
Use = tuple[str, Direction, tuple[Type, ...]]  # a method, and the types that it takes or returns


class Models:
    """The models of two versions: which are the same, and whether callers pass or receive them.

    Args:
        old: The old version.
        new: The new version.
    """

    def __init__(self, old: Blueprint, new: Blueprint) -> None:
        self._old, self._new = old.by_name, new.by_name
        self._renamed: dict[str, str] = {}
        self._users: dict[tuple[_Pair, Direction], list[str]] = {}

    def same(self, old: str, new: str) -> bool:
        """Return whether an old model is the same as a new one; if they may be, they are from here on."""
        if old == new:
            return True
        if old in self._renamed or new in self._renamed.values():
            return self._renamed.get(old) == new
        if old in self._new or new in self._old or not self._are_alike(old, new):
            return False
        self._renamed[old] = new
        return True

    def _are_alike(self, old: str, new: str) -> bool:
        before = {value.wire_name for value in self._old[old].properties}
        now = {value.wire_name for value in self._new[new].properties}
        return 2 * len(before & now) >= max(len(before), len(now))

    def take(self, old: tuple[Value, ...], new: tuple[Value, ...], user: str) -> None:
        """Record the models in a method's keywords, old and new."""
        self._follow_values(old, new, "in", user)

    def give(self, old: Type, new: Type, user: str) -> None:
        """Record the models that a method returns, old and new."""
        self._follow(old, new, "out", user)

    def cover(self, old: Iterable[Use], new: Iterable[Use]) -> None:
        """Record the models that both versions use in the same direction, directly or inside other models.

        Args:
            old: What the old methods take and return.
            new: What the new methods take and return.
        """
        before, now = _reach(old, self._old), _reach(new, self._new)
        names = {other: name for name, other in self._renamed.items()}
        for (name, direction), users in now.items():
            former = names.get(name, name)
            if (former, direction) in before:
                self._users.setdefault(((former, name), direction), sorted(users))

    def _follow_values(self, old: tuple[Value, ...], new: tuple[Value, ...], direction: Direction, user: str) -> None:
        now = {value.wire_name: value for value in new}
        for value in old:
            if value.wire_name in now:
                self._follow(value.type, now[value.wire_name].type, direction, user)

    def _follow(self, old: Type, new: Type, direction: Direction, user: str) -> None:
        for one in old.models:
            for other in new.models:
                if self.same(one, other):
                    self._visit((one, other), direction, user)

    def _visit(self, pair: _Pair, direction: Direction, user: str) -> None:
        users = self._users.setdefault((pair, direction), [])
        if user not in users:
            users.append(user)
            old, new = self._old[pair[0]].properties, self._new[pair[1]].properties
            self._follow_values(old, new, direction, user)

    def changes(self) -> Iterator[Change]:
        """Yield the changes of models and of their properties, by name."""
        found: list[Change] = list(self._names())
        for pair in sorted({pair for pair, _ in self._users}):
            found += self._properties(pair)
        yield from sorted(found, key=lambda change: change.subject)

    def _names(self) -> Iterator[Change]:
        for name, other in self._renamed.items():
            yield Change("model", f"models.{name}", f"renamed: now `{other}`", Effect.BREAKING)
        for name in self._old.keys() - self._new.keys() - self._renamed.keys():
            yield Change("model", f"models.{name}", "removed", Effect.BREAKING)
        for name in self._new.keys() - self._old.keys() - set(self._renamed.values()):
            yield Change("model", f"models.{name}", "added", Effect.ADDITIVE)

    def _properties(self, pair: _Pair) -> Iterable[Change]:
        """Compare a model's properties in each direction it is used; the worse effect counts."""
        old, new = self._old[pair[0]].properties, self._new[pair[1]].properties
        found: dict[tuple[str, str], Change] = {}
        for direction in ("in", "out"):
            users = tuple(sorted(self._users.get((pair, direction), ())))
            for item in compare_values(old, new, direction, self) if users else ():
                change = Change("model", f"models.{pair[1]}.{item.name}", item.what, item.effect, users)
                other = found.get((item.name, item.what))
                found[item.name, item.what] = change if other is None else _worse(other, change)
        return found.values()


def _reach(uses: Iterable[Use], models: Mapping[str, Model]) -> dict[tuple[str, Direction], set[str]]:
    """Collect the models that methods take or return, with the methods, by model and direction."""
    found: dict[tuple[str, Direction], set[str]] = {}
    for user, direction, types in uses:
        waiting = [name for kind in types for name in kind.models]
        while waiting:
            name = waiting.pop()
            users = found.setdefault((name, direction), set())
            if user not in users:
                users.add(user)
                waiting += [inner for value in models[name].properties for inner in value.type.models]
    return found


def _worse(one: Change, other: Change) -> Change:
    users = tuple(sorted({*one.users, *other.users}))
    return Change(one.section, one.subject, one.what, max(one.effect, other.effect), users)


__all__ = ["Models", "Use"]
