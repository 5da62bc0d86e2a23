"""Once: those who ask for the same at the same time wait for the first, but not for ever."""

from __future__ import annotations

import asyncio

import pytest

from claimbase.once import Once


class Kitchen:
    """Makes a dish when told to, and knows how many times it was begun."""

    def __init__(self) -> None:
        self.once, self.kept, self.begun = Once(), dict[str, str](), 0
        self.ready = asyncio.Event()

    async def order(self, dish: str, seconds: float = 60.0) -> str:
        await self.once.wait(dish, seconds)
        if dish not in self.kept:
            with self.once.making(dish):
                self.begun += 1
                await self.ready.wait()
                self.kept[dish] = f"{dish}, made {self.begun} times"
        return self.kept[dish]


async def test_what_four_ask_for_at_once_is_made_once() -> None:
    kitchen = Kitchen()
    orders = [asyncio.create_task(kitchen.order("soup")) for _ in range(4)]
    await asyncio.sleep(0)
    kitchen.ready.set()
    assert await asyncio.gather(*orders) == ["soup, made 1 times"] * 4


async def test_something_else_is_not_waited_for() -> None:
    kitchen = Kitchen()
    orders = [asyncio.create_task(kitchen.order(dish)) for dish in ("soup", "bread")]
    await asyncio.sleep(0)
    assert kitchen.begun == 2
    kitchen.ready.set()
    await asyncio.gather(*orders)


async def test_those_who_waited_for_what_failed_make_it_themselves() -> None:
    kitchen = Kitchen()
    first = asyncio.create_task(kitchen.order("soup"))
    await asyncio.sleep(0)
    second = asyncio.create_task(kitchen.order("soup"))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    kitchen.ready.set()
    assert await second == "soup, made 2 times"


async def test_patience_has_an_end_and_who_lost_it_keeps_nobody_waiting() -> None:
    kitchen = Kitchen()
    orders = [asyncio.create_task(kitchen.order("soup", seconds)) for seconds in (60, 0, 60)]
    while kitchen.begun < 2:
        await asyncio.sleep(0)
    kitchen.ready.set()
    await asyncio.gather(*orders)
    assert kitchen.begun == 2


async def test_who_has_what_he_waited_for_need_not_wait_for_the_end() -> None:
    once = Once()
    with once.making("soup") as made:
        waiting = asyncio.create_task(once.wait("soup", 60))
        await asyncio.sleep(0)
        made()
        await waiting
        await once.wait("soup", 60)
