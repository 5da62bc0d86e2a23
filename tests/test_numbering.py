"""Numbering: a row keeps its number whatever becomes of the rows of others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from claimbase.numbering import lasting_numbers

owners = st.lists(st.text(max_size=3))


def test_rows_of_one_owner_count_on() -> None:
    first, second, third = lasting_numbers(["naps.md", "naps.md", "naps.md"])
    assert (second, third) == (first + 1, first + 2)


def test_the_number_of_a_path_never_changes() -> None:
    assert lasting_numbers(["domains/sleep/naps.md"]) == [1044242079745]


@given(owners, owners)
def test_the_rows_of_others_do_not_matter(mine: list[str], others: list[str]) -> None:
    apart = [owner for owner in others if owner not in mine]
    assert lasting_numbers([*apart, *mine])[len(apart) :] == lasting_numbers(mine)


@given(owners)
def test_no_number_is_given_twice_and_all_are_safe_in_javascript(rows: list[str]) -> None:
    numbers = lasting_numbers(rows)
    assert len(set(numbers)) == len(rows)
    assert all(0 < number < 2**53 for number in numbers)


def test_more_rows_than_there_is_room_for_go_on_into_the_next_place() -> None:
    numbers = lasting_numbers(["a long list.md"] * 10_000)
    assert numbers == list(range(numbers[0], numbers[0] + 10_000))


def test_two_owners_at_one_place_share_it_in_their_order() -> None:
    met: dict[int, str] = {}
    for number in range(100_000):
        owner = f"{number}.md"
        (place,) = lasting_numbers([owner])
        if place in met:
            assert lasting_numbers([met[place], owner, owner, met[place]]) == [place, place + 1, place + 2, place + 3]
            return
        met[place] = owner
    raise AssertionError("no two owners share a place")
