"""Preview: what a link leads to, as a piece of a page that is shown beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from datasette import NotFound, Response, hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Request

from claimbase.addresses import DATABASE

_DOCUMENT = (Path(__file__).parent / "preview.sql").read_text(encoding="utf-8")


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [(r"^/preview/(?P<id>[a-z0-9-]+)$", preview)]


async def preview(datasette: Datasette, request: Request) -> Response:
    """Title, confidence, domain and summary of a document, by its id alone."""
    await datasette.ensure_permissions(request.actor, [("view-database", DATABASE), "view-instance"])
    id_ = request.url_vars["id"]
    document = (await datasette.get_database(DATABASE).execute(_DOCUMENT, {"id": id_})).first()
    if document is None:
        raise NotFound(f"No document has the id {id_}")
    return Response.html(await datasette.render_template("preview.html", {"document": dict(document)}))
