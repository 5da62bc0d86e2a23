"""Attest: which source bears on which claim, how, and what says so."""

from __future__ import annotations

import pytest

from claimbase.attest import attest
from claimbase.numbering import lasting_numbers
from claimbase.pipeline.understand import take_apart
from claimbase.records import EvidenceRow, File
from claimbase.resolve import resolve
from claimbase.settle import settle

CLAIM = "domains/sleep/claim.md"
SOURCE = "inbox/archive/source.md"


def evidence(claim: str, source: str = "", more: dict[str, str] | None = None) -> list[EvidenceRow]:
    files = {CLAIM: claim, SOURCE: source, **(more or {})}
    documents = settle(take_apart(File(path, text.encode(), None))[0] for path, text in sorted(files.items()))
    links = resolve(documents)
    return list(attest(documents, links))


def brief(rows: list[EvidenceRow]) -> list[tuple[str | None, str, str, int | None]]:
    return [(row.source, row.kind, row.rule, row.line) for row in rows]


def front(key: str, value: str) -> str:
    return f"---\n{key}: {value}\n---\n"


@pytest.mark.parametrize(
    ("claim", "source", "kind", "rule", "line"),
    [
        ("", front("claims_extracted", "[claim]"), "origin", "extracted", 2),
        ("", front("enrichments_applied", "[claim]"), "extend", "enriched", 2),
        ("", front("enrichments", "[claim.md]"), "extend", "enriched", 2),
        ("text\n\nSee [[source]].", "", "cites", "body", 3),
        ("See inbox/archive/source.md.", "", "cites", "body", 1),
        ("## Evidence\n[[source]] shows it.", "", "cites", "body", 2),
        (front("source", "inbox/archive/source.md"), "", "origin", "field", 2),
        (front("sources", '["[[source]]"]'), "", "origin", "field", 2),
    ],
)
def test_a_link_between_claim_and_source_is_evidence(claim: str, source: str, kind: str, rule: str, line: int) -> None:
    assert brief(evidence(claim, source)) == [("source", kind, rule, line)]


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("", ""),
        ("", front("related", "[claim]")),
        ("", "See [[claim]]."),
        ("", front("claims_extracted", "[another]")),
        ("[[elsewhere]]", ""),
        ("`[[source]]`", ""),
        (front("source", "a source of some kind"), ""),
    ],
)
def test_what_is_no_evidence(claim: str, source: str) -> None:
    assert evidence(claim, source) == []


def test_a_remark_of_the_source_is_the_note() -> None:
    (row,) = evidence("", front("claims_extracted", '["claim — with reservations"]'))
    assert (row.note, row.path) == ("with reservations", SOURCE)


def test_a_block_is_kept_whole() -> None:
    text = (
        "# Claim\n\n### Additional Evidence (challenge)\n"
        "*Source: [[source]] | Added: 2026-03-11 | Extractor: mara/by-hand*\n\nOne.\n\nTwo.\n"
    )
    assert evidence(text) == [
        EvidenceRow(
            id=lasting_numbers([CLAIM])[0],
            claim="claim",
            source="source",
            kind="challenge",
            rule="block",
            note=None,
            added="2026-03-11",
            extractor="mara/by-hand",
            text="One.\n\nTwo.",
            path=CLAIM,
            line=3,
        )
    ]


@pytest.mark.parametrize(
    ("line", "source", "note"),
    [
        ("*Source: [[source]]*", "source", None),
        ("*Source: source | Added: 2026-03-11*", "source", None),
        ("*Source: inbox/archive/source.md*", "source", None),
        ("*Source: [a](inbox/archive/source.md)*", "source", None),
        ("*Source: a talk at the tram stop*", None, "a talk at the tram stop"),
        ("*Source: [[nowhere]]*", None, "[[nowhere]]"),
        ("*Source: [[claim]]*", None, "[[claim]]"),
        ("No source line.", None, None),
    ],
)
def test_a_block_whose_source_is_not_found_keeps_its_words(line: str, source: str | None, note: str | None) -> None:
    (row,) = evidence(f"### Additional Evidence (extend)\n{line}\n")
    assert (row.source, row.note, row.rule) == (source, note, "block")


