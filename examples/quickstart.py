"""A first tour of the client: a user made, read, changed, found, deleted, an error caught; then the same with async.

`make quickstart` runs it on a local stand-in for Clerk's API. With `CLERK_SECRET_KEY` set to the key of a development
instance it runs there too. It touches nobody but the two users that it makes, and deletes both.
"""

from __future__ import annotations

import argparse
import asyncio
import uuid

from clerk import NotFoundError, create_async_clerk_client, create_clerk_client


def new_address(name: str) -> str:
    """Return an email address that no user has yet."""
    return f"{name}-{uuid.uuid4().hex}@example.com"


def tour() -> None:
    """Walk through the sync client."""
    with create_clerk_client() as clerk:
        print(f"There are {clerk.users.get_count()} users")
        user = clerk.users.create_user(
            email_address=[new_address("ada")], first_name="Ada", last_name="Byron", skip_password_requirement=True
        )
        try:
            print(f"Created {user.full_name}, {user.id}")
            updated = clerk.users.update_user(user.id, last_name="Lovelace")
            print(f"Updated: now {updated.full_name}")
            read = clerk.users.get_user(user.id)
            print(f"Their email address is {read.email_addresses[0].email_address}")
            for found in clerk.users.get_user_list(user_id=[user.id]).auto_paging_iter():
                print(f"Found {found.full_name} in the list")
        finally:
            clerk.users.delete_user(user.id)
            print("Deleted again")
        try:
            clerk.users.get_user(user.id)
        except NotFoundError as error:
            print(f"Caught {type(error).__name__}: {error}")


async def async_tour() -> None:
    """Walk through the async client: the same names, awaited."""
    async with create_async_clerk_client() as clerk:
        print(f"There are {await clerk.users.get_count()} users")
        user = await clerk.users.create_user(
            email_address=[new_address("joan")], first_name="Joan", skip_password_requirement=True
        )
        try:
            print(f"Created {user.full_name}, {user.id}")
            updated = await clerk.users.update_user(user.id, last_name="Clarke")
            print(f"Updated: now {updated.full_name}")
            read = await clerk.users.get_user(user.id)
            print(f"Their email address is {read.email_addresses[0].email_address}")
            async for found in (await clerk.users.get_user_list(user_id=[user.id])).auto_paging_iter():
                print(f"Found {found.full_name} in the list")
        finally:
            await clerk.users.delete_user(user.id)
            print("Deleted again")
        try:
            await clerk.users.get_user(user.id)
        except NotFoundError as error:
            print(f"Caught {type(error).__name__}: {error}")


def main() -> None:
    """Walk through both clients."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    print("With the sync client:")
    tour()
    print("\nWith the async client:")
    asyncio.run(async_tour())


if __name__ == "__main__":
    main()
