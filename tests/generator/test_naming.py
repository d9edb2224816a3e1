from __future__ import annotations

import keyword

import pytest

from generator.names import KEYWORDS, RESERVED, camel_case, pascal_case, singular, snake_case, split_words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("user_id", ["user", "id"]),
        ("ListOrganizationRoles", ["List", "Organization", "Roles"]),
        ("statementID", ["statement", "ID"]),
        ("JWTTemplate", ["JWT", "Template"]),
        ("GetJWKS", ["Get", "JWKS"]),
        ("RedirectURLs", ["Redirect", "URLs"]),
        ("URLsOfUser", ["URLs", "Of", "User"]),
        ("verifyOAuthAccessToken", ["verify", "OAuth", "Access", "Token"]),
        ("IdPInitiated", ["IdP", "Initiated"]),
        ("createM2MToken", ["create", "M2M", "Token"]),
        ("WebAuthnKey", ["WebAuthn", "Key"]),
        ("CommercePlan-2", ["Commerce", "Plan", "2"]),
        ("external_account.email-address", ["external", "account", "email", "address"]),
        ("-_.", []),
    ],
)
def test_a_name_of_any_style_is_split_into_its_words(name: str, expected: list[str]) -> None:
    assert split_words(name) == expected


@pytest.mark.parametrize(
    ("wire_name", "expected"),
    [
        ("first_name", "first_name"),
        ("_strategy", "_strategy"),
        ("web3_wallet", "web3_wallet"),
        ("statementID", "statement_id"),
        ("GetOAuthAccessToken", "get_oauth_access_token"),
        ("createM2MToken", "create_m2m_token"),
        ("AllowedURLs", "allowed_urls"),
        ("organization-id", "organization_id"),
        ("phone+number", "phone_number"),
        ("2fa", "field_2fa"),
        ("", "field_"),
        ("+", "field_"),
    ],
)
def test_a_wire_name_becomes_snake_case(wire_name: str, expected: str) -> None:
    assert snake_case(wire_name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("get", "get"), ("get_user_list", "getUserList"), ("verify_totp", "verifyTotp"), ("import_", "import")],
)
def test_a_python_name_becomes_camel_case(name: str, expected: str) -> None:
    assert camel_case(name) == expected


@pytest.mark.parametrize("name", [*sorted(KEYWORDS - {"True", "False", "None"}), "self", "cls"])
def test_what_python_or_a_method_reserves_gets_an_underscore(name: str) -> None:
    assert snake_case(name) == f"{name}_"


@pytest.mark.parametrize("name", ["list", "object", "type", "format", "id", "filter", "match", "case", "print"])
def test_builtins_and_soft_keywords_stay_as_they_are(name: str) -> None:
    assert snake_case(name) == name


def test_the_list_of_reserved_words_is_complete() -> None:
    assert set(keyword.kwlist) <= KEYWORDS
    assert KEYWORDS < RESERVED


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("verification_otp", "VerificationOtp"),
        ("saml_login_hint", "SAMLLoginHint"),
        ("ClientSession", "ClientSession"),
        ("jwt_template_url", "JWTTemplateURL"),
        ("createM2MToken", "CreateM2MToken"),
        ("m2m_token", "M2MToken"),
        ("oauth_application", "OAuthApplication"),
        ("user.emailAddress", "UserEmailAddress"),
        ("CommercePlan-2", "CommercePlan2"),
        ("", ""),
    ],
)
def test_a_name_becomes_a_class_name(name: str, expected: str) -> None:
    assert pascal_case(name) == expected


@pytest.mark.parametrize(
    ("plural", "expected"),
    [
        ("OrganizationRoles", "OrganizationRole"),
        ("policies", "policy"),
        ("EmailAddresses", "EmailAddress"),
        ("address", "address"),
        ("status", "status"),
        ("analysis", "analysis"),
        ("metadata", "metadata"),
        ("s", ""),
    ],
)
def test_the_plural_is_taken_off(plural: str, expected: str) -> None:
    assert singular(plural) == expected