@pytest.mark.parametrize(("added", "kept"), [("2026-02-00", "2026-02"), ("yesterday", None), ("", None)])
def test_a_block_has_the_date_it_can_have(added: str, kept: str | None) -> None:
    (row,) = evidence(f"*Source: [[source]] | Added: {added}*\n")
    assert row.added == kept


def test_each_block_of_a_claim_has_its_own_source_and_kind() -> None:
    text = (
        "### Additional Evidence (confirm)\n*Source: [[source]]*\n\n"
        "### One disagrees (challenge)\n*Source: [[other]]*\n\n*Source: [[source]]*\n"
    )
    assert brief(evidence(text, more={"inbox/archive/other.md": ""})) == [
        ("source", "confirm", "block", 1),
        ("other", "challenge", "block", 4),
        ("source", "challenge", "block", 7),
    ]


def test_a_block_with_two_sources_bears_on_the_claim_by_both() -> None:
    rows = evidence("*Source: [[source]] and [[other]]*\n", more={"inbox/archive/other.md": ""})
    assert {row.source for row in rows} == {"source", "other"}


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("Okafor et al. 2026, arXiv:2602.01234", "url", "https://arxiv.org/abs/2602.01234v2"),
        ("https://arxiv.org/pdf/2602.01234", "arxiv", "arXiv:2602.01234"),
        ("doi:10.5555/Night.2025.3", "url", "https://doi.org/10.5555/night.2025.3"),
        ("see https://example.org/steel.", "url", "https://example.org/steel"),
        ("https://example.org/steel", "source_url", "https://example.org/steel"),
    ],
)
def test_a_shared_identifier_is_evidence(text: str, key: str, value: str) -> None:
    rows = evidence(front("source", f'"{text}"'), front(key, f'"{value}"'))
    assert brief(rows) == [("source", "origin", "identifier", 2)]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("arXiv:2602.01234", "https://arxiv.org/abs/2602.01235"),
        ("https://example.org/steel/2", "https://example.org/steel"),
        ("10.5555/night.2025.31", "https://doi.org/10.5555/night.2025.3"),
    ],
)
def test_another_identifier_is_none(text: str, url: str) -> None:
    assert evidence(front("source", text), front("url", url)) == []


def test_the_address_of_a_source_may_stand_under_its_legacy_name() -> None:
    rows = evidence(front("source", "https://example.org/steel"), front("source", "https://example.org/steel"))
    assert brief(rows) == [("source", "origin", "identifier", 2)]


@pytest.mark.parametrize(
    "text",
    [
        "Okafor, Twenty minute naps on the ward, 2026",
        '"Okafor: \\"Twenty-minute naps on the ward\\""',
        "twenty minute naps on the ward",
        "[Okafor 2026, Twenty Minute Naps on the Ward]",
    ],
)
def test_a_quoted_title_is_evidence(text: str) -> None:
    rows = evidence(front("source", text), front("title", "Twenty minute naps on the ward"))
    assert brief(rows) == [("source", "origin", "title", 2)]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Twenty minute naps on the wardrobe", "Twenty minute naps on the ward"),
        ("Twenty minute naps", "Twenty minute naps on the ward"),
        ("Okafor, On short naps", "On short naps"),
        ("naps on the ward, twenty minute", "Twenty minute naps on the ward"),
    ],
)
def test_a_part_of_a_title_or_a_short_one_is_none(text: str, title: str) -> None:
    assert evidence(front("source", text), front("title", title)) == []


def test_several_rules_may_say_the_same_of_one_pair() -> None:
    claim = front("source", "inbox/archive/source.md") + "See [[source]].\n\n*Source: [[source]]*\n"
    assert [row.rule for row in evidence(claim, front("claims_extracted", "[claim]"))] == [
        "field",
        "body",
        "block",
        "extracted",
    ]


def test_rows_come_by_path_and_line_and_are_numbered_within_their_path() -> None:
    rows = evidence("[[source]]\n[[source]]", front("claims_extracted", "[claim]"))
    assert [(row.path, row.line) for row in rows] == [(CLAIM, 1), (CLAIM, 2), (SOURCE, 2)]
    assert [row.id for row in rows] == lasting_numbers([CLAIM, CLAIM, SOURCE])
