"""Watch: whenever a file of a base is added, changed, renamed or deleted, it is time to build again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping

from claimbase.records import Stamp

# Looking at all files takes at most this part of a processor, and happens this often where it is quick. The time that
# others keep the processor busy is not counted: a busy machine would see changes all the later.
_SHARE = 0.2
_SHORTEST_PAUSE = 0.25


def changes(
    look: Callable[[], Mapping[str, Stamp]], seen: Mapping[str, Stamp], going_on: Callable[[], bool] = lambda: True
) -> Iterator[None]:
    """Yields each time a `look` at the files finds them other than last `seen`, for as long as it is `going_on`.

    The files are looked at, and not listened to: that works on every system, in containers and on shared folders, and
    sees ten thousand of them in a fraction of a second. What changes while a build is under way is seen after it.
    """
    while going_on():
        started = time.process_time()
        found = look()
        if found != seen:
            seen = found
            yield
        else:
            time.sleep(max(_SHORTEST_PAUSE, (time.process_time() - started) / _SHARE))
