"""Neighbourhood: a drawing in which nothing overlaps and nobody is missing unsaid."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from claimbase.neighbourhood import COLUMNS, MOST, Drawing, draw

CLAIM = {"id": "me", "title": "the claim itself", "confidence": "likely"}


def row(stance: str, other: str, title: str = "another claim") -> dict[str, Any]:
    return {"stance": stance, "other": other, "other_title": title, "other_confidence": None}


def drawn(*rows: dict[str, Any]) -> Drawing:
    drawing = draw(CLAIM, rows)
    assert drawing
    return drawing


def test_a_claim_without_neighbours_has_no_drawing() -> None:
    assert draw(CLAIM, []) is None


def test_what_bears_on_a_claim_stands_left_and_what_it_bears_on_stands_right() -> None:
    centre, premise, carried = drawn(row("rests on", "a"), row("carries", "b")).boxes
    assert premise.x < centre.x < carried.x
    assert premise.y == centre.y == carried.y


def test_what_speaks_against_a_claim_stands_below() -> None:
    centre, challenger = drawn(row("challenged by", "a")).boxes
    assert challenger.y >= centre.y + centre.height


def test_a_column_without_a_claim_takes_no_room() -> None:
    below, beside = drawn(row("related to", "a")), drawn(row("supports", "a"))
    assert below.width == below.boxes[0].width
    assert beside.boxes[0].x == 0
    assert beside.lines[0].x1 == beside.boxes[0].width


def test_a_line_leads_from_the_end_that_acts() -> None:
    (supporting,) = drawn(row("supported by", "a")).lines
    (resting,) = drawn(row("rests on", "a")).lines
    assert supporting.x1 < supporting.x2
    assert resting.x1 > resting.x2


def test_a_long_title_is_cut_and_says_so() -> None:
    lines = drawn(row("supports", "a", "word " * 40)).boxes[1].lines
    assert len(lines) == 3
    assert lines[-1].endswith("…")


def test_those_there_is_no_room_for_are_counted() -> None:
    rows = [row("supports", f"c{number}") for number in range(20)]
    assert drawn(*rows).left_out == 20 - MOST["right"]


ROWS = st.builds(
    row, st.sampled_from(sorted(COLUMNS)), st.sampled_from([f"c{number}" for number in range(60)]), st.text(min_size=1)
)


@given(st.lists(ROWS, min_size=1, max_size=100))
def test_boxes_stand_apart_and_within_the_picture(rows: list[dict[str, Any]]) -> None:
    drawing = drawn(*rows)
    for box in drawing.boxes:
        assert 0 <= box.x <= box.x + box.width <= drawing.width
        assert 0 <= box.y <= box.y + box.height <= drawing.height
        for other in drawing.boxes:
            apart = abs(box.x - other.x) >= box.width or abs(box.y - other.y) >= box.height
            assert apart or box is other
    assert len(drawing.boxes) - 1 + drawing.left_out == len({one["other"] for one in rows})
    assert len(drawing.lines) == len(drawing.boxes) - 1
