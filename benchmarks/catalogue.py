"""All benchmarks, with their contenders and goals."""

from __future__ import annotations

from .benchmark import Benchmark, Contender, Subject
from .subjects import calling, checking, decoding, local, paging, starting
from .subjects.turns import of

CLERK, SPEED, AIOHTTP, HTTPX2 = (f"clerk-client{extra}" for extra in ("", "[speed]", "[aiohttp]", "[httpx2]"))
_HTTPX = "httpx + json.loads"


def _official(subject: Subject) -> Contender:
    return Contender("clerk-backend-api", subject, needs="clerk_backend_api")


def _both(ours: Subject, official: Subject, *, goal: float) -> tuple[Contender, Contender]:
    return Contender(CLERK, ours, goal), _official(official)


_STARTING = (
    Benchmark(
        "import",
        "Import the package",
        "starting",
        ("import httpx", starting.cpu(starting.IMPORT_HTTPX)),
        _both(starting.cpu(starting.IMPORT_CLERK), starting.cpu(starting.IMPORT_OFFICIAL), goal=0.25),
        turns=7,
        asked="Import the package",
        means="Each process pays this once, which matters for command lines and other short programs.",
    ),
    Benchmark(
        "answer",
        "Import, client, and the first call",
        "starting",
        (_HTTPX, starting.cpu(starting.ANSWER_HTTPX)),
        _both(starting.cpu(starting.ANSWER_CLERK), starting.cpu(starting.ANSWER_OFFICIAL), goal=1.15),
        turns=7,
        asked="Start a process and make its first call",
        means="Each process pays this once, before its first response. It matters for command lines and cold starts.",
    ),
    Benchmark(
        "memory",
        "Peak of resident memory after the first call",
        "starting",
        (_HTTPX, starting.memory(starting.ANSWER_HTTPX)),
        _both(starting.memory(starting.ANSWER_CLERK), starting.memory(starting.ANSWER_OFFICIAL), goal=1.15),
        turns=1,
        asked="Keep a process in memory after its first call",
        means="Each process needs this once, which matters for servers with many small workers.",
    ),
)

_DECODING = (
    Benchmark(
        "decode",
        "Bytes to models, 500 users",
        "decoding",
        ("json.loads", decoding.many(decoding.json_loads)),
        (
            Contender(CLERK, decoding.many(decoding.clerk), 1.6, 1.4),
            Contender(SPEED, decoding.many(decoding.clerk), 1.0, needs="orjson"),
            _official(decoding.many(decoding.official)),
            Contender("orjson.loads, to dicts", decoding.many(decoding.orjson_loads), needs="orjson"),
            Contender("msgspec structs", decoding.many(decoding.msgspec_structs), needs="msgspec"),
        ),
        asked="Decode a page of 500 users",
        means="This is CPU time, without the network. It matters for jobs that read many users.",
    ),
    Benchmark(
        "decode-one",
        "Bytes to model, one user",
        "decoding",
        ("json.loads", decoding.one(decoding.json_loads)),
        _both(decoding.one(decoding.clerk), decoding.one(decoding.official), goal=2.0),
        count=150,
        means="This is CPU time, without the network. It only matters for programs that make calls all the time.",
    ),
    Benchmark(
        "encode",
        "Models to dicts, 500 users",
        "decoding",
        ("bytes to models", decoding.many(decoding.clerk)),
        _both(
            decoding.dicts_of(decoding.clerk, "to_dict"), decoding.dicts_of(decoding.official, "model_dump"), goal=1.0
        ),
        means="This is the CPU time of `to_dict()`, which matters for programs that pass whole pages on as JSON.",
    ),
    Benchmark(
        "held",
        "Memory that 2,000 decoded users hold",
        "decoding",
        ("dicts", decoding.held(decoding.json_loads)),
        _both(decoding.held(decoding.clerk), decoding.held(decoding.official), goal=1.0),
        count=2_000,
        turns=1,
        means="This matters for programs that keep thousands of models. Iterating over a list keeps only one page.",
    ),
)

