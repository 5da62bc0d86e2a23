"""Ask: what programs want to know of a database, as the site's own queries answer it, in answers of bounded length."""

from __future__ import annotations

import contextlib
import dataclasses
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias, TypeVar

from claimbase.answers import (
    AnyListing,
    Argument,
    Cascade,
    Cell,
    Claim,
    Column,
    Domain,
    Evidence,
    Falling,
    Fault,
    Figure,
    Found,
    Hit,
    Hits,
    Objection,
    Objections,
    Overview,
    Queue,
    Relation,
    Schema,
    Sign,
    Source,
    Sources,
    Standing,
    Step,
    Steps,
    ToMend,
)
from claimbase.bound import LONGEST_SECONDS, LONGEST_STATEMENT, bound, open_to_read, within
from claimbase.match import match_query
from claimbase.questions import Question, Questions
from claimbase.slugs import key_of, slugify
from claimbase.suggest import Suggester
from claimbase.texts import statements

# What the site asks too may read the whole of a large base.
LONGEST_QUESTION_SECONDS = 30.0
# An answer has at most so many rows and, but for one row that is longer, so many characters.
MOST_ROWS = 100
USUAL_ROWS = 20
MOST_CHARACTERS = 30_000
# A text in a row, and one part of a claim's body.
LONGEST_TEXT = 2_000
LONGEST_BODY = 12_000
# Of each list of a claim.
_LISTED = 30
_LISTED_CHARACTERS = 6_000
_MOST_DOMAINS = 100
_MOST_SUGGESTIONS = 3
# Shorter words are in too many titles to tell which of them was meant.
_TELLING = 4
# As many as the query of the site's search finds.
_BEST = 50

# What SQLite says, and what whoever wrote the statement may do about it.
_ADVICE = {
    "not authorized": "only what reads this database may be run: one select statement, no attach, no pragma",
    "authorization denied": "only what reads this database may be run: one select statement, no attach, no pragma",
    "one statement at a time": "run them one after the other",
    "no such table": "describe_tables lists the tables and views",
    "no such column": "describe_tables lists the columns of a table",
    "interrupted": "it took too long; look rows up by a key, or fewer of them",
    "user-defined function raised": "a value grew too long; use substr",
    "too big": "a value grew too long; use substr",
    "too many columns": "select fewer columns",
    "query string is too large": f"a statement has at most {LONGEST_STATEMENT} characters",
    "binding": "give a value for each :name in parameters",
}

Values: TypeAlias = "Mapping[str, Cell]"
Record = TypeVar("Record")
AnyRow = TypeVar("AnyRow", Mapping[str, Any], list[Cell])


class NoAnswer(LookupError):
    """There is no answer to that; the message says why, and what to ask instead."""


class Base(NamedTuple):
    """An open database and the questions it can be asked."""

    connection: sqlite3.Connection
    questions: Questions


class _Name(NamedTuple):
    """A claim as `Suggester` knows it."""

    slug: str
    name: str
    title: str
    kind: str = "claim"


@contextlib.contextmanager
def asking(database: Path, questions: Questions, version: int) -> Iterator[Base]:
    """The database as it is now, opened to be read and in one state for as long as the block lasts.

    A database that a new build has put in its place is seen by the next block. Raises `NoAnswer` where there is none,
    or none of this version of the schema.
    """
    if not database.is_file():
        raise NoAnswer(f"{database}: there is no such file; build it and ask again")
    with contextlib.closing(open_to_read(database)) as connection:
        try:
            connection.execute("begin")
            found = connection.execute("pragma user_version").fetchone()[0]
        except sqlite3.DatabaseError as error:
            raise NoAnswer(f"{database}: {error}") from error
        if found != version:
            raise NoAnswer(f"{database}: its schema has version {found} and not {version}; build it again")
        connection.create_function("escape_fts", 1, match_query, deterministic=True)
        bound(connection)
        yield Base(connection, questions)


def search(base: Base, words: str, kind: str, domain: str, confidence: str, offset: int, limit: int) -> Hits:
    """The documents that contain all the words, as the site's search ranks them; an empty filter means any."""
    _check_domain(base, domain)
    given = {"q": words, "kind": kind, "domain": domain, "confidence": confidence}
    hits = _listing(Hits, Hit, _rows(base, base.questions.pages["search/results"], given), offset, limit)
    if not hits.total:
        hint = "Nothing has all of these words: use fewer, end one in * for words that begin so, or drop filters"
        return dataclasses.replace(hits, more=hint)
    if hits.total == _BEST and hits.next_offset is None:
        return dataclasses.replace(hits, more=f"Only the best {_BEST} are listed: add words or filters to see others")
    return hits


