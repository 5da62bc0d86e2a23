"""The canned queries: they answer whatever they are asked, and on known rows what was worked out by hand."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from datasette.app import Datasette
from datasette.utils import parse_metadata

from build import PROJECT
from claimbase.pipeline import build_database
from tests.conftest import open_site
from tests.histories import Base, claim

METADATA: dict[str, Any] = parse_metadata((PROJECT / "metadata.yml").read_text(encoding="utf-8"))
QUERIES: dict[str, dict[str, str]] = METADATA["databases"]["codex"]["queries"]
HOSTILE = [*"\"'*%\0🪐", '"""', "--", "NEAR(", "AND OR NOT", "title:x", "{title}: ^x", ";drop table claims"]
HOSTILE += ["x" * 20_000, " ".join(f"word{number}" for number in range(3000))]


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


async def test_claims_come_a_page_at_a_time_the_newest_first_or_the_best_match(site: Datasette) -> None:
    of_one_domain = {"domain": "bridges", "limit": "2"}
    assert only(await ask(site, "claims_by", **of_one_domain), "id", "total") == [
        ("footbridges-fill-by-rhythm", 11),
        ("ice-loads-are-counted-twice", 11),
    ]
    assert only(await ask(site, "claims_by", **of_one_domain, offset="2"), "id") == [
        "covered-bridges-outlive-their-builders",
        "steel-yields-before-it-breaks",
    ]
    assert only(await ask(site, "claims_by", confidence="proven"), "total") == [3, 3, 3]
    assert only(await ask(site, "claims_by", q="sleep", domain="sleep", confidence="likely"), "id", "total") == [
        ("430m-went-into-sleep-trackers-in-one-year", 3),
        ("coffee-delays-sleep-by-six-hours", 3),
        ("naps-restore-attention-within-twenty-minutes", 3),
    ]


async def test_pages_of_claims_put_together_are_all_claims(site: Datasette, rows: sqlite3.Connection) -> None:
    pages = [await ask(site, "claims_by", limit="7", offset=str(offset)) for offset in (0, 7, 14, 21, 28, 35)]
    found = [claim["id"] for page in pages for claim in page]
    assert sorted(found) == [row["id"] for row in rows.execute("select id from claims order by id")]
    assert found[:20] == only(await ask(site, "claims_by"), "id")


@pytest.mark.parametrize(("limit", "offset", "number"), [("x", "", 0), ("-1", "", 0), ("1", "-3", 1), ("9", "999", 0)])
async def test_a_page_of_claims_cannot_be_made_endless(site: Datasette, limit: str, offset: str, number: int) -> None:
    for words in ("", "sleep"):
        assert len(await ask(site, "claims_by", q=words, limit=limit, offset=offset)) == number


async def test_a_claim_comes_with_what_hangs_on_it_as_lists(site: Datasette) -> None:
    lists = "_json=arguments&_json=objections&_json=sources&_json=similar"
    address = f"/codex/claim_with_arguments.json?_shape=array&{lists}&claim="
    [naps] = (await site.client.get(f"{address}naps-restore-attention-within-twenty-minutes")).json()
    assert (naps["title"], naps["confidence"]) == ("Naps restore attention within twenty minutes", "likely")
    assert naps["body"].startswith("# Naps restore attention")
    assert naps["arguments"][-1] == {
        "stance": "supported by",
        "claim": "attention-recovers-in-the-gaps",
        "title": "Attention recovers in the gaps",
        "confidence": "proven",
        "asserted": 1,
    }
    assert only(naps["arguments"], "stance") == ["related to"] * 5 + ["rests on"] * 3 + ["supported by"]
    assert naps["objections"] == ["Those who nap may simply be those who are allowed to"]
    assert only(naps["sources"], "source", "date") == [("2026-02-10-okafor-twenty-minute-naps", "2026-02-10")]
    assert only(naps["similar"], "claim")[0] == "blue-light-moves-the-body-clock"
    assert await ask(site, "claim_with_arguments") == []


async def test_growth_adds_up_month_by_month(site: Datasette) -> None:
    assert only(await ask(site, "growth"), "month", "claims", "total") == [
        ("2025-12", 1, 1),
        ("2026-01", 11, 12),
        ("2026-02", 13, 25),
    ]
    assert only(await ask(site, "growth", domain="bridges"), "month", "total") == [("2026-01", 8)]


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
        (
            "challenged by",
            "inspection-finds-cracks-early",
            0,
            1,
            "Dampers end it, as [[Inspection finds cracks early]] says in passing.",
        ),
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


