"""Every operation answers, and every answer is what the document says."""

from __future__ import annotations

import asyncio
import inspect

import pytest

from clerk.testing import Snapshot
from clerk.testing._core import handler_of
from clerk.testing._document.operations import Operation, load_document
from generator.prepare import layout
from tests.testing.world import World, arguments, build_world, check_bodies, methods

METHODS = methods()
SHARE_WORLD = pytest.mark.xdist_group("walk over the local service")


@pytest.fixture(scope="module")
def built() -> tuple[World, Snapshot]:
    world = build_world()
    return world, world.local.snapshot()


@pytest.fixture
def world(built: tuple[World, Snapshot]) -> World:
    world, snapshot = built
    world.local.restore(snapshot)
    return world


def _prepare(world: World, operation: Operation) -> None:
    if operation.id == "CreateSvixApp":
        with world.local.client() as client:
            client.webhooks.delete_svix_app()


@SHARE_WORLD
@pytest.mark.parametrize(
    ("sub_api", "method", "operation"), METHODS, ids=[f"{sub_api}.{m.name}-{o.id}" for sub_api, m, o in METHODS]
)
def test_every_operation_answers_what_the_document_says(
    world: World, sub_api: str, method: layout.MethodEntry, operation: Operation
) -> None:
    _prepare(world, operation)
    key = world.machine_key if operation.takes_machine_key else None
    with world.local.client(strict_responses=True, max_retries=0, machine_secret_key=key) as client:
        getattr(getattr(client, sub_api), method.name)(**arguments(world, method, operation))
    received = world.local.requests[-1]
    assert (received.method, received.status) == (operation.method, operation.status)


@SHARE_WORLD
def test_the_async_client_gets_the_same(world: World) -> None:
    async def walk() -> None:
        client = world.local.async_client(strict_responses=True, max_retries=0)
        async with client:
            for sub_api, method, operation in METHODS:
                if operation.method == "GET":
                    answer = getattr(getattr(client, sub_api), method.name)(**arguments(world, method, operation))
                    assert inspect.isawaitable(answer)
                    await answer

    asyncio.run(walk())


@SHARE_WORLD
def test_the_walk_sends_what_the_document_allows(world: World) -> None:
    assert check_bodies(world) == []


def test_the_walk_passes_every_operation() -> None:
    assert {operation.id for _, _, operation in METHODS} == set(load_document().operations)


@SHARE_WORLD
@pytest.mark.parametrize("operation_id", [o.id for _, _, o in METHODS if handler_of(o)[0] == "sample"])
def test_samples_are_the_same_each_time(world: World, operation_id: str) -> None:
    sub_api, method, operation = next(entry for entry in METHODS if entry[2].id == operation_id)
    with world.local.client() as client:
        call = getattr(getattr(client, sub_api), method.name)
        assert repr(call(**arguments(world, method, operation))) == repr(call(**arguments(world, method, operation)))
