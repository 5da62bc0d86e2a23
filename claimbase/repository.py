"""Repository: where the files of a base can be looked at on the web."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

# How a forge that is named by its repository's address alone shows a file of the newest state.
_FORGES = {
    "github.com": "/blob/HEAD/{path}",
    "gitlab.com": "/-/blob/HEAD/{path}",
    "codeberg.org": "/src/branch/HEAD/{path}",
}


class NoAddress(ValueError):
    """What was given is no address of a repository on the web."""


def file_address(repo_url: str) -> str:
    """The address of any file of a repository, with `{path}` where its path goes.

    Takes such an address, that of a repository on a forge that is known, or the one that all paths follow. Raises
    `NoAddress` for anything but http and https.
    """
    try:
        parts = urlsplit(repo_url)
    except ValueError as error:
        raise NoAddress(f"{repo_url}: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NoAddress(f"{repo_url}: a repository's address begins with https://")
    if "{path}" in repo_url:
        return repo_url
    is_repository = parts.path.strip("/").count("/") == 1
    ending = _FORGES.get(parts.hostname, "/{path}") if is_repository else "/{path}"
    return repo_url.rstrip("/").removesuffix(".git") + ending


def file_at(template: str | None, path: str) -> str | None:
    """Where a file of the base can be looked at on the web; None where that is not known."""
    return template.replace("{path}", quote(path)) if template else None
