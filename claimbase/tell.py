"""Tell: what was asked of a database, as Markdown in which the texts of the base stand as quotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from claimbase.answers import Argument, Claim, Evidence, Objection, Relation


def tell_claim(claim: Claim) -> Iterator[str]:
    """A claim as lines of Markdown.

    Each line of its body begins with `>`, so that no text of the base can pass for what is said about it here.
    """
    yield f"# {_line(claim.title)}"
    yield f"\n{claim.notice}\n"
    facts = {
        "id": claim.id,
        "confidence": f"{claim.confidence} ({claim.confidence_meaning})" if claim.confidence else "not stated",
        "domain": claim.domain,
        "agent": claim.agent,
        "created": claim.created,
        "status": claim.status,
        "source": claim.source,
        "file": claim.path,
    }
    yield from (f"- {name}: {_line(value)}" for name, value in facts.items() if value)
    yield from _list("Arguments", (_argument(argument) for argument in claim.arguments))
    yield from _list("Evidence", (_evidence(evidence) for evidence in claim.evidence))
    yield from _list("Objections", (_objection(objection) for objection in claim.objections))
    yield from _list("Problems", (f"{problem.code}: {_line(problem.message)}" for problem in claim.problems))
    yield "\n## Body\n"
    yield from (f"> {line}" for line in claim.body.splitlines())
    yield from ("", *claim.more) if claim.more else ()


def tell_tables(relations: Iterable[Relation]) -> Iterator[str]:
    """Tables and views with their columns as lines of Markdown."""
    for relation in relations:
        yield f"\n## {relation.name} ({relation.type})\n\n{relation.description}\n"
        for column in relation.columns:
            key = f", the key of `{column.refers_to}`" if column.refers_to else ""
            yield f"- `{column.name}` {column.type}{key}: {column.description}"


def _list(heading: str, items: Iterable[str]) -> Iterator[str]:
    lines = [f"- {item}" for item in items]
    if lines:
        yield f"\n## {heading}\n"
        yield from lines


def _argument(argument: Argument) -> str:
    because = f": {_line(argument.reason)}" if argument.reason else ""
    return f"{argument.stance} {_line(argument.other_title)} (claim://{argument.other}){because}"


def _evidence(evidence: Evidence) -> str:
    return f"{evidence.kind}: {_line(evidence.title or evidence.note or 'a source that is not in the base')}"


def _objection(objection: Objection) -> str:
    return ": ".join(_line(part) for part in (objection.challenger_title, objection.words) if part)


def _line(text: str) -> str:
    """A text on one line, so that nothing in it begins a heading, a list or a quotation."""
    return " ".join(text.split())
