"""Once: what several ask for at the same time is made for the first of them, and the others wait for it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Hashable, Iterator


class Once:
    """What is being made just now, by a name for each thing.

    Nothing made is kept here: who waited looks where it would be kept, and makes it himself where it is not.
    """

    def __init__(self) -> None:
        self._begun: dict[Hashable, asyncio.Event] = {}

    async def wait(self, name: Hashable, seconds: float) -> None:
        """Waits until a thing is made or given up, for so many seconds at most; not at all if nobody is making it."""
        made = self._begun.get(name)
        if made:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(made.wait(), seconds)

    @contextlib.contextmanager
    def making(self, name: Hashable) -> Iterator[Callable[[], None]]:
        """Has those who ask for a thing inside the block wait until its end, or until what is yielded here is called.

        Who makes something that is being made already, because he would wait no longer, keeps nobody waiting.
        """
        made = asyncio.Event()
        first = self._begun.setdefault(name, made) is made

        def done() -> None:
            if first:
                self._begun.pop(name, None)
                made.set()

        try:
            yield done
        finally:
            done()
