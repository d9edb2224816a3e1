"""All benchmarks: who is compared with whom, and what is to be reached."""

from __future__ import annotations

from .benchmark import (
    CLERK,
    CLERK_AIOHTTP,
    CLERK_SPEED,
    OFFICIAL,
    Benchmark,
    Comparison,
    Goal,
)
from .measurements import calling, checking, decoding, holding, paging, regenerating, starting

CLERK_CALL_LOADED = "clerk-client, models loaded"
CLERK_THREADS = "clerk-client, threads"
CLERK_TASKS = "clerk-client, tasks"
CLERK_OF_ORGANIZATION = "clerk-client, of an organization"
_USERS = 20_000

_STARTING = (
    Benchmark(
        name="ready-cpu",
        title="Import and default client, ready for the first `users` call",
        unit="ms CPU",
        baseline="httpx",
        contenders={
            "httpx": starting.CPU(starting.HTTPX),
            CLERK: starting.CPU(starting.CLERK),
            CLERK_CALL_LOADED: starting.CPU(starting.CLERK_CALL_LOADED),
            OFFICIAL: starting.CPU(starting.OFFICIAL, "clerk_backend_api"),
        },
        goals=(Goal(CLERK, 1.15),),
        count=3,
    ),
    Benchmark(
        name="import-cpu",
        title="`import clerk` alone",
        unit="ms CPU",
        baseline="empty interpreter",
        comparison=Comparison.DIFFERENCE,
        contenders={
            "empty interpreter": starting.CPU("pass"),
            CLERK: starting.CPU(starting.CLERK_IMPORT),
            OFFICIAL: starting.CPU(starting.OFFICIAL_IMPORT, "clerk_backend_api"),
        },
        goals=(Goal(CLERK, 15.0),),
        count=3,
    ),
    Benchmark(
        name="import-httpx",
        title="Modules of httpx that `import clerk` loads",
        unit="modules",
        comparison=Comparison.NONE,
        contenders={
            CLERK: starting.HTTPXModules(starting.CLERK_IMPORT),
            OFFICIAL: starting.HTTPXModules(starting.OFFICIAL_IMPORT, "clerk_backend_api"),
        },
        goals=(Goal(CLERK, 0),),
        rounds=1,
    ),
    Benchmark(
        name="ready-memory",
        title="Peak of resident memory, ready for the first call",
        unit="MiB",
        baseline="httpx",
        comparison=Comparison.DIFFERENCE,
        contenders={
            "httpx": starting.Memory(starting.HTTPX),
            CLERK: starting.Memory(starting.CLERK),
            CLERK_CALL_LOADED: starting.Memory(starting.CLERK_CALL_LOADED),
            OFFICIAL: starting.Memory(starting.OFFICIAL, "clerk_backend_api"),
        },
        goals=(Goal(CLERK, 4.0),),
    ),
)

_DECODING = (
    Benchmark(
        name="decode-many",
        title="Bytes to models, 500 users",
        unit="µs CPU a user",
        baseline="json.loads",
        contenders={
            "json.loads": decoding.json_many,
            CLERK: decoding.clerk_many,
            CLERK_SPEED: decoding.clerk_speed_many,
            OFFICIAL: decoding.official_many,
            "orjson.loads": decoding.orjson_many,
            "msgspec structs": decoding.msgspec_many,
        },
        goals=(Goal(CLERK, 1.6, 1.4), Goal(CLERK_SPEED, 1.0)),
        count=40,
    ),
    Benchmark(
        name="decode-one",
        title="Bytes to model, one user",
        unit="µs CPU",
        baseline="json.loads",
        contenders={
            "json.loads": decoding.json_one,
            CLERK: decoding.clerk_one,
            CLERK_SPEED: decoding.clerk_speed_one,
            OFFICIAL: decoding.official_one,
            "orjson.loads": decoding.orjson_one,
            "msgspec structs": decoding.msgspec_one,
        },
        goals=(Goal(CLERK, 2.0),),
        count=5_000,
    ),
    Benchmark(
        name="encode-many",
        title="Models to dicts, 500 users, against bytes to models",
        unit="µs CPU a user",
        baseline="clerk-client, bytes to models",
        contenders={
            "clerk-client, bytes to models": decoding.clerk_many,
            CLERK: decoding.clerk_to_dicts,
            OFFICIAL: decoding.official_to_dicts,
        },
        goals=(Goal(CLERK, 1.0),),
        count=40,
    ),
    Benchmark(
        name="memory-many",
        title="Memory that 10,000 decoded users hold",
        unit="MiB",
        baseline="dicts",
        contenders={
            "dicts": holding.dicts,
            CLERK: holding.clerk,
            OFFICIAL: holding.official,
            "msgspec structs": holding.msgspec_structs,
        },
        goals=(Goal(CLERK, 1.0),),
        count=10_000,
        rounds=3,
    ),
)

