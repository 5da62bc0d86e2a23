"""Remembering: what cannot change is asked once, and every answer is the one it was without."""

from __future__ import annotations

import copy
import shutil
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.database import Database

from plugins.remembering import SCHEMA, remember_schema
from tests.conftest import open_site

CLAIM = "/codex/claims/naps-restore-attention-within-twenty-minutes"


class Counting(Database):  # type: ignore[misc] # Datasette has no types
    """A database that counts how often its threads are asked."""

    asked = 0

    async def execute_fn(self, fn: object) -> object:
        self.asked += 1
        return await super().execute_fn(fn)


async def answers(database: Database) -> dict[str, object]:
    """What a database says of the schema, of the whole or of claims."""
    whole = ("get_all_foreign_keys", "hidden_table_names", "table_names", "view_names")
    return {name: await getattr(database, name)(*([] if name in whole else ["claims"])) for name in SCHEMA}


def opened(database: Path) -> Counting:
    counting = Counting(Datasette([]), path=str(database), is_mutable=False)
    counting.name = "codex"
    return counting


async def test_the_schema_is_asked_once_and_answered_as_without(database: Path) -> None:
    plain, remembering = opened(database), opened(database)
    remember_schema(remembering)
    first = await answers(remembering)
    assert first == await answers(plain)
    asked = remembering.asked
    assert await answers(remembering) == first
    assert remembering.asked == asked > 0


async def test_what_is_done_with_an_answer_does_not_change_the_next(database: Path) -> None:
    remembering = opened(database)
    remember_schema(remembering)
    (await remembering.table_columns("claims")).clear()
    assert "title" in await remembering.table_columns("claims")


async def test_names_that_no_table_has_are_not_remembered(database: Path) -> None:
    remembering = opened(database)
    remember_schema(remembering)
    await answers(remembering)
    before = remembering.asked
    for _ in range(2):
        assert not await remembering.table_exists("nothing")
    assert remembering.asked == before + 2


async def test_that_a_table_has_no_index_of_words_is_remembered(database: Path) -> None:
    remembering = opened(database)
    remember_schema(remembering)
    assert await remembering.fts_table("links") is None
    before = remembering.asked
    assert await remembering.fts_table("links") is None
    assert remembering.asked == before


async def test_permissions_are_checked_without_asking_how_a_table_is_spelled(database: Path) -> None:
    site = Datasette([], immutables=[str(database)])
    site.databases["codex"] = remembering = Counting(site, path=str(database), is_mutable=False)
    remembering.name = "codex"
    remember_schema(remembering)
    for asked in (1, 1):
        assert await site.permission_allowed(None, "view-table", ("codex", "CLAIMS"), default=True)
        assert remembering.asked == asked
    await site.permission_allowed(None, "view-table", ("codex", "claims"), default=True)
    assert site._permission_checks[-2]["resource"] == site._permission_checks[-1]["resource"] == ("codex", "claims")


async def test_a_table_that_is_kept_from_the_public_stays_so(database: Path) -> None:
    site = open_site(database)
    site._metadata_local["databases"]["codex"]["tables"]["claims"]["allow"] = {"id": "root"}
    for address in ("/codex/claims", "/codex/claims.json", CLAIM, f"{CLAIM}.json", "/codex/claims.csv"):
        for _ in range(2):
            answer = await site.client.get(address)
            assert (answer.status_code, "etag" in answer.headers) == (403, False), address
    root = {"ds_actor": site.sign({"a": {"id": "root"}}, "actor")}
    assert (await site.client.get(CLAIM, cookies=root)).status_code == 200
    assert (await site.client.get(CLAIM)).status_code == 403


async def test_tables_are_listed_again_only_where_there_may_be_others(database: Path, tmp_path: Path) -> None:
    site = open_site(database)
    tables = site.get_database("_internal")
    await site.client.get("/codex/claims")
    count = "select count(*) from tables where database_name = :name"
    assert (await tables.execute(count, {"name": "codex"})).single_value() > 30
    shutil.copy(database, tmp_path / "other.db")
    site.add_database(Database(site, path=str(tmp_path / "other.db"), is_mutable=True))
    await site.client.get("/codex/claims.json")
    assert (await tables.execute(count, {"name": "other"})).single_value() > 30


async def test_a_database_that_may_be_written_to_is_asked_each_time(database: Path) -> None:
    site = Datasette([str(database)], plugins_dir=open_site(database).plugins_dir)
    await site.invoke_startup()
    assert not {"table_columns"} & vars(site.get_database("codex")).keys()


async def test_no_page_changes_the_metadata(site: Datasette) -> None:
    await site.client.get("/codex/wanted")  # the first of all gives the queries their names
    before = copy.deepcopy(dict(site.metadata()))
    for address in ("/", "/codex", "/codex/claims", "/codex/wanted", "/codex/tags", "/codex/search?q=nap", "/graphql"):
        await site.client.get(address)
    assert site.metadata() == before


async def test_the_page_of_a_row_is_the_same_before_and_after_its_list_was_shown(database: Path) -> None:
    address = "/codex/confidences/likely"
    fresh, visited = open_site(database), open_site(database)
    await visited.client.get("/codex/confidences")
    before, after = [(await site.client.get(address)).text for site in (fresh, visited)]
    assert before.partition("<footer")[2].partition("ms")[2] == after.partition("<footer")[2].partition("ms")[2]
    assert "CC BY 4.0" in before


async def test_what_a_foreign_key_leads_to_is_looked_up_once(database: Path) -> None:
    site = open_site(database)
    await site.invoke_startup()
    asked: list[str] = []
    looked_in = site.databases["codex"]
    execute = looked_in.execute

    async def noting(sql: str, *arguments: Any, **named: Any) -> Any:
        asked.append(sql)
        return await execute(sql, *arguments, **named)

    looked_in.execute = noting
    labels = [
        await site.expand_foreign_keys("codex", "claims", "domain", values)
        for values in (["sleep", None, "sleep"], ["sleep"], ["bridges", "sleep"], ["nothing"])
    ]
    both = {("domain", "sleep"): "Sleep and rest", ("domain", "bridges"): "Bridges"}
    sleep = {("domain", "sleep"): "Sleep and rest"}
    assert labels == [sleep, sleep, both, {}]
    assert len(asked) == 3
