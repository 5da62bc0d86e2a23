"""Policy: what a browser may do with an answer, whatever text of the base has got into it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from datasette import hookimpl
from datasette.app import Datasette


def _policy(script: str = "", style: str = "") -> str:
    return (
        f"default-src 'none'; script-src 'self'{script}; style-src 'self'{style}; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


# Our pages hold no script and no style of their own, so none that stands in them is obeyed.
POLICY = _policy()
# Those of Datasette that have no template of ours, to look into the server with, have small scripts within them.
_STOCK_POLICY = _policy(script=" 'unsafe-inline'", style=" 'unsafe-inline'")
# GraphiQL compiles functions in the browser and styles its parts there.
_OTHERS = {"/-/": _STOCK_POLICY, "/graphql": _policy(script=" 'unsafe-eval'", style=" 'unsafe-inline'")}
_ALWAYS = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin"))
_NAME = b"content-security-policy"

Scope: TypeAlias = dict[str, Any]
Application: TypeAlias = Callable[..., Awaitable[None]]


@hookimpl(tryfirst=True)
def asgi_wrapper(datasette: Datasette) -> Callable[[Application], Application]:
    """Adds the policy to every answer that has none of its own."""

    others = {datasette.urls.path(start): policy for start, policy in _OTHERS.items()}
    usual = POLICY if datasette.template_dir else _STOCK_POLICY

    def wrap(application: Application) -> Application:
        async def guarded(scope: Scope, receive: Any, send: Any) -> None:
            async def send_guarded(message: dict[str, Any]) -> None:
                if message["type"] == "http.response.start":
                    starts = (policy for start, policy in others.items() if scope["path"].startswith(start))
                    policy = next(starts, usual)
                    message = {**message, "headers": guard(message.get("headers", []), policy)}
                await send(message)

            await application(scope, receive, send_guarded if scope["type"] == "http" else send)

        return guarded

    return wrap


def guard(headers: list[tuple[bytes, bytes]], policy: str) -> list[tuple[bytes, bytes]]:
    """The headers of an answer, with those that keep it from doing harm."""
    told = {bytes(name).lower() for name, _ in headers}
    wanted = ((_NAME, policy.encode()), *_ALWAYS)
    return [*headers, *(pair for pair in wanted if pair[0] not in told)]
