"""Ask: what programs want to know of a database, as the site's own queries answer it, in answers of bounded length."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from claimbase.answers import (
    AnyListing,
    Argument,
    Cascade,
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
from claimbase.base import Base, NoAnswer, Values, ask_canned, columns_of, look_up, rows_of, running
from claimbase.bound import LONGEST_SECONDS
from claimbase.find_claim import find_claim
from claimbase.portion import LONGEST_BODY, cell, fitting, rest, short
from claimbase.questions import Question

# Of each list of a claim.
_LISTED = 30
_LISTED_CHARACTERS = 6_000
_MOST_DOMAINS = 100
_OF_CLAIM = (
    *("id", "title", "description", "domain", "confidence", "confidence_meaning", "scope", "status", "source"),
    *("created", "last_evaluated", "path"),
)
# As many as the query of the site's search finds.
_BEST = 50

Record = TypeVar("Record")


def search(base: Base, words: str, kind: str, domain: str, confidence: str, offset: int, limit: int) -> Hits:
    """The documents that contain all the words, as the site's search ranks them; an empty filter means any."""
    _check_domain(base, domain)
    asked = {"q": words, "kind": kind, "domain": domain, "confidence": confidence}
    given: Values = {**asked, "page": 1, "size": _BEST}
    hits = _listing(Hits, Hit, rows_of(base, base.questions.pages["search/results"], given), offset, limit)
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
    [row] = rows_of(base, pages["claims/claim"], given)
    [standing] = rows_of(base, pages["claims/standing"], given)
    objections = rows_of(base, base.questions.canned["objections"].sql, {"claim": id_})
    lists: dict[str, Any] = {}
    more = []
    for list_, record, found, others in (
        ("arguments", Argument, rows_of(base, pages["claims/bearing"], given), "ask_question arguments_of_claim"),
        ("evidence", Evidence, rows_of(base, pages["claims/evidence_list"], given), "sources"),
        ("objections", Objection, objections, "challenges"),
        ("problems", Fault, rows_of(base, pages["every_row/faults"], given), "run_sql on the table problems"),
    ):
        shown, whole = fitting(found, _LISTED, _LISTED_CHARACTERS)
        lists[list_] = [_record(record, row) for row in shown]
        if not whole:
            more.append(f"… and {len(found) - len(shown):,} more {list_}: {others}")
    body = row["body"][body_from : body_from + LONGEST_BODY]
    end = body_from + len(body)
    left = len(row["body"]) - end
    if left > 0:
        more.append(f"… and {left:,} more characters of the body: get_claim with body_from={end}")
    return Claim(
        **{name: short(row[name]) for name in _OF_CLAIM},
        agent=row["agent_name"],
        found_by=found_by,
        standing=_record(Standing, standing),
        **lists,
        more=more,
        body=body,
        body_length=len(row["body"]),
        next_body_from=end if left > 0 else None,
    )


def support_chain(base: Base, name: str, offset: int, limit: int) -> Steps:
    """What a claim stands on, step by step, down to the sources."""
    id_, _ = find_claim(base, name)
    return _listing(Steps, Step, ask_canned(base, "support_chain", claim=id_), offset, limit, claim=id_)


def cascade(base: Base, name: str, offset: int, limit: int) -> Cascade:
    """What rests on a claim, belief or position, directly or through others."""
    others = look_up(base, "which_belief_or_position_has_this_id", id=name)
    id_ = others[0]["id"] if others else find_claim(base, name)[0]
    return _listing(Cascade, Falling, ask_canned(base, "cascade", claim=id_), offset, limit, fallen=id_)


def challenges(base: Base, name: str, offset: int, limit: int) -> Objections:
    """What has been said against a claim."""
    id_, _ = find_claim(base, name)
    return _listing(Objections, Objection, ask_canned(base, "objections", claim=id_), offset, limit, claim=id_)


def sources(base: Base, name: str, offset: int, limit: int) -> Sources:
    """The archived sources that bear on a claim."""
    id_, _ = find_claim(base, name)
    return _listing(Sources, Source, ask_canned(base, "sources_of_claim", claim=id_), offset, limit, claim=id_)


