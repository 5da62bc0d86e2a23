"""Commits: what a commit says of itself, read from its own words as git keeps them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from claimbase.records import Commit
from claimbase.values import agent_of

_PREFIX = re.compile(r"([A-Za-z][\w-]{0,39}):\s")
_PULL_REQUEST = re.compile(r"\(#(\d{1,9})\)|^Merge pull request #(\d{1,9})")
# Not git's own trailers: these stand anywhere in the message, behind a bullet or on a line with others.
_AGENT = re.compile(r"\bPentagon-Agent:[ \t]*([^<>\n]{1,80}?)[ \t]*(?:<([^<>\n]{1,80})>|$)", re.MULTILINE)
_COUNT = r"^(?:- *)?(?:[A-Z][a-z]+: *\d+, *)*{}: *(\d{{1,6}})\b"
_KEY = r"^- *{}:[ \t]*(\S.*)$"
_REVIEWER = re.compile(r"\bReviewed-By:[ \t]*([^<>\n]{1,80}?)[ \t]*(?:<|$)", re.MULTILINE | re.IGNORECASE)
# How models are called where several vendors' are offered: `anthropic/claude-sonnet-4.5`.
_MODEL = re.compile(r"(?<![\w./-])[a-z0-9][\w.-]{0,40}/[a-z0-9][\w.:-]{0,80}(?![\w/])", re.IGNORECASE)
_PERSON = re.compile(r"([^<]*)<[^>]*> (-?\d{1,12}) [+-]\d+")
# A subject may name the source that was worked through: `theseus: extract claims from 2026-03-21-paper.md (#608)`.
_EXTRACTED = re.compile(r"\bextract(?: claims)? from (\S{1,300})(?: \(#\d+\))?$")
# Those that people write in; Python knows others, some of which run on and on, or make what is no text.
_ENCODING = re.compile(
    r"iso-?8859-\d{1,2}|latin-?\d|(?:windows-|cp)\d{3,4}|koi8-[ru]|euc-?(?:jp|kr|cn)|shift_?jis|gb(?:k|2312|18030)|big5",
    re.IGNORECASE,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_LATEST = 253_402_300_799  # the last second of the year 9999, beyond which no date is written


class _Said(NamedTuple):
    headers: dict[str, str]
    message: str


def read_commit(hash_: str, parents: tuple[str, ...], content: bytes | None) -> Commit:
    """The commit of a hash, from its content as `git cat-file` gives it; what it changed is not in there.

    https://git-scm.com/docs/git-commit#_discussion tells how messages are encoded.
    """
    said = _said(content or b"")
    subject, _, _ = said.message.partition("\n")
    author, date = _person(said.headers.get("author", ""))
    agent, mode = _agent(said.message)
    prefix = _PREFIX.match(subject)
    number = _PULL_REQUEST.search(subject)
    extracted, extracted_by = _EXTRACTED.search(subject.strip()), _key("Extracted by", said.message)
    model = _MODEL.search(extracted_by or "")
    return Commit(
        hash=hash_,
        parents=parents,
        date=date,
        author=author,
        subject=subject.strip(),
        agent=agent,
        agent_mode=mode,
        prefix=prefix[1] if prefix else None,
        pull_request=int(number[1] or number[2]) if number else None,
        source=_key("Source", said.message) or (extracted[1] if extracted else None),
        domain=_key("Domain", said.message),
        claims=_count("Claims", said.message),
        entities=_count("Entities", said.message),
        enrichments=_count("Enrichments", said.message),
        extracted_by=extracted_by,
        extraction_model=model[0] if model else None,
        reviewers=tuple(dict.fromkeys(_REVIEWER.findall(said.message))),
    )


def _said(content: bytes) -> _Said:
    head, _, message = content.partition(b"\n\n")
    pairs = (line.partition(" ") for line in head.decode("utf-8", "replace").split("\n"))
    headers: dict[str, str] = {}
    for name, _, value in pairs:
        headers.setdefault(name, value)
    encoding = headers.get("encoding", "")
    try:
        text = message.decode(encoding if _ENCODING.fullmatch(encoding) else "utf-8", "replace")
    except LookupError:
        text = message.decode("utf-8", "replace")
    return _Said(headers, text.lstrip("\n").replace("\r\n", "\n").replace("\0", ""))


def _person(stated: str) -> tuple[str, str]:
    """The name and the moment, in UTC, of who wrote a commit; what is no moment stands for the first one there is."""
    match = _PERSON.fullmatch(stated)
    seconds = min(max(int(match[2]), 0), _LATEST) if match else 0
    moment = _EPOCH + timedelta(seconds=seconds)
    return (match[1] if match else stated.partition("<")[0]).strip(), f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _agent(message: str) -> tuple[str | None, str | None]:
    """The last agent that a message names, and in what mode or by which id it worked."""
    named = _AGENT.findall(message)
    name, mode = named[-1] if named else ("", "")
    return (name, mode or None) if agent_of(name) else (None, None)


def _key(name: str, message: str) -> str | None:
    found = re.search(_KEY.format(re.escape(name)), message, re.MULTILINE)
    return found[1].strip() if found else None


def _count(name: str, message: str) -> int | None:
    found = re.search(_COUNT.format(name), message, re.MULTILINE)
    return int(found[1]) if found else None
