"""Numbering: whole numbers that rows keep from build to build, whatever becomes of other rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b

# An owner's numbers begin at one of 2^28 places, with room for 2^12 rows each; all stay far below 2^53, beyond which
# JavaScript and JSON readers built on it no longer tell whole numbers apart.
_PLACE_BYTES, _SPARE_BITS, _ROOM_BITS = 4, 4, 12
# No owner gets a multiple of this unless one has more rows than there is room for.
ROOM = 1 << _ROOM_BITS
# The tables whose rows have such numbers.
NUMBERED = frozenset({"arguments", "evidence", "links", "problems"})


def lasting_numbers(owners: Iterable[str]) -> list[int]:
    """A number for each row, given the path or id of what owns it; rows of one owner count on in their order.

    A number depends on its owner and on the place among the owner's rows alone. Only where two owners get the same
    place, or one has more rows than there is room for, the later rows take the next numbers that are free.
    """
    rows = Counter(owners := list(owners))
    nexts = {owner: _first(owner) for owner in rows}
    shared, crowded = _places_shared(rows, nexts)
    taken: set[int] = set()
    numbers = []
    for owner in owners:
        number = nexts[owner]
        # Few places are shared, so that most numbers need not be remembered.
        if crowded or number >> _ROOM_BITS in shared:
            while number in taken:
                number += 1
            taken.add(number)
        nexts[owner] = number + 1
        numbers.append(number)
    return numbers


def _places_shared(rows: Mapping[str, int], firsts: Mapping[str, int]) -> tuple[set[int], bool]:
    """Places that several owners have, and whether the rows of any place take up more room than there is."""
    at_place: dict[int, int] = {}
    shared = set()
    for owner, count in rows.items():
        place = firsts[owner] >> _ROOM_BITS
        if place in at_place:
            shared.add(place)
        at_place[place] = at_place.get(place, 0) + count
    return shared, max(at_place.values(), default=0) >= ROOM


def sharing(owners: Iterable[str], some: Iterable[str]) -> set[str]:
    """Those of all owners whose numbers depend on the rows of some of them: these, and others at the same places."""
    places = set(map(_first, some))
    return {owner for owner in owners if _first(owner) in places}


@lru_cache(maxsize=1 << 15)
def _first(owner: str) -> int:
    place = int.from_bytes(blake2b(owner.encode(), digest_size=_PLACE_BYTES).digest(), "big")
    return ((place >> _SPARE_BITS) << _ROOM_BITS) + 1