_CALLING = (
    Benchmark(
        "call",
        "One user",
        "calling",
        (_HTTPX, calling.one_at_a_time(calling.httpx_one)),
        _both(calling.one_at_a_time(calling.clerk_one()), calling.one_at_a_time(calling.official_one), goal=1.15),
        count=60,
        asked="Get one user",
        means="This is the CPU time of the calling process, without the wait for the service. "
        "Programs that make calls all the time make fewer calls per core.",
    ),
    Benchmark(
        "call-500",
        "500 users",
        "calling",
        (_HTTPX, calling.one_at_a_time(calling.httpx_many())),
        (
            Contender(CLERK, calling.one_at_a_time(calling.clerk_many), 1.4),
            Contender(SPEED, calling.one_at_a_time(calling.clerk_many), 1.0, needs="orjson"),
            _official(calling.one_at_a_time(calling.official_many)),
            Contender(
                "httpx + msgspec", calling.one_at_a_time(calling.httpx_many(calling.msgspec_loads)), needs="msgspec"
            ),
        ),
        count=2,
        asked="Get a page of 500 users",
        means="This is CPU time, without the wait for the service. It matters for jobs that read many users.",
    ),
    Benchmark(
        "threads",
        "One user, from 50 threads with one client",
        "calling",
        ("one httpx.Client", calling.in_threads(calling.httpx_one_in_threads)),
        (
            Contender(CLERK, calling.in_threads(calling.clerk_one()), 1.0),
            Contender(HTTPX2, calling.in_threads(calling.clerk_one({"transport": "httpx2"})), 0.7, needs="httpx2"),
        ),
        count=6,
        means="Servers with many threads make fewer calls per core.",
    ),
    Benchmark(
        "async",
        "One user, 50 async calls at a time",
        "calling",
        (_HTTPX, calling.in_tasks(calling.httpx_async)),
        (
            Contender(CLERK, calling.in_tasks(calling.clerk_async()), 1.15, 0.6),
            Contender(HTTPX2, calling.in_tasks(calling.clerk_async({"transport": "httpx2"})), needs="httpx2"),
            Contender(AIOHTTP, calling.in_tasks(calling.clerk_async({"transport": "aiohttp"})), 0.45, needs="aiohttp"),
            Contender("aiohttp + json.loads", calling.in_tasks(calling.aiohttp_async), needs="aiohttp"),
            _official(calling.in_tasks(calling.official_async)),
        ),
        count=100,
        asked="Get one user, with 50 async calls at a time",
        means="Servers make fewer calls per core. Another [transport](transports.md) takes less.",
    ),
    Benchmark(
        "loops",
        "200 async calls from 20 event loops, one after the other",
        "calling",
        ("the same from one event loop", calling.in_loops(1)),
        (Contender(CLERK, calling.in_loops(20), 1.3),),
        count=200,
        means="This matters for programs that start an event loop for each task, such as workers with `asyncio.run`.",
    ),
)

_PAGING = (
    Benchmark(
        "paging",
        "All 20,000 users of a LocalClerk",
        "paging",
        ("a loop around httpx", paging.cpu(paging.httpx_walk)),
        _both(paging.cpu(paging.clerk_walk), paging.cpu(paging.official_walk), goal=1.3),
        turns=3,
        asked="Walk through 20,000 users",
        means="Jobs that read all users take that much more CPU time.",
    ),
    *(
        Benchmark(
            f"paging-{pages}",
            f"The same in {pages} pages, each delayed by 20 ms, 8 pages at a time: elapsed time",
            "paging",
            ("a loop around httpx", paging.wall(paging.httpx_walk, pages)),
            (
                Contender(f"{CLERK}, threads", paging.wall(paging.clerk_threads_walk, pages), goal),
                Contender(f"{CLERK}, tasks", paging.wall(paging.clerk_tasks_walk, pages), goal),
            ),
            turns=1,
            means="Jobs that read a whole list gain less from fetching pages ahead.",
        )
        for pages, goal in ((40, 0.625), (200, 0.25))
    ),
)

_TESTING = (
    Benchmark(
        "local-clerk",
        "Import LocalClerk, and a first response",
        "testing",
        (f"import, client and first call of {_HTTPX}", starting.cpu(starting.ANSWER_HTTPX)),
        (Contender("LocalClerk", starting.cpu(starting.ANSWER_LOCAL), 1.0),),
        turns=9,
        asked="Start a test with LocalClerk",
        means="Each test run pays this once.",
    ),
    Benchmark(
        "fixture",
        "200 tests, each with the fixture local_clerk",
        "testing",
        ("200 tests without a fixture", local.pytest_run()),
        (Contender("LocalClerk", local.pytest_run("local_clerk"), 2.1, needs="pytest"),),
        count=200,
        turns=5,
        means="Each test with the fixture pays this.",
    ),
    Benchmark(
        "over-http",
        "A request and its response over HTTP",
        "testing",
        ("http.server with a constant response", local.asked_over(local.bare_server)),
        (Contender("LocalClerk", local.asked_over(local.local_server), 1.43),),
        count=300,
        means="This matters for tests of programs in other processes and languages; tests in Python need no HTTP.",
    ),
)

_IDENTITY = (
    Benchmark(
        "verify-token",
        "A session token, with a cached key",
        "identity",
        ("the bare RSA check", of(checking.bare)),
        _both(of(checking.clerk_token), of(checking.official_token), goal=1.6),
        count=300,
        asked="Check a session token",
        means="Each request to your backend with a token pays this in CPU time.",
    ),
    Benchmark(
        "authenticate-request",
        "A request with a session token, with a cached key",
        "identity",
        ("the bare RSA check", of(checking.bare)),
        (
            Contender(CLERK, of(checking.clerk_request), 2.0),
            Contender(f"{CLERK}, of an organization", of(checking.clerk_request_of_organization)),
            _official(of(checking.official_request)),
        ),
        count=300,
        asked="Authenticate a request",
        means="Each request to your backend with a token pays this in CPU time.",
    ),
    Benchmark(
        "webhook",
        "A webhook, to a typed event",
        "identity",
        ("bare hmac + json.loads", of(checking.bare_hmac)),
        (Contender(CLERK, of(checking.clerk_webhook)),),
        count=300,
        asked="Verify a webhook",
    ),
)

BENCHMARKS = (*_STARTING, *_DECODING, *_CALLING, *_PAGING, *_IDENTITY, *_TESTING)

__all__ = ["BENCHMARKS"]
