"""Sketch: tables stand to the right of what they refer to, and apart."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from claimbase.sketch import Sketch, sketch


def drawn(**refers: list[str]) -> Sketch:
    names = {*refers, *(other for others in refers.values() for other in others)}
    columns: list[dict[str, Any]] = [
        {"relation": name, "refers_to": other} for name, others in refers.items() for other in others
    ]
    return sketch([{"name": name, "rows": len(name)} for name in sorted(names)], columns)


def test_a_table_stands_to_the_right_of_what_it_refers_to() -> None:
    links, claims, domains = drawn(links=["claims"], claims=["domains"]).tables
    assert (domains.name, claims.name, links.name) == ("domains", "claims", "links")
    assert domains.x < claims.x < links.x
    assert claims.lines == ((claims.x, claims.y + 18, domains.x + domains.width, domains.y + 18),)


def test_a_table_that_refers_to_itself_has_no_line_for_that() -> None:
    (claims,) = drawn(claims=["claims"]).tables
    assert claims.lines == ()


def test_a_base_without_tables_is_an_empty_sketch() -> None:
    assert sketch([], []).tables == ()


NAMES = st.sampled_from([f"table{number}" for number in range(12)])


@given(st.dictionaries(NAMES, st.lists(NAMES, max_size=4)))
def test_tables_stand_apart_and_lines_lead_to_the_left(refers: dict[str, list[str]]) -> None:
    drawing = drawn(**refers)
    assert len({(table.x, table.y) for table in drawing.tables}) == len(drawing.tables)
    for table in drawing.tables:
        assert 0 <= table.x <= table.x + table.width <= drawing.width
        assert 0 <= table.y <= table.y + table.height <= drawing.height
        assert all(x2 < x1 for x1, _, x2, _ in table.lines)
