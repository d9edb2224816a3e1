"""Copies descriptions and shortcuts between models of the same name in two documents."""

from __future__ import annotations

from dataclasses import replace

from .blueprint import Blueprint, Model


def borrow_words(blueprint: Blueprint, lender: Blueprint) -> Blueprint:
    """Describe models and properties without a description like the lender's of the same names.

    Models also compute what the lender's models of the same names compute, if they have the properties for it.

    Args:
        blueprint: The blueprint to complete.
        lender: The blueprint to copy from.
    """
    models = tuple(_described(model, lender.by_name.get(model.name)) for model in blueprint.models)
    return replace(blueprint, models=models)


def _described(model: Model, lender: Model | None) -> Model:
    if lender is None:
        return model
    lenders = {value.wire_name: value for value in lender.properties}
    properties = tuple(
        replace(
            value,
            description=value.description or lenders[value.wire_name].description,
            instead=value.instead or lenders[value.wire_name].instead,
        )
        if value.wire_name in lenders
        else value
        for value in model.properties
    )
    types = {value.name: value.type for value in model.properties}
    shortcuts = tuple(
        shortcut
        for shortcut in lender.shortcuts
        if types.keys() >= set(shortcut.sources)
        and shortcut.found in (None, types[shortcut.sources[0]].core.name)
        and shortcut.name not in types
    )
    return replace(
        model,
        properties=properties,
        description=model.description or lender.description,
        shortcuts=model.shortcuts or shortcuts,
    )


__all__ = ["borrow_words"]
