"""How names of the document become names in Python.

Wire names become snake_case, class names PascalCase. Only Python's keywords get a trailing underscore. The list is our
own: one that depended on the interpreter would change names from one version of Python to the next.
"""

from __future__ import annotations

import re

KEYWORDS = frozenset(
    {
        *("False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del"),
        *("elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda"),
        *("nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield"),
    }
)

# Names that methods and models need for themselves.
RESERVED = KEYWORDS | {"self", "cls"}

# No sub-API can have one of these names: a method of the clients, or a name or module of `clerk`, would hide it.
TAKEN_SUB_API_NAMES = frozenset(
    {
        *("aclose", "authenticate_request", "close", "request", "verify_token", "with_options"),
        *("async_clerk_client", "clerk_client", "create_async_clerk_client", "create_clerk_client"),
        *("reset_default_clients", "to_datetime", "verify_webhook"),
        *("auth", "events", "integrations", "models", "testing"),
        *("attributes", "declarations"),  # modules of `clerk_generated.sub_apis`
    }
)

_WORDS = re.compile(
    r"OAuth|IdP|M2M|WebAuthn"  # single words, despite their capitals
    r"|[A-Z]+s(?![a-z])"  # a plural acronym: URLs, IDs
    r"|[A-Z]+(?=[A-Z][a-z])"  # an acronym before a word: JWT in JWTTemplate
    r"|[A-Z]?[a-z0-9]+"
    r"|[A-Z0-9]+"
)

_ACRONYMS = {
    "api": "API",
    "id": "ID",
    "idp": "IdP",
    "jwks": "JWKS",
    "jwt": "JWT",
    "m2m": "M2M",
    "mfa": "MFA",
    "oauth": "OAuth",
    "saml": "SAML",
    "scim": "SCIM",
    "totp": "TOTP",
    "url": "URL",
}


def split_words(name: str) -> list[str]:
    """Split a name of any style into its words, as they are written."""
    return _WORDS.findall(name)


def snake_case(name: str) -> str:
    """Write a wire name as a Python identifier: `statementID` -> `statement_id`, `from` -> `from_`."""
    snake = name if re.fullmatch(r"[a-z_][a-z0-9_]*", name) else "_".join(word.lower() for word in split_words(name))
    if not snake or snake[0].isdigit():
        snake = f"field_{snake}"
    return f"{snake}_" if snake in RESERVED else snake


def camel_case(name: str) -> str:
    """Write a Python name as JavaScript has it: `get_user_list` -> `getUserList`, `import_` -> `import`."""
    first, *rest = name.strip("_").split("_")
    return first + "".join(word.capitalize() for word in rest)


def pascal_case(name: str) -> str:
    """Write a name as a class name: `verification_otp` -> `VerificationOtp`, `saml_login_hint` -> `SAMLLoginHint`."""
    parts = [word if not word.islower() else _ACRONYMS.get(word, word.capitalize()) for word in split_words(name)]
    return "".join(parts)


def singular(name: str) -> str:
    """Take the plural off a property's name, for the class of its items."""
    for plural, ending in (("ies", "y"), ("sses", "ss"), ("s", "")):
        if name.endswith(plural) and not name.endswith(("ss", "us", "is")):
            return name.removesuffix(plural) + ending
    return name
