"""Guided fuzz: bytes that reach new branches of reading one file are changed further, by atheris.

    pip install atheris
    python -m tests.fuzz_guided -max_total_time=3600 corpus/

Atheris is no dependency of the tests: there are builds of it for Linux only, and not for every Python.
"""

from __future__ import annotations

import sys
from itertools import cycle

import atheris

with atheris.instrument_imports(include=["claimbase", "frontmatter"]):
    from claimbase.commits import read_commit
    from claimbase.pack import pack, unpack
    from claimbase.pipeline.understand import take_apart
    from claimbase.records import File
    from claimbase.weights import read_weights

PATHS = cycle(["domains/a/x.md", "agents/a/beliefs.md", "inbox/archive/x.md", "entities/a/x.md", "domains/a/_map.md"])


def read_bytes(data: bytes) -> None:
    """Takes bytes apart as a file, as weights and as a commit; whatever is raised is a finding."""
    document, _ = take_apart(File(next(PATHS), data, None))
    if unpack(pack(document)) != document:
        raise AssertionError("what is remembered of a document is not that document")
    read_weights(File("weights.yaml", data, None))
    read_commit("0" * 40, (), data)


if __name__ == "__main__":
    atheris.Setup(sys.argv, read_bytes)
    atheris.Fuzz()