def what_next(base: Base, domain: str, offset: int, limit: int) -> Queue:
    """What to mend next, of one domain or of all."""
    _check_domain(base, domain)
    return _listing(Queue, ToMend, ask_canned(base, "what_next", domain=domain), offset, limit)


def overview(base: Base, domain: str) -> Overview:
    """What the base holds and how it fares; the vital signs are those of one domain where one is given."""
    _check_domain(base, domain)
    domains = ask_canned(base, "confidence_by_domain")
    shown = [row for row in domains if domain in ("", row["id"])][:_MOST_DOMAINS]
    left = 0 if domain else len(domains) - len(shown)
    return Overview(
        title=base.questions.title,
        description=base.questions.description,
        licence=base.questions.licence,
        figures=[_record(Figure, row) for row in rows_of(base, base.questions.pages["home/figures"], {})],
        vital_signs=[_record(Sign, row) for row in ask_canned(base, "health", domain=domain)],
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
    types = {row["name"]: row["type"] for row in rows_of(base, base.questions.pages["data/relations"], {})}
    columns: dict[str, list[Column]] = {name: [] for name in types}
    for row in rows_of(base, base.questions.pages["data/columns_of"], {}):
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
        raise NoAnswer(f"there is no question {name[:200]!r}; there are {', '.join(base.questions.canned)}")
    _check_parameters(name, question, given)
    _check_domain(base, given.get("domain", ""))
    values = dict.fromkeys(question.parameters, "") | dict(given)
    if values.get("claim") and name != "cascade":
        values["claim"] = find_claim(base, values["claim"])[0]
    with running(base, question.sql, values) as cursor:
        columns, rows = columns_of(cursor), [[cell(value) for value in row] for row in cursor]
    shown, _ = fitting(rows[offset:], limit)
    next_offset, more = rest(len(rows), offset, len(shown))
    return Found(columns=columns, rows=shown, total=len(rows), next_offset=next_offset, more=more)


def run_sql(base: Base, sql: str, parameters: Values, limit: int) -> Found:
    """What a select statement finds, which may only read, and not for long."""
    with running(base, sql, parameters, LONGEST_SECONDS) as cursor:
        columns = columns_of(cursor)
        shown, whole = fitting(([cell(value) for value in row] for row in cursor), limit)
    if not columns:
        raise NoAnswer("this is no statement that finds rows; write one select statement")
    hint = "… and more: narrow it down, or add order by, limit and offset to the statement"
    total = len(shown) if whole else None
    return Found(columns=columns, rows=shown, total=total, next_offset=None, more=None if whole else hint)


def _check_domain(base: Base, domain: str) -> None:
    if domain:
        ids = [row["id"] for row in look_up(base, "which_domains_are_there")]
        if domain not in ids:
            shown = ", ".join(ids[:_MOST_DOMAINS])
            raise NoAnswer(f"there is no domain {domain[:200]!r}; there are {shown or 'none'}")


def _check_parameters(name: str, question: Question, given: Mapping[str, str]) -> None:
    unknown = sorted(set(given) - set(question.parameters))
    if unknown:
        takes = ", ".join(question.parameters) or "nothing"
        raise NoAnswer(f"{name} takes {takes}, and not {', '.join(unknown)[:200]}")


def _listing(
    kind: type[AnyListing],
    record: type[Any],
    rows: Sequence[Mapping[str, Any]],
    offset: int,
    limit: int,
    **facts: str,
) -> AnyListing:
    shown, _ = fitting(rows[offset:], limit)
    records = [_record(record, row) for row in shown]
    next_offset, more = rest(len(rows), offset, len(shown))
    return kind(rows=records, total=len(rows), next_offset=next_offset, more=more, **facts)


def _record(record: type[Record], row: Mapping[str, Any]) -> Record:
    """The columns of a row that the record has, each by its name."""
    return record(**{field.name: short(row[field.name]) for field in dataclasses.fields(record)})  # type: ignore[arg-type]
