"""The `repr` of models: short, and without secrets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..types import UNSET

if TYPE_CHECKING:
    from .model import Model

_SECRET = re.compile(
    r"secret|token|password|private|jwt|cookie|signature|signing_key|backup_code|ticket|certificate|metadata|claims"
    r"|api_key|nonce|saml_re|user_info"
    r"|code$|^(d|p|q|dp|dq|qi|k)$|_url$|^url$|^data$|^body"
)
_MOST_PROPERTIES = 8
_LONGEST_TEXT = 60


def represent(model: Model) -> str:
    """Write a model as `User(id='user_1', ...)`: its first scalar properties, and nothing that could be a secret."""
    shown: list[str] = []
    left_out = False
    for name in _attribute_names(model):
        value = getattr(model, name, UNSET)
        if value is UNSET or value is None:
            continue
        written = None if _SECRET.search(name) else _written(value)
        if written is None or len(shown) == _MOST_PROPERTIES:
            left_out = True
        else:
            shown.append(f"{name}={written}")
    return f"{type(model).__name__}({', '.join(shown + ['...'] if left_out else shown)})"


def _attribute_names(model: Model) -> list[str]:
    fields = getattr(type(model), "__attrs_attrs__", None)
    if fields is None:
        return sorted(model.additional_properties)
    return [field.name for field in fields if field.name != "additional_properties"]


def _written(value: Any) -> str | None:
    if isinstance(value, str):
        return repr(value if len(value) <= _LONGEST_TEXT else value[: _LONGEST_TEXT - 3] + "...")
    if isinstance(value, (bool, int, float)):
        return repr(value)
    if isinstance(value, list):
        return f"<{len(value)}>"
    return None
