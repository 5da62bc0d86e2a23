"""Vital signs: how the whole base and each of its domains fares."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from claimbase import vocabulary
from claimbase.metrics import degree
from claimbase.records import MetricRow, VitalSignRow
from claimbase.survey import Survey


def vital_signs(base: Survey, metrics: Sequence[MetricRow]) -> Iterator[VitalSignRow]:
    """A row for every measure of `vocabulary.MEASURES` that can be taken, of the whole first, then of each domain."""
    groups: dict[str, list[MetricRow]] = defaultdict(list)
    for row in metrics:
        groups[base.claims[row.claim].domain or ""].append(row)
    scopes = [(None, list(metrics)), *((domain, groups[domain]) for domain in sorted(groups) if domain)]
    number = 0
    for domain, rows in scopes:
        for measure, value in _signs(base, rows).items():
            if value is not None:
                number += 1
                yield VitalSignRow(number, domain, measure, round(value, 4))


def _signs(base: Survey, rows: list[MetricRow]) -> dict[str, float | None]:
    rated = Counter(base.confidences[row.claim] for row in rows if row.claim in base.confidences)
    drawn_on = {source for row in rows for source in base.bonds.sources.get(row.claim, ())}
    degrees = [degree(row) for row in rows]
    return {
        "claims": float(len(rows)),
        "linkage_density": _share(sum(degrees), len(rows)),
        "orphan_ratio": _share(sum(row.neighbours == 0 for row in rows), len(rows)),
        "sourced_share": _share(sum(row.sources > 0 for row in rows), len(rows)),
        "challenged_share": _share(sum(row.challenged_by + row.objections > 0 for row in rows), len(rows)),
        **{f"{name}_share": _share(rated[name], rated.total()) for name in vocabulary.CONFIDENCES},
        "overrated_share": _share(sum(row.overrated for row in rows), rated.total()),
        "median_age": _median(row.age for row in rows if row.age is not None),
        "evidence_age": _median(base.source_ages[source] for source in drawn_on if source in base.source_ages),
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _median(numbers: Iterable[int]) -> float | None:
    known = list(numbers)
    return float(median(known)) if known else None
