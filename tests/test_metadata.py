"""The metadata: every table, view and column is described, and every canned query answers whatever it is asked."""

from __future__ import annotations

import re
import sqlite3
from typing import Any
from urllib.parse import urlencode

import pytest
from datasette.app import Datasette
from datasette.utils import parse_metadata, validate_sql_select

from build import PROJECT

CODEX: dict[str, Any] = parse_metadata((PROJECT / "metadata.yml").read_text(encoding="utf-8"))["databases"]["codex"]
TABLES: dict[str, dict[str, Any]] = CODEX["tables"]
QUERIES: dict[str, dict[str, str]] = CODEX["queries"]
HOSTILE = [*"\"'*%\0🪐", '"""', "--", "NEAR(", "AND OR NOT", "title:x", "{title}: ^x", ";drop table claims"]
HOSTILE += ["x" * 20_000, " ".join(f"word{number}" for number in range(3000))]


def columns(rows: sqlite3.Connection) -> dict[str, set[str]]:
    """The columns of every table and view, full-text indexes and SQLite's own tables aside."""
    names = rows.execute(
        "select name from sqlite_master where type in ('table', 'view') "
        "and name not like '%\\_fts%' escape '\\' and name not like 'sqlite\\_%' escape '\\'"
    )
    return {name: {row["name"] for row in rows.execute(f"pragma table_info({name})")} for (name,) in names.fetchall()}


def parameters(query: str) -> list[str]:
    return sorted(set(re.findall(r":(\w+)", QUERIES[query]["sql"])))


async def ask(site: Datasette, query: str, **given: str) -> list[dict[str, Any]]:
    """The rows of a canned query, as an app would fetch them."""
    response = await site.client.get(f"/codex/{query}.json?{urlencode({'_shape': 'array', **given})}")
    assert response.status_code == 200, f"{query} {given!s:.80}: {response.text:.300}"
    answer: list[dict[str, Any]] = response.json()
    return answer


def only(answer: list[dict[str, Any]], *names: str) -> list[Any]:
    """The named columns of an answer: a value for each row, or a tuple where several are named."""
    return [row[names[0]] if len(names) == 1 else tuple(row[name] for name in names) for row in answer]


def test_every_table_view_and_column_is_described_and_nothing_else_is(rows: sqlite3.Connection) -> None:
    assert {name: set(table["columns"]) for name, table in TABLES.items()} == columns(rows)


def test_every_description_is_made_of_sentences() -> None:
    texts = [text for table in TABLES.values() for text in (table["description"], *table["columns"].values())]
    texts += [query["description"] for query in QUERIES.values()]
    assert [text for text in texts if not re.fullmatch(r"[A-Z0-9].*\.", text)] == []


def test_facets_sorts_and_labels_name_columns_that_exist() -> None:
    for name, table in TABLES.items():
        named = [table[key] for key in ("sort", "sort_desc", "label_column") if key in table]
        assert {*named, *table.get("facets", [])} <= set(table["columns"]), name


def test_every_table_that_others_refer_to_has_a_label(rows: sqlite3.Connection) -> None:
    referred = {key["table"] for name in columns(rows) for key in rows.execute(f"pragma foreign_key_list({name})")}
    assert {name for name in referred if "label_column" not in TABLES[name]} == set()


def test_no_table_is_hidden_because_graphql_fails_on_keys_that_lead_to_one() -> None:
    assert [name for name, table in TABLES.items() if "hidden" in table] == []


@pytest.mark.parametrize("name", TABLES)
async def test_every_table_and_view_has_a_page_whose_facets_are_counted_in_time(site: Datasette, name: str) -> None:
    assert (await site.client.get(f"/codex/{name}")).status_code == 200
    answer = (await site.client.get(f"/codex/{name}.json")).json()
    assert set(answer["facet_results"]) == set(TABLES[name].get("facets", []))
    assert not answer.get("facets_timed_out")


@pytest.mark.parametrize("name", ["claims", "documents", "texts"])
async def test_claims_documents_and_texts_can_be_searched(site: Datasette, name: str) -> None:
    some = (await site.client.get(f"/codex/{name}.json?_search=the")).json()
    none = (await site.client.get(f"/codex/{name}.json?_search=xyzzy")).json()
    assert some["filtered_table_rows_count"] > 0
    assert none["filtered_table_rows_count"] == 0


def test_no_query_takes_the_address_of_a_table_or_view(rows: sqlite3.Connection) -> None:
    assert set(QUERIES) & set(columns(rows)) == set()


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_has_a_title_and_a_description_and_opens_with_a_question(name: str) -> None:
    query = QUERIES[name]
    assert query["title"]
    assert query["description"]
    assert re.match(r"-- [A-Z][^\n]*\?\n(select|with)\b", query["sql"])
    validate_sql_select(query["sql"])  # or the page offers no way to edit it


