"""Generate a knowledge base that is like real ones in size, links, dirt and past. The same seed gives the same bytes.

python -m benchmarks.generate FOLDER --files 10000 [--seed 1] [--history]
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

import click

from benchmarks.faults import spoil
from benchmarks.history import write_history
from benchmarks.words import Words

DOMAINS = ("health", "energy", "cities", "oceans", "finance", "language", "machines", "memory")
# From the oldest claims, on which others rest, to the newest.
CONFIDENCES = ("proven", "likely", "likely", "likely", "likely", "experimental", "experimental", "speculative")
AGENTS = ("rio", "mara", "juno", "otto")
DIRTY_SHARE = 0.02
SOURCE_SHARE = 0.4
_FILES_A_DOMAIN = 40
_FURTHER_SHARE = 0.05
_TWIN_SHARE = 0.004
_MOST_IN_A_MAP = 200
_BELIEFS = 3
_POSITIONS = 5
_Value = TypeVar("_Value")


class Plan(NamedTuple):
    """A file to be written: where, by which name and title others know it, and the number of its source or claim."""

    path: str
    title: str
    domain: str
    origin: int = 0

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2][:-3]


class Plans(NamedTuple):
    """Every file of a base before it is written, so that each can refer to any other."""

    claims: list[Plan]
    sources: list[Plan]
    maps: list[Plan]
    agents: list[str]
    positions: list[Plan]
    entities: list[Plan]
    beliefs: dict[str, list[str]]


class Writer(NamedTuple):
    """What every text is made of."""

    chance: random.Random
    words: Words
    plans: Plans


def generate(files: int, seed: int, *, dirty_share: float = DIRTY_SHARE) -> Iterator[tuple[str, str]]:
    """The paths and texts of a base of so many files.

    Claims with prose titles, the sources they draw on, and from twenty files on a topic map for each domain, agents
    with beliefs and positions, and entities. The dirty share of the files has a fault that real bases have, and the
    others are the same whatever that share is.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret, only the same numbers every time
    domains = DOMAINS[: max(1, min(len(DOMAINS), files // _FILES_A_DOMAIN))]
    words = Words(chance, domains)
    writer = Writer(chance, words, _plan(chance, words, files, domains))
    mishap = random.Random(seed)  # noqa: S311
    for path, text in _texts(writer):
        yield path, spoil(mishap, text) if mishap.random() < dirty_share else text


def write_base(folder: Path, files: int, seed: int, *, dirty_share: float = DIRTY_SHARE) -> list[str]:
    """Writes a generated base under a folder; the paths of its files in the order they were written."""
    written, folders = [], set()
    for path, text in generate(files, seed, dirty_share=dirty_share):
        target = folder / path
        if target.parent not in folders:
            target.parent.mkdir(parents=True, exist_ok=True)
            folders.add(target.parent)
        target.write_bytes(text.encode())
        written.append(path)
    return written


def _plan(chance: random.Random, words: Words, files: int, domains: Sequence[str]) -> Plans:
    further = int(files * _FURTHER_SHARE)
    maps = [Plan(f"domains/{domain}/_map.md", domain.capitalize(), domain) for domain in domains[:further]]
    agents = list(AGENTS[: (further - len(maps)) // 2])
    left = further - len(maps) - 2 * len(agents)
    taken: set[str] = set()
    positions = [
        _position_plan(chance, words, taken, agents[number % len(agents)], domains)
        for number in range(min(left, _POSITIONS * len(agents)))
    ]
    entities = [_entity_plan(chance, words, taken, domains) for _ in range(left - len(positions))]
    sources = [_source_plan(chance, words, number, domains) for number in range(int(files * SOURCE_SHARE))]
    claims: list[Plan] = []
    for _ in range(files - further - len(sources)):
        claims.append(_claim_plan(chance, words, taken, domains, claims, len(sources)))
    beliefs = {agent: [words.sentence(domains[0])[:-1] for _ in range(_BELIEFS)] for agent in agents}
    return Plans(claims, sources, maps, agents, positions, entities, beliefs)


def _claim_plan(
    chance: random.Random, words: Words, taken: set[str], domains: Sequence[str], known: list[Plan], sources: int
) -> Plan:
    domain = domains[min(int(chance.expovariate(0.5)), len(domains) - 1)]
    origin = int(sources * chance.random())
    if known and chance.random() < _TWIN_SHARE:
        twin = known[int(len(known) * chance.random())]
        path = f"core/{twin.domain}/{twin.name}.md"
        if path not in taken:
            taken.add(path)
            return Plan(path, twin.title, twin.domain, origin)
    title = _new(lambda: " ".join(words.take(domain, 7 + int(chance.random() * 9))), taken)
    name = title.replace(" ", "-") if chance.random() < 0.3 else title
    return Plan(f"domains/{domain}/{name}.md", title, domain, origin)


def _source_plan(chance: random.Random, words: Words, number: int, domains: Sequence[str]) -> Plan:
    domain = domains[int(chance.random() * len(domains))]
    title = " ".join(words.take(domain, 5 + int(chance.random() * 4))).capitalize()
    day = f"{2018 + int(chance.random() * 8)}-{_month_and_day(chance)}"
    return Plan(f"inbox/archive/{day[:4]}/{day}-{title.lower().replace(' ', '-')}-{number}.md", title, domain)


def _position_plan(chance: random.Random, words: Words, taken: set[str], agent: str, domains: Sequence[str]) -> Plan:
    domain = domains[int(chance.random() * len(domains))]
    title = _new(lambda: " ".join(words.take(domain, 8)), taken)
    return Plan(f"agents/{agent}/positions/{title}.md", title, domain)


def _entity_plan(chance: random.Random, words: Words, taken: set[str], domains: Sequence[str]) -> Plan:
    domain = domains[int(chance.random() * len(domains))]
    title = _new(lambda: words.name(domain, 2), taken)
    return Plan(f"entities/{domain}/{title.lower().replace(' ', '-')}.md", title, domain)


def _new(draw: Callable[[], str], taken: set[str]) -> str:
    """A drawn text that was not drawn before, numbered where chance insists."""
    text = draw()
    while text in taken:
        text = f"{draw()} {len(taken)}"
    taken.add(text)
    return text


def _texts(writer: Writer) -> Iterator[tuple[str, str]]:
    plans = writer.plans
    yields: list[list[Plan]] = [[] for _ in plans.sources]
    members: dict[str, list[Plan]] = {plan.domain: [] for plan in plans.maps}
    for number, plan in enumerate(plans.claims):
        if plans.sources:
            yields[plan.origin].append(plan)
        if len(members.get(plan.domain, ())) < _MOST_IN_A_MAP and plan.domain in members:
            members[plan.domain].append(plan)
        yield plan.path, _claim(writer, plan, number)
    for plan, claims in zip(plans.sources, yields, strict=True):
        yield plan.path, _source(writer, plan, claims)
    for plan in plans.maps:
        yield plan.path, _map(writer, plan, members[plan.domain])
    for agent in plans.agents:
        yield f"agents/{agent}/identity.md", _identity(writer, agent)
        yield f"agents/{agent}/beliefs.md", _beliefs(writer, agent)
    for plan in plans.positions:
        yield plan.path, _position(writer, plan)
    for plan in plans.entities:
        yield plan.path, _entity(writer, plan)


def _claim(writer: Writer, plan: Plan, number: int) -> str:
    chance, words = writer.chance, writer.words
    head = [
        "type: claim",
        f"domain: {plan.domain}",
        *([f'title: "{plan.title}"'] if plan.name != plan.title else []),
        f'description: "{words.sentence(plan.domain)}"',
        f"confidence: {_confidence(writer, number)}",
        f'source: "{_cited(writer, plan)}"',
        f"created: 2026-{_month_and_day(chance)}",
        f"agent: {_one_of(chance, AGENTS)}",
        f"tags: [{', '.join(words.take(plan.domain, 3))}]",
        *_field(writer, "depends_on", number, int(chance.random() * 2.2)),
        *_field(writer, "supports", number, int(chance.random() * 2.2)),
        *_field(writer, "related", number, int(chance.random() * 1.5)),
        *([f'challenged_by: ["{words.sentence(plan.domain)}"]'] if chance.random() < 0.1 else []),
    ]
    body = words.prose(plan.domain, _size(chance, 500))
    body = [f"{text} See [[{_target(writer, number)}]]." if chance.random() < 0.2 else text for text in body]
    body[0] = f"Since [[{_target(writer, number)}]], {body[0][:1].lower()}{body[0][1:]}"
    body[1:1] = _figures(writer, plan.domain)
    notes = [
        f"- [[{_target(writer, number)}]] — {words.sentence(plan.domain)}" for _ in range(2 + int(chance.random() * 3))
    ]
    return _file(
        head,
        f"# {plan.title}",
        *body,
        *_evidence(writer, plan),
        *(["## Challenges", words.paragraph(plan.domain, 40)] if chance.random() < 0.3 else []),
        "---",
        "Relevant Notes:\n" + "\n".join(notes),
        *_topics(writer, plan),
    )


def _source(writer: Writer, plan: Plan, claims: list[Plan]) -> str:
    chance, words = writer.chance, writer.words
    yielded = [f'  - "{claim.name}"' for claim in claims]
    head = [
        "type: source",
        f'title: "{plan.title}"',
        f'author: "{words.name(plan.domain, 2)}"',
        f"url: https://example.org/{plan.name}",
        f"date: {plan.name[:10]}",
        f"domain: {plan.domain}",
        f"format: {_one_of(chance, ('paper', 'article', 'thread', 'report'))}",
        f"status: {'processed' if yielded else 'null-result'}",
        f"processed_by: {_one_of(chance, AGENTS)}",
        f"tags: [{', '.join(words.take(plan.domain, 3))}]",
        *(["claims_extracted:", *yielded] if yielded else []),
    ]
    body = words.prose(plan.domain, _size(chance, 1020))
    body[1:1] = _figures(writer, plan.domain)
    return _file(head, *body)


def _map(writer: Writer, plan: Plan, claims: list[Plan]) -> str:
    bullets = [f"- [[{claim.name}]] — {writer.words.sentence(plan.domain)}" for claim in claims]
    return _file(["type: map", f"domain: {plan.domain}"], f"# {plan.title}", "\n".join(bullets))


def _identity(writer: Writer, agent: str) -> str:
    domain = writer.plans.claims[0].domain
    head = ["type: agent", f"name: {agent.capitalize()}", f'description: "{writer.words.sentence(domain)}"']
    return _file(head, f"# {agent.capitalize()}", *writer.words.prose(domain, 300))


def _beliefs(writer: Writer, agent: str) -> str:
    domain = writer.plans.claims[0].domain
    everything = len(writer.plans.claims)
    sections = []
    for number, belief in enumerate(writer.plans.beliefs[agent]):
        grounding = "\n".join(f"- [[{_target(writer, everything)}]]" for _ in range(3))
        sections += [
            f"### {number + 1}. {belief}",
            writer.words.paragraph(domain, 80),
            f"**Grounding:**\n{grounding}",
            f"**Challenges considered:** {writer.words.sentence(domain)}",
            f"**Depends on positions:** {_position_of(writer, agent, number)}",
            "---",
        ]
    return _file(["type: belief", f"agent: {agent}"], f"# What {agent.capitalize()} believes", *sections[:-1])


def _position_of(writer: Writer, agent: str, number: int) -> str:
    own = [plan for plan in writer.plans.positions if plan.path.startswith(f"agents/{agent}/")]
    return f"[[{own[number % len(own)].name}]]" if own else "none as yet."


def _position(writer: Writer, plan: Plan) -> str:
    agent = plan.path.split("/")[1]
    head = [
        "type: position",
        f"agent: {agent}",
        f"domain: {plan.domain}",
        "status: active",
        f"confidence: {_one_of(writer.chance, CONFIDENCES)}",
        'time_horizon: "2028-12"',
        *_field(writer, "depends_on", len(writer.plans.claims), 2),
        f'  - "{_one_of(writer.chance, writer.plans.beliefs[agent])}"',
        f'performance_criteria: "{writer.words.sentence(plan.domain)}"',
    ]
    return _file(head, f"# {plan.title}", *writer.words.prose(plan.domain, 250))


def _entity(writer: Writer, plan: Plan) -> str:
    head = [
        "type: entity",
        f"entity_type: {_one_of(writer.chance, ('company', 'person', 'protocol'))}",
        f'name: "{plan.title}"',
        f"domain: {plan.domain}",
        "status: active",
        f"tracked_by: {_one_of(writer.chance, AGENTS)}",
        f"website: https://example.org/{plan.name}",
        f'competitors: ["[[{_one_of(writer.chance, writer.plans.entities).name}]]"]',
    ]
    body = writer.words.prose(plan.domain, _size(writer.chance, 200))
    return _file(head, f"# {plan.title}", *body, f"See [[{_target(writer, len(writer.plans.claims))}]].")


def _file(head: list[str], *blocks: str) -> str:
    return "---\n" + "\n".join(head) + "\n---\n\n" + "\n\n".join(blocks) + "\n"


def _field(writer: Writer, key: str, number: int, links: int) -> list[str]:
    if not links:
        return []
    brackets = writer.chance.random() < 0.4
    targets = (_plainly(writer, number) for _ in range(links))
    return [f"{key}:", *(f'  - "[[{target}]]"' if brackets else f'  - "{target}"' for target in targets)]


def _plainly(writer: Writer, number: int) -> str:
    plan = _chosen(writer, number)
    return plan.title if writer.chance.random() < 0.2 else plan.name


def _target(writer: Writer, number: int) -> str:
    """The name of a claim as links spell it: mostly as it is, and now and then as the rules of resolution allow."""
    plan = _chosen(writer, number)
    spelling = writer.chance.random()
    if spelling > 0.13:
        return plan.name
    if spelling > 0.10:
        return f"{plan.name}|{plan.title}"
    if spelling > 0.08:
        return plan.name.capitalize()
    if spelling > 0.06:
        return plan.path[:-3]
    if spelling > 0.04:
        return " ".join(plan.title.split()[:6])
    return plan.title if spelling > 0.02 else f"{plan.name}#Challenges"


def _chosen(writer: Writer, number: int) -> Plan:
    """A claim to link to: mostly an earlier one, and the earlier the likelier, so that some are linked to by many."""
    claims = writer.plans.claims
    reach = len(claims) if number == 0 or writer.chance.random() < 0.05 else number
    return claims[int(reach * writer.chance.random() ** 2)]


def _confidence(writer: Writer, number: int) -> str:
    age = writer.chance.gauss(number / len(writer.plans.claims), 0.15)
    return CONFIDENCES[int(max(0.0, min(age, 0.99)) * len(CONFIDENCES))]


def _cited(writer: Writer, plan: Plan) -> str:
    """What a claim says it was drawn from: the title of an archived source, its address, or a name and a year."""
    form = writer.chance.random()
    year = 1990 + int(writer.chance.random() * 36)
    if writer.plans.sources and form < 0.7:
        source = writer.plans.sources[plan.origin]
        return f"{source.title}, {year}" if form < 0.5 else f"https://example.org/{source.name}"
    return f"{writer.words.name(plan.domain, 2)} et al. ({year})"


def _evidence(writer: Writer, plan: Plan) -> list[str]:
    if not writer.plans.sources or writer.chance.random() > 0.08:
        return []
    source = _one_of(writer.chance, writer.plans.sources)
    kind = _one_of(writer.chance, ("extend", "confirm", "challenge"))
    origin = f"*Source: [[{source.name}]] | Added: 2026-{_month_and_day(writer.chance)}*"
    return [f"### Additional Evidence ({kind})\n{origin}", writer.words.paragraph(plan.domain, 60)]


def _figures(writer: Writer, domain: str) -> list[str]:
    """A list, a table, a quotation or a block of code, in about half of the bodies."""
    form = writer.chance.random()
    if form < 0.2:
        return ["\n".join(f"- {writer.words.sentence(domain)}" for _ in range(4))]
    if form < 0.3:
        rows = (f"| {' | '.join(writer.words.take(domain, 3))} |\n" for _ in range(6))
        return [f"| {' | '.join(writer.words.take(domain, 3))} |\n|---|---|---|\n{''.join(rows)}".rstrip()]
    if form < 0.4:
        return [f"> {writer.words.sentence(domain)}"]
    if form < 0.43:
        return [f"```\n{' '.join(writer.words.take(domain, 12))} [[no link]]\n```"]
    return []


def _topics(writer: Writer, plan: Plan) -> list[str]:
    if all(plan.domain != known.domain for known in writer.plans.maps):
        return []
    return ["Topics:\n- [[_map]]" if plan.path.startswith("domains/") else f"Topics:\n- [[{plan.domain}]]"]


def _size(chance: random.Random, mean: int) -> int:
    """A number of words about a mean: most texts are shorter, and a few several times as long."""
    return max(30, int(mean * chance.lognormvariate(-0.18, 0.6)))


def _month_and_day(chance: random.Random) -> str:
    return f"{1 + int(chance.random() * 12):02}-{1 + int(chance.random() * 28):02}"


def _one_of(chance: random.Random, values: Sequence[_Value]) -> _Value:
    return values[int(len(values) * chance.random())]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--files", default=1000, show_default=True, help="How many files.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same base.")
@click.option("--history", is_flag=True, help="Give the base a past in git.")
def main(folder: Path, files: int, seed: int, history: bool) -> None:
    """Write a generated knowledge base into FOLDER."""
    written = write_base(folder, files, seed)
    click.echo(f"{len(written):,} files")
    if history:
        click.echo(f"{write_history(folder, written, seed):,} commits")


if __name__ == "__main__":
    main()
