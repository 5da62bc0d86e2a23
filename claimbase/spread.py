"""Spread: work on many files goes to as many processes as there are processors, and comes back in order."""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# Fewer items than this are done sooner than processes are started.
_WORTHWHILE = 1500
_CHUNK = 100
# Chunks that wait for each process; more would only pile up results that nobody has taken yet.
_AHEAD = 3
# How much less pressing work is that gives way, in the system's steps.
_LAST = 10
_LEFT_TO_THE_PARENT = (signal.SIGINT, signal.SIGTERM)


def spread(work: Callable[[Sequence[Item]], list[Result]], items: Sequence[Item]) -> Iterator[Result]:
    """The results of `work` on all items, in their order; `work` takes some of them at a time.

    Processes are forked, since starting anew costs more than most bases take; where that is not possible, or there is
    one processor or little to do, all is done in this process.
    """
    processes = _processors()
    chunks = (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))
    if len(items) < _WORTHWHILE or processes == 1 or not _can_fork():
        for chunk in chunks:
            yield from work(chunk)
        return
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, context, initializer=_follow_the_parent) as pool:
        waiting: deque[Future[list[Result]]] = deque()
        with _interrupts_later():
            waiting.extend(_submit(pool, work, chunk) for chunk in islice(chunks, processes * _AHEAD))
        while waiting:
            with _interrupts_later():
                results = waiting.popleft().result()
                waiting.extend(_submit(pool, work, chunk) for chunk in islice(chunks, 1))
            yield from results


class Beside(Generic[Result]):
    """Work that goes on in a process of its own, or waits until its result is asked for where it has none.

    At the end of a `with` block it is stopped, wherever it is.
    """

    def __init__(self, work: Callable[[], Result], forked: bool, giving_way: bool) -> None:
        self._work = work
        self._process: multiprocessing.process.BaseProcess | None = None
        if forked:
            self._receiving, sending = multiprocessing.Pipe(duplex=False)
            context = multiprocessing.get_context("fork")
            self._process = context.Process(target=_answer, args=(work, sending, giving_way), daemon=True)
            with _signals_waiting():
                self._process.start()
            sending.close()

    def __enter__(self) -> Beside[Result]:
        return self

    def __exit__(self, *error: object) -> None:
        if self._process:
            self._process.kill()
            self._end()

    def result(self) -> Result:
        """What the work came to. Where it failed it is done again here, and fails as it did there."""
        if self._process is None:
            return self._work()
        try:
            found: Result = self._receiving.recv()
        except EOFError:
            found = self._work()
        self._end()
        return found

    def _end(self) -> None:
        if self._process:
            self._receiving.close()
            self._process.join()
            self._process = None


def beside(work: Callable[[], Result], items: int, giving_way: bool = False) -> Beside[Result]:
    """Starts work on so many items in a process of its own.

    Where that is not worth it or not possible, the work is done by whoever asks for the result; so it is where other
    threads run, whose locks a fork would take along. Work whose result is waited for last is `giving_way` to others.
    """
    alone = items < _WORTHWHILE or _processors() == 1 or threading.active_count() > 1 or not _can_fork()
    return Beside(work, not alone, giving_way)


def _answer(work: Callable[[], Result], sending: multiprocessing.connection.Connection, giving_way: bool) -> None:
    _follow_the_parent()
    if giving_way:
        os.nice(_LAST)
    # Whoever waits for the result does the work again, so that what is wrong shows there and not twice.
    with contextlib.suppress(Exception):
        sending.send(work())


def _can_fork() -> bool:
    """Whether this process may have others: one that works beside another may not."""
    return "fork" in multiprocessing.get_all_start_methods() and not multiprocessing.current_process().daemon


def _processors() -> int:
    """How many processors this process may use, which a container may have limited."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _submit(
    pool: ProcessPoolExecutor, work: Callable[[Sequence[Item]], list[Result]], chunk: Sequence[Item]
) -> Future[list[Result]]:
    """Hands work to the pool, which may fork here."""
    with _signals_waiting():
        return pool.submit(work, chunk)


@contextlib.contextmanager
def _interrupts_later() -> Iterator[None]:
    """An interrupt waits for the end of the block: one that came within a lock of the pool would leave it locked."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    handlers = {number: signal.getsignal(number) for number in _LEFT_TO_THE_PARENT}
    caught = {number: handler for number, handler in handlers.items() if callable(handler)}
    for number in caught:
        signal.signal(number, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for number, handler in caught.items():
            signal.signal(number, handler)
    if came:
        signal.raise_signal(came[0])


@contextlib.contextmanager
def _signals_waiting() -> Iterator[None]:
    """Signals wait until a new process knows what to do with them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _LEFT_TO_THE_PARENT)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _follow_the_parent() -> None:
    """Leaves interrupts to the parent, and ends with it, which may be killed without a chance to say so."""
    for number in _LEFT_TO_THE_PARENT:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _LEFT_TO_THE_PARENT)
    threading.Thread(target=_end_after_the_parent, daemon=True).start()


def _end_after_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