_CALLING = (
    Benchmark(
        name="call-one",
        title="One user over loopback, sync",
        unit="µs CPU",
        baseline="httpx + json.loads",
        contenders={
            "httpx + json.loads": calling.httpx_one,
            CLERK: calling.clerk_one,
            OFFICIAL: calling.official_one,
        },
        goals=(Goal(CLERK, 1.15),),
        count=1_000,
    ),
    Benchmark(
        name="call-many",
        title="500 users over loopback, sync",
        unit="µs CPU",
        baseline="httpx + json.loads",
        contenders={
            "httpx + json.loads": calling.httpx_many,
            CLERK: calling.clerk_many,
            CLERK_SPEED: calling.clerk_speed_many,
            OFFICIAL: calling.official_many,
            "httpx + msgspec": calling.httpx_msgspec_many,
        },
        goals=(Goal(CLERK, 1.4), Goal(CLERK_SPEED, 1.0)),
        count=40,
    ),
    Benchmark(
        name="call-async",
        title="One user over loopback, async, 50 at a time",
        unit="µs CPU",
        baseline="httpx + json.loads",
        contenders={
            "httpx + json.loads": calling.httpx_async,
            CLERK: calling.clerk_async,
            CLERK_AIOHTTP: calling.clerk_aiohttp_async,
            OFFICIAL: calling.official_async,
            "aiohttp + json.loads": calling.aiohttp_async,
        },
        goals=(Goal(CLERK, 1.15, 0.6), Goal(CLERK_AIOHTTP, 0.45)),
        count=1_000,
    ),
)

_CHECKING = (
    Benchmark(
        name="verify-token",
        title="A session token, its key at hand",
        unit="µs CPU",
        baseline="cryptography, the signature alone",
        contenders={
            "cryptography, the signature alone": checking.bare,
            CLERK: checking.clerk_token,
            OFFICIAL: checking.official_token,
        },
        goals=(Goal(CLERK, 1.6),),
        count=4_000,
    ),
    Benchmark(
        name="authenticate-request",
        title="A request with a session token, its key at hand",
        unit="µs CPU",
        baseline="cryptography, the signature alone",
        contenders={
            "cryptography, the signature alone": checking.bare,
            CLERK: checking.clerk_request,
            CLERK_OF_ORGANIZATION: checking.clerk_request_of_organization,
            OFFICIAL: checking.official_request,
        },
        goals=(Goal(CLERK, 2.0),),
        count=4_000,
    ),
)

_PAGING = (
    Benchmark(
        name="paging-cpu",
        title="All 20,000 users of a `LocalClerk`, 500 a page",
        unit="ms CPU",
        baseline="loop around httpx",
        contenders={
            "loop around httpx": paging.cpu(paging.httpx_walk),
            CLERK: paging.cpu(paging.clerk_walk),
            OFFICIAL: paging.cpu(paging.official_walk),
        },
        goals=(Goal(CLERK, 1.3),),
        count=_USERS,
        smallest=20,
    ),
    *(
        Benchmark(
            name=f"paging-wall-{limit}",
            title=f"The same, {limit} a page, 20 ms latency, 8 pages at a time",
            unit="s wall",
            baseline="loop around httpx",
            comparison=Comparison.SPEEDUP,
            contenders={
                "loop around httpx": paging.wall(paging.httpx_walk, limit),
                CLERK_THREADS: paging.wall(paging.clerk_threads_walk, limit),
                CLERK_TASKS: paging.wall(paging.clerk_tasks_walk, limit),
            },
            goals=(Goal(CLERK_THREADS, speedup), Goal(CLERK_TASKS, speedup)),
            count=_USERS,
            smallest=20,
            rounds=rounds,
        )
        for limit, speedup, rounds in ((10, 6.0, 3), (500, 1.6, 7))
    ),
)

_REGENERATING = (
    Benchmark(
        name="regenerate",
        title="`make regenerate`",
        unit="s",
        comparison=Comparison.NONE,
        contenders={"wall": regenerating.wall, "CPU": regenerating.cpu},
        goals=(Goal("wall", 20.0),),
        rounds=5,
    ),
)

BENCHMARKS = (*_STARTING, *_DECODING, *_CALLING, *_CHECKING, *_PAGING, *_REGENERATING)

__all__ = ["BENCHMARKS", "CLERK_CALL_LOADED", "CLERK_TASKS", "CLERK_THREADS"]
