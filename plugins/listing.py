"""Listing: of each row of a table only those cells are made ready that the table's own list shows."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils import CustomRow
from datasette.views import table as lists

# How the list of a table asks for a cell.
_SHOWN = re.compile(r'\brow\["(\w+)"\]')


@hookimpl
def startup(datasette: Datasette) -> None:
    """Datasette asks all plugins about every cell of a page, which takes as long as the rest of the page."""
    make_ready = getattr(lists.display_columns_and_rows, "__wrapped__", lists.display_columns_and_rows)

    @functools.wraps(make_ready)
    async def make_ready_what_is_shown(
        datasette: Datasette, database: str, table: str, description: Any, rows: Sequence[Any], **named: Any
    ) -> tuple[list[Any], list[Any]]:
        shown = _shown(datasette.template_dir, database, table)
        names = [column[0] for column in description]
        if not shown or not shown <= set(names):
            return await make_ready(datasette, database, table, description, rows, **named)
        columns, _ = await make_ready(datasette, database, table, description, [], **named)
        kept = [column for column in description if column[0] in shown]
        _, cells = await make_ready(datasette, database, table, kept, [_cut(row, kept) for row in rows], **named)
        return columns, cells

    lists.display_columns_and_rows = make_ready_what_is_shown


def _shown(templates: str | None, database: str, table: str) -> frozenset[str]:
    """The columns that a table's own list shows; none where it has no such list."""
    template = Path(templates or "", f"_table-{database}-{table}.html")
    return frozenset(_SHOWN.findall(template.read_text(encoding="utf-8"))) if template.is_file() else frozenset()


def _cut(row: Any, description: Sequence[Any]) -> CustomRow:
    names = [column[0] for column in description]
    return CustomRow(names, {name: row[name] for name in names})
