"""CORS: scripts of other sites may read every answer, as anybody may; none of them is told who is asking.

https://fetch.spec.whatwg.org/#http-cors-protocol. A star and no credentials: a browser sends no cookie with such a
request, and shows nobody an answer that was made for one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from datasette import hookimpl

# An answer that says another page where the list goes on, or which state of the base it is of, does so in these.
_READING = ((b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"Link, ETag"))
# What a browser asks before it sends GraphQL as JSON; a day is longer than any browser remembers it.
_ASKING_FIRST = (
    *_READING,
    (b"access-control-allow-methods", b"GET, HEAD, POST, OPTIONS"),
    (b"access-control-allow-headers", b"Content-Type"),
    (b"access-control-max-age", b"86400"),
    (b"vary", b"Access-Control-Request-Method"),
)

Application: TypeAlias = Callable[..., Awaitable[None]]
Headers: TypeAlias = list[tuple[bytes, bytes]]


# The outermost of all: what was kept, what has not changed and what went wrong may be read too.
@hookimpl(trylast=True)
def asgi_wrapper() -> Callable[[Application], Application]:
    def wrap(app: Application) -> Application:
        async def shared(scope: Any, receive: Any, send: Any) -> None:
            async def send_shared(message: dict[str, Any]) -> None:
                if message["type"] == "http.response.start":
                    message = {**message, "headers": readable(message.get("headers", []))}
                await send(message)

            if scope["type"] != "http":
                await app(scope, receive, send)
            elif _is_preflight(scope):
                await send({"type": "http.response.start", "status": 204, "headers": list(_ASKING_FIRST)})
                await send({"type": "http.response.body", "body": b""})
            else:
                await app(scope, receive, send_shared)

        return shared

    return wrap


def _is_preflight(scope: Any) -> bool:
    return scope["method"] == "OPTIONS" and b"access-control-request-method" in dict(scope["headers"])


def readable(headers: Headers) -> Headers:
    """The headers of an answer with those that let other sites read it, once each, whoever else has set them."""
    return [*(header for header in headers if not header[0].lower().startswith(b"access-control-")), *_READING]
