"""Place: where each claim stands on the map: domains are regions, claims that argue with each other stand near."""

from __future__ import annotations

import math
from cmath import phase
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from claimbase.records import ArgumentRow, Document, PlaceRow

# The distance between two claims, and between two regions; places are whole numbers of these units.
SPACE, GAP = 100, 250
_ROUNDS = 2
_DIRECTIONS = 36
# So many regions stand around the largest one.
_MOST_AROUND = 60


class _Region(NamedTuple):
    """A domain's claims, those with the most arguments first, and the middle of the circle they fill.

    Points are complex numbers: they are added and turned as such.
    """

    claims: list[str]
    centre: complex


def place(claims: Iterable[Document], arguments: Sequence[ArgumentRow]) -> tuple[PlaceRow, ...]:
    """A place for every claim, by id; no two share one, and the order of the claims plays no part.

    Each domain is a circle, the largest in the middle. In it, claims stand on rings, the most argued about innermost,
    and on its ring each claim takes the direction of those it argues with (barycentres, after Sugiyama 1981).
    """
    near = _neighbours(arguments)
    regions = _regions(claims, near)
    points = {id_: region.centre for region in regions for id_ in region.claims}
    for _ in range(_ROUNDS):
        for region in regions:
            _settle(region, near, points)
    return tuple(PlaceRow(id_, round(points[id_].real), round(points[id_].imag)) for id_ in sorted(points))


def _neighbours(arguments: Iterable[ArgumentRow]) -> dict[str, list[str]]:
    """Those that each claim argues with, once for each argument, in an order that is not that of the arguments."""
    near: dict[str, list[str]] = defaultdict(list)
    for _, claim, _, other, *_ in arguments:
        near[claim].append(other)
        near[other].append(claim)
    return {id_: sorted(others) for id_, others in near.items()}


def _regions(claims: Iterable[Document], near: Mapping[str, Sequence[str]]) -> list[_Region]:
    by_domain: dict[str, list[str]] = defaultdict(list)
    for claim in claims:
        by_domain[claim.domain or ""].append(claim.id)
    groups = sorted(by_domain.values(), key=lambda ids: (-len(ids), min(ids)))
    radii = [_rings(len(ids)) * SPACE for ids in groups]
    centres = _pack(radii) if radii else []
    return [
        _Region(sorted(ids, key=lambda id_: (-len(near.get(id_, ())), id_)), centre)
        for ids, centre in zip(groups, centres, strict=True)
    ]


def _rings(count: int) -> int:
    """How many rings hold so many claims: one in the middle, six on the first ring, twelve on the next."""
    rings, room = 0, 1
    while room < count:
        rings += 1
        room += 6 * rings
    return rings


def _pack(radii: Sequence[float]) -> list[complex]:
    """Centres for circles, the largest first, that keep apart: each as near to the middle as it can be.

    Beyond a few dozen, small ones stand in rows below all others, since each is compared with all before it.
    """
    centres = [complex(0.0, 0.0)]
    distance = 0.0
    for radius in radii[1:_MOST_AROUND]:
        found = None
        while found is None:
            found = _free(centres, radii, radius, distance)
            distance += 0.0 if found is not None else SPACE / 2 + radius / 4
        centres.append(found)
    return [*centres, *_rows(radii[_MOST_AROUND:], centres, radii)]


def _rows(small: Sequence[float], centres: Sequence[complex], radii: Sequence[float]) -> Iterator[complex]:
    around = list(zip(centres, radii, strict=False))
    width = max(*(2 * (abs(point.real) + radius) for point, radius in around), math.sqrt(len(small)) * 2 * GAP)
    x, y = -width / 2, max(point.imag + radius for point, radius in around) + GAP
    height = 0.0
    for radius in small:
        if x + 2 * radius > width / 2:
            x, y, height = -width / 2, y + height + GAP, 0.0
        yield complex(x + radius, y + radius)
        x, height = x + 2 * radius + GAP, max(height, 2 * radius)


def _free(centres: Sequence[complex], radii: Sequence[float], radius: float, distance: float) -> complex | None:
    """A place at this distance from the middle where a circle touches no other."""
    directions = _DIRECTIONS if not radius else max(_DIRECTIONS, int(2 * math.pi * distance / (radius + GAP)))
    for step in range(directions):
        angle = 2 * math.pi * step / directions
        point = complex(distance * math.cos(angle), distance * math.sin(angle))
        others = zip(centres, radii, strict=False)
        if all(abs(point - at) >= radius + other + GAP for at, other in others):
            return point
    return None


def _settle(region: _Region, near: Mapping[str, Sequence[str]], points: dict[str, complex]) -> None:
    """Gives each claim of a region its place on its ring, by the direction of those it argues with."""
    points[region.claims[0]] = region.centre
    start, ring = 1, 1
    while start < len(region.claims):
        members = region.claims[start : start + 6 * ring]
        ordered = sorted(members, key=lambda id_: (_direction(id_, region.centre, near, points), id_))
        for step, id_ in enumerate(ordered):
            angle = 2 * math.pi * step / len(ordered)
            radius = ring * SPACE
            points[id_] = region.centre + complex(radius * math.cos(angle), radius * math.sin(angle))
        start += 6 * ring
        ring += 1


def _direction(id_: str, centre: complex, near: Mapping[str, Sequence[str]], points: Mapping[str, complex]) -> float:
    """The angle at which the middle of a claim's neighbours lies, seen from the centre, coarse enough to be certain."""
    others = near.get(id_, ())
    towards = sum(map(points.__getitem__, others)) - len(others) * centre
    return round(phase(towards) % (2 * math.pi), 6)