async def test_claims_by_month_counts_what_each_month_brought_the_newest_first(site: Datasette) -> None:
    answer = await ask(site, "claims_by_month")
    assert [tuple(row.values()) for row in answer] == [("2026-02", 13), ("2026-01", 11), ("2025-12", 1)]


# What follows from the argument as a whole is asked of a bakery, small enough to work out by hand:
#
#   rye keeps for weeks ──rests on──► sour dough is acid ◄──rests on each other──► old dough feeds new dough
#        ▲ supported by
#   crust slows mould ──rests on──► steam makes the crust


def page(*front: str, body: str = "") -> str:
    return "\n".join(["---", "created: 2025-12-26", *front, "---", body, ""])


BAKERY = {
    "domains/bread/Rye keeps for weeks.md": page(
        "confidence: likely",
        "depends_on: [sour dough is acid]",
        body="### Additional Evidence (confirm)\n*Source: [[2025-11-02-notes-on-rye]]*\n\nFour weeks in a tin.",
    ),
    "domains/bread/Rye keeps for days only.md": page("confidence: likely", "challenges: [Rye keeps for weeks]"),
    "domains/bread/Sour dough is acid.md": page("confidence: experimental", "depends_on: [Old dough feeds new dough]"),
    "domains/bread/Old dough feeds new dough.md": page("confidence: proven", "depends_on: [Sour dough is acid]"),
    "domains/bread/Crust slows mould.md": page(
        "confidence: proven", "depends_on: [Steam makes the crust]", "supports: [Rye keeps for weeks]"
    ),
    "domains/bread/Steam makes the crust.md": page("confidence: speculative"),
    "domains/bread/Salt slows yeast.md": page("confidence: experimental", "supports: [Long rises taste better]"),
    "domains/bread/Long rises taste better.md": page("confidence: experimental", "challenges: [Salt slows yeast]"),
    "domains/bread/Cold water slows a dough.md": page("confidence: likely", body="Two degrees matter.\nSo does salt."),
    "domains/water/Cold water slows a dough.md": page("confidence: likely", body="Two degrees matter.\nMore do more."),
    "domains/bread/Warm water hastens a dough of rye in the winter.md": page(body="Ask any baker."),
    "domains/bread/Warm water hastens a dough of rye in the cold winter.md": page(body="Ask any baker."),
    "inbox/archive/2026-01-05-a-bakers-letters.md": """\
---
title: A baker's letters
date: 2026-01-05
claims_extracted: [Crust slows mould, Long rises taste better, sour-dough-floats]
enrichments_applied: [Rye keeps for weeks]
---
""",
    "inbox/archive/2025-11-02-notes-on-rye.md": """\
---
title: Notes on rye
date: 2025-11-02
status: processed
claims_extracted: [Sour dough is acid]
enrichments_applied: [Rye keeps for weeks]
---
""",
    "agents/ada/beliefs.md": """\
# What Ada believes

### 1. Bread is slow

**Grounding:**
- [[Crust slows mould]]
- [[Rye keeps for weeks]]
- [[a loaf that nobody wrote down]]

**Challenges considered:** some bread is fast.

### 2. Water matters more than flour

So it is said.
""",
    "agents/ada/positions/Bake twice a week.md": page(
        "confidence: medium", "depends_on: [Bread is slow, Old dough feeds new dough]"
    ),
    "agents/ada/positions/Buy no yeast.md": page("status: open"),
}


@pytest.fixture(scope="module")
def bakery_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("bakery")
    for path, text in BAKERY.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    database = tmp_path_factory.mktemp("database") / "codex.db"
    build_database(root, database)
    return database


@pytest.fixture
def bakery(bakery_database: Path) -> Datasette:
    return open_site(bakery_database)


