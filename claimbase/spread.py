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
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# Fewer items than this are done sooner than processes are started.
_WORTHWHILE = 1500
_CHUNK = 100
# Chunks that wait for each process; more would only pile up results that nobody has taken yet.
_AHEAD = 3
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
        for chunk in islice(chunks, processes * _AHEAD):
            waiting.append(_submit(pool, work, chunk))
        while waiting:
            results = waiting.popleft().result()
            for chunk in islice(chunks, 1):
                waiting.append(_submit(pool, work, chunk))
            yield from results


def beside(work: Callable[[], Result], items: int) -> Callable[[], Result]:
    """Starts work on so many items in a process of its own; what comes back waits for its result.

    Where that is not worth it or not possible, the work is done by whoever asks for the result; so it is where other
    threads run, whose locks a fork would take along.
    """
    if items < _WORTHWHILE or _processors() == 1 or threading.active_count() > 1 or not _can_fork():
        return work
    receiving, sending = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=_answer, args=(work, sending), daemon=True)
    with _signals_waiting():
        process.start()
    sending.close()

    def result() -> Result:
        try:
            found: Result = receiving.recv()
        except EOFError:  # it was killed, or failed: whatever was wrong shows here
            found = work()
        receiving.close()
        process.join()
        return found

    return result


def _answer(work: Callable[[], Result], sending: multiprocessing.connection.Connection) -> None:
    _follow_the_parent()
    sending.send(work())


def _can_fork() -> bool:
    return "fork" in multiprocessing.get_all_start_methods()


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
