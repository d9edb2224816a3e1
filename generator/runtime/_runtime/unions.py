"""Decoders of objects that may be of several kinds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from .model import Mismatch, Model, UnknownVariant

if TYPE_CHECKING:
    from ..client import Drift

T = TypeVar("T")


class Union:
    """Decodes an object that may be of several kinds.

    Args:
        package: The package of the models, which are loaded when they are needed.
    """

    def __init__(self, package: object) -> None:
        self._package = package

    @property
    def name(self) -> str:
        return " | ".join(self._names())

    @property
    def models(self) -> tuple[type[Model], ...]:
        """All kinds in the document."""
        return tuple(getattr(self._package, name) for name in self._names())

    @property
    def tag_names(self) -> tuple[str, ...]:
        """The properties that may determine the kind."""
        return ()

    def decode(self, data: Any) -> Any:
        raise NotImplementedError

    def tolerate(self, data: Any, path: str, drifts: list[Drift]) -> Any:
        from .tolerance import decode_variant, kind

        if not isinstance(data, Mapping):
            raise Mismatch(f"{kind(data)} where an object is expected")
        return decode_variant(self, data, path, drifts)

    def most_alike(self, data: Mapping[str, Any]) -> type[Model]:
        """Return the model that fits an object best, whether it matches the document or not."""
        from .tolerance import most_alike

        return most_alike(self.models, data)

    def _names(self) -> tuple[str, ...]:
        """Return the names of the models."""
        raise NotImplementedError


class Tagged(Union):
    """Decodes an object whose kind depends on a property, or on a second property if the first says nothing.

    Args:
        package: The package of the models; each model is loaded for the first object of its kind.
        tags: Each tag property, in order, with its values and the names of their models.
        patterns: A tag property, a pattern of its values, and a model, for each model that doesn't list the values.
    """

    def __init__(
        self, package: object, *tags: tuple[str, Mapping[str, str]], patterns: Sequence[tuple[str, str, str]] = ()
    ) -> None:
        super().__init__(package)
        self._tags = tags
        self._patterns = patterns
        self._property = tags[0][0]
        self._decoders: dict[str, Callable[[Any], Model]] = {}  # by the values of the first property that occurred

    def decode(self, data: Any) -> Any:
        try:
            decode = self._decoders[data[self._property]]
        except (KeyError, TypeError):  # a kind that did not occur yet, or no object
            decode = self._find(data)
        return decode(data)

    def _find(self, data: Any) -> Callable[[Any], Model]:
        """Return the decoder for an object, and keep it if the first property alone determines it."""
        if type(data) is not dict:
            raise Mismatch
        model = self._model(data)
        if model is None or (model is UnknownVariant and any(data.get(name, "") is None for name in self.tag_names)):
            raise Mismatch
        tag = data.get(self._property)
        if type(tag) is str and tag in self._tags[0][1]:
            self._decoders[tag] = model._decode
        return model._decode

    @property
    def tag_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*(name for name, _ in self._tags), *(name for name, _, _ in self._patterns)]))

    def most_alike(self, data: Mapping[str, Any]) -> type[Model]:
        return self._model(data) or super().most_alike(data)

    def _names(self) -> tuple[str, ...]:
        listed = [name for _, models in self._tags for name in models.values()]
        return tuple(dict.fromkeys([*listed, *(name for _, _, name in self._patterns)]))

    def _model(self, data: Mapping[str, Any]) -> type[Model] | None:
        """Return the model for the tags: `UnknownVariant` for a new tag, None if there is no tag at all."""
        values = {name: data.get(name) for name in self.tag_names}
        name = self._name_of(values)
        if name is not None:
            model: type[Model] = getattr(self._package, name)
            return model
        return UnknownVariant if isinstance(values[self._property], str) or _is_new(values) else None

    def _name_of(self, values: Mapping[str, object]) -> str | None:
        for name, models in self._tags:
            tag = values[name]
            if isinstance(tag, str) and tag in models:
                return models[tag]
        for name, pattern, model in self._patterns:
            tag = values[name]
            if isinstance(tag, str) and re.search(pattern, tag):
                return model
        return None


def _is_new(values: Mapping[str, object]) -> bool:
    """Return whether there are tags, and all of them are text: new values, not broken ones."""
    present = [value for value in values.values() if value is not None]
    return bool(present) and all(isinstance(value, str) for value in present)


class Untagged(Union):
    """Decodes an object without a tag, as the model that fits its properties best.

    Args:
        package: The package of the models, which are loaded for the first object.
        names: The names of the models.
    """

    def __init__(self, package: object, *names: str) -> None:
        super().__init__(package)
        self._listed = names

    def decode(self, data: Any) -> Any:
        if type(data) is not dict:
            raise Mismatch
        return self.most_alike(data)._decode(data)

    def _names(self) -> tuple[str, ...]:
        return self._listed


class OneOf(Generic[T]):
    """Decodes a response that may be of several kinds, as the type it is given."""

    def __init__(self, union: Union) -> None:
        self._union = union
        self.decode: Callable[[Any], T] = union.decode

    @property
    def name(self) -> str:
        return self._union.name

    def tolerate(self, data: Any, path: str, drifts: list[Drift]) -> T:
        return cast(T, self._union.tolerate(data, path, drifts))  # T is the union of these kinds


__all__ = ["OneOf", "Tagged", "Union", "Untagged"]