async def test_support_chain_goes_down_to_the_sources_the_nearest_first(bakery: Datasette) -> None:
    answer = await ask(bakery, "support_chain", claim="rye-keeps-for-weeks")
    assert only(answer, "step", "path") == [
        (0, "Rye keeps for weeks"),
        (1, "Rye keeps for weeks → confirmed by → Notes on rye"),
        (1, "Rye keeps for weeks → extended by → A baker's letters"),
        (1, "Rye keeps for weeks → rests on → Sour dough is acid"),
        (1, "Rye keeps for weeks → supported by → Crust slows mould"),
        (2, "Rye keeps for weeks → rests on → Sour dough is acid → drawn from → Notes on rye"),
        (2, "Rye keeps for weeks → rests on → Sour dough is acid → rests on → Old dough feeds new dough"),
        (2, "Rye keeps for weeks → supported by → Crust slows mould → drawn from → A baker's letters"),
        (2, "Rye keeps for weeks → supported by → Crust slows mould → rests on → Steam makes the crust"),
    ]
    notes, dough = answer[1], answer[3]
    assert (notes["claim"], notes["source"], notes["title"]) == (None, "2025-11-02-notes-on-rye", "Notes on rye")
    assert (dough["claim"], dough["source"], dough["confidence"]) == ("sour-dough-is-acid", None, "experimental")
    assert await ask(bakery, "support_chain") == []


async def test_support_chain_goes_around_no_circle(bakery: Datasette) -> None:
    assert only(await ask(bakery, "support_chain", claim="old-dough-feeds-new-dough"), "path") == [
        "Old dough feeds new dough",
        "Old dough feeds new dough → rests on → Sour dough is acid",
        "Old dough feeds new dough → rests on → Sour dough is acid → drawn from → Notes on rye",
    ]


async def test_support_chain_comes_by_each_claim_once_on_the_shortest_way(tmp_path: Path) -> None:
    # A loaf rests on dough directly and by way of its crumb. The letters are a source of both.
    texts = {
        "domains/bread/A loaf needs patience.md": page("depends_on: [Crumb is dough set by heat, Dough is alive]"),
        "domains/bread/Crumb is dough set by heat.md": page("depends_on: [Dough is alive]"),
        "domains/bread/Dough is alive.md": page(),
        "inbox/archive/2026-01-05-letters.md": (
            "---\ntitle: Letters\nclaims_extracted: [Crumb is dough set by heat, Dough is alive]\n---\n"
        ),
    }
    for path, text in texts.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    database = tmp_path / "out" / "codex.db"
    database.parent.mkdir()
    build_database(tmp_path, database)
    assert only(await ask(open_site(database), "support_chain", claim="a-loaf-needs-patience"), "path") == [
        "A loaf needs patience",
        "A loaf needs patience → rests on → Crumb is dough set by heat",
        "A loaf needs patience → rests on → Dough is alive",
        "A loaf needs patience → rests on → Crumb is dough set by heat → drawn from → Letters",
        "A loaf needs patience → rests on → Dough is alive → drawn from → Letters",
    ]


async def test_cascade_is_all_that_rests_on_a_claim_once_by_the_fewest_steps(bakery: Datasette) -> None:
    # Old dough rests on sour dough and the other way round: the claim asked for is not among what falls with it. The
    # position rests on the belief, three steps away, and on old dough itself, two steps away.
    answer = await ask(bakery, "cascade", claim="sour-dough-is-acid")
    assert only(answer, "steps", "kind", "title", "confidence", "through") == [
        (1, "claim", "Old dough feeds new dough", "proven", "Sour dough is acid"),
        (1, "claim", "Rye keeps for weeks", "likely", "Sour dough is acid"),
        (2, "belief", "Bread is slow", None, "Rye keeps for weeks"),
        (2, "position", "Bake twice a week", "experimental", "Old dough feeds new dough"),
    ]
    assert only(await ask(bakery, "cascade", claim="agents-ada-beliefs--bread-is-slow"), "id", "through") == [
        ("agents-ada-positions-bake-twice-a-week", "Bread is slow")
    ]
    assert await ask(bakery, "cascade") == []


async def test_weakest_links_are_claims_surer_than_what_they_rest_on_most_falls_first(bakery: Datasette) -> None:
    # With old dough fall sour dough, rye, the belief and the position; with each of the others the last two.
    columns = ("id", "confidence", "other", "other_confidence", "falling")
    assert only(await ask(bakery, "weakest_links"), *columns) == [
        ("old-dough-feeds-new-dough", "proven", "sour-dough-is-acid", "experimental", 4),
        ("crust-slows-mould", "proven", "steam-makes-the-crust", "speculative", 2),
        ("rye-keeps-for-weeks", "likely", "sour-dough-is-acid", "experimental", 2),
    ]
    assert await ask(bakery, "weakest_links", domain="water") == []


