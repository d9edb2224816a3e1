"""The names that model modules import, in one place."""

from typing import TYPE_CHECKING

from ..types import UNSET, Unset
from .decoding import to_wire
from .model import Mismatch, Model, ModelWithKeys, extra_of, new, unknown_properties
from .times import read_date, read_datetime

if TYPE_CHECKING:
    from attrs import define
    from attrs import field as attrs_field
else:
    from .definition import define
    from .definition import field as attrs_field

__all__ = [
    "UNSET",
    "Mismatch",
    "Model",
    "ModelWithKeys",
    "Unset",
    "attrs_field",
    "define",
    "extra_of",
    "new",
    "read_date",
    "read_datetime",
    "to_wire",
    "unknown_properties",
]
