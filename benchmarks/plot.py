"""Plot: ratios as bars that begin at 1×, in SVG: shorter times to the left, longer to the right, with figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

_WIDTH, _LABELS, _RIGHT, _ROW, _TOP = 900, 340, 90, 26, 74
_STYLE = """
  text { font: 14px system-ui, sans-serif; fill: #1b1b1b }
  .title { font-size: 17px; font-weight: 600 }
  .group { font-weight: 600 }
  .grid { stroke: #c9c9c9 }
  .one { stroke: #1b1b1b; stroke-width: 2 }
  rect.bar { fill: #2f5d8a }
  rect.ground { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #ececec }
    .grid { stroke: #4a4a4a }
    .one { stroke: #ececec }
    rect.bar { fill: #7fb0dd }
    rect.ground { fill: #16181b }
  }
"""


class Group(NamedTuple):
    """Bars under a heading: a label and a ratio each."""

    heading: str
    bars: Sequence[tuple[str, float]]


def plot(title: str, description: str, groups: Sequence[Group]) -> str:
    """The SVG of a chart. Ratios lie on a logarithmic scale, so that half and twice are equally far from 1×."""
    ratios = [ratio for group in groups for _, ratio in group.bars]
    low = min(-1, math.floor(math.log10(min(ratios, default=1.0))))
    high = max(1, math.ceil(math.log10(max(ratios, default=1.0))))
    scale = _Scale(low, high)
    rows = sum(1 + len(group.bars) for group in groups)
    height = _TOP + rows * _ROW + 16
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        'aria-labelledby="title description">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="description">{escape(f"{description} {_in_words(groups)}")}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="ground" width="{_WIDTH}" height="{height}"/>',
        f'<text class="title" x="16" y="26">{escape(title)}</text>',
        *_grid(scale, height),
        *_rows(scale, groups),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


class _Scale(NamedTuple):
    """The powers of ten between which all bars lie."""

    low: int
    high: int

    def place(self, ratio: float) -> float:
        share = (math.log10(ratio) - self.low) / (self.high - self.low)
        return _LABELS + share * (_WIDTH - _LABELS - _RIGHT)


def _grid(scale: _Scale, height: int) -> list[str]:
    parts = []
    for power in range(scale.low, scale.high + 1):
        place = scale.place(10.0**power)
        kind = "one" if power == 0 else "grid"
        parts.append(f'<line class="{kind}" x1="{place:.1f}" x2="{place:.1f}" y1="{_TOP - 12}" y2="{height - 10}"/>')
        parts.append(f'<text text-anchor="middle" x="{place:.1f}" y="{_TOP - 18}">{10.0**power:g}×</text>')
    return parts


def _rows(scale: _Scale, groups: Sequence[Group]) -> list[str]:
    parts, top = [], _TOP
    for group in groups:
        parts.append(f'<text class="group" x="16" y="{top + 17}">{escape(group.heading)}</text>')
        top += _ROW
        for label, ratio in group.bars:
            ends = sorted((scale.place(1.0), scale.place(ratio)))
            width = max(1.0, ends[1] - ends[0])
            parts.append(f'<text text-anchor="end" x="{_LABELS - 12}" y="{top + 17}">{escape(label)}</text>')
            parts.append(f'<rect class="bar" x="{ends[0]:.1f}" y="{top + 5}" width="{width:.1f}" height="16"/>')
            parts.append(f'<text x="{ends[1] + 6:.1f}" y="{top + 17}">{ratio:.2f}×</text>')
            top += _ROW
    return parts


def _in_words(groups: Sequence[Group]) -> str:
    said = (
        f"{group.heading}: {', '.join(f'{label} {ratio:.2f}×' for label, ratio in group.bars)}." for group in groups
    )
    return " ".join(said)