async def test_disputes_are_mixed_or_between_confident_claims(bakery: Datasette) -> None:
    columns = ("kind", "title", "confidence", "other_title", "other_confidence", "asserted")
    assert only(await ask(bakery, "disputes"), *columns) == [
        ("mixed", "Long rises taste better", "experimental", "Salt slows yeast", "experimental", 1),
        ("rated", "Rye keeps for days only", "likely", "Rye keeps for weeks", "likely", 1),
    ]


async def test_circles_name_their_members_and_the_steps_between_them(bakery: Datasette) -> None:
    assert only(await ask(bakery, "circles"), "cycle", "kind", "id", "confidence", "rests_on") == [
        (1, "claim", "old-dough-feeds-new-dough", "proven", "Sour dough is acid"),
        (1, "claim", "sour-dough-is-acid", "experimental", "Old dough feeds new dough"),
    ]


async def test_beliefs_of_an_agent_come_with_their_weakest_grounding_and_objections(bakery: Datasette) -> None:
    # Slow bread is grounded in a proven claim, a likely one and a loaf that is not there.
    answer = await ask(bakery, "beliefs_of_agent", agent="ada")
    columns = ("number", "title", "groundings", "other", "other_confidence", "dead", "objections")
    assert only(answer, *columns) == [
        (1, "Bread is slow", 2, "rye-keeps-for-weeks", "likely", 1, 1),
        (2, "Water matters more than flour", 0, None, None, 0, 0),
    ]
    assert await ask(bakery, "beliefs_of_agent") == answer
    assert await ask(bakery, "beliefs_of_agent", agent="bo") == []


async def test_positions_come_with_each_premise_or_with_none(bakery: Datasette) -> None:
    columns = ("title", "confidence", "other_kind", "other_title", "other_confidence")
    assert only(await ask(bakery, "positions_and_premises"), *columns) == [
        ("Bake twice a week", "experimental", "claim", "Old dough feeds new dough", "proven"),
        ("Bake twice a week", "experimental", "belief", "Bread is slow", None),
        ("Buy no yeast", None, None, None, None),
    ]


async def test_duplicates_say_how_far_their_texts_have_diverged(bakery: Datasette) -> None:
    # Ten of eleven words and the only line are the same; of three lines in all, two stand in one body only.
    columns = ("claim", "other", "twin", "title_likeness", "diverged")
    warm, cold = "warm-water-hastens-a-dough-of-rye-in-the", "cold-water-slows-a-dough"
    assert only(await ask(bakery, "duplicates"), *columns) == [
        (f"{warm}-cold-winter", f"{warm}-winter", 0, 0.909, 0.0),
        (f"{cold}-in-domains-water", cold, 1, 1.0, 0.667),
    ]


async def test_more_like_this_finds_what_shares_a_source_and_is_not_linked(bakery: Datasette) -> None:
    # Of twelve claims, which count as sixteen, three draw on the letters: 2 × ln(1 + 16 / 3).
    assert only(await ask(bakery, "more_like_this", claim="long-rises-taste-better"), "other", "score", "reason") == [
        ("crust-slows-mould", 3.692, 'both draw on "A baker\'s letters"'),
        ("rye-keeps-for-weeks", 3.692, 'both draw on "A baker\'s letters"'),
    ]


async def test_more_like_this_of_no_claim_gives_the_pairs_most_alike_each_once(bakery: Datasette) -> None:
    # Cold is in three claims, water in four, dough in six: ln(1 + 16 / 3) + ln(1 + 16 / 4) + ln(1 + 16 / 6).
    # Water and dough alone are two words, which any two claims may share.
    assert only(await ask(bakery, "more_like_this"), "title", "other_title", "score") == [
        *[("Cold water slows a dough", "Warm water hastens a dough of rye in the cold winter", 4.755)] * 2,
        ("Crust slows mould", "Long rises taste better", 3.692),
        ("Long rises taste better", "Rye keeps for weeks", 3.692),
    ]


async def test_what_next_begins_with_what_is_most_at_fault_and_carries_most(
    bakery: Datasette, bakery_database: Path
) -> None:
    faults = {
        "old-dough-feeds-new-dough": {"cycle", "rests-on-weaker", "unchallenged", "unsourced"},
        "rye-keeps-for-weeks": {"contradiction", "rests-on-weaker"},
    }
    weights = dict(sqlite3.connect(bakery_database).execute("select id, weight from problem_codes"))
    sums = [sum(weights[code] for code in codes) for codes in faults.values()]
    first, second, *_ = await ask(bakery, "what_next")
    assert {row["document"]: set(row["why"].split(", ")) for row in (first, second)} == faults
    # Old dough: four fall with it, sour dough and the position link to it. Rye: two fall with it; crust, days only,
    # the belief and both sources link to it.
    assert only([first, second], "falling", "mentions") == [(4, 2), (2, 5)]
    assert only([first, second], "weight") == [round(sums[0] * 1.6, 1), round(sums[1] * 1.7, 1)]
    assert only(await ask(bakery, "what_next", domain="water"), "title") == ["Cold water slows a dough"]


