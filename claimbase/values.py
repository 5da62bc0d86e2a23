"""What a document says of itself: front matter values as text, whatever shape an author gave them."""

from __future__ import annotations

from collections.abc import Sequence

from claimbase import vocabulary
from claimbase.identifiers import find_identifiers
from claimbase.records import Fields, Value
from claimbase.slugs import digest, slugify

_SPELLINGS: dict[str, tuple[str, ...]] = {}
for _old, _new in vocabulary.LEGACY_FIELDS.items():
    _SPELLINGS[_new] = (*_SPELLINGS.get(_new, (_new,)), _old)
_LONGEST_NAME = 40
_MOST_NAME_WORDS = 6


def text(value: Value) -> str | None:
    """A value on one line, None where it says nothing: lists joined by `; `, mappings as `key: value`."""
    if value is None:
        return None
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(filter(None, map(text, value))) or None
    if isinstance(value, dict):
        return "; ".join(f"{key}: {shown}" for key, item in value.items() if (shown := text(item))) or None
    return str(value)


def texts(value: Value) -> list[str]:
    """Each item of a list as text; a single value is a list of one, nothing is an empty list."""
    items: Sequence[Value] = value if isinstance(value, list) else [value]
    return [shown for item in items if (shown := text(item))]


def field(fields: Fields, *keys: str) -> str | None:
    """The first of these keys that says something, as text; older spellings of a key count for it."""
    for key in keys:
        for spelling in _SPELLINGS.get(key) or (key,):
            if spelling in fields and (shown := text(fields[spelling])):
                return shown
    return None


def confidence_of(stated: str | None) -> str | None:
    """The confidence a text means, None where it means none of the four."""
    word = (stated or "").strip().lower()
    word = vocabulary.CONFIDENCE_ALIASES.get(word, word)
    return word if word in vocabulary.CONFIDENCES else None


def folder_domain(path: str) -> str | None:
    """The domain a claim folder stands for: `domains/health/x.md` is in health; None elsewhere."""
    parts = path.split("/")
    return folder_slug(parts[1], "domain") if len(parts) > 2 and parts[0] in vocabulary.CLAIM_FOLDERS else None


def stated_domain(fields: Fields) -> str | None:
    """The domain the front matter states, as a slug; None where there is none or it is no name but prose."""
    slug = slugify(field(fields, "domain") or "")
    return slug if slug and slug.count("-") < _MOST_NAME_WORDS else None


def agent_of(stated: str | None) -> str | None:
    """The agent a text names, as a slug; None where the text is a sentence and no name."""
    slug = slugify(stated or "")
    return slug if slug and len(slug) <= _LONGEST_NAME and slug.count("-") < _MOST_NAME_WORDS else None


def folder_agent(path: str) -> str | None:
    """The agent whose folder a path lies in: `agents/rio/beliefs.md` is rio's; None elsewhere."""
    parts = path.split("/")
    return folder_slug(parts[1], "agent") if len(parts) > 2 and parts[0] == "agents" else None


def folder_slug(name: str, kind: str) -> str:
    """The slug of a folder; one that tells it from others where its script has none."""
    return slugify(name) or f"{kind}-{digest(name)}"


def address_of(fields: Fields) -> str | None:
    """The address of a source, as stated; older files state it as `source`, which may also be something else."""
    return field(fields, "url") or find_identifiers(text(fields.get("source"))).url


def identifying_texts(fields: Fields) -> list[str]:
    """What identifies a source: its address, DOI and arXiv id, as far as they are stated."""
    stated = (address_of(fields), field(fields, "doi"), field(fields, "arxiv"))
    return [text_ for text_ in stated if text_]
