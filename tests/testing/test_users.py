"""Users, and what they sign in with."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from typing import Any

import pytest

from clerk.testing import LocalClerk
from clerk.testing._resources.users.passwords import totp_code

from .conftest import Client, Refused

PASSWORD = "correct horse battery"


def test_a_user_is_created_with_everything(client: Client) -> None:
    user = client.users.create_user(
        email_address=["Ada@Example.com", "countess@example.com"],
        email_address_identification_status=["verified", "reserved"],
        phone_number=["+1 (555) 555-0100"],
        web3_wallet=["0x" + "a" * 40],
        username="ada_lovelace",
        external_id="42",
        first_name="Ada",
        last_name="Lovelace",
        locale="en-GB",
        password=PASSWORD,
        public_metadata={"role": "admin"},
        private_metadata={"plan": {"seats": 3}},
        created_at="2020-01-02T03:04:05Z",
        legal_accepted_at="2020-01-02T03:04:05+01:00",
        delete_self_enabled=None,
        create_organizations_limit=2,
    )
    assert user.id.startswith("user_")
    assert len(user.id) == 32
    assert [one.email_address for one in user.email_addresses] == ["ada@example.com", "countess@example.com"]
    assert user.primary_email_address_id == user.email_addresses[0].id
    assert user.email_addresses[0].verification.strategy == "admin"
    assert user.email_addresses[1].reserved
    assert user.email_addresses[1].verification is None
    assert user.phone_numbers[0].phone_number == "+15555550100"
    assert user.primary_phone_number_id == user.phone_numbers[0].id
    assert user.primary_web3_wallet_id == user.web3_wallets[0].id
    assert (user.external_id, user.username, user.locale) == ("42", "ada_lovelace", "en-GB")
    assert (user.password_enabled, user.two_factor_enabled, user.banned, user.locked) == (True, False, False, False)
    assert user.created_at == 1_577_934_245_000
    assert user.legal_accepted_at == 1_577_930_645_000
    assert user.private_metadata == {"plan": {"seats": 3}}
    assert user.delete_self_enabled
    assert not user.has_image
    assert client.users.get_user(user.id) == user


def test_the_picture_that_everybody_has_tells_whose_it_is(client: Client) -> None:
    user = client.users.create_user(username="somebody")
    text = user.image_url.removeprefix("https://img.clerk.com/")
    described = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    assert described == {"type": "default", "iid": client.instance.get().id, "rid": user.id}


@pytest.mark.parametrize(
    ("fields", "status", "code", "parameter"),
    [
        ({}, 422, "form_data_missing", None),
        ({"email_address": ["taken@example.com"]}, 422, "form_identifier_exists", "email_address"),
        ({"email_address": ["TAKEN@example.com"]}, 422, "form_identifier_exists", "email_address"),
        ({"phone_number": ["+15555550100"]}, 422, "form_identifier_exists", "phone_number"),
        ({"username": "taken"}, 422, "form_identifier_exists", "username"),
        ({"username": "free", "external_id": "taken"}, 422, "form_identifier_exists", "external_id"),
        ({"email_address": ["nobody"]}, 422, "form_param_format_invalid", "email_address"),
        ({"phone_number": ["555"]}, 422, "form_param_format_invalid", "phone_number"),
        ({"web3_wallet": ["0x1"]}, 422, "form_param_format_invalid", "web3_wallet"),
        ({"username": "abc"}, 422, "form_param_format_invalid", "username"),
        ({"username": "with space"}, 422, "form_param_format_invalid", "username"),
        ({"username": "free", "locale": "english!"}, 422, "form_param_format_invalid", "locale"),
        ({"username": "free", "password": "short"}, 422, "form_password_length_too_short", "password"),
        ({"username": "free", "password": "x" * 73}, 422, "form_password_length_too_long", "password"),
        ({"username": "free", "password": "password123"}, 422, "form_password_pwned", "password"),
        ({"username": "free", "password_digest": "x"}, 422, "form_param_missing", "password_hasher"),
        (
            {"username": "free", "password_digest": "x", "password_hasher": "rot13"},
            422,
            "form_param_value_invalid",
            "password_hasher",
        ),
        (
            {"username": "free", "password_digest": "x", "password_hasher": "bcrypt"},
            422,
            "form_password_digest_invalid_code",
            "password_digest",
        ),
        ({"username": "free", "totp_secret": "1!"}, 422, "form_param_format_invalid", "totp_secret"),
        (
            {"username": "free", "public_metadata": {"a": "x" * 8192}},
            422,
            "form_param_exceeds_allowed_size",
            "public_metadata",
        ),
        (
            {"email_address": ["a@example.com"], "email_address_identification_status": []},
            422,
            "form_param_value_invalid",
            "email_address_identification_status",
        ),
    ],
)
def test_users_that_cannot_be(
    client: Client, refused: Refused, fields: dict[str, Any], status: int, code: str, parameter: str | None
) -> None:
    client.users.create_user(
        email_address=["taken@example.com"], phone_number=["+15555550100"], username="taken", external_id="taken"
    )
    assert refused(client.users.create_user, **fields) == (status, [(code, parameter)])
    assert client.users.get_count() == 1


def test_checks_can_be_skipped(client: Client) -> None:
    user = client.users.create_user(username="somebody", password="short", skip_password_checks=True)
    assert client.users.verify_password(user.id, password="short").verified
    assert client.users.create_user(skip_user_requirement=True).email_addresses == []
    client.instance.update(hibp=False)
    assert client.users.create_user(username="careless", password="password123").password_enabled


def test_a_user_is_updated(client: Client, refused: Refused) -> None:
    user = client.users.create_user(
        email_address=["a@example.com", "b@example.com"],
        first_name="Ada",
        username="ada_1",
        public_metadata={"a": 1, "b": 2},
    )
    first, second = user.email_addresses
    changed = client.users.update_user(
        user.id,
        first_name=None,
        last_name="King",
        username="",
        primary_email_address_id=second.id,
        external_id="42",
        created_at="2020-01-01T00:00:00Z",
        profile_image_id="img_1",
    )
    assert (changed.first_name, changed.last_name, changed.username) == (None, "King", None)
    assert changed.primary_email_address_id == second.id
    assert changed.public_metadata == {"a": 1, "b": 2}
    assert changed.has_image
    assert changed.updated_at >= user.updated_at
    assert client.users.update_user(user.id, external_id="42").external_id == "42"
    assert client.users.update_user(user.id, primary_email_address_id=None).primary_email_address_id is None
    other = client.users.create_user(email_address=["c@example.com"])
    wrong = (422, [("form_param_value_invalid", "primary_email_address_id")])
    assert refused(client.users.update_user, user.id, primary_email_address_id=other.email_addresses[0].id) == wrong
    client.email_addresses.update_email_address(first.id, verified=False)
    assert refused(client.users.update_user, user.id, primary_email_address_id=first.id) == wrong
    assert refused(client.users.update_user, "user_1", first_name="A") == (404, [("resource_not_found", None)])


def test_metadata_is_merged_and_replaced(client: Client, refused: Refused) -> None:
    user = client.users.create_user(
        username="somebody", public_metadata={"a": {"x": 1, "y": 2}, "b": 1}, private_metadata={"p": 1}
    )
    merged = client.users.update_user_metadata(
        user.id, public_metadata={"a": {"y": None, "z": {"deep": 3, "none": None}}, "b": None, "c": [1]}
    )
    assert merged.public_metadata == {"a": {"x": 1, "z": {"deep": 3}}, "c": [1]}
    assert merged.private_metadata == {"p": 1}
    replaced = client.users.replace_user_metadata(user.id, public_metadata={"n": None}, unsafe_metadata={"u": 1})
    assert replaced.public_metadata == {"n": None}
    assert replaced.private_metadata == {"p": 1}
    assert client.users.replace_user_metadata(user.id, private_metadata={}).private_metadata == {}
    client.users.update_user_metadata(user.id, public_metadata={"big": "x" * 8000})
    too_large = (422, [("form_param_exceeds_allowed_size", "public_metadata")])
    assert refused(client.users.update_user_metadata, user.id, public_metadata={"more": "x" * 400}) == too_large


def test_bans_end_sessions_and_locks_pass(client: Client, local: LocalClerk, refused: Refused) -> None:
    user = client.users.create_user(username="somebody", banned=False, locked=True)
    assert (user.locked, user.lockout_expires_in_seconds, user.verification_attempts_remaining) == (True, 3600, 0)
    assert not client.users.unlock_user(user.id).locked
    assert client.users.lock_user(user.id).locked
    local.advance(3601)
    assert not client.users.get_user(user.id).locked
    session = client.sessions.create_session(user_id=user.id)
    assert client.users.ban_user(user.id).banned
    assert client.sessions.get_session(session.id).status == "revoked"
    assert refused(client.sessions.create_session, user_id=user.id) == (403, [("authorization_invalid", None)])
    assert not client.users.unban_user(user.id).banned
    ids = local.seed_users(3)
    assert [one.banned for one in client.users.ban_users(user_ids=ids)] == [True] * 3
    assert refused(client.users.unban_users, user_ids=[ids[0], "user_1"])[0] == 404
    assert client.users.get_user(ids[0]).banned
    assert [one.banned for one in client.users.unban_users(user_ids=ids)] == [False] * 3


def test_a_deleted_user_takes_everything_along(client: Client, refused: Refused) -> None:
    user = client.users.create_user(email_address=["a@example.com"], external_id="42")
    other = client.users.create_user(email_address=["b@example.com"])
    session = client.sessions.create_session(user_id=user.id)
    organization = client.organizations.create_organization(name="Acme", created_by=other.id)
    client.organizations.create_organization_membership(organization.id, user_id=user.id, role="org:member")
    client.sign_in_tokens.create_sign_in_token(user_id=user.id)
    key = client.api_keys.create(name="a key", subject=user.id)
    deleted = client.users.delete_user(user.id)
    assert (deleted.id, deleted.deleted, deleted.object, deleted.external_id) == (user.id, True, "user", "42")
    gone = (404, [("resource_not_found", None)])
    assert refused(client.users.get_user, user.id) == gone
    assert refused(client.sessions.get_session, session.id) == gone
    assert refused(client.clients.get_client, session.client_id) == gone
    assert refused(client.email_addresses.get_email_address, user.email_addresses[0].id) == gone
    assert refused(client.api_keys.verify, secret=key.secret) == gone
    assert client.organizations.get_organization_membership_list(organization.id).total_count == 1
    assert client.users.create_user(email_address=["a@example.com"], external_id="42").id != user.id
    assert client.users.delete_user(other.id).external_id is not user.id


def test_pictures(client: Client, refused: Refused) -> None:
    user = client.users.create_user(username="somebody")
    with_picture = client.users.update_user_profile_image(user.id, file=("a.png", b"\x89PNG\r\n\x1a\n", "image/png"))
    assert with_picture.has_image
    assert with_picture.image_url != user.image_url
    assert client.users.delete_user_profile_image(user.id).image_url == user.image_url
    assert refused(client.users.delete_user_profile_image, "user_1")[0] == 404


def test_passwords(client: Client, refused: Refused) -> None:
    user = client.users.create_user(username="somebody")
    nothing = (400, [("no_password_set", None)])
    assert refused(client.users.verify_password, user.id, password=PASSWORD) == nothing
    assert refused(client.users.remove_password, user.id) == nothing
    assert refused(client.users.set_password_compromised, user.id) == nothing
    session = client.sessions.create_session(user_id=user.id)
    client.users.update_user(user.id, password=PASSWORD)
    assert client.sessions.get_session(session.id).status == "active"
    assert client.users.verify_password(user.id, password=PASSWORD).verified
    wrong = (422, [("incorrect_password", "password")])
    assert refused(client.users.verify_password, user.id, password="another one") == wrong
    client.users.set_password_compromised(user.id, revoke_all_sessions=True)
    assert client.sessions.get_session(session.id).status == "revoked"
    assert client.users.unset_password_compromised(user.id).password_enabled
    later = client.sessions.create_session(user_id=user.id)
    client.users.update_user(user.id, password="another good one", sign_out_of_other_sessions=True)
    assert client.sessions.get_session(later.id).status == "revoked"
    latest = client.sessions.create_session(user_id=user.id)
    assert not client.users.remove_password(user.id, sign_out_of_other_sessions=True).password_enabled
    assert client.sessions.get_session(latest.id).status == "revoked"


def _django() -> str:
    made = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), b"salt", 10)
    return f"pbkdf2_sha256$10$salt${base64.b64encode(made).decode()}"


def _werkzeug() -> str:
    return f"scrypt:16:8:1$salt${hashlib.scrypt(PASSWORD.encode(), salt=b'salt', n=16, r=8, p=1).hex()}"


@pytest.mark.parametrize(
    ("hasher", "digest", "right"),
    [
        ("md5", hashlib.md5(PASSWORD.encode()).hexdigest(), True),
        ("sha256", hashlib.sha256(PASSWORD.encode()).hexdigest().upper(), True),
        ("sha256", hashlib.sha256(b"another").hexdigest(), False),
        ("pbkdf2_sha256_django", _django(), True),
        ("pbkdf2_sha256_django", "pbkdf2_sha256$x", False),
        ("scrypt_werkzeug", _werkzeug(), True),
        ("scrypt_werkzeug", "scrypt:1$", False),
        ("bcrypt", "$2a$12$" + "x" * 53, False),
    ],
)
def test_digests_of_elsewhere(client: Client, refused: Refused, hasher: str, digest: str, right: bool) -> None:
    user = client.users.create_user(username="somebody", password_digest=digest, password_hasher=hasher)
    if right:
        assert client.users.verify_password(user.id, password=PASSWORD).verified
    else:
        assert refused(client.users.verify_password, user.id, password=PASSWORD)[0] == 422


def test_second_factors(client: Client, refused: Refused) -> None:
    user = client.users.create_user(
        username="somebody", phone_number=["+15555550100"], totp_secret="JBSWY3DPEHPK3PXP", backup_codes=["one", "two"]
    )
    assert (user.totp_enabled, user.backup_code_enabled, user.two_factor_enabled) == (True, True, True)
    code = totp_code("JBSWY3DPEHPK3PXP", int(time.time()))
    assert client.users.verify_totp(user.id, code=code).code_type == "totp"
    assert client.users.verify_totp(user.id, code="one").code_type == "backup_code"
    assert refused(client.users.verify_totp, user.id, code="one") == (422, [("form_code_incorrect", "code")])
    assert client.users.delete_user_backup_codes(user.id).user_id == user.id
    assert not client.users.get_user(user.id).backup_code_enabled
    client.users.delete_user_totp(user.id)
    assert refused(client.users.verify_totp, user.id, code="two") == (404, [("resource_not_found", None)])
    phone = user.phone_numbers[0]
    client.phone_numbers.update_phone_number(phone.id, reserved_for_second_factor=True)
    assert client.users.get_user(user.id).two_factor_enabled
    client.users.disable_user_mfa(user.id)
    disabled = client.users.get_user(user.id)
    assert not disabled.two_factor_enabled
    assert disabled.mfa_disabled_at
    assert client.users.update_user(user.id, totp_secret="").totp_enabled is False


def test_the_test_vector_of_rfc_6238() -> None:
    assert totp_code(base64.b32encode(b"12345678901234567890").decode(), 59) == "287082"


def test_wallets(client: Client, refused: Refused) -> None:
    user = client.users.create_user(username="somebody", web3_wallet=["0x" + "a" * 40])
    wallet = user.web3_wallets[0].id
    assert refused(client.users.delete_user_web3_wallet, user.id, "idn_1") == (404, [("resource_not_found", None)])
    assert client.users.delete_user_web3_wallet(user.id, wallet).deleted
    assert client.users.get_user(user.id).web3_wallets == []