@pytest.mark.parametrize("name", QUERIES)
async def test_every_query_answers_without_a_parameter_and_to_any_parameter(site: Datasette, name: str) -> None:
    await ask(site, name)
    for parameter in parameters(name):
        for value in HOSTILE:
            await ask(site, name, **{parameter: value})


async def test_search_ranks_titles_before_bodies_and_marks_what_it_found(site: Datasette) -> None:
    answer = await ask(site, "search", q="melatonin")
    assert only(answer, "title", "confidence", "domain") == [
        ("Melatonin works by timing -- not by dose", "likely", "sleep"),
        ("Naps restore attention within twenty minutes", "likely", "sleep"),
    ]
    assert answer[0]["snippet"].startswith("# ⟪Melatonin⟫ works by timing")


async def test_search_finds_phrases_descriptions_and_beginnings_and_nothing_for_nothing(site: Datasette) -> None:
    for words in ('"tram stop"', "antibodies", "antibod*"):
        assert only(await ask(site, "search", q=words), "id") == ["short-sleep-lowers-vaccine-response"]
    assert await ask(site, "search", q="stop tram nowhere") == []
    assert await ask(site, "search", q=" ") == []


async def test_search_all_finds_documents_of_any_kind_or_of_one(site: Datasette) -> None:
    kettle, steel = await ask(site, "search_all", q="kettle"), await ask(site, "search_all", q="steel", kind="source")
    assert only(kettle, "id", "kind") == [("2026-03-01-night-shift-diary", "source")]
    assert kettle[0]["snippet"].startswith("Two in the morning, and the ⟪kettle⟫ is")
    assert only(steel, "id") == ["2024-steel-handbook-chapter-nine"]
    assert await ask(site, "search_all", q="kettle", kind="claim") == []


async def test_claims_by_domain_and_confidence_take_either_both_or_none(
    site: Datasette, rows: sqlite3.Connection
) -> None:
    query = "claims_by_domain_and_confidence"
    assert only(await ask(site, query, domain="bridges", confidence="likely"), "id") == [
        "covered-bridges-outlive-their-builders",
        "cracks-grow-slowly-at-first",
        "tolls-pay-for-inspection",
        "suspension-bridges-fail-by-resonance",
    ]
    assert only(await ask(site, query, confidence="proven"), "id", "created") == [
        ("cold-rooms-deepen-sleep", "2026-02-20"),
        ("attention-recovers-in-the-gaps", "2026-02-03"),
        ("steel-yields-before-it-breaks", "2026-01-25"),
    ]
    of_one_domain = await ask(site, query, domain="coordination")
    assert only(of_one_domain, "confidence") == ["experimental", "experimental", "speculative"]
    assert len(await ask(site, query)) == rows.execute("select count(*) from claims").fetchone()[0]


async def test_newest_claims_begin_with_the_last_written(site: Datasette) -> None:
    assert only(await ask(site, "newest_claims"), "id")[:2] == [
        "siestas-survive-where-summers-are-hot",
        "blue-light-moves-the-body-clock",
    ]
    of_one_domain = await ask(site, "newest_claims", domain="coordination")
    assert only(of_one_domain, "created") == ["2026-02-02", "2026-02-01", "2026-01-15"]


async def test_most_linked_begins_with_the_claim_that_most_links_lead_to(site: Datasette) -> None:
    answer = await ask(site, "most_linked", domain="bridges")
    assert only(answer, "id", "links", "documents", "arguments")[:2] == [
        ("steel-yields-before-it-breaks", 5, 5, 2),
        ("suspension-bridges-fail-by-resonance", 4, 4, 1),
    ]


async def test_links_of_a_claim_are_those_it_makes_and_those_that_lead_to_it(site: Datasette) -> None:
    answer = await ask(site, "links_of_claim", claim="wooden-bridges-breathe")
    assert only(answer, "direction", "relation", "other", "line") == [
        ("to", "challenges", "suspension-bridges-fail-by-resonance", 8),
        ("from", "mentions", "queues-form-where-trust-is-missing", 38),
        ("from", "challenged_by", "suspension-bridges-fail-by-resonance", 10),
        ("from", "challenged_by", "430m-went-into-sleep-trackers-in-one-year", 13),
    ]
    assert await ask(site, "links_of_claim") == []


async def test_arguments_of_a_claim_come_with_their_stance_witnesses_and_reasons(site: Datasette) -> None:
    answer = await ask(site, "arguments_of_claim", claim="suspension-bridges-fail-by-resonance")
    assert only(answer, "stance", "other", "asserted", "witnesses", "reasons") == [
        ("challenged by", "wooden-bridges-breathe", 1, 2, None),
        ("challenged by", "inspection-finds-cracks-early", 0, 1, None),
        ("challenged by", "rope-bridges-sway-before-they-fail", 0, 1, "they do not resonate at all"),
        ("supports", "footbridges-fill-by-rhythm", 1, 1, None),
    ]


