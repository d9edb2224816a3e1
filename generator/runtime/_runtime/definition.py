"""Turns models into attrs classes, but has attrs generate their methods only when they are used.

Generating the methods of a class takes longer than decoding a response, and a program that only reads responses needs
none of them. So a class starts with its slots alone. Calling a model's `__init__`, comparing two models, or inspecting
the class with attrs works exactly as if attrs had made the class.

Type checkers see `define` and `field` of attrs instead of these.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from threading import RLock
from typing import Any, TypeVar

from .model import MadeWhenAskedFor, Model

M = TypeVar("M", bound=Model)

_GENERATED = ("__init__", "__eq__", "__attrs_attrs__")
_LOCK = RLock()  # reentrant: a class needs the methods of its base class first


class Factory:
    """The default of an attribute, made anew for each instance."""

    def __init__(self, factory: Callable[[], Any]) -> None:
        self.factory = factory


def field(*, factory: Callable[[], Any]) -> Any:  # it stands in place of a value
    """Define an attribute whose default is made anew for each instance."""
    return Factory(factory)


def define(**options: Any) -> Callable[[type[M]], type[M]]:  # attrs' own
    """Turn a class into an attrs class, as `attrs.define` does.

    The class is made anew, because only a new class can have slots. So its methods can't use `super()` or `__class__`.

    Args:
        options: The options for `attrs.define`. All arguments are assumed to be keyword-only.
    """

    def defined(plain: type[M]) -> type[M]:
        body = {name: value for name, value in vars(plain).items() if name not in ("__dict__", "__weakref__")}
        annotations = body["__annotations__"] = plain.__annotations__
        body["__qualname__"] = plain.__qualname__
        names = tuple(name for name, kind in annotations.items() if not kind.startswith("ClassVar"))
        defaults = {name: body.pop(name) for name in names if name in body}
        body["_attributes"] = (*plain._attributes, *names)
        body["__slots__"] = names if hasattr(plain.__base__, "__weakref__") else (*names, "__weakref__")
        body["__match_args__"] = ()  # all arguments are keyword-only
        body["__getstate__"], body["__setstate__"], body["__replace__"] = _state, _set_state, _replace
        body["__attrs_props__"] = _Props()
        for name in _GENERATED:
            body[name] = _NotYetGenerated(defaults, options)
        made: Any = type(plain.__name__, plain.__bases__, body)  # a class with the same bases
        if "additional_properties" in names:
            made.additional_properties = MadeWhenAskedFor(made.additional_properties)
        model: type[M] = made
        return model

    return defined


class _NotYetGenerated:
    """Stands for a part of a class that attrs generates, until it is first used."""

    __slots__ = ("_defaults", "_model", "_name", "_options")

    def __init__(self, defaults: Mapping[str, Any], options: Mapping[str, Any]) -> None:
        self._defaults = defaults
        self._options = options

    def __set_name__(self, model: type[Model], name: str) -> None:
        self._model = model
        self._name = name

    def __get__(self, instance: Model | None, owner: type[Model] | None = None) -> Any:
        self._generate()
        generated: Any = vars(self._model)[self._name]
        # Not by name: that finds the method of a subclass that called `super()`.
        return generated.__get__(instance, owner) if hasattr(type(generated), "__get__") else generated

    def _generate(self) -> None:
        """Have attrs generate the parts of the class, and put them in place of these stand-ins."""
        import attrs

        model = self._model
        with _LOCK:
            if not isinstance(vars(model)["__init__"], _NotYetGenerated):
                return  # another thread has done it
            body = {name: getattr(model, name) for name in ("__module__", "__qualname__", "__annotations__")}
            for name, default in self._defaults.items():
                body[name] = attrs.Factory(default.factory) if isinstance(default, Factory) else default
            plain: Any = type(model.__name__, model.__bases__, body)  # a class as it was defined
            by_attrs = attrs.define(plain, **self._options)
            # So that `typing.get_type_hints` finds the names in the annotations.
            by_attrs.__init__.__globals__.update(vars(sys.modules[model.__module__]))
            # `__init__` last: while it stands in, what an interruption left out is generated again.
            for name in ("__attrs_props__", *reversed(_GENERATED)):
                if name in vars(by_attrs):
                    setattr(model, name, vars(by_attrs)[name])


class _Props:
    """What attrs knows about a class, for `attrs.inspect`, which reads it without calling `__get__`."""

    __slots__ = ("_model",)

    def __set_name__(self, model: type[Model], name: str) -> None:
        self._model = model

    def __getattr__(self, name: str) -> Any:  # each has its own type
        import attrs

        if not hasattr(getattr(attrs, "ClassProps", None), name):  # attrs before 25.4 doesn't have it
            raise AttributeError(name)
        model: Any = self._model  # an attrs class
        attrs.fields(model)  # this generates all parts
        return getattr(vars(model)["__attrs_props__"], name)


def _state(self: Model) -> dict[str, Any]:
    return {name: getattr(self, name) for name in self._attributes}


def _set_state(self: Model, state: Mapping[str, Any]) -> None:
    for name in self._attributes:
        if name in state:
            setattr(self, name, state[name])


def _replace(self: Any, /, **changes: Any) -> Any:  # `copy.replace`: a model of any class, with values of any type
    import attrs

    return attrs.evolve(self, **changes)


__all__ = ["define", "field"]
