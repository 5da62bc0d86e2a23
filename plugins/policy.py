"""Policy: what a browser may do with an answer, whatever text of the base has got into it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from datasette import hookimpl
from datasette.app import Datasette

# The pages that Datasette draws have small scripts within them; ours bring a stricter policy along.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# GraphiQL compiles functions in the browser.
_EXPLORER, _EXPLORER_POLICY = "/graphql", POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-eval'")
_ALWAYS = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin"))
_NAME = b"content-security-policy"

Scope: TypeAlias = dict[str, Any]
Application: TypeAlias = Callable[..., Awaitable[None]]


@hookimpl(tryfirst=True)
def asgi_wrapper(datasette: Datasette) -> Callable[[Application], Application]:
    """Adds the policy to every answer that has none of its own."""

    explorer = datasette.urls.path(_EXPLORER)

    def wrap(application: Application) -> Application:
        async def guarded(scope: Scope, receive: Any, send: Any) -> None:
            async def send_guarded(message: dict[str, Any]) -> None:
                if message["type"] == "http.response.start":
                    policy = _EXPLORER_POLICY if scope["path"].startswith(explorer) else POLICY
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
