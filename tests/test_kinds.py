"""Kinds: what a path makes of a document, and the id that it gives it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase.kinds import kind_of, plain_id


@pytest.mark.parametrize(
    ("path", "type_", "kind"),
    [
        ("domains/sleep/a.md", "claim", "claim"),
        ("domains/sleep/a.md", None, "claim"),
        ("domains/sleep/a.md", "insight", "claim"),
        ("domains/sleep/a.md", "divergence", "claim"),
        ("domains/sleep/a.md", "a type of tomorrow", "claim"),
        ("domains/sleep/a.md", "source", "claim"),
        ("domains/sleep/deep/er/a.md", "claim", "claim"),
        ("domains/a-domain-of-tomorrow/a.md", "claim", "claim"),
        ("domains/a.md", "claim", "claim"),
        ("core/coordination/a.md", "framework", "claim"),
        ("foundations/attention/a.md", None, "claim"),
        ("domains/sleep/_map.md", None, "map"),
        ("domains/sleep/_map.md", "claim", "map"),
        ("core/coordination/index.md", "moc", "map"),
        ("inbox/archive/a.md", "source", "source"),
        ("inbox/archive/a.md", None, "source"),
        ("inbox/archive/a.md", "claim", "source"),
        ("inbox/archive/2025/deep/a.md", "news article", "source"),
        ("inbox/queue/a.md", "essay", "source"),
        ("inbox/a.md", None, "source"),
        ("entities/sleep/a.md", "entity", "entity"),
        ("entities/sleep/a.md", None, "entity"),
        ("agents/mara/beliefs.md", None, "beliefs"),
        ("agents/mara/positions/a.md", None, "position"),
        ("agents/mara/positions/a.md", "claim", "position"),
        ("agents/mara/musings/a.md", "musing", "musing"),
        ("agents/mara/a.md", "position", "position"),
        ("agents/mara/identity.md", "agent", "agent"),
        ("agents/mara/a.md", "claim", "agent"),
        ("agents/mara/network.json.md", None, "agent"),
        ("convictions/a.md", None, "conviction"),
        ("sectors/a.md", None, "sector"),
        ("decisions/a.md", None, "decision"),
        ("maps/a.md", None, "map"),
        ("schemas/a.md", None, "schema"),
        ("schemas/a.md", "claim", "claim"),
        ("rituals/a.md", None, "document"),
        ("rituals/a.md", "ritual", "document"),
        ("rituals/a.md", "challenge", "challenge"),
        ("README.md", None, "document"),
        ("a.md", "claim", "claim"),
        ("Domains/sleep/a.md", None, "document"),
    ],
)
def test_the_folder_says_what_a_file_is_and_then_its_type(path: str, type_: str | None, kind: str) -> None:
    assert kind_of(path, type_) == kind


@pytest.mark.parametrize(
    ("path", "kind", "id_"),
    [
        ("domains/sleep/Naps help.md", "claim", "naps-help"),
        ("inbox/archive/2025/23.5 percent.md", "source", "23-5-percent"),
        ("entities/sleep/Drowsy Labs.md", "entity", "drowsy-labs"),
        ("agents/mara/beliefs.md", "beliefs", "agents-mara-beliefs"),
        ("README.md", "document", "readme"),
        ("domains/sleep/昼寝.md", "claim", "untitled-bb904bcd"),
    ],
)
def test_an_id_is_made_of_the_file_name_or_of_the_whole_path(path: str, kind: str, id_: str) -> None:
    assert plain_id(path, kind) == id_


@given(st.text(), st.sampled_from(["claim", "map"]))
def test_any_path_gives_an_id_that_is_an_address(path: str, kind: str) -> None:
    assert re.fullmatch("[a-z0-9-]+", plain_id(path, kind))