def claim(base: Base, name: str, body_from: int = 0) -> Claim:
    """The claim with this id, title or former name, and the part of its body that begins at this character."""
    id_, found_by = find_claim(base, name)
    pages = base.questions.pages
    given = {"id": id_}
    [row] = _rows(base, pages["claims/claim"], given)
    [standing] = _rows(base, pages["claims/standing"], given)
    objections = _rows(base, base.questions.canned["objections"].sql, {"claim": id_})
    lists: dict[str, Any] = {}
    more = []
    for list_, record, rows, others in (
        ("arguments", Argument, _rows(base, pages["claims/bearing"], given), "ask_question arguments_of_claim"),
        ("evidence", Evidence, _rows(base, pages["claims/evidence_list"], given), "sources"),
        ("objections", Objection, objections, "challenges"),
        ("problems", Fault, _rows(base, pages["every_row/faults"], given), "run_sql on the table problems"),
    ):
        shown, whole = _fitting(rows, _LISTED, _LISTED_CHARACTERS)
        lists[list_] = [_record(record, row) for row in shown]
        if not whole:
            more.append(f"… and {len(rows) - len(shown):,} more {list_}: {others}")
    body = row["body"][body_from : body_from + LONGEST_BODY]
    end = body_from + len(body)
    left = len(row["body"]) - end
    if left > 0:
        more.append(f"… and {left:,} more characters of the body: get_claim with body_from={end}")
    return Claim(
        **{name: _short(row[name]) for name in _OF_CLAIM},
        agent=row["agent_name"],
        found_by=found_by,
        standing=_record(Standing, standing),
        **lists,
        more=more,
        body=body,
        body_length=len(row["body"]),
        next_body_from=end if left > 0 else None,
    )


_OF_CLAIM = (
    *("id", "title", "description", "domain", "confidence", "confidence_meaning", "scope", "status", "source"),
    *("created", "last_evaluated", "path"),
)


def support_chain(base: Base, name: str, offset: int, limit: int) -> Steps:
    """What a claim stands on, step by step, down to the sources."""
    id_, _ = find_claim(base, name)
    return _listing(Steps, Step, _canned(base, "support_chain", claim=id_), offset, limit, claim=id_)


def cascade(base: Base, name: str, offset: int, limit: int) -> Cascade:
    """What rests on a claim, belief or position, directly or through others."""
    others = _own(base, "which_belief_or_position_has_this_id", id=name)
    id_ = others[0]["id"] if others else find_claim(base, name)[0]
    return _listing(Cascade, Falling, _canned(base, "cascade", claim=id_), offset, limit, fallen=id_)


def challenges(base: Base, name: str, offset: int, limit: int) -> Objections:
    """What has been said against a claim."""
    id_, _ = find_claim(base, name)
    return _listing(Objections, Objection, _canned(base, "objections", claim=id_), offset, limit, claim=id_)


def sources(base: Base, name: str, offset: int, limit: int) -> Sources:
    """The archived sources that bear on a claim."""
    id_, _ = find_claim(base, name)
    return _listing(Sources, Source, _canned(base, "sources_of_claim", claim=id_), offset, limit, claim=id_)


def what_next(base: Base, domain: str, offset: int, limit: int) -> Queue:
    """What to mend next, of one domain or of all."""
    _check_domain(base, domain)
    return _listing(Queue, ToMend, _canned(base, "what_next", domain=domain), offset, limit)


def overview(base: Base, domain: str) -> Overview:
    """What the base holds and how it fares; the vital signs are those of one domain where one is given."""
    _check_domain(base, domain)
    domains = _canned(base, "confidence_by_domain")
    shown = [row for row in domains if domain in ("", row["id"])][:_MOST_DOMAINS]
    left = 0 if domain else len(domains) - len(shown)
    return Overview(
        title=base.questions.title,
        description=base.questions.description,
        licence=base.questions.licence,
        figures=[_record(Figure, row) for row in _rows(base, base.questions.pages["home/figures"], {})],
        vital_signs=[_record(Sign, row) for row in _canned(base, "health", domain=domain)],
        domains=[_record(Domain, row) for row in shown],
        more=f"… and {left:,} more domains: ask_question confidence_by_domain" if left else None,
    )


