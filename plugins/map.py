"""Map: where all claims stand and what connects them, as the script that draws the map wants it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from datasette import Response, hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Request

from claimbase.addresses import DATABASE
from claimbase.once import Once

# More claims than this are neither drawn smoothly nor told apart.
MOST_CLAIMS = 10_000
PATIENCE = 60.0  # seconds to wait for the same map that is being put together for somebody else

_HERE = Path(__file__).parent
_CLAIMS = (_HERE / "map_claims.sql").read_text(encoding="utf-8")
_ARGUMENTS = (_HERE / "map_arguments.sql").read_text(encoding="utf-8")
_KEPT: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
_ONCE: WeakKeyDictionary[Any, Once] = WeakKeyDictionary()


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [(r"^/map\.json$", map_data)]


async def map_data(datasette: Datasette, request: Request) -> Response:
    """The map as JSON: each of `claims` is [id, title, domain, confidence, x, y, neighbours].

    Each of `arguments` is [from, to, relation], whose ends are places in the list of claims; `left_out` says how many
    claims are not in it.
    """
    await datasette.ensure_permissions(request.actor, [("view-database", DATABASE), "view-instance"])
    database = datasette.get_database(DATABASE)
    build = getattr(database, "generation", database)
    once = _ONCE.setdefault(build, Once())
    await once.wait(None, PATIENCE)
    text = _KEPT.get(build)
    if text is None:
        with once.making(None):
            text = await database.execute_fn(_told)
            if not database.is_mutable:
                _KEPT[build] = text
    return Response(text, content_type="application/json; charset=utf-8")


def _told(connection: sqlite3.Connection) -> str:
    claims = [tuple(row) for row in connection.execute(_CLAIMS, {"most": MOST_CLAIMS})]
    numbers = {claim[0]: number for number, claim in enumerate(claims)}
    arguments = [
        (numbers[acting], numbers[other], relation)
        for acting, other, relation in connection.execute(_ARGUMENTS)
        if acting in numbers and other in numbers
    ]
    (count,) = connection.execute("select count(*) from places").fetchone()
    told = {"claims": claims, "arguments": arguments, "left_out": count - len(claims)}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
