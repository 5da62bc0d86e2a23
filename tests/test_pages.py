"""Pages: what readers find on each, asked of a real Datasette over the tiny base and the sample."""

from __future__ import annotations

import json
import re
import sqlite3
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from datasette.app import Datasette

from claimbase.pipeline import build_database
from tests.conftest import open_site

NAPS = "naps-restore-attention-within-twenty-minutes"
WHOLE = ["/", "/search", "/search?q=sleep", "/map", "/changes", "/health", "/data", "/api", "/export"]


class Outline(HTMLParser):
    """The headings, ids, labels and inner scripts of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.ids: list[str] = []
        self.inner_scripts: list[str | None] = []
        self.inner_styles = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.headings += [tag] if re.fullmatch("h[1-6]", tag) else []
        self.ids += [told["id"] or ""] if "id" in told else []
        self.inner_scripts += [told.get("type")] if tag == "script" and "src" not in told else []
        self.inner_styles += tag == "style" or "style" in told


async def page(site: Datasette, address: str) -> str:
    response = await site.client.get(address)
    assert response.status_code == 200, (address, response.text[:300])
    return str(response.text)


def addresses(rows: sqlite3.Connection) -> list[str]:
    """The address of every row that has a page of ours, and of every page about the whole."""
    tables = ("agents", "beliefs", "claims", "contributors", "domains", "documents", "entities", "sources")
    found = [(table, row["id"]) for table in tables for row in rows.execute(f"select id from {table}")]
    return [*WHOLE, *(f"/codex/{table}/{id_}" for table, id_ in found)]


async def test_every_page_has_one_first_heading_ids_that_differ_and_nothing_inline(
    site: Datasette, rows: sqlite3.Connection
) -> None:
    for address in addresses(rows):
        outline = Outline(await page(site, address))
        assert outline.headings.count("h1") == 1, address
        assert len(outline.ids) == len(set(outline.ids)), address
        assert set(outline.inner_scripts) <= {"application/ld+json"}, address
        assert outline.inner_styles == 0, address


async def test_every_page_says_what_it_is_to_those_who_link_to_it(site: Datasette, rows: sqlite3.Connection) -> None:
    for address in addresses(rows):
        html = await page(site, address)
        title = re.search("<title>(.+?)</title>", html)
        assert title, address
        assert f'<meta property="og:title" content="{title[1]}">' in html, address
        assert re.search('<meta name="description" content="[^"]+">', html), address


@pytest.mark.parametrize(
    "address",
    [*WHOLE, f"/codex/claims/{NAPS}", "/no/page", "/codex", "/codex/claims", "/codex/search?q=sleep", "/codex.json"],
)
async def test_pages_run_nothing_but_the_files_of_the_site(site: Datasette, address: str) -> None:
    headers = (await site.client.get(address)).headers
    assert "default-src 'none'; script-src 'self'; style-src 'self';" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("address", ["/-/versions", "/graphql"])
async def test_what_others_draw_asks_no_other_host(local_site: Datasette, address: str) -> None:
    policy = (await local_site.client.get(address, headers={"accept": "text/html"})).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy


async def test_a_claim_tells_search_engines_what_it_claims(site: Datasette) -> None:
    found = re.search(
        '<script type="application/ld\\+json">(.*?)</script>', await page(site, f"/codex/claims/{NAPS}"), re.DOTALL
    )
    assert found
    assert json.loads(found[1])["@type"] == "Claim"


async def test_a_title_cannot_end_the_script_it_stands_in(tmp_path: Path) -> None:
    (tmp_path / "kb/domains/a").mkdir(parents=True)
    (tmp_path / "kb/domains/a/x.md").write_text("---\ntitle: '</script><script>alert(1)</script>'\n---\n")
    build_database(tmp_path / "kb", tmp_path / "codex.db")
    site = open_site(tmp_path / "codex.db")
    for address in ("/codex/claims/x", "/", "/search?q=alert", "/map.json", "/preview/x", "/codex/domains/a"):
        assert "<script>alert" not in await page(site, address) or address == "/map.json"
    told = re.search(
        '<script type="application/ld\\+json">(.*?)</script>', await page(site, "/codex/claims/x"), re.DOTALL
    )
    assert told
    assert json.loads(told[1])["name"] == "</script><script>alert(1)</script>"


async def test_a_claim_is_drawn_among_its_neighbours_and_the_drawing_is_told_as_a_table(site: Datasette) -> None:
    html = await page(site, f"/codex/claims/{NAPS}")
    assert '<svg class="neighbourhood"' in html
    assert "The same as a table" in html


async def test_a_claim_can_be_cited(site: Datasette) -> None:
    html = await page(site, f"/codex/claims/{NAPS}")
    assert f"@misc{{{NAPS}," in html
    assert "&#34;type&#34;: &#34;entry&#34;" in html


async def test_a_claim_leads_to_its_file_where_the_repository_is_known(tmp_path: Path) -> None:
    (tmp_path / "kb/domains/a").mkdir(parents=True)
    (tmp_path / "kb/domains/a/50% of naps.md").write_text("Text.\n")
    build_database(tmp_path / "kb", tmp_path / "codex.db", repository="https://a.example/{path}")
    html = await page(open_site(tmp_path / "codex.db"), "/codex/claims/50-of-naps")
    assert 'href="https://a.example/domains/a/50%25%20of%20naps.md"' in html


async def test_a_file_that_says_nothing_gets_a_page_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "kb/domains/a").mkdir(parents=True)
    (tmp_path / "kb/domains/a/empty.md").write_text("")
    build_database(tmp_path / "kb", tmp_path / "codex.db")
    site = open_site(tmp_path / "codex.db")
    assert "argue for it below the front matter" in await page(site, "/codex/claims/empty")
    assert "No claim of this domain carries another" in await page(site, "/codex/domains/a")
    assert "No beliefs" not in await page(site, "/health")


async def test_a_domain_shows_how_confident_it_is_and_leads_to_its_claims(site: Datasette) -> None:
    html = await page(site, "/codex/domains/sleep")
    assert "/codex/claims?domain=sleep&amp;confidence=likely" in html
    assert "What most rests on" in html


async def test_an_agent_shows_its_beliefs_with_the_claims_they_rest_on(site: Datasette) -> None:
    html = await page(site, "/codex/agents/mara")
    assert "/codex/beliefs/" in html
    assert "/codex/claims/" in html


async def test_health_explains_every_code_that_occurs(site: Datasette, rows: sqlite3.Connection) -> None:
    html = await page(site, "/health")
    for row in rows.execute("select distinct code from problems"):
        assert f'<h3 id="{row["code"]}">' in html


async def test_the_data_page_counts_the_rows_of_every_table(site: Datasette, rows: sqlite3.Connection) -> None:
    html = await page(site, "/data")
    for table in ("claims", "links", "problems", "arguments"):
        (count,) = rows.execute(f"select count(*) from {table}").fetchone()
        assert re.search(rf'<details id="{table}">.*?>{count:,} row', html, re.DOTALL), table


async def test_every_link_within_the_site_answers(site: Datasette) -> None:
    seen: set[str] = set()
    for address in (*WHOLE, f"/codex/claims/{NAPS}", "/codex/domains/sleep", "/codex/agents/mara", "/codex"):
        links = re.findall('(?:href|src)="(/[^"#]*)', await page(site, address))
        seen |= {link.replace("&amp;", "&") for link in links}
    for link in sorted(seen - {"/codex.db"}):
        response = await site.client.get(link, follow_redirects=True, headers={"accept": "text/html"})
        assert response.status_code == 200, link


async def test_a_preview_is_a_piece_of_a_page(site: Datasette) -> None:
    html = await page(site, f"/preview/{NAPS}")
    assert "<html" not in html
    assert '<span class="confidence' in html
    assert (await site.client.get("/preview/nobody-wrote-this")).status_code == 404


async def test_the_map_has_every_claim_and_argument_once(site: Datasette, rows: sqlite3.Connection) -> None:
    told = json.loads(await page(site, "/map.json"))
    assert {claim[0] for claim in told["claims"]} == {row["id"] for row in rows.execute("select id from claims")}
    ids = [claim[0] for claim in told["claims"]]
    edges = {(ids[one], relation, ids[other]) for one, other, relation in told["arguments"]}
    assert edges == {tuple(row) for row in rows.execute("select from_claim, relation, to_claim from arguments")}
    assert told["left_out"] == 0


async def test_the_map_says_the_same_without_a_script(site: Datasette, rows: sqlite3.Connection) -> None:
    html = await page(site, "/map")
    for row in rows.execute("select distinct domain from claims where domain is not null"):
        assert f'href="/codex/domains/{row["domain"]}"' in html


async def test_a_search_finds_documents_of_all_kinds_and_can_be_narrowed_down(site: Datasette) -> None:
    html = await page(site, "/search?q=naps")
    assert '<ol class="results">' in html
    assert "<mark>" in html
    assert 'href="?q=naps&amp;kind=claim"' in html
    narrowed = await page(site, "/search?q=naps&kind=claim")
    results = narrowed[narrowed.index('<ol class="results">') :]
    assert set(re.findall(r'href="/codex/(\w+)/', results[: results.index("</ol>")])) == {"claims"}


async def test_the_pages_of_a_search_show_everything_once_the_best_first(site: Datasette) -> None:
    address, found, pages = "/search?q=the", [], 0
    while address:
        html = await page(site, address)
        results = html[html.index('<ol class="results">') :]
        found += re.findall(r'<li><a href="(/codex/[^"]+)', results[: results.index("</ol>")])
        pages += 1
        following = re.search(r'rel="next" href="([^"]+)', html)
        address = f"/search{unescape(following[1])}" if following else ""
    all_found = await site.client.get("/codex/search_all.json?q=the&_shape=array")
    assert pages > 1
    assert len(found) == len(set(found)) > 20
    assert {link.rpartition("/")[2] for link in found} >= {row["id"] for row in all_found.json()}
    assert 'rel="prev"' in html
    assert "page" not in re.findall(r'href="\?(q=the&amp;kind=[^"]+)', html)[0]


@pytest.mark.parametrize("number", ["51", "99999999999999999999", "-1", "0", "two", "1.5", "%00"])
async def test_a_page_of_a_search_that_is_none_leads_back(site: Datasette, number: str) -> None:
    html = await page(site, f"/search?q=the&page={number}")
    assert 'class="results"' in html
    assert ("Nothing more found" in html and 'href="?q=the"' in html) or "Documents 1 to 20" in html


@pytest.mark.parametrize("asked", ['"', "*", "NEAR(", "%00", "a" * 5000, "'); drop table claims; --", "<script>"])
async def test_a_search_forgives_whatever_it_is_given(site: Datasette, asked: str) -> None:
    response = await site.client.get("/search", params={"q": asked})
    assert response.status_code == 200
    assert "<script>" not in response.text.replace('<script defer src="', "")


async def test_a_search_without_a_result_says_what_to_try(site: Datasette) -> None:
    html = await page(site, "/search?q=xyzzy&kind=claim")
    assert "Try fewer words" in html
    assert 'href="?q=xyzzy"' in html


async def test_a_page_that_is_not_there_helps_to_search(site: Datasette) -> None:
    response = await site.client.get("/codex/claims/nobody-wrote-this", headers={"accept": "text/html"})
    assert response.status_code == 404
    assert 'action="/search"' in response.text