def tables(base: Base, name: str) -> Schema:
    """One table or view with its columns, or all of them without."""
    relations = all_tables(base)
    if not name:
        listed = [dataclasses.replace(relation, columns=[]) for relation in relations]
        return Schema(relations=listed, hint="Ask for one of them by its name to see its columns.")
    found = [relation for relation in relations if relation.name == name]
    if not found:
        names = ", ".join(relation.name for relation in relations)
        raise NoAnswer(f"there is no table or view {name[:200]!r}; there are {names}")
    return Schema(relations=found, hint="Ids and dates are text; a column that refers to a table holds its id.")


def all_tables(base: Base) -> list[Relation]:
    """All tables and views with their columns, and what is said of each."""
    said = base.questions.tables
    types = {row["name"]: row["type"] for row in _rows(base, base.questions.pages["data/relations"], {})}
    columns: dict[str, list[Column]] = {name: [] for name in types}
    for row in _rows(base, base.questions.pages["data/columns_of"], {}):
        name, table = row["name"], row["relation"]
        told = said[table].columns[name]
        columns[table].append(Column(name=name, type=row["type"], refers_to=row["refers_to"], description=told))
    return [
        Relation(name=name, type=types[name], description=said[name].description, columns=columns[name])
        for name in types
    ]


def ask_question(base: Base, name: str, given: Mapping[str, str], offset: int, limit: int) -> Found:
    """What one of the canned queries finds; what it may be given and is not is empty, which means any."""
    question = base.questions.canned.get(name)
    if question is None:
        raise NoAnswer(f"there is no question {name!r}; there are {', '.join(base.questions.canned)}")
    _check_parameters(name, question, given)
    _check_domain(base, given.get("domain", ""))
    values = dict.fromkeys(question.parameters, "") | dict(given)
    if values.get("claim") and name != "cascade":
        values["claim"] = find_claim(base, values["claim"])[0]
    with _running(base, question.sql, values) as cursor:
        columns, rows = _columns(cursor), [[_cell(value) for value in row] for row in cursor]
    shown, _ = _fitting(rows[offset:], limit)
    next_offset = _next(len(rows), offset, len(shown))
    more = _more(len(rows), next_offset)
    return Found(columns=columns, rows=shown, total=len(rows), next_offset=next_offset, more=more)


def run_sql(base: Base, sql: str, parameters: Values, limit: int) -> Found:
    """What a select statement finds, which may only read, and not for long."""
    with _running(base, sql, parameters, LONGEST_SECONDS) as cursor:
        columns = _columns(cursor)
        shown, whole = _fitting(([_cell(value) for value in row] for row in cursor), limit)
    if not columns:
        raise NoAnswer("this is no statement that finds rows; write one select statement")
    hint = "… and more: narrow it down, or add order by, limit and offset to the statement"
    total = len(shown) if whole else None
    return Found(columns=columns, rows=shown, total=total, next_offset=None, more=None if whole else hint)


def find_claim(base: Base, name: str) -> tuple[str, str]:
    """The id of the claim that is meant, and by which kind of name it was found: its id, title or a former name.

    Raises `NoAnswer` with the nearest ids where there is none, or with all that fit where there are several.
    """
    label = name[:LONGEST_TEXT].strip().removeprefix("claim://").strip("[]")
    slug = slugify(label)
    for id_ in dict.fromkeys((name, slug)):
        if _own(base, "which_claim_has_this_id", id=id_):
            return id_, "id"
    titled = _own(base, "which_titles_hold_these_words", name=label)
    same = [row["id"] for row in titled if key_of(row["title"]) == key_of(label)]
    if len(same) == 1:
        return same[0], "title"
    if same:
        raise NoAnswer(f"{len(same)} claims are called {label!r}; ask for one of them by its id: {', '.join(same)}")
    former = _rows(base, base.questions.former, {"id": slug, "kind": "claim"})
    if former and former[0]["document"] and _own(base, "which_claim_has_this_id", id=former[0]["document"]):
        return former[0]["document"], "former name"
    gone = f"; it was deleted on {former[0]['date']} by commit {former[0]['by_commit']}" if former else ""
    near = _nearest(base, label)
    instead = f"; did you mean {', '.join(near)}?" if near else "; search for words of it"
    raise NoAnswer(f"there is no claim {label[:200]!r}{gone}{instead}")


