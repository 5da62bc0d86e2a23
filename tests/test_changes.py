"""The pages of history: what changed, how a claim came to say what it says, and who had a part in it."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from datasette.app import Datasette

from claimbase.pipeline import build_database
from claimbase.vocabulary import CHANGE_KINDS
from tests.conftest import open_site
from tests.histories import Base, claim
from tests.test_pages import NAPS, Outline, page

PAGES = [
    "/",
    "/changes",
    "/changes?field=confidence",
    "/changes?domain=nowhere",
    f"/changes?claim={NAPS}",
    f"/codex/claims/{NAPS}",
    "/codex/claims/harm",
    "/codex/contributors/mara",
    "/codex/contributors/ada",
    "/codex/agents/mara",
    "/codex/domains/sleep",
]


@pytest.mark.parametrize("address", PAGES)
async def test_every_page_of_history_is_well_made_and_leads_to_pages_that_answer(past: Datasette, address: str) -> None:
    html = await page(past, address)
    outline = Outline(html)
    assert outline.headings.count("h1") == 1
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.inner_scripts) <= {"application/ld+json"}
    assert "<script>alert" not in html
    for link in {link.replace("&amp;", "&") for link in re.findall('href="([/?][^"#]*)', html)} - {"/codex.db"}:
        place = link if link.startswith("/") else f"{address.partition('?')[0]}{link}"
        response = await past.client.get(place, follow_redirects=True, headers={"accept": "text/html"})
        assert response.status_code == 200, link


async def test_changes_stand_by_day_under_the_commit_that_made_them(past: Datasette) -> None:
    html = await page(past, "/changes")
    days = re.findall(r'<h2 class="day"><time datetime="([\d-]+)">', html)
    assert days == ["2026-01-06", "2026-01-05", "2026-01-04", "2026-01-03", "2026-01-02", "2026-01-01"]
    assert html.index("Nobody naps there any longer") < html.index("Cooler") < html.index("mara: enrich (#8)")
    for words in (
        "pull request 8",
        "<code>domains/sleep/cold rooms deepen sleep.md</code>",
        "1 line added, 1 line removed",
    ):
        assert words in html
    assert 'from <a href="/codex/sources/2026-02-10-okafor-twenty-minute-naps">' in html


def told(html: str) -> list[str]:
    """The subjects of the commits on a page."""
    return re.findall(r'<span class="subject">(.*?)</span>', html)


@pytest.mark.parametrize(
    ("query", "subjects"),
    [
        ("agent=mara", ["mara: enrich (#8)", "mara: look again (#7)"]),
        (f"claim={NAPS}", ["mara: enrich (#8)", "mara: look again (#7)", "Begin"]),
        (f"claim={NAPS}&field=confidence", ["mara: enrich (#8)", "mara: look again (#7)"]),
        (f"claim={NAPS}&kind=body", ["mara: enrich (#8)"]),
        ("kind=renamed", ["Cooler"]),
        ("kind=deleted&domain=sleep", ["Nobody naps there any longer"]),
        ("kind=deleted&domain=bridges", []),
        ("domain=bridges", ["Begin"]),
        ("agent=mara&field=title", []),
        ("agent=nobody", []),
        ("field='; drop table changes; --", []),
    ],
)
async def test_changes_are_narrowed_down(past: Datasette, query: str, subjects: list[str]) -> None:
    html = await page(past, f"/changes?{query}")
    assert told(html) == subjects
    assert ("Nothing changed that fits" in html) == (not subjects)


async def test_the_changes_of_one_commit_have_a_page(past: Datasette) -> None:
    commit = (
        await past.get_database("codex").execute("select id from commits where subject = 'Cooler'")
    ).single_value()
    assert set(told(await page(past, f"/changes?by_commit={commit}"))) == {"Cooler"}


async def test_the_form_offers_what_there_is_and_keeps_what_was_chosen(past: Datasette) -> None:
    html = await page(past, f"/changes?claim={NAPS}&field=confidence&agent=mara")
    assert "<option selected>confidence</option>" in html
    assert '<option value="mara" selected>Mara</option>' in html
    assert f'<input type="hidden" name="claim" value="{NAPS}">' in html
    assert all(f"<option>{kind}</option>" in html for kind in CHANGE_KINDS)
    assert "<option selected>never heard of</option>" in await page(past, "/changes?field=never+heard+of")


async def test_the_feed_of_what_is_shown_is_named_in_the_head(past: Datasette) -> None:
    for address, feed in (
        ("/", "/changes.atom"),
        ("/changes", "/changes.atom"),
        ("/changes?field=confidence", "/changes.atom?field=confidence"),
        (f"/codex/claims/{NAPS}", f"/changes.atom?claim={NAPS}"),
        ("/codex/domains/sleep", "/changes.atom?domain=sleep"),
        ("/codex/agents/mara", "/changes.atom?agent=mara"),
    ):
        html = await page(past, address)
        assert re.search(
            rf'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="{re.escape(feed)}">', html
        )


async def test_what_is_shown_is_had_as_data_with_the_same_filters(past: Datasette) -> None:
    html = await page(past, "/changes?field=confidence&agent=mara")
    [link] = re.findall(r'href="(/codex/change_log\.json[^"]*)"', html)
    rows = (await past.client.get(link.replace("&amp;", "&"))).json()["rows"]
    assert [(row["claim"], row["old"], row["new"]) for row in rows] == [
        (NAPS, "proven", "likely"),
        (NAPS, "likely", "proven"),
    ]


async def test_pages_of_changes_follow_each_other_without_a_gap_or_a_repetition(tmp_path: Path) -> None:
    base = Base(tmp_path / "kb")
    base.commit({f"domains/a/claim {number}.md": claim(f"claim {number}") for number in range(150)})
    base.commit({f"domains/a/claim {number}.md": claim(f"claim {number}", confidence="likely") for number in range(90)})
    build_database(base.root, tmp_path / "codex.db")
    site = open_site(tmp_path / "codex.db")
    seen: list[str] = []
    address: str | None = "/changes"
    pages = 0
    while address:
        html = await page(site, address)
        seen += re.findall(r'class="claim-link" href="/codex/claims/([^"]+)"', html)
        following = re.search(r'<a rel="next" href="([^"]+)"', html)
        address = f"/changes{following[1].replace('&amp;', '&')}" if following else None
        pages += 1
    assert (pages, len(seen)) == (3, 240)
    assert len(set(seen[:90])) == 90
    assert len(set(seen[90:])) == 150


@pytest.mark.parametrize(
    "behind", ["x", "9", "2026-01-03T12:00:00Z", "2026-01-03T12:00:00Z.x", "'", "\x00", "9" * 5000]
)
async def test_any_place_to_go_on_from_is_answered(past: Datasette, behind: str) -> None:
    assert (await past.client.get("/changes", params={"behind": behind})).status_code == 200


async def test_a_base_without_history_says_why_and_what_to_do(site: Datasette) -> None:
    html = await page(site, "/changes")
    assert "This base has no history: the folder is in no git repository." in html
    assert "put the folder under version control" in html
    assert '<form class="narrow"' not in html
    assert "<h3>What changed</h3>" not in await page(site, f"/codex/claims/{NAPS}")


async def test_a_claim_tells_how_its_confidence_moved_first_and_then_what_else_changed(past: Datasette) -> None:
    html = await page(past, f"/codex/claims/{NAPS}")
    start = html.index('<h2 id="history">')
    for words in (
        "Its confidence moved",
        '<span class="confidence proven">proven</span>',
        "mara: enrich (#8)",
        "2026-01-03",
        '<a href="/codex/agents/mara">Mara</a>',
        "pull request 8",
        "What changed",
        "1 line added, 1 line removed",
        "Who had a part in it",
        '<a href="/codex/contributors/okafor">okafor</a>',
        "the claim's front matter says so",
    ):
        start = html.index(words.replace("'", "&#39;"), start)


async def test_a_claim_and_a_source_say_when_they_were_first_committed_and_last_changed(past: Datasette) -> None:
    dates = r"<dt>First committed</dt><dd>{}</dd></div>\s*<div><dt>Last changed</dt><dd>{}</dd>"
    assert re.search(dates.format("2026-01-01", "2026-01-03"), await page(past, f"/codex/claims/{NAPS}"))
    source = await page(past, "/codex/sources/2026-02-10-okafor-twenty-minute-naps")
    assert re.search(dates.format("2026-01-01", "2026-01-01"), source)


async def test_a_claim_of_a_long_past_shows_the_newest_and_leads_to_the_rest(tmp_path: Path) -> None:
    base = Base(tmp_path / "kb")
    for number in range(25):
        base.commit({"domains/a/naps.md": claim("naps", status=str(number))})
    build_database(base.root, tmp_path / "codex.db")
    html = await page(open_site(tmp_path / "codex.db"), "/codex/claims/naps")
    assert html.count('<span class="stance">status</span>') == 20
    assert 'href="/changes?claim=naps">These are the newest 20 changes: all of them' in html


async def test_a_contributor_shows_what_they_did_where_when_and_what_says_so(past: Datasette) -> None:
    html = await page(past, "/codex/contributors/okafor")
    for words in (
        "Had a part in 1 claim of this base",
        "found the source, or directed attention to it",
        "the claim&#39;s front matter says so",
        'href="/codex/domains/sleep"',
        "2026-01: 1",
        f'href="/codex/claims/{NAPS}"',
    ):
        assert words in html


async def test_the_home_page_tells_what_is_new_where_there_is_a_history(past: Datasette, site: Datasette) -> None:
    html = await page(past, "/")
    assert '<h2 id="latest">What changed last</h2>' in html
    assert f'href="/codex/claims/{NAPS}"' in html[html.index('<h2 id="moves">') :]
    assert "What changed last" not in await page(site, "/")


async def test_the_log_of_changes_has_every_change_once(past_database: Path) -> None:
    connection = sqlite3.connect(past_database)
    [(changes, logged)] = connection.execute("select (select count(*) from changes), (select count(*) from change_log)")
    connection.close()
    assert changes == logged > 0
