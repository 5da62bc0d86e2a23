"""Guide: `/llms.txt` tells a language model what this base is and how to ask it: https://llmstxt.org"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from datasette import Response, hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Request
from jinja2 import Environment

from claimbase.addresses import DATABASE
from claimbase.contract import parameters

# The examples are those of the page `/api`.
_EXAMPLE = (Path(__file__).parent / "pages" / "api" / "example.sql").read_text(encoding="utf-8")


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [(r"^/llms\.txt$", llms)]


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    env.globals["parameters"] = parameters


async def llms(datasette: Datasette, request: Request) -> Response:
    """What the base is, its questions with their parameters, its tables with their columns, as Markdown."""
    await datasette.ensure_permissions(request.actor, [("view-database", DATABASE), "view-instance"])

    def absolute(path: str) -> str:
        return str(datasette.absolute_url(request, datasette.urls.path(path)))

    example = await datasette.get_database(DATABASE).execute(_EXAMPLE)
    context = {"metadata": datasette.metadata(), "example": example.rows, "absolute": absolute}
    return Response.text(await datasette.render_template("llms.txt", context, request=request))