def _nearest(base: Base, label: str) -> list[str]:
    """The ids of the claims whose names are most like this one, the most alike first."""
    words = " OR ".join(f'"{word}"*' for word in dict.fromkeys(slugify(label).split("-")) if len(word) >= _TELLING)
    found = _own(base, "which_titles_share_a_word", words=words) if words else []
    names = [_Name(row["id"], row["id"], row["title"]) for row in found]
    ids = {known: name.name for name in names for known in (name.title, name.name)}
    alike = Suggester(names).suggest(label)
    nearest = [ids[alike]] if alike else []
    return list(dict.fromkeys([*nearest, *(name.name for name in names)]))[:_MOST_SUGGESTIONS]


def _check_domain(base: Base, domain: str) -> None:
    if domain:
        ids = [row["id"] for row in _own(base, "which_domains_are_there")]
        if domain not in ids:
            shown = ", ".join(ids[:_MOST_DOMAINS])
            raise NoAnswer(f"there is no domain {domain[:200]!r}; there are {shown or 'none'}")


def _check_parameters(name: str, question: Question, given: Mapping[str, str]) -> None:
    unknown = sorted(set(given) - set(question.parameters))
    if unknown:
        takes = ", ".join(question.parameters) or "nothing"
        raise NoAnswer(f"{name} takes {takes}, and not {', '.join(unknown)[:200]}")


def _canned(base: Base, name: str, **given: str) -> list[dict[str, Any]]:
    return _rows(base, base.questions.canned[name].sql, given)


def _own(base: Base, question: str, **given: str) -> list[dict[str, Any]]:
    [sql] = statements(f"asking/{question}.sql")
    return _rows(base, sql, given)


def _rows(base: Base, sql: str, given: Values) -> list[dict[str, Any]]:
    with _running(base, sql, given) as cursor:
        names = _columns(cursor)
        return [dict(zip(names, row, strict=True)) for row in cursor]


@contextlib.contextmanager
def _running(
    base: Base, sql: str, given: Values, seconds: float = LONGEST_QUESTION_SECONDS
) -> Iterator[sqlite3.Cursor]:
    """A statement as it is read. That it cannot run, or not to its end, is `NoAnswer` with what helps."""
    try:
        with within(base.connection, seconds), contextlib.closing(base.connection.execute(sql, dict(given))) as cursor:
            yield cursor
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError, MemoryError) as error:
        told = str(error) or "out of memory"
        advice = next((f"; {advice}" for sign, advice in _ADVICE.items() if sign in told), "")
        raise NoAnswer(f"{told}{advice}") from error


def _columns(cursor: sqlite3.Cursor) -> list[str]:
    return [str(column[0]) for column in cursor.description or ()]


def _listing(
    kind: type[AnyListing],
    record: type[Any],
    rows: Sequence[Mapping[str, Any]],
    offset: int,
    limit: int,
    **facts: str,
) -> AnyListing:
    shown, _ = _fitting(rows[offset:], limit)
    records = [_record(record, row) for row in shown]
    next_offset = _next(len(rows), offset, len(shown))
    more = _more(len(rows), next_offset)
    return kind(rows=records, total=len(rows), next_offset=next_offset, more=more, **facts)


def _fitting(rows: Iterable[AnyRow], limit: int, characters: int = MOST_CHARACTERS) -> tuple[list[AnyRow], bool]:
    """As many of the first rows as fit into an answer, one at least however long it is; and whether these are all."""
    shown: list[AnyRow] = []
    for row in rows:
        values = row.values() if isinstance(row, Mapping) else row
        characters -= sum(len(str(_short(value))) for value in values)
        if len(shown) >= limit or (shown and characters < 0):
            return shown, False
        shown.append(row)
    return shown, True


def _next(total: int, offset: int, shown: int) -> int | None:
    return offset + shown if offset + shown < total else None


def _more(total: int, next_offset: int | None) -> str | None:
    return None if next_offset is None else f"… and {total - next_offset:,} more: ask again with offset={next_offset}"


def _record(record: type[Record], row: Mapping[str, Any]) -> Record:
    """The columns of a row that the record has, each by its name."""
    return record(**{field.name: _short(row[field.name]) for field in dataclasses.fields(record)})  # type: ignore[arg-type]


def _short(value: Any) -> Any:
    """A value as it is shown in a row: text that is too long ends with how much more there is."""
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return f"{value[:LONGEST_TEXT]} … and {len(value) - LONGEST_TEXT:,} more characters"
    return value


def _cell(value: Any) -> Cell:
    shown: Cell = _short(f"{len(value):,} bytes" if isinstance(value, bytes) else value)
    return shown
