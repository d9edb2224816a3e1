"""The private keys of the documents: each carries to a later stage what OpenAPI has no key for.

The keys that overlays write are part of the corrected document. Those that the rules write exist in the effective
document only. `docs/architecture.md` shows the table; a test compares it with what the code and the overlays use.
"""

from __future__ import annotations

from typing import NamedTuple

ANSWER = "x-clerk-answer"
CREDENTIAL = "x-clerk-credential"
ERRORS = "x-clerk-errors"
INSTEAD = "x-clerk-instead"
LISTING = "x-clerk-listing"
NAME = "x-clerk-name"
NUMBERS = "x-clerk-numbers"
OPERATION = "x-clerk-operation"
PAGE = "x-clerk-page"
PREFIX = "x-clerk-prefix"
SEND_PAGINATED = "x-clerk-send-paginated"
SHORTCUTS = "x-clerk-shortcuts"
SIGNS = "x-clerk-signs"
TIMESTAMP = "x-clerk-timestamp"
VALUES = "x-clerk-values"

_KNOWN_VALUES = "openapi/overlays/16-known-values.yaml"
_CORRECTIONS = "openapi/overlays/14-corrections.yaml"
_OPERATIONS = "generator/code/operations.py"
_RULES = "generator/prepare/rules.py"
_TYPES = "generator/code/types.py"


class Extension(NamedTuple):
    """A private key.

    Attributes:
        key: The key.
        holder: What it belongs to.
        meaning: What its value says.
        writers: The files that write it; a `?` stands for any digit of an overlay's name, a `*` for the rest.
        readers: The files that read it.
    """

    key: str
    holder: str
    meaning: str
    writers: tuple[str, ...]
    readers: tuple[str, ...]


EXTENSIONS = (
    Extension(
        ANSWER,
        "operation",
        "`unwrap`: the property that the method returns instead of the whole model",
        (_CORRECTIONS,),
        (_OPERATIONS,),
    ),
    Extension(
        CREDENTIAL,
        "operation",
        "the key that authenticates it, if that is not the secret key",
        (_CORRECTIONS,),
        (_OPERATIONS, "clerk/testing/_document/operations.py"),
    ),
    Extension(ERRORS, "operation", "the error statuses that the document declares", (_RULES,), (_OPERATIONS,)),
    Extension(
        INSTEAD,
        "operation, parameter, property",
        "what to use instead of what is deprecated, or that nothing replaces it",
        ("openapi/overlays/9?-*.yaml", "openapi/overlays/webhooks/9?-*.yaml"),
        (_OPERATIONS, _TYPES, "generator/prepare/words.py"),
    ),
    Extension(
        LISTING, "operation", "the default and the maximum of `limit`, and the cursor", (_RULES,), (_OPERATIONS,)
    ),
    Extension(
        NAME,
        "parameter, property",
        "its Python name, if that is not the wire name in snake_case",
        (_CORRECTIONS,),
        (_OPERATIONS, _TYPES),
    ),
    Extension(
        NUMBERS,
        "schema",
        "the numbers that it lists, where some aren't whole",
        ("generator/prepare/narrowing.py",),
        (_TYPES,),
    ),
    Extension(
        OPERATION,
        "operation",
        "its `operationId` in Clerk's document; `operationId` is the module's name by then",
        (_RULES,),
        (_OPERATIONS, "generator/release/drafts.py"),
    ),
    Extension(PAGE, "operation", "the property that holds a page's items", (_RULES,), (_OPERATIONS,)),
    Extension(
        PREFIX,
        "path parameter",
        "what is put before the value unless it is there already",
        (_CORRECTIONS,),
        (_OPERATIONS,),
    ),
    Extension(
        SEND_PAGINATED,
        "operation",
        "whether `paginated=true` is always sent",
        ("openapi/overlays/11-list-answers.yaml",),
        (_OPERATIONS,),
    ),
    Extension(
        SHORTCUTS,
        "schema",
        "the properties that the model computes from others",
        ("openapi/overlays/15-shortcuts.yaml",),
        ("generator/code/shortcuts.py",),
    ),
    Extension(
        SIGNS,
        "parameter's schema",
        "the signs that may stand before each of its known values",
        (_KNOWN_VALUES,),
        (_TYPES,),
    ),
    Extension(
        TIMESTAMP,
        "parameter, schema",
        "`milliseconds`: the value counts the milliseconds of the Unix epoch",
        ("openapi/overlays/12-timestamps.yaml",),
        (_TYPES,),
    ),
    Extension(
        VALUES,
        "parameter's schema",
        "values that a text is known to take, beside any other",
        (_KNOWN_VALUES,),
        (_TYPES,),
    ),
)
"""All private keys, in the order of their names."""
