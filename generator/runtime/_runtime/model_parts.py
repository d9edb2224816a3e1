"""What the modules of models are made of, in one place."""

from attrs import define
from attrs import field as attrs_field

from ..types import UNSET, Unset
from .decoding import Tagged, Union, Untagged, to_wire
from .mismatch import Mismatch
from .model import Model, finished, new, unknown_properties
from .times import read_date, read_datetime

__all__ = [
    "UNSET",
    "Mismatch",
    "Model",
    "Tagged",
    "Union",
    "Unset",
    "Untagged",
    "attrs_field",
    "define",
    "finished",
    "new",
    "read_date",
    "read_datetime",
    "to_wire",
    "unknown_properties",
]
