"""Spread: much work comes back in order from several processes, and none of them is left when it is over."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from build import PROJECT
from claimbase.spread import beside, spread

MANY = 5000
several = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) == 1, reason="there is one processor"
)
needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are listed under /proc")


def doubled(items: Sequence[int]) -> list[int]:
    return [item * 2 for item in items]


def workers(items: Sequence[int]) -> list[int]:
    return [os.getpid() for _ in items]


def fails_at_three_thousand(items: Sequence[int]) -> list[int]:
    if 3000 in items:
        raise ValueError("three thousand")
    return list(items)


def dies_at_three_thousand(items: Sequence[int]) -> list[int]:
    if 3000 in items:
        os.kill(os.getpid(), signal.SIGKILL)
    return list(items)


class Handed(list[int]):
    """Items that count how often some of them are handed out."""

    handed = 0

    def __getitem__(self, where: Any) -> Any:
        self.handed += 1
        return super().__getitem__(where)


def threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    """No test leaves a process or a thread behind."""
    before = threads()
    yield
    assert multiprocessing.active_children() == []
    assert threads() - before == set()


@pytest.mark.parametrize("number", [0, 1, 99, 100, 101, 1499, 1500, 1501, MANY])
def test_results_come_in_the_order_of_the_items(number: int) -> None:
    assert list(spread(doubled, range(number))) == [item * 2 for item in range(number)]


@several
def test_many_items_go_to_other_processes() -> None:
    found = set(spread(workers, range(MANY)))
    assert os.getpid() not in found
    assert 1 <= len(found) <= len(os.sched_getaffinity(0))


def test_few_items_stay_in_this_process() -> None:
    assert set(spread(workers, range(1000))) == {os.getpid()}


@several
def test_where_one_processor_may_be_used_all_stays_in_this_process() -> None:
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        assert set(spread(workers, range(MANY))) == {os.getpid()}
    finally:
        os.sched_setaffinity(0, allowed)


@pytest.mark.parametrize("number", [1000 * 3 + 1, MANY])
def test_what_fails_in_the_work_fails_here(number: int) -> None:
    with pytest.raises(ValueError, match="three thousand"):
        list(spread(fails_at_three_thousand, range(number)))


def test_what_came_before_the_failure_has_come() -> None:
    found: list[int] = []
    with pytest.raises(ValueError, match="three thousand"):
        found.extend(spread(fails_at_three_thousand, range(MANY)))
    assert found == list(range(3000))


@several
def test_a_process_that_is_killed_is_a_failure_and_no_wait_for_ever() -> None:
    with pytest.raises(BrokenProcessPool):
        list(spread(dies_at_three_thousand, range(MANY)))


@pytest.mark.parametrize("taken", [0, 1, 250])
def test_whoever_takes_no_more_leaves_nothing_running(taken: int) -> None:
    results = spread(doubled, range(MANY))
    assert [next(results) for _ in range(taken)] == [item * 2 for item in range(taken)]
    results.close()  # type: ignore[attr-defined]


def test_a_loop_that_is_left_leaves_nothing_running() -> None:
    for result in spread(doubled, range(MANY)):
        if result == 300:
            break


@several
def test_no_more_is_handed_out_than_is_soon_taken() -> None:
    items = Handed(range(100_000))
    results = spread(doubled, items)
    assert next(results) == 0
    assert items.handed <= 10 * len(os.sched_getaffinity(0))
    results.close()  # type: ignore[attr-defined]


SLOW = """
import os, signal, sys, time
sys.path.insert(0, {project!r})
from claimbase.spread import spread

{first}

def slowly(items):
    time.sleep(0.02)
    return [os.getpid() for _ in items]

for process in spread(slowly, range(1_000_000)):
    print(process, flush=True)
    time.sleep({pause})
