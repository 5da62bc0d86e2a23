"""Lock: the lock files hold all that the project asks for, each release with its hashes."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from build import PROJECT

# Python 3.10 has it as a package, which pytest brings.
tomllib = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")

_PINNED = re.compile(
    r"^([A-Za-z0-9._-]+)==([^\s;]+)[^\n]*\\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def asked_for(extras: bool) -> Iterator[Requirement]:
    """What pyproject.toml asks for, with or without what its extras ask for."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for lines in (project["dependencies"], *(project["optional-dependencies"].values() if extras else ())):
        yield from (Requirement(line) for line in lines if not line.startswith("claimbase["))


def pinned(name: str) -> dict[str, list[str]]:
    """The releases of each package in a lock file; several where they differ by Python or system."""
    found: dict[str, list[str]] = {}
    for package, version, _ in _PINNED.findall((PROJECT / name).read_text(encoding="utf-8")):
        found.setdefault(canonicalize_name(package), []).append(version)
    return found


@pytest.mark.parametrize(("lock", "extras"), [("requirements.lock", False), ("requirements-test.lock", True)])
def test_all_that_is_asked_for_is_locked_as_it_is_asked_for(lock: str, extras: bool) -> None:
    releases = pinned(lock)
    missing = [
        f"{requirement}: run .ci/lock"
        for requirement in asked_for(extras)
        if not releases.get(canonicalize_name(requirement.name))
        or not all(requirement.specifier.contains(version) for version in releases[canonicalize_name(requirement.name)])
    ]
    assert missing == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_nothing_is_locked_without_a_hash_or_from_elsewhere(lock: str) -> None:
    text = (PROJECT / lock).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(lines) == sum(map(len, pinned(lock).values()))
    assert "://" not in text


def test_both_locks_hold_the_same_release_of_a_package() -> None:
    tested = pinned("requirements-test.lock")
    assert {
        name: versions for name, versions in pinned("requirements.lock").items() if tested.get(name) != versions
    } == {}
