"""Users, their passwords and second factors, e-mail addresses and phone numbers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time

from tests.peers.official_python.steps import Clerk, ids, refused, step

PASSWORD = "correct horse battery staple"
TOTP_SECRET = b"12345678901234567890"
PICTURE = {"file_name": "picture.png", "content": b"\x89PNG\r\n\x1a\n", "content_type": "image/png"}
UNKNOWN = "user_2aaaaaaaaaaaaaaaaaaaaaaaaaa"


def tell(clerk: Clerk) -> None:
    """Tell the chapter."""
    ada, alan = _create(clerk)
    _find(clerk, ada, alan)
    _change(clerk, ada)
    _secure(clerk, ada, alan)
    _restrict(clerk, ada, alan)
    _email_addresses(clerk, ada)
    _phone_numbers(clerk, ada)
    with step("users.delete"):
        deleted = clerk.users.delete(user_id=alan)
        assert (deleted.id, deleted.deleted) == (alan, True)
        assert clerk.users.count(request={}).total_count == 2
    with refused("users.get, one that was deleted"):
        clerk.users.get(user_id=alan)


def _create(clerk: Clerk) -> tuple[str, str]:
    ada = alan = ""
    with step("users.create"):
        user = clerk.users.create(
            email_address=["ada@example.com"],
            phone_number=["+15555550100"],
            username="ada_lovelace",
            password=PASSWORD,
            first_name="Ada",
            last_name="Lovelace",
            external_id="employee-1",
            public_metadata={"plan": "pro", "nested": {"kept": 1, "gone": 2}},
            private_metadata={"note": "secret"},
            totp_secret=base64.b32encode(TOTP_SECRET).decode(),
            backup_codes=["one-of-a-kind"],
            created_at="2024-01-02T03:04:05Z",
        )
        ada = user.id
        assert (user.first_name, user.username, user.external_id) == ("Ada", "ada_lovelace", "employee-1")
        assert user.email_addresses[0].email_address == "ada@example.com"
        assert user.email_addresses[0].verification.status == "verified"
        assert user.created_at == 1_704_164_645_000
        assert (user.password_enabled, user.totp_enabled, user.backup_code_enabled) == (True, True, True)
        assert (user.banned, user.locked) == (False, False)
    with step("users.create, without a password"):
        user = clerk.users.create(email_address=["alan@example.com"], first_name="Alan", skip_password_requirement=True)
        alan = user.id
        assert (user.password_enabled, user.last_name) == (False, None)
    with refused("users.create, an address that is taken"):
        clerk.users.create(email_address=["ada@example.com"], password=PASSWORD)
    with refused("users.create, a password that is too short"):
        clerk.users.create(email_address=["new@example.com"], password="short")
    return ada, alan


def _find(clerk: Clerk, ada: str, alan: str) -> None:
    with step("users.get"):
        user = clerk.users.get(user_id=ada)
        assert (user.last_name, user.private_metadata) == ("Lovelace", {"note": "secret"})
    with refused("users.get, unknown"):
        clerk.users.get(user_id=UNKNOWN)
    with step("users.list"):
        assert [user.first_name for user in clerk.users.list(request={})][:1] == ["Alan"]
        assert ids(clerk.users.list(request={"order_by": "+created_at"}))[::2] == [ada, alan]
    with step("users.list, in pages"):
        pages = [ids(clerk.users.list(request={"limit": 2, "offset": offset})) for offset in (0, 2)]
        assert pages[0][0] == alan
        assert pages[1] == [ada]
    with step("users.list, by what users have"):
        filters = [
            {"email_address": ["ada@example.com", "alan@example.com"], "order_by": "first_name"},
            {"phone_number": ["+15555550100"]},
            {"external_id": ["employee-1"]},
            {"username": ["ada_lovelace"]},
            {"query": "alan@"},
            {"created_at_before": 1_717_200_000_000},
        ]
        found = [ids(clerk.users.list(request=request)) for request in filters]
        assert found == [[ada, alan], [ada], [ada], [ada], [alan], [ada]]
    with step("users.count"):
        assert clerk.users.count(request={}).total_count == 3
        assert clerk.users.count(request={"email_address": ["nobody@example.com"]}).total_count == 0


def _change(clerk: Clerk, ada: str) -> None:
    with step("users.update"):
        user = clerk.users.update(user_id=ada, last_name="King", username="ada_king", external_id="employee-2")
        assert (user.first_name, user.last_name, user.username) == ("Ada", "King", "ada_king")
        assert user.external_id == "employee-2"
    with step("users.update_metadata"):
        user = clerk.users.update_metadata(user_id=ada, public_metadata={"nested": {"gone": None, "more": True}})
        assert user.public_metadata == {"plan": "pro", "nested": {"kept": 1, "more": True}}
        assert user.private_metadata == {"note": "secret"}
    with step("users.replace_metadata"):
        user = clerk.users.replace_metadata(user_id=ada, public_metadata={"only": "this"})
        assert (user.public_metadata, user.private_metadata) == ({"only": "this"}, {"note": "secret"})
    with step("users.set_profile_image"):
        assert clerk.users.set_profile_image(user_id=ada, file=PICTURE).has_image is True
    with step("users.delete_profile_image"):
        assert clerk.users.delete_profile_image(user_id=ada).has_image is False


def _secure(clerk: Clerk, ada: str, alan: str) -> None:
    with step("users.verify_password"):
        assert clerk.users.verify_password(user_id=ada, password=PASSWORD).verified is True
    with refused("users.verify_password, a wrong one"):
        clerk.users.verify_password(user_id=ada, password="a wrong password")
    with refused("users.verify_password, of a user without one"):
        clerk.users.verify_password(user_id=alan, password=PASSWORD)
    with step("users.set_password_compromised"):
        assert clerk.users.set_password_compromised(user_id=ada).id == ada
    with step("users.unset_password_compromised"):
        assert clerk.users.unset_password_compromised(user_id=ada).id == ada
    with step("users.remove_password"):
        assert clerk.users.remove_password(user_id=ada).password_enabled is False
    with step("users.verify_totp"):
        answer = clerk.users.verify_totp(user_id=ada, code=_one_time_password())
        assert (answer.verified, answer.code_type) == (True, "totp")
    with step("users.verify_totp, a backup code"):
        assert clerk.users.verify_totp(user_id=ada, code="one-of-a-kind").code_type == "backup_code"
    with refused("users.verify_totp, a backup code that was used"):
        clerk.users.verify_totp(user_id=ada, code="one-of-a-kind")
    with step("users.delete_totp"):
        assert clerk.users.delete_totp(user_id=ada).user_id == ada
        assert clerk.users.get(user_id=ada).totp_enabled is False
    with step("users.delete_backup_codes"):
        assert clerk.users.delete_backup_codes(user_id=ada).user_id == ada
    with step("users.disable_mfa"):
        assert clerk.users.disable_mfa(user_id=ada).user_id == ada
        assert clerk.users.get(user_id=ada).two_factor_enabled is False


def _restrict(clerk: Clerk, ada: str, alan: str) -> None:
    with step("users.ban"):
        assert clerk.users.ban(user_id=alan).banned is True
    with step("users.unban"):
        assert clerk.users.unban(user_id=alan).banned is False
    with step("users.bulk_ban"):
        assert [user.banned for user in clerk.users.bulk_ban(user_ids=[ada, alan])] == [True, True]
    with step("users.bulk_unban"):
        assert [user.banned for user in clerk.users.bulk_unban(user_ids=[ada, alan])] == [False, False]
    with step("users.lock"):
        assert clerk.users.lock(user_id=alan).locked is True
    with step("users.unlock"):
        assert clerk.users.unlock(user_id=alan).locked is False


def _email_addresses(clerk: Clerk, ada: str) -> None:
    api = clerk.email_addresses
    email = ""
    with step("email_addresses.create"):
        made = api.create(request={"user_id": ada, "email_address": "ada@example.org", "verified": False})
        email = made.id
        assert made.email_address == "ada@example.org"
    with refused("email_addresses.create, malformed"):
        api.create(request={"user_id": ada, "email_address": "no address"})
    with step("email_addresses.prepare_verification"):
        verification = api.prepare_verification(email_address_id=email)
        assert verification.status == "unverified"
    with step("email_addresses.attempt_verification"):
        verification = api.prepare_verification(email_address_id=email)
        done = api.attempt_verification(email_address_id=email, verification_id=verification.id, code="424242")
        assert done.status == "verified"
    with step("email_addresses.update"):
        assert api.update(email_address_id=email, verified=True, primary=True).id == email
        assert clerk.users.get(user_id=ada).primary_email_address_id == email
    with step("email_addresses.get"):
        assert api.get(email_address_id=email).verification.status == "verified"
    with step("email_addresses.replace_for_user"):
        replaced = api.replace_for_user(user_id=ada, email_address="ada@example.net")
        assert ids(clerk.users.get(user_id=ada).email_addresses) == [replaced.id]
    with step("email_addresses.delete"):
        extra = api.create(request={"user_id": ada, "email_address": "more@example.net"})
        assert api.delete(email_address_id=extra.id).deleted is True


def _phone_numbers(clerk: Clerk, ada: str) -> None:
    api = clerk.phone_numbers
    phone = ""
    with step("phone_numbers.create"):
        made = api.create(request={"user_id": ada, "phone_number": "+15555550101", "verified": True})
        phone = made.id
        assert made.phone_number == "+15555550101"
    with step("phone_numbers.update"):
        updated = api.update(phone_number_id=phone, primary=True, reserved_for_second_factor=True)
        assert updated.reserved_for_second_factor is True
        assert clerk.users.get(user_id=ada).primary_phone_number_id == phone
    with step("phone_numbers.get"):
        assert api.get(phone_number_id=phone).verification.status == "verified"
    with step("phone_numbers.delete"):
        assert api.delete(phone_number_id=phone).deleted is True
    with step("phone_numbers.replace_for_user"):
        replaced = api.replace_for_user(user_id=ada, phone_number="+15555550102")
        assert ids(clerk.users.get(user_id=ada).phone_numbers) == [replaced.id]


def _one_time_password() -> str:
    # RFC 6238: six digits, thirty seconds, SHA-1.
    digest = hmac.digest(TOTP_SECRET, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1)
    (number,) = struct.unpack_from(">I", digest, digest[-1] & 15)
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06}"