async def test_objections_are_links_words_evidence_and_challenges(site: Datasette) -> None:
    naps = await ask(site, "objections", claim="naps-restore-attention-within-twenty-minutes")
    assert only(naps, "challenger", "words") == [
        ("challenges-naps-are-a-symptom", None),
        (None, "Those who nap may simply be those who are allowed to"),
    ]
    vaccine = await ask(site, "objections", claim="short-sleep-lowers-vaccine-response")
    assert only(vaccine, "challenger_title", "words") == [
        ("Vaccines after short nights", "The heading is another one, with the kind at its end."),
        ("A night shift diary", "The heading was lost, so the kind is that of the block above."),
    ]


async def test_unchallenged_claims_are_confident_ones_the_oldest_first(site: Datasette) -> None:
    assert only(await ask(site, "unchallenged", domain="bridges"), "id", "confidence") == [
        ("tolls-pay-for-inspection", "likely"),
        ("cracks-grow-slowly-at-first", "likely"),
        ("steel-yields-before-it-breaks", "proven"),
        ("covered-bridges-outlive-their-builders", "likely"),
    ]


async def test_orphans_have_no_link_to_or_from_a_claim(site: Datasette) -> None:
    assert only(await ask(site, "orphans"), "id") == [
        "covered-bridges-outlive-their-builders",
        "keystones-carry-no-more-than-their-neighbours",
        "snoring-is-heard-by-others-first",
    ]
    assert only(await ask(site, "orphans", domain="sleep"), "id") == ["snoring-is-heard-by-others-first"]


async def test_sources_of_a_claim_say_how_they_bear_on_it_and_how_we_know(site: Datasette) -> None:
    [source] = await ask(site, "sources_of_claim", claim="naps-restore-attention-within-twenty-minutes")
    assert (source["title"], source["date"]) == ("Twenty minute naps on the ward", "2026-02-10")
    assert set(source["kinds"].split(",")) == {"origin", "confirm"}
    assert set(source["rules"].split(",")) == {"extracted", "block", "identifier"}


async def test_unsourced_claims_and_idle_sources_are_those_that_lack_each_other(site: Datasette) -> None:
    assert only(await ask(site, "unsourced", domain="coordination"), "id", "source") == [
        ("whether-naps-or-nights-matter-more", "two claims that pull apart"),
        ("rest-is-a-shared-resource-in-core-coordination", "a shared kitchen"),
    ]
    assert only(await ask(site, "idle"), "id", "status") == [("2024-letters-from-a-toll-keeper", "null-result")]


async def test_wanted_documents_come_with_what_may_have_been_meant(site: Datasette) -> None:
    answer = only(await ask(site, "wanted"), "label", "links", "documents", "suggestion")
    assert answer[:2] == [
        ("The lighthouse almanac", 2, 1, None),
        ("Cold rooms deepens sleep", 1, 1, "cold rooms deepen sleep"),
    ]


async def test_ambiguous_links_name_the_document_chosen_and_all_that_fit(site: Datasette) -> None:
    assert only(await ask(site, "ambiguous"), "path", "line", "taken_for") == [
        ("convictions/rest-before-speed.md", 6, "rest-is-a-shared-resource")
    ]
    assert only(await ask(site, "ambiguous"), "candidates") == [
        "core/coordination/Rest is a shared resource.md; domains/sleep/Rest is a shared resource.md"
    ]


async def test_problems_are_listed_by_code_and_counted_gravest_first(site: Datasette, rows: sqlite3.Connection) -> None:
    assert only(await ask(site, "problems_by_code", code="duplicate-key"), "line", "suggestion") == [
        (4, "keep one `confidence`"),
        (6, "keep one `source`"),
        (9, "keep one `related`"),
    ]
    total = rows.execute("select count(*) from problems").fetchone()[0]
    summary = await ask(site, "problem_summary")
    assert len(await ask(site, "problems_by_code")) == sum(only(summary, "problems")) == total
    assert only(summary, "code", "severity", "problems")[:2] == [
        ("refused-front-matter", "error", 2),
        ("broken-front-matter", "error", 1),
    ]


async def test_confidence_by_domain_counts_each_confidence_the_largest_domain_first(site: Datasette) -> None:
    answer = await ask(site, "confidence_by_domain")
    assert [tuple(row.values()) for row in answer][:2] == [
        ("sleep", "Sleep and rest", 13, 1, 6, 4, 2, 0),
        ("bridges", "Bridges", 11, 1, 4, 2, 0, 4),
    ]
