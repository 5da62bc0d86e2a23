"""Admitting: who may come in, and who waits."""

from __future__ import annotations

import asyncio

import pytest
from datasette.app import Datasette

from plugins.admitting import MANY_ROWS, MOST_PARAMETERS, Gate, is_costly, refusal_of


def asked(query: str = "", **headers: str) -> dict[str, object]:
    told = {"host": "example.org"} | headers
    return {
        "method": told.pop("method", "GET"),
        "path": told.pop("path", "/codex"),
        "query_string": query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in told.items()],
    }


@pytest.mark.parametrize("host", ["example.org", "example.org:8001", "127.0.0.1:1", "[::1]:8001", "a_b-c.example"])
def test_a_host_is_a_host(host: str) -> None:
    assert refusal_of(asked(host=host)) is None


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        (asked(host="a/b"), 400),
        (asked(host="a@b"), 400),
        (asked("&".join(["a=1"] * (MOST_PARAMETERS + 1))), 400),
        (asked("&".join(["_facet=a"] * 13)), 400),
        (asked("&".join(["%5Ffacet=a&_facet_date=b"] * 13)), 400),
        (asked(method="POST"), 405),
        (asked(method="DELETE"), 405),
        (asked(content_length="300000"), 413),
        (asked(content_length="9" * 5000), 413),
        (asked(content_length="-1"), 413),
    ],
)
def test_what_nobody_asks_is_refused(scope: dict[str, object], status: int) -> None:
    refusal = refusal_of(scope)
    assert refusal is not None
    assert refusal.status == status


@pytest.mark.parametrize(
    ("query", "costly"),
    [
        ("", False),
        ("q=sleep", False),
        ("_size=25&domain=sleep&_sort=title", False),
        (f"_size={MANY_ROWS}", False),
        (f"_size={MANY_ROWS + 1}", True),
        ("_size=max", True),
        ("sql=select+1", True),
        ("%73ql=select+1", True),
        ("_where=1", True),
        ("_facet=domain", True),
        (f"q={'a' * 2000}", True),
    ],
)
def test_what_costs_more_than_a_page_waits_for_its_turn(query: str, costly: bool) -> None:
    assert is_costly(asked(query)) == costly


async def test_the_next_comes_in_when_the_one_before_has_left() -> None:
    gate = Gate()
    leave = await gate.enter()
    following = asyncio.create_task(gate.enter())
    await asyncio.sleep(0)
    assert not following.done()
    leave()
    leave()
    (await following)()


async def test_who_looks_into_the_server_is_told_of_nothing_in_public(site: Datasette, local_site: Datasette) -> None:
    for page in ("/-/versions.json", "/-/%70lugins.json", "/-/threads"):
        assert (await site.client.get(page)).status_code == 404
    assert (await local_site.client.get("/-/versions.json")).status_code == 200
    assert (await site.client.get("/-/static/app.css")).status_code == 200


async def test_a_fault_of_ours_tells_nothing_of_the_machine_in_public(site: Datasette, local_site: Datasette) -> None:
    for served, told in ((site, False), (local_site, True)):
        await served.invoke_startup()

        async def fail(*_: object, **__: object) -> None:
            raise OSError("/home/someone/codex.db is gone")

        served.get_database("codex").execute_fn = fail
        for form in ("", ".json"):
            answer = await served.client.get(f"/codex/claims{form}")
            assert answer.status_code == 500
            assert ("/home/someone" in answer.text) == told
