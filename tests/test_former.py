"""Former addresses: the renamed is found where it is now, the deleted is gone, and the rest was never there."""

from __future__ import annotations

import sqlite3

import pytest
from datasette.app import Datasette

OLD, NEW = "cold-rooms-deepen-sleep", "cool-rooms-deepen-sleep"
GONE = "siestas-survive-where-summers-are-hot"


@pytest.mark.parametrize(
    ("address", "place"),
    [
        (f"/codex/claims/{OLD}", f"/codex/claims/{NEW}"),
        (f"/codex/claims/{OLD}.json?_shape=objects", f"/codex/claims/{NEW}.json?_shape=objects"),
        (f"/codex/documents/{OLD}", f"/codex/claims/{NEW}"),
        (f"/document/{OLD}", f"/codex/claims/{NEW}"),
    ],
)
async def test_the_old_address_of_a_renamed_claim_leads_to_the_new_one(
    past: Datasette, address: str, place: str
) -> None:
    response = await past.client.get(address)
    assert (response.status_code, response.headers["location"]) == (301, place)
    assert (await past.client.get(place)).status_code == 200


async def test_a_site_below_a_path_redirects_below_it(past: Datasette) -> None:
    past._settings["base_url"] = "/below/"
    response = await past.client.get(f"/codex/claims/{OLD}")
    assert (response.status_code, response.headers["location"]) == (301, f"/below/codex/claims/{NEW}")


@pytest.mark.parametrize("address", [f"/codex/claims/{GONE}", f"/codex/documents/{GONE}", f"/document/{GONE}"])
async def test_a_deleted_claim_is_gone_and_the_page_says_when_and_by_which_commit(
    past: Datasette, address: str
) -> None:
    response = await past.client.get(address)
    assert response.status_code == 410
    found = await past.get_database("codex").execute("select by_commit from changes where kind = 'deleted'")
    for expected in (
        "This claim is no longer here",
        "2026-01-05",
        "Ada",
        "Nobody naps there any longer",
        found.single_value(),
        'value="siestas survive where summers are hot"',
    ):
        assert expected in response.text


async def test_a_deleted_claim_is_gone_as_data_too(past: Datasette) -> None:
    response = await past.client.get(f"/codex/claims/{GONE}.json")
    told = response.json()
    assert (response.status_code, told["ok"], told["status"]) == (410, False, 410)
    assert told["error"].startswith(
        "domains/sleep/siestas survive where summers are hot.md was deleted on 2026-01-05T12:00:00Z by commit "
    )


@pytest.mark.parametrize(
    "address",
    [
        "/codex/claims/nobody-wrote-this",
        "/codex/claims/nobody-wrote-this.json",
        f"/codex/sources/{OLD}",
        f"/codex/beliefs/{OLD}",
        f"/elsewhere/claims/{OLD}",
        f"/codex/claims/{OLD}/more",
        "/document/nobody-wrote-this",
    ],
)
async def test_what_never_was_there_is_not_found(past: Datasette, address: str) -> None:
    assert (await past.client.get(address)).status_code == 404


async def test_who_may_not_see_the_base_is_told_nothing_of_its_past(past: Datasette) -> None:
    past._metadata_local = {**past._metadata_local, "allow": False}
    for address in (f"/document/{OLD}", f"/document/{GONE}", f"/codex/claims/{GONE}"):
        response = await past.client.get(address)
        assert response.status_code in (403, 404)
        assert "Nobody naps" not in response.text


async def test_a_name_that_is_in_use_again_is_no_former_one(past: Datasette) -> None:
    assert (await past.client.get(f"/codex/claims/{NEW}")).status_code == 200


async def test_a_base_without_history_has_no_former_addresses(site: Datasette, rows: sqlite3.Connection) -> None:
    assert rows.execute("select count(*) from former_names").fetchone()[0] == 0
    assert (await site.client.get(f"/codex/claims/{GONE}-no-more")).status_code == 404


async def test_no_cache_keeps_what_is_gone_or_has_moved(past: Datasette) -> None:
    for id_ in (OLD, GONE):
        assert "max-age" not in (await past.client.get(f"/codex/claims/{id_}")).headers.get("cache-control", "")
