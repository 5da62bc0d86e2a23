"""Cite: a claim as others refer to it."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from claimbase.cite import cite, linked_data

ADDRESS = "https://a.example/codex/claims/naps-help"
CLAIM = {
    "id": "naps-help",
    "title": "naps help",
    "created": "2026-02-03",
    "confidence": "likely",
    "agent_name": "Mara",
    "domain_title": "Sleep",
    "description": None,
    "last_evaluated": None,
    "status": None,
}


def test_a_claim_is_cited_in_words() -> None:
    assert cite(CLAIM, "Base", ADDRESS).plain == f"Mara. 2026-02-03. “naps help” (likely). Base. {ADDRESS}"


def test_what_is_not_known_is_left_out() -> None:
    bare = CLAIM | {"created": None, "agent_name": None, "confidence": None}
    found = cite(bare, "Base", ADDRESS)
    assert found.plain == f"“naps help”. Base. {ADDRESS}"
    assert "author" not in found.bibtex
    assert json.loads(found.csl_json)[0].keys() == {"id", "type", "title", "container-title", "URL"}


def test_bibtex_has_an_entry_with_its_fields() -> None:
    assert cite(CLAIM, "Base", ADDRESS).bibtex.splitlines() == [
        "@misc{naps-help,",
        "  title = {{naps help}},",
        "  author = {{Mara}},",
        "  year = {2026},",
        "  month = {2},",
        "  howpublished = {Base},",
        "  note = {Confidence: likely},",
        f"  url = {{{ADDRESS}}},",
        "}",
    ]


def test_what_tex_takes_for_commands_is_escaped() -> None:
    found = cite(CLAIM | {"title": r"50% of $x_1 & \y ~ {z}"}, "Base", ADDRESS).bibtex
    assert r"{{50\% of \$x\_1 \& \textbackslash{}y \textasciitilde{} \textbraceleft{}z\textbraceright{}}}" in found


@given(st.text(), st.text(max_size=12) | st.none())
def test_any_title_and_date_give_csl_json_and_one_line_of_text(title: str, created: str | None) -> None:
    found = cite(CLAIM | {"title": title, "created": created}, "Base", ADDRESS)
    assert json.loads(found.csl_json)[0]["id"] == "naps-help"
    assert "\n" not in found.plain.replace(created or "", "")


def test_csl_json_gives_the_date_in_parts() -> None:
    assert json.loads(cite(CLAIM, "Base", ADDRESS).csl_json)[0]["issued"] == {"date-parts": [[2026, 2, 3]]}


def test_search_engines_are_told_what_is_claimed_and_on_what_it_is_based() -> None:
    sources: list[dict[str, Any]] = [
        {"title": "A paper", "date": "2020", "author": "A. Writer"},
        {"title": None, "date": None, "author": None},
    ]
    told = linked_data(CLAIM, sources, ADDRESS)
    assert told["@type"] == "Claim"
    assert told["isBasedOn"] == [
        {
            "@type": "CreativeWork",
            "name": "A paper",
            "datePublished": "2020",
            "author": {"@type": "Person", "name": "A. Writer"},
        }
    ]
    assert None not in told.values()
