"""The documented GraphQL queries run against the sample knowledge base and find what they promise."""

from __future__ import annotations

import re
from typing import Any

import pytest
from datasette.app import Datasette

from build import PROJECT

DOCUMENTED = dict(re.findall(r"```graphql\n(query (\w+).*?)```", (PROJECT / "docs/graphql.md").read_text(), re.DOTALL))
QUERIES = {name: query for query, name in DOCUMENTED.items()}


async def ask(site: Datasette, query: str, **variables: str) -> Any:
    response = await site.client.post("/graphql", json={"query": query, "variables": variables})
    answer = response.json()
    assert response.status_code == 200, answer
    assert "errors" not in answer, answer
    return answer["data"]


def test_four_queries_are_documented() -> None:
    assert list(QUERIES) == ["Claim", "Domain", "Search", "Standing"]


async def test_a_claim_comes_with_its_arguments_and_sources(sample_site: Datasette) -> None:
    data = await ask(
        sample_site, QUERIES["Claim"], id="a-diverse-group-of-problem-solvers-can-outperform-a-group-of-the-best-ones"
    )
    [claim] = data["claims"]["nodes"]
    assert claim["confidence"] == {"id": "likely", "rank": 3}
    assert "diversity-trumps-ability-theorem-proves-less-than-it-is-cited-for" in {
        edge["from_claim"]["id"] for edge in claim["challenging"]["nodes"]
    }
    assert "https://doi.org/10.1073/pnas.0403723101" in {
        row["source"]["url"] for row in claim["evidence_list"]["nodes"] if row["source"]
    }


async def test_a_domains_claims_are_found_by_confidence(sample_site: Datasette) -> None:
    data = await ask(sample_site, QUERIES["Domain"], domain="incentive-design", confidence="likely")
    claims = data["claims"]
    assert claims["totalCount"] == len(claims["nodes"]) > 0
    created = [claim["created"] for claim in claims["nodes"]]
    assert created == sorted(created, reverse=True)


@pytest.mark.parametrize(
    ("words", "finds"),
    [("reward model", True), ('"reward model"', True), ("reward*", True), ('"""', False), ("🦔", False), ("\0", False)],
)
async def test_search_forgives_any_words(sample_site: Datasette, words: str, finds: bool) -> None:
    data = await ask(sample_site, QUERIES["Search"], words=words)
    assert (data["claims"]["totalCount"] > 0) is finds


async def test_a_claim_is_told_how_firmly_it_stands(sample_site: Datasette) -> None:
    name = "anti-scheming-training-creates-goodhart-dynamic-where-training-signal-diverges-from-scheming-tendency"
    data = await ask(sample_site, QUERIES["Standing"], id=name)
    [metric] = data["metrics"]["nodes"]
    assert metric["weakest_claim"] == {
        "id": "a-learned-reward-model-stops-tracking-the-goal-it-stands-for-once-it-is-optimised-hard-enough",
        "title": "A learned reward model stops tracking the goal it stands for once it is optimised hard enough",
        "confidence": {"id": "likely"},
    }
    assert (metric["depth"], metric["sources"], metric["falling_claims"]) == (0, 1, 0)
    assert all(other["reason"] for other in data["similar_claims"]["nodes"])
