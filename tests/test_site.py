"""The pages of the site, asked of a real Datasette over the sample knowledge base."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from datasette.app import Datasette

from build import PROJECT
from tests.conftest import open_site

EXAMPLE = "anti-scheming-training-creates-goodhart-dynamic-where-training-signal-diverges-from-scheming-tendency"


async def page(site: Datasette, address: str) -> str:
    response = await site.client.get(address)
    assert response.status_code == 200, (address, response.text[:500])
    return str(response.text)


async def test_the_home_page_shows_domains_disputes_and_figures(sample_site: Datasette) -> None:
    html = await page(sample_site, "/")
    for expected in ("AI alignment", "What most rests on", "Open disputes", "confident claims nobody challenged"):
        assert expected in html


async def test_a_claims_page_shows_what_it_says_and_what_speaks_for_and_against_it(sample_site: Datasette) -> None:
    html = await page(sample_site, f"/codex/claims/{EXAMPLE}")
    for expected in (
        "Training against scheming can teach concealment",
        "speculative",
        "arXiv:2509.15541",
        "Apollo Research",
        "Supports",
        "2025-09-19-schoen-stress-testing-deliberative-alignment",
        f"domains/ai-alignment/{EXAMPLE}.md",
    ):
        assert expected in html
    assert html.count("<h1") == 1


async def test_objections_in_words_stand_on_the_claims_page(site: Datasette) -> None:
    html = await page(site, "/codex/claims/naps-restore-attention-within-twenty-minutes")
    assert "Objections in words" in html


async def test_a_sources_page_shows_what_it_bears_on(sample_site: Datasette) -> None:
    html = await page(sample_site, "/codex/sources/2025-09-19-schoen-stress-testing-deliberative-alignment")
    assert "What it bears on" in html
    assert "https://arxiv.org/abs/2509.15541" in html


async def test_the_lists_of_claims_and_sources_lead_to_their_pages(sample_site: Datasette) -> None:
    assert f'href="/codex/claims/{EXAMPLE}"' in await page(sample_site, "/codex/claims?_size=max")
    assert 'href="/codex/sources/2025-09-19-schoen' in await page(sample_site, "/codex/sources?_size=max")


@pytest.mark.parametrize(
    "columns", ["?_col=domain", "?_nocol=title", "?_sort=created", "?domain=ai-alignment", "?_search=%22"]
)
async def test_a_list_survives_every_choice_of_columns_and_filters(sample_site: Datasette, columns: str) -> None:
    await page(sample_site, f"/codex/claims{columns}")
    await page(sample_site, f"/codex/sources{columns.replace('created', 'date')}")


async def test_search_results_are_marked_and_lead_to_the_claim(sample_site: Datasette) -> None:
    html = await page(sample_site, "/codex/search?q=sabotage")
    assert "<mark>sabotage</mark>" in html
    assert re.search(r'<a href="/document/[a-z0-9-]+">', html)


async def test_every_row_of_a_chain_leads_to_its_page_claims_and_sources_alike(sample_site: Datasette) -> None:
    claim = "reward-hacking-is-goodharts-law-with-a-faster-and-more-literal-optimiser"
    html = await page(sample_site, f"/codex/support_chain?claim={claim}")
    assert "<title>Support of a claim · codex</title>" in html
    assert '<a href="/document/2022-10-19-gao-reward-model-overoptimization">Scaling Laws' in html


async def test_an_id_alone_leads_to_the_page(sample_site: Datasette) -> None:
    response = await sample_site.client.get(f"/document/{EXAMPLE}")
    assert (response.status_code, response.headers["location"]) == (302, f"/codex/claims/{EXAMPLE}")
    response = await sample_site.client.get("/document/agents-theseus-beliefs")
    assert response.headers["location"] == "/codex/documents/agents-theseus-beliefs"
    assert (await sample_site.client.get("/document/nobody-wrote-this")).status_code == 404


async def test_every_document_of_the_tiny_base_has_a_page(site: Datasette) -> None:
    rows = (await site.get_database("codex").execute("select id, kind from documents")).rows
    for row in rows:
        await page(site, f"/codex/documents/{quote(row['id'])}")
        if row["kind"] in ("claim", "source"):
            await page(site, f"/codex/{row['kind']}s/{quote(row['id'])}")


async def test_every_link_of_the_home_page_and_a_claim_answers(sample_site: Datasette) -> None:
    html = await page(sample_site, "/") + await page(sample_site, f"/codex/claims/{EXAMPLE}")
    for address in sorted(set(re.findall(r'href="(/[^"#]*)', html))):
        response = await sample_site.client.get(address.replace("&amp;", "&"), follow_redirects=True)
        assert response.status_code == 200 or address == "/graphql", address


async def test_every_table_answers_as_json_and_csv(sample_site: Datasette) -> None:
    for table in await sample_site.get_database("codex").table_names():
        await page(sample_site, f"/codex/{table}.json?_shape=array")
        await page(sample_site, f"/codex/{table}.csv?_size=2")


async def test_no_claim_or_a_missing_page_is_a_plain_404(sample_site: Datasette) -> None:
    for address in ("/codex/claims/nobody-wrote-this", "/codex/sources/nor-this", "/codex/documents/nor-that"):
        assert (await sample_site.client.get(address)).status_code == 404


async def test_the_configuration_directory_serves_the_same_site(sample_database: Path, tmp_path: Path) -> None:
    for name in ("metadata.yml", "settings.json", "templates", "plugins", "static"):
        (tmp_path / name).symlink_to(PROJECT / name)
    (tmp_path / "codex.db").symlink_to(sample_database)
    directory = Datasette([str(tmp_path / "codex.db")], config_dir=tmp_path)
    for address in ("/", f"/codex/claims/{EXAMPLE}", "/codex/search?q=reward"):
        assert untimed(await page(directory, address)) == untimed(await page(open_site(sample_database), address))


def untimed(html: str) -> str:
    """A page without the milliseconds Datasette prints under it."""
    return re.sub(r"Queries took [\d.]+ms", "", html)
