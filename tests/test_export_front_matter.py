"""Front matter that is written is read as the same values, by this project and by other readers of YAML."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from claimbase.exports.front_matter import front_matter
from claimbase.read_yaml import read_mapping
from claimbase.records import Value
from tests.nasty import NASTY

VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15) + 1, 10**15 - 1) | st.text(),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(), inside, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), VALUES, min_size=1, max_size=6))
def test_any_values_come_back(fields: dict[str, Value]) -> None:
    mapping = read_mapping(front_matter(fields))
    assert mapping is not None
    assert mapping.fields == fields
    assert mapping.duplicates == ()


@given(st.dictionaries(st.text(), st.text(), min_size=1, max_size=6))
def test_other_readers_take_texts_for_texts(fields: dict[str, str]) -> None:
    assert {key: str(value) for key, value in yaml.safe_load(front_matter(fields)).items()} == fields


@pytest.mark.parametrize("name", list(NASTY))
def test_nasty_texts_come_back(name: str) -> None:
    fields: dict[str, Value] = {NASTY[name]: NASTY[name], "list": [NASTY[name], {NASTY[name]: [NASTY[name]]}]}
    mapping = read_mapping(front_matter(fields))
    assert mapping is not None
    assert mapping.fields == fields


def test_it_looks_as_people_write_it() -> None:
    fields: dict[str, Value] = {
        "type": "claim",
        "created": "2026-02-14",
        "source": "Okafor et al. (2026), on naps",
        "supports": ["short naps", "no"],
        "importance": None,
        "attribution": {"sourcer": [{"handle": "naval"}]},
        "tags": [],
    }
    assert front_matter(fields).splitlines() == [
        "type: claim",
        "created: 2026-02-14",
        'source: "Okafor et al. (2026), on naps"',
        "supports:",
        "- short naps",
        '- "no"',
        "importance: null",
        "attribution: {sourcer: [{handle: naval}]}",
        "tags: []",
    ]
