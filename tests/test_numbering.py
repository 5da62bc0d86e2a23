"""Numbering: a row keeps its number whatever becomes of the rows of others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from claimbase.numbering import ROOM, lasting_numbers, sharing

# Of `0.md`, `1.md` and so on, the first two that are put at one place.
AT_ONE_PLACE = ["3030.md", "12321.md"]
owners = st.lists(st.text(max_size=3))
crowded = st.lists(st.one_of(st.text(max_size=3), st.sampled_from(AT_ONE_PLACE)))


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


@given(crowded, crowded)
def test_who_shares_no_place_with_others_has_the_same_numbers_among_them(mine: list[str], others: list[str]) -> None:
    together = sharing([*mine, *others], mine)
    assert set(mine) <= together
    some = [owner for owner in [*others, *mine] if owner in together]
    numbers = lasting_numbers([*others, *mine])
    found = [number for owner, number in zip([*others, *mine], numbers, strict=True) if owner in together]
    assert lasting_numbers(some) == found


def test_owners_at_one_place_belong_together() -> None:
    assert sharing(["a", *AT_ONE_PLACE], AT_ONE_PLACE[:1]) == set(AT_ONE_PLACE)


def test_a_number_is_a_multiple_of_the_room_only_where_there_is_too_little_of_it() -> None:
    assert [number % ROOM == 0 for number in lasting_numbers(["naps.md"] * (ROOM + 1))].index(True) == ROOM - 1
