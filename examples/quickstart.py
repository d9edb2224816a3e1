"""A first tour of the client: users listed, read, created, updated, an error caught; then the same with async.

`make quickstart` runs it on a local stand-in for Clerk's API. With `CLERK_SECRET_KEY` set to the key of a development
instance it runs there too, and leaves two new users behind.
"""

from __future__ import annotations

import asyncio

from clerk import NotFoundError, create_async_clerk_client, create_clerk_client


def tour() -> None:
    """Walk through the sync client."""
    with create_clerk_client() as clerk:
        users = clerk.users.get_user_list(limit=10)
        print(f"There are {len(users)} users:")
        for user in users:
            print(f"  {user.first_name} {user.last_name}, {user.id}")

        first = clerk.users.get_user(users[0].id)
        print(f"The first one's email address is {first.email_addresses[0].email_address}")

        created = clerk.users.create_user(first_name="Ada", last_name="Byron", email_address=["ada@example.com"])
        print(f"Created {created.first_name} {created.last_name}, {created.id}")

        updated = clerk.users.update_user(created.id, last_name="Lovelace")
        print(f"Updated: now {updated.first_name} {updated.last_name}")

        try:
            clerk.users.get_user("user_missing")
        except NotFoundError as error:
            print(f"Caught {type(error).__name__}: {error}")


async def async_tour() -> None:
    """Walk through the async client: the same names, awaited."""
    async with create_async_clerk_client() as clerk:
        users = await clerk.users.get_user_list(limit=10)
        print(f"There are {len(users)} users:")
        for user in users:
            print(f"  {user.first_name} {user.last_name}, {user.id}")

        first = await clerk.users.get_user(users[0].id)
        print(f"The first one's email address is {first.email_addresses[0].email_address}")

        created = await clerk.users.create_user(first_name="Joan", email_address=["joan@example.com"])
        print(f"Created {created.first_name}, {created.id}")

        updated = await clerk.users.update_user(created.id, last_name="Clarke")
        print(f"Updated: now {updated.first_name} {updated.last_name}")

        try:
            await clerk.users.get_user("user_missing")
        except NotFoundError as error:
            print(f"Caught {type(error).__name__}: {error}")


if __name__ == "__main__":
    print("With the sync client:")
    tour()
    print("\nWith the async client:")
    asyncio.run(async_tour())