async def test_coverage_sets_what_sources_yielded_beside_what_they_say(bakery: Datasette) -> None:
    columns = ("title", "claims", "said_extracted", "said_enriched", "absent", "without_evidence")
    assert only(await ask(bakery, "coverage"), *columns) == [
        ("A baker's letters", 3, 3, 1, 1, 1),
        ("Notes on rye", 2, 1, 1, 0, 0),
    ]


async def test_health_is_that_of_the_base_or_of_a_domain_with_units_and_meanings(bakery: Datasette) -> None:
    # Twelve claims and eight arguments with two ends each; four claims stand alone, four have a source, two are
    # challenged; ten are rated, three of them above what they rest on. The claims were written ten days before the
    # newer source, the other source appeared 64 days before it.
    answer = await ask(bakery, "health")
    assert dict(only(answer, "measure", "value")) == {
        "claims": 12.0,
        "linkage_density": 1.3333,
        "orphan_ratio": 0.3333,
        "sourced_share": 0.3333,
        "challenged_share": 0.1667,
        "proven_share": 0.2,
        "likely_share": 0.4,
        "experimental_share": 0.3,
        "speculative_share": 0.1,
        "overrated_share": 0.3,
        "median_age": 10.0,
        "evidence_age": 32.0,
    }
    assert all(row["unit"] and row["meaning"] for row in answer)
    water = dict(only(await ask(bakery, "health", domain="water"), "measure", "value"))
    assert (water["claims"], water["likely_share"], "evidence_age" in water) == (1.0, 1.0, False)
    assert await ask(bakery, "health", domain="fire") == []


@pytest.mark.parametrize(
    "query",
    [
        *("circles", "coverage", "disputes", "duplicates", "more_like_this", "weakest_links", "what_next"),
        "support_chain?claim=rye-keeps-for-weeks",
        *("beliefs_of_agent", "cascade?claim=steam-makes-the-crust", "positions_and_premises"),
    ],
)
async def test_titles_and_ids_in_answers_lead_to_pages(bakery: Datasette, query: str) -> None:
    html = (await bakery.client.get(f"/codex/{query}")).text
    addresses = set(re.findall(r'href="(/document/[^"]+)"', html))
    pages = {address: (await bakery.client.get(address, follow_redirects=True)).status_code for address in addresses}
    assert pages
    assert set(pages.values()) == {200}, pages


NAPS, REST, GONE = "domains/sleep/naps.md", "domains/sleep/rest.md", "domains/water/wells.md"
PAPER = "inbox/archive/2026-paper.md"
EXTRACTED = f"mara: extract\n\n- Source: {PAPER}\n- Extracted by: cron (open/model-1)\n\nPentagon-Agent: Mara <CRON>\n"


