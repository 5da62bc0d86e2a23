"""Find the claim that is meant by an id, a title or a name that it once had."""

from __future__ import annotations

from typing import NamedTuple

from claimbase.base import Base, NoAnswer, look_up, rows_of
from claimbase.portion import LONGEST_TEXT
from claimbase.slugs import key_of, slugify
from claimbase.suggest import Suggester

_MOST_SUGGESTIONS = 3
# Shorter words are in too many titles to tell which of them was meant.
_TELLING = 4


class _Name(NamedTuple):
    """A claim as `Suggester` knows it."""

    slug: str
    name: str
    title: str
    kind: str = "claim"


def find_claim(base: Base, name: str) -> tuple[str, str]:
    """The id of the claim that is meant, and by which kind of name it was found: its id, title or a former name.

    Raises `NoAnswer` with the nearest ids where there is none, or with all that fit where there are several.
    """
    label = name[:LONGEST_TEXT].strip().removeprefix("claim://").strip("[]")
    slug = slugify(label)
    for id_ in dict.fromkeys((name, slug)):
        if look_up(base, "which_claim_has_this_id", id=id_):
            return id_, "id"
    titled = look_up(base, "which_titles_hold_these_words", name=label)
    same = [row["id"] for row in titled if key_of(row["title"]) == key_of(label)]
    if len(same) == 1:
        return same[0], "title"
    if same:
        raise NoAnswer(f"{len(same)} claims are called {label!r}; ask for one of them by its id: {', '.join(same)}")
    former = rows_of(base, base.questions.former, {"id": slug, "kind": "claim"})
    if former and former[0]["document"] and look_up(base, "which_claim_has_this_id", id=former[0]["document"]):
        return former[0]["document"], "former name"
    gone = f"; it was deleted on {former[0]['date']} by commit {former[0]['by_commit']}" if former else ""
    near = _nearest(base, label)
    instead = f"; did you mean {', '.join(near)}?" if near else "; search for words of it"
    raise NoAnswer(f"there is no claim {label[:200]!r}{gone}{instead}")


def _nearest(base: Base, label: str) -> list[str]:
    """The ids of the claims whose names are most like this one, the most alike first."""
    words = " OR ".join(f'"{word}"*' for word in dict.fromkeys(slugify(label).split("-")) if len(word) >= _TELLING)
    found = look_up(base, "which_titles_share_a_word", words=words) if words else []
    names = [_Name(row["id"], row["id"], row["title"]) for row in found]
    ids = {known: name.name for name in names for known in (name.title, name.name)}
    alike = Suggester(names).suggest(label)
    nearest = [ids[alike]] if alike else []
    return list(dict.fromkeys([*nearest, *(name.name for name in names)]))[:_MOST_SUGGESTIONS]
