"""Email addresses and phone numbers."""

from __future__ import annotations

import pytest

from clerk.testing import LocalClerk

from .conftest import Client, Refused


def test_an_email_address_comes_changes_and_goes(client: Client, refused: Refused) -> None:
    user = client.users.create_user(username="somebody")
    first = client.email_addresses.create_email_address(
        user_id=user.id, email_address="First@Example.com", verified=True
    )
    assert first.email_address == "first@example.com"
    assert client.users.get_user(user.id).primary_email_address_id == first.id
    second = client.email_addresses.create_email_address(user_id=user.id, email_address="second@example.com")
    assert second.verification is None
    unverified = (422, [("form_param_value_invalid", "primary")])
    assert refused(client.email_addresses.update_email_address, second.id, primary=True) == (400, unverified[1])
    changed = client.email_addresses.update_email_address(second.id, verified=True, primary=True)
    assert changed.verification.status == "verified"
    assert client.users.get_user(user.id).primary_email_address_id == second.id
    assert client.email_addresses.get_email_address(second.id) == changed
    taken = (422, [("form_identifier_exists", "email_address")])
    create = client.email_addresses.create_email_address
    assert refused(create, user_id=user.id, email_address="SECOND@example.com") == taken
    assert refused(create, user_id="user_1", email_address="third@example.com")[0] == 404
    deleted = client.email_addresses.delete_email_address(second.id)
    assert (deleted.object, deleted.id) == ("email_address", second.id)
    assert client.users.get_user(user.id).primary_email_address_id == first.id
    assert refused(client.email_addresses.get_email_address, second.id)[0] == 404


def test_the_last_identifier_stays(client: Client, refused: Refused) -> None:
    user = client.users.create_user(email_address=["a@example.com"])
    last = (400, [("last_required_identification_deletion_failed", None)])
    assert refused(client.email_addresses.delete_email_address, user.email_addresses[0].id) == last
    phone = client.phone_numbers.create_phone_number(user_id=user.id, phone_number="+15555550100", primary=False)
    client.email_addresses.delete_email_address(user.email_addresses[0].id)
    assert client.users.get_user(user.id).primary_email_address_id is None
    assert refused(client.phone_numbers.delete_phone_number, phone.id) == last


def test_codes(client: Client, local: LocalClerk, refused: Refused) -> None:
    user = client.users.create_user(username="somebody")
    address = client.email_addresses.create_email_address(user_id=user.id, email_address="a@example.com")
    begun = client.email_addresses.prepare_email_address_verification(address.id)
    assert (begun.status, begun.strategy) == ("unverified", "email_code")
    attempt = client.email_addresses.attempt_email_address_verification
    wrong = (400, [("form_code_incorrect", "code")])
    assert refused(attempt, address.id, verification_id=begun.id, code="123456") == wrong
    assert refused(attempt, address.id, verification_id="ver_1", code="424242")[0] == 404
    assert attempt(address.id, verification_id=begun.id, code="424242").status == "verified"
    verified = client.email_addresses.get_email_address(address.id).verification
    assert (verified.status, verified.strategy, verified.attempts) == ("verified", "email_code", 1)
    phone = client.phone_numbers.create_phone_number(user_id=user.id, phone_number="+15555550100")
    started = client.phone_numbers.prepare_phone_number_verification(phone.id)
    local.advance(601)
    late = client.phone_numbers.attempt_phone_number_verification
    assert refused(late, phone.id, verification_id=started.id, code="424242") == wrong


@pytest.mark.parametrize(("status", "verified", "reserved"), [("verified", True, False), ("reserved", False, True)])
def test_all_of_a_kind_are_replaced(client: Client, status: str, verified: bool, reserved: bool) -> None:
    user = client.users.create_user(email_address=["a@example.com", "b@example.com"], phone_number=["+15555550100"])
    address = client.users.replace_user_email_address(
        user.id, email_address="b@example.com", identification_status=status
    )
    phone = client.users.replace_user_phone_number(user.id, phone_number="+15555550199", identification_status=status)
    changed = client.users.get_user(user.id)
    assert [one.id for one in changed.email_addresses] == [address.id] == [changed.primary_email_address_id]
    assert [one.id for one in changed.phone_numbers] == [phone.id] == [changed.primary_phone_number_id]
    assert ((address.verification is not None), address.reserved) == (verified, reserved)


def test_second_factor_phones(client: Client) -> None:
    user = client.users.create_user(username="somebody")
    phone = client.phone_numbers.create_phone_number(
        user_id=user.id, phone_number="+15555550100", verified=True, reserved_for_second_factor=True, primary=True
    )
    assert phone.reserved_for_second_factor
    assert client.phone_numbers.get_phone_number(phone.id) == phone
    assert client.phone_numbers.delete_phone_number(phone.id).object == "phone_number"