@pytest.fixture(scope="module")
def past_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a base that has been through something, from January to February."""
    base = Base(tmp_path_factory.mktemp("past") / "base")
    others = {
        "schemas/contribution-weights.yaml": "weights: {extractor: 0.4, reviewer: 0.1}\n",
        "domains/water/_map.md": "# Water\n",
    }
    base.commit({NAPS: claim("Naps help", confidence="proven"), GONE: claim("Wells dry up"), **others})
    base.commit(
        {PAPER: "---\ntitle: A paper\nextraction_model: open/model-1\n---\n", REST: claim("Rest heals")}, EXTRACTED
    )
    lowered = claim("Naps help", "One more line.", confidence="likely")
    base.commit({NAPS: lowered}, "Lower it\n\nPentagon-Agent: Leo <76FB>. Reviewed-By: Rio\n", author="Bot")
    later = claim("Naps help", "Another line.\nAnd one.", confidence="experimental", challenged_by="[Naps are dull]")
    base.commit({NAPS: later, GONE: None}, "Lower it again (#7)", author="Bo", date="2026-02-01T12:00:00Z")
    database = base.root.with_name("codex.db")
    build_database(base.root, database)
    return database


@pytest.fixture
def past(past_database: Path) -> Datasette:
    return open_site(past_database)


async def test_confidence_changes_say_from_what_to_what_by_how_much_and_by_whom(past: Datasette) -> None:
    columns = ("date", "claim", "old", "new", "steps", "who", "subject")
    assert only(await ask(past, "confidence_changes"), *columns) == [
        ("2026-02-01T12:00:00Z", "naps", "likely", "experimental", -1, "Bo", "Lower it again (#7)"),
        ("2026-01-03T12:00:00Z", "naps", "proven", "likely", -1, "leo", "Lower it"),
    ]
    assert len(await ask(past, "confidence_changes", domain="sleep")) == 2
    assert await ask(past, "confidence_changes", domain="water") == []


async def test_churn_counts_what_was_done_to_claims_in_each_month(past: Datasette) -> None:
    columns = ("month", "commits", "created", "changed", "renamed", "deleted", "added", "removed")
    assert only(await ask(past, "churn"), *columns) == [
        ("2026-02", 1, 0, 1, 0, 1, 2, 1),
        ("2026-01", 3, 3, 1, 0, 0, 1, 0),
    ]
    assert only(await ask(past, "churn", domain="water"), "month", "created", "deleted") == [
        ("2026-02", 0, 1),
        ("2026-01", 1, 0),
    ]


async def test_most_revised_leaves_out_what_was_only_added(past: Datasette) -> None:
    columns = ("id", "commits", "confidence_moves", "added", "removed", "last_committed")
    assert only(await ask(past, "most_revised"), *columns) == [("naps", 2, 2, 3, 1, "2026-02-01T12:00:00Z")]
    assert await ask(past, "most_revised", domain="water") == []


async def test_commits_without_an_agent_say_whose_account_made_them(past: Datasette) -> None:
    assert only(await ask(past, "commits_without_agent"), "author", "subject", "pull_request", "claims") == [
        ("Bo", "Lower it again (#7)", 7, 2),
        ("Ada", "Write", None, 2),
    ]


async def test_claims_are_counted_by_the_model_that_extracted_them_each_once(past: Datasette) -> None:
    assert only(await ask(past, "claims_by_extraction_model"), "model", "claims", "unrated", "challenged") == [
        ("open/model-1", 1, 1, 0)
    ]


async def test_contributors_are_weighed_as_the_base_weighs_them(past: Datasette) -> None:
    columns = ("contributor", "proposed", "extracted", "challenged", "reviewed", "score")
    assert only(await ask(past, "contributors_by_weight"), *columns) == [
        ("mara", 1, 1, None, None, 0.4),
        ("rio", None, None, None, 1, 0.1),
        ("ada", 2, None, None, None, None),
        ("bo", None, None, 1, None, None),
    ]
    assert only(await ask(past, "contributors_by_weight", domain="water"), "contributor") == ["ada"]


async def test_contributions_are_counted_by_month(past: Datasette) -> None:
    columns = ("month", "contributor", "domain", "role", "claims")
    assert only(await ask(past, "contributions_over_time"), *columns) == [
        ("2026-02", "bo", "sleep", "challenger", 1),
        ("2026-01", "ada", "sleep", "proposer", 1),
        ("2026-01", "ada", "water", "proposer", 1),
        ("2026-01", "mara", "sleep", "extractor", 1),
        ("2026-01", "mara", "sleep", "proposer", 1),
        ("2026-01", "rio", "sleep", "reviewer", 1),
    ]
    of_one = await ask(past, "contributions_over_time", contributor="mara", domain="sleep")
    assert only(of_one, "role") == ["extractor", "proposer"]


async def test_commits_lead_to_what_they_changed_in_graphql(past: Datasette) -> None:
    nested = "changes_list { nodes { kind field claim { title } } }"
    query = f"{{ commits(sort_desc: number, first: 1) {{ nodes {{ subject {nested} }} }} }}"
    answer = (await past.client.post("/graphql/codex", json={"query": query})).json()
    [commit] = answer["data"]["commits"]["nodes"]
    assert commit["subject"] == "Lower it again (#7)"
    changes = {
        (row["kind"], row["field"], (row["claim"] or {}).get("title")) for row in commit["changes_list"]["nodes"]
    }
    assert changes == {
        ("field", "confidence", "Naps help"),
        ("field", "challenged_by", "Naps help"),
        ("body", None, "Naps help"),
        ("deleted", None, None),
    }