"""


@contextlib.contextmanager
def spreading(
    first: str = "", pause: float = 0, said: int = subprocess.DEVNULL
) -> Iterator[tuple[subprocess.Popen[str], set[int]]]:
    """A process that spreads work without end, and those that work for it; whatever is left is killed."""
    command = [sys.executable, "-c", SLOW.format(project=str(PROJECT), first=first, pause=pause)]
    process = subprocess.Popen(  # noqa: S603 - our own words
        command, stdout=subprocess.PIPE, stderr=said, text=True, start_new_session=True
    )
    assert process.stdout
    found = {int(process.stdout.readline()) for _ in range(1000)} - {process.pid}
    try:
        yield process, found
    finally:
        for left in (process.pid, *found):
            with contextlib.suppress(ProcessLookupError):
                os.kill(left, signal.SIGKILL)
        process.stdout.close()
        process.wait()


def is_running(process: int) -> bool:
    """Whether a process runs; one that has ended and is not yet buried does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def left_running(processes: set[int]) -> set[int]:
    """Those of some processes that go on, given a while to end."""
    for _ in range(50):
        if not any(map(is_running, processes)):
            break
        time.sleep(0.1)
    return set(filter(is_running, processes))


def drained(process: subprocess.Popen[str]) -> int:
    """The exit code of a process whose output is read to its end."""
    assert process.stdout
    while process.poll() is None:
        process.stdout.readline()
    return process.returncode


@several
@needs_proc
def test_an_interrupt_of_all_ends_all() -> None:
    with spreading() as (process, found):
        assert found
        os.killpg(process.pid, signal.SIGINT)
        assert drained(process) == -signal.SIGINT
        assert left_running(found) == set()


@several
@needs_proc
@pytest.mark.parametrize("how", ["SIGTERM", "SIGKILL"])
def test_whoever_is_killed_leaves_no_process_behind(how: str) -> None:
    with spreading() as (process, found):
        process.send_signal(signal.Signals[how])
        process.wait()
        assert left_running(found) == set()


QUIETLY = """
signal.signal(signal.SIGTERM, signal.default_int_handler)
sys.excepthook = lambda *error: None
"""


@several
@needs_proc
def test_whoever_is_told_to_stop_with_all_its_processes_says_nothing_of_theirs() -> None:
    with spreading(QUIETLY, 0.002, subprocess.PIPE) as (process, found):
        os.killpg(process.pid, signal.SIGTERM)
        drained(process)
        assert left_running(found) == set()
        assert process.stderr
        assert process.stderr.read() == ""


BESIDE = """
import os
from claimbase.spread import beside

print(beside(lambda: os.getpid(), {items}).result() == os.getpid())
"""


@several
def test_work_beside_is_done_in_another_process() -> None:
    # In a process of its own: tests that ran before may have left threads, which keep one from forking.
    ran = subprocess.run(  # noqa: S603 - our own words, no shell
        [sys.executable, "-c", BESIDE.format(items=MANY)], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "False\n"


def test_little_work_is_done_by_whoever_asks_for_it() -> None:
    asked_for = []
    waiting = beside(lambda: asked_for.append("it"), 3)
    assert asked_for == []
    waiting.result()
    assert asked_for == ["it"]


def test_work_whose_process_is_killed_is_done_all_the_same() -> None:
    here = os.getpid()

    def work() -> str:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return "done"

    assert beside(work, MANY).result() == "done"


def test_no_process_is_started_where_threads_run() -> None:
    waiting = threading.Event()
    thread = threading.Thread(target=waiting.wait)
    thread.start()
    assert beside(os.getpid, MANY).result() == os.getpid()
    waiting.set()
    thread.join()


STOPPED = """
import os, time
from claimbase.spread import beside

with beside(lambda: time.sleep(600), {items}) as waiting:
    pass
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("nobody is left")
"""


@several
def test_work_that_nobody_waits_for_any_more_is_stopped() -> None:
    ran = subprocess.run(  # noqa: S603 - our own words, no shell
        [sys.executable, "-c", STOPPED.format(items=MANY)], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "nobody is left\n"


FAILING = """
from claimbase.spread import beside

def fail():
    raise ValueError("too bad")

try:
    beside(fail, {items}).result()
except ValueError as error:
    print(error)
"""


@several
def test_work_that_fails_fails_for_whoever_waits_and_says_so_once() -> None:
    ran = subprocess.run(  # noqa: S603 - our own words, no shell
        [sys.executable, "-c", FAILING.format(items=MANY)], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert (ran.stdout, ran.stderr) == ("too bad\n", "")
