"""Measure: how long a command takes and how much memory it and the processes it starts hold at once."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

_SAMPLE_SECONDS = 0.2
# Looking at the memory of a large process takes it some time, of which this is the part it may lose.
_OVERHEAD = 0.02


class Run(NamedTuple):
    """The wall-clock seconds of a command, and the most memory it held, in MB."""

    seconds: float
    peak: float


class Overtime(Exception):
    """The command was stopped after the seconds it was given."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"over {seconds:g} s")
        self.seconds = seconds


class Failed(Exception):
    """The command ended with an error, or did not do what it is measured for; the message says what it said."""


def run(words: Sequence[str], folder: Path, limit: float | None = None) -> Run:
    """Runs a command in a folder to its end. Raises `Overtime` after so many seconds, and `Failed` where it fails."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own words, no shell
            words, cwd=folder, stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True
        )
        watch = _Watch(process.pid, limit)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        watch.stop()
        errors.seek(0)
        said = errors.read().strip().splitlines()
    if watch.stopped and limit is not None:
        raise Overtime(limit)
    if process.returncode:
        raise Failed(f"{Path(words[0]).name} ended with {process.returncode}: {said[-1] if said else 'nothing said'}")
    # What the system counts begins with the memory of this process, so it serves only where nothing else is known.
    return Run(seconds, watch.peak or usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10))


def together(runs: Sequence[Run]) -> Run:
    """Commands one after the other as one."""
    return Run(sum(run.seconds for run in runs), max(run.peak for run in runs))


def median(runs: Sequence[Run]) -> Run:
    """The median of the seconds and the most memory of all."""
    return Run(statistics.median(run.seconds for run in runs), max(run.peak for run in runs))


class _Watch:
    """Looks at a session of processes up to five times a second: sums their memory, and stops them at the limit."""

    def __init__(self, session: int, limit: float | None) -> None:
        self.peak = 0.0
        self.stopped = False
        self._session = session
        self._deadline = time.monotonic() + limit if limit else None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        pause = _SAMPLE_SECONDS / 4
        while not self._over.wait(pause):
            started = time.perf_counter()
            processes = _processes(self._session)
            held = sum(_memory(process, "smaps_rollup", "Pss:") for process in processes)
            highest = max((_memory(process, "status", "VmHWM:") for process in processes), default=0.0)
            self.peak = max(self.peak, held, highest)
            pause = max(_SAMPLE_SECONDS, (time.perf_counter() - started) / _OVERHEAD)
            if self._deadline and time.monotonic() > self._deadline:
                self.stopped = True
                os.killpg(self._session, signal.SIGKILL)
                return


def _processes(session: int) -> list[int]:
    """The processes of a session, on systems that list them under /proc."""
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _session_of(int(entry.name)) == session]


def _session_of(process: int) -> int | None:
    try:
        return os.getsid(process)
    except OSError:
        return None


def _memory(process: int, file: str, word: str) -> float:
    """A figure of the memory of a process in MB.

    Of `Pss`, what it shares with others counts in parts, so that a sum is true; `VmHWM` is the most it ever had.
    """
    try:
        lines = Path(f"/proc/{process}/{file}").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(word)), 0.0)
